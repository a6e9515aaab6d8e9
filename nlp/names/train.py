"""From the corpora to the model that ships: convert, train, measure, write."""

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
import spacy
from spacy.language import Language
from spacy.training.initialize import init_nlp
from spacy.training.loop import train as train_loop
from spacy.util import load_config

from jerat.errors import InputError
from nlp.names.component import EXCLUDED, MODEL, load_model
from nlp.names.convert import convert
from nlp.names.corpora import CORPORA, LABELS, Corpus
from nlp.names.scores import Counts, Report, Row, alone, score, whole

__all__ = ["CARD", "LARGEST", "SCORES", "train", "write_card", "write_model"]

CONFIG: Final = Path(__file__).parent / "config.cfg"
SCORES: Final = Path(__file__).parent / "scores.json"
CARD: Final = ("<!-- scores: written by scripts/train-ner -->", "<!-- end of scores -->")
LARGEST: Final = 15_000_000
"""Bytes that the model may take in the package."""


def train(
    root: Path,
    work: Path,
    *,
    model: Path = MODEL,
    scores: Path = SCORES,
    corpora: Sequence[Corpus] = CORPORA,
    steps: int = 0,
    everything: bool = False,
    say: Callable[[str], None] = print,
) -> Report:
    """Train on the corpora under `root` and write the model and its scores. `work` keeps what lies between.

    `steps` other than 0 takes the place of the recipe's. With `everything` the model learns from the development parts,
    too: nothing is left by which it could be measured, so that the scores stay those of the model without them. The same
    corpora, recipe and versions of the libraries give the same model. Raises InputError where a corpus is missing, the
    model is larger than LARGEST, or there are no scores to keep.
    """
    if everything and not scores.is_file():
        raise InputError(f"there are no scores at {scores}", "train without the development parts first")
    shown = convert(root, work, corpora, everything=everything)
    say("sentences an epoch: " + ", ".join(f"{name} {count}" for name, count in shown.items()))
    config = load_config(
        CONFIG,
        overrides={
            "paths.train": str(work / "train.spacy"),
            "paths.dev": str(work / "dev.spacy"),
            **({"training.max_steps": steps, "training.eval_frequency": max(1, steps // 2)} if steps else {}),
        },
        interpolate=True,
    )
    nlp = init_nlp(config)
    _, best = train_loop(nlp, work)
    last = work / "model-last"
    write_model(spacy.load(last if everything or best is None else best), model)
    if everything:
        kept = msgspec.json.decode(scores.read_bytes(), type=Report)
        _meta(model, confidence={label: _precision(kept.model, label) for label in LABELS})
        kept.shipped, kept.size = load_model(model).meta["version"], _size(model)
        scores.write_bytes(msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n")
        return kept
    report = measure(root, model, corpora)
    report.shown, report.steps = shown, int(config["training"]["max_steps"])
    scores.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n")
    return report


def write_model(trained: Language, target: Path) -> None:
    """Write what reading names needs of a trained pipeline, and nothing else. Raises InputError where it is too large."""
    fresh = target.with_name(f"{target.name}.new")
    if fresh.exists():
        shutil.rmtree(fresh)
    trained.config["paths"].update(train=None, dev=None)  # they are gone, and belong to the machine
    trained.to_disk(fresh, exclude=EXCLUDED)
    state = hashlib.blake2b(digest_size=4)
    for path in sorted(fresh.rglob("model")):
        state.update(path.read_bytes())
    _meta(fresh, name="jerat_names", version=state.hexdigest())
    size = _size(fresh)
    if size > LARGEST:
        shutil.rmtree(fresh)
        raise InputError(f"the model takes {size} bytes, and {LARGEST} are the limit", "Give it smaller tables.")
    if target.exists():
        shutil.rmtree(target)
    fresh.rename(target)


def measure(root: Path, model: Path, corpora: Sequence[Corpus] = CORPORA) -> Report:
    """The scores of a written model on the development parts; its precision by label becomes its confidence."""
    from nlp.analyser import Analyser

    parts = [(corpus, corpus.read(root, "dev")) for corpus in corpora]
    read = alone(load_model(model))
    rows = [score(corpus, sentences, read) for corpus, sentences in parts]
    _meta(model, confidence={label: _precision(rows, label) for label in LABELS})
    analyser = Analyser(names="always", model=model)
    return Report(
        date=datetime.now(UTC).date().isoformat(),
        version=load_model(model).meta["version"],
        steps=0,
        size=_size(model),
        shown={},
        model=rows,
        pipeline=[score(corpus, sentences, whole(analyser)) for corpus, sentences in parts],
    )


def write_card(card: Path, text: str) -> None:
    """Put the table of scores into the model card, between its marks. Raises InputError where they are not there."""
    old = card.read_text(encoding="utf-8")
    begin, mark, rest = old.partition(CARD[0])
    _, end, tail = rest.partition(CARD[1])
    if not mark or not end:
        raise InputError(f"{card} lacks the marks between which the scores stand")
    card.write_text(f"{begin}{mark}\n\n{text}\n\n{end}{tail}", encoding="utf-8")


def _precision(rows: Sequence[Row], label: str) -> float:
    """Over all corpora that mark the label, each counted alike."""
    found: list[Counts] = [row.labels[label] for row in rows if label in row.labels]
    return round(sum(each.precision for each in found) / max(1, len(found)), 2)


def _size(target: Path) -> int:
    return sum(path.stat().st_size for path in target.rglob("*") if path.is_file())


def _meta(target: Path, **entries: object) -> None:
    path = target / "meta.json"
    meta = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**meta, **entries}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
