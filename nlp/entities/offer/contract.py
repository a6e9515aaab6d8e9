"""How long one is bound, in months: `12 months`."""

import re
from collections.abc import Iterator
from typing import Final

from nlp.context import Context, Match
from nlp.entities.offer.table import Hit, Table

__all__ = ["read"]

_NUMBER: Final = re.compile(
    r"(?<![\d.,/+])(\d{1,2})\s?-?\Z|([一二两三五六])\Z|\b(one|two|three|six|satu|dua|tiga|enam|một|hai|ba)\s\Z"
)
_WORDS: Final = {
    "一": 1, "二": 2, "两": 2, "三": 3, "五": 5, "六": 6, "one": 1, "two": 2, "three": 3, "six": 6, "satu": 1, "dua": 2,
    "tiga": 3, "enam": 6, "một": 1, "hai": 2, "ba": 3,
}  # fmt: skip
_NEAR: Final = 16
_BROKEN: Final = re.compile(r"[\n.;。；!！]")


def read(context: Context, hits: dict[str, list[Hit]], table: Table) -> Iterator[Match]:
    """The times beside a word for contract."""
    lower = context.lower
    words = hits["contract"]
    contracts = [hit for hit in words if hit.value == "contract"]
    if not contracts:
        return
    reach = -1
    for start, end, value, _ in words:
        if value == "contract" or start < reach:
            continue
        number = _NUMBER.search(lower, max(0, start - 8), start)
        if number is None:
            continue
        count = int(number[1]) if number[1] else _WORDS[number[2] or number[3]]
        months = count * 12 if value == "year" else count
        begin = number.start()
        if not 1 <= months <= 120 or not any(_beside(lower, hit, begin, end) for hit in contracts):
            continue
        reach = end
        yield Match(
            kind="contract", value=f"{months} months" if months > 1 else "1 month", start=begin, end=end, confidence=0.9
        )


def _beside(lower: str, word: Hit, start: int, end: int) -> bool:
    if word.end <= start:
        return start - word.end <= _NEAR and not _BROKEN.search(lower, word.end, start)
    return 0 <= word.start - end <= _NEAR and not _BROKEN.search(lower, end, word.start)
