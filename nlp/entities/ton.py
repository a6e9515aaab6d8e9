"""Addresses of TON in the form for people, their checksums verified."""

import re
from collections.abc import Iterator
from typing import Final

from nlp.context import Context, Match, recogniser
from nlp.entities.chains import addresses, longest
from nlp.entities.checksums import ton as checked

__all__ = ["ton"]

_ADDRESS: Final = re.compile(r"(?<![A-Za-z0-9_\-+/])[EUk0][Qf][A-Za-z0-9_\-+/]{46}(?![A-Za-z0-9_\-+/])")
_LENGTH: Final = 48
_LEADS: Final = ("EQ", "UQ", "Ef", "Uf", "kQ", "0Q", "kf", "0f")


@recogniser("ton")
def ton(context: Context) -> Iterator[Match]:
    """The addresses in the text, as written."""
    text = context.text
    whole = set()
    if longest(context) >= _LENGTH and any(lead in text for lead in _LEADS):
        for found in _ADDRESS.finditer(text):
            if checked(found[0]) is not None:
                whole.add(found.start())
                yield Match(kind="ton", value=found[0], start=found.start(), end=found.end(), confidence=1.0)
    for match in addresses(context, "ton", read):
        if match.start not in whole:
            yield match


def read(word: str) -> str | None:
    """The address, where the word is one."""
    return word if word[:2] in _LEADS and checked(word) is not None else None
