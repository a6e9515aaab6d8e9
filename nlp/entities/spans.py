"""A set of ranges that can be asked quickly whether it holds a position."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

__all__ = ["Spans"]


class Spans:
    """Ranges of a text, those that touch or overlap joined."""

    def __init__(self, pairs: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(pairs):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            else:
                self._starts.append(start)
                self._ends.append(end)

    def __contains__(self, at: int) -> bool:
        place = bisect_right(self._starts, at) - 1
        return place >= 0 and at < self._ends[place]

    def overlap(self, start: int, end: int) -> bool:
        """Whether a position of `start:end` is in one of the ranges."""
        place = bisect_left(self._starts, end) - 1
        return place >= 0 and start < self._ends[place]

    def __bool__(self) -> bool:
        return bool(self._starts)
