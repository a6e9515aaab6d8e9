"""Locations: hubs, towns on the way, countries and cities, in every script, with `Name, CC` as the value.

A name is first a candidate; what it needs to be read as a place (its grade) is decided with what stands beside it and
with the other places of the text: nlp/places/gazetteer.py gives the grades, nlp/places/cues.yaml the words.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from math import log10
from pathlib import Path
from typing import Final

import msgspec

from nlp.context import Context, Match, recogniser
from nlp.entities.finder import Finder
from nlp.places.gazetteer import REGION, Place, gazetteer
from nlp.places.words import WORD, script_of

__all__ = ["Location"]

_INSIDE: Final = frozenset(
    ("url", "email", "telegram", "wechat", "line", "kakao", "qq", "facebook", "instagram", "tiktok", "discord")
)
_JOIN: Final = re.compile(r"[ \t\u00a0]?[-'’.,&/·]?[ \t\u00a0]?|[ \t\u00a0]{1,3}")
_NAME_JOIN: Final = re.compile(r"(?:[ \t\u00a0]|[-'’ʼ·‐‑.]|\. )")
_LIST: Final = re.compile(
    r"[ \t]*[,/&、，()（+|–-][ \t(]*|[ \t]+(?:dan|and|và|y|e|и|na|at|or|atau|or|und)[ \t]+|[ \t]+"
)
_MARKS: Final = re.compile(
    r"[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u17b6-\u17d3\u102b-\u103e]"
)
_LEADING: Final = re.compile(r"[เ-ไເ-ໄ\u17d2\u1039]")
_HOME: Final = {
    "id": "ID", "ms": "MY", "th": "TH", "vi": "VN", "tl": "PH", "fil": "PH", "my": "MM", "lo": "LA", "km": "KH", "ko": "KR",
    "ja": "JP", "hi": "IN", "bn": "BD", "ur": "PK", "ne": "NP", "si": "LK", "ta": "IN", "am": "ET", "sw": "KE", "pt": "BR",
    "ru": "RU", "zh": "CN", "zh-Hant": "TW", "es": "ES", "pl": "PL", "de": "DE", "fr": "FR",
}  # fmt: skip
_CAPITAL: Final = re.compile("[A-Z]")
_DENSE: Final = re.compile(r"[\u0e00-\u109f\u1780-\u17ff\u3041-\ud7a3\uf900-\ufaff]")
_CODE: Final = re.compile(r", ?([A-Z]{2})$")
# A state of the United States behind a town: Phoenix, AZ.
_STATE: Final = re.compile(
    r", ?(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY])\b"
)
# `PP` is there and back behind these, and no town.
_RETURN: Final = re.compile(r"(?:tiket|ticket|pesawat|pulang|transport|flight|ongkos)\s\Z")
_RANK: Final = frozenset("市县縣区區镇鎮州")
_ARROWS: Final = ("→", "->", "➡", "⇒", "=>", "»")
_PINS: Final = ("📍", "📌", "lokasi:", "location:")
_CONFIDENCE: Final = {"sure": 0.95, "capital": 0.85, "sign": 0.8, "context": 0.8}


class Candidate(msgspec.Struct):
    """A name in the text and what it may mean."""

    start: int
    end: int
    places: tuple[Place, ...]
    script: str
    capital: bool = False
    at: bool = False
    origin: bool = False
    via: bool = False
    taken: bool = False


class Location:
    """The recogniser. Raises DataError where the places, or those of the analyst's folder, do not fit their schema."""

    def __init__(self, lexicon: Path | None = None) -> None:
        self.gazetteer = gazetteer(lexicon)
        self.named: Counter[str] = Counter()
        self.clear: Counter[str] = Counter()
        cues = self.gazetteer.cues
        self._job = Finder((*cues.job, *cues.job_unspaced))

    def recognise(self, context: Context) -> Iterable[Match]:
        """Every place named in the text, none of those inside addresses and handles."""
        text, lower = context.text, context.lower
        words = list(WORD.finditer(lower))
        found = [*self._spaced(text, lower, words), *self._unspaced(context, lower)]
        if not found:
            return []
        found = _longest([candidate for candidate in found if candidate.places], context)
        if not found:
            return []
        shouting = _shouting(text)
        for candidate in found:
            self._signs(candidate, text, lower, shouting)
        self._settle(found, context, lower)
        return [match for candidate in found if candidate.taken and (match := self._match(candidate, context))]

    def _spaced(self, text: str, lower: str, words: list[re.Match[str]]) -> Iterator[Candidate]:
        """Names of scripts with spaces between words, the longest at each place."""
        places = self.gazetteer
        spaced, forms, looked = places.spaced, places.forms, places.looked
        tags = "#" in lower
        skip = -1
        for number, match in enumerate(words):
            if number <= skip:
                continue
            known = looked[match[0]]
            if known is None and not tags:
                continue
            single, several = known or ((), False)
            start, end = match.span()
            if several:
                last, key = number, match[0]
                best: tuple[int, tuple[str, ...]] | None = None
                while last + 1 < len(words) and last - number < places.longest - 1:
                    gap = lower[words[last].end() : words[last + 1].start()]
                    if not _NAME_JOIN.fullmatch(gap):
                        break
                    last += 1
                    key += " " + words[last][0]
                    if key in spaced:
                        best = (last, (key,))
                    elif not key.isascii():
                        if with_affix := forms(key):
                            best = (last, with_affix)
                    elif last == number + 1 and key not in places.pairs:
                        break
                if best is not None:
                    skip = best[0]
                    yield self._candidate(start, words[skip].end(), best[1][0], text)
                    continue
            if not single and start and lower[start - 1] == "#" and end - start <= 40:
                yield from self._hashtag(lower, start, end, text)
                continue
            if single and not _in_handle(lower, start, end):
                yield self._candidate(start, end, single[0], text)

    def _hashtag(self, lower: str, start: int, end: int, text: str) -> Iterator[Candidate]:
        """The name of a hub or a country at the end of a tag: #lokerkamboja."""
        for begin in range(start + 2, end - 4):
            tail = lower[begin:end]
            if tail in self.gazetteer.spaced:
                found = self._candidate(begin, end, tail, text)
                if found.places and found.places[0].kind != "city" and found.places[0].grade == "sure":
                    yield found
                    return

    def _candidate(self, start: int, end: int, key: str, text: str) -> Candidate:
        found = self.gazetteer.places(key, self.gazetteer.spaced[key])
        surface = text[start:end]
        capital = not any(part[0].islower() for part in WORD.findall(surface) if len(part) > 2 or " " not in surface)
        return Candidate(start, end, found, script_of(surface), capital)

    def _unspaced(self, context: Context, lower: str) -> Iterator[Candidate]:
        """Names of scripts without spaces, at borders of syllables; short names of cities at borders of words."""
        if _DENSE.search(lower) is None:
            return
        cues = self.gazetteer.cues
        for last, (key, ref) in self.gazetteer.automaton.iter(lower):
            end = last + 1
            start = end - len(key)
            script = script_of(key)
            if not _whole(lower, start, end, script, cues.hangul_particles):
                continue
            found = self.gazetteer.places(key, ref)
            if not found:
                continue
            if script == "han" and len(key) <= 2 and found[0].kind == "city" and not _on_words(context, start, end):
                continue
            if script in ("thai", "lao", "khmer", "myanmar") and len(key) <= 4 and not _on_words(context, start, end):
                continue
            # Two Han characters that are also a word are a small town only with its rank behind them.
            if script == "han" and found[0].grade == "sign" and lower[end : end + 1] not in _RANK:
                continue
            if found[0].kind != "hub" and (
                lower.startswith(cues.not_after_unspaced, end)
                or lower.endswith(cues.not_before_unspaced, max(0, start - 12), start)
            ):
                continue
            yield Candidate(start, end, found, script, True)

    def _signs(self, candidate: Candidate, text: str, lower: str, shouting: bool) -> None:
        """What stands beside a name: a preposition of place, of origin, a word that makes it no place."""
        cues = self.gazetteer.cues
        start, end = candidate.start, candidate.end
        before, after = _word_before(lower, start), _word_after(lower, end)
        if shouting:
            candidate.capital = False
        spaced = candidate.script not in ("han", "kana", "thai", "lao", "khmer", "myanmar")
        if spaced and before in cues.not_before and candidate.places[0].kind != "hub":
            candidate.places = ()
            return
        if spaced and after in cues.not_after:
            candidate.places = ()
            return
        head = lower[max(0, start - 12) : start].rstrip()
        tail = lower[end : end + 8].lstrip()
        candidate.at = (
            before in cues.at
            or before in cues.from_
            or before in cues.to
            or after in cues.at_after
            or head.endswith((*cues.at_before_unspaced, *_PINS))
            or tail.startswith(cues.at_after_unspaced)
            or (spaced and text.startswith(",", end) and _STATE.match(text, end) is not None)
        )
        candidate.origin = (
            before in cues.from_
            or after in cues.from_after
            or head.endswith(cues.from_before_unspaced)
            or tail.startswith(cues.from_after_unspaced)
            or (candidate.script == "ethiopic" and lower[start] == "ከ" and end - start > 3)
        )
        # A route with arrows: the first is where it begins, those in the middle are on the way.
        onward, reached = tail.startswith(_ARROWS), head.endswith(_ARROWS)
        candidate.origin = candidate.origin or (onward and not reached)
        candidate.via = (
            (onward and reached)
            or before in cues.via
            or after in cues.via_after
            or head.endswith(cues.via_before_unspaced)
            or tail.startswith(cues.via_after_unspaced)
        )
        surface = lower[start:end]
        if surface in cues.first_names and candidate.capital and not candidate.at:
            follower = text[end : end + 2]
            if len(follower) == 2 and follower[0] == " " and follower[1].isupper():
                candidate.places = ()

    def _settle(self, found: list[Candidate], context: Context, lower: str) -> None:
        """Take the sure ones, then those that need a sign, then those that need the others."""
        named: Counter[str] = Counter()
        self.named = named
        self.clear = Counter(each.places[0].country for each in found if len(each.places) == 1)
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
                named[place.country] += 1
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
                named[candidate.places[0].country] += 1
        if waiting:
            self._settle_context(found, waiting, context, lower)

    def _neighbours(self, found: list[Candidate], number: int, lower: str) -> Iterator[Candidate]:
        """The names that stand in one list with a name."""
        for other in found[max(0, number - 1) : number] + found[number + 1 : number + 2]:
            if not _same(other, found[number]) and _beside(lower, found[number], other):
                yield other

    def _settle_context(self, found: list[Candidate], waiting: list[int], context: Context, lower: str) -> None:
        """Short and common names: with another place of their country or of a hub country, or in a post about jobs."""
        hub_countries = self.gazetteer.cues.hub_countries
        named = self.named
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
            near = named[candidate.places[0].country] > 0 or any(named[country] for country in hub_countries)
            listed = any(True for _ in self._neighbours(found, number, lower))
            candidate.taken = near or (job and (candidate.at or listed)) or _alone(context, candidate)

    def _match(self, candidate: Candidate, context: Context) -> Match | None:
        place = _likeliest(candidate, self.clear, context)
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


def _likeliest(candidate: Candidate, clear: Counter[str], context: Context) -> Place:
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


def _in_handle(lower: str, start: int, end: int) -> bool:
    before = lower[start - 1] if start else " "
    after = lower[end] if end < len(lower) else " "
    if before in "@_=\\" or after in "_@=" or (before == "/" and start > 1 and lower[start - 2] in "/:"):
        return True
    dotted = after == "." and end + 1 < len(lower) and lower[end + 1].isalnum() and lower[end + 1].isascii()
    return dotted or (before == "." and start > 1 and lower[start - 2].isalnum() and lower[start - 2].isascii())


def _whole(lower: str, start: int, end: int, script: str, particles: frozenset[str]) -> bool:
    """Whether a name in a script without spaces begins and ends where a syllable, a word or a run does."""
    before = lower[start - 1] if start else " "
    after = lower[end] if end < len(lower) else " "
    if script == "hangul":
        if "가" <= before <= "힣":
            return False
        stop = end
        while stop < len(lower) and stop - end < 7 and "가" <= lower[stop] <= "힣":
            stop += 1
        return lower[end:stop] in particles
    if script == "kana":
        return not ("ァ" <= before <= "ヺ" or before == "ー" or "ァ" <= after <= "ヺ" or after == "ー")
    if script == "han":
        return not (lower[start].isascii() and before.isascii() and before.isalnum())
    return not (_MARKS.match(after) or _LEADING.match(before))


def _on_words(context: Context, start: int, end: int) -> bool:
    """Whether both ends are borders of words."""
    words = context.words(start, end)
    return bool(words) and words[0][1] == start and words[-1][2] == end


def _shouting(text: str) -> bool:
    """Whether the cased letters are nearly all capitals, so that a capital tells nothing."""
    head = text[:400]
    upper = len(_CAPITAL.findall(head)) if head.isascii() else sum(map(str.isupper, head))
    return upper > 20 and upper > 4 * sum(map(str.islower, text[:400]))


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
