"""The age that is asked for, as `18-35`; `18-` where only the least is named, `-35` where only the most.

A number is an age beside a word for age or for years old; ages of one person (`22 years old`) are kept as `22-22`.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from nlp import data
from nlp.context import Context, Match, recogniser
from nlp.entities.figures import digit_runs, western
from nlp.entities.finder import Finder
from nlp.entities.spans import Spans
from nlp.entities.stepwise import Stepwise
from nlp.trie import Trie

__all__ = ["Age"]

_FILE: Final = Path(__file__).parent / "data" / "age.yaml"
_LETTER: Final = re.compile(r"[^\W\d_]")
_GAP: Final = " \t:：="
_WIDEST: Final = 18
"""Characters between a word for age and its number, or the limit that stands before that."""
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
    """An alternation; words of Latin or Cyrillic letters stand where words do."""
    lettered: list[str] = []
    others: list[str] = []
    for word in sorted(words, key=len, reverse=True):
        first, last = _edges(word)
        (lettered if first else others).append(re.escape(word) + (r"(?![^\W\d_])" if last else ""))
    # One look behind for all: the machine of `re` passes over a branch quickly only where that begins with a letter.
    if lettered:
        others.append(rf"(?<![^\W\d_])(?:{'|'.join(lettered)})")
    return "|".join(others)


class _Word(NamedTuple):
    """What a word before a number is, and whether no letter may stand beside its first and its last."""

    before: bool
    limit: bool
    first: bool
    last: bool


class _Said(NamedTuple):
    """What is said before a number: how long that is with a word for age, and where the limit begins; -1 without one."""

    before: int
    limit: int


_NOTHING: Final = _Said(0, -1)


class _Spoken:
    """The words of a text that stand before ages, and its numbers."""

    def __init__(self, lower: str, trie: "Trie[_Word]", starts: list[int]) -> None:
        self._lower = lower
        self._starts = starts
        """Where digits begin."""
        self._words: dict[int, list[tuple[int, _Word]]] = {}
        """By their starts, the longest last."""
        self._limits: dict[int, list[int]] = {}
        """Where limits begin, by the number right behind them."""
        size = len(lower)
        for start, end, word in trie.find(lower):
            if (word.first and start and _LETTER.match(lower, start - 1)) or (
                word.last and end < size and _LETTER.match(lower, end)
            ):
                continue
            self._words.setdefault(start, []).append((end, word))
            if word.limit:
                number = self.number(end)
                if end <= number <= end + 3 and not lower[end:number].strip(_GAP):
                    self._limits.setdefault(number, []).append(start)
        for limits in self._limits.values():
            limits.sort()

    def begins(self, limited: bool) -> list[int]:
        """Where words for age begin, and limits too if they are asked for."""
        return [at for at, found in self._words.items() if limited or any(word.before for _, word in found)]

    def number(self, at: int) -> int:
        """Where the next digits begin; -1 where none do."""
        place = bisect_left(self._starts, at)
        return self._starts[place] if place < len(self._starts) else -1

    def said(self, at: int, number: int, limited: bool) -> _Said | None:
        """What the words that begin at `at` say of the number behind them; None where they do not reach it."""
        lower = self._lower
        limits = self._limits.get(number, []) if limited else []
        for end, word in reversed(self._words[at]):
            if word.before:
                # The first limit there is, if there is one.
                limit = next((start for start in limits if start >= end), -1)
                reach = number if limit < 0 else limit
                if reach - end <= _WIDEST and lower.find("\n", end, reach) < 0:
                    return _Said(reach - at, limit)
        return _Said(0, at) if at in limits else None


def _windows(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """What is read around the numbers: all that an age with its words can take, ranges that touch joined."""
    windows: list[tuple[int, int]] = []
    for at in numbers:
        start = max(0, at - 34)
        if windows and start <= windows[-1][1]:
            start = windows.pop()[0]
        windows.append((start, at + 44))
    return windows


class Age(Stepwise):
    """The recogniser: every age band, and every limit; none of contacts, places or pay."""

    def __init__(self) -> None:
        words = data.document(_FILE, Words)
        gap = r"[ \t:\uff1a=]{0,3}"
        self._hints = Finder((*words.before, *words.after, *words.at_least_after, *words.at_most_after))
        after = rf"(?P<after>{gap}(?:{_any(words.after)}))?"
        first, last = r"(?<![\d/+$])(?<!\d[.,])", r"(?![\d%,./]?\d)"
        self._range = re.compile(
            rf"{first}(?P<low>\d{{2}})(?:{gap}(?:{_any(words.after)}))?"
            rf"{gap}(?:{_any(words.between)}){gap}(?P<high>\d{{2}}){last}{after}"
        )
        self._one = re.compile(
            rf"{first}(?P<age>\d{{2}}){last}"
            rf"{after}(?P<limit_after>{gap}(?:{_any((*words.at_most_after, *words.at_least_after))}))?"
        )
        before, limits = frozenset(words.before), frozenset((*words.at_most, *words.at_least))
        self._words = Trie((word, _Word(word in before, word in limits, *_edges(word))) for word in before | limits)
        self._most = frozenset((*words.at_most, *words.at_most_after))
        self._least = frozenset((*words.at_least, *words.at_least_after))
        self._not_before = words.not_before
        self._not_after = words.not_after
        super().__init__("age", self._numbers, self._speak, self._ages)

    def _numbers(self, context: Context) -> tuple[list[int], list[tuple[int, int]]] | None:
        """(where digits begin that may be an age, the windows around those that have a word for age near them)."""
        lower = western(context)
        runs = digit_runs(context)
        pairs = [(start, end) for start, end in runs if end - start > 1 and _apart(lower, start)]
        numbers = [start for start, end in pairs if end - start == 2 and "1" <= lower[start] <= "7"]
        near = self._near(lower, numbers) if numbers else []
        return ([start for start, _ in pairs], _windows(near)) if near else None

    def _speak(
        self, context: Context, seen: tuple[list[int], list[tuple[int, int]]]
    ) -> tuple[list[int], list[tuple[int, int]], _Spoken]:
        """Find the words that stand before ages."""
        spoken = _Spoken(western(context), self._words, [start for start, _ in digit_runs(context)])
        return *seen, spoken

    def _ages(self, context: Context, seen: tuple[list[int], list[tuple[int, int]], _Spoken]) -> Iterator[Match]:
        lower = western(context)
        pairs, windows, spoken = seen
        busy = [(match.start, match.end) for match in context.entities if match.kind != "location"]
        for pattern, read, limited in ((self._range, self._band, False), (self._one, self._limit, True)):
            begins = sorted([*pairs, *spoken.begins(limited)])
            taken = Spans(busy)
            for said, match in _matches(pattern, lower, begins, spoken, windows, limited):
                found = read(said, match)
                if found is None or taken.overlap(found.start, found.end):
                    continue
                if self._free(lower, found.start, found.end, context):
                    busy.append((found.start, found.end))
                    yield found

    def _near(self, lower: str, numbers: list[int]) -> list[int]:
        """The numbers that have a word for age near them."""
        starts = sorted(start for start, _, _ in self._hints.find(lower))
        if not starts:
            return []
        near = []
        for at in numbers:
            place = bisect_left(starts, at - 30)
            if place < len(starts) and starts[place] <= at + 14:
                near.append(at)
        return near

    def _band(self, said: _Said, match: re.Match[str]) -> Match | None:
        low, high = int(match["low"]), int(match["high"])
        if not (said.before or match["after"]) or not _LEAST <= low < high <= _MOST:
            return None
        start, end = match.start("low"), match.end("after") if match["after"] else match.end("high")
        sure = 0.95 if said.before else 0.85
        return Match(kind="age", value=f"{low}-{high}", start=start, end=end, confidence=sure)

    def _limit(self, said: _Said, match: re.Match[str]) -> Match | None:
        age = int(match["age"])
        if not _LEAST <= age <= _MOST or not (said.before or match["after"]):
            return None
        start = match.start("age")
        limits = [(match["limit_after"] or "").strip(_GAP)]
        if said.limit >= 0:
            limits.append(match.string[said.limit : start].strip(_GAP))
            start = said.limit
        if not any(limits) and (not said.before or (not match["after"] and said.before > 12)):
            return None
        end = max(match.end(name) for name in ("age", "after", "limit_after"))
        most, least = any(x in self._most for x in limits), any(x in self._least for x in limits)
        value = f"-{age}" if most else f"{age}-" if least else f"{age}-{age}"
        return Match(kind="age", value=value, start=start, end=end, confidence=0.85)

    def _free(self, lower: str, start: int, end: int, context: Context) -> bool:
        """Whether neither the words before nor those behind make the number something else."""
        if context.crosses(start, end):
            return False
        head = lower[max(0, start - 20) : start].removesuffix("\n")
        said = head.rstrip(" \t:")
        if len(head) - len(said) <= 2 and said.endswith(self._not_before):
            begin = max(0, start - 20)
            for word in self._not_before:
                at = begin + len(said) - len(word)
                if said.endswith(word) and not (at and _edges(word)[0] and _LETTER.match(lower, at - 1)):
                    return False
        at = end
        while at < end + 2 and lower[at : at + 1] in (" ", "\t"):
            at += 1
        if lower.startswith(self._not_after, at):
            for word in self._not_after:
                first, last = _edges(word)
                if (
                    lower.startswith(word, at)
                    and not (first and _LETTER.match(lower, at - 1))
                    and not (last and _LETTER.match(lower, at + len(word)))
                ):
                    return False
        return True


def _edges(word: str) -> tuple[bool, bool]:
    """Whether a word begins, and whether it ends, with a Latin or Cyrillic letter: no letter goes on beside it."""
    return word[0].isalpha() and ord(word[0]) < 0x530, word[-1].isalpha() and ord(word[-1]) < 0x530


def _apart(lower: str, start: int) -> bool:
    """Whether what stands before a number lets it be one by itself: no fraction, sum or sign of money."""
    before = lower[start - 1 : start]
    return before not in ("/", "+", "$") and not (before in (".", ",") and lower[start - 2 : start - 1].isdecimal())


def _matches(
    pattern: re.Pattern[str],
    lower: str,
    begins: list[int],
    spoken: _Spoken,
    windows: list[tuple[int, int]],
    limited: bool,
) -> Iterator[tuple[_Said, re.Match[str]]]:
    """What a pattern matches in the windows, tried only where it may begin; each place once, so the time is linear."""
    reach = 0
    for first, last in windows:
        for at in begins[bisect_left(begins, first) : bisect_left(begins, last)]:
            if at < reach:
                continue
            number = spoken.number(at)
            if number < 0:
                return
            said = _NOTHING if number == at else spoken.said(at, number, limited)
            match = None if said is None else pattern.match(lower, number, last)
            if said is not None and match is not None:
                reach = match.end()
                yield said, match


recogniser("age", version=1)(Age)
