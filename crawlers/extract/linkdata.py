"""The words and hosts by which links are judged: `crawlers/data/links.yaml`."""

from functools import cache

import msgspec

from crawlers.data import load

__all__ = ["LinkWords", "link_words"]


class LinkWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of `links.yaml`."""

    source: str
    detail: tuple[str, ...]
    listing: tuple[str, ...]
    dull: tuple[str, ...]
    own_headings: tuple[str, ...]
    files: tuple[str, ...]
    contact_hosts: tuple[str, ...]
    contact_schemes: tuple[str, ...]


@cache
def link_words() -> LinkWords:
    """The words, read once."""
    return load("links.yaml", LinkWords)
