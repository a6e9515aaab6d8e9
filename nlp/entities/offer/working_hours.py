"""Working time: `12 h/day`, `48 h/week`, `6 days/week`, or the hours of a day as `08:00-20:00`."""

import re
from collections.abc import Iterator
from typing import Final

from nlp.context import Context, Match
from nlp.entities.figures import digit_runs
from nlp.entities.offer.table import Hit, Table

__all__ = ["read"]

_NUMBER: Final = re.compile(r"(?<![\d.,:/+])(\d{1,2})(?:\s?[-–~]\s?(\d{1,2}))?\s?\Z")
_CLOCK: Final = re.compile(
    r"([01]?\d|2[0-4])(?:([:.：])([0-5]\d))?\s?(am|pm|a\.m\.|p\.m\.|น\.|h|时|點|点|시|時)?\s?(?:wib)?\s{0,2}"
    r"(?:-|–|—|~|～|to|until|hingga|sampai|s/d|sd|đến|tới|至|到|ถึง|ຫາ|ដល់|에서|から|до|até|às|a|hasta|hadi|से|تا)\s{0,2}"
    r"([01]?\d|2[0-4])(?:[:.：]([0-5]\d))?\s?(am|pm|a\.m\.|p\.m\.|น\.|h|时|點|点|시|時)?(?![\d%:]|[.,]\d)"
)
_NEAR: Final = 30


def read(context: Context, hits: dict[str, list[Hit]], table: Table) -> Iterator[Match]:
    """The times: a number of hours with the day or week they are in, and hours of the clock beside a word for work time."""
    lower = context.lower
    words = hits["working_hours"]
    rates = [hit for hit in words if hit.value in ("a-day", "a-week")]
    reach = -1
    for start, end, value, _ in words:
        if value not in ("hours", "days") or start < reach:
            continue
        number = _NUMBER.search(lower, max(0, start - 9), start)
        if number is None:
            continue
        rate = _rate(lower, rates, number.start(1), end)
        if rate is None:
            continue
        count = int(number[1])
        if (value == "hours" and not (2 <= count <= (24 if rate.value == "a-day" else 90))) or (
            value == "days" and (rate.value != "a-week" or not 2 <= count <= 7)
        ):
            continue
        much = f"{count}-{int(number[2])}" if number[2] else str(count)
        unit = "h" if value == "hours" else "days"
        first, reach = min(number.start(1), rate.start), max(end, rate.end)
        yield Match(
            kind="working_hours", value=f"{much} {unit}/{rate.value[2:]}", start=first, end=reach, confidence=0.9
        )
    cues = [hit for hit in words if hit.value == "cue"]
    if cues:
        for match in _clocks(context):
            low, high = _time(match[1], match[3], match[4] or ""), _time(match[5], match[6], match[7] or "")
            plain = match[3] or match[4] or match[7]
            if (
                plain
                and low != high
                and any(cue.start - _NEAR <= match.end() and match.start() <= cue.end + _NEAR for cue in cues)
            ):
                yield Match(
                    kind="working_hours", value=f"{low}-{high}", start=match.start(), end=match.end(), confidence=0.85
                )


def _clocks(context: Context) -> Iterator[re.Match[str]]:
    lower = context.lower
    reach = 0
    for start, _ in digit_runs(context):
        if start >= reach and (not start or lower[start - 1] not in ".,:") and (match := _CLOCK.match(lower, start)):
            reach = match.end()
            yield match


def _rate(lower: str, rates: list[Hit], start: int, end: int) -> Hit | None:
    """The word that says in which time, right behind the hours or right before the number."""
    for hit in rates:
        if (end <= hit.start <= end + 3 and not lower[end : hit.start].strip(" /")) or (
            hit.end <= start <= hit.end + 4 and not lower[hit.end : start].strip(" :：/")
        ):
            return hit
    return None


def _time(hour: str, minute: str | None, half: str) -> str:
    at = int(hour)
    if half.startswith("p") and at < 12:
        at += 12
    elif half.startswith("a") and at == 12:
        at = 0
    return f"{at:02d}:{minute or '00'}"
