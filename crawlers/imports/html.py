"""A page that was saved from a browser as HTML, alone or with its folder of pictures, or by SingleFile or HTTrack."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec
from lxml import etree

from crawlers.extract.dates import read_date
from crawlers.extract.decode import decode
from crawlers.extract.html_text import parse
from crawlers.extract.jsonld import structured
from crawlers.extract.values import one_line
from crawlers.extract.whole_page import read_body
from crawlers.imports.chat import local_address
from crawlers.imports.files import opened, saved_at, unpacked
from crawlers.imports.pages import origin_of, placed
from jerat.errors import InputError
from jerat.model import Post, post_id
from pipelines.intake import BadItem, ImportOptions, Read

__all__ = ["Html", "SavedPage", "address_of", "page_items"]

_HEAD: Final = 16_384
_NOWHERE: Final = "https://saved-page.invalid/page/"
"""Stands for the address of a page that does not tell it; never in a post. The name cannot exist (RFC 2606)."""
_COMMENTS: Final = (
    re.compile(r"<!--\s*saved from url=\(\d+\)(?P<url>[^\s]+?)\s*-->", re.I),
    re.compile(
        r"<!--\s*Page saved with SingleFile\s+url:\s*(?P<url>\S+)\s+(?:saved date:\s*(?P<date>[^\n]{5,80}?)\s*(?:\n|-->))?",
        re.I,
    ),
    re.compile(
        r"<!--\s*Mirrored from (?P<url>\S+) by HTTrack[^>]{0,80}?(?:,\s*(?P<date>[A-Z][a-z]{2}, \d[^>]{10,30}?))?\s*-->",
        re.I,
    ),
)
_ZONE_NAME: Final = re.compile(r"\s*\([^()]*\)\s*$")
_FORMAT: Final = re.compile(rb"(?i)<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<!--\s*saved from url=")


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page as it was saved. `url` is empty where nothing tells it."""

    body: bytes
    url: str
    saved_at: datetime
    content_type: str = "text/html"
    title: str = ""


class Html:
    """One saved page. Its posts are those that a crawl of the page would bring."""

    name = "html"

    def recognises(self, path: Path, head: bytes) -> bool:
        """By its first tags, or by its name."""
        name = path.name.lower().removesuffix(".gz")
        if name.endswith((".html", ".htm", ".xhtml", ".shtml")):
            return b"<" in head
        return bool(_FORMAT.search(head[:_HEAD]))

    def read(self, path: Path, options: ImportOptions) -> Iterator[Read | BadItem]:
        """The posts of the page. Raises InputError where it cannot be opened, or is larger than JERAT_MAX_RESPONSE."""
        with opened(path, options.advance) as stream:
            try:
                body = unpacked(stream).read(options.max_bytes + 1)
            except (EOFError, OSError) as error:
                raise InputError(f"{path} cannot be read to its end: {error}") from error
        if len(body) > options.max_bytes:
            raise InputError(f"{path} has more than the {options.max_bytes:,} bytes that JERAT_MAX_RESPONSE allows")
        markup = decode(body)
        url, moment = address_of(markup)
        page = SavedPage(body, url, moment or saved_at(path))
        yield from page_items(page, path.name, options)


def page_items(page: SavedPage, place: str, options: ImportOptions) -> Iterator[Read | BadItem]:
    """The posts of a saved page, and what of it could not be read; `place` is what stands in the evidence."""
    origin = origin_of(page.url or _NOWHERE, page.saved_at, options)
    found = read_body(page.body, page.content_type, origin, options.max_bytes)
    for problem in found.problems:
        yield BadItem(place, problem, minor=bool(found.posts))
    if not found.posts and not found.problems:
        options.say(f"{place}: {_why(page)}")
    posts = found.posts if page.url else [_nowhere(post, options) for post in found.posts]
    for post in placed(iter(posts), place, options):
        untitled = not post.title and post.platform == "web"
        yield Read(msgspec.structs.replace(post, title=page.title) if untitled else post)


def _why(page: SavedPage) -> str:
    """What the page seems to be, as it has no post."""
    from crawlers.failures import wall

    if seen := wall(decode(page.body, page.content_type)):
        return f"the page shows {seen}"
    if page.url and urlsplit(page.url).path in ("", "/") and not urlsplit(page.url).query:
        return f"it is the front page of {urlsplit(page.url).hostname}: save the pages of the posts themselves"
    return "it is a list, or says next to nothing: save the pages of the posts themselves"


def _nowhere(post: Post, options: ImportOptions) -> Post:
    """A post of a page without an address: known by what it says, so that the same page saved twice is one post."""
    if not post.url.startswith(_NOWHERE):
        return post  # it names itself, as the message of a channel does
    key = hashlib.blake2b(f"{post.title}\x1f{post.text}".encode("utf-8", "replace"), digest_size=12).hexdigest()
    return msgspec.structs.replace(
        post,
        id=post_id("page", key, ""),
        native_id="",
        url=local_address("page", key),
        source=options.source,
        links=tuple(link for link in post.links if not link.url.startswith(_NOWHERE[:26])),
        media=tuple(url for url in post.media if not url.startswith(_NOWHERE[:26])),
    )


# -- the address ---------------------------------------------------------------------------------------------------------


def address_of(markup: str) -> tuple[str, datetime | None]:
    """The address that a saved page was had from, and when, as far as it tells.

    By the comment of the browser or tool, the canonical address, that of its preview or its posting, then its base.
    """
    for pattern in _COMMENTS:
        if match := pattern.search(markup[:_HEAD]):
            url = match["url"].strip()
            url = f"http://{url}" if "://" not in url and "HTTrack" in match[0] else url
            date = match.groupdict().get("date")
            if _is_web(url):
                return url, read_date(_ZONE_NAME.sub("", date.strip())) if date else None
    root = parse(markup)
    if root is None:
        return "", None
    for url in (_link(root), *_metas(root), _posting(root, markup), _base(root)):
        if _is_web(url):
            return url, None
    return "", None


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme.lower() in ("http", "https") and bool(parts.hostname)


def _link(root: etree._Element) -> str:
    for element in root.iter("link"):
        if "canonical" in (element.get("rel") or "").lower().split():
            return (element.get("href") or "").strip()
    return ""


def _metas(root: etree._Element) -> Iterator[str]:
    for name in ("og:url", "twitter:url", "al:web:url"):
        for element in root.iter("meta"):
            if (element.get("property") or element.get("name") or "").lower() == name:
                yield (element.get("content") or "").strip()


def _posting(root: etree._Element, markup: str) -> str:
    """The address that the only JobPosting of the page names."""
    if "JobPosting" not in markup:
        return ""
    nodes = structured(root, markup, _NOWHERE, "JobPosting").nodes
    if len(nodes) != 1:
        return ""
    values = (nodes[0].get(key) for key in ("url", "mainEntityOfPage", "@id"))
    return next((text for value in values if _is_web(text := one_line(value))), "")


def _base(root: etree._Element) -> str:
    element = root.find(".//base")
    url = (element.get("href") or "").strip() if element is not None else ""
    try:
        return url if urlsplit(url).path.strip("/") else ""
    except ValueError:
        return ""
