"""Dates as pages write them. What cannot be read for certain is None: a wrong date is worse than none."""

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Final

import msgspec
from dateutil import parser as dateutil_parser

from crawlers.data import load

__all__ = ["labelled_date", "month_number", "read_date"]

_FIRST_YEAR: Final = 1990
_LAST_YEAR: Final = 2100
_THAI_ERA: Final = 543
_ISO: Final = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?",
    re.I,
)
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{2}:?\d{2})?)?")
_TIME: Final = (
    r"(?:[\s,]+(?:(?:at|pukul|jam|lúc|เวลา)\s+)?(\d{1,2})[:.](\d{2})(?::(\d{2}))?"
    r"\s*(UTC|GMT|WIB|WITA|WIT|ICT|MYT|SGT|PHT|น\.?)?)?"
)
"""A time behind a date, with the zones that pages of the region name."""
_YEAR_FIRST: Final = re.compile(r"(\d{4})\s*[./年년-]\s*(\d{1,2})\s*[./月월-]\s*(\d{1,2})\s*[日일]?" + _TIME, re.I)
_YEAR_LAST: Final = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})" + _TIME, re.I)
_VIETNAMESE: Final = re.compile(r"(?:ngày\s+)?(\d{1,2})\s+tháng\s+(\d{1,2})(?:\s+năm|,)?\s+(\d{4})" + _TIME, re.I)
_NAMED: Final = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[\s,./-]+(?:de\s+)?([^\W\d_][^\d,]{1,20}?)[\s,./-]+(?:de\s+|พ\.?\s?ศ\.?\s*)?(\d{4}|\d{2})"
    + _TIME,
    re.I,
)
_WEEKDAY: Final = re.compile(r"^(?:วัน\D{1,15}?ที่|วันที่|[^\W\d_]{2,12}\s*,)\s*")
_ZONES: Final = {
    "wib": "+07:00",
    "ict": "+07:00",
    "wita": "+08:00",
    "myt": "+08:00",
    "sgt": "+08:00",
    "pht": "+08:00",
    "wit": "+09:00",
}
_THAI: Final = re.compile(r"[\u0e00-\u0e7f]")
_EPOCH: Final = re.compile(r"\d{10}(?:\d{3})?")


@cache
def _months() -> dict[str, int]:
    return {name: number for number, names in load("months.yaml", _Months).months.items() for name in names}


def month_number(name: str) -> int | None:
    """The number of a month by its name, in any case and with or without points."""
    return _months().get(name.strip().lower().replace(".", ""))


class _Months(msgspec.Struct, forbid_unknown_fields=True):
    source: str
    months: dict[int, tuple[str, ...]]
    labels: tuple[str, ...]


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
    bare = _WEEKDAY.sub("", text)
    if match := _YEAR_FIRST.fullmatch(text):
        return _make(match[1], match[2], match[3], *_time(match))
    if match := _YEAR_LAST.fullmatch(text):
        first, second, year = match[1], match[2], match[3]
        thai_year = int(year) >= _FIRST_YEAR + _THAI_ERA  # written in Thailand, where the day comes first
        if int(first) > 12 or first == second or thai_year:
            return _make(year, second, first, *_time(match))
        if int(second) > 12:
            return _make(year, first, second, *_time(match))
        return None  # 03/04/2026 is one day here and another there
    if match := _VIETNAMESE.fullmatch(bare):
        return _make(match[3], match[2], match[1], *_time(match))
    if match := _NAMED.fullmatch(bare):
        month = month_number(match[2])
        year = match[3]
        if len(year) == 2:  # only Thai pages write พ.ย. 69, which is the year 2569
            year = f"25{year}" if _THAI.search(match[2]) else ""
        if month is not None and year:
            return _make(year, str(month), match[1], *_time(match))
    return _named(text)


def _time(match: re.Match[str]) -> tuple[str | None, ...]:
    hour, minute, second, zone = match.groups()[3:7]
    return hour, minute, second, _ZONES.get((zone or "").lower())


def labelled_date(text: str) -> datetime | None:
    """The date in a line such as `Posted on 5 Oct 2026`, where nothing but a known label stands before it; else None."""
    line = " ".join(text.split())
    if len(line) > 80 or not any(char.isdigit() for char in line):
        return None
    rest = line.lower()
    label = next((one for one in _labels() if rest.startswith(one)), "")
    return read_date(line[len(label) :].strip(" :：-–—|·")) if label else None


@cache
def _labels() -> tuple[str, ...]:
    return tuple(sorted(load("months.yaml", _Months).labels, key=len, reverse=True))


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
