"""Words and scripts as the gazetteer sees them: a word is a run without white space and punctuation, marks included."""

import re
from typing import Final

__all__ = ["WORD", "key_of", "script_of"]

WORD: Final = re.compile(r"[^\s\x00-/:-@\[-`{-¿×÷‐-⁯、-〿।॥،؛؟۔።-፨་-༒|｜・༔·•]+")
"""A word of a script that puts spaces (or punctuation) between words; linear, one character class."""

_SCRIPTS: Final = (
    ("han", "㐀-䶿一-鿿豈-﫿"), ("kana", "ぁ-ヿㇰ-ㇿｦ-ﾟ"), ("hangul", "가-힣ᄀ-ᇿ㄰-㆏"), ("thai", "ก-๛"), ("lao", "ກ-ໟ"),
    ("khmer", "ក-៿᧠-᧿"), ("myanmar", "က-႟ꩠ-ꩿ"), ("cyrillic", "Ѐ-ԯ"), ("arabic", "؀-ۿݐ-ݿ"), ("devanagari", "ऀ-ॿ"),
    ("bengali", "ঀ-৿"), ("ethiopic", "ሀ-፿"), ("tamil", "஀-௿"), ("sinhala", "඀-෿"), ("latin", "A-Za-zÀ-ɏḀ-ỿ"),
)  # fmt: skip
_SCRIPT_OF: Final = [(name, re.compile(f"[{chars}]")) for name, chars in _SCRIPTS]


def script_of(name: str) -> str:
    """The script of a name: that of the first table entry it has a letter of (so `KK园区` is han); `other` if none."""
    return next((script for script, pattern in _SCRIPT_OF if pattern.search(name)), "other")


def key_of(name: str) -> str:
    """A name as it is looked up: its words in lower case with single spaces between."""
    return " ".join(WORD.findall(name.lower()))
