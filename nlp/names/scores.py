"""How good the names are: precision, recall and F1 by corpus, of the model alone and of the whole pipeline."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from time import perf_counter
from typing import TYPE_CHECKING, Final

import msgspec
from spacy.language import Language

from nlp.names.corpora import LABELS, Corpus, Sentence
from nlp.names.tokens import doc_of, of_text
from nlp.normalise import normalise
from nlp.places.gazetteer import gazetteer

if TYPE_CHECKING:
    from nlp.analyser import Analyser

__all__ = ["Counts", "Report", "Row", "alone", "score", "table", "whole"]

Found = set[tuple[int, int, str]]
_KINDS: Final = {"person": "PER", "organisation": "ORG", "location": "LOC"}


class Counts(msgspec.Struct):
    """Names that are in both, those that were found, and those that are marked in the corpus."""

    right: int = 0
    found: int = 0
    marked: int = 0

    @property
    def precision(self) -> float:
        """The share of what was found that is right; 0 where nothing was."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of what is marked that was found; 0 where nothing is."""
        return self.right / self.marked if self.marked else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.right / (self.found + self.marked) if self.found + self.marked else 0.0


class Row(msgspec.Struct):
    """The counts of a corpus for each label, and the sentences read in a second."""

    corpus: str
    language: str
    sentences: int
    labels: dict[str, Counts]
    speed: float

    @property
    def total(self) -> Counts:
        """Over all labels that the corpus marks."""
        return Counts(
            sum(each.right for each in self.labels.values()),
            sum(each.found for each in self.labels.values()),
            sum(each.marked for each in self.labels.values()),
        )


class Report(msgspec.Struct, kw_only=True):
    """What scripts/train-ner writes beside the model: docs/model-card-names.md is made from it."""

    date: str
    version: str
    """Of the model that was measured."""
    shipped: str = ""
    """Of the model that ships, where the same recipe then learnt from the development parts, too."""
    steps: int
    size: int
    """Bytes of the model."""
    shown: dict[str, int]
    """Sentences shown in one epoch, by corpus."""
    model: list[Row]
    pipeline: list[Row]


def alone(model: Language) -> Callable[[Sequence[str]], Iterator[Found]]:
    """The names that the model finds by itself, as ranges of the given texts."""
    places = gazetteer()

    def read(texts: Sequence[str]) -> Iterator[Found]:
        normalised = [normalise(text) for text in texts]
        found = [of_text(each.text) for each in normalised]
        docs = (doc_of(model.vocab, each, places) for each in found)
        for doc, each, text in zip(model.pipe(docs), found, normalised, strict=True):
            yield {(*text.span(each[span.start].start, each[span.end - 1].end), str(span.label_)) for span in doc.ents}

    return read


def whole(analyser: "Analyser") -> Callable[[Sequence[str]], Iterator[Found]]:
    """The organisations, persons and locations of a whole analysis: the gazetteer's places are among them."""
    from nlp.analyser import Input

    def read(texts: Sequence[str]) -> Iterator[Found]:
        for analysis in analyser.pipe(Input(text=text) for text in texts):
            yield {(one.start, one.end, _KINDS[one.kind]) for one in analysis.entities if one.kind in _KINDS}

    return read


def score(corpus: Corpus, sentences: Sequence[Sentence], read: Callable[[Sequence[str]], Iterable[Found]]) -> Row:
    """Compare what is found with what is marked: a name counts where its beginning, its end and its label are right."""
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    marked: Counter[str] = Counter()
    begin = perf_counter()
    for sentence, all_found in zip(sentences, read([sentence.text for sentence in sentences]), strict=True):
        gold = set(sentence.names)
        names = {name for name in all_found if name[2] not in corpus.unmarked}
        right.update(label for *_, label in gold & names)
        found.update(label for *_, label in names)
        marked.update(label for *_, label in gold)
    seconds = perf_counter() - begin
    labels = {
        label: Counts(right[label], found[label], marked[label]) for label in LABELS if label not in corpus.unmarked
    }
    return Row(corpus.name, corpus.language, len(sentences), labels, round(len(sentences) / seconds) if seconds else 0)


def table(report: Report) -> str:
    """The scores as a table in Markdown."""
    lines = [
        "| corpus | language | sentences | model: P | R | F1 | pipeline: P | R | F1 | person | organisation | location |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for model, pipeline in zip(report.model, report.pipeline, strict=True):
        cells = [f"{value:.2f}" for one in (model, pipeline) for value in _three(one.total)]
        kinds = [f"{pipeline.labels[label].f1:.2f}" if label in pipeline.labels else "–" for label in LABELS]
        row = [model.corpus, model.language, str(model.sentences), *cells, *kinds]
        lines.append(f"| {' | '.join(row)} |")
    return "\n".join(lines)


def _three(counts: Counts) -> tuple[float, float, float]:
    return counts.precision, counts.recall, counts.f1
