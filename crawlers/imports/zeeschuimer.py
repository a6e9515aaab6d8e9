"""NDJSON of Zeeschuimer, the browser extension that keeps what a person sees on social networks while scrolling.

A line holds the item as the network's own site received it, under `data`, with where and when it was seen. Read in full for
TikTok, Instagram, X and LinkedIn; of other networks, the text and address that such items commonly carry.
https://github.com/digitalmethodsinitiative/zeeschuimer
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from crawlers.imports.chat import LeftOut, local_address, unix_time
from crawlers.imports.dig import at, text
from crawlers.imports.networks import NETWORKS, Seen, anything
from jerat.errors import InputError
from jerat.model import Message, Post, post_id
from jerat.urls import canonical_url
from pipelines.intake import BadItem, ImportOptions, Read

__all__ = ["Zeeschuimer"]

_MAX_LINE: Final = 16 * 1024 * 1024
_ALIASES: Final = {"twitter.com": "x.com", "instagram.com": "instagram.com", "www.tiktok.com": "tiktok.com"}


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    raw: bytes


class Zeeschuimer:
    """Reads every line with a text; advertisements that the network put between, and items without words, are counted."""

    name = "zeeschuimer"

    def recognises(self, path: Path, head: bytes) -> bool:
        """By the keys of the envelope."""
        start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
        return (
            start == b"{"
            and b'"source_platform"' in head
            and (b'"timestamp_collected"' in head or b'"nav_index"' in head or b'"source_platform_url"' in head)
        )

    def read(self, path: Path, options: ImportOptions) -> Iterator[Read | BadItem]:
        """The posts of the file, in its order. Raises InputError where it cannot be opened."""
        left_out = LeftOut()
        try:
            with path.open("rb") as stream:
                number = 0
                while raw := stream.readline(_MAX_LINE):
                    number += 1
                    options.advance(len(raw))
                    if raw.strip(b"\xef\xbb\xbf \t\r\n\0"):
                        found = _item(_Line(number, raw), path.name, options, left_out)
                        if found is not None:
                            yield found
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
        left_out.tell(path.name, options.say)


def _item(line: _Line, name: str, options: ImportOptions, left_out: LeftOut) -> Read | BadItem | None:
    place = f"{name}:{line.number}"
    shown = line.raw[:2000].decode("utf-8", "backslashreplace").rstrip()
    try:
        item = json.loads(line.raw.replace(b"\0", b"").decode("utf-8-sig"))
    except RecursionError:
        return BadItem(place, "nested too deeply", shown)
    except ValueError as error:
        return BadItem(place, f"not JSON: {error}", shown)
    data = at(item, "data")
    if not isinstance(item, dict) or not isinstance(data, dict):
        return BadItem(place, "no item of Zeeschuimer: it has no `data`", shown)
    network = text(item, "source_platform").lower()
    network = _ALIASES.get(network, network)
    seen = NETWORKS.get(network, anything)(data, item)
    if seen is None:
        left_out.add("items without words, and advertisements of the network")
        return None
    return _read(seen, network, item, place, options)


def _read(seen: Seen, network: str, item: dict[str, object], place: str, options: ImportOptions) -> Read | BadItem:
    own = seen.native_id or text(item, "item_id", "id")
    platform = network.removeprefix("www.").partition(".")[0] or options.platform
    if not own and not seen.url:
        return BadItem(place, "an item with neither a number nor an address", seen.text[:2000])
    notes = [] if seen.published_at is not None else ["date cannot be read as a time, and was left out"]
    author = seen.author if not seen.name or seen.name == seen.author else f"{seen.name} (@{seen.author})"
    post = Post(
        id=post_id(platform, own, canonical_url(seen.url)),
        native_id=own,
        source=network,
        platform=platform,
        url=canonical_url(seen.url) if seen.url else local_address(platform, own),
        fetched_at=unix_time(item.get("timestamp_collected")) or datetime.now(UTC),
        text=seen.text,
        title=seen.title,
        author=author.strip(),
        published_at=seen.published_at,
        media=seen.media,
        links=seen.links,
        country_hint=options.country_hint,
        message=Message(views=seen.views, forwarded_from=seen.shared_from) if seen.views or seen.shared_from else None,
        evidence=place,
    )
    return Read(post, tuple(notes))
