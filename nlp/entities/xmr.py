"""Monero addresses: of accounts, of parts of them, and those with a payment id, their checksums verified."""

from typing import Final

from nlp.context import Context, Match, recogniser
from nlp.entities.chains import addresses
from nlp.entities.checksums import ed25519_point, monero

__all__ = ["xmr"]

_NETWORKS: Final = {18: 95, 42: 95, 19: 106}
"""By the first byte (an account, a part of one, one with a payment id): the characters of the address."""


@recogniser("xmr")
def xmr(context: Context) -> list[Match]:
    """The addresses in the text, as written."""
    return addresses(context, "xmr", read)


def read(word: str) -> str | None:
    """The address, where the word is one."""
    if word[0] not in "48" or len(word) not in (95, 106):
        return None
    payload = monero(word)
    if payload is None or _NETWORKS.get(payload[0]) != len(word):
        return None
    return word if ed25519_point(payload[1:33]) and ed25519_point(payload[33:65]) else None
