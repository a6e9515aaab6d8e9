"""The wording: runs of characters as rows, the table, the piece that is shown, and learning."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nlp
from jerat.errors import DataError
from nlp.context import Context
from nlp.indicators import load_lexicon
from nlp.risk import load_weights
from nlp.wording import HEADS, grams, in_force, load_wording, using
from nlp.wording.grams import BITS, MOST, ORDERS
from nlp.wording.learn import Labelled, train

SEA = ["the ferry leaves at noon", "a ferry with blue sails", "sails and ferries at the harbour"]
HILL = ["goats climb the hill", "the hill has a path for goats", "a goat upon the path"]
POSTS = [Labelled(text, True, "offer") for text in SEA] + [Labelled(text, False, "warning") for text in HILL]


def test_rows_are_those_of_all_runs_in_order() -> None:
    rows = grams("kerja")
    assert len(rows) == sum(len("kerja") - order + 1 for order in ORDERS)
    assert rows.max() < 1 << BITS
    again = grams("xkerja")
    at = later = 0
    for order in ORDERS:
        count = 5 - order + 1
        assert rows[at : at + count].tolist() == again[later + 1 : later + 1 + count].tolist()
        at, later = at + count, later + count + 1


def test_numbers_are_all_alike_and_so_are_breaks() -> None:
    assert grams("gaji 1200").tolist() == grams("gaji 9876").tolist()
    assert grams("a\nb\tc").tolist() == grams("a b c").tolist()
    assert grams("gaji").tolist() != grams("gajo").tolist()


def test_what_is_too_short_has_no_rows_and_what_is_too_long_is_cut() -> None:
    assert len(grams("")) == len(grams("a")) == 0
    assert grams("ab" * MOST).tolist() == grams("ab" * (MOST // 2)).tolist()


@given(st.text(st.characters(), max_size=300))
def test_any_text_is_read_and_its_piece_lies_in_it(text: str) -> None:
    wording = in_force()
    worded = wording.read(text)
    assert all(np.isfinite(value) for value in worded.logits.values())
    for sign in (1, -1):
        piece = wording.piece(text, worded, sign)
        assert piece is None or 0 <= piece[0] < piece[1] <= len(text)


def test_it_learns_what_tells_posts_apart_and_says_where() -> None:
    wording = train(POSTS, "a test")
    sea, hill = wording.read("blue ferries leave the harbour"), wording.read("two goats on a hill")
    assert sea.logits["lure"] > 0 > hill.logits["lure"]
    assert sea.logits["warning"] < 0 < hill.logits["warning"]
    text = "on the hill, goats and goats; then ferries with sails, noon"
    found = wording.piece(text, wording.read(text))
    assert found is not None
    assert "ferries" in text[slice(*found)] or "sails" in text[slice(*found)]
    against = wording.piece(text, wording.read(text), -1)
    assert against is not None
    assert "goats" in text[slice(*against)]


def test_the_same_posts_give_the_same_table(tmp_path: Path) -> None:
    first, second = train(POSTS, "a"), train(POSTS, "b")
    assert (first.weights == second.weights).all()
    first.save(tmp_path / "table.npz")
    read = load_wording(tmp_path / "table.npz")
    assert read.read(SEA[0]).logits == first.read(SEA[0]).logits
    assert read.about["posts"] == "6"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"\x93NUMPY\x01\x00"])
def test_a_broken_table_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken.npz").write_bytes(content)
    with pytest.raises(DataError, match=r"broken\.npz"):
        load_wording(tmp_path / "broken.npz")


def test_a_table_of_another_form_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "small.npz"
    np.savez(path, weights=np.zeros((4, 2), dtype=np.int8), scale=np.ones(2), bias=np.zeros(2), about=np.array("{}"))
    with pytest.raises(DataError, match="another form"):
        load_wording(path)


def test_another_table_is_used_within_and_not_after() -> None:
    shipped = in_force()
    with using(train(POSTS, "a")) as _:
        assert in_force() is not shipped
    assert in_force() is shipped


def test_the_steps_share_out_the_line_and_rise() -> None:
    lexicon, weights = load_lexicon(), load_weights()
    steps = sorted(
        (float(str(entry.parameters["least"])), float(str(entry.parameters["most"])), name)
        for name, entry in lexicon.indicators.items()
        if entry.rule == "worded_like"
    )
    for (_, end, _), (start, _, _) in pairwise(steps):
        assert end <= start
    said = [
        weights.honesty[name] * entry.strength
        if (entry := lexicon.indicators[name]).family == "honesty"
        else weights.families["wording"] * entry.strength
        for _, _, name in steps
    ]
    assert said == sorted(said)
    assert said[0] < 0 < said[-1]


def test_the_reason_shows_the_piece() -> None:
    text = "Masih nganggur? Kantor kami di luar negeri butuh orang, mess dan makan ditanggung, tiket kami yang urus"
    (reason,) = (
        one for one in nlp.load(names="never").analyse(text).risk.reasons if one.indicator.startswith("worded-")
    )
    assert text[reason.start : reason.end] == reason.text
    assert len(reason.text) >= 4


def test_every_kind_has_a_head() -> None:
    assert set(HEADS) == {"lure", "offer", "warning", "victim", "seeker", "question", "other"}
    assert Context.of("").lower == ""
