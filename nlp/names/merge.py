"""What the model read and what the gazetteer knows, brought together.

In a text of some risk, an advertisement most likely, and in a language that the model has not learnt, the gazetteer comes
first: its places stay as they are, and the model adds names that hold none of them, or organisations with a place in their
name. In any other text the model has read more of the sentence than the gazetteer did: a place takes the model's borders
(`Kota Bandung`), and goes where the model sees a person or an organisation, or nothing at all and no word of place stands
before it. Hubs and towns on the way to them stay everywhere.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from nlp import data
from nlp.context import Context, Match
from nlp.places.cues import cues

__all__ = ["KINDS", "LEARNT", "Reading", "merge"]

KINDS: Final = {"PER": "person", "ORG": "organisation", "LOC": "location"}
LEARNT: Final = frozenset(("id", "ms", "en", "zh", "th"))
"""Languages of the corpora, and Malay, which is near to one of them."""
_UNKNOWN: Final = 0.5
"""Confidence where the model has no figure of its own."""
_STAY: Final = frozenset(("hub", "transit"))
_BEFORE: Final = 16
"""Characters before a place in which a word of place is looked for."""


class Reading(NamedTuple):
    """A name as the model marked it: a range of the normalised text and PER, ORG or LOC."""

    start: int
    end: int
    label: str


class _Words(msgspec.Struct):
    """What is read here of an entry of nlp/languages.yaml."""

    words: str
    strong: str = ""


class _Ranges:
    """Ranges that do not overlap each other much, to be asked which of them touch another."""

    def __init__(self, matches: Iterable[Match]) -> None:
        self.matches = sorted(matches, key=lambda match: (match.start, match.end))
        self._reach: list[int] = []
        for match in self.matches:
            self._reach.append(max(match.end, self._reach[-1] if self._reach else 0))

    def touching(self, start: int, end: int) -> list[Match]:
        found = []
        at = bisect_left(self._reach, start + 1)
        while at < len(self.matches) and self.matches[at].start < end:
            if self.matches[at].end > start:
                found.append(self.matches[at])
            at += 1
        return found


def merge(context: Context, readings: Iterable[Reading], sure: Mapping[str, float]) -> list[Match]:
    """The entities of the context with the names among them, by place. `sure` gives each label's confidence.

    Contacts, pay and ages win over names.
    """
    places = _Ranges(context.kinds("location"))
    others = _Ranges(match for match in context.entities if match.kind != "location")
    leads = (context.risk is None or context.risk.level == "none") and context.language in LEARNT
    found = list(others.matches)
    gone: set[int] = set()
    read: set[int] = set()
    for reading in sorted(readings):
        if others.touching(reading.start, reading.end):
            continue
        inside = places.touching(reading.start, reading.end)
        read.update(map(id, inside))
        if reading.label == "LOC" and inside:
            if leads:
                gone.update(map(id, inside))
                found += _placed(context, reading, inside)
            continue
        if leads:
            gone.update(id(place) for place in inside if place.role not in _STAY)
        elif (inside and reading.label == "PER") or any(_same(place, reading) for place in inside):
            continue
        surface = context.text[reading.start : reading.end]
        if not leads and reading.label == "LOC" and not _after_word_of_place(context, reading.start):
            continue  # a firm, a verb or a language more often than a place, where no list of places has it
        if not leads and surface.lower() in _common():
            continue  # `Dicari`, `Admin`: capitals of advertisements
        name = " ".join(surface.split())
        found.append(
            Match(
                kind=KINDS[reading.label], value=name, start=reading.start, end=reading.end,
                confidence=round(sure.get(reading.label, _UNKNOWN), 2),  # a meta file read fast is read roughly
            )
        )  # fmt: skip
    for place in places.matches:
        if id(place) in gone:
            continue
        if leads and id(place) not in read and place.role not in _STAY and not _told(context, place):
            continue
        found.append(place)
    return sorted(found, key=lambda match: (match.start, match.end))


def _placed(context: Context, reading: Reading, inside: list[Match]) -> list[Match]:
    """The nearest of the places that a name of a place holds, with the borders of the name; and the hubs, as they are."""
    main = inside[-1] if context.language.startswith("zh") else inside[0]  # Chinese goes from the large to the small
    start, end = min(reading.start, main.start), max(reading.end, main.end)
    if context.crosses(start, end) or (len(inside) > 1 and any(place.role in _STAY for place in inside)):
        return inside
    return [msgspec.structs.replace(main, start=start, end=end)]


@cache
def _common() -> frozenset[str]:
    """Frequent words of the languages of posts, in lower case: nlp/languages.yaml."""
    rows = data.rows(Path(__file__).parent.parent / "languages.yaml", _Words)
    return frozenset(word for row in rows for word in f"{row.words} {row.strong}".split())


def _same(place: Match, reading: Reading) -> bool:
    return (place.start, place.end) == (reading.start, reading.end)


def _told(context: Context, place: Match) -> bool:
    """Whether a word of place stands before it (in, at, from, to, as nlp/places/cues.yaml has them), and no small letter.

    `di sana`, `di negara`: small towns have the names of common words.
    """
    return place.role == "origin" or _after_word_of_place(context, place.start)


def _after_word_of_place(context: Context, start: int) -> bool:
    known = cues()
    if context.text[start].islower():
        return False
    head = context.lower[max(0, start - _BEFORE) : start].split()
    return bool(head) and (head[-1] in known.at or head[-1] in known.from_ or head[-1] in known.to)
