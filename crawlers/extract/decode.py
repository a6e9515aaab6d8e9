"""Bytes to text. Servers and pages are often wrong about their character set, and the bytes are right."""

import codecs
import re
from typing import Final

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, resolve_encoding

__all__ = ["decode", "looks_binary"]

_MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Encodings made of ASCII bytes alone: they decode as UTF-8 without an error, and wrongly.
_SEVEN_BIT: Final = frozenset({"iso2022_jp", "iso-2022-jp", "hz", "hz-gb-2312", "iso-2022-kr", "iso2022_kr", "utf-7"})
_SAMPLE: Final = 65_536
_HTML: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body|title)\b", re.I)
_BAD_SHARE: Final = 0.01


def decode(body: bytes, content_type: str = "") -> str:
    """The text of a page: by its byte order mark, as UTF-8 if it is valid UTF-8, as declared if that fits, else as detected."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    declared = http_content_type_encoding(content_type) or html_body_declared_encoding(body[:_SAMPLE])
    name = (resolve_encoding(declared) or "") if declared else ""
    if name.lower() not in _SEVEN_BIT and not name.lower().startswith(("utf-16", "utf-32")):
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError:
            pass
    if name:
        text = _tried(body, name)
        if text is not None and text.count("\ufffd") <= len(text) * _BAD_SHARE:
            return text
    guess = from_bytes(_with_high_bytes(body)).best()
    text = _tried(body, guess.encoding) if guess is not None else None
    return text if text is not None else body.decode("utf-8", "replace")


def _tried(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name, "replace")
    except (LookupError, UnicodeError):
        return None


def _with_high_bytes(body: bytes) -> bytes:
    """A sample around the first bytes that are not ASCII: a head full of scripts tells nothing of the language."""
    match = re.search(rb"[\x80-\xff]", body)
    start = max(0, match.start() - 1024) if match else 0
    return body[start : start + _SAMPLE]


def looks_binary(body: bytes) -> bool:
    """Whether the bytes are no text in any encoding; some NUL bytes in what is clearly HTML do not make it so."""
    head = body[:2048]
    if _HTML.search(head) and head.count(b"\x00") < len(head) // 50:
        return False
    return (
        b"\x00" in head
        and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        and head.count(b"\x00") < len(head) // 3
    )
