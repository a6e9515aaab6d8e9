"""Tron addresses, in which most of the trade's USDT moves, their checksums verified."""

from nlp.context import Context, Match, recogniser
from nlp.entities.chains import addresses
from nlp.entities.checksums import base58check

__all__ = ["tron"]


@recogniser("tron")
def tron(context: Context) -> list[Match]:
    """The addresses in the text, as written."""
    return addresses(context, "tron", read)


def read(word: str) -> str | None:
    """The address, where the word is one."""
    if len(word) != 34 or word[0] != "T":
        return None
    payload = base58check(word)
    return word if payload is not None and len(payload) == 21 and payload[0] == 0x41 else None
