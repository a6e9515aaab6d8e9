"""Decisions from the command line, what the case says of a post, and weights that learn from it."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from jerat.cli.commands.train import FEWEST, FEWEST_EACH

Run = Callable[..., subprocess.CompletedProcess[str]]


def parsed(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_review_is_shown_searched_exported_and_listed(filled: Run) -> None:
    done = filled("review", "lure-1", "lure", "--note", "nomor sama", "--by", "R. S.")
    assert (done.returncode, "review: lure" in done.stdout) == (0, True)
    shown = filled("show", "lure-1").stdout
    assert "lure  R. S.  nomor sama" in shown
    assert parsed(filled("search", "review:lure", "--json"))["hits"][0]["id"] == "lure-1"
    assert parsed(filled("search", "review:none", "--json"))["total"] == 3
    assert parsed(filled("search", "*", "--json"))["facets"]["review"][0] == {"value": "none", "count": 3}
    exported = filled("export", "posts", "review:lure", "--format", "csv").stdout.splitlines()
    assert exported[0].split(",").index("review") > 0
    assert ",lure,no," in exported[1]
    (row,) = parsed(filled("review", "--list", "--json"))["reviews"]
    assert (row["post_id"], row["decision"], row["in_force"]) == ("lure-1", "lure", True)


def test_a_later_decision_counts_and_the_former_stays_in_the_list(filled: Run) -> None:
    filled("review", "lure-2", "lure", "--by", "A")
    assert "before: lure" in filled("review", "lure-2", "not", "--by", "B").stdout
    rows = parsed(filled("review", "--list", "--json"))["reviews"]
    assert [(row["decision"], row["in_force"]) for row in rows] == [("lure", False), ("not", True)]
    assert parsed(filled("search", "review:lure", "--json"))["total"] == 0
    told = parsed(filled("show", "lure-2", "--json"))
    assert (told["review"], [one["by"] for one in told["reviews"]]) == ("not", ["A", "B"])
    filled("review", "lure-2", "none")
    assert parsed(filled("search", "review:none", "--json"))["total"] == 4
    assert "2026" in filled("review", "--list").stdout or "20" in filled("review", "--list").stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nobody", "lure"], 2),
        (["lure", "lure"], 2),  # two posts begin so
        (["lure-1"], 2),
        (["lure-1", "guilty"], 2),
        ([], 2),
        (["--list", "lure-1"], 2),
    ],
)
def test_a_review_that_says_nothing_changes_nothing(filled: Run, arguments: list[str], code: int) -> None:
    assert filled("review", *arguments).returncode == code
    assert parsed(filled("review", "--list", "--json"))["reviews"] == []


def test_a_note_of_a_stranger_steers_no_terminal(filled: Run) -> None:
    filled("review", "lure-1", "lure", "--note", "a\x1b[31mb\u202ec", "--by", "x\x07")
    for done in (filled("show", "lure-1"), filled("review", "--list"), filled("review", "--list", "--json")):
        assert not {"\x1b", "\u202e", "\x07"} & set(done.stdout)


def test_context_is_a_figure_of_its_own(filled: Run) -> None:
    hits = {hit["id"]: hit for hit in parsed(filled("search", "*", "--json"))["hits"]}
    before = hits["lure-2"]["risk"]
    (reason,) = [one for one in hits["lure-2"]["context"]["reasons"] if one["why"] == "contact"]
    assert {key: reason[key] for key in ("kind", "value", "posts", "of")} == {
        "kind": "telegram", "value": "contoh_admin", "posts": 1, "of": 1,
    }  # fmt: skip
    assert hits["lure-2"]["context"]["score"] == 0.5
    assert hits["honest-1"]["context"] == {"level": "none", "score": 0.0, "reasons": []}
    filled("review", "lure-1", "lure")
    told = parsed(filled("search", "id:lure-2", "--json"))["hits"][0]
    assert (told["context"]["level"], told["context"]["score"]) == ("high", 0.9)
    assert told["risk"] == before
    assert "context" not in parsed(filled("search", "*", "--json", "--no-context"))["hits"][0]
    assert "contoh_admin stands in 1 other post, 1 with signs" in filled("show", "lure-2").stdout
    filled("review", "lure-1", "not")
    assert parsed(filled("show", "lure-2", "--json"))["context"]["score"] == 0.0


# --- train ---------------------------------------------------------------------------------------------------------


LURES = (
    "Butuh teman kerja bareng di kota {0}, chat admin saja, santai, DM ya kak, grup {0}, kontak telegram @akun_{0}",
    "Ada kerjaan {0}, yang mau ikut rombongan {0} inbox, cepat ya, telegram @tim_{0}, no ribet gaji mantap",
)
OTHERS = (
    "Dibutuhkan CS online shop {0}, kerja dari rumah, mengetik, gaji 3 juta, WA 0812-0000-{1:04}",
    "PT Contoh {0} membuka lowongan staf gudang di Bekasi, ijazah SMA, wawancara di kantor, BPJS, nomor {1}",
)
WORDS = (
    "mawar", "melati", "anggrek", "kenanga", "dahlia", "teratai", "cempaka", "flamboyan", "bougenville", "kamboja putih",
    "seruni", "sedap malam", "asoka", "soka", "nusa", "wijaya", "kusuma", "aster",
)  # fmt: skip


@pytest.fixture
def reviewed(run: Run, tmp_path: Path) -> Run:
    """A case of invented posts in which 36 are reviewed."""
    lines = []
    for number, word in enumerate(WORDS):
        for name, texts in (("lure", LURES), ("other", OTHERS)):
            text = texts[number % 2].format(word, number)
            lines.append(
                json.dumps({"id": f"{name}-{number}-x", "url": f"https://a.example/{name}{number}", "text": text})
            )
    file = tmp_path / "reviewed.jsonl"
    file.write_text("\n".join(lines) + "\n")
    assert run("import", str(file)).returncode == 0
    from jerat.case import Case

    with Case(tmp_path / "case") as case:
        for number in range(len(WORDS)):
            case.reviews.add(f"lure-{number}-x", "lure")
            case.reviews.add(f"other-{number}-x", "not")
    return run


def scores(run: Run) -> dict[str, float]:
    return {hit["id"]: hit["risk"]["score"] for hit in parsed(run("search", "*", "-n", "100", "--json"))["hits"]}


def test_train_shows_before_and_after_and_changes_nothing(reviewed: Run, tmp_path: Path) -> None:
    files = {path: path.read_bytes() for path in (tmp_path / "case").glob("*.yaml")}
    told = parsed(reviewed("train", "--json"))
    assert told["reviews"] == {"lures": 18, "others": 18, "unsure": 0}
    assert told["written"] is None
    assert {one["name"] for one in told["measures"]} == {
        "lures at medium or above", "others at medium or above", "average precision", "Brier score",
    }  # fmt: skip
    for one in told["measures"]:
        for part in ("before", "after", "change"):
            assert one[part]["low"] <= one[part]["value"] <= one[part]["high"]
    said = reviewed("train").stdout
    assert "Nothing was changed" in said
    assert "before" in said
    assert {path: path.read_bytes() for path in (tmp_path / "case").glob("*.yaml")} == files
    assert not (tmp_path / "case" / "lexicon").exists()
    assert "shipped" in reviewed("doctor").stdout


def test_written_weights_are_in_force_for_this_case_and_move_the_right_way(reviewed: Run, tmp_path: Path) -> None:
    before = scores(reviewed)
    told = parsed(reviewed("train", "--write", "--json"))
    path = Path(told["written"])
    assert path == tmp_path / "case" / "lexicon" / "weights.yaml"
    kept = yaml.safe_load(path.read_text())
    assert "36 reviews of this case (18 lures, 18 others)" in kept["note"]
    assert scores(reviewed) == before  # nothing is read again behind anybody's back
    assert reviewed("reindex", "--analyse").returncode == 0
    after = scores(reviewed)
    lures = [after[name] - before[name] for name in before if name.startswith("lure-")]
    others = [after[name] - before[name] for name in before if name.startswith("other-")]
    assert sum(lures) / len(lures) > sum(others) / len(others) + 0.02
    doctor = reviewed("doctor").stdout
    assert str(path) in doctor
    assert "36 reviews" in doctor
    # Another case is as it was.
    other = reviewed("--case", str(tmp_path / "other"), "doctor")
    assert "shipped" in other.stdout


def test_with_a_lexicon_the_weights_go_there(reviewed: Run, tmp_path: Path) -> None:
    folder = tmp_path / "terms"
    folder.mkdir()
    done = reviewed("train", "--write", env={"JERAT_LEXICON": str(folder)})
    assert done.returncode == 0, done.stderr
    assert (folder / "weights.yaml").is_file()
    assert "every case that uses this JERAT_LEXICON" in done.stdout
    assert not (tmp_path / "case" / "lexicon").exists()


def test_train_refuses_too_few_and_one_sided_reviews(filled: Run, reviewed: Run, tmp_path: Path) -> None:
    from jerat.case import Case

    with Case(tmp_path / "case") as case:
        for number in range(len(WORDS) - FEWEST_EACH + 1):
            case.reviews.add(f"other-{number}-x", "unsure")
    done = reviewed("train", "--write")
    assert done.returncode == 2
    assert f"{FEWEST} in all" in done.stderr
    assert "18 posts reviewed as lures" in done.stderr
    assert not (tmp_path / "case" / "lexicon").exists()


def test_without_a_case_there_is_nothing_to_learn_from(run: Run) -> None:
    assert run("train").returncode != 0
