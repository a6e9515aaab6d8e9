"""Runs of two to four characters as rows of a table, by a hash: no list of runs is kept, and every script is read alike."""

import sys
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

_NEXT: Final = np.uint32(0x01000193)
_LAST: Final = np.uint32(0x85EBCA6B)
_SHIFT: Final = np.uint32(32 - BITS)


def _singles() -> Rows:
    """A number for each character. Digits are all alike, and so are spaces, breaks and control characters."""
    codes = np.arange(sys.maxunicode + 1, dtype=np.uint32)
    codes[: ord(" ")] = ord(" ")
    codes[ord("0") : ord("9") + 1] = ord("0")
    return codes * np.uint32(0x9E3779B1)


_SINGLES: Final = _singles()


def grams(lower: str) -> Rows:
    """The rows of all runs of a text in lower case: those of each order in the order of the text, one order after another.

    A number tells nothing of the wording, whichever it is.
    """
    single = _SINGLES.take(np.frombuffer(lower[:MOST].encode("utf-32-le", "surrogatepass"), dtype=np.uint32))
    length = len(single)
    rows = np.empty(sum(max(0, length - order + 1) for order in ORDERS), dtype=np.uint32)
    run, at = single, 0
    for order in ORDERS:
        if length < order:
            break
        run = (run[:-1] * _NEXT) ^ single[order - 1 :]
        rows[at : at + len(run)] = run
        at += len(run)
    rows *= _LAST
    rows >>= _SHIFT
    return rows
