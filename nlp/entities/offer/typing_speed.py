"""The typing speed that is asked for: `25 wpm` in words a minute, `60 cpm` in characters."""

import re
from collections.abc import Iterator
from typing import Final

from nlp.context import Context, Match
from nlp.entities.offer.table import Hit, Table

__all__ = ["read"]

_BEFORE: Final = re.compile(r"(?<![\d.,+])(\d{2,3})(?:\s?[-–~]\s?\d{2,3})?\s?\+?\s?\Z")
_AFTER: Final = re.compile(r"[^\d\n]{0,14}?(\d{2,3})(?![\d.,]*\d|%|/\d)")
_PAY: Final = re.compile(
    r"\s?(?:rb|ribu|k|jt|juta|元|块|块钱|원|만|円|บาท|đồng|tr|triệu|usd|\$|rs|₹|руб|岁|歲|세|tuổi|tahun|ปี|人|个人|명)"
)


def read(context: Context, hits: dict[str, list[Hit]], table: Table) -> Iterator[Match]:
    """The speeds: a number before the unit, or behind the words for typing."""
    lower = context.lower
    reach = -1
    for start, end, value, _ in hits["typing_speed"]:
        if start < reach:
            continue
        unit, _, near = value.partition("-")
        if not near:
            window = max(0, start - 12)
            number = _BEFORE.search(lower, window, start)
            if number is not None and 10 <= int(number[1]) <= 600:
                reach = end
                yield _match(unit, number[1], number.start(1), end, 0.95)
            continue
        number = _AFTER.match(lower, end)
        if number is None or not 10 <= int(number[1]) <= 600 or _PAY.match(lower, number.end()):
            continue
        rest = [hit for hit in hits["typing_speed"] if number.end() <= hit.start <= number.end() + 2]
        stop = number.end()
        for hit in rest:
            if not hit.value.endswith("-near"):
                unit, stop = hit.value, hit.end
        reach = stop
        yield _match(unit, number[1], number.start(1), stop, 0.9 if rest else 0.8)


def _match(unit: str, number: str, start: int, end: int, confidence: float) -> Match:
    return Match(kind="typing_speed", value=f"{int(number)} {unit}", start=start, end=end, confidence=confidence)
