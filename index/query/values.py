"""Reads the bounds that people type for dates and numbers."""

import math
import re
from datetime import UTC, datetime, timedelta
from typing import Final

from index.fields import micros

__all__ = ["read_date", "read_number"]

_DAY: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)


def read_date(text: str) -> tuple[int, int]:
    """The first and the last microsecond of what is named: a year, a month, a day (in UTC) or a moment.

    Raises ValueError if it is none of these.
    """
    match = _DAY.fullmatch(text.strip())
    if match is None:
        moment = datetime.fromisoformat(text.strip())
        at = _micros(moment)
        # `T10:30` means the whole minute, `T10:30:15` the whole second.
        clock = re.search(r"T(\d{2}(?::\d{2}){0,2})(?![\d.:])", text.strip().upper().replace(" ", "T"))
        span = (3600, 60, 1)[clock[1].count(":")] * 1_000_000 - 1 if clock and not moment.microsecond else 0
        return at, at + span
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    first = datetime(year, month or 1, day or 1, tzinfo=UTC)
    if day:
        return _micros(first), _micros(first) + 86_400_000_000 - 1
    last_month = datetime(year, 12, 31, tzinfo=UTC)
    if month and month < 12:
        last_month = datetime(year, month + 1, 1, tzinfo=UTC) - timedelta(days=1)
    return _micros(first), _micros(last_month) + 86_400_000_000 - 1


def _micros(moment: datetime) -> int:
    found = micros(moment)
    assert found is not None
    return found


def read_number(text: str) -> float:
    """A number, with or without commas between thousands. Raises ValueError if it is none."""
    number = float(re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text.strip()))
    if not math.isfinite(number):
        raise ValueError(text)
    return number
