"""Ethereum addresses and those of its kin, with the checksum of EIP-55 where the case is mixed."""

import re
from collections.abc import Iterator
from typing import Final

from nlp.context import Context, Match, recogniser
from nlp.entities.checksums import eip55

__all__ = ["eth"]

_ADDRESS: Final = re.compile(r"(?<![A-Za-z0-9])0[xX][0-9A-Fa-f]{40}(?![A-Za-z0-9])")


@recogniser("eth")
def eth(context: Context) -> Iterator[Match]:
    """The addresses in the text, as written."""
    if "0x" in context.lower:
        for match in _ADDRESS.finditer(context.text):
            if eip55(match[0]):
                mixed = match[0][2:] not in (match[0][2:].lower(), match[0][2:].upper())
                yield Match(
                    kind="eth", value=match[0], start=match.start(), end=match.end(), confidence=1.0 if mixed else 0.9
                )
