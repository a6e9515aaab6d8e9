"""Dates of tables: the order of day and month is told by the whole column, and where it is not, no date is made up."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from crawlers.extract.dates import read_date

__all__ = ["DateReader", "order_of"]

Order = Literal["dmy", "mdy", "ymd", ""]

_NUMERIC: Final = re.compile(
    r"(\d{1,4})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{1,4})"
    r"(?:[\s,T]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*([AaPp])?\.?\s?(?:[Mm]\.?)?)?"
)
_ZONED: Final = re.compile(
    r"(?i)(?:\dZ|[+-]\d{2}:?\d{2}|\b(?:UTC|GMT|WIB|WITA|WIT|ICT|MYT|SGT|PHT)\)?)\s*$|^\d{10}(?:\d{3})?$"
)
_SERIAL: Final = re.compile(r"\d{5}(?:\.\d{1,10})?")
_SERIAL_START: Final = datetime(1899, 12, 30, tzinfo=UTC)
_SERIALS: Final = range(32_874, 73_051)
"""Days of the years 1990 to 2099, as spreadsheets count them."""
_THAI_ERA: Final = 543


def order_of(values: Iterable[str]) -> tuple[Order, str]:
    """The order of the figures in dates such as 03/04/2026, and by which of them it is certain.

    Empty where no date tells, or where they contradict each other: the reason then says which.
    """
    first = second = ""
    seen = 0
    for value in values:
        match = _NUMERIC.fullmatch(value.strip())
        if match is None or len(match[1]) > 2:
            continue
        seen += 1
        if int(match[1]) > 12:
            first = first or value
        elif int(match[2]) > 12:
            second = second or value
    if first and second:
        return "", f"{first} and {second} are of different orders"
    if first or second:
        return ("dmy", first) if first else ("mdy", second)
    return "", "no date has a figure above 12" if seen else ""


class DateReader:
    """Reads the dates of one column. `zone` is that of times which name none."""

    def __init__(self, order: str = "", zone: ZoneInfo | None = None) -> None:
        self._order, self._zone = order, zone

    def read(self, value: str) -> datetime | None:
        """The time, in UTC; None where it cannot be read for certain."""
        text = value.strip()
        try:
            if match := _NUMERIC.fullmatch(text):
                return self._numeric(match)
            if _SERIAL.fullmatch(text) and int(float(text)) in _SERIALS:
                return self._local(_SERIAL_START + timedelta(days=float(text)))
            moment = read_date(text)
        except (ValueError, OverflowError):
            return None
        return moment if moment is None or _ZONED.search(text) else self._local(moment)

    def _local(self, moment: datetime) -> datetime:
        if self._zone is None:
            return moment
        return moment.replace(tzinfo=self._zone).astimezone(UTC)

    def _numeric(self, match: re.Match[str]) -> datetime | None:
        one, two, three = (match[group] for group in (1, 2, 3))
        if len(one) == 4 or (len(one) == 2 and self._order == "ymd"):
            year, month, day = one, two, three
        elif len(one) > 2 or len(three) not in (2, 4):
            return None
        else:
            order = self._order if self._order in ("dmy", "mdy") else _certain(one, two, three)
            if not order:
                return None
            year, month, day = (three, two, one) if order == "dmy" else (three, one, two)
        number = int(year) + (2000 if len(year) == 2 else 0)
        number -= _THAI_ERA if number > 2400 else 0
        hour, minute, second = (int(match[group] or 0) for group in (4, 5, 6))
        if match[7]:
            if not 1 <= hour <= 12:
                return None
            hour = hour % 12 + (12 if match[7] in "Pp" else 0)
        moment = datetime(number, int(month), int(day), hour, minute, second, tzinfo=UTC)
        return self._local(moment) if 1990 <= moment.year <= 2100 else None


def _certain(one: str, two: str, year: str) -> str:
    """The order of a date that needs no other to be understood."""
    if len(year) != 4:
        return ""
    if int(one) > 12 or one == two or int(year) > 2400:  # years of Thailand, where the day comes first
        return "dmy"
    return "mdy" if int(two) > 12 else ""
