"""Text in, findings out."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from jerat.errors import Rejected
from jerat.model import CONTACT_KINDS, Analysis, Field, Risk
from nlp import data
from nlp.context import Component, Context
from nlp.fingerprint import fingerprint
from nlp.names.component import MODEL, Mode, Names, digest
from nlp.pipeline import COMPONENTS, steps
from nlp.resolve import entities

if TYPE_CHECKING:
    from spacy.language import Language

__all__ = ["Analyser", "Input", "collector_at_rest"]

VERSION: Final = "1"
"""Raised whenever the same text may get other findings by a change of code."""

_NO_RISK: Final = Risk(level="none", score=0.0)
_LONG: Final = 200_000
"""Characters, above which a batch is not made longer."""
_CONTACTS: Final = frozenset(CONTACT_KINDS)


class Input(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be analysed: a text and what else is read with it, such as a title."""

    text: str
    id: str = ""
    fields: tuple[Field, ...] = ()
    country_hint: str = ""
    """ISO 3166 country for national phone numbers; empty where unknown."""


def _batches(inputs: Iterable[Input], most: int) -> Iterator[list[Input]]:
    """Lists of at most so many inputs, cut shorter where their texts are long: all of a list are in memory at once."""
    batch: list[Input] = []
    size = 0
    for given in inputs:
        batch.append(given)
        size += len(given.text)
        if len(batch) >= most or size >= _LONG:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class Analyser:
    """The pipeline with its data in memory. One is enough for a process; it is not for several threads at once."""

    def __init__(self, lexicon: Path | None = None, names: Mode = "auto", model: Path = MODEL) -> None:
        """Raises DataError where a data file of jerat, or of the analyst's folder `lexicon`, is wrong.

        `names` says which texts are read for organisations, persons and places that no list has: `auto` those whose
        risk is low or above, `always` all, `never` none. The model for it is loaded with the first such text.
        """
        self._steps = steps(lexicon)
        self._lexicon = lexicon
        self._nlp: Language | None = None
        self.names = Names(names, lexicon, model)
        self.versions = {
            "nlp": ".".join([VERSION, str(sum(step.version for step in COMPONENTS))]),
            "lexicon": data.digest(lexicon),
            "names": names if names == "never" else f"{names} {digest(model)}",
        }

    @property
    def nlp(self) -> Language:
        """The steps as a spaCy pipeline; texts go through it as it is left here, with what was added or taken out."""
        if self._nlp is None:
            from nlp.frame import build

            self._nlp = build(self._lexicon, self._steps)
        return self._nlp

    def analyse(self, text: str, *, id: str = "", fields: tuple[Field, ...] = (), country_hint: str = "") -> Analysis:
        """All findings in one text. Raises Rejected, with the component in its step, where a component fails."""
        return next(self.pipe([Input(text=text, id=id, fields=fields, country_hint=country_hint)]))

    def pipe(
        self,
        inputs: Iterable[Input],
        batch_size: int = 256,
        failed: Callable[[Input, Rejected], None] | None = None,
    ) -> Iterator[Analysis]:
        """The analyses of a stream of inputs, in their order, a batch at a time.

        Where a component fails on an input, `failed` is called with it and it has no analysis; without `failed`,
        Rejected is raised.
        """
        for batch in _batches(inputs, batch_size):
            for given, outcome in zip(batch, self._batch(batch), strict=True):
                if isinstance(outcome, Analysis):
                    yield outcome
                elif failed is not None:
                    failed(given, outcome)
                else:
                    raise outcome

    def _batch(self, batch: list[Input]) -> list[Analysis | Rejected]:
        with collector_at_rest():
            contexts = [Context.of(given.text, fields=given.fields, country_hint=given.country_hint) for given in batch]
            self._read(contexts)
            self.names.read(contexts)
            good = [context for context in contexts if context.failure is None]
            found = iter([entities(context) for context in good])
            prints = iter([fingerprint(*_masked(context)) for context in good])
            return [
                context.failure
                or Analysis(
                    id=given.id,
                    language=context.language,
                    kind=context.kind,
                    risk=context.risk or _NO_RISK,
                    entities=next(found),
                    fingerprint=next(prints),
                    versions=self.versions,
                )
                for given, context in zip(batch, contexts, strict=True)
            ]

    def _read(self, contexts: list[Context]) -> None:
        """All of a batch through a step before the next one, as spaCy does; docs are made only where somebody reads them."""
        pipeline = [(step.name, step) for step in self._steps] if self._nlp is None else self._nlp.pipeline
        steps = [step for _, step in pipeline if isinstance(step, Component)]
        if len(steps) == len(pipeline):
            for step in steps:
                step.read(contexts)
        else:
            self._through_spacy(contexts)

    def _through_spacy(self, contexts: list[Context]) -> None:
        """The same with docs, for a pipeline to which somebody has added a component of another kind."""
        from nlp.frame import IcuTokenizer

        tokenizer = IcuTokenizer(self.nlp.vocab)
        # A memory zone lets go of the words of the batch: spaCy would otherwise keep every word that it ever met.
        with self.nlp.memory_zone():
            for _ in self.nlp.pipe(map(tokenizer.read, contexts), batch_size=len(contexts)):
                pass
            for context in contexts:
                context.doc = None  # its memory ends with the zone


def _masked(context: Context) -> tuple[str, list[tuple[int, int]]]:
    """The text alone, its fields aside, and where contacts stand in it."""
    end = context.segments[0][2]
    return context.text[:end], [
        (match.start, match.end) for match in context.entities if match.kind in _CONTACTS and match.end <= end
    ]


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Python's collector of cycles looks for what a batch never makes, again and again: a twentieth of the time."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
