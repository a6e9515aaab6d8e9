"""Letters parted or swapped to get past filters ("C.a.m.p.u.c.h.i.a", "s@lary h1ring", "招1聘2客3服"), put together again.

What is found in the text so made is mapped back, so that every span is one of the text itself. A text without such
letters costs a few microseconds.
"""

import re
from typing import Final, NamedTuple

__all__ = ["Parted", "parted"]

_MARK: Final = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u17b6-\u17d3"
_UNIT: Final = f"(?:[^\\W\\d_][{_MARK}]*|[{_MARK}])"
_SPACED: Final = re.compile(f"([ .·・*|_-])(?<!_[^\\W\\d_]_){_UNIT}(?:\\1{_UNIT}){{2,80}}(?!\\w)")
"""Three letters or more, each behind the same mark; a fourth stands before them. Begins at the mark, which is quickly found;
for `_`, which belongs to words, not inside a run that did not match from its beginning, so that the time stays linear."""
_SWAPPED: Final = re.compile(r"[013457@$](?<=[^\W\d_].)(?=[^\W\d_])")
"""A figure or sign in the place of a letter."""
_MIXED: Final = re.compile(
    "\\d(?<=[\u4e00-\u9fff].)[\u4e00-\u9fff](?:\\d[\u4e00-\u9fff]){2,}"
    "|[\u2600-\u27bf\U0001f300-\U0001faff](?<=[\u4e00-\u9fff].)[\u4e00-\u9fff]"
    "[\u2600-\u27bf\U0001f300-\U0001faff][\u4e00-\u9fff]"
)
"""Chinese letters with a figure or an emoji between them."""
_HAN: Final = re.compile("[\u4e00-\u9fff]")
_ENDS: Final = re.compile(r"[\s/,;:()\[\]\"'!?]|[.](?!\w)")
_LETTERS: Final = str.maketrans("013457@$", "oieastas")
_LEAST: Final = 3
_LONGEST: Final = 24
_WORDS: Final = 2
"""One swapped word may be a name; two are a habit."""


class Parted(NamedTuple):
    """The text with its letters together, where each of its characters stands in the other, and the first disguise."""

    text: str
    places: list[int]
    first: tuple[int, int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span in the text itself, of one in the text put together."""
        return self.places[start], self.places[end - 1] + 1


def parted(lower: str) -> Parted | None:
    """`lower` (normalised, in lower case) with parted letters together; None where there are none."""
    chinese = not lower.isascii() and _HAN.search(lower)
    runs = [(hit.start() - 1, hit.end()) for hit in _MIXED.finditer(lower)] if chinese else []
    for hit in _SPACED.finditer(lower):
        start = hit.start()
        while start and _MARKED.match(lower[start - 1]):
            start -= 1
        if start and lower[start - 1].isalpha() and not (start > 1 and lower[start - 2].isalnum()):
            runs.append((start - 1, hit.end()))
        elif sum(map(str.isalpha, hit[0])) > _LEAST:
            runs.append((hit.start() + 1, hit.end()))
    words = {word for hit in _SWAPPED.finditer(lower) if (word := _word(lower, hit.start()))}
    if not runs and len(words) < _WORDS:
        return None
    drop = {at for start, end in runs for at in range(start, end) if not _KEPT.match(lower[at])}
    swap = {at for start, end in words for at in range(start, end)}
    places = [at for at in range(len(lower)) if at not in drop]
    text = "".join(lower[at].translate(_LETTERS) if at in swap else lower[at] for at in places)
    return Parted(text, places, min([*runs, *words]))


_MARKED: Final = re.compile(f"[{_MARK}]")
_KEPT: Final = re.compile(f"[^\\W\\d_]|[{_MARK}]")


def _word(lower: str, at: int) -> tuple[int, int] | None:
    """The word around a swapped letter, None where it is an address, a user name or a number."""
    start, end = at, at + 1
    # No further than a word may be long: a text may be nothing but swapped letters.
    while start and at - start <= _LONGEST and not _ENDS.match(lower, start - 1):
        start -= 1
    while end < len(lower) and end - start <= _LONGEST and not _ENDS.match(lower, end):
        end += 1
    word = lower[start:end]
    if len(word) > _LONGEST or sum(map(str.isdigit, word)) > _LEAST or not word[-1].isalpha():
        return None
    return None if word[0] == "@" or "." in word or "_" in word else (start, end)
