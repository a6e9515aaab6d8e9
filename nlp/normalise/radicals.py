"""Letters of Chinese that are written in their parts: `微亻言` is 微信. A table of the words that matter tells them."""

import re
from typing import Final

import msgspec

from nlp import data
from nlp.normalise.table import DATA, charset

__all__ = ["NAME", "PARTS", "split_letters"]

NAME: Final = "radicals"


class _Split(msgspec.Struct, frozen=True):
    split: str
    text: str
    source: str


_TEXTS: Final = {row.split: row.text for row in data.rows(DATA / "radicals.csv", _Split)}
_SPLIT: Final = re.compile("|".join(map(re.escape, sorted(_TEXTS, key=len, reverse=True))))
_RARE: Final = "亻彳扌艮耳甹宀尃讠纟氵辶贝貝幸兀几幾月采乍力土车"
PARTS: Final = re.compile(f"[{charset({letter for split in _TEXTS for letter in split} & set(_RARE))}]")
"""Of these every split word has one; a text without them need not be looked at."""


def split_letters(text: str) -> list[tuple[int, int, str, str]]:
    """The edits that put the letters together: (start, end, text, name of the disguise)."""
    return [(match.start(), match.end(), _TEXTS[match[0]], NAME) for match in _SPLIT.finditer(text)]
