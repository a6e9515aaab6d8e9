"""Addresses of the XRP ledger, classic ones and those with a tag in them (X-addresses), their checksums verified."""

from nlp.context import Context, Match, recogniser
from nlp.entities.chains import addresses
from nlp.entities.checksums import RIPPLE, base58check

__all__ = ["xrp"]


@recogniser("xrp")
def xrp(context: Context) -> list[Match]:
    """The addresses in the text, as written."""
    return addresses(context, "xrp", read)


def read(word: str) -> str | None:
    """The address, where the word is one."""
    if word[0] == "r" and 25 <= len(word) <= 35:
        payload = base58check(word, RIPPLE)
        return word if payload is not None and len(payload) == 21 and payload[0] == 0 else None
    if word[0] == "X" and 46 <= len(word) <= 48:
        payload = base58check(word, RIPPLE)
        return word if payload is not None and len(payload) == 31 and payload[:2] == b"\x05\x44" else None
    return None
