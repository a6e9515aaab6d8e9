"""How the bytes of a table are to be read, where nobody said it: by what is certain, then by what reads like a language."""

import codecs
import re
from functools import cache
from typing import IO, Final, Literal

import msgspec
from charset_normalizer import from_bytes

from crawlers.data import load

__all__ = ["encoding_of"]

_CHUNK: Final = 1 << 20
_SAMPLE: Final = 1 << 18
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ESCAPES: Final = ((re.compile(rb"\x1b\$[@B]"), "iso2022_jp"), (re.compile(rb"~\{[!-w][!-~]"), "hz"))
"""Encodings of seven bits, which say themselves where another script begins."""
_LEAST_ESCAPES: Final = 3
_BAD_SHARE: Final = 0.02
_MAC: Final = {"mac_turkish": "mac_roman", "mac_iceland": "mac_roman"}
"""Neighbours of the encoding that old Excel on a Mac writes, from which a short text cannot tell it."""
_LEAST: Final = 0.3
_THAI: Final = re.compile("[\u0e01-\u0e5b]")
# A vowel or tone mark stands on a consonant or another mark, and a leading vowel before a consonant.
_THAI_WRONG: Final = re.compile(
    "(?<![\u0e01-\u0e2e\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]|[\u0e40-\u0e44](?![\u0e01-\u0e2e])"
)
_CYRILLIC: Final = re.compile("[\u0410-\u044f\u0401\u0451]")
_CYRILLIC_WRONG: Final = re.compile(
    "(?<=[\u0430-\u044f])[\u0410-\u042f]|[\u044a\u044c\u042a\u042c](?=[\u044a\u044c\u042a\u042c])"
)
_ARABIC: Final = re.compile("[\u0621-\u06d2]")
_ARABIC_WRONG: Final = re.compile("(?<=[\u0629\u0649])[\u0621-\u064a]|[\xc0-\xff]")
_SCRIPTS: Final = {
    "thai": (_THAI, _THAI_WRONG),
    "cyrillic": (_CYRILLIC, _CYRILLIC_WRONG),
    "arabic": (_ARABIC, _ARABIC_WRONG),
}
_LATIN_WORD: Final = re.compile(r"[^\W\d_]+")


class _Family(msgspec.Struct, forbid_unknown_fields=True):
    encodings: tuple[str, ...]
    common: str


class _OneByte(msgspec.Struct, forbid_unknown_fields=True):
    encoding: str
    script: Literal["thai", "cyrillic", "arabic", "latin"]


class _Encodings(msgspec.Struct, forbid_unknown_fields=True):
    source: str
    families: tuple[_Family, ...]
    families_of_one_byte: tuple[_OneByte, ...]


@cache
def _data() -> _Encodings:
    return load("encodings.yaml", _Encodings)


def encoding_of(stream: IO[bytes]) -> str:
    """The name of the encoding of all that `stream` gives: it is read to its end, or until enough was seen.

    `utf-8` where there are only ASCII bytes. UTF-16 without a mark is known by the zero bytes of its ASCII letters.
    """
    head = stream.read(_CHUNK)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if wide := _wide(head[:65_536]):
        return wide
    sample, size, chunk = [], 0, head
    while chunk and size < _SAMPLE:
        if not chunk.isascii():
            chunk += stream.readline(_CHUNK)
            lines = [line for line in chunk.split(b"\n") if not line.isascii()]
            taken = b"\n".join(lines)[:_SAMPLE]
            sample.append(taken)
            size += len(taken)
        chunk = stream.read(_CHUNK)
    return _guess(b"\n".join(sample)) if sample else _of_escapes(head)


def _of_escapes(head: bytes) -> str:
    """The encoding of what has only ASCII bytes."""
    found = (name for pattern, name in _ESCAPES if len(pattern.findall(head)) >= _LEAST_ESCAPES)
    return next(found, "utf-8")


def _wide(head: bytes) -> str:
    zeros = (head[0::2].count(0), head[1::2].count(0))
    if sum(zeros) * 50 < len(head) or not head:
        return ""
    for name, share in (("utf-16-le", zeros[1]), ("utf-16-be", zeros[0])):
        if share >= 0.85 * sum(zeros):
            try:
                text = head[: len(head) // 2 * 2].decode(name, "replace")
            except UnicodeError:
                return ""
            return name if text.count("\ufffd") <= len(text) * _BAD_SHARE + 1 else ""
    return ""


def _guess(sample: bytes) -> str:
    text = sample.decode("utf-8", "replace")
    wide = sum(char > "\x7f" for char in text)
    if wide and text.count("\ufffd") <= wide * 0.05:
        return "utf-8"
    # Bytes of two-byte letters often make good letters of one byte too, and never the other way round.
    for scores in (_of_families(sample), _of_one_byte(sample)):
        name, score = max(scores, key=lambda pair: pair[1], default=("", 0.0))
        if score >= _LEAST:
            return name
    best = from_bytes(sample[:65_536]).best()
    return _MAC.get(best.encoding, best.encoding) if best is not None else "cp1252"


def _of_families(sample: bytes) -> list[tuple[str, float]]:
    """How much of the sample is of frequent characters, for each encoding in which it can be read."""
    found = []
    for family in _data().families:
        common = frozenset(family.common) - {" "}
        for name in family.encodings:
            text = _read(sample, name)
            letters = [char for char in text if char > "\u2fff"]
            if letters:
                found.append((name, sum(char in common for char in letters) / len(letters)))
    return found


def _of_one_byte(sample: bytes) -> list[tuple[str, float]]:
    read = ((one, _read(sample, one.encoding)) for one in _data().families_of_one_byte)
    return [(one.encoding, _likeness(text, one.script)) for one, text in read if text]


def _read(sample: bytes, name: str) -> str:
    """The sample in one encoding; empty where more than a few of its bytes are none there."""
    text = sample.decode(name, "replace")
    wide = [char for char in text if char > "\x7f"]
    bad = sum(char == "\ufffd" or "\x80" <= char < "\xa0" or "\ue000" <= char <= "\uf8ff" for char in wide)
    return text if bad <= len(wide) * _BAD_SHARE + (len(wide) > 20) else ""


def _likeness(text: str, script: str) -> float:
    """How much a text in one-byte letters looks like its language, between 0 and 1."""
    wide = [char for char in text if char > "\x7f"]
    if script == "latin":
        words = _LATIN_WORD.findall(text)
        mixed = sum(len([1 for char in word if char > "\x7f"]) for word in words if _is_word(word))
        marks = sum(char in "\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u2022\u20ac\xa0\xb7\xb0\xa3" for char in wide)
        return (mixed + 0.5 * marks) / len(wide)
    pattern, wrong = _SCRIPTS[script]
    own = len(pattern.findall(text))
    faults = len(wrong.findall(text)) + len(re.findall(f"[a-z]{pattern.pattern}|{pattern.pattern}[a-z]", text))
    return max(0.0, own / len(wide) - 4 * faults / max(1, own))


def _is_word(word: str) -> bool:
    """Whether a word is mostly of plain letters, as words of languages in Latin letters are."""
    return sum(char > "\x7f" for char in word) * 2 <= len(word) and (
        word[1:].islower() or word.isupper() or len(word) < 3
    )
