"""Organisations, persons and places that no list knows: read by the trained model, after the risk is known.

The model is slow beside everything else, so it is loaded when a text first needs it and reads many texts at once.
"""

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from jerat.errors import DataError, Rejected
from nlp.breaks import breaks
from nlp.context import Context
from nlp.names.merge import LEARNT, Reading, merge
from nlp.names.tokens import Token, doc_of, tokens
from nlp.places.gazetteer import gazetteer

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

__all__ = ["MODEL", "MODES", "Mode", "Names", "digest", "load_model", "pieces"]

Mode = Literal["auto", "always", "never"]
MODES: Final[tuple[Mode, ...]] = ("auto", "always", "never")

MODEL: Final = Path(__file__).parent / "model"
LONGEST: Final = 300
"""Tokens of a piece. The model looks at a few words around each, so a piece more or less changes little."""
MOST: Final = 20_000
"""Tokens of a text that are read for names, from its beginning: a book, or hostile, is what is longer."""
EXCLUDED: Final = ("vocab", "tokenizer")
"""Parts of a spaCy pipeline that this one does without: words are read by their hashes and come as tokens."""

_READ: Final = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff\u0e01-\u0e3a\u0e40-\u0e4e\u3400-\u9fff]")
"""Letters of the scripts that the corpora are written in; of others the model knows nothing."""
_OTHER: Final = re.compile(r"[^\W\d_A-Za-z\u00c0-\u024f\u1e00-\u1eff\u0e01-\u0e4e\u3400-\u9fff]")
_BRACKETS: Final = ("()", "[]", "（）", "《》", "“”")
_EMOJI: Final = frozenset(("So", "Sk", "Co", "Cn", "Cf"))


class Piece(NamedTuple):
    """A line of a text, or a part of a long one: its tokens, and before which of them something was left out."""

    tokens: list[Token]
    gaps: list[int]


class Names:
    """Reads the names of contexts. Nothing is loaded until a context needs it."""

    def __init__(self, mode: Mode = "auto", lexicon: Path | None = None, model: Path = MODEL) -> None:
        """`auto` reads texts whose risk is low or above in a language of LEARNT, `always` all, `never` none."""
        self.mode = mode
        self._places = lexicon
        self._path = model
        self._model: Language | None = None

    def wants(self, context: Context) -> bool:
        """Whether this text is read."""
        if self.mode == "never" or context.failure is not None:
            return False
        if self.mode == "always":
            return True
        return context.risk is not None and context.risk.level != "none" and context.language in LEARNT

    def read(self, contexts: Sequence[Context]) -> None:
        """Add the names in those of `contexts` that are to be read, and settle them with the other entities.

        Where one of them cannot be read, that is its failure alone. Raises DataError where the model cannot be loaded.
        """
        wanted = [context for context in contexts if self.wants(context)]
        if not wanted:
            return
        try:
            self._read(wanted)
        except DataError:
            raise
        except Exception as error:
            if len(wanted) > 1:
                for context in wanted:
                    self.read([context])
                return
            wanted[0].failure = Rejected("nlp.names", f"{type(error).__name__}: {error}")

    def _read(self, wanted: Sequence[Context]) -> None:
        if self._model is None:
            self._model = load_model(self._path)
        model, places = self._model, gazetteer(self._places)
        readings: list[list[Reading]] = [[] for _ in wanted]
        with model.memory_zone():
            docs = (
                (doc_of(model.vocab, piece.tokens, places), (number, piece))
                for number, context in enumerate(wanted)
                for piece in pieces(context)
            )
            for doc, (number, piece) in model.pipe(docs, as_tuples=True):
                readings[number] += _readings(piece, doc, wanted[number])
        sure = model.meta.get("confidence", {})
        for context, found in zip(wanted, readings, strict=True):
            context.entities = merge(context, found, sure)


def load_model(path: Path = MODEL) -> Language:
    """The trained pipeline in a folder. Raises DataError where it is not there or does not fit this spaCy."""
    import spacy

    try:
        model = spacy.load(path, exclude=EXCLUDED)
    except (OSError, ValueError) as error:
        raise DataError(
            f"the names' model in {path} cannot be loaded: {error}",
            hint="Train it again with scripts/train-ner, or read without it: --names never.",
        ) from error
    return model


def digest(path: Path = MODEL) -> str:
    """The version of the model in a folder, as its meta.json gives it; empty where there is none."""
    try:
        return str(json.loads((path / "meta.json").read_text(encoding="utf-8")).get("version", ""))
    except (OSError, ValueError):
        return ""


def pieces(context: Context) -> Iterator[Piece]:
    """The lines of a text that the model is to read: emoji left out, at most LONGEST tokens each, MOST in all."""
    line: list[Token] = []
    for token in islice(_tokens(context.text), MOST):
        if token is not None:
            line.append(token)
        if token is None or len(line) == LONGEST:
            yield from _piece(line)
            line = []
    yield from _piece(line)


def _tokens(text: str) -> Iterator[Token | None]:
    """The tokens of a text, and None where a line ends."""
    at = 0
    for word in breaks(text):
        if "\n" in word or "\r" in word:
            yield None
        else:
            yield from tokens((word,), at)
        at += len(word)


def _piece(line: list[Token]) -> Iterator[Piece]:
    """The tokens as a piece, unless there is nothing in them that the model can read."""
    kept: list[Token] = []
    gaps: list[int] = []
    for token in line:
        if len(token.text) <= 8 and unicodedata.category(token.text[0]) in _EMOJI:
            gaps.append(len(kept))
        else:
            kept.append(token)
    if any(_READ.search(token.text) for token in kept):
        yield Piece(kept, gaps)


def _readings(piece: Piece, doc: Doc, context: Context) -> Iterator[Reading]:
    for span in doc.ents:
        inside = bisect_right(piece.gaps, span.start)
        if inside < len(piece.gaps) and piece.gaps[inside] < span.end:
            continue  # two words with an emoji between are no name
        start, end = _trimmed(context.text, piece.tokens[span.start].start, piece.tokens[span.end - 1].end)
        surface = context.text[start:end]
        if _READ.search(surface) and not _OTHER.search(surface) and not context.crosses(start, end):
            yield Reading(start, end, span.label_)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without a bracket at its edge whose other half lies outside."""
    for opening, closing in _BRACKETS:
        if text[start] == opening and closing not in text[start:end]:
            start += 1
        if end > start and text[end - 1] == closing and opening not in text[start:end]:
            end -= 1
    return start, end
