"""What each character becomes: made once from Unicode's own data and from the tables in data/."""

import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from jerat.errors import DataError
from nlp import data

__all__ = ["DATA", "Table", "charset", "table"]

DATA: Final = Path(__file__).parent / "data"

# Where characters stand that NFKC changes; the great blocks of ideographs and syllables between them stay as they are.
_BLOCKS: Final = ((0x80, 0x3400), (0xA000, 0xAC00), (0xF900, 0x10000), (0x10000, 0x20000), (0x2F800, 0x2FA20))

_KEPT: Final = frozenset(
    "\u0e33\u0eb3\u0edc\u0edd"  # Thai and Lao letters that NFKC takes apart and every dictionary keeps whole
    "\u0f77\u0f79"  # Tibetan, likewise
    "\u2122\u2120\u2139"  # signs, not letters, when people use them
    "\ufdfa\ufdfb\ufdfc\ufdfd"  # whole phrases in one sign
)
_JAMO: Final = range(0x3131, 0x318F)  # kept: Koreans write consonants alone, as in a name cut to its initials

_INVISIBLE: Final = (
    (0x00AD, 0x00AD, "soft-hyphen"), (0x034F, 0x034F, "zero-width"), (0x061C, 0x061C, "bidi"),
    (0x115F, 0x1160, "zero-width"), (0x17B4, 0x17B5, "zero-width"), (0x180B, 0x180F, "variation-selector"),
    (0x200B, 0x200D, "zero-width"), (0x200E, 0x200F, "bidi"), (0x202A, 0x202E, "bidi"), (0x2060, 0x2064, "zero-width"),
    (0x2065, 0x206F, "bidi"), (0x3164, 0x3164, "zero-width"), (0xFE00, 0xFE0F, "variation-selector"),
    (0xFEFF, 0xFEFF, "zero-width"), (0xFFA0, 0xFFA0, "zero-width"), (0xFFF0, 0xFFFB, "zero-width"),
    (0x1BCA0, 0x1BCA3, "zero-width"), (0x1D173, 0x1D17A, "zero-width"), (0xE0000, 0xE00FF, "tag"),
    (0xE0100, 0xE01EF, "variation-selector"), (0xE01F0, 0xE0FFF, "tag"),
)  # fmt: skip
_CONTROLS: Final = (*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, *range(0x80, 0x85), *range(0x86, 0xA0))

GENERIC_MARKS: Final = (
    (0x0300, 0x034E), (0x0350, 0x036F), (0x0483, 0x0489), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF),
    (0x3099, 0x309A), (0xFE20, 0xFE2F), (0xFF9E, 0xFF9F),
)  # fmt: skip
"""Combining marks of no script of their own (and those of kana), that may be stacked on any letter."""

DECORATION: Final = frozenset(
    chr(code)
    for code in (
        0x0305, 0x0332, 0x0333, *range(0x0334, 0x0339), 0x033F, 0x0347, *range(0x035C, 0x0363), 0x0488, 0x0489,
        *range(0x20D0, 0x2100), *range(0xFE20, 0xFE30),
    )
)  # fmt: skip
"""Marks that strike letters out, underline or enclose them; no orthography needs them."""

_NAMES: Final = {
    "<wide>": "fullwidth", "<circle>": "circled", "<square>": "squared", "<font>": "mathematical",
    "<super>": "superscript", "<sub>": "superscript",
}  # fmt: skip


class _Letter(msgspec.Struct, frozen=True):
    character: str
    text: str
    source: str
    undone: str = ""


class Table(NamedTuple):
    """`one` maps to one character, `many` to several, `dropped` to none; `names` tells which of them are disguises."""

    one: dict[str, str]
    many: dict[str, str]
    dropped: dict[str, str]
    names: dict[str, str]
    marks: frozenset[str]
    """Generic marks, which need a look at the letter before them."""
    composing: frozenset[str]
    """All marks and vowels that Unicode's composition may join with a character before them, or sort."""


def table() -> Table:
    """Reads the data files. Raises DataError where they are wrong."""
    one: dict[str, str] = {}
    many: dict[str, str] = {}
    names: dict[str, str] = {}
    dropped = dict(_spread(_INVISIBLE)) | {chr(code): "control" for code in _CONTROLS}
    marks = frozenset(chr(code) for first, last in GENERIC_MARKS for code in range(first, last + 1))
    composing = set(marks)
    for char in _characters():
        if unicodedata.combining(char):
            composing.add(char)
        decomposition = unicodedata.decomposition(char)
        if not decomposition and not char.isdecimal():
            continue  # nearly all: nothing becomes of it
        if char in dropped or char in marks or char in _KEPT or ord(char) in _JAMO:
            continue
        if decomposition and decomposition[0] != "<":
            composing.update(chr(int(code, 16)) for code in decomposition.split()[1:])
        new, name = _folded(char, decomposition)
        if new == char:
            continue
        (one if len(new) == 1 else many)[char] = new
        if name:
            names[char] = name
    for letter in data.rows(DATA / "letters.csv", _Letter):
        char, new = _character(letter.character), _text(letter.text)
        one.pop(char, None)
        many.pop(char, None)
        names.pop(char, None)
        (one if len(new) == 1 else many)[char] = new
        if letter.undone:
            names[char] = letter.undone
    composing.update(chr(code) for code in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3)))
    # Fractions and ligatures become several characters, each of which may have an entry of its own.
    for table in (one, many):
        for char, new in table.items():
            if any(part in one for part in new):
                table[char] = "".join(one.get(part, part) for part in new)
    # What has a way of its own (a dropped filler, a mark folded with its letter) is not in two classes.
    composing -= one.keys() | many.keys() | dropped.keys()
    return Table(one, many, dropped, names, marks, frozenset(composing | marks))


def charset(characters: Iterable[str]) -> str:
    """The inside of a regex class that matches the characters, and beyond the basic plane others between them.

    Python matches a class of the basic plane by a table, and tries the ranges beyond it one after the other: few wide ranges
    are much faster than many exact ones.
    """
    codes = {ord(char) for char in characters}
    beyond = {code for code in codes if code > 0xFFFF}
    ranges: list[list[int]] = []
    for first, last in _BEYOND:
        inside = [code for code in beyond if first <= code <= last]
        if inside:
            ranges.append([min(inside), max(inside)])
    codes -= {code for first, last in ranges for code in beyond if first <= code <= last}
    return _ranges(codes) + "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


_BEYOND: Final = ((0x10000, 0x1F25F), (0x1F262, 0x1FAFF), (0x1FB00, 0x1FFFF), (0x20000, 0x2FFFF), (0xE0000, 0xE0FFF))


def _ranges(codes: Iterable[int]) -> str:
    ranges: list[list[int]] = []
    for code in sorted(codes):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


def _characters() -> Iterator[str]:
    for first, stop in _BLOCKS:
        for code in range(first, stop):
            if 0xD800 <= code < 0xE000:
                continue
            yield chr(code)


def _folded(char: str, decomposition: str) -> tuple[str, str]:
    """What NFKC and the digits of scripts make of a character, and the name where it is a disguise."""
    digit = unicodedata.decimal(char, None)
    new = unicodedata.normalize("NFKC", char) if digit is None else str(digit)
    if new == char or (new[0] == " " and len(new) > 1):
        return char, ""  # a mark that stands for itself would become a space and a mark
    if "\u1100" <= new[0] <= "\u11ff":
        return char, ""
    tag = decomposition.split(" ", 1)[0]
    if 0x2F00 <= ord(char) <= 0x2FD5:
        return new, "radical"
    if 0x2160 <= ord(char) <= 0x217F:
        return new, "roman-numeral"
    name = _NAMES.get(tag, "")
    plain = all(part.isalnum() for part in new)
    if name == "squared" and not 0x1F130 <= ord(char) <= 0x1F149:
        name = ""  # units of measure in one square are how East Asia writes them
    if name == "superscript" and new.isdigit():
        name = ""
    return new, name if plain or char in "＠＋" else ""


def _spread(ranges: Iterable[tuple[int, int, str]]) -> Iterator[tuple[str, str]]:
    for first, last, name in ranges:
        for code in range(first, last + 1):
            yield chr(code), name


def _character(cell: str) -> str:
    text = _text(cell)
    if len(text) != 1:
        raise DataError(f"{DATA / 'letters.csv'}: {cell!r} is not one character")
    return text


def _text(cell: str) -> str:
    return chr(int(cell[2:], 16)) if cell.startswith("U+") else cell
