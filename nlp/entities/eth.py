"""Ethereum addresses and those of its kin, with the checksum of EIP-55 where the case is mixed."""

import re
from collections.abc import Iterator
from typing import Final

from nlp.context import Context, Match, recogniser
from nlp.entities.chains import addresses
from nlp.entities.checksums import eip55

__all__ = ["eth"]

_HEX: Final = re.compile(r"0[xX][0-9A-Fa-f]{40}")


@recogniser("eth")
def eth(context: Context) -> Iterator[Match]:
    """The addresses in the text, as written."""
    for match in addresses(context, "eth", read):
        if match.value[2:] in (match.value[2:].lower(), match.value[2:].upper()):
            match.confidence = 0.9  # without the checksum
        yield match


def read(word: str) -> str | None:
    """The address, where the word is one."""
    return word if len(word) == 42 and _HEX.fullmatch(word) and eip55(word) else None
