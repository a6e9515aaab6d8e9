"""The words that the search index holds: the one text analysis of posts and of queries, on both engines.

A text is normalised (nlp/normalise), cut into words, and each word folded: case, Latin accents (`việc` is `viec`, so that it is
found by those who type without marks; exact fields such as a contact's value do not go through here), ё as е.

What a word is depends on nothing around it, so a term is cut in a query as it is inside a sentence:

- A run of letters, marks, digits and inner underscores is a word: `abc_def`, `0812`, `10juta`. All else divides, so
  `t.me/abc`, `a.b@example.com` and `+62 812-3456` are several words each; the index matches several as a phrase.
- In scripts written without spaces (Han, Kana, Thai, Lao, Khmer, Burmese), and in Hangul, where particles stick to words,
  each letter with its marks is a word of its own, so a term is found wherever it stands: `柬埔寨` is a phrase of three.
  Cutting by ICU's dictionaries was tried first and depends on the neighbours: inside sentences it cut 6 of 85 Thai, 1 of 30
  Burmese and 1 of 115 Chinese terms of this field differently than alone, and each such post would not have been found.
- An emoji is a word; punctuation and white space are none.
- A word longer than 64 characters is cut to its first 64, here as there.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

import msgspec

from nlp.normalise import normalise

__all__ = ["ASCII_WORD", "LONGEST", "WORD", "Word", "fold", "words"]

LONGEST: Final = 64
"""Code points of a word that are kept."""


class Word(msgspec.Struct, frozen=True):
    """One word: `text` folded, as it is matched; `start:end` slices the text that was given."""

    text: str
    start: int
    end: int


# Scripts in which one letter is one word: no spaces between words (or particles that stick to them, in Hangul).
_ALONE: Final = (
    (0x0E01, 0x0E4E), (0x0E80, 0x0EFF), (0x1000, 0x103F), (0x104E, 0x109F), (0x1100, 0x11FF), (0x1780, 0x17DD),
    (0x1950, 0x19DF), (0x1A20, 0x1AAD), (0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3041, 0x30FF), (0x3105, 0x312F),
    (0x3131, 0x318E), (0x31A0, 0x31BF), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA960, 0xA97F),
    (0xA9E0, 0xA9FE), (0xAA60, 0xAA7F), (0xAC00, 0xD7FF), (0xF900, 0xFAFF),
)  # fmt: skip

# Beyond the basic plane ranges are wide and few: Python tries them one after the other. Signs among letters do no harm.
_ALONE_BEYOND: Final = "\U00016fe0-\U0001b2ff\U00020000-\U0003fffd"
_LETTERS_BEYOND: Final = "\U00010000-\U00016fdf\U0001b300-\U0001efff"

# Emoji and signs that people search for; the dingbats and symbols that are only ornament cost little.
_SIGNS: Final = "\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"


def _classes() -> tuple[str, str]:
    """The regex classes of letters (with digits and marks) that make words together, and of marks alone."""
    runs: list[list[int]] = []
    marks: list[list[int]] = []
    alone = [code for first, last in _ALONE for code in range(first, last + 1)]
    skip = frozenset(alone)
    for code in range(0x30, 0x10000):
        kind = unicodedata.category(chr(code))[0]
        if kind not in "LMN":
            continue
        target = marks if kind == "M" else runs
        if target is runs and code in skip:
            continue
        if target and target[-1][1] == code - 1:
            target[-1][1] = code
        else:
            target.append([code, code])
    letters, only = ("".join(f"{chr(a)}-{chr(b)}" for a, b in ranges) for ranges in (runs, marks))
    return letters, only


_LETTERS, _MARKS = _classes()
_INNER: Final = _LETTERS + _MARKS + _LETTERS_BEYOND
_ALONES: Final = "".join(f"{chr(a)}-{chr(b)}" for a, b in _ALONE) + _ALONE_BEYOND
WORD: Final = re.compile(
    # A mark without a letter is taken for one, so that nothing that is written is lost to the search.
    f"[{_LETTERS}{_LETTERS_BEYOND}][{_INNER}]*(?:_+[{_INNER}]+)*|[{_ALONES}][{_MARKS}]*|[{_MARKS}]+|[{_SIGNS}]"
)
"""Finds the words of a normalised text."""
ASCII_WORD: Final = re.compile(r"[A-Za-z0-9]+(?:_+[A-Za-z0-9]+)*")
"""The same for texts of ASCII alone, twice as fast."""
_ACCENTED: Final = re.compile("[\u00c0-\u024f\u0300-\u036f\u0401\u0451\u1e00-\u1eff]")
_STROKES: Final = str.maketrans("đłøħŧıðɓɗƙ", "dlohtidbdk")


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """A word as it is matched: lower case, Latin accents off, cut to `LONGEST`."""
    word = word[:LONGEST]
    if word.isascii():
        return word.lower()
    folded = word.casefold()
    if _ACCENTED.search(folded):
        letters = unicodedata.normalize("NFD", folded.translate(_STROKES).replace("ё", "е"))
        folded = unicodedata.normalize("NFC", re.sub("(?<=[a-z])[\u0300-\u036f]+", "", letters))
    return folded[:LONGEST]


def words(text: str) -> list[Word]:
    """The words of a text in order; a query word that yields several is to be matched as a phrase."""
    if text.isascii():
        return [Word(fold(found[0]), found.start(), found.end()) for found in ASCII_WORD.finditer(text)]
    normalised = normalise(text)
    span = normalised.span
    return [Word(fold(found[0]), *span(found.start(), found.end())) for found in WORD.finditer(normalised.text)]
