"""The one text analysis of both engines: words that a `WordBreaker` finds, written with spaces between them."""

from collections.abc import Iterable
from typing import Final

from index.protocol import Word, WordBreaker

__all__ = ["GAP", "MAX_WORD", "indexed", "join_words", "word_texts"]

MAX_WORD: Final = 100
"""Code points of a word that are indexed; Elasticsearch cuts words above 255 UTF-16 units in pieces, so jerat cuts first."""

GAP: Final = "\uf8ff"
"""A word of a private character between two values of one field, so that no phrase reaches from one into the next."""


def indexed(word: Word) -> str:
    """A word as both engines index it, empty if nothing is left. Neither splits or changes it any further."""
    plain = word.text
    if not plain.isalnum():
        plain = "".join(plain.replace(GAP, "").replace("\0", "").split())
    return plain[:MAX_WORD]


def word_texts(text: str, words: WordBreaker) -> list[str]:
    """The words of `text` as they are indexed."""
    return [plain for word in words(text) if (plain := indexed(word))]


def join_words(values: Iterable[str], words: WordBreaker) -> list[str]:
    """The words of several values, with a gap between each two."""
    joined: list[str] = []
    for value in values:
        found = word_texts(value, words)
        if found:
            if joined:
                joined.append(GAP)
            joined += found
    return joined
