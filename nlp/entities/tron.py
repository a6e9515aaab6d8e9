"""Tron addresses, in which most of the trade's USDT moves, their checksums verified."""

import re
from collections.abc import Iterator
from typing import Final

from nlp.context import Context, Match, recogniser
from nlp.entities.checksums import base58check

__all__ = ["tron"]

_ADDRESS: Final = re.compile(r"(?<![A-Za-z0-9])T[1-9A-HJ-NP-Za-km-z]{33}(?![A-Za-z0-9])")


@recogniser("tron")
def tron(context: Context) -> Iterator[Match]:
    """The addresses in the text, as written."""
    if "T" in context.text:
        for match in _ADDRESS.finditer(context.text):
            payload = base58check(match[0])
            if payload is not None and len(payload) == 21 and payload[0] == 0x41:
                yield Match(kind="tron", value=match[0], start=match.start(), end=match.end(), confidence=1.0)
