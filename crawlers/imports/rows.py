"""Rows of a delimited text, one by one. A quote that is never closed costs its own row, and not the rest of the file."""

import io
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

__all__ = ["Dialect", "Lines", "Row", "Rows", "sniffed"]

_DELIMITERS: Final = (",", ";", "\t", "|")
_RARE: Final = ("~", "^", "\x1f", "\x01", "\xa6", "\xa7", "#", ":", " ")
"""Delimiters that texts hold too: taken where no other fits, and the first row is a heading by them."""
_MAX_RECORD: Final = 1_500_000
"""Characters of one record; a text above JERAT_MAX_TEXT would be refused all the same."""
_MAX_LINES: Final = 20_000
_MAX_TRIES: Final = 30
"""Times that a record is read anew because one more line may end it: most end at the first."""
_ALONE: Final = 0.5
_LEAST_AGREED: Final = 0.6
_QUOTE: Final = '"'


class Row(NamedTuple):
    """One record. `line` is where it begins; `trouble` says why it is none, and its text is then the only cell."""

    line: int
    cells: list[str]
    trouble: str = ""


class Lines(Protocol):
    """A text stream whose line ends are left as they are."""

    def readline(self, limit: int = -1, /) -> str:
        """The next line with its end, or empty."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are parted; one column where `delimiter` is empty. With `backslash`, quotes inside are `\\"` and not `""`."""

    delimiter: str
    backslash: bool = False


class _Parsed(NamedTuple):
    cells: list[str]
    is_open: bool
    has_junk: bool


class Rows:
    """The records of a text. `width` is the number of cells that a record should have, by which broken quotes are told."""

    def __init__(self, lines: Lines, dialect: Dialect, width: int = 0) -> None:
        self._lines, self._dialect, self.width = lines, dialect, width
        self._number = 0
        self._again: deque[tuple[int, str]] = deque()
        inside = r'((?:[^"\\]++|\\.)*+)' if dialect.backslash else r'((?:[^"]++|"")*+)'
        blank = "" if dialect.delimiter in ("\t", "") else "[ ]*+"
        self._cell = re.compile(rf'{blank}"{inside}"', re.DOTALL)
        self._begins = re.compile(rf'{blank}"')
        self._closes = re.compile(rf'{inside}"', re.DOTALL)

    def __iter__(self) -> Iterator[Row]:
        delimiter = self._dialect.delimiter
        while (got := self._next()) is not None:
            number, line = got
            if len(line) > _MAX_RECORD:
                yield Row(number, [line[:2000]], f"a line of more than {_MAX_RECORD:,} characters")
            elif not line.strip():
                continue
            elif _QUOTE not in line:
                bare = line.rstrip("\r\n")
                yield Row(number, bare.split(delimiter) if delimiter else [bare])
            else:
                yield self._quoted(number, line)

    @property
    def line(self) -> int:
        """The number of the line that was read last."""
        return self._number

    def set_width(self, width: int) -> None:
        """Say how many cells a record should have."""
        self.width = width

    def skip_line(self) -> None:
        """Leave out the next line, such as the `sep=;` of Excel."""
        self._next()

    def _next(self) -> tuple[int, str] | None:
        if self._again:
            return self._again.popleft()
        line = self._lines.readline(_MAX_RECORD + 1)
        if not line:
            return None
        self._number += 1
        while len(line) > _MAX_RECORD and not line.endswith(("\n", "\r")):
            rest = self._lines.readline(_MAX_RECORD)
            if not rest or rest.endswith(("\n", "\r")):
                break
        return self._number, line.replace("\x00", "") if "\x00" in line else line

    def _quoted(self, number: int, line: str) -> Row:
        parsed = self._parse(line)
        if not parsed.is_open:
            return Row(number, parsed.cells)
        taken = [(number, line)]
        size, tries, closed = len(line), 0, False
        before, pending = parsed.cells[:-1], [self._last(line, parsed)]
        while size <= _MAX_RECORD and len(taken) <= _MAX_LINES and tries < _MAX_TRIES:
            if (got := self._next()) is None:
                break
            taken.append(got)
            pending.append(got[1])
            size += len(got[1])
            if _QUOTE in got[1] and self._closes.match(got[1]):
                tries += 1
                rest = self._parse("".join(pending))
                parsed = _Parsed([*before, *rest.cells], rest.is_open, parsed.has_junk or rest.has_junk)
                if closed := not parsed.is_open:
                    break
                before, pending = parsed.cells[:-1], [self._last(got[1], rest)]
        if closed and not self._was_stray(parsed, taken):
            return Row(number, parsed.cells)
        self._again.extendleft(reversed(taken[1:]))
        alone = self._parse(line, literal=True)
        if self.width and len(alone.cells) == self.width:
            return Row(number, alone.cells)
        return Row(number, [line.rstrip("\r\n")[:2000]], "a quotation mark in it is never closed")

    @staticmethod
    def _last(line: str, parsed: _Parsed) -> str:
        """The open cell with which a line ends, and the line's end, which belongs to it."""
        bare = line.rstrip("\r\n")
        return parsed.cells[-1] + line[len(bare) :]

    def _was_stray(self, parsed: _Parsed, taken: list[tuple[int, str]]) -> bool:
        """Whether the quote was a slip: the record is of a wrong form, and most lines that it took are records."""
        beyond = parsed.cells[self.width :]
        fits = len(parsed.cells) >= self.width and not any(cell.strip() for cell in beyond)
        if not self.width or (fits and not parsed.has_junk):
            return False
        alone = sum(len(self._parse(text).cells) == self.width for _, text in taken[1:])
        return alone >= (len(taken) - 1) * _ALONE

    def _parse(self, text: str, *, literal: bool = False) -> _Parsed:
        text = text.rstrip("\r\n")
        delimiter = self._dialect.delimiter
        cells: list[str] = []
        at, junk = 0, False
        while True:
            value = ""
            if (match := self._cell.match(text, at)) is not None:
                value = self._plain(match[1])
                at = match.end()
            elif not literal and self._begins.match(text, at):
                return _Parsed([*cells, text[at:]], True, junk)
            end = text.find(delimiter, at) if delimiter else -1
            rest = text[at:] if end < 0 else text[at:end]
            if match is not None and rest.strip():
                junk = True
            cells.append(value + (rest if match is None or rest.strip() else ""))
            if end < 0:
                return _Parsed(cells, False, junk)
            at = end + len(delimiter)

    def _plain(self, inside: str) -> str:
        if self._dialect.backslash:
            return re.sub(r"\\(.)", lambda match: match[1] if match[1] in '"\\' else match[0], inside, flags=re.DOTALL)
        return inside.replace('""', '"')


def sniffed(
    sample: str, delimiter: str = "", *, cut: bool = False, is_heading: Callable[[list[str]], bool] = lambda _: False
) -> tuple[Dialect, int]:
    """The dialect of a table by its beginning, and the width of most of its rows; one column where no delimiter fits.

    `delimiter` says which it is, where that is known. Where `sample` is `cut`, its last record is not counted. Where the rows
    are too uneven to tell, a delimiter that makes a heading of the first one does; so do rare ones, such as `~`.
    """
    slashed, doubled = len(re.findall(r'(?<!\\)\\"(?![,;\t|\r\n])', sample)), sample.count('""')
    backslash = slashed > doubled
    best = (Dialect("", backslash), 1, 0.0)
    for mark in (delimiter,) if delimiter else _DELIMITERS:
        dialect = Dialect(mark, backslash)
        rows = list(Rows(io.StringIO(sample, newline=""), dialect)) or [Row(1, [""])]
        widths = Counter(len(row.cells) for row in ((cut and rows[:-1]) or rows))
        width, times = max(widths.items(), key=lambda pair: (pair[1], pair[0]))
        agreed = times / widths.total()
        if best[2] < _LEAST_AGREED and is_heading(rows[0].cells):
            best = (dialect, len(rows[0].cells), 0.0)
        if width > 1 and agreed >= _LEAST_AGREED and (agreed, width) > (best[2], best[1]):
            best = (dialect, width, agreed)
    if not best[0].delimiter and not delimiter:
        for mark in _RARE:
            first = next(iter(Rows(io.StringIO(sample, newline=""), Dialect(mark, backslash))), Row(1, [""])).cells
            if is_heading(first):
                return Dialect(mark, backslash), len(first)
    return best[0], best[1]
