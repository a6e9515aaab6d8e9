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
    (re.compile(r"^https?://(?:[\w-]+\.)*reddit\.com/"), "reddit:read_listing"),
)
_TOPIC: Final = re.compile(r"^(https?://[^/]+(?:/[^?]*?)?)/(?:t/[^?]*|posts(?:/\d+)?)\.json(?:\?|$)")
"""Of the forum software Discourse; what stands before is the address of the forum."""


def reply_posts(data: Any, origin: Origin) -> Extraction | None:
    """The posts of the reply that was had at `origin.url`; None where it is of no API that is known."""
    for pattern, reader in _READERS:
        if pattern.search(origin.url):
            module, _, name = reader.partition(":")
            found: Extraction = getattr(importlib.import_module(f"crawlers.extract.{module}"), name)(data, origin)
            return found
    if (match := _TOPIC.match(origin.url)) is not None:
        from crawlers.extract.discourse import read_posts

        return read_posts(data, match[1], origin)[0]
    return None
