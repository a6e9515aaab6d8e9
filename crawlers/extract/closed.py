"""Whether a page says that its advertisement is over: by words in the languages at hand (`crawlers/data/closed.yaml`)."""

import re
from functools import cache
from typing import Final

import msgspec
from lxml import etree

from crawlers.data import load
from crawlers.extract.html_text import render

__all__ = ["closing_line", "closing_lines"]

_LONGEST: Final = 200
"""Code points of a line that is a notice; a longer one is a text that speaks of something."""
_MOST_LINES: Final = 3000


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    subjects: tuple[str, ...]
    states: tuple[str, ...]
    sentences: tuple[str, ...]


class _Closed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    source: str
    languages: dict[str, _Words]


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """One for each language: a sentence, or a subject and a state near it, in either order."""
    found = load("closed.yaml", _Closed)
    between = "[^.;!?。；！？।။៕]{0,%d}?"  # within one sentence
    made = []
    for words in found.languages.values():
        subject, state = f"(?:{_any(words.subjects)})", f"(?:{_any(words.states)})"
        near = f"{subject}{between % 60}{state}|{state}{between % 25}{subject}"
        made.append(re.compile(f"{_any(words.sentences)}|{near}"))
    return tuple(made)


def _any(words: tuple[str, ...]) -> str:
    """Any of the words: whole ones where the script has letters with case, for `ad` is no part of `made`."""
    parts = [
        rf"(?<!\w){re.escape(word)}(?!\w)" if word[0].upper() != word[0] else re.escape(word)
        for word in map(_flat, words)
    ]
    return "|".join(parts)


def _flat(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split())


def closing_line(line: str) -> bool:
    """Whether a line says that an advertisement is over."""
    flat = _flat(line)
    if not flat or len(flat) > _LONGEST:
        return False
    return any(pattern.search(flat) is not None for pattern in _patterns())


def closing_lines(root: etree._Element, known: str) -> list[str]:
    """The lines of a page that say so, and do not stand in `known`, the text that the advertisement had.

    A line that is a link as a whole leads to something else that is over.
    """
    said = _flat(known)
    title = root.find(".//title")
    lines = [" ".join("".join(title.itertext()).split())] if title is not None else []
    body = root.find("body")
    shown = render(root if body is None else body, skip=_is_link)
    lines += shown.text.splitlines()[:_MOST_LINES]
    return [line for line in lines if closing_line(line) and _flat(line) not in said]


def _is_link(element: etree._Element) -> bool:
    return element.tag in ("a", "nav", "footer", "script", "style", "option")
