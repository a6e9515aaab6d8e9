"""Delimited text: commas, semicolons, tabs or bars, in whatever encoding, as large as it comes."""

import io
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from crawlers.imports.columns import names_columns
from crawlers.imports.encoding import encoding_of
from crawlers.imports.files import GZIP, HEAD, opened, saved_at, unpacked
from crawlers.imports.rows import Row, Rows, sniffed
from crawlers.imports.table import Table
from jerat.errors import InputError
from pipelines.intake import BadItem, ImportOptions, Read

__all__ = ["Csv"]

_SAMPLE: Final = 262_144
_NAMES: Final = (".csv", ".tsv", ".tab", ".psv")
_DELIMITERS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", "": "one column"}
_SEP: Final = re.compile(r"(?i)^sep=(.)\r?\n")
_MARKUP: Final = re.compile(r"(?i)^\s*(?:<|\{|\[|WARC/|From:|MIME-Version)")
_LEAST_ROWS: Final = 3


class Csv:
    """Reads a table row by row: never more of it is held than its first 2,000 rows."""

    name = "csv"

    def recognises(self, path: Path, head: bytes) -> bool:
        """By its name, or where all of its first lines have the same cells."""
        if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", GZIP)):
            return False
        if path.name.lower().removesuffix(".gz").endswith(_NAMES):
            return True
        text = head.decode(encoding_of(io.BytesIO(head)), "replace")
        if _MARKUP.match(text) or text.count("\ufffd") * 20 > len(text) or "\x00" in text:
            return False
        dialect, width = sniffed(text, cut=len(head) >= HEAD)
        rows = list(Rows(io.StringIO(text, newline=""), dialect))[:200]
        fitting = sum(len(row.cells) == width for row in rows)
        return width > 1 and len(rows) >= _LEAST_ROWS and fitting * 10 >= 9 * len(rows)

    def read(self, path: Path, options: ImportOptions) -> Iterator[Read | BadItem]:
        """The posts, in order. Raises InputError where the file cannot be opened, or no column can be the text."""
        encoding = options.encoding or _encoding(path)
        with opened(path, options.advance) as raw:
            stream = unpacked(raw)
            yield from _posts(stream, encoding, path, options)


def _posts(stream: IO[bytes], encoding: str, path: Path, options: ImportOptions) -> Iterator[Read | BadItem]:
    try:
        sample = _decoded(_peeked(path), encoding)
    except (LookupError, UnicodeError) as error:
        raise InputError(f"{path} cannot be read as {encoding}: {error}") from error
    sep = _SEP.match(sample)
    start = sample[sep.end() :] if sep else sample
    dialect, width = sniffed(start, sep[1] if sep else "", cut=len(sample) * 4 >= _SAMPLE, is_heading=names_columns)
    text = io.TextIOWrapper(stream, encoding, errors="replace", newline="")
    rows = Rows(text, dialect, width)
    if sep:
        rows.skip_line()
    kind = f"{encoding}, {_DELIMITERS.get(dialect.delimiter, repr(dialect.delimiter))}"
    table = Table(path.name, options, saved_at(path), lambda line: f"{path.name}:{line}", kind)
    whole = _Whole(rows)
    try:
        yield from table.posts(iter(whole), rows.set_width)
        if whole.trouble:
            yield BadItem(f"{path.name}:{rows.line}", whole.trouble, fatal=True)
    finally:
        text.detach()


class _Whole:
    """The rows as far as the file can be read. `trouble` says why it ends before its end."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.trouble = ""

    def __iter__(self) -> Iterator[Row]:
        try:
            yield from self._rows
        except (EOFError, zlib.error) as error:
            self.trouble = f"the gzip file is broken from here on: {error}"
        except OSError as error:
            self.trouble = f"cannot be read from here on: {error.strerror or error}"


def _encoding(path: Path) -> str:
    with opened(path) as raw:
        try:
            return encoding_of(unpacked(raw))
        except (EOFError, zlib.error, OSError):  # told when the rows come to where it breaks
            return encoding_of(io.BytesIO(_peeked(path)))


def _peeked(path: Path) -> bytes:
    with opened(path) as raw:
        stream = unpacked(raw)
        found = bytearray()
        try:
            # read1, since read loses what it has where the gzip data breaks off
            while len(found) < _SAMPLE and (chunk := stream.read1(65_536)):  # type: ignore[attr-defined]
                found += chunk
        except (EOFError, zlib.error, OSError):
            pass
        return bytes(found)


def _decoded(sample: bytes, encoding: str) -> str:
    """The sample as text; a character that is cut at its end is no harm."""
    if encoding == "utf-16" and len(sample) % 2:
        sample = sample[:-1]
    return sample.decode(encoding, "replace")
