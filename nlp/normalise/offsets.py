"""Where each character of a normalised text came from."""

from bisect import bisect_right
from typing import Final

__all__ = ["Normalised"]


class Normalised:
    """A normalised text, the way back to the original, and what was undone.

    The way back is kept as pieces. In piece i, beginning at `starts[i]` of `text`, every `into[i]` characters came
    from `out_of[i]` characters of the original, the first of them at `origins[i]`. What was dropped leaves a gap
    between two pieces. A text whose length did not change has one piece, whatever its length.
    """

    __slots__ = ("_into", "_origins", "_out_of", "_reach", "_starts", "_undone", "original", "text")

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
        self._keep_order()

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
        undone = self._undone
        at = bisect_right(self._reach, start)  # the first that may reach into the range
        while at < len(undone) and undone[at][0] < end:
            begin, stop, name = undone[at]
            # What was dropped has no width: it counts only between two characters of the range.
            if stop > start and (stop > begin or begin > start):
                names[name] = None
            at += 1
        return tuple(names)

    @property
    def disguises(self) -> list[tuple[int, int, str]]:
        """All that was undone: (start, end, name) in `text`; start equals end where something was dropped."""
        return self._undone

    def revised(self, text: str, changed: list[tuple[int, int, str]]) -> "Normalised":
        """The same with another text of the same length, and what was undone for it: (start, end, name)."""
        return Normalised(self.original, text, self._pieces(), sorted(self._undone + changed))

    def edited(self, edits: list[tuple[int, int, str, str]]) -> "Normalised":
        """The same with ranges of the text replaced: (start, end, new text, name of what was undone or empty).

        Edits that overlap one before them are left out.
        """
        text, pieces = self.text, self._pieces() or [(0, 0, 1, 1)]
        starts = [piece[0] for piece in pieces]
        parts: list[str] = []
        moved: list[tuple[int, int, int, int]] = []
        undone: list[tuple[int, int, str]] = []
        shifts: list[tuple[int, int]] = []  # (end of an edit, by how much what follows has moved)
        at = last = 0

        def keep(start: int, end: int, at: int) -> None:
            i = bisect_right(starts, start) - 1
            while start < end:
                first, origin, into, out_of = pieces[i]
                stop = min(end, starts[i + 1] if i + 1 < len(starts) else len(text))
                moved.append((at, origin + (start - first) // into * out_of, into, out_of))
                at += stop - start
                start = stop
                i += 1

        for start, end, new, name in sorted(edits):
            begin, stop = self._whole(start, end)
            if begin < last:
                continue
            whole = text[begin:start] + new + text[end:stop]
            keep(last, begin, at)
            parts += (text[last:begin], whole)
            at += begin - last
            origin, origin_end = self.span(begin, stop)
            if whole:
                moved.append((at, origin, len(whole), origin_end - origin))
            if name:
                undone.append((at, at + len(whole), name))
            at += len(whole)
            last = stop
            shifts.append((stop, at - stop))
        keep(last, len(text), at)
        parts.append(text[last:])
        for start, end, name in self._undone:
            begin, stop = _moved(shifts, start), _moved(shifts, end)
            undone.append((begin, max(begin, stop), name))
        new_text = "".join(parts)
        limit = len(new_text)
        kept = sorted((min(start, limit), min(end, limit), name) for start, end, name in undone)
        return Normalised(self.original, new_text, moved, kept)

    def _pieces(self) -> list[tuple[int, int, int, int]]:
        if self._starts is None:
            return []
        return list(zip(self._starts, self._origins, self._into, self._out_of, strict=True))

    def _whole(self, start: int, end: int) -> tuple[int, int]:
        """The range, widened so that it takes no character of the original apart."""
        if self._starts is None:
            return start, end
        first = bisect_right(self._starts, start) - 1
        start -= (start - self._starts[first]) % self._into[first]
        last = bisect_right(self._starts, end - 1) - 1
        return start, end + -(end - self._starts[last]) % self._into[last]

    def _keep_order(self) -> None:
        ends = 0
        self._reach: list[int] = []  # how far the first n of what was undone reach
        for item in self._undone:
            ends = max(ends, item[1])
            self._reach.append(ends)


def _moved(shifts: list[tuple[int, int]], position: int) -> int:
    at = bisect_right(shifts, (position, 1 << 62)) - 1
    return position if at < 0 else position + shifts[at][1]
