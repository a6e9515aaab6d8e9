"""Which spider reads an address."""

from typing import Final
from urllib.parse import urlsplit

from jerat.errors import InputError

__all__ = ["KINDS", "kind_of"]

KINDS: Final = (
    "jobposting",
    "board",
    "telegram",
    "page",
    "browser",
    "mastodon",
    "bluesky",
    "reddit",
    "discourse",
    "feed",
)
"""What `--kind` takes. Without it the address decides, and where it does not tell, the first page."""

_HOSTS: Final = {
    "telegram": frozenset({"t.me", "www.t.me", "telegram.me", "telegram.dog"}),
    "bluesky": frozenset({"bsky.app", "www.bsky.app", "public.api.bsky.app", "api.bsky.app", "bsky.social"}),
}


def kind_of(address: str, kind: str | None = None) -> str:
    """The name of the spider for an address. Raises InputError for a kind that there is not, or an address that is none."""
    if kind is not None and kind not in KINDS:
        raise InputError(f"there is no kind of source named {kind!r}", f"--kind is one of {', '.join(KINDS)}")
    text = address.strip()
    if text.startswith("@") and "/" not in text:
        return kind or "telegram"
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host = parts.hostname or ""
    except ValueError as error:
        raise InputError(f"{address!r} is no address that can be read: {error}") from error
    if parts.scheme not in ("http", "https") or not host or any(char.isspace() for char in text):
        raise InputError(
            f"{address!r} is no address that can be crawled",
            "give one with http:// or https://, or @NAME for a channel",
        )
    if kind is not None:
        return kind
    if host == "redd.it" or f".{host}".endswith(".reddit.com"):
        return "reddit"
    return next((name for name, hosts in _HOSTS.items() if host in hosts), "auto")
