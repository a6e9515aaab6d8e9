"""Pay: `MIN-MAX CUR PERIOD`, one entity for each statement, a range being one; one figure stands for both.

An amount is pay where a word for pay stands before it, a period after it, or, in a post about a job, a currency beside
it; it is something else where a word such as price, deposit or fee stands nearer.
"""

import re
from collections.abc import Iterable
from typing import Final

from nlp.context import Context, Match, recogniser
from nlp.entities.amounts import Amount, Hints, amounts
from nlp.entities.figures import digit_runs, western
from nlp.entities.money import SPACE, longest_at, rates, skip, tables, usd_month
from nlp.entities.stepwise import Stepwise

__all__ = ["Salary"]

_TRADITIONAL: Final = frozenset(
    "國員裝機證無學歷輪經驗飛臺灣語費萬電話聯繫職應徵幣業務過關賴臉號歲們說對時間錢還讓給開來發賺貸債償專誠園區檢從這點選線網貨車陳張會"
)
_DIGIT: Final = re.compile(r"\d")
_HAN_GATE: Final = re.compile("[万萬千]")
_HAN_TEXT: Final = re.compile(r"[\u4e00-\u9fff]{2}")
_KANA: Final = re.compile(r"[\u3040-\u30ff]")
_EARNED: Final = re.compile(r"\b(?:fee|bayar|dibayar|paid)[ :]{0,3}\Z")
_CLOCK: Final = re.compile(r"[ ]?\d{1,2}[:.]\d{2}")
_PLUS: Final = re.compile(r"[ ]?(?:\+|起|以上|up\b|ขึ้นไป|이상|~|pataas|ke atas|trở lên)")
_LEAST_USD: Final = {"hour": 0.3, "day": 1.0, "week": 7.0, "month": 25.0, "year": 300.0}
"""Less than this in dollars for the period is no pay, but a price, a prize or a count."""
_COUNTS: Final = frozenset(("million", "m", "mn", "thousand", "thousands"))
"""Multipliers that count users as often as money."""
_YEARLY: Final = frozenset(("USD", "EUR", "GBP", "AUD", "CAD", "CHF", "NZD"))


class Salary(Stepwise):
    """The recogniser: every statement of pay; a field named `salary` is one by itself."""

    def __init__(self) -> None:
        self.tables = tables()
        super().__init__("salary", self._hints, self._amounts, self._statements)

    def _hints(self, context: Context) -> Hints | None:
        lower = western(context)
        if not digit_runs(context) and (lower.isascii() or not _HAN_GATE.search(lower)):
            return None
        return Hints(self.tables, lower)

    def _amounts(self, context: Context, hints: Hints) -> tuple[Hints, list[Amount]] | None:
        found = list(amounts(context, western(context), hints))
        return (hints, found) if found else None

    def _statements(self, context: Context, seen: tuple[Hints, list[Amount]]) -> Iterable[Match]:
        lower = western(context)
        hints, found = seen
        taken = reach = 0
        while taken < len(found):
            first = last = found[taken]
            if taken + 1 < len(found) and self._range(lower, first, found[taken + 1]):
                last = found[taken + 1]
            taken += 1 if last is first else 2
            segment = context.segment(first.start, last.end)
            if segment is None:
                continue
            match = self._statement(context, lower, first, last, segment, hints)
            if match is not None and match.start >= reach:  # 25$1M: one sign between two amounts
                reach = match.end
                yield match

    def _range(self, lower: str, first: Amount, second: Amount) -> bool:
        """Whether two amounts are the ends of one range: only a connecting word between, the first not above."""
        gap = lower[first.end : second.start].strip(SPACE)
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
        segment: tuple[str, int, int, int], hints: Hints,
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
        if not word and not other and longest_at(lower, skip(lower, end), self.tables.pay_by):
            word = True
        paid = word or field
        named = named or (said and first.multiplied)
        if not paid and not (named and (said or hints.job)):
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
        at = skip(lower, plus.end() if plus else end)
        apart = at < len(lower) and lower[at] in ",("
        if apart:
            at = skip(lower, at + 1)
        linked = False
        for _ in range(2):
            per = longest_at(lower, at, lookup.per_by)
            if not per or (
                per[-1].isalpha() and per.isascii() and lower[at + len(per) : at + len(per) + 1] not in SPACE
            ):
                break
            at = skip(lower, at + len(per))
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
        at = skip(lower, end)
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
        """The currency of the text's country or language, looked at once: amounts may be as many as its words."""
        found: str | None = context.cache.get("home currency")
        if found is None:
            found = context.cache["home currency"] = self._read_home(context)
        return found

    def _read_home(self, context: Context) -> str:
        lookup = self.tables
        if context.country_hint and (code := lookup.home.get(context.country_hint.upper())):
            return code
        language = context.language
        if (
            language in ("en", "und", "id", "ms", "tl")
            and _HAN_TEXT.search(context.text)
            and not _KANA.search(context.text)
        ):
            language = "zh"
        if language == "zh" and sum(char in _TRADITIONAL for char in context.text[:300]) >= 2:
            language = "zh-Hant"
        if code := lookup.language.get(language, ""):
            return code
        for match in context.kinds("location"):
            if match.country in lookup.home and match.country in ("PK", "NP", "LK", "BD", "IN", "NG", "KE", "PH", "TH"):
                return lookup.home[match.country]
        return "USD" if language in ("en", "und") else ""


def _plain(value: float) -> str:
    return str(round(value)) if abs(value - round(value)) < 1e-6 else f"{value:.2f}".rstrip("0")


recogniser("salary", version=1)(Salary)
