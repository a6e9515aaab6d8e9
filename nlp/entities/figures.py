"""Where figures stand in a text, and the text with those of other scripts as 0 to 9: read once for all who ask."""

import re
import unicodedata
from itertools import islice
from typing import Final

from nlp.context import Context

__all__ = ["digit_runs", "western"]

_RUN: Final = re.compile(r"\d\d*")  # a class first, which the machine of `re` looks for quickly
_MOST: Final = 100_000
"""Runs of digits that are read of one text; a book has fewer, and more would only fill the memory."""
_WESTERN: Final = {
    code: str(unicodedata.digit(chr(code))) for start in (0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xED0, 0x1040, 0x17E0)
    for code in range(start, start + 10)
}  # fmt: skip


def digit_runs(context: Context) -> list[tuple[int, int]]:
    """Where digits of any script stand together in `context.lower`, ascending."""
    found: list[tuple[int, int]] | None = context.cache.get("digit runs")
    if found is None:
        found = context.cache["digit runs"] = [match.span() for match in islice(_RUN.finditer(context.lower), _MOST)]
    return found


def western(context: Context) -> str:
    """`context.lower` with the digits of other scripts as 0 to 9; its length stays."""
    found: str | None = context.cache.get("western")
    if found is None:
        lower = context.lower
        native = not lower.isascii() and any(not lower[start:end].isascii() for start, end in digit_runs(context))
        found = context.cache["western"] = lower.translate(_WESTERN) if native else lower
    return found
