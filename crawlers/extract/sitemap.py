"""The addresses in sitemaps, sitemap indexes, RSS and Atom feeds, and robots.txt. Read in a stream, with limits."""

import heapq
import io
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Final, Literal

from lxml import etree

__all__ = ["AddressList", "gunzipped", "read_addresses", "robots_sitemaps"]

_START: Final = re.compile(
    rb"^\s*(?:<\?xml[^>]{0,500}\?>\s*)?(?:<!--.*?-->\s*|<!DOCTYPE[^>\[]{0,500}>\s*|<\?[^>]{0,500}\?>\s*)*"
    rb"<(?:\w+:)?(urlset|sitemapindex|rss|feed|RDF)\b",
    re.S,
)
_DOCTYPE: Final = re.compile(rb"<!DOCTYPE[^>]*\[|<!ENTITY", re.I)


@dataclass(slots=True)
class AddressList:
    """What a list of addresses holds. `left_out` were more than may be kept; the most promising ones are."""

    kind: Literal["sitemap", "index", "feed", ""] = ""
    addresses: list[str] = field(default_factory=list)
    left_out: int = 0
    problem: str = ""


def gunzipped(body: bytes, limit: int) -> bytes:
    """`body` unpacked, if it is gzip. Raises ValueError above `limit` bytes, or where it is cut or broken."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        data = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise ValueError(f"gzip that cannot be unpacked: {error}") from error
    if len(data) > limit:
        raise ValueError(f"unpacked, it is larger than the {limit} bytes that JERAT_MAX_RESPONSE allows")
    if not unpacker.eof:
        raise ValueError("the gzip data was cut short")
    return data


def read_addresses(body: bytes, promise: Callable[[str], int], keep: int) -> AddressList | None:
    """The list in `body`, or None where it is none. Of more than `keep` addresses the most promising are kept."""
    match = _START.match(body[:5000])
    if match is None:
        return None if not _DOCTYPE.search(body[:5000]) or b"<html" in body[:5000].lower() else _refused()
    if _DOCTYPE.search(body[:100_000]):
        return _refused()
    name = match[1].decode()
    found = AddressList("index" if name == "sitemapindex" else "sitemap" if name == "urlset" else "feed")
    best: list[tuple[int, int, str]] = []
    order = count()
    try:
        for address in _stream(body):
            entry = (promise(address), -next(order), address)
            if len(best) < keep:
                heapq.heappush(best, entry)
            else:
                heapq.heappushpop(best, entry)
                found.left_out += 1
    except etree.XMLSyntaxError as error:
        found.problem = f"XML that cannot be read to its end: {error.msg}"
    found.addresses = list(dict.fromkeys(address for _, _, address in sorted(best, reverse=True)))
    return found


def _refused() -> AddressList:
    return AddressList("sitemap", problem="XML that declares entities of its own is not read")


def _stream(body: bytes) -> Iterator[str]:
    events = etree.iterparse(
        io.BytesIO(body),
        events=("end",),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        recover=True,
    )
    for _, element in events:
        name = etree.QName(element).localname if isinstance(element.tag, str) else ""
        parent = element.getparent()
        above = etree.QName(parent).localname if parent is not None and isinstance(parent.tag, str) else ""
        if name == "loc" and above in ("url", "sitemap"):
            yield from _text(element.text)
        elif name == "link" and above in ("item", "entry"):
            if element.get("rel", "alternate") == "alternate":
                yield from _text(element.get("href") or element.text)
        elif (
            name == "guid"
            and above == "item"
            and (element.text or "").startswith("http")
            and parent.find("link") is None
        ):
            yield from _text(element.text)
        if name in ("url", "sitemap", "item", "entry"):
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


def _text(text: str | None) -> Iterator[str]:
    if text and text.strip():
        yield text.strip()


def robots_sitemaps(text: str) -> list[str]:
    """The `Sitemap:` lines of a robots.txt."""
    lines = (line.split("#", 1)[0].strip() for line in text.splitlines())
    return [line.split(":", 1)[1].strip() for line in lines if line.lower().startswith("sitemap:")]
