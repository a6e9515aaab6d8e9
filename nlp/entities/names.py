"""The names of messengers, phones and banks in a text, and digits written as words: one pass over the text for all."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec

from nlp.data import rows
from nlp.trie import Trie

__all__ = ["Name", "Names", "bordered", "names", "standing", "words_of"]

DATA: Final = Path(__file__).parent / "data"
_MOST: Final = 100_000
"""Names that are read of one text; a book has fewer, and more would only fill the memory."""
SPLITTERS: Final = (" ", ".", "-", "_", "·", "*", "|", "~")


class Name(msgspec.Struct, frozen=True):
    """A name as it stands in a text. `kind` is a contact kind, `bank`, `digit`, `times`, `plus`, `none` or `word`."""

    start: int
    end: int
    kind: str
    weak: bool = False
    value: str = ""
    split: bool = False
    """It was written spaced or split, such as `W.A`."""


class MessengerRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of messengers.yaml."""

    kind: str
    source: str
    words: list[str]
    weak: bool = False


class WordsRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of fillers.yaml or not_ids.yaml."""

    source: str
    words: list[str]


class NumberRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of number_words.yaml."""

    language: str
    source: str
    digits: list[list[str]]
    plus: list[str] = []
    times: dict[str, int] = {}


class BankRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of banks.yaml."""

    bank: str
    country: str
    digits: tuple[int, int]
    source: str
    names: list[str]
    wallet: bool = False
    weak: bool = False


class _Bordered(dict[str, bool]):
    """Remembers, for each character once seen, whether it is a letter of a script with spaces."""

    def __missing__(self, char: str) -> bool:
        code = ord(char)
        if 0x0900 <= code < 0x0E00:
            found = not (0x0964 <= code <= 0x0970 or char.isdigit())
        else:
            found = (code < 0x0900 or 0x1200 <= code < 0x1380 or 0x1E00 <= code < 0x2000) and char.isalpha()
        self[char] = found
        return found


_BORDERED: Final = _Bordered()

bordered: Final = _BORDERED.__getitem__
"""Whether a character is a letter of a script that puts spaces between words."""


def standing(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` stands as a word: no letter goes on before or after it, where its script has borders."""
    table = _BORDERED
    if start and table[text[start]]:
        before = text[start - 1]
        if table[before] or before in "@_":
            return False
    if end < len(text) and table[text[end - 1]]:
        after = text[end]
        if table[after] or after == "_":
            return False
    return True


class Names:
    """All names, as an automaton."""

    def __init__(self, lexicon: Path | None = None) -> None:
        self.cache: dict[str, Any] = {}
        """Patterns that others make of the names, by their own keys."""
        self.banks: dict[str, list[BankRow]] = {}
        self.single: dict[str, str] = {}
        """Digits that one character of Chinese or Korean writes."""
        table: dict[str, list[tuple[str, bool, str, bool]]] = {}
        for row in rows(DATA / "messengers.yaml", MessengerRow, lexicon):
            for word in map(str.lower, row.words):
                table.setdefault(word, []).append((row.kind, row.weak, "", False))
                if row.kind != "word":
                    for split in _split(word):
                        table.setdefault(split, []).append((row.kind, row.weak, "", True))
        for bank in rows(DATA / "banks.yaml", BankRow, lexicon):
            for word in bank.names:
                self.banks.setdefault(word, []).append(bank)
                table.setdefault(word, []).append(("bank", bank.weak, word, False))
        for numbers in rows(DATA / "number_words.yaml", NumberRow, lexicon):
            for digit, words in enumerate(numbers.digits):
                for word in words:
                    if len(word) == 1:
                        self.single[word] = str(digit)
                    else:
                        table.setdefault(word, []).append(("digit", False, str(digit), False))
            for word, times in numbers.times.items():
                table.setdefault(word, []).append(("times", False, str(times), False))
            for word in numbers.plus:
                if len(word) > 1:
                    table.setdefault(word, []).append(("plus", False, "", False))
        self.words = tuple(table)
        self.automaton = Trie((word, list(dict.fromkeys(entries))) for word, entries in table.items())
        self.fillers = words_of("fillers.yaml", lexicon)
        self.not_ids = words_of("not_ids.yaml", lexicon)

    def find(self, lower: str) -> list[Name]:
        """The names in `lower`, ascending; those inside a longer one are left out."""
        hits: list[tuple[int, int, list[tuple[str, bool, str, bool]]]] = []
        size = len(lower)
        for hit in self.automaton.find(lower):
            start, end, _ = hit
            # Most are the beginning of a longer word, which `standing` would say too.
            if end < size and bordered(lower[end]) and bordered(lower[end - 1]):
                continue
            if not standing(lower, start, end):
                continue
            # The automaton reports by the end, so only what came before can lie inside this hit, or hold its start.
            while hits and hits[-1][0] >= start and hits[-1][1] <= end:
                hits.pop()
            if hits and hits[-1][1] >= end and hits[-1][0] <= start:
                continue
            hits.append(hit)
            if len(hits) == _MOST:
                break
        return list(self._named(hits))

    def _named(self, hits: list[tuple[int, int, list[tuple[str, bool, str, bool]]]]) -> Iterator[Name]:
        reach = 0
        for start, end, entries in hits:
            if start < reach:
                continue
            reach = end
            for kind, weak, value, split in entries:
                yield Name(start, end, kind, weak, value, split)


@cache
def words_of(file: str, lexicon: Path | None = None) -> frozenset[str]:
    """All words of a data file that is a list of word lists."""
    return frozenset(word.lower() for row in rows(DATA / file, WordsRow, lexicon) for word in row.words)


def _split(word: str) -> list[str]:
    if not word.isalpha():
        return []
    if word.isascii():
        splitters = SPLITTERS if len(word) <= 3 else SPLITTERS[:4]
        return [mark.join(word) for mark in splitters] if 2 <= len(word) <= 9 else []
    if 2 <= len(word) <= 3 and "\u4e00" <= word[0] <= "\u9fff":
        return [mark.join(word) for mark in SPLITTERS]
    return []


@cache
def names(lexicon: Path | None = None) -> Names:
    """The names with what the analyst's folder adds, read once."""
    return Names(lexicon)
