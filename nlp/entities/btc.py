"""Bitcoin addresses of all forms, their checksums verified: P2PKH, P2SH, segregated witness and taproot."""

import re
from collections.abc import Iterator
from typing import Final

from nlp.context import Context, Match, recogniser
from nlp.entities.checksums import base58check, segwit

__all__ = ["btc"]

_LEGACY: Final = re.compile(r"(?<![A-Za-z0-9])[13][1-9A-HJ-NP-Za-km-z]{25,34}(?![A-Za-z0-9])")
_SEGWIT: Final = re.compile(r"(?<![A-Za-z0-9])(?:bc1[02-9ac-hj-np-z]{8,87}|BC1[02-9AC-HJ-NP-Z]{8,87})(?![A-Za-z0-9])")


@recogniser("btc")
def btc(context: Context) -> Iterator[Match]:
    """The addresses of the main network. Those of segregated witness in lower case, others as written."""
    text = context.text
    if "bc1" in context.lower:
        for match in _SEGWIT.finditer(text):
            if segwit(match[0]) is not None:
                yield Match(kind="btc", value=match[0].lower(), start=match.start(), end=match.end(), confidence=1.0)
    if "1" in text or "3" in text:
        for match in _LEGACY.finditer(text):
            payload = base58check(match[0])
            if payload is not None and len(payload) == 21 and payload[0] in (0, 5):
                yield Match(kind="btc", value=match[0], start=match.start(), end=match.end(), confidence=1.0)
