"""Pay: `MIN-MAX CUR PERIOD`, one entity for each statement, a range being one; one figure stands for both.

An amount is pay where a word for pay stands before it, a period after it, or, in a post about a job, a currency beside
it; it is something else where a word such as price, deposit or fee stands nearer.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from nlp.context import Context, Match, recogniser
from nlp.entities.money import NUMBER, Tables, longest_at, longest_before, number, rates, tables, usd_month

__all__ = ["Salary", "western_digits"]

_HAN_NUMBER: Final = re.compile(r"[一二两兩三四五六七八九十半百千万萬零几幾]{2,8}(?![月号號个個天日])")
_HAN_DIGIT: Final = {
    c: n for n, cs in enumerate(["零", "一", "二两兩", "三", "四", "五", "六", "七", "八", "九"]) for c in cs
}
_HAN_UNIT: Final = {"十": 10, "百": 100, "千": 1000, "万": 10000, "萬": 10000}
_TRADITIONAL: Final = frozenset(
    "國員裝機證無學歷輪經驗飛臺灣語費萬電話聯繫職應徵幣業務過關賴臉號歲們說對時間錢還讓給開來發賺貸債償專誠園區檢從這點選線網貨車陳張會"
)
_DIGITS: Final = {
    code: str(unicodedata.digit(chr(code))) for start in (0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xED0, 0x1040, 0x17E0)
    for code in range(start, start + 10)
}  # fmt: skip
_NATIVE: Final = re.compile("[" + "".join(map(chr, _DIGITS)) + "]")
_GROUP_AFTER: Final = re.compile(r" \d")
_GROUP_BEFORE: Final = re.compile(r"\d $")
_DIGIT: Final = re.compile(r"\d")
_HAN_GATE: Final = re.compile("[万萬千]")
_CLAUSE: Final = re.compile(r"[\n。!！?？；]")
_BESIDE: Final = re.compile(r"[^\s\d.,:;()/]")
_HAN_TEXT: Final = re.compile(r"[\u4e00-\u9fff]{2}")
_KANA: Final = re.compile(r"[\u3040-\u30ff]")
_EARNED: Final = re.compile(r"\b(?:fee|bayar|dibayar|paid)[ :]{0,3}\Z")
_CLOCK: Final = re.compile(r"[ ]?\d{1,2}[:.]\d{2}")
_SPACE: Final = " \t\u00a0"
_PLUS: Final = re.compile(r"[ ]?(?:\+|起|以上|up\b|ขึ้นไป|이상|~|pataas|ke atas|trở lên)")
_TAILED: Final = frozenset(("万", "萬", "千", "tr", "triệu", "củ"))
"""Multipliers behind which a digit counts tenths: 1万5 is 15000, 2tr5 is 2500000."""
_LEAST_USD: Final = {"hour": 0.3, "day": 1.0, "week": 7.0, "month": 25.0, "year": 300.0}
"""Less than this in dollars for the period is no pay, but a price, a prize or a count."""
_COUNTS: Final = frozenset(("million", "m", "mn", "thousand", "thousands"))
"""Multipliers that count users as often as money."""
_YEARLY: Final = frozenset(("USD", "EUR", "GBP", "AUD", "CAD", "CHF", "NZD"))
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
        self._found = list(lookup.hints.find(lower))
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


class Salary:
    """The recogniser."""

    def __init__(self) -> None:
        self.tables = tables()

    def recognise(self, context: Context) -> Iterable[Match]:
        """Every statement of pay; a field named `salary` is one by itself."""
        lower = western_digits(context.lower)
        if _DIGIT.search(lower) is None and not _HAN_GATE.search(lower):
            return
        hints = Hints(self.tables, lower)
        amounts = list(self._amounts(context, lower, hints))
        job: bool | None = None
        taken = reach = 0
        while taken < len(amounts):
            first = amounts[taken]
            last = (
                amounts[taken + 1]
                if taken + 1 < len(amounts) and self._range(lower, first, amounts[taken + 1])
                else first
            )
            taken += 1 if last is first else 2
            segment = context.segment(first.start, last.end)
            if segment is None:
                continue
            if job is None:
                job = self.tables.job.any(lower)
            match = self._statement(context, lower, first, last, segment, job, hints)
            if match is not None and match.start >= reach:  # 25$1M: one sign between two amounts
                reach = match.end
                yield match

    def _amounts(self, context: Context, lower: str, hints: "Hints") -> Iterator[Amount]:
        busy = sorted((match.start, match.end) for match in context.entities if match.kind not in _BLOCK)
        starts = [start for start, _ in busy]
        fields = any(segment[0] == "salary" for segment in context.segments)
        for start, end, value, written in self._numbers(lower):
            near = bisect_right(starts, end - 1) - 1
            if near >= 0 and busy[near][1] > start:
                continue
            # A number with nothing but digits and white space around it, and no word for pay before it, is not read on.
            if (
                not fields
                and value < 0
                and not _BESIDE.search(lower, max(0, start - 3), end + 3)
                and not hints.near(start)
            ):
                continue
            amount = self._amount(context, lower, start, end, value, written)
            if amount is not None:
                yield amount

    def _numbers(self, lower: str) -> Iterator[tuple[int, int, float, str]]:
        found = []
        for match in NUMBER.finditer(lower):
            start, written = match.start(), match.group()
            # A full-width comma is a plain one by now: 8000-15000，20-40歲 is no decimal.
            if "," in written and len(head := written.partition(",")[0]) >= 4 and head.isdigit():
                found.append((start, start + len(head), -1.0, head))
                found.append((start + len(head) + 1, match.end(), -1.0, written[len(head) + 1 :]))
            else:
                found.append((start, match.end(), -1.0, written))
        if "万" in lower or "萬" in lower or "千" in lower:
            for match in _HAN_NUMBER.finditer(lower):
                value = _han(match.group())
                if value is not None and value >= 1000:
                    found.append((match.start(), match.end(), value, ""))
            found.sort()
        return iter(found)

    def _amount(self, context: Context, lower: str, start: int, end: int, value: float, written: str) -> Amount | None:
        """A number with the currency before it, and the multiplier and the currency after it."""
        lookup = self.tables
        at = _skip(lower, end)
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
            at = _skip(lower, end)
            again = longest_at(lower, at, lookup.multiplier_by)
            if (
                again
                and lookup.multiplier[again].by > 100
                and lookup.multiplier[again].by != lookup.multiplier[word].by
            ):
                value *= lookup.multiplier[again].by
                guess = guess or lookup.multiplier[again].currency
                end = at + len(again)
                at = _skip(lower, end)
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
        while head and lower[head - 1] in _SPACE and start - head < 2:
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

    def _range(self, lower: str, first: Amount, second: Amount) -> bool:
        """Whether two amounts are the ends of one range: only a connecting word between, the first not above."""
        gap = lower[first.end : second.start].strip(_SPACE)
        if second.start - first.end > 12 or gap not in self.tables.file.range_ or not gap:
            return False
        if first.currency and second.currency and first.currency != second.currency:
            return False
        scale = second.value / second.bare if second.bare and not first.multiplied else 1
        low = first.bare * scale if scale > 1 and first.bare * scale <= second.value else first.value
        if gap in ("and", "dan", "or", "/") and not (first.currency or second.currency):
            return False
        return 0 < low < second.value <= low * 12

    def _statement(
        self, context: Context, lower: str, first: Amount, last: Amount,
        segment: tuple[str, int, int, int], job: bool, hints: "Hints",
    ) -> Match | None:  # fmt: skip
        low, high = first.value, last.value
        if last is not first and not first.multiplied and last.multiplied and last.bare:
            scaled = first.bare * (last.value / last.bare)
            low = scaled if scaled <= high else low
        period, end, said = self._period(lower, last.end)
        word, hinted, other = hints.before(first.start, segment[1])
        if self._not_pay(lower, last.end) and not said:
            return None
        field = segment[0] == "salary"
        currency = self._currency(context, lower, first, last)
        if other and not field and not (said and self._earned(lower, first.start)):
            return None
        if (
            not word
            and lower[first.start - 1 : first.start] == "月"
            and not _DIGIT.match(lower, max(0, first.start - 2))
        ):
            word = True
        named = bool(first.currency or last.currency or (last.guess or first.guess))
        if not word and not other and longest_at(lower, _skip(lower, end), self.tables.pay_by):
            word = True
        paid = word or field
        named = named or (said and first.multiplied)
        if not paid and not (named and (said or job)):
            return None
        if not named and not paid:
            return None
        if not currency:
            return None
        if (
            not named
            and not first.multiplied
            and not last.multiplied
            and not field
            and ((high < 500 and hinted not in ("hour", "day")) or (1900 <= low <= 2099 and 1900 <= high <= 2099))
        ):
            return None
        unit = period if said else hinted or "month"
        # Where no period is named, a figure of five digits in these currencies is meant by the year.
        if not said and not hinted and currency in _YEARLY and high >= 20_000:
            unit = "year"
        rate = rates().get(currency)
        if low <= 0 or rate is None or high / rate.per_usd < _LEAST_USD[unit]:
            return None
        if (
            not word
            and not field
            and (first.word in _COUNTS or last.word in _COUNTS)
            and not (first.currency or last.currency)
        ):
            return None
        return Match(
            kind="salary", value=f"{_plain(low)}-{_plain(high)} {currency} {unit}", start=first.start, end=end,
            confidence=0.95 if named and (paid or said) else 0.8 if paid else 0.7,
            usd_month_min=usd_month(low, currency, unit), usd_month_max=usd_month(high, currency, unit),
        )  # fmt: skip

    def _period(self, lower: str, end: int) -> tuple[str, int, bool]:
        """The period named right behind an amount: (period, where it ends, whether one is named)."""
        lookup = self.tables
        plus = _PLUS.match(lower, end)
        at = _skip(lower, plus.end() if plus else end)
        apart = at < len(lower) and lower[at] in ",("
        if apart:
            at = _skip(lower, at + 1)
        linked = False
        for _ in range(2):
            per = longest_at(lower, at, lookup.per_by)
            if not per or (
                per[-1].isalpha() and per.isascii() and lower[at + len(per) : at + len(per) + 1] not in _SPACE
            ):
                break
            at = _skip(lower, at + len(per))
            linked = True
        word = longest_at(lower, at, lookup.period_by)
        if not word or (
            not linked and ((apart and len(word) < 4) or (len(word) == 1 and (word.isascii() or "가" <= word <= "힣")))
        ):
            return "month", end, False
        if not linked and word in (
            "天",
            "日",
            "年",
            "时",
            "時",
            "วัน",
            "ปี",
            "ชม",
            "일",
            "년",
            "시간",
            "jam",
            "pm",
            "pa",
            "na",
        ):
            return "month", end, False
        if not linked and lookup.period[word] == "hour" and _CLOCK.match(lower, at + len(word)):
            return "month", end, False
        return lookup.period[word], at + len(word), True

    @staticmethod
    def _earned(lower: str, start: int) -> bool:
        """Whether the word before means pay where a period follows: `fee 15 juta sebulan`."""
        return bool(_EARNED.search(lower, max(0, start - 12), start))

    def _not_pay(self, lower: str, end: int) -> bool:
        at = _skip(lower, end)
        return bool(longest_at(lower, at, self.tables.other_after_by)) or lower[at : at + 1] == "%"

    def _currency(self, context: Context, lower: str, first: Amount, last: Amount) -> str:
        """By sign or word; rupees and multipliers by the country; else by the language of the text."""
        code = last.currency or first.currency
        home = self._home(context)
        word = last.word or first.word
        if (code == "INR" and word in self.tables.rupees) or (not code and word in self.tables.rupees):
            return home if home in (*self.tables.file.shared.rupee, "BDT") else "INR"
        if code == "CNY" and word in ("元", "块", "¥", "塊"):
            return home if home in ("TWD", "HKD") else "JPY" if home == "JPY" else "CNY"
        if code == "CNY" or code:
            return code
        guess = last.guess or first.guess
        return guess or home

    def _home(self, context: Context) -> str:
        lookup = self.tables
        if context.country_hint and (code := lookup.home.get(context.country_hint.upper())):
            return code
        language = context.language
        if language in ("en", "und", "id", "ms", "tl"):
            # Looked at once a text, since amounts may be as many as its words.
            chinese = context.cache.get("salary chinese")
            if chinese is None:
                chinese = bool(_HAN_TEXT.search(context.text)) and not _KANA.search(context.text)
                context.cache["salary chinese"] = chinese
            if chinese:
                language = "zh"
        if language == "zh" and sum(char in _TRADITIONAL for char in context.text[:300]) >= 2:
            language = "zh-Hant"
        if code := lookup.language.get(language, ""):
            return code
        for match in context.kinds("location"):
            if match.country in lookup.home and match.country in ("PK", "NP", "LK", "BD", "IN", "NG", "KE", "PH", "TH"):
                return lookup.home[match.country]
        return "USD" if language in ("en", "und") else ""


def western_digits(text: str) -> str:
    """The text with the digits of other scripts as 0 to 9; its length stays."""
    return text.translate(_DIGITS) if _NATIVE.search(text) else text


def _skip(text: str, at: int) -> int:
    """Past one or two spaces."""
    while at < len(text) and text[at] in _SPACE:
        at += 1
    return at


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


def _plain(value: float) -> str:
    return str(round(value)) if abs(value - round(value)) < 1e-6 else f"{value:.2f}".rstrip("0")


recogniser("salary", version=1)(Salary)
