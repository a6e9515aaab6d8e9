"""Bitcoin addresses of all forms, their checksums verified: P2PKH, P2SH, segregated witness and taproot."""

import re
from collections.abc import Iterator
from typing import Final

from nlp.context import Context, Match, recogniser
from nlp.entities.chains import addresses
from nlp.entities.checksums import base58check, segwit

__all__ = ["btc"]

_SHORT: Final = re.compile(r"(?<![A-Za-z0-9])(?:bc1|BC1)[A-Za-z0-9]{8,21}(?![A-Za-z0-9])")
"""Programs of a few bytes, which the standard allows: shorter than what is looked at as an address elsewhere."""
_VERSIONS: Final = (0, 5)
"""Of keys and of scripts, on the main network."""


@recogniser("btc")
def btc(context: Context) -> Iterator[Match]:
    """The addresses of the main network. Those of segregated witness in lower case, others as written."""
    yield from addresses(context, "btc", read)
    if "bc1" in context.lower:
        for match in _SHORT.finditer(context.text):
            if (value := read(match[0])) is not None:
                yield Match(kind="btc", value=value, start=match.start(), end=match.end(), confidence=1.0)


def read(word: str) -> str | None:
    """The address, where the word is one."""
    lead = word[:4]
    if lead[:3] in ("bc1", "BC1"):
        return word.lower() if segwit(word) is not None else None
    if lead[:1] in "13" and 25 <= len(word) <= 35:
        payload = base58check(word)
        return word if payload is not None and len(payload) == 21 and payload[0] in _VERSIONS else None
    return None
