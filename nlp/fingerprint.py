"""A short text by which near-duplicates of a post are known, whatever its contacts and figures."""

import base64
import re
from collections.abc import Iterable
from typing import Final

from rensa import RMinHash  # type: ignore[import-untyped]

from nlp.words import ASCII_WORD, WORD, fold

__all__ = ["fingerprint", "similarity"]

_PREFIX: Final = "m1:"
"""The kind of fingerprint; another prefix where it is made in another way, so that the two are never compared."""
_SIZE: Final = 64
_SEED: Final = 20261123
_DIGIT: Final = re.compile("[0-9]")
_FEWEST: Final = 4
"""Words that a text needs, contacts and figures aside: any shorter ones are alike by accident."""


def fingerprint(text: str, masked: Iterable[tuple[int, int]] = ()) -> str:
    """The fingerprint of a normalised text, in 89 ASCII characters; empty where the text is too short to tell.

    MinHash (64 values, the lowest byte of each) over runs of three words as the index has them. Words with digits, and the
    ranges of `masked` (the contacts, in the same text), count as one and the same word, so a template keeps its
    fingerprint when the number in it changes.
    """
    bare = _mask(text, masked)
    tokens = list(map(_TOKENS.__getitem__, (ASCII_WORD if bare.isascii() else WORD).findall(bare)))
    if "" in tokens:  # of figures in a row one counts
        tokens = [token for token, before in zip(tokens, ["none", *tokens], strict=False) if token or before]
    if len(tokens) - tokens.count("") < _FEWEST:
        return ""
    sketch = RMinHash(_SIZE, _SEED)
    # Runs that repeat, and their order, change nothing.
    sketch.update(list(map(" ".join, zip(tokens, tokens[1:], tokens[2:], strict=False))))
    low = bytes([value & 0xFF for value in sketch.digest()])
    return _PREFIX + base64.urlsafe_b64encode(low).decode("ascii").rstrip("=")


class _Tokens(dict[str, str]):
    """The word as it counts, empty where it holds a digit, for each word that was asked for."""

    def __missing__(self, word: str) -> str:
        token = "" if _DIGIT.search(word) else fold(word)
        if len(self) < 65_536:
            self[word] = token
        return token


_TOKENS: Final = _Tokens()


def _mask(text: str, masked: Iterable[tuple[int, int]]) -> str:
    parts: list[str] = []
    last = 0
    for start, end in sorted(masked):
        if start >= last:
            parts += (text[last:start], " 0 ")
        last = max(last, end)
    parts.append(text[last:])
    return "".join(parts)


def similarity(first: str, second: str) -> float:
    """How much of the runs of words two posts share, from 0 to 1 (Jaccard, estimated with a deviation of about 0.06).

    0 where either fingerprint is empty or of another kind.
    """
    one, two = _bytes(first), _bytes(second)
    if one is None or two is None:
        return 0.0
    equal = sum(a == b for a, b in zip(one, two, strict=True)) / _SIZE
    # One byte in 256 is equal by accident.
    return max(0.0, (equal - 1 / 256) / (1 - 1 / 256))


def _bytes(text: str) -> bytes | None:
    if not text.startswith(_PREFIX):
        return None
    try:
        found = base64.urlsafe_b64decode(text[len(_PREFIX) :] + "==")
    except ValueError:
        return None
    return found if len(found) == _SIZE else None
