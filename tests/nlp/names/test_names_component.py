"""The shipped model in the pipeline: which texts it reads, what it leaves alone, and that nothing can break it."""

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nlp
from jerat.errors import DataError, Rejected
from jerat.model import CONTACT_KINDS, Analysis
from nlp.analyser import Analyser
from nlp.context import Context
from nlp.names import component
from nlp.names.component import LONGEST, MODEL, MOST, Names, digest, load_model, pieces
from nlp.names.train import LARGEST

NEWS = "Presiden Joko Widodo bertemu Menteri Retno Marsudi di Kota Bandung ."
LURE = (
    "LOKER KAMBOJA! Dicari admin CS judi online di Poipet, gaji $900-1200, tiket dan paspor ditanggung, mess gratis, "
    "tanpa pengalaman. Saya Rina Marlina dari PT Karya Insan Mandiri. Hubungi Telegram @contoh_hrd atau WA 081255500123"
)
NAMES = ("person", "organisation")
GOLD = Path(__file__).parents[2] / "gold" / "risk_dev.jsonl"


@pytest.fixture(scope="module")
def always() -> Analyser:
    return nlp.load(names="always")


def names(analysis: Analysis) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in analysis.entities if one.kind in NAMES]


def test_always_reads_all_texts(always: Analyser) -> None:
    found = always.analyse(NEWS)
    assert ("person", "Joko Widodo") in names(found)
    (place,) = [one for one in found.entities if one.kind == "location"]
    assert place.value == "Bandung, ID"
    assert place.lat is not None


@pytest.mark.parametrize("mode", ["auto", "never"])
def test_no_model_is_loaded_for_what_it_does_not_read(mode: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(path: Path) -> None:
        raise AssertionError(path)

    monkeypatch.setattr(component, "load_model", forbidden)
    analyser = Analyser(names=mode)
    assert analyser.analyse(NEWS).risk.level == "none"
    assert names(analyser.analyse(NEWS)) == []
    if mode == "never":
        assert not [one for one in analyser.analyse(LURE).entities if one.kind == "person"]
        assert analyser.versions["names"] == "never"


def test_auto_reads_texts_of_some_risk() -> None:
    analyser = nlp.load()
    found = analyser.analyse(LURE)
    assert found.risk.level != "none"
    assert ("person", "Rina Marlina") in names(found)
    assert found.versions["names"] == f"auto {digest()}"
    plain = nlp.load(names="never").analyse(LURE)
    assert set(plain.entities) < set(found.entities)  # employers with a legal form are found by rule
    assert found.risk == plain.risk


def test_auto_leaves_languages_alone_that_the_model_has_not_learnt() -> None:
    context = Context.of("x")
    context.risk = nlp.load().analyse(LURE).risk
    reads = Names("auto")
    for language, read in (("id", True), ("th", True), ("vi", False), ("ko", False), ("und", False)):
        context.language = language
        assert reads.wants(context) == read
        assert Names("always").wants(context)
    context.language = "id"
    context.failure = Rejected("nlp.url", "broken")
    assert not reads.wants(context)
    assert not Names("always").wants(context)


def test_names_change_no_contact_pay_age_or_risk(always: Analyser) -> None:
    posts = [json.loads(line)["text"] for line in GOLD.read_text("utf-8").splitlines()]
    never = nlp.load(names="never")
    kept = (*CONTACT_KINDS, "salary", "age")
    for text in posts:
        before, after = never.analyse(text), always.analyse(text)
        assert [one for one in after.entities if one.kind in kept] == [
            one for one in before.entities if one.kind in kept
        ]
        assert after.risk == before.risk
        hubs = [one.value for one in before.entities if one.role in ("hub", "transit")]
        assert [one.value for one in after.entities if one.role in ("hub", "transit")] == hubs


def test_in_lures_every_place_of_the_gazetteer_stays() -> None:
    posts = [json.loads(line)["text"] for line in GOLD.read_text("utf-8").splitlines()]
    auto, never = nlp.load(), nlp.load(names="never")
    for text in posts:
        before, after = never.analyse(text), auto.analyse(text)
        assert set(before.entities) <= set(after.entities)


_PARTS = (
    "Joko Widodo",
    "PT Maju",
    "Kota Bandung",
    "บริษัท",
    "นายสมชาย",
    "王强",
    "在昆明",
    "한국",
    "\n",
    "🔥",
    "(",
    ")",
    "@x",
)
_WORDS = st.sampled_from((*_PARTS, "\u200b", "\ud800", "Ａｎｉ"))


@given(st.lists(st.one_of(_WORDS, st.text(max_size=6)), max_size=12).map(" ".join))
def test_every_finding_slices_the_text(text: str) -> None:
    for one in nlp.load(names="always").analyse(text).entities:
        assert text[one.start : one.end] == one.text != ""
        assert 0 <= one.confidence <= 1


@given(st.text(max_size=80))
def test_pieces_hold_every_word_once_in_order(text: str) -> None:
    context = Context.of(text)
    at = 0
    for piece in pieces(context):
        for token in piece.tokens:
            assert token.start >= at
            assert context.text[token.start : token.end] == token.text
            at = token.end


def test_a_long_text_is_read_in_pieces_of_one_size(always: Analyser) -> None:
    text = "Rina Marlina dari PT Maju Jaya " * 3300
    cut = list(pieces(Context.of(text)))
    assert sum(len(piece.tokens) for piece in cut) == 6 * 3300
    assert max(len(piece.tokens) for piece in cut) == LONGEST
    assert len(text) > 100_000
    found = [one for one in always.analyse(text).entities if one.kind in NAMES]
    assert len(found) > 3300


def test_of_a_text_without_end_only_the_beginning_is_read() -> None:
    for text in ("王" * 300_000, "a.b " * 100_000, "a." * 200_000, "Rina\n" * 100_000, "x" * 1_000_000):
        cut = list(pieces(Context.of(text)))
        assert 1 <= sum(len(piece.tokens) for piece in cut) <= MOST


def test_words_with_an_emoji_between_are_no_name(always: Analyser) -> None:
    for one in always.analyse("🔥 Joko 🔥 Widodo 🔥 bertemu Retno 🔥 Marsudi").entities:
        assert "🔥" not in one.text


def test_scripts_that_the_model_has_not_learnt_give_no_names(always: Analyser) -> None:
    for text in ("김철수가 서울에서 삼성전자와 만났다", "Иван Петров работает в Газпроме", "রহিম উদ্দিন ঢাকায় গেছেন"):
        assert names(always.analyse(text)) == []


def test_half_a_bracket_is_no_part_of_a_name(always: Analyser) -> None:
    for _, surface in names(
        always.analyse("Presiden terpilih Joko Widodo (Jokowi) bertemu Retno Marsudi (53) di Jakarta")
    ):
        assert surface.count("(") == surface.count(")")


def test_one_text_that_fails_is_alone_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from nlp.names.tokens import doc_of as real

    def doc_of(vocab: Any, found: Any, places: Any) -> Any:
        if any(token.text == "Batu" for token in found):
            raise ValueError("no such token")
        return real(vocab, found, places)

    monkeypatch.setattr(component, "doc_of", doc_of)
    analyser = Analyser(names="always")
    failed: list[tuple[str, str]] = []
    inputs = [nlp.Input(id=str(at), text=text) for at, text in enumerate((NEWS, "Kota Batu", NEWS))]
    done = list(analyser.pipe(inputs, failed=lambda given, why: failed.append((given.id, str(why)))))
    assert [one.id for one in done] == ["0", "2"]
    assert names(done[0]) == names(done[1]) != []
    assert [id for id, _ in failed] == ["1"]
    assert "nlp.names" in failed[0][1]


def test_a_model_that_is_not_there_is_told(tmp_path: Path) -> None:
    analyser = Analyser(names="always", model=tmp_path / "none")
    with pytest.raises(DataError) as caught:
        analyser.analyse(NEWS)
    assert "train-ner" in caught.value.hint
    assert Analyser(names="never", model=tmp_path / "none").analyse(NEWS).risk.level == "none"


def test_the_model_is_small_and_whole() -> None:
    files = [path for path in MODEL.rglob("*") if path.is_file()]
    assert 1_000_000 < sum(path.stat().st_size for path in files) <= LARGEST
    assert {path.name for path in files} == {"meta.json", "config.cfg", "cfg", "model", "moves"}
    assert digest() == load_model().meta["version"] != ""


def test_no_pickle_is_read_to_load_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import _pickle

    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("a pickle")

    for module in (pickle, _pickle):
        for name in ("load", "loads", "Unpickler"):
            monkeypatch.setattr(module, name, forbidden)
    assert load_model().pipe_names == ["tok2vec", "ner"]
