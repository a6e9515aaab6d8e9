"""The trained table: what each run of characters says for a lure, and for each kind of post."""

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple
from zipfile import BadZipFile, ZipFile

import numpy as np
from numpy.typing import NDArray

from jerat.errors import DataError
from nlp.wording.grams import BITS, MOST, ORDERS, Rows, grams

__all__ = ["HEADS", "MODEL", "Worded", "Wording", "in_force", "load_wording", "using"]

MODEL: Final = Path(__file__).with_name("wording.npz")
HEADS: Final = ("lure", "offer", "warning", "victim", "seeker", "question", "other")
"""What is told of a text: whether it is worded like lures, and of what kind it looks."""
_WINDOW: Final = 14
"""Characters of the piece that is shown as the reason."""
_STOPS: Final = frozenset(" \t\n.,;:!?()[]{}\"'/|·•*~…。，、！？；：（）「」『』【】《》।။។")

Vector = NDArray[np.float64]


class Worded(NamedTuple):
    """Log-odds by head, and what is needed to say which words made them."""

    logits: dict[str, float]
    rows: Rows
    length: int


class Wording:
    """A table of 2 ** BITS rows with a weight (int8, times `scale`) for each head."""

    def __init__(self, weights: NDArray[np.int8], scale: Vector, bias: Vector, about: dict[str, str]) -> None:
        self.weights, self.scale, self.bias, self.about = weights, scale, bias, about
        self._wide = weights.astype(np.float32)
        """The same as whole numbers in floats: a product of matrices adds them up fastest, and as exactly."""
        self._lure = np.ascontiguousarray(self._wide[:, 0])
        self._ones = np.ones(len(ORDERS) * MOST, dtype=np.float32)

    def read(self, lower: str) -> Worded:
        """The log-odds of a text in lower case. An empty one has those of the bias."""
        rows = grams(lower)
        sums = self._ones[: len(rows)] @ self._wide.take(rows, axis=0)
        logits = sums.astype(np.float64) * self.scale / math.sqrt(max(1, len(rows))) + self.bias
        return Worded(dict(zip(HEADS, logits.tolist(), strict=True)), rows, min(len(lower), MOST))

    def piece(self, lower: str, worded: Worded, sign: int = 1) -> tuple[int, int] | None:
        """Where the piece stands that speaks most for a lure (`sign` 1) or against (-1), out to whole words."""
        length = worded.length
        if length < ORDERS[-1]:
            return None
        said = self._lure.take(worded.rows)
        total = np.zeros(length + 1, dtype=np.float32)
        share, at = total[1:], 0
        for order in ORDERS:
            share[: length - order + 1] += said[at : at + length - order + 1]
            at += length - order + 1
        np.cumsum(share, out=share)
        if sign < 0:
            np.negative(total, out=total)
        width = min(_WINDOW, length)
        start = int(np.argmax(total[width:] - total[:-width]))
        end = start + width
        while start > 0 and end - start < 3 * _WINDOW and lower[start - 1] not in _STOPS:
            start -= 1
        while end < length and end - start < 3 * _WINDOW and lower[end] not in _STOPS:
            end += 1
        while start < end and lower[start] in _STOPS:
            start += 1
        while end > start and lower[end - 1] in _STOPS:
            end -= 1
        return (start, end) if start < end else None

    def save(self, path: Path) -> None:
        """Write the table; it is read again by `load_wording`."""
        np.savez_compressed(
            path, weights=self.weights, scale=self.scale, bias=self.bias, about=np.array(json.dumps(self.about))
        )


_USED: list[Wording] = []


def in_force() -> Wording:
    """The shipped table, or that of `using`."""
    return _USED[-1] if _USED else load_wording()


@contextmanager
def using(wording: Wording) -> Iterator[None]:
    """Read with another table: to measure what a table says of posts that it has not seen."""
    _USED.append(wording)
    try:
        yield
    finally:
        _USED.pop()


@lru_cache(maxsize=2)
def load_wording(path: Path = MODEL) -> Wording:
    """A table from a file. Raises DataError where it cannot be read or is of another form."""
    try:
        with path.open("rb") as stream, ZipFile(stream):
            stream.seek(0)
            found = np.load(stream, allow_pickle=False)
            weights, scale, bias = found["weights"], found["scale"], found["bias"]
            about = json.loads(str(found["about"]))
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise DataError(f"{path}: the wording's table cannot be read: {error}", "Install jerat again.") from error
    if weights.shape != (1 << BITS, len(HEADS)) or weights.dtype != np.int8:
        raise DataError(f"{path}: the wording's table has another form", "Make it again with scripts/train-wording.")
    return Wording(weights, scale, bias, about)
