"""The command that trains: on tiny invented corpora, and what the shipped model reaches on the real ones."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from spacy.tokens import DocBin
from spacy.vocab import Vocab

import nlp
from jerat.errors import InputError
from nlp.names import train
from nlp.names.component import digest, load_model
from nlp.names.corpora import CORPORA, Corpus, Sentence
from nlp.names.scores import Counts, Report, Row, alone, score, table, whole
from nlp.names.train import CARD, SCORES, write_card

CHECKOUT = Path(__file__).resolve().parents[3]
CARD_FILE = CHECKOUT / "docs" / "model-card-names.md"


def write_corpus(root: Path, corpus: Corpus) -> None:
    """Thirty sentences in the corpus's own format."""
    labels = {ours: theirs for theirs, ours in corpus.labels.items()}
    lines = []
    for number in range(30):
        rows = [(f"Rina{number}", f"B-{labels['PER']}"), ("tiba", "O"), ("Medan", f"B-{labels['LOC']}")]
        if "ORG" in labels:
            rows.append(("Maju", f"B-{labels['ORG']}"))
        for place, (word, label) in enumerate(rows, 1):
            cells = [word + "0" if corpus.numbered else word, label]
            if corpus.column:
                cells = [str(place), *cells, "-", "-"]
            lines.append(("\t" if corpus.tabs or corpus.numbered else " ").join(cells))
        lines.append("")
    folder = root / corpus.folder
    folder.mkdir()
    for part in {corpus.train, corpus.dev}:
        (folder / part).write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_one_command_makes_a_model_its_scores_and_the_table_of_the_card(tmp_path: Path) -> None:
    for corpus in CORPORA:
        write_corpus(tmp_path, corpus)
    model, scores, card = tmp_path / "model", tmp_path / "scores.json", tmp_path / "card.md"
    card.write_text(f"Before.\n{CARD[0]}\nold\n{CARD[1]}\nAfter.\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, CHECKOUT / "scripts" / "train-ner", tmp_path, "--model", model, "--scores", scores,
         "--card", card, "--steps", "4"],
        capture_output=True, text=True, timeout=240, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    report = msgspec.json.decode(scores.read_bytes(), type=Report)
    assert [row.corpus for row in report.model] == [corpus.name for corpus in CORPORA]
    assert report.steps == 4
    assert report.size == sum(path.stat().st_size for path in model.rglob("*") if path.is_file())
    assert report.version == digest(model) == load_model(model).meta["version"]
    assert report.shown["idner"] == 30 * next(corpus.copies for corpus in CORPORA if corpus.name == "idner")
    assert card.read_text("utf-8") == f"Before.\n{CARD[0]}\n\n{table(report)}\n\n{CARD[1]}\nAfter.\n"
    assert table(report) in done.stdout
    assert "Rina" not in "".join(path.read_text("utf-8") for path in model.rglob("*.json"))


def test_the_last_step_learns_from_everything_and_keeps_the_scores(tmp_path: Path) -> None:
    for corpus in CORPORA:
        write_corpus(tmp_path, corpus)
    work, model, scores = tmp_path / "work", tmp_path / "model", tmp_path / "scores.json"
    work.mkdir()
    with pytest.raises(InputError, match="no scores"):
        train.train(tmp_path, work, model=model, scores=scores, steps=2, everything=True, say=lambda _: None)
    before = train.train(tmp_path, work, model=model, scores=scores, steps=2, say=lambda _: None)
    learnt = len(list(DocBin().from_disk(work / "train.spacy").get_docs(Vocab())))
    after = train.train(tmp_path, work, model=model, scores=scores, steps=2, everything=True, say=lambda _: None)
    assert len(list(DocBin().from_disk(work / "train.spacy").get_docs(Vocab()))) > learnt
    assert (after.version, after.model, after.shipped) == (before.version, before.model, digest(model))


def test_a_missing_corpus_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="id_nergrit"):
        train.train(tmp_path, tmp_path / "work", model=tmp_path / "model", scores=tmp_path / "scores.json")
    assert not (tmp_path / "model").exists()


def test_a_card_without_marks_is_left_alone(tmp_path: Path) -> None:
    card = tmp_path / "card.md"
    card.write_text("no marks", encoding="utf-8")
    with pytest.raises(InputError, match="marks"):
        write_card(card, "table")
    assert card.read_text("utf-8") == "no marks"


def test_a_model_above_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train, "LARGEST", 1000)
    with pytest.raises(InputError, match="1000"):
        train.write_model(load_model(), tmp_path / "model")
    assert list(tmp_path.iterdir()) == []


def test_scores_count_borders_and_labels() -> None:
    sentences = [Sentence("Rina di Medan", ((0, 4, "PER"), (8, 13, "LOC"))), Sentence("Maju", ((0, 4, "ORG"),))]
    found = [{(0, 4, "PER"), (5, 13, "LOC")}, {(0, 4, "PER"), (0, 2, "ORG")}]
    row = score(CORPORA[0], sentences, lambda _: found)
    assert row.labels == {"PER": Counts(1, 2, 1), "ORG": Counts(0, 1, 1), "LOC": Counts(0, 1, 1)}
    assert (row.total.right, row.total.found, row.total.marked) == (1, 4, 3)
    assert row.total.f1 == pytest.approx(2 / 7)
    unmarked = score(CORPORA[1], sentences, lambda _: found)
    assert "ORG" in CORPORA[1].unmarked
    assert unmarked.labels.keys() == {"PER", "LOC"}
    assert Counts().f1 == Counts().precision == Counts().recall == 0.0


def test_the_card_shows_the_scores_of_the_model_that_ships() -> None:
    report = msgspec.json.decode(SCORES.read_bytes(), type=Report)
    assert report.version != digest() == report.shipped  # it has learnt from the development parts, too
    card = CARD_FILE.read_text("utf-8")
    assert table(report) in card
    assert report.date in card
    assert digest() in card
    assert report.version in card
    for corpus in CORPORA:
        assert corpus.folder in card


FLOORS = {"nergrit": 0.68, "nerp": 0.75, "idner": 0.74, "wnut17": 0.34, "weibo": 0.4, "gsdsimp": 0.38, "thainer": 0.83}
"""F1 of the whole pipeline on the first sentences of the development parts, a little below what was measured before the model
learnt from them: what breaks the way of a text to the model shows here, and how good the model is does not."""


@pytest.mark.shared
@pytest.mark.parametrize("corpus", CORPORA, ids=lambda corpus: corpus.name)
def test_scores_on_the_corpora(corpus: Corpus, shared_data: Path) -> None:
    sentences = corpus.read(shared_data / "ner", "dev")[:150]
    row: Row = score(corpus, sentences, whole(nlp.load(names="always")))
    print(corpus.name, round(row.total.f1, 3))
    assert row.total.f1 >= FLOORS[corpus.name], row
    if corpus.name == "idner":
        assert score(corpus, sentences, alone(load_model())).total.f1 >= FLOORS[corpus.name] - 0.02
