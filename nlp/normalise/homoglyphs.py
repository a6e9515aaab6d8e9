"""Letters of other scripts that look like those around them, folded only where one word mixes scripts."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Final

import msgspec

from nlp import data
from nlp.normalise.table import DATA, charset

__all__ = ["FOREIGN", "NAME", "unmix"]

NAME: Final = "homoglyph"


class _Homoglyph(msgspec.Struct, frozen=True):
    letter: str
    latin: str
    script: str
    source: str


_ROWS: Final = data.rows(DATA / "homoglyphs.csv", _Homoglyph)
_TO_LATIN: Final = {row.letter: row.latin for row in _ROWS}
_LIVING: Final = {"cyrillic": "\u0400-\u052f", "greek": "\u0370-\u03ff\u1f00-\u1fff", "armenian": "\u0531-\u0587"}
"""Scripts that may be the one that a word is in; of the others, people use the letters only for their looks."""
_DECORATIVE: Final = "\u13a0-\u13ff\uab70-\uabbf\u1400-\u167f\ua4d0-\ua4ff\u2c80-\u2cff"
_LATIN: Final = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"

_ALL: Final = _LATIN + "".join(_LIVING.values()) + _DECORATIVE
FOREIGN: Final = re.compile(f"[{charset(_TO_LATIN)}]")
"""A letter that may be there for its looks; a text without any need not be looked at."""
_ANY_LATIN: Final = re.compile(f"[{_LATIN}]")
_WORD: Final = re.compile(f"[{_ALL}0-9_\u0300-\u036f]+")
_HANDLES: Final = tuple(re.compile(f"{lead}([{_ALL}0-9_]{{4,}})") for lead in ("@", "t\\.me/"))
_T_ME: Final = re.compile("[\u0422\u0442\u03a4\u03c4](?=\\.me/)")
_LATIN_LETTER: Final = re.compile(f"[{_LATIN}]")
_LIVING_LETTER: Final = {script: re.compile(f"[{letters}]") for script, letters in _LIVING.items()}
_DECORATIVE_LETTER: Final = re.compile(f"[{_DECORATIVE}]")
_SEAM: Final = re.compile(f"[{_LATIN}][{''.join(_LIVING.values())}]")
_SEAM_BACK: Final = re.compile(f"[{_LATIN}](?<=[{''.join(_LIVING.values())}].)")


def _from_latin(script: str) -> dict[str, str]:
    back: dict[str, str] = {}
    for row in _ROWS:
        if row.script == script:
            back.setdefault(row.latin, row.letter)
    return back


_BACK: Final = {script: _from_latin(script) for script in _LIVING}


def unmix(text: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The text with mixed words folded to one script, of the same length, and the ranges that changed.

    A word is folded to the script that all its letters can be folded to: `tеlegram` to Latin, `Пpивет` to Cyrillic. Where
    two can be, to that of most of its letters, or else of most of the text. Where none can be it stays: `USBшный`. A
    word of one script stays, but for user names (`@` or `t.me/` before it), which are Latin wherever they can be read so.
    """
    if not FOREIGN.search(text):
        return text, []
    edits: dict[int, tuple[int, str]] = {}
    latin = _ANY_LATIN.search(text)
    if (latin and (_SEAM.search(text) or _SEAM_BACK.search(text))) or _DECORATIVE_LETTER.search(text):
        main = _main_script(text)
        for found in _WORD.finditer(text):
            word = found[0]
            if not word.isascii() and (new := _unmixed(word, main)) != word:
                edits[found.start()] = found.end(), new
    for handle in _HANDLES:
        for found in handle.finditer(text):
            word = found[1]
            if not word.isascii() and all(char.isascii() or char in _TO_LATIN for char in word):
                edits[found.start(1)] = found.end(1), "".join(_TO_LATIN.get(char, char) for char in word)
    for found in _T_ME.finditer(text):
        edits[found.start()] = found.end(), "t"
    if not edits:
        return text, []
    parts: list[str] = []
    changed: list[tuple[int, int, str]] = []
    last = 0
    for start in sorted(edits):
        end, new = edits[start]
        if start < last:
            continue
        parts += (text[last:start], new)
        changed.append((start, end, NAME))
        last = end
    parts.append(text[last:])
    return "".join(parts), changed


def _main_script(text: str) -> Callable[[], str]:
    """The script of most letters of the text, counted when it is first asked for."""
    known: list[str] = []

    def main() -> str:
        if not known:
            counts = Counter({"latin": len(_LATIN_LETTER.findall(text))})
            counts.update({script: len(letter.findall(text)) for script, letter in _LIVING_LETTER.items()})
            known.append(counts.most_common(1)[0][0])
        return known[0]

    return main


def _unmixed(word: str, main: Callable[[], str]) -> str:
    counts = {"latin": len(_LATIN_LETTER.findall(word))}
    for script, letter in _LIVING_LETTER.items():
        if number := len(letter.findall(word)):
            counts[script] = number
    decorative = len(_DECORATIVE_LETTER.findall(word))
    if not decorative and sum(map(bool, counts.values())) < 2:
        return word
    if decorative and len(word) == 1:
        return word  # one such letter alone may be itself, or a picture
    possible = {script: new for script in counts if (new := _into(word, script)) is not None}
    if not possible:
        return word
    best = max(possible, key=lambda script: (counts[script], script == main(), script == "latin"))
    return possible[best]


def _into(word: str, script: str) -> str | None:
    """The word with all its letters in one script, or None where one of them has no look-alike there."""
    own = _LATIN_LETTER if script == "latin" else _LIVING_LETTER[script]
    letters = []
    for char in word:
        if own.match(char) or char.isdigit() or char == "_" or "\u0300" <= char <= "\u036f":
            letters.append(char)
            continue
        latin = char if char.isascii() else _TO_LATIN.get(char)
        new = latin if script == "latin" or latin is None else _BACK[script].get(latin)
        if new is None:
            return None
        letters.append(new)
    return "".join(letters)
