"""Which spider reads an address."""

from typing import Final
from urllib.parse import urlsplit

from jerat.errors import InputError

__all__ = ["KINDS", "kind_of"]

KINDS: Final = ("jobposting", "board", "telegram", "page", "mastodon")
"""What `--kind` takes. Without it the address decides, and where it does not tell, the first page."""

_TELEGRAM: Final = frozenset({"t.me", "www.t.me", "telegram.me", "telegram.dog"})


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
    return "telegram" if host in _TELEGRAM else "auto"
