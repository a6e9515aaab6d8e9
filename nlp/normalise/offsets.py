"""Where each character of a normalised text came from."""

from bisect import bisect_left, bisect_right
from typing import Final

__all__ = ["Normalised"]


class Normalised:
    """A normalised text, the way back to the original, and what was undone.

    The way back is kept as pieces. In piece i, beginning at `starts[i]` of `text`, every `into[i]` characters came
    from `out_of[i]` characters of the original, the first of them at `origins[i]`. What was dropped leaves a gap
    between two pieces. A text whose length did not change has one piece, whatever its length.
    """

    __slots__ = ("_into", "_origins", "_out_of", "_starts", "_undone", "_undone_starts", "original", "text")

    def __init__(
        self,
        original: str,
        text: str,
        pieces: list[tuple[int, int, int, int]] | None = None,
        undone: list[tuple[int, int, str]] | None = None,
    ) -> None:
        """`pieces` are (start, origin, into, out_of), ascending; `undone` are (start, end, name) in `text`, ascending."""
        self.original: Final = original
        self.text: Final = text
        self._starts: list[int] | None = None
        if pieces and pieces != [(0, 0, 1, 1)]:
            self._starts = [piece[0] for piece in pieces]
            self._origins = [piece[1] for piece in pieces]
            self._into = [piece[2] for piece in pieces]
            self._out_of = [piece[3] for piece in pieces]
        self._undone = undone or []
        self._undone_starts = [item[0] for item in self._undone]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The range of the original that `text[start:end]` came from, without what was dropped at its borders.

        Needs 0 <= start < end <= len(text); else raises IndexError.
        """
        if not 0 <= start < end <= len(self.text):
            raise IndexError(f"no characters at {start}:{end} of a text of {len(self.text)}")
        if self._starts is None:
            return start, end
        first = bisect_right(self._starts, start) - 1
        begin = self._origins[first] + (start - self._starts[first]) // self._into[first] * self._out_of[first]
        last = end - 1
        piece = bisect_right(self._starts, last, first) - 1
        done = (last - self._starts[piece]) // self._into[piece] + 1
        return begin, self._origins[piece] + done * self._out_of[piece]

    def position(self, origin: int) -> int:
        """The first index of `text` that came from `origin` or later in the original; len(text) where none did."""
        if self._starts is None:
            return min(origin, len(self.text))
        piece = bisect_right(self._origins, origin) - 1
        if piece < 0:
            return 0
        ahead = origin - self._origins[piece]
        steps = -(-ahead // self._out_of[piece])
        found = self._starts[piece] + steps * self._into[piece]
        limit = self._starts[piece + 1] if piece + 1 < len(self._starts) else len(self.text)
        return min(found, limit)

    def undone(self, start: int, end: int) -> tuple[str, ...]:
        """The names of the disguises taken off inside `text[start:end]`, each once, in order of appearance."""
        if not self._undone:
            return ()
        names: dict[str, None] = {}
        at = bisect_left(self._undone_starts, start)
        if at and self._undone[at - 1][1] > start:
            at -= 1
        for begin, stop, name in self._undone[at:]:
            if begin >= end:
                break
            # What was dropped has no width: it counts only between two characters of the range.
            if stop > begin or begin > start:
                names[name] = None
        return tuple(names)

    @property
    def disguises(self) -> list[tuple[int, int, str]]:
        """All that was undone: (start, end, name) in `text`; start equals end where something was dropped."""
        return self._undone
