"""What a reply says of the requests that are left, in all the forms that APIs use."""

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from crawlers.extract.dates import read_date

__all__ = ["seconds_to_reset"]

_REMAINING: Final = ("X-RateLimit-Remaining", "X-Rate-Limit-Remaining", "RateLimit-Remaining")
_RESET: Final = (
    "X-RateLimit-Reset-After",
    "X-RateLimit-Reset",
    "X-Rate-Limit-Reset",
    "RateLimit-Reset",
)
_NUMBER: Final = re.compile(r"\d{1,15}(?:\.\d{1,9})?")
_FIELD: Final = re.compile(r"\b(remaining|reset|r|t)\s*=\s*(\d{1,12})", re.I)
_MOST_SECONDS: Final = 100_000_000.0
"""A number above this is no span of seconds but a time since 1970; one above 100 milliards counts milliseconds."""
_MOST_EPOCH: Final = 100_000_000_000.0


def seconds_to_reset(header: Callable[[str], str], now: datetime | None = None, *, spent: bool = False) -> float | None:
    """Seconds until requests are counted anew, where none is left; None where some are, or nothing is said.

    `header` gives a header of the reply by its name, empty where it is absent. Read are `X-RateLimit-Remaining` and
    `-Reset` with their other spellings, where the reset is in seconds, a time since 1970 (also in milliseconds) or ISO 8601,
    and `RateLimit` of the IETF draft (`limit=60, remaining=0, reset=5`, `"default";r=0;t=5`). With `spent` the answer was
    a refusal, and what it says to be left does not count.
    """
    now = now or datetime.now(UTC)
    drafted = {name.lower(): float(number) for name, number in _FIELD.findall(header("RateLimit"))}
    left = next((number for name in _REMAINING if (number := _number(header(name))) is not None), None)
    if left is None:
        left = drafted.get("remaining", drafted.get("r"))
    if not spent and (left is None or left >= 1):
        return None
    for name in _RESET:
        if (seconds := _seconds(header(name), now)) is not None:
            return seconds
    return drafted.get("reset", drafted.get("t"))


def _number(text: str) -> float | None:
    text = text.split(",")[0].strip()
    return float(text) if _NUMBER.fullmatch(text) else None


def _seconds(text: str, now: datetime) -> float | None:
    number = _number(text)
    if number is not None and math.isfinite(number):
        if number <= _MOST_SECONDS:
            return number
        epoch = number / 1000 if number > _MOST_EPOCH else number
        return max(0.0, epoch - now.timestamp())
    moment = read_date(text.strip()) if text.strip() else None
    return max(0.0, (moment - now).total_seconds()) if moment is not None else None
