"""Bitcoin Cash addresses in its own form, their checksums verified; its older form is Bitcoin's and is `btc`."""

from collections.abc import Iterator
from typing import Final

from nlp.context import Context, Match, recogniser
from nlp.entities.chains import addresses
from nlp.entities.checksums import cashaddr

__all__ = ["bch"]

_PREFIX: Final = "bitcoincash:"


@recogniser("bch")
def bch(context: Context) -> Iterator[Match]:
    """The addresses in the text, in lower case and with their prefix, whether it was written or not."""
    lower = context.lower
    for match in addresses(context, "bch", read):
        if lower.startswith(_PREFIX, max(0, match.start - len(_PREFIX)), match.start):
            match.start -= len(_PREFIX)
        yield match


def read(word: str) -> str | None:
    """The address, where the word is one."""
    if word[0] not in "qpQP" or len(word) != 42 or cashaddr(word) is None:
        return None
    return _PREFIX + word.lower()
