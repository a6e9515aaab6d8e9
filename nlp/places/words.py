"""Words and scripts as the gazetteer sees them: a word is a run without white space and punctuation, marks included."""

import re
from typing import Final

__all__ = ["WORD", "key_of", "script_of"]

WORD: Final = re.compile(
    r"[^\s\x00-/:-@\[-`{-\xbf\xd7\xf7\u2010-\u206f\u3000-\u303f\u0964\u0965\u060c\u061b\u061f\u06d4\u1361-\u1368\uff5c\u30fb]+"
)
"""A word of a script that puts spaces (or punctuation) between words; linear, one character class."""

_SCRIPTS: Final = (
    ("han", r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"), ("kana", r"\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f"),
    ("hangul", r"\uac00-\ud7a3\u1100-\u11ff\u3130-\u318f"), ("thai", r"\u0e00-\u0e7f"), ("lao", r"\u0e80-\u0eff"),
    ("khmer", r"\u1780-\u17ff\u19e0-\u19ff"), ("myanmar", r"\u1000-\u109f\uaa60-\uaa7f"), ("cyrillic", r"\u0400-\u052f"),
    ("arabic", r"\u0600-\u06ff\u0750-\u077f"), ("devanagari", r"\u0900-\u097f"), ("bengali", r"\u0980-\u09ff"),
    ("ethiopic", r"\u1200-\u137f"), ("tamil", r"\u0b80-\u0bff"), ("sinhala", r"\u0d80-\u0dff"),
    ("latin", r"A-Za-z\u00c0-\u024f\u1e00-\u1eff"),
)  # fmt: skip
_SCRIPT_OF: Final = [(name, re.compile(f"[{chars}]")) for name, chars in _SCRIPTS]


def script_of(name: str) -> str:
    """The script of a name: that of the first table entry it has a letter of (so `KK园区` is han); `other` if none."""
    if name.isascii():
        return "latin" if any(map(str.isalpha, name)) else "other"
    return next((script for script, pattern in _SCRIPT_OF if pattern.search(name)), "other")


def key_of(name: str) -> str:
    """A name as it is looked up: its words in lower case with single spaces between."""
    return " ".join(WORD.findall(name.lower()))
