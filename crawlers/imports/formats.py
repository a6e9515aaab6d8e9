"""Which reader takes a file: by what is in it, then by its name, or by the person's word."""

import importlib
from functools import cache
from pathlib import Path
from typing import Final, cast

import msgspec

from crawlers.data import load
from crawlers.imports.files import head_of
from jerat.errors import InputError
from pipelines.intake import Reader

__all__ = ["FORMATS", "is_attachment", "reader_named", "recognised"]

_READERS: Final = {
    "warc": "warc:Warc",
    "wacz": "wacz:Wacz",
    "xlsx": "xlsx:Xlsx",
    "zip": "zipped:Zipped",
    "mhtml": "mhtml:Mhtml",
    "telegram-json": "telegram_json:TelegramJson",
    "zeeschuimer": "zeeschuimer:Zeeschuimer",
    "jsonl": "jsonl:Jsonl",
    "telegram-html": "telegram_html:TelegramHtml",
    "whatsapp": "whatsapp:WhatsApp",
    "html": "html:Html",
    "csv": "csv:Csv",
}
"""The formats, in the order in which they are asked: those with a sure sign first. Loaded when they are needed."""

FORMATS: Final = tuple(_READERS)
"""What `--format` takes."""

_SIGNS: Final = (
    (
        b"\xd0\xcf\x11\xe0",
        "an old binary Office file (.xls, .doc)",
        "save it as .xlsx or .csv in a spreadsheet program",
    ),
    (b"PK\x03\x04", "a zip file with none of these inside", "unpack it, and name the files"),
    (b"%PDF", "a PDF", "save the page as HTML or MHTML instead"),
    (b"7z\xbc\xaf", "a 7-Zip archive", "unpack it, and name the files"),
    (b"Rar!", "a RAR archive", "unpack it, and name the files"),
    (b"BZh", "a bzip2 file", "unpack it first"),
    (b"\xfd7zXZ", "an xz file", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a zstd file", "unpack it first"),
    (b"SQLite format 3", "an SQLite database", "export the table as CSV"),
    (b"\x89PNG", "a picture", ""),
    (b"\xff\xd8\xff", "a picture", ""),
    (b"GIF8", "a picture", ""),
)


def reader_named(name: str) -> Reader:
    """The reader of one format. Raises InputError where there is none of that name."""
    if name not in _READERS:
        raise InputError(f"there is no format named {name!r}", f"--format is one of {', '.join(FORMATS)}")
    module, _, kind = _READERS[name].partition(":")
    return cast(Reader, getattr(importlib.import_module(f"crawlers.imports.{module}"), kind)())


def recognised(path: Path) -> Reader:
    """The reader of a file. Raises InputError, with what was seen, where it is of no known format or cannot be read."""
    head = head_of(path)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise InputError(f"{path} is empty" if not path.stat().st_size else f"{path} holds nothing that can be read")
    for name in FORMATS:
        reader = reader_named(name)
        if reader.recognises(path, head):
            return reader
    seen, hint = _seen(head)
    raise InputError(
        f"{path} is of no format that is known here: it looks like {seen}",
        f"{hint + '; ' if hint else ''}--format says what it is, one of {', '.join(FORMATS)}",
    )


def _seen(head: bytes) -> tuple[str, str]:
    for sign, what, hint in _SIGNS:
        if head.startswith(sign):
            return what, hint
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"["):
        return "one JSON list", "JSONL has one object a line: jq -c '.[]' FILE makes it of a list"
    if start.startswith(b"{"):
        return "one JSON object, of no export that is known", "JSONL has one object a line"
    if b"\x00" in head[:2048]:
        return f"binary data that begins with {head[:8].hex(' ')}", ""
    shown = " ".join(head[:300].decode("utf-8", "replace").split())[:60]
    return f"a text that begins with {shown!r}", ""


class _Attachments(msgspec.Struct, forbid_unknown_fields=True):
    source: str
    suffixes: frozenset[str]
    folders: tuple[str, ...]


@cache
def _attachments() -> _Attachments:
    return load("attachments.yaml", _Attachments)


def is_attachment(path: Path) -> bool:
    """Whether a file found at `path` in a folder is a picture, a style sheet or the like, which holds no post by itself.

    So are hidden files, and those in the folder that a browser saves beside a page (`NAME_files`).
    """
    beside = _attachments()
    if path.suffix.lower().lstrip(".") in beside.suffixes or "__MACOSX" in path.parts:
        return True
    return any(part.startswith(".") for part in path.parts) or any(
        part.endswith(beside.folders) for part in path.parts[:-1]
    )
