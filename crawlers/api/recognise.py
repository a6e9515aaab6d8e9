"""Whether a page belongs to a service that has a spider of its own."""

import re
from typing import Final

__all__ = ["service_of"]

_SIGNS: Final = (
    (
        "discourse",
        re.compile(
            r"<meta\s+name=[\"']generator[\"']\s+content=[\"']Discourse\b|data-discourse-setup|id=[\"']data-discourse",
            re.I,
        ),
    ),
    ("mastodon", re.compile(r"<div[^>]{0,300}\bid=[\"']mastodon[\"']|<meta[^>]{0,200}content=[\"']Mastodon\b", re.I)),
)


def service_of(markup: str) -> str:
    """The kind of spider that reads a site like this by its interface, by the marks that its software leaves; else nothing."""
    head = markup[:200_000]
    return next((kind for kind, sign in _SIGNS if sign.search(head)), "")
