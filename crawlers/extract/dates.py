"""Dates as pages write them. What cannot be read for certain is None: a wrong date is worse than none."""

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Final

import msgspec
from dateutil import parser as dateutil_parser

from crawlers.data import load

__all__ = ["read_date"]

_FIRST_YEAR: Final = 1990
_LAST_YEAR: Final = 2100
_THAI_ERA: Final = 543
_ISO: Final = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?",
    re.I,
)
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{2}:?\d{2})?)?")
_YEAR_FIRST: Final = re.compile(r"(\d{4})\s*[./年-]\s*(\d{1,2})\s*[./月-]\s*(\d{1,2})\s*日?")
_YEAR_LAST: Final = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_NAMED: Final = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[\s,./-]+([^\W\d_][^\d,]{1,20}?)[\s,./-]+(?:พ\.?\s?ศ\.?\s*)?(\d{4})", re.I
)
_EPOCH: Final = re.compile(r"\d{10}(?:\d{3})?")


@cache
def _months() -> dict[str, int]:
    return {name: number for number, names in load("months.yaml", _Months).months.items() for name in names}


class _Months(msgspec.Struct, forbid_unknown_fields=True):
    source: str
    months: dict[int, tuple[str, ...]]


def read_date(value: object) -> datetime | None:
    """The time that `value` says, in UTC, or None where it says none that can be read and believed.

    Reads ISO 8601, RFC 2822, Unix times, day-month-year with names of months, numeric dates where the order is certain,
    digits of other scripts, and years of the Buddhist calendar (2569 is 2026). Without a zone it is UTC.
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, datetime):
        return _plausible(value)
    if isinstance(value, date):
        return _plausible(datetime(value.year, value.month, value.day, tzinfo=UTC))
    text = _ascii_digits(str(value)).strip().strip("\u200e\u200f")
    if not text or len(text) > 80 or not any(char.isdigit() for char in text):
        return None
    try:
        return _read(text)
    except (ValueError, OverflowError, TypeError):
        return None


def _ascii_digits(text: str) -> str:
    return "".join(str(int(char)) if char.isdecimal() and not char.isascii() else char for char in text)


def _read(text: str) -> datetime | None:
    if _EPOCH.fullmatch(text):
        number = int(text)
        return _plausible(datetime.fromtimestamp(number / 1000 if len(text) == 13 else number, UTC))
    if match := _ISO.fullmatch(text):
        return _plausible(_iso(match))
    if match := _COMPACT.fullmatch(text):
        year, month, day, hour, minute, second, zone = match.groups()
        return _make(year, month, day, hour, minute, second, zone)
    if match := _YEAR_FIRST.fullmatch(text):
        return _make(*match.groups())
    if match := _YEAR_LAST.fullmatch(text):
        first, second, year = match.groups()
        if int(first) > 12 or first == second:
            return _make(year, second, first)
        if int(second) > 12:
            return _make(year, first, second)
        return None  # 03/04/2026 is one day here and another there
    if match := _NAMED.fullmatch(text):
        month = _months().get(match[2].strip().lower().replace(".", ""))
        if month is not None:
            return _make(match[3], str(month), match[1])
    return _named(text)


def _iso(match: re.Match[str]) -> datetime | None:
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    return _make(year, month, day, hour, minute, second, zone, fraction)


def _make(
    year: str,
    month: str,
    day: str,
    hour: str | None = None,
    minute: str | None = None,
    second: str | None = None,
    zone: str | None = None,
    fraction: str | None = None,
) -> datetime | None:
    number = int(year)
    if _FIRST_YEAR + _THAI_ERA <= number <= _LAST_YEAR + _THAI_ERA:
        number -= _THAI_ERA
    extra = timedelta()
    if hour == "24" and minute == "00" and (second or "00") == "00":
        hour, extra = "0", timedelta(days=1)
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    moment = datetime(number, int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), micro, UTC)
    return _plausible(moment + extra - _offset(zone))


def _offset(zone: str | None) -> timedelta:
    if not zone or zone[0] not in "+-":
        return timedelta()
    digits = zone[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 14 or minutes > 59:
        raise ValueError(f"no zone is {zone}")
    offset = timedelta(hours=hours, minutes=minutes)
    return -offset if zone[0] == "-" else offset


def _named(text: str) -> datetime | None:
    """Dates in words: only where day, month and year all stand there."""
    if re.match(r"(?i)(mon|tue|wed|thu|fri|sat|sun)[a-z]*, \d", text):
        try:
            return _plausible(parsedate_to_datetime(text))
        except (ValueError, TypeError):
            pass
    # "GMT+0700" is seven hours east of Greenwich, and dateutil reads it the other way, as POSIX does.
    text = re.sub(r"(?i)\b(?:GMT|UTC)(?=[+-]\d)", "", re.sub(r"\s*\([^()]*\)$", "", text))
    if not re.search(r"[A-Za-z]{3}", text) or not re.search(r"\b\d{4}\b", text):
        return None
    # What is missing in the text would be filled from the default: two defaults tell whether anything is missing.
    found = {
        dateutil_parser.parse(text, default=datetime(year, month, day, tzinfo=UTC), fuzzy=False)
        for year, month, day in ((2001, 1, 1), (2002, 2, 2))
    }
    return _plausible(found.pop()) if len(found) == 1 else None


def _plausible(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment if _FIRST_YEAR <= moment.year <= _LAST_YEAR else None
