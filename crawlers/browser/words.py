"""The words by which buttons are known: `crawlers/data/browser.yaml`."""

from functools import cache

import msgspec

from crawlers.data import load

__all__ = ["ButtonWords", "button_words"]


class ButtonWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of `browser.yaml`."""

    source: str
    more: tuple[str, ...]
    decline: tuple[str, ...]
    close: tuple[str, ...]


@cache
def button_words() -> ButtonWords:
    """The words, read once."""
    return load("browser.yaml", ButtonWords)
