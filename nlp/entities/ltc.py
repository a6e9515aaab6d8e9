"""Litecoin addresses, their checksums verified; those that begin with 3 cannot be told from Bitcoin's and are `btc`."""

from nlp.context import Context, Match, recogniser
from nlp.entities.chains import addresses
from nlp.entities.checksums import base58check, segwit

__all__ = ["ltc"]


@recogniser("ltc")
def ltc(context: Context) -> list[Match]:
    """The addresses in the text. Those of segregated witness in lower case, others as written."""
    return addresses(context, "ltc", read)


def read(word: str) -> str | None:
    """The address, where the word is one."""
    if word[:4] in ("ltc1", "LTC1"):
        return word.lower() if segwit(word, "ltc") is not None else None
    if word[0] in "LM" and 25 <= len(word) <= 35:
        payload = base58check(word)
        return word if payload is not None and len(payload) == 21 and payload[0] in (0x30, 0x32) else None
    return None
