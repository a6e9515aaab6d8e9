"""Workbooks (.xlsx, .xlsm): each sheet is a table. Formulas are never worked out: what was shown last is read."""

import warnings
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

import openpyxl  # type: ignore[import-untyped]  # ships no types

from crawlers.imports.files import saved_at
from crawlers.imports.rows import Row
from crawlers.imports.table import Table
from crawlers.imports.zips import opened_zip, zip_names
from jerat.errors import InputError
from pipelines.intake import BadItem, ImportOptions, Read

__all__ = ["Xlsx"]

_STRINGS: Final = 512 << 20
_PART: Final = 64 << 20
_BATCH: Final = 500
_MOST_COLUMNS: Final = 1000
_WHOLE: Final = 1e15
_ERRORS: Final = frozenset(
    {"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)


class Xlsx:
    """Reads the sheets row by row; only the strings that they share are held, as the format demands."""

    name = "xlsx"

    def recognises(self, path: Path, head: bytes) -> bool:
        """By the parts of the package."""
        return head.startswith(b"PK") and any(name.lower() == "xl/workbook.xml" for name in zip_names(path))

    def read(self, path: Path, options: ImportOptions) -> Iterator[Read | BadItem]:
        """The posts of all sheets, hidden ones too. Raises InputError where the file is no workbook, or no sheet has posts."""
        with opened_zip(path) as archive:
            for part in archive.infolist():
                limit = _STRINGS if part.filename.lower().endswith("sharedstrings.xml") else _PART
                if part.file_size > limit and "worksheets/" not in part.filename:
                    raise InputError(
                        f"{path}: {part.filename!r} in it has {part.file_size:,} bytes; {limit:,} are allowed",
                        "save the sheet as CSV, which is read row by row",
                    )
        with path.open("rb") as file, closing(_opened(file, path)) as book:
            yield from _sheets(book, path, options)


def _opened(file: IO[bytes], path: Path) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # hostile packages reach far into it
        raise InputError(f"{path} cannot be read as a workbook: {type(error).__name__}: {error}") from error


def _sheets(book: Any, path: Path, options: ImportOptions) -> Iterator[Read | BadItem]:
    sheets = list(book.worksheets)
    refused: list[InputError] = []
    share = path.stat().st_size // max(1, len(sheets))
    for sheet in sheets:
        name = path.name if len(sheets) == 1 else f"{path.name}#{sheet.title}"
        cells = _Cells(sheet)
        place = f"{path.name}#{sheet.title}"
        table = Table(name, options, saved_at(path), partial("{}:{}".format, place), "workbook", padded=False)
        try:
            yield from table.posts(iter(cells))
        except InputError as error:
            refused.append(error)
            if len(sheets) > 1:
                options.say(f"{name} is not read: {error}")
        if cells.trouble:
            yield BadItem(f"{place}:{cells.number}", cells.trouble, fatal=True)
        options.advance(share)
    if len(refused) == len(sheets) and refused:
        raise refused[0]


class _Cells:
    """The rows of a sheet as text. `trouble` says why it could not be read to its end."""

    def __init__(self, sheet: Any) -> None:
        sheet.reset_dimensions()  # what it says of its size may be a million empty rows
        self._rows = sheet.iter_rows(values_only=True, max_col=_MOST_COLUMNS)
        self.number = 0
        self.trouble = ""

    def __iter__(self) -> Iterator[Row]:
        while rows := self._batch():
            for row in rows:
                self.number += 1
                cells = [_text(value) for value in row]
                while cells and not cells[-1]:
                    cells.pop()
                if cells:
                    yield Row(self.number, cells)

    def _batch(self) -> list[tuple[Any, ...]]:
        if self.trouble:
            return []
        found: list[tuple[Any, ...]] = []
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found.extend(islice(self._rows, _BATCH))
        except Exception as error:  # hostile sheets reach far into openpyxl
            self.trouble = f"the sheet is broken from here on: {type(error).__name__}: {error}"
        return found


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return "" if value in _ERRORS else value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE:
        return str(int(value))
    if isinstance(value, datetime):
        moment = value.isoformat(" ", "seconds")
        return moment.removesuffix(" 00:00:00")
    if isinstance(value, (date, time, timedelta)):
        return str(value)
    return str(value)
