"""Locations: hubs, towns on the way, countries and cities, in every script, with `Name, CC` as the value.

A name is first a candidate; what it needs to be read as a place (its grade) is decided with what stands beside it and
with the other places of the text: nlp/places/gazetteer.py gives the grades, nlp/places/cues.yaml the words.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache
from math import log10
from pathlib import Path
from typing import Final

from nlp.context import Context, Match, recogniser
from nlp.entities.finder import Finder
from nlp.entities.stepwise import Stepwise
from nlp.places.candidates import Candidate, candidates
from nlp.places.gazetteer import REGION, Place, gazetteer

__all__ = ["Location"]

_INSIDE: Final = frozenset(
    ("url", "email", "telegram", "wechat", "line", "kakao", "qq", "facebook", "instagram", "tiktok", "discord")
)
_LIST: Final = re.compile(
    r"[ \t]*[,/&、，()（+|–-][ \t(]*|[ \t]+(?:dan|and|và|y|e|и|na|at|or|atau|or|und)[ \t]+|[ \t]+"
)
_HOME: Final = {
    "id": "ID", "ms": "MY", "th": "TH", "vi": "VN", "tl": "PH", "fil": "PH", "my": "MM", "lo": "LA", "km": "KH", "ko": "KR",
    "ja": "JP", "hi": "IN", "bn": "BD", "ur": "PK", "ne": "NP", "si": "LK", "ta": "IN", "am": "ET", "sw": "KE", "pt": "BR",
    "ru": "RU", "zh": "CN", "zh-Hant": "TW", "es": "ES", "pl": "PL", "de": "DE", "fr": "FR",
}  # fmt: skip
_CAPITAL: Final = re.compile("[A-Z]")
_CODE: Final = re.compile(r", ?([A-Z]{2})$")
# A state of the United States behind a town: Phoenix, AZ.
_STATE: Final = re.compile(
    r", ?(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY])\b"
)
# `PP` is there and back behind these, and no town.
_RETURN: Final = re.compile(r"(?:tiket|ticket|pesawat|pulang|transport|flight|ongkos)\s\Z")
_ARROWS: Final = ("→", "->", "➡", "⇒", "=>", "»")
_NOT, _AT, _FROM, _VIA = 1, 2, 4, 8
"""What a word beside a name says: no place, a place, where one comes from, on the way."""
_UNSPACED: Final = frozenset(("han", "kana", "thai", "lao", "khmer", "myanmar"))
_PINS: Final = ("📍", "📌", "lokasi:", "location:")
_CONFIDENCE: Final = {"sure": 0.95, "capital": 0.85, "sign": 0.8, "context": 0.8}


def _uses(*words: tuple[Iterable[str], int]) -> dict[str, int]:
    """What each word says of a name beside it, all its uses together."""
    found: dict[str, int] = {}
    for some, use in words:
        for word in some:
            found[word] = found.get(word, 0) | use
    return found


class Location(Stepwise):
    """The recogniser: every place named in the text, none of those inside addresses and handles.

    Raises DataError where the places, or those of the analyst's folder, do not fit their schema.
    """

    def __init__(self, lexicon: Path | None = None) -> None:
        self.gazetteer = gazetteer(lexicon)
        cues = self.gazetteer.cues
        self._before = _uses(
            (cues.not_before, _NOT), (cues.at, _AT), (cues.from_, _AT | _FROM), (cues.to, _AT), (cues.via, _VIA)
        )
        self._after = _uses(
            (cues.not_after, _NOT), (cues.at_after, _AT), (cues.from_after, _FROM), (cues.via_after, _VIA)
        )
        self._head = (
            ((*cues.at_before_unspaced, *_PINS), _AT), (cues.from_before_unspaced, _FROM),
            (cues.via_before_unspaced, _VIA),
        )  # fmt: skip
        self._tail = (
            (cues.at_after_unspaced, _AT), (cues.from_after_unspaced, _FROM), (cues.via_after_unspaced, _VIA),
        )  # fmt: skip
        self._heads = frozenset(word[-1] for words in (*(words for words, _ in self._head), _ARROWS) for word in words)
        self._tails = frozenset(word[0] for words in (*(words for words, _ in self._tail), _ARROWS) for word in words)
        self._job = Finder((*cues.job, *cues.job_unspaced))
        super().__init__("location", self._candidates, self._read_signs, self._places)

    def _candidates(self, context: Context) -> list[Candidate] | None:
        found = [candidate for candidate in candidates(self.gazetteer, context) if candidate.places]
        return _longest(found, context) or None if found else None

    def _read_signs(self, context: Context, found: list[Candidate]) -> list[Candidate]:
        text, lower = context.text, context.lower
        shouting = _shouting(text)
        for candidate in found:
            self._signs(candidate, text, lower, shouting)
        return found

    def _places(self, context: Context, found: list[Candidate]) -> list[Match]:
        self._settle(found, context, context.lower)
        clear = {each.places[0].country for each in found if len(each.places) == 1}
        return [match for candidate in found if candidate.taken and (match := _match(candidate, clear, context))]

    def _signs(self, candidate: Candidate, text: str, lower: str, shouting: bool) -> None:
        """What stands beside a name: a preposition of place, of origin, a word that makes it no place."""
        cues = self.gazetteer.cues
        start, end = candidate.start, candidate.end
        before, after = _word_before(lower, start), _word_after(lower, end)
        if shouting:
            candidate.capital = False
        spaced = candidate.script not in _UNSPACED
        said_before, said_after = self._before.get(before, 0), self._after.get(after, 0)
        if spaced and ((said_before & _NOT and candidate.places[0].kind != "hub") or said_after & _NOT):
            candidate.places = ()
            return
        said = said_before | said_after
        head = lower[max(0, start - 12) : start].rstrip()
        tail = lower[end : end + 8].lstrip()
        onward = reached = False
        if head[-1:] in self._heads:
            said |= sum(use for words, use in self._head if head.endswith(words))
            reached = head.endswith(_ARROWS)
        if tail[:1] in self._tails:
            said |= sum(use for words, use in self._tail if tail.startswith(words))
            onward = tail.startswith(_ARROWS)
        candidate.at = bool(said & _AT) or (
            spaced and text.startswith(",", end) and _STATE.match(text, end) is not None
        )
        # A route with arrows: the first is where it begins, those in the middle are on the way.
        candidate.origin = (
            bool(said & _FROM)
            or (candidate.script == "ethiopic" and lower[start] == "ከ" and end - start > 3)
            or (onward and not reached)
        )
        candidate.via = bool(said & _VIA) or (onward and reached)
        surface = lower[start:end]
        if surface in cues.first_names and candidate.capital and not candidate.at:
            follower = text[end : end + 2]
            if len(follower) == 2 and follower[0] == " " and follower[1].isupper():
                candidate.places = ()

    def _settle(self, found: list[Candidate], context: Context, lower: str) -> None:
        """Take the sure ones, then those that need a sign, then those that need the others."""
        named: set[str] = set()
        doubtful = []
        found = [candidate for candidate in found if candidate.places]
        for number, candidate in enumerate(found):
            place = candidate.places[0]
            cased = candidate.script in ("latin", "cyrillic")
            capital = candidate.capital or not cased
            grade = place.grade
            candidate.taken = (
                grade == "sure"
                or (grade == "capital" and (capital or candidate.at))
                or (grade == "sign" and capital and candidate.at)
            )
            if candidate.taken:
                named.add(place.country)
            else:
                doubtful.append(number)
        waiting = []
        for number in doubtful:
            candidate = found[number]
            if candidate.places[0].grade == "context":
                waiting.append(number)
                continue
            neighbour = any(other.taken for other in self._neighbours(found, number, lower))
            known = any(place.country in named for place in candidate.places)
            candidate.taken = (
                (neighbour and (candidate.capital or known or candidate.at))
                or (candidate.places[0].grade == "sign" and candidate.at and known)
                or _alone(context, candidate)
            )
            if candidate.taken:
                named.add(candidate.places[0].country)
        if waiting:
            self._settle_context(found, waiting, named, context, lower)

    def _neighbours(self, found: list[Candidate], number: int, lower: str) -> Iterator[Candidate]:
        """The names that stand in one list with a name."""
        for other in found[max(0, number - 1) : number] + found[number + 1 : number + 2]:
            if not _same(other, found[number]) and _beside(lower, found[number], other):
                yield other

    def _settle_context(
        self, found: list[Candidate], waiting: list[int], named: set[str], context: Context, lower: str
    ) -> None:
        """Short and common names: with another place of their country or of a hub country, or in a post about jobs."""
        hub_named = not named.isdisjoint(self.gazetteer.cues.hub_countries)
        job = self._job.any(lower)
        for number in waiting:
            candidate = found[number]
            if (
                candidate.script == "latin"
                and candidate.end - candidate.start <= 4
                and not candidate.capital
                and not candidate.at
            ):
                continue
            if candidate.end - candidate.start == 2 and _RETURN.search(
                lower, max(0, candidate.start - 12), candidate.start
            ):
                continue
            near = hub_named or candidate.places[0].country in named
            listed = any(True for _ in self._neighbours(found, number, lower))
            candidate.taken = near or (job and (candidate.at or listed)) or _alone(context, candidate)


def _match(candidate: Candidate, clear: set[str], context: Context) -> Match | None:
    place = _likeliest(candidate, clear, context)
    if context.crosses(candidate.start, candidate.end):
        return None
    role = place.role
    if role != "hub":  # a hub stays one, whichever way the text goes
        role = "transit" if candidate.via else "origin" if candidate.origin else role
    return Match(
        kind="location", value=place.value, start=candidate.start, end=candidate.end,
        confidence=_CONFIDENCE[place.grade], country=place.country, lat=place.lat, lon=place.lon,
        geoname_id=place.geoname_id, role=role,
    )  # fmt: skip


def _likeliest(candidate: Candidate, clear: set[str], context: Context) -> Place:
    """Of cities of one name: the one of a country that the text names, of the text's own country, near, large."""
    if len(candidate.places) == 1:
        return candidate.places[0]
    named = set(clear)
    segment = context.segment(candidate.start, candidate.end)
    if (
        segment is not None
        and segment[0] == "location"
        and (code := _CODE.search(context.text, candidate.end, segment[2]))
    ):
        named.add(code.group(1))
    home = context.country_hint or _HOME.get(context.language, "")

    def weight(place: Place) -> float:
        return (
            log10(place.people + 1) + 4 * (place.country in named) + 2 * (place.country == home)
            + (place.country in REGION) - 3 * place.alias - 0.1 * candidate.places.index(place)
        )  # fmt: skip

    return max(candidate.places, key=weight)


def _longest(found: list[Candidate], context: Context) -> list[Candidate]:
    """The longest of those that overlap, none inside an address or a handle, in the order of the text."""
    busy = sorted((match.start, match.end) for match in context.entities if match.kind in _INSIDE)
    starts = [start for start, _ in busy]
    kept: list[Candidate] = []
    for candidate in sorted(found, key=lambda each: (each.start, -each.end)):
        near = bisect_left(starts, candidate.end) - 1
        if near >= 0 and busy[near][1] > candidate.start:
            continue
        if kept and candidate.start < kept[-1].end:
            if candidate.end - candidate.start <= kept[-1].end - kept[-1].start:
                continue
            kept.pop()
        kept.append(candidate)
    return kept


def _same(one: Candidate, other: Candidate) -> bool:
    return bool(one.places and other.places and one.places[0].value == other.places[0].value)


def _beside(lower: str, one: Candidate, other: Candidate) -> bool:
    """Whether two names stand in one list: only a comma, a slash, `and` or a space between."""
    first, second = (one, other) if one.start < other.start else (other, one)
    gap = lower[first.end : second.start]
    return len(gap) <= 6 and _LIST.fullmatch(gap) is not None


def _alone(context: Context, candidate: Candidate) -> bool:
    """Whether the name begins a field for places, as that of a job does: `Reading, GB`."""
    segment = context.segment(candidate.start, candidate.end)
    return segment is not None and segment[0] == "location" and segment[1] == candidate.start


def _shouting(text: str) -> bool:
    """Whether the cased letters are nearly all capitals, so that a capital tells nothing."""
    head = text[:400]
    upper = len(_CAPITAL.findall(head)) if head.isascii() else len(_capitals().findall(head))
    return upper > 20 and upper > 4 * sum(map(str.islower, head))


@cache
def _capitals() -> re.Pattern[str]:
    """The capital letters of all scripts of the basic plane."""
    return re.compile("[" + "".join(filter(str.isupper, map(chr, range(0x10000)))) + "]")


def _word_before(lower: str, start: int) -> str:
    head = lower[max(0, start - 16) : start]
    if not head or head[-1] not in " \t(:\u00a0":
        return ""
    parts = head.split()
    return parts[-1].strip("(:,.!") if parts else ""


def _word_after(lower: str, end: int) -> str:
    tail = lower[end : end + 16]
    if not tail or tail[0] not in " \t":
        return ""
    parts = tail.split()
    return parts[0].strip("),.:!") if parts else ""


recogniser("location", version=1)(Location)
