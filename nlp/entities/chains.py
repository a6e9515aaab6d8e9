"""Payment addresses on chains: the words that may be one, and those that were written in pieces."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from nlp.context import Context, Match
from nlp.data import rows
from nlp.entities.finder import Finder

__all__ = ["CHAINS", "Read", "addresses", "longest", "named"]

CHAINS: Final = ("btc", "eth", "tron", "ltc", "doge", "bch", "xrp", "sol", "ton", "xmr")
"""The kinds of address."""

Read = Callable[[str], str | None]
"""Gives the address as its value where the word is one, its checksum verified; None where it is none."""

_FILE: Final = Path(__file__).parent / "data" / "chains.yaml"
# Possessive, and looked at from its end: every word is read once, however long it is.
_LONG: Final = re.compile(r"[A-Za-z0-9]++(?<=[A-Za-z0-9]{25})")
_PIECE: Final = re.compile(r"[A-Za-z0-9]+")
_GAP: Final = re.compile(r"[\s\-–—·.,|_/*]{1,4}|\s?[|\\/]\s?")
_LEAD: Final = re.compile(r"[\s:：=\-–—>→()\[\]*]{0,8}")
_LEAST: Final = 25
_LONGEST: Final = 108
"""Characters of the longest address, Monero's integrated one, and a little more."""
_MOST: Final = 200
"""Names of one chain in a text behind which pieces are put together: nobody could follow more, and each takes its time."""
_WINDOW: Final = 340
_NEAR: Final = 60


class ChainRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of chains.yaml."""

    kind: str
    source: str
    words: list[str]


@cache
def _finder() -> tuple[Finder, dict[str, tuple[str, ...]]]:
    kinds: dict[str, list[str]] = {}
    for row in rows(_FILE, ChainRow):
        for word in row.words:
            kinds.setdefault(word, []).append(row.kind)
    return Finder(kinds), {word: tuple(found) for word, found in kinds.items()}


class _Seen(msgspec.Struct):
    """What may be an address in a text, or the name of a chain."""

    longest: int
    """Characters of the longest run without white space: an address is one, where it is written in one piece."""
    words: list[tuple[int, int, str]]
    """The words that are long enough: (start, end, word)."""
    names: dict[str, list[tuple[int, int]]]
    """By kind: where its names stand."""


def _seen(context: Context) -> _Seen:
    found: _Seen | None = context.cache.get("chains")
    if found is None:
        text = context.text
        longest = max(map(len, text.split()), default=0)
        words = [(match.start(), match.end(), match[0]) for match in _LONG.finditer(text)] if longest >= _LEAST else []
        finder, kinds = _finder()
        names: dict[str, list[tuple[int, int]]] = {}
        for start, end, word in finder.find(context.lower):
            for kind in kinds[word]:
                names.setdefault(kind, []).append((start, end))
        found = context.cache["chains"] = _Seen(longest, words, names)
    return found


def longest(context: Context) -> int:
    """Characters of the longest run without white space: an address is one, where it is written in one piece."""
    return _seen(context).longest


def named(context: Context, kind: str, start: int, end: int) -> bool:
    """Whether the chain is named near `text[start:end]`: up to 60 characters before it, or right after."""
    return any(
        start - _NEAR <= last <= start or end <= first <= end + _NEAR // 3
        for first, last in _seen(context).names.get(kind, ())
    )


def addresses(context: Context, kind: str, read: Read) -> list[Match]:
    """The addresses of a kind: in one word wherever they stand, in pieces where the chain is named before them."""
    seen = _seen(context)
    if not seen.words and kind not in seen.names:
        return []
    found = []
    for start, end, word in seen.words:
        if (value := read(word)) is not None:
            found.append(Match(kind=kind, value=value, start=start, end=end, confidence=1.0))
    for _, last in seen.names.get(kind, ())[:_MOST]:
        if (joined := _joined(context.text, last, read)) is not None:
            start, end, value = joined
            found.append(Match(kind=kind, value=value, start=start, end=end, confidence=0.98, undone=("split",)))
    return found


def _joined(text: str, at: int, read: Read) -> tuple[int, int, str] | None:
    """The first address whose pieces stand behind `at`, and no whole word of it: (start, end, value)."""
    stop = min(len(text), at + _WINDOW)
    pieces: list[tuple[int, int]] = []
    lead = _LEAD.match(text, at, stop)
    place = lead.end() if lead else at
    while match := _PIECE.match(text, place, stop):
        pieces.append(match.span())
        gap = _GAP.match(text, match.end(), stop)
        if gap is None:
            if (colon := _LEAD.match(text, match.end(), stop)) is None or colon.end() == match.end():
                break
            pieces.clear()  # what stands before a colon is no address
            place = colon.end()
            continue
        place = gap.end()
    for first in range(min(len(pieces), 5)):
        joined = ""
        for index in range(first, len(pieces)):
            joined += text[slice(*pieces[index])]
            if len(joined) > _LONGEST:
                break
            if index > first and len(joined) >= 25 and (value := read(joined)) is not None:
                return pieces[first][0], pieces[index][1], value
    return None
