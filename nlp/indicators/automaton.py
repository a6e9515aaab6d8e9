"""One Aho-Corasick automaton for all terms of the lexicon: every entry is found in one pass over the text.

The form of a term: words as written; `~` at an end lets the word go on there (`рабоч~`, `~nya`); `…` stands for a gap of
at most 40 characters within one sentence. Word borders count in scripts that put spaces between words.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from nlp.indicators.lexicon import HERE, Term
from nlp.trie import Trie

__all__ = ["GAP", "Automaton", "Hit"]

GAP: Final = 40
"""The widest `…`, in characters."""

_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1200-\u139f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)
_HAN: Final = re.compile("[\u3400-\u9fff]")


class Hit(NamedTuple):
    """A term's owner and where it matched, in the normalised text."""

    start: int
    end: int
    owner: int


class _Piece(NamedTuple):
    length: int
    left: bool
    right: bool
    owner: int
    """Index of the owner, or -1 for a part of a term with gaps."""
    parts: tuple[tuple[int, int, int], ...]
    """(pattern, position, last position) for a part of a term with gaps."""


class Automaton:
    """All terms, normalised as texts are. `owners[i]` is the id behind `Hit.owner`."""

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
                parts = [part for part in (part.strip() for part in text.split("\ue000")) if part]
                pattern = -1
                if len(parts) > 1:
                    pattern = len(self._patterns)
                    self._patterns.append(owner)
                for position, part in enumerate(parts):
                    word = part.strip("~").strip()
                    left = not part.startswith("~") and _bordered(word[0])
                    right = not part.endswith("~") and _bordered(word[-1])
                    place = ((pattern, position, len(parts) - 1),) if pattern >= 0 else ()
                    piece = _Piece(len(word), left, right, owner if pattern < 0 else -1, place)
                    pieces.setdefault(word, {})[piece] = None
        self._machine = Trie((word, tuple(found)) for word, found in pieces.items())

    def find(self, lower: str) -> list[Hit]:
        """All hits in `lower`, in order of their ends. Linear in its length."""
        hits: list[Hit] = []
        reached: dict[tuple[int, int], tuple[int, int]] = {}
        size = len(lower)
        for last, found in self._machine.iter(lower):
            end = last + 1
            for length, left, right, owner, parts in found:
                start = end - length
                if left and start and _wordlike(lower[start - 1]):
                    continue
                if right and end < size and _wordlike(lower[end]):
                    continue
                if owner >= 0:
                    hits.append(Hit(start, end, owner))
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
                        hits.append(Hit(first, end, self._patterns[pattern]))
                    else:
                        reached[pattern, position] = (first, end)
        return hits


_BREAK: Final = re.compile("[\n.!?。！？؟।။။]")


def _bordered(letter: str) -> bool:
    return _wordlike(letter) and not _UNSPACED.match(letter)


@lru_cache(maxsize=8192)
def _wordlike(letter: str) -> bool:
    if letter.isascii():
        return letter.isalnum()
    # Marks too: in Devanagari or Bengali a vowel sign after the term means that the word goes on.
    return (letter.isalnum() and not _UNSPACED.match(letter)) or unicodedata.category(letter)[0] == "M"


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
