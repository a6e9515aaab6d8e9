"""Text as a cell of a spreadsheet: whole, readable, and never evaluated as a formula."""

import re
from typing import Final

__all__ = ["XLSX_CELL_LIMIT", "csv_cell", "csv_text", "readable", "xlsx_cell"]

XLSX_CELL_LIMIT: Final = 32_767
"""UTF-16 units that a cell of a workbook can hold."""

# Spreadsheets evaluate a cell that begins with one of these, some also with the full-width form; several skip white
# space and invisible characters before it. https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA: Final = re.compile(
    r"[\s\u200b-\u200f\u2060-\u2064\u202a-\u202e\u2066-\u2069\ufeff]*"
    r"[=+\-@\uff1d\uff0b\uff0d\uff20\u2212\ufe62\ufe63\ufe66\ufe6b]"
)
_GUARDED_START: Final = "'\t\r\n"
# What XML 1.0 cannot hold, and what programs that read CSV stumble over.
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def readable(text: str) -> str:
    """`text` with each control character and lone surrogate, which no file format can carry, as U+FFFD."""
    return _ILLEGAL.sub("\ufffd", text)


def csv_cell(text: str) -> str:
    """`text` guarded for a spreadsheet: an apostrophe stands before what would be evaluated; `csv_text` takes it off.

    A phone number in E.164 begins with a plus sign, and so becomes `'+…`: whole, and read as text.
    """
    text = readable(text)
    if text.startswith(tuple(_GUARDED_START)) or _FORMULA.match(text):
        return "'" + text
    return text


def csv_text(cell: str) -> str:
    """The text of a cell that `csv_cell` made."""
    return cell.removeprefix("'")


def xlsx_cell(text: str) -> tuple[str, bool]:
    """`text` as a workbook can hold it, and whether it had to be cut; a cut text says so at its end.

    Line ends become line feeds, the only ones that a workbook knows.
    """
    text = readable(text).replace("\r\n", "\n").replace("\r", "\n")
    if len(text) * 2 <= XLSX_CELL_LIMIT or _units(text) <= XLSX_CELL_LIMIT:
        return text, False
    mark = f" […cut here: the text has {len(text)} characters, and a cell holds {XLSX_CELL_LIMIT}]"
    room = XLSX_CELL_LIMIT - len(mark)
    kept = text[:room]
    while (over := _units(kept) - room) > 0:
        kept = kept[: -max(1, over // 2)]
    return kept + mark, True


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
