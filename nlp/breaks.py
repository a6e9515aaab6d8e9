"""ICU's word breaks: one for all languages, with dictionaries for scripts without spaces."""

import re
from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import Final

from icu4py.breakers import WordBreaker

__all__ = ["Lines", "breaks"]

_NEWLINE: Final = re.compile("\n")


def breaks(text: str) -> list[str]:
    """The text cut at ICU's word borders: words, punctuation and white space; joined they are the text again.

    The breaker's `segments()` would count UTF-16 units; iterating gives strings, right beyond the basic plane too.
    """
    return list(WordBreaker(text, "und")) if text else []


class Lines:
    """The words of a text, each line cut when one of its words is asked for: ICU breaks at every new line."""

    __slots__ = ("_cut", "_ends", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends = [found.end() for found in _NEWLINE.finditer(text)]
        self._cut: dict[int, tuple[list[int], list[str]]] = {}

    def words(self, start: int, end: int) -> list[tuple[str, int, int]]:
        """The words that touch `text[start:end]`, white space left out: (word, start, end)."""
        found = []
        for line in range(bisect_right(self._ends, start), bisect_left(self._ends, end) + 1):
            starts, cut = self._cut.get(line) or self._cut_line(line)
            for at in range(max(bisect_right(starts, start) - 1, 0), bisect_left(starts, end)):
                word, begin = cut[at], starts[at]
                if begin + len(word) > start and not word.isspace():
                    found.append((word, begin, begin + len(word)))
        return found

    def _cut_line(self, line: int) -> tuple[list[int], list[str]]:
        first = self._ends[line - 1] if line else 0
        last = self._ends[line] if line < len(self._ends) else len(self._text)
        words = breaks(self._text[first:last])
        starts = list(accumulate(map(len, words), initial=first))[: len(words)]
        self._cut[line] = starts, words
        return starts, words
