"""Finding any of many words in one pass, whole words where their script has spaces."""

from collections.abc import Iterable, Iterator
from typing import Final

from nlp.trie import Trie

__all__ = ["Finder", "spaced"]


def spaced(text: str) -> bool:
    """Whether all of it is of Latin, Greek or Cyrillic letters, or signs: scripts in which words have borders."""
    return text.isascii() or all(ord(char) < 0x530 or 0x1E00 <= ord(char) < 0x1F00 for char in text)


def _entry(word: str) -> tuple[str, bool, bool]:
    """The word, and whether it begins and ends where words do."""
    plain = spaced(word)
    return word, plain and word[0].isalpha(), plain and word[-1].isalpha()


class _Letters(dict[str, bool]):
    """Remembers, for each character once seen, whether it is a letter beside which a word of spaced scripts goes on."""

    def __missing__(self, char: str) -> bool:
        found = self[char] = char.isalpha() and spaced(char)
        return found


_LETTERS: Final = _Letters()


class Finder:
    """An automaton over lower-case words."""

    def __init__(self, words: Iterable[str]) -> None:
        self._trie = Trie((word, _entry(word)) for word in words)

    def find(self, lower: str) -> Iterator[tuple[int, int, str]]:
        """(start, end, word) of every whole occurrence, in the order of their ends."""
        size = len(lower)
        letters = _LETTERS
        for start, end, (word, first_letter, last_letter) in self._trie.find(lower):
            if (first_letter and start and letters[lower[start - 1]]) or (
                last_letter and end < size and letters[lower[end]]
            ):
                continue
            yield start, end, word

    def any(self, lower: str) -> bool:
        """Whether one of the words occurs."""
        return next(self.find(lower), None) is not None
