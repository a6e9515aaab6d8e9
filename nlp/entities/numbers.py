"""Numbers by which somebody can be called, with the names they stand under: one reading for all kinds that have them."""

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import Final

import msgspec

from nlp.context import Context
from nlp.data import rows
from nlp.entities.chains import CHAINS
from nlp.entities.digits import WIDEST, Atom, atoms, loose, tight
from nlp.entities.links import links
from nlp.entities.names import DATA, Name, Names, bordered, names, standing
from nlp.entities.naming import Naming
from nlp.entities.plans import CALLING_CODES, Number, international, national
from nlp.entities.regions import Regions, regions
from nlp.entities.soundness import EXTENSION, sound
from nlp.entities.soundness import dates as dates_in
from nlp.entities.spans import Spans
from nlp.entities.unusual import unusual
from nlp.trie import Trie

__all__ = ["Called", "Numbers", "numbers"]

# After a short continuation: it is a time, a share or a count.
_UNIT: Final = re.compile(r"[^\W_]|[%:-]|[.,]\d")
_PLUS: Final = re.compile(r"(?:[+➕]|plus|плюс|플러스|プラス|cộng|บวก|प्लस|プラス)[\s(\-]{0,3}\Z")
# Messengers of one country: their numbers are read there where the text's own countries fail.
_HOMES: Final = {"zalo": "VN", "wechat": "CN", "qq": "CN", "kakao": "KR"}
_MANY: Final = 48
"""Runs of digits with nothing but signs between them, above which they are no number."""
_FEWEST: Final = 4
"""Digits of the shortest numbers."""


class ContextRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of number_context.yaml."""

    kind: str
    side: str
    source: str
    words: list[str]


class Called(msgspec.Struct):
    """A number in the text. `kinds` are the names it stands under: empty where none."""

    start: int
    end: int
    digits: str
    number: Number | None
    signed: bool
    kinds: list[str]
    undone: tuple[str, ...] = ()
    inherited: bool = False


class Numbers:
    """Reads the numbers of a text once; the kinds take their own from it."""

    def __init__(self, lexicon: Path | None = None) -> None:
        self.names: Names = names(lexicon)
        self.regions: Regions = regions(lexicon)
        self.naming = Naming(self.names)
        table: dict[str, list[tuple[str, str]]] = {}
        for row in rows(DATA / "number_context.yaml", ContextRow, lexicon):
            for word in row.words:
                table.setdefault(word.lower(), []).append((row.side, row.kind))
        self.around = Trie((word, {kind for side, kind in uses if side == "before"}) for word, uses in table.items())
        """What each word says of the number behind it: nothing, where it only stands behind numbers itself."""
        self.behind: dict[str, list[tuple[str, set[str]]]] = {}
        """The words that stand behind numbers, by their first letters."""
        for word, uses in table.items():
            if kinds := {kind for side, kind in uses if side == "after"}:
                self.behind.setdefault(word[0], []).append((word, kinds))

    def names_in(self, context: Context) -> list[Name]:
        """The names in the text, ascending."""
        found = context.cache.get("names")
        if found is None:
            found = self.names.find(context.lower)
            if found and (taken := links(context)):
                inside = Spans((link.start, link.end) for link in taken)
                found = [name for name in found if name.start not in inside]
            context.cache["names"] = found
        return found

    def atoms_in(self, context: Context) -> list[Atom]:
        """The runs of digits outside links and e-mail addresses."""
        found = context.cache.get("atoms")
        if found is None:
            runs = atoms(context, self.names_in(context), self.names)
            if runs:
                taken = [(link.start, link.end) for link in links(context)]
                taken += [(match.start, match.end) for match in context.kinds("email", *CHAINS)]
                if taken:
                    inside = Spans(taken)
                    runs = [run for run in runs if run.start not in inside]
            found = context.cache["atoms"] = runs
        return found

    def read(self, context: Context) -> list[Called]:
        """The numbers of the text, ascending."""
        found = context.cache.get("numbers")
        if found is None:
            runs = self.atoms_in(context)
            total = sum(len(run.digits) for run in runs)
            found = context.cache["numbers"] = list(self._read(context, runs)) if total >= 4 else []
        return found

    def beside(self, context: Context, start: int, end: int) -> set[str]:
        """What the words right before and right after a range say of it: `other`, `pay`, `unit`, `account`."""
        lower = context.lower
        window = max(0, start - 40)
        before = lower[window:start].rstrip(" :.#-=：(\u200b\n*'\"№")
        said: set[str] = set()
        if before.endswith((" no", " nr")):
            before = before[:-3].rstrip(" :.#")  # the sign of numero, and its like
        if before or start > window:
            reach = window + len(before)
            best = 0
            for first, last, kinds in self.around.find(lower[window:start]):
                length = last - first
                if window + last >= reach and length >= best and standing(lower, window + first, window + last):
                    if length > best:
                        said = set()
                    best = length
                    said |= kinds
        tail = lower[end : end + 16]
        after = tail.lstrip(" ")
        shift = end + len(tail) - len(after)
        for word, kinds in self.behind.get(after[:1], ()):
            if after.startswith(word) and standing(lower, shift, shift + len(word)):
                said |= kinds
        return said

    def _read(self, context: Context, runs: list[Atom]) -> Iterator[Called]:
        lower = context.lower
        dates = dates_in(lower, runs)
        previous: Called | None = None
        at = 0
        count = len(runs)
        while at < count:
            stop = at + 1
            first = runs[at]
            # Most are a few digits by themselves, which are no number, nor the end of one.
            if (
                len(first.digits) < _FEWEST
                and not dates
                and (stop == count or runs[stop].start - first.end > WIDEST)
                and (previous is None or first.start - previous.end > WIDEST)
                and "/" not in (near := lower[first.end : first.end + 6])
                and not near.startswith(". ")
            ):
                at = stop
                continue
            while stop < count and stop - at <= _MANY and _together(lower, runs[stop - 1], runs[stop]):
                stop += 1
            if stop - at > _MANY:
                while stop < count and tight(lower[runs[stop - 1].end : runs[stop].start]):
                    stop += 1
                at = stop  # a table of figures, and no number
                continue
            group = runs[at:stop]
            if previous is not None and stop - at == 1 and (more := self._continued(context, previous, runs[at])):
                yield more
                previous = more
                at += 1
                continue
            few = sum(len(run.digits) for run in group) < 6
            found, used = (None, 0) if few else self._first(context, group, dates, previous)
            if found is None:
                odd = unusual(lower, runs, at, dates, lambda: self.regions.order(context)[0])
                if odd is None:
                    at = stop if few else at + 1
                    continue
                start, end, digits, number, used = odd
                kinds = self.naming.of(context, self.names_in(context), start, end)
                found = Called(start, end, digits, number, False, kinds, ("separated",))
            match = EXTENSION.match(lower, found.end)
            if match and found.number:
                found.end = match.end()
            yield found
            previous = found
            at += used
            while at < count and runs[at].start < found.end:
                at += 1

    def _continued(self, context: Context, previous: Called, run: Atom) -> Called | None:
        """`-88/89`, `0812 1111 2222 / 3333`: the last digits of another number, the rest as in the one before."""
        lower = context.lower
        gap = lower[previous.end : run.start]
        size = len(run.digits)
        if (
            previous.number is None
            or not previous.number.valid
            or gap.strip() != "/"
            or len(gap) > 3
            or not 1 < size <= 8
        ):
            return None
        if size < 4 and (_UNIT.match(lower, run.end) or {"unit", "pay"} & self.beside(context, run.start, run.end)):
            return None
        if run.digits[0] == "0" and size > 6:
            return None
        whole = previous.number.e164
        number = international(whole[1:-size] + run.digits)
        if number is None or not number.valid:
            return None
        return Called(
            run.start, run.end, number.e164[1:], number, True, list(previous.kinds), (*previous.undone, "range"), True
        )

    def _first(
        self, context: Context, group: list[Atom], dates: list[tuple[int, int]], previous: Called | None
    ) -> tuple[Called | None, int]:
        """The number that begins with the group's first run, and how many runs it takes."""
        lower = context.lower
        start = group[0].start
        if dates and (near := bisect_right(dates, (start, len(lower)))) and dates[near - 1][1] > start:
            return None, 0
        head = lower[max(0, start - 8) : start]
        plus = _PLUS.search(head) if head else None
        begin = start - len(head) + plus.start() if plus else start
        if not plus and head.endswith("(") and len(group) > 1:
            begin = start - 1
        if begin and bordered(lower[begin - 1]) and not plus and not self._named_until(context, begin):
            return None, 0
        choice: tuple[Number, int] | None = None
        total = 0
        sizes = []
        for atom in group:
            total += len(atom.digits)
            sizes.append(total)
        kinds: list[str] | None = None
        for used in range(len(group), 0, -1):
            if sizes[used - 1] > 17:
                continue
            if sizes[used - 1] < 6:
                break
            digits = "".join(atom.digits for atom in group[:used])
            if kinds is None:
                end = group[used - 1].end
                kinds = self.naming.of(context, self.names_in(context), begin, end)
                if not kinds and previous is not None and previous.kinds and loose(lower[previous.end : begin]):
                    kinds = list(previous.kinds)
            number = self._number(context, digits, bool(plus), kinds, whole=used == len(group))
            if number is None or (
                choice is not None
                and number.valid <= choice[0].valid
                and not (not plus and self._better(group, used, choice[1]))
            ):
                continue
            if (
                choice is None
                or (not plus and self._better(group, used, choice[1]))
                or (number.valid and not choice[0].valid)
            ):
                choice = (number, used)
            if choice[0].valid and (plus or len(group[choice[1] - 1].digits) > 2):
                break
        if choice is None:
            return None, 0
        number, used = choice
        end = group[used - 1].end
        kinds = self.naming.of(context, self.names_in(context), begin, end)
        inherited = False
        if not kinds and previous is not None and previous.kinds and loose(lower[previous.end : begin]):
            kinds, inherited = list(previous.kinds), True
        if not sound(lower, group, used, begin, number, bool(plus), kinds, partial(self.beside, context)):
            return None, 0
        digits = "".join(atom.digits for atom in group[:used])
        return Called(begin, end, digits, number, bool(plus), kinds, _tricks(lower, group[:used]), inherited), used

    def _named_until(self, context: Context, at: int) -> bool:
        ends = context.cache.get("name ends")
        if ends is None:
            ends = context.cache["name ends"] = {name.end for name in self.names_in(context) if name.kind != "none"}
        return at in ends

    @staticmethod
    def _better(group: list[Atom], used: int, longer: int) -> bool:
        """Whether a shorter number is likelier than a longer one whose last run is only one or two digits."""
        return longer > used and longer > 1 and len(group[longer - 1].digits) <= 2 < len(group[longer - 2].digits)

    def _number(self, context: Context, digits: str, plus: bool, kinds: list[str], *, whole: bool) -> Number | None:
        named = bool(kinds)
        if plus:
            if digits.startswith("00"):
                digits = digits[2:]
            return international(digits)
        if digits.startswith("00") and len(digits) > 9:
            found = international(digits.lstrip("0"))
            return found if found and (found.valid or named) else None
        order, spare = self.regions.order(context)
        if digits.startswith("011") and len(digits) > 10 and not {"US", "CA"}.isdisjoint(order):
            found = international(digits[3:])  # dialled from North America
            if found and found.valid:
                return found
        fallback: Number | None = None
        homes = [_HOMES[kind] for kind in kinds if kind in _HOMES]
        for region in [*homes, *order] if "zalo" in kinds else [*order, *homes] if homes else order:
            found = national(digits, region, named)
            if found is not None and found.mobile:
                return found
            fallback = fallback or found
        if fallback is not None:
            return fallback
        if (
            digits[0] != "0"
            and len(digits) >= 10
            and (digits[:1] in CALLING_CODES or digits[:2] in CALLING_CODES or digits[:3] in CALLING_CODES)
        ):
            found = international(digits)
            if found and found.valid and (named or (found.mobile and len(digits) >= 11 and digits[0] not in "17")):
                trusted = found.region in order or found.region in self.regions.known
                if trusted and (
                    named or found.region in order or found.region in ("ID", "KH", "MM", "LA", "VN", "TH", "PH", "MY")
                ):
                    return found
        if named and whole and (digits[0] == "0" or len(digits) >= 10):
            for region in spare:
                found = national(digits, region, named)
                if found is not None and found.mobile:
                    return found
        return None


def _together(lower: str, first: Atom, second: Atom) -> bool:
    """Whether two runs may belong to one number; between digits as words a comma may stand."""
    if second.start - first.end > WIDEST:
        return False
    gap = lower[first.end : second.start]
    return tight(gap) or (first.how == second.how == "words" and gap in (",", ", ", "、"))


def _tricks(lower: str, taken: list[Atom]) -> tuple[str, ...]:
    tricks = {atom.how for atom in taken if atom.how}
    if len(taken) >= 6 and not tricks and sum(len(atom.digits) == 1 for atom in taken) >= 6:
        tricks.add("spaced")
    if any(set(lower[a.end : b.start]) - set(" -.()\u00a0–—‐‑−") for a, b in itertools.pairwise(taken)):
        tricks.add("separated")
    return tuple(sorted(tricks))


@cache
def numbers(lexicon: Path | None = None) -> Numbers:
    """The reader with what the analyst's folder adds, made once."""
    return Numbers(lexicon)
