"""The age that is asked for, as `18-35`; `18-` where only the least is named, `-35` where only the most.

A number is an age beside a word for age or for years old; ages of one person (`22 years old`) are kept as `22-22`.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from nlp import data
from nlp.context import Context, Match, recogniser
from nlp.entities.finder import Finder
from nlp.entities.salary import western_digits
from nlp.entities.spans import Spans
from nlp.trie import Trie

__all__ = ["Age"]

_FILE: Final = Path(__file__).parent / "data" / "age.yaml"
_TWO: Final = re.compile(r"[1-7](?<![\d/+$].)(?<!\d[.,].)\d(?!\d)")
_DIGITS: Final = re.compile(r"(?<![\d/+$])(?<!\d[.,])\d{2}")
_LEAST, _MOST = 14, 75


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the keys mean stands in data/age.yaml."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    between: tuple[str, ...]
    at_most: tuple[str, ...]
    at_least: tuple[str, ...]
    at_most_after: tuple[str, ...]
    at_least_after: tuple[str, ...]
    not_before: tuple[str, ...]
    not_after: tuple[str, ...]


def _any(words: Iterable[str]) -> str:
    """An alternation; words of Latin or Cyrillic letters end where letters do."""
    parts = []
    for word in sorted(words, key=len, reverse=True):
        plain = word[-1].isalpha() and ord(word[-1]) < 0x530
        first = word[0].isalpha() and ord(word[0]) < 0x530
        parts.append((r"(?<![^\W\d_])" if first else "") + re.escape(word) + (r"(?![^\W\d_])" if plain else ""))
    return "|".join(parts)


class _Begins:
    """Where a match may begin, found in one pass: at a word for age, at a limit, at two digits."""

    def __init__(self, before: Iterable[str], limits: Iterable[str]) -> None:
        words = dict.fromkeys(limits, True) | dict.fromkeys(before, False)
        self._trie = Trie((word, (len(word), limit)) for word, limit in words.items())

    def of(self, lower: str, windows: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
        """(the places in the windows where an age may begin, those where a limit may begin as well), ascending."""
        ages: set[int] = set()
        limits: set[int] = set()
        for start, end in windows:
            ages.update(match.start() for match in _DIGITS.finditer(lower, start, end))
            for last, (length, limit) in self._trie.iter(lower[start:end]):
                (limits if limit else ages).add(start + last + 1 - length)
        return sorted(ages), sorted(ages | limits)


def _windows(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """What is read around the numbers: all that an age with its words can take, ranges that touch joined."""
    windows: list[tuple[int, int]] = []
    for at in numbers:
        start = max(0, at - 34)
        if windows and start <= windows[-1][1]:
            start = windows.pop()[0]
        windows.append((start, at + 44))
    return windows


def _matches(
    patterns: tuple[re.Pattern[str], re.Pattern[str]], lower: str, begins: list[int], windows: list[tuple[int, int]]
) -> Iterator[re.Match[str]]:
    """What a pattern matches in the windows, tried only where it may begin; each place once, so the time is linear.

    `patterns` are the whole one, and its end that begins with a digit.
    """
    whole, bare = patterns
    reach = 0
    for start, end in windows:
        for at in begins[bisect_left(begins, start) : bisect_left(begins, end)]:
            if at < reach:
                continue
            match = (bare if lower[at].isdigit() else whole).match(lower, at, end)
            if match is not None:
                reach = match.end()
                yield match


class Age:
    """The recogniser."""

    def __init__(self) -> None:
        words = data.document(_FILE, Words)
        gap = r"[ \t:\uff1a=]{0,3}"
        self._hints = Finder((*words.before, *words.after, *words.at_least_after, *words.at_most_after))
        self._longest = max(map(len, (*words.before, *words.after, *words.at_least_after, *words.at_most_after)))
        before = rf"(?P<before>(?:{_any(words.before)})[^\d\n]{{0,18}}"
        after = rf"(?P<after>{gap}(?:{_any(words.after)}))?"
        first, last = r"(?<![\d/+$])(?<!\d[.,])", r"(?![\d%,./]?\d)"
        never = r"(?P<before>(?!))?"
        band = (
            rf"{first}(?P<low>\d{{2}})(?:{gap}(?:{_any(words.after)}))?"
            rf"{gap}(?:{_any(words.between)}){gap}(?P<high>\d{{2}}){last}{after}"
        )
        self._range = re.compile(rf"{before})?{band}"), re.compile(never + band)
        one = (
            rf"{first}(?P<age>\d{{2}}){last}"
            rf"{after}(?P<limit_after>{gap}(?:{_any((*words.at_most_after, *words.at_least_after))}))?"
        )
        limit = rf"(?P<limit>(?:{_any((*words.at_most, *words.at_least))}){gap})?"
        self._one = re.compile(rf"{before}?)?{limit}{one}"), re.compile(never + "(?P<limit>(?!))?" + one)
        self._begins = _Begins(words.before, (*words.at_most, *words.at_least))
        self._most = frozenset((*words.at_most, *words.at_most_after))
        self._least = frozenset((*words.at_least, *words.at_least_after))
        self._not_before = re.compile(rf"(?:{_any(words.not_before)})[ \t:]{{0,2}}$")
        self._not_after = re.compile(rf"[ \t]{{0,2}}(?:{_any(words.not_after)})")

    def recognise(self, context: Context) -> Iterable[Match]:
        """Every age band, and every limit; none of contacts, places or pay."""
        lower = western_digits(context.lower)
        numbers = [match.start() for match in _TWO.finditer(lower)]
        if not numbers:
            return
        near = self._near(lower, numbers)
        if not near:
            return
        windows = _windows(near)
        ages, limits = self._begins.of(lower, windows)
        busy = [(match.start, match.end) for match in context.entities if match.kind != "location"]
        for patterns, read, begins in ((self._range, self._band, ages), (self._one, self._limit, limits)):
            taken = Spans(busy)
            for match in _matches(patterns, lower, begins, windows):
                found = read(match)
                if found is None or taken.overlap(found.start, found.end):
                    continue
                if self._free(lower, found.start, found.end, context):
                    busy.append((found.start, found.end))
                    yield found

    def _near(self, lower: str, numbers: list[int]) -> list[int]:
        """The numbers that have a word for age near them."""
        starts: list[int] = []
        reach = 0
        for at in numbers:
            # From one character before the first place where a word may begin, to the end of the longest.
            first, last = max(reach, at - 31, 0), at + 15 + self._longest
            if last > reach:
                starts += [first + start for start, _, _ in self._hints.find(lower[first:last])]
                reach = last - self._longest
        if not starts:
            return []
        starts.sort()
        near = []
        for at in numbers:
            place = bisect_left(starts, at - 30)
            if place < len(starts) and starts[place] <= at + 14:
                near.append(at)
        return near

    def _band(self, match: re.Match[str]) -> Match | None:
        low, high = int(match["low"]), int(match["high"])
        if not (match["before"] or match["after"]) or not _LEAST <= low < high <= _MOST:
            return None
        start, end = match.start("low"), match.end("after") if match["after"] else match.end("high")
        sure = 0.95 if match["before"] else 0.85
        return Match(kind="age", value=f"{low}-{high}", start=start, end=end, confidence=sure)

    def _limit(self, match: re.Match[str]) -> Match | None:
        age = int(match["age"])
        limits = [(match[name] or "").strip(" \t:=：") for name in ("limit", "limit_after")]
        if not _LEAST <= age <= _MOST or not (match["before"] or match["after"]):
            return None
        if not any(limits) and (not match["before"] or (not match["after"] and len(match["before"]) > 12)):
            return None
        start = match.start("limit") if match["limit"] else match.start("age")
        end = max(match.end(name) for name in ("age", "after", "limit_after"))
        most, least = any(x in self._most for x in limits), any(x in self._least for x in limits)
        value = f"-{age}" if most else f"{age}-" if least else f"{age}-{age}"
        return Match(kind="age", value=value, start=start, end=end, confidence=0.85)

    def _free(self, lower: str, start: int, end: int, context: Context) -> bool:
        return (
            not context.crosses(start, end)
            and not self._not_before.search(lower, max(0, start - 20), start)
            and not self._not_after.match(lower, end)
        )


recogniser("age", version=1)(Age)
