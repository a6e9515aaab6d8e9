"""The stack that one would assemble from defaults: spaCy's EntityRuler, phonenumbers' matcher, lingua, datasketch."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, Final, NamedTuple

import spacy
from phonenumbers import PhoneNumberMatcher

from nlp.entities.names import names
from nlp.indicators.lexicon import load_lexicon
from nlp.places.hubs import hubs

__all__ = ["Stack", "assemble"]

_RUN: Final = 5
Step = Callable[[str], object]


class Stack(NamedTuple):
    """By part (`terms`, `phones`, `language`, `fingerprint`): what it is, and how it reads a text."""

    parts: dict[str, tuple[str, Step]]
    left_out: dict[str, str]
    """Parts that cannot be measured, and why."""


def assemble() -> Stack:
    """The stack, ready; what is not installed is left out and named."""
    parts: dict[str, tuple[str, Step]] = {}
    left_out: dict[str, str] = {}
    terms = sorted(_terms())
    parts["terms"] = (f"spaCy EntityRuler, {len(terms):,} terms", _ruler(terms))
    parts["phones"] = ("phonenumbers PhoneNumberMatcher", lambda text: list(PhoneNumberMatcher(text, "ID")))
    for part, module, package, make in (
        ("language", "lingua", "lingua-language-detector", _lingua),
        ("fingerprint", "datasketch", "datasketch", _datasketch),
    ):
        try:
            parts[part] = (module, make(import_module(module)))
        except ImportError as error:
            left_out[part] = f"{package} is not installed ({error}): pip install 'jerat[bench]'"
    return Stack(parts, left_out)


def _terms() -> Iterator[str]:
    """The words of the hubs, the messengers and the indicators, as an EntityRuler can take them."""
    for hub in hubs():
        yield from hub.names
    yield from names().words
    for term in load_lexicon().terms():
        if "…" not in term.text and (plain := term.text.strip("~ ")):
            yield plain


def _ruler(terms: list[str]) -> Step:
    blank = spacy.blank("xx")
    ruler: Any = blank.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "TERM", "pattern": term} for term in terms])
    return blank


def _lingua(module: Any) -> Step:
    detector = module.LanguageDetectorBuilder.from_all_languages().build()
    return detector.detect_language_of  # type: ignore[no-any-return]


def _datasketch(module: Any) -> Step:
    def sketch(text: str) -> object:
        # Runs of characters, as is usual where some of the scripts have no spaces.
        made = module.MinHash()
        for at in range(max(len(text) - _RUN + 1, 1)):
            made.update(text[at : at + _RUN].encode("utf-8", "surrogatepass"))
        return made

    return sketch
