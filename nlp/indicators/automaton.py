"""One Aho-Corasick automaton for all terms of the lexicon: every entry is found in one pass over the text.

The form of a term: words as written; `~` at an end lets the word go on there (`рабоч~`, `~nya`); `…` stands for a gap of
at most 40 characters within one sentence. Word borders count in scripts that put spaces between words.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from nlp.indicators.lexicon import HERE, Term
from nlp.trie import Trie

__all__ = ["GAP", "Automaton", "Span"]

GAP: Final = 40
"""The widest `…`, in characters."""

_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1200-\u139f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)
_HAN: Final = re.compile("[\u3400-\u9fff]")


Span = tuple[int, int]


class _Piece(NamedTuple):
    left: bool
    """Whether its left end must be a border of a word."""
    right: bool
    owner: int
    """Index of the owner, or -1 for a part of a term with gaps."""
    parts: tuple[tuple[int, int, int], ...]
    """(pattern, position, last position) for a part of a term with gaps."""


class Automaton:
    """All terms, normalised as texts are. `owners[i]` is the id behind the number i."""

    def __init__(self, terms: Iterable[Term], normalise: Callable[[str], str]) -> None:
        self.owners: list[str] = []
        numbers: dict[str, int] = {}
        pieces: dict[str, dict[_Piece, None]] = {}
        self._patterns: list[int] = []
        for term in terms:
            if term.owner not in numbers:
                numbers[term.owner] = len(self.owners)
                self.owners.append(term.owner)
            owner = numbers[term.owner]
            for text in _variants(normalise(term.text.replace("~ ", "~…").replace("…", "\ue000")), term.lang):
                parts = [part for each in text.split("\ue000") if (part := each.strip())]
                pattern = -1
                if len(parts) > 1:
                    pattern = len(self._patterns)
                    self._patterns.append(owner)
                for position, part in enumerate(parts):
                    word = part.strip("~ ")
                    left = part[0] != "~" and _bordered(word[0])
                    right = part[-1] != "~" and _bordered(word[-1])
                    place = ((pattern, position, len(parts) - 1),) if pattern >= 0 else ()
                    piece = _Piece(left, right, owner if pattern < 0 else -1, place)
                    pieces.setdefault(word, {})[piece] = None
        self._machine = Trie((word, tuple(found)) for word, found in pieces.items())

    def find(self, lower: str) -> dict[int, list[Span]]:
        """Where the terms of each owner stand in `lower`, by their ends. Linear in its length."""
        found: dict[int, list[Span]] = {}
        reached: dict[tuple[int, int], Span] = {}
        size = len(lower)
        pieces = self._machine.values
        for start, end, number in self._machine.numbers(lower):
            for left, right, owner, parts in pieces[number]:
                if (left and start and _WORDLIKE[lower[start - 1]]) or (right and end < size and _WORDLIKE[lower[end]]):
                    continue
                if owner >= 0:
                    if owner in found:
                        found[owner].append((start, end))
                    else:
                        found[owner] = [(start, end)]
                    continue
                for pattern, position, final in parts:
                    first = start
                    if position:
                        before = reached.get((pattern, position - 1))
                        if before is None or not 0 <= start - before[1] <= GAP:
                            continue
                        if _BREAK.search(lower, before[1], start):
                            continue
                        first = before[0]
                    if position == final:
                        found.setdefault(self._patterns[pattern], []).append((first, end))
                    else:
                        reached[pattern, position] = (first, end)
        return found


_BREAK: Final = re.compile("[\n.!?。！？؟।။။]")


class _Wordlike(dict[str, bool]):
    """Whether a word goes on with a character, for each character that was asked for."""

    def __missing__(self, letter: str) -> bool:
        if letter.isascii():
            found = letter.isalnum()
        else:
            # Marks too: in Devanagari or Bengali a vowel sign after the term means that the word goes on.
            found = (letter.isalnum() and not _UNSPACED.match(letter)) or unicodedata.category(letter)[0] == "M"
        if len(self) < 8192:
            self[letter] = found
        return found


_WORDLIKE: Final = _Wordlike()


def _bordered(letter: str) -> bool:
    return _WORDLIKE[letter] and not _UNSPACED.match(letter)


def _traditional() -> dict[int, str]:
    """Simplified to traditional letters, for the letters that the lexicon uses."""
    table: dict[int, str] = {}
    for pair in (HERE / "traditional.txt").read_text(encoding="utf-8").split():
        if len(pair) == 2:
            table[ord(pair[0])] = pair[1]
    return table


_TRADITIONAL: Final = _traditional()


def _variants(text: str, lang: str) -> set[str]:
    """The term as it stands, in traditional Chinese, and without the spaces that some scripts need not write."""
    found = {text}
    if lang == "zh" and _HAN.search(text):
        found.add(text.translate(_TRADITIONAL))
    if " " in text and _UNSPACED.search(text):
        found |= {re.sub(f"(?<={_UNSPACED.pattern}) (?={_UNSPACED.pattern})", "", one) for one in list(found)}
    return found
