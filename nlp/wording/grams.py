"""Runs of two to four characters as rows of a table, by a hash: no list of runs is kept, and every script is read alike."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["BITS", "MOST", "ORDERS", "Rows", "grams"]

Rows = NDArray[np.uint32]

BITS: Final = 17
"""The table has 2 ** BITS rows."""
ORDERS: Final = (2, 3, 4)
"""Lengths of the runs, in characters."""
MOST: Final = 20_000
"""Characters that are read: what a longer text says further on changes nothing."""

_SPACE, _ZERO, _NINE = 0x20, 0x30, 0x39
_FIRST: Final = np.uint32(0x9E3779B1)
_NEXT: Final = np.uint32(0x01000193)
_LAST: Final = np.uint32(0x85EBCA6B)
_SHIFT: Final = np.uint32(32 - BITS)


def grams(lower: str) -> Rows:
    """The rows of all runs of a text in lower case: those of each order in the order of the text, one order after another.

    Digits are all alike, and so are spaces, breaks and control characters: a number tells nothing of the wording.
    """
    raw = lower[:MOST].encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(raw, dtype=np.uint32)
    codes = np.where(codes < _SPACE, np.uint32(_SPACE), codes)
    codes = np.where((codes >= _ZERO) & (codes <= _NINE), np.uint32(_ZERO), codes)
    single = codes * _FIRST
    run = single
    found = []
    for order in ORDERS:
        if len(codes) < order:
            break
        run = (run[:-1] * _NEXT) ^ single[order - 1 :]
        found.append((run * _LAST) >> _SHIFT)
    return np.concatenate(found) if found else np.zeros(0, dtype=np.uint32)
