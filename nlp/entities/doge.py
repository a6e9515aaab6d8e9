"""Dogecoin addresses, their checksums verified."""

from nlp.context import Context, Match, recogniser
from nlp.entities.chains import addresses
from nlp.entities.checksums import base58check

__all__ = ["doge"]


@recogniser("doge")
def doge(context: Context) -> list[Match]:
    """The addresses in the text, as written."""
    return addresses(context, "doge", read)


def read(word: str) -> str | None:
    """The address, where the word is one."""
    if word[0] not in "D9A" or not 25 <= len(word) <= 35:
        return None
    payload = base58check(word)
    return word if payload is not None and len(payload) == 21 and payload[0] in (0x1E, 0x16) else None
