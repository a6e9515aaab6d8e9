"""Text as the names' model sees it: the ICU words in smaller pieces, and what the gazetteer knows of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from nlp.breaks import breaks
from nlp.places.gazetteer import Gazetteer, Place

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

__all__ = ["Token", "doc_of", "of_text", "tags", "tokens"]

_HAN: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_PIECES: Final = re.compile(r"[.:_]|[^.:_]+")
_MARKED: Final = re.compile(r"[.:_']")
_NUMBER: Final = re.compile(r"[\d.,:]+")
_JOINS: Final = frozenset("-'.·")
_LONGEST: Final = 4


class Token(NamedTuple):
    """A word or a piece of one, and where it begins in the text."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return self.start + len(self.text)


def tokens(words: Iterable[str], at: int = 0) -> Iterator[Token]:
    """The tokens of ICU words that follow one another from `at` on; white space is left out.

    Every Han character is a token of its own, since a name may begin or end inside an ICU word; so are full stops,
    colons and underscores beside letters, and the English 's.
    """
    for word in words:
        if word.isspace():
            pass
        elif _HAN.match(word):
            for place, char in enumerate(word):
                yield Token(at + place, char)
        elif len(word) > 1 and _MARKED.search(word) and not _NUMBER.fullmatch(word):
            stop = len(word) - 2 if word[-2:].lower() == "'s" else len(word)
            for piece in _PIECES.finditer(word, 0, stop):
                yield Token(at + piece.start(), piece[0])
            if stop < len(word):
                yield Token(at + stop, word[stop:])
        else:
            yield Token(at, word)
        at += len(word)


def tags(found: Sequence[Token], gazetteer: Gazetteer) -> list[str]:
    """For each token what the gazetteer holds of it, such as `B-city-sign`; with `~` behind where no letter is a capital.

    The names are taken as candidates, without a look at their context: that is what the model learns.
    """
    known = ["-"] * len(found)
    for first, last, place in (*_spaced(found, gazetteer), *_unspaced(found, gazetteer)):
        if all(tag == "-" for tag in known[first:last]):
            for number in range(first, last):
                known[number] = f"{'I' if number > first else 'B'}-{place.kind}-{place.grade}"
    plain = "" if any(char.isupper() for token in found for char in token.text) else "~"
    return [tag + plain for tag in known]


def doc_of(vocab: Vocab, found: Sequence[Token], gazetteer: Gazetteer) -> Doc:
    """The Doc of tokens, with their tags. Of the white space between two only that there is some is kept."""
    from spacy.tokens import Doc

    spaces = [token.end < after.start for token, after in pairwise(found)]
    return Doc(
        vocab,
        words=[token.text for token in found],
        spaces=[*spaces, False] if found else [],
        tags=tags(found, gazetteer),
    )


def of_text(text: str) -> list[Token]:
    """The tokens of a text."""
    return list(tokens(breaks(text)))


def _spaced(found: Sequence[Token], gazetteer: Gazetteer) -> Iterator[tuple[int, int, Place]]:
    """The known names in scripts with spaces, the longest at each token: (first token, one past the last, place)."""
    lower = [token.text.lower() for token in found]
    reach = 0
    for first, word in enumerate(lower):
        if first < reach or not word[0].isalpha():
            continue
        best = (first + 1, word) if word in gazetteer.spaced else None
        if word in gazetteer.first:
            key, number, count = word, first + 1, 1
            while number < len(found) and count < _LONGEST:
                if lower[number] in _JOINS:
                    number += 1
                    continue
                if not lower[number][0].isalpha():
                    break
                key += " " + lower[number]
                number, count = number + 1, count + 1
                if key in gazetteer.spaced:
                    best = (number, key)
        if best is None:
            continue
        places = gazetteer.places(best[1], gazetteer.spaced[best[1]])
        if places:
            reach = best[0]
            yield first, reach, places[0]


def _unspaced(found: Sequence[Token], gazetteer: Gazetteer) -> Iterator[tuple[int, int, Place]]:
    """The same for scripts without spaces, on borders of tokens."""
    if all(token.text[0] < "\u0e00" for token in found):
        return
    text = "".join(low if len(low := token.text.lower()) == len(token.text) else token.text for token in found)
    borders: dict[int, int] = {0: 0}
    at = 0
    for number, token in enumerate(found, 1):
        at += len(token.text)
        borders[at] = number
    hits = [(last + 1 - len(key), last + 1, key, ref) for last, (key, ref) in gazetteer.automaton.iter(text)]
    reach = 0
    for start, end, key, ref in sorted(hits, key=lambda hit: (hit[0], -hit[1])):
        if start < reach or start not in borders or end not in borders:
            continue
        places = gazetteer.places(key, ref)
        if places:
            reach = end
            yield borders[start], borders[end], places[0]
