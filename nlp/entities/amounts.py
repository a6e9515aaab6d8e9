"""Amounts in a text: numbers with the currency, the multiplier and the words that stand beside them."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

import msgspec

from nlp.context import Context
from nlp.entities.figures import digit_runs
from nlp.entities.money import SPACE, Tables, longest_at, longest_before, number, skip, tables

__all__ = ["Amount", "Hints", "amounts"]

_HAN_NUMBER: Final = re.compile(r"[一二两兩三四五六七八九十半百千万萬零几幾]{2,8}(?![月号號个個天日])")
_HAN_DIGIT: Final = {
    c: n for n, cs in enumerate(["零", "一", "二两兩", "三", "四", "五", "六", "七", "八", "九"]) for c in cs
}
_HAN_UNIT: Final = {"十": 10, "百": 100, "千": 1000, "万": 10000, "萬": 10000}
_SEPARATORS: Final = ".,'’"
_GROUP_AFTER: Final = re.compile(r" \d")
_GROUP_BEFORE: Final = re.compile(r"\d $")
_CLAUSE: Final = re.compile(r"[\n。!！?？；]")
_DIGIT: Final = re.compile(r"\d")
_BESIDE: Final = re.compile(r"[^\s\d.,:;()/]")
_TAILED: Final = frozenset(("万", "萬", "千", "tr", "triệu", "củ"))
"""Multipliers behind which a digit counts tenths: 1万5 is 15000, 2tr5 is 2500000."""
_MOST: Final = 5_000
"""Numbers of a text that are read as amounts: more are a table of figures, and no pay that anybody would look for."""
_BLOCK: Final = frozenset(("location", "salary", "age"))


class Amount(msgspec.Struct):
    """A number with what belongs to it. `currency` is empty where neither sign nor word tells it."""

    start: int
    end: int
    value: float
    currency: str
    word: str
    multiplied: bool
    bare: float
    guess: str = ""


class Hints:
    """The words of a text that tell whether an amount is pay, by their ends."""

    def __init__(self, lookup: Tables, lower: str) -> None:
        self._pay = lookup.pay
        self._lower = lower
        self._found: list[tuple[int, int, str]] = []
        self.job = False
        """Whether the text is about a job."""
        for hit in lookup.hints.find(lower):
            if hit[2] in lookup.telling:
                self._found.append(hit)
            if hit[2] in lookup.job:
                self.job = True
        self._ends = [end for _, end, _ in self._found]

    def near(self, start: int) -> bool:
        """Whether a telling word ends at most 48 characters before `start`."""
        at = bisect_right(self._ends, start) - 1
        return at >= 0 and self._ends[at] >= start - 48

    def before(self, start: int, least: int) -> tuple[bool, str, bool]:
        """Of the nearest telling word before an amount: whether it means pay, its period, whether it means another thing."""
        at = bisect_right(self._ends, start) - 1
        if at < 0:
            return False, "", False
        begin, end, word = self._found[at]
        # Of two that end at one place the longer tells: 年薪 before 薪.
        while at and self._ends[at - 1] == end:
            at -= 1
            if self._found[at][0] < begin:
                begin, end, word = self._found[at]
        gap = self._lower[end:start]
        if begin < least or len(gap) > 48 or _CLAUSE.search(gap):
            return False, "", False
        period = self._pay.get(word)
        if period is None:
            far = len(gap) > 22 or gap.count(",") + gap.count("+") > 0
            return False, "", not far
        if len(gap) > 34 or gap.count(",") > 1 or (len(gap) > 14 and _DIGIT.search(gap)):
            return False, "", False
        return True, "" if period == "month" else period, False


def amounts(context: Context, lower: str, hints: Hints) -> Iterator[Amount]:
    """The amounts outside of contacts; `lower` is `context.lower` with western digits."""
    busy = sorted((match.start, match.end) for match in context.entities if match.kind not in _BLOCK)
    starts = [start for start, _ in busy]
    fields = any(segment[0] == "salary" for segment in context.segments)
    for start, end, value, written in _numbers(context, lower)[:_MOST]:
        near = bisect_right(starts, end - 1) - 1
        if near >= 0 and busy[near][1] > start:
            continue
        # A number with nothing but digits and white space around it, and no word for pay before it, is not read on.
        if not fields and value < 0 and not _BESIDE.search(lower, max(0, start - 3), end + 3) and not hints.near(start):
            continue
        amount = _amount(context, lower, start, end, value, written)
        if amount is not None:
            yield amount


def _numbers(context: Context, lower: str) -> list[tuple[int, int, float, str]]:
    """(start, end, value, as written) of the numbers; the value is -1 where digits write it."""
    found = []
    runs = digit_runs(context)
    at, count, size = 0, len(runs), len(lower)
    while at < count:
        start, end = runs[at]
        at += 1
        # Separators are single signs between digits; then groups of three digits behind single spaces.
        while at < count and runs[at][0] == end + 1 and lower[end] in _SEPARATORS:
            end = runs[at][1]
            at += 1
        while (
            at < count
            and runs[at][0] == end + 1
            and lower[end] in " \u00a0"
            and runs[at][1] == end + 4
            and not (end + 4 < size and lower[end + 4] in ".,")
        ):
            end += 4
            at += 1
        written = lower[start:end]
        # A full-width comma is a plain one by now: 8000-15000，20-40歲 is no decimal.
        if "," in written and len(head := written.partition(",")[0]) >= 4 and head.isdigit():
            found.append((start, start + len(head), -1.0, head))
            found.append((start + len(head) + 1, end, -1.0, written[len(head) + 1 :]))
        else:
            found.append((start, end, -1.0, written))
    if not lower.isascii() and ("万" in lower or "萬" in lower or "千" in lower):
        for match in _HAN_NUMBER.finditer(lower):
            value = _han(match.group())
            if value is not None and value >= 1000:
                found.append((match.start(), match.end(), value, ""))
        found.sort()
    return found


def _amount(context: Context, lower: str, start: int, end: int, value: float, written: str) -> Amount | None:
    """A number with the currency before it, and the multiplier and the currency after it."""
    lookup = tables()
    at = skip(lower, end)
    word = longest_at(lower, at, lookup.multiplier_by) if value < 0 else ""
    if word and lookup.multiplier[word].by >= 1_000_000 and word == "m" and lower[at : at + 2] in ("m2", "m²"):
        word = ""
    if value < 0:
        bare = number(written, multiplied=bool(word))
        if bare is None or len(written) > 14 or (written == "401" and word == "k"):
            return None
    else:
        bare = value
    value = bare
    guess = ""
    if word:
        value *= lookup.multiplier[word].by
        guess = lookup.multiplier[word].currency
        end = at + len(word)
        at = skip(lower, end)
        again = longest_at(lower, at, lookup.multiplier_by)
        if again and lookup.multiplier[again].by > 100 and lookup.multiplier[again].by != lookup.multiplier[word].by:
            value *= lookup.multiplier[again].by
            guess = guess or lookup.multiplier[again].currency
            end = at + len(again)
            at = skip(lower, end)
        # 一万五, 1万5: the digit behind is of the next lower unit.
        tail = re.match(r"(\d)(?!\d)", lower[at : at + 2]) if word in _TAILED and at == end else None
        if tail:
            value += int(tail.group(1)) * lookup.multiplier[word].by / 10
            end = at = at + 1
    currency = longest_at(lower, at, lookup.after_by)
    if currency == "r" or (currency == "u" and lower[at + 1 : at + 2].isalpha()):
        currency = "" if currency == "r" else currency
    code = lookup.after.get(currency, "")
    head = start
    while head and lower[head - 1] in SPACE and start - head < 2:
        head -= 1
    before = longest_before(lower, head, lookup.before_by)
    if before in ("p", "n", "r", "nt", "k.") and (head != start or not context.text[head - len(before)].isupper()):
        before = ""
    if before and not (code and before not in ("$", "¥") and code != lookup.before[before]):
        specific = code if code and before in ("$", "¥") else lookup.before[before]
        start = head - len(before)
        code, currency = specific, currency or before
        currency = before if lookup.before[before] == specific else currency
    if currency and longest_at(lower, at, lookup.after_by):
        end = at + len(longest_at(lower, at, lookup.after_by))
    if not code and not word and longest_at(lower, at, lookup.units_by):
        return None
    # Groups of digits with spaces between, and nothing that tells money, are rather a telephone number.
    if (
        not code
        and not word
        and (_GROUP_AFTER.match(lower, end) or _GROUP_BEFORE.search(lower, max(0, start - 2), start))
    ):
        return None
    previous = lower[start - 1] if start else " "
    if previous in "@#_/:=." and not code and not word and previous != ":":
        return None
    if not code and previous.isalnum() and previous.isascii():
        return None
    return Amount(start, end, value, code, currency or word, bool(word), bare, guess)


def _han(written: str) -> float | None:
    """一万五 as 15000, 三千 as 3000, 两万五千 as 25000; None where it is no number."""
    total = 0.0
    section = 0.0
    digit: float | None = None
    unit = 1
    for char in written:
        if char in _HAN_DIGIT:
            digit = _HAN_DIGIT[char]
            if digit == 0:
                unit = 1
                digit = None
        elif char in _HAN_UNIT:
            unit = _HAN_UNIT[char]
            if unit == 10000:
                total += (section + (digit or 0) or 1) * unit
                section = 0.0
            else:
                section += (1 if digit is None else digit) * unit
            digit = None
        else:
            return None
    if digit is not None:
        section += digit * (unit / 10 if unit >= 100 else 1)
    return total + section
