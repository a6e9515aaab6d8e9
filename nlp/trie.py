"""Finding any of thousands of words in one pass: an Aho-Corasick automaton over the bytes of UTF-8.

pyahocorasick goes through the children of a node one after the other. Over characters the root has thousands of them, one
for each Han character that begins a word, and every letter of a text is compared with all; over bytes it has at most 256.
Measured on posts of 350 characters: 23 µs instead of 265 with the names of cities, 16 instead of 48 with those of
messengers, with the same hits.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Generic, TypeVar

import ahocorasick  # type: ignore[import-not-found]

__all__ = ["Trie"]

T = TypeVar("T")


class Trie(Generic[T]):
    """Words and what each stands for."""

    def __init__(self, words: Iterable[tuple[str, T]]) -> None:
        """Of equal words the last counts; empty ones are left out."""
        self._machine: Any = ahocorasick.Automaton()
        for word, value in words:
            if word:
                self._machine.add_word(_bytes(word).decode("latin-1"), value)
        self._empty = len(self._machine) == 0
        if not self._empty:
            self._machine.make_automaton()

    def __len__(self) -> int:
        return len(self._machine)

    def iter(self, text: str) -> Iterator[tuple[int, T]]:
        """(index of its last character, what it stands for) of every word in the text, by their ends, the longest first."""
        if self._empty:
            return iter(())
        if text.isascii():
            return self._machine.iter(text)  # type: ignore[no-any-return]
        return self._wide(text)

    def _wide(self, text: str) -> Iterator[tuple[int, T]]:
        data = _bytes(text)
        done = index = 0  # bytes, and the characters that they are
        for last, value in self._machine.iter(data.decode("latin-1")):
            if last >= done:
                index += len(data[done : last + 1].decode("utf-8", "surrogatepass"))
                done = last + 1
            yield index - 1, value


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
