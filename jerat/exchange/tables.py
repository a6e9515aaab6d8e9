"""The three formats of a list: each writer takes rows one by one, and holds none of them."""

import csv
import io
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final, Protocol, Self

import msgspec
import xlsxwriter  # type: ignore[import-untyped]  # ships no types

from jerat.exchange.cells import csv_cell, readable, xlsx_cell
from jerat.exchange.safe_json import json_safe

__all__ = ["FORMATS", "Cell", "CsvTable", "JsonlTable", "Table", "XlsxTable"]

Cell = str | int | float | None
FORMATS: Final = ("csv", "xlsx", "jsonl")
_SHEET_ROWS: Final = 1_048_576


class Table(Protocol):
    """Where rows go. `cut` counts the cells that did not fit and were cut with a mark."""

    cut: int

    def row(self, cells: Sequence[Cell], whole: object) -> None:
        """Write one row: `cells` by column, `whole` the same thing with all its parts, for formats that can hold it."""

    def close(self) -> None:
        """Write what is left."""


class CsvTable:
    """CSV as RFC 4180 has it, in UTF-8 with a byte order mark, without which Excel takes it for a national charset.

    With `raw`, the cells stand as they are, without guard and byte order mark: for programs, never for a spreadsheet.
    """

    def __init__(self, stream: IO[bytes], columns: Sequence[str], *, raw: bool = False) -> None:
        self.cut = 0
        self._raw = raw
        self._text = io.TextIOWrapper(stream, "utf-8" if raw else "utf-8-sig", errors="replace", newline="")
        self._writer = csv.writer(self._text, lineterminator="\r\n")
        self._writer.writerow(columns)

    def row(self, cells: Sequence[Cell], whole: object) -> None:
        """Write one row."""
        self._writer.writerow([self._cell(cell) for cell in cells])

    def _cell(self, cell: Cell) -> Cell:
        if isinstance(cell, str):
            return readable(cell) if self._raw else csv_cell(cell)
        return cell

    def close(self) -> None:
        """Write what is left; the stream stays open."""
        self._text.flush()
        self._text.detach()


class JsonlTable:
    """One JSON object a line, with everything that is known; no columns, no guard."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.cut = 0
        self._stream = stream
        self._encoder = msgspec.json.Encoder()

    def row(self, cells: Sequence[Cell], whole: object) -> None:
        """Write one line."""
        self._stream.write(json_safe(self._encoder.encode(whole).decode()).encode() + b"\n")

    def close(self) -> None:
        """Write what is left; the stream stays open."""
        self._stream.flush()


class XlsxTable:
    """A workbook, written row by row. Text is always a text cell, so no formula runs and no digit of a number is lost.

    What does not fit on one sheet goes on further ones.
    """

    def __init__(self, path: Path, sheet: str, columns: Sequence[str], *, sheet_rows: int = _SHEET_ROWS) -> None:
        self.cut = 0
        self._columns, self._sheet, self._limit = tuple(columns), sheet, sheet_rows
        # Beside the output, not in the system's folder for temporary files: the posts are nobody else's business.
        self._scratch = tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name.lstrip('.')[:100]}.")
        options = {
            "constant_memory": True,
            "tmpdir": self._scratch.name,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        }
        self._book = xlsxwriter.Workbook(str(path), options)
        self._head = self._book.add_format({"bold": True})
        self._sheets = 0
        self._open_sheet()

    def _open_sheet(self) -> None:
        self._sheets += 1
        self._page = self._book.add_worksheet(self._sheet if self._sheets == 1 else f"{self._sheet} {self._sheets}")
        self._page.freeze_panes(1, 0)
        for column, name in enumerate(self._columns):
            self._page.set_column(column, column, min(40, max(12, len(name) + 2)))
        for column, name in enumerate(self._columns):
            self._page.write_string(0, column, name, self._head)
        self._at = 1

    def row(self, cells: Sequence[Cell], whole: object) -> None:
        """Write one row."""
        if self._at >= self._limit:
            self._open_sheet()
        for column, cell in enumerate(cells):
            if cell is None or cell == "":
                continue
            if isinstance(cell, str):
                text, cut = xlsx_cell(cell)
                self.cut += cut
                self._page.write_string(self._at, column, text)
            else:
                self._page.write_number(self._at, column, cell)
        self._at += 1

    def close(self) -> None:
        """Write the workbook."""
        self._book.close()
        self._scratch.cleanup()

    def discard(self) -> None:
        """Let go of the scratch files of a workbook that will not be written."""
        self._book.fileclosed = True
        for page in self._book.worksheets():
            page.row_data_fh.close()
        self._scratch.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.close() if kind is None else self.discard()
