"""Solana addresses: 32 bytes in base58 without a checksum, so they count only where the chain is named beside them."""

from collections.abc import Iterator

from nlp.context import Context, Match, recogniser
from nlp.entities.chains import addresses, named
from nlp.entities.checksums import base58, ed25519_point

__all__ = ["sol"]


@recogniser("sol")
def sol(context: Context) -> Iterator[Match]:
    """The addresses in the text, as written, that are points of the curve, as every wallet's is."""
    for match in addresses(context, "sol", read):
        if match.undone or named(context, "sol", match.start, match.end):
            match.confidence = 0.9
            yield match


def read(word: str) -> str | None:
    """The address, where the word may be one."""
    if not 32 <= len(word) <= 44 or word.isalpha() or word.isdigit() or word.islower() or word.isupper():
        return None
    raw = base58(word)
    return word if raw is not None and len(raw) == 32 and ed25519_point(raw) else None
