"""Replies of APIs that were saved: by their address it is told whose they are."""

import importlib
import re
from typing import Any, Final

from crawlers.extract.origin import Extraction, Origin

__all__ = ["reply_posts"]

# What the address of a reply looks like, and the function `(data, origin)` that reads it.
_READERS: Final = (
    (re.compile(r"/xrpc/app\.bsky\.(?:feed|unspecced)\."), "bluesky:read_feed"),
    (re.compile(r"/api/v[12]/(?:timelines/|accounts/[^/]+/statuses|statuses/|search)"), "mastodon:read_statuses"),
)


def reply_posts(data: Any, origin: Origin) -> Extraction | None:
    """The posts of the reply that was had at `origin.url`; None where it is of no API that is known."""
    for pattern, reader in _READERS:
        if pattern.search(origin.url):
            module, _, name = reader.partition(":")
            found: Extraction = getattr(importlib.import_module(f"crawlers.extract.{module}"), name)(data, origin)
            return found
    return None
