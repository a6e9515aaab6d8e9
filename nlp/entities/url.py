"""Addresses of the web that are no messenger's: with scheme, normalised (`http` where none was written)."""

from collections.abc import Iterator
from typing import Final

from jerat.urls import canonical_url
from nlp.context import Context, Match, recogniser
from nlp.entities.links import links
from nlp.entities.messengers import claimed

__all__ = ["url"]

_SCHEMES: Final = frozenset({"http", "https", "ftp"})


@recogniser("url")
def url(context: Context) -> Iterator[Match]:
    """The addresses in the text. An e-mail address or a messenger's link is its own kind, and not one of these."""
    for link in links(context):
        if link.scheme in _SCHEMES and not claimed(link):
            yield Match(
                kind="url", value=canonical_url(link.url), start=link.start, end=link.end,
                confidence=0.97 if context.lower.startswith(("http", "www."), link.start) or link.path else 0.85,
                undone=link.undone,
            )  # fmt: skip
