"""Amounts of money as people write them: numbers, multipliers, currencies and their rates (data/pay.yaml, rates.csv)."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from nlp import data
from nlp.entities.finder import Finder, spaced

__all__ = ["SPACE", "Tables", "longest_at", "longest_before", "number", "rates", "skip", "tables", "usd_month"]

_DATA: Final = Path(__file__).parent / "data"

SPACE: Final = " \t\u00a0"
"""What may stand between a number and its words."""
HOURS_A_MONTH: Final = {"hour": 173.0, "day": 26.0, "week": 4.33, "month": 1.0, "year": 1 / 12}


class Rate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Units of a currency for one US dollar, with the date and the source of the figure."""

    currency: str
    per_usd: float
    as_of: str
    source: str


class Currency(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a currency is written before and after a number, and whose it is."""

    code: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    home: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


class Multiplier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words after a number that multiply it; `currency` where the word alone tells it."""

    words: tuple[str, ...]
    by: int
    currency: str = ""


class Shared(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rupees: their words, and the currencies they may mean."""

    rupee: tuple[str, ...]
    rupee_words: frozenset[str]


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that stand before or after an amount."""

    before: tuple[str, ...]
    after: tuple[str, ...]


class PayData(msgspec.Struct, frozen=True, rename={"range_": "range"}, forbid_unknown_fields=True):
    """The file data/pay.yaml; what its keys mean stands there."""

    currencies: tuple[Currency, ...]
    shared: Shared
    multipliers: tuple[Multiplier, ...]
    pay: dict[str, tuple[str, ...]]
    other: Words
    units: tuple[str, ...]
    job: tuple[str, ...]
    range_: tuple[str, ...]
    periods: dict[str, tuple[str, ...]]
    per: tuple[str, ...]


Lookup = dict[str, list[str]]


class Tables:
    """The data of pay, arranged for looking up: words by their first or last two letters, the longest first."""

    def __init__(self) -> None:
        file = data.document(_DATA / "pay.yaml", PayData)
        self.file = file
        self.before: dict[str, str] = {}
        self.after: dict[str, str] = {}
        self.home: dict[str, str] = {}
        self.language: dict[str, str] = {}
        for currency in file.currencies:
            for word in currency.before:
                self.before.setdefault(word, currency.code)
            for word in currency.after:
                self.after.setdefault(word, currency.code)
            self.home.update((country, currency.code) for country in currency.home)
            self.language.update((language, currency.code) for language in currency.languages)
        self.multiplier: dict[str, Multiplier] = {}
        for multiplier in file.multipliers:
            self.multiplier.update((word, multiplier) for word in multiplier.words)
        self.pay = {word: period for period, words in file.pay.items() for word in words}
        self.period = {word: period for period, words in file.periods.items() for word in words}
        self.rupees = file.shared.rupee_words
        self.before_by = _by_last(self.before)
        self.after_by = _by_first(self.after)
        self.multiplier_by = _by_first(self.multiplier)
        self.period_by = _by_first(self.period)
        self.per_by = _by_first(file.per)
        self.range_by = _by_first(file.range_)
        self.units_by = _by_first(file.units)
        self.other_after_by = _by_first(file.other.after)
        self.pay_by = _by_first(self.pay)
        self.telling = frozenset((*self.pay, *file.other.before))
        """Words that tell whether an amount behind them is pay."""
        self.job = frozenset(file.job)
        self.hints = Finder(self.telling | self.job)


def _by_first(words: Iterable[str]) -> Lookup:
    return _by({word: (word[:2], word[:1]) for word in words})


def _by_last(words: Iterable[str]) -> Lookup:
    return _by({word: (word[-2:], word[-1:]) for word in words})


def _by(keys: dict[str, tuple[str, str]]) -> Lookup:
    """The words by two letters, those of one letter among them; and these by that one."""
    single = {letter: [word] for word, (_, letter) in keys.items() if word == letter}
    found: Lookup = {}
    for word in sorted(keys, key=len, reverse=True):
        if len(word) > 1:
            found.setdefault(keys[word][0], []).append(word)
    for pair in found.values():
        pair.extend(single.get(keys[pair[0]][1], ()))
    return {**single, **found}


def longest_at(text: str, at: int, lookup: Lookup) -> str:
    """The longest word of `lookup` that begins at `at` and ends where a word does; empty if none."""
    for word in lookup.get(text[at : at + 2]) or lookup.get(text[at : at + 1]) or ():
        if text.startswith(word, at) and not _goes_on(word[-1], text[at + len(word) : at + len(word) + 1]):
            return word
    return ""


def longest_before(text: str, end: int, lookup: Lookup) -> str:
    """The longest word of `lookup` that ends at `end` and begins where a word does; empty if none."""
    if end == 0:
        return ""
    for word in lookup.get(text[max(0, end - 2) : end]) or lookup.get(text[end - 1 : end]) or ():
        start = end - len(word)
        if start >= 0 and text.startswith(word, start) and not _goes_on(word[0], text[max(0, start - 1) : start]):
            return word
    return ""


def skip(text: str, at: int) -> int:
    """Past the spaces at `at`."""
    while at < len(text) and text[at] in SPACE:
        at += 1
    return at


def _goes_on(edge: str, neighbour: str) -> bool:
    """Whether a letter stands beside the edge of a word, in a script in which that makes it part of another word."""
    return neighbour.isalpha() and edge.isalpha() and spaced(edge) and spaced(neighbour)


def number(written: str, *, multiplied: bool = False) -> float | None:
    """The value of a number with separators; None where they make no sense (`1.2.3`, a date).

    A single separator before three digits groups thousands, unless a multiplier follows (`1.125 juta` stays small).
    """
    plain = written.replace(" ", "").replace("\u00a0", "").replace("'", ",").replace("’", ",")
    if plain.isdigit():
        return float(plain) if len(plain) <= 12 else None
    marks = [char for char in plain if not char.isdigit()]
    parts = re.split("[.,]", plain)
    if len(set(marks)) == 2:
        # The last mark is the decimal one: 2.500,00 or 1,500.50.
        if marks.count(marks[-1]) > 1 or len(parts[-1]) > 2 or any(len(part) not in (2, 3) for part in parts[1:-1]):
            return None
        return float("".join(parts[:-1]) + "." + parts[-1])
    if len(marks) == 1:
        if (
            len(parts[1]) == 3
            and len(parts[0]) <= 3
            and parts[0] != "0"
            and not (multiplied and marks[0] == "." and len(parts[0]) == 1 and parts[1] != "000")
        ):
            return float(parts[0] + parts[1])
        return float(f"{parts[0]}.{parts[1]}") if len(parts[1]) <= 3 else None
    if len(parts[0]) <= 3 and len(parts[-1]) == 3 and all(len(part) in (2, 3) for part in parts[1:]):
        return float("".join(parts))
    return None


@cache
def tables() -> Tables:
    """The tables, read once."""
    return Tables()


@cache
def rates() -> dict[str, Rate]:
    """The rates by currency."""
    return {rate.currency: rate for rate in data.rows(_DATA / "rates.csv", Rate)}


def usd_month(amount: float, currency: str, period: str) -> float | None:
    """An amount as US dollars a month, by the dated rates; None for a currency without a rate.

    An hour counts 173 to the month, a day 26, a week 4.33: full time.
    """
    rate = rates().get(currency)
    return None if rate is None else round(amount / rate.per_usd * HOURS_A_MONTH[period], 2)
