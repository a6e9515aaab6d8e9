"""The items of a feed (RSS, Atom) as posts: what is left to keep where their pages cannot be had or read."""

import re
from typing import Final
from urllib.parse import urljoin

from lxml import etree

from crawlers.extract.dates import read_date
from crawlers.extract.html_text import render_html
from crawlers.extract.origin import Extraction, Origin
from crawlers.extract.values import one_line
from jerat.model import Post, post_id
from jerat.urls import canonical_url

__all__ = ["feed_posts"]

_MAX_ITEMS: Final = 5000
_ITEMS: Final = ("item", "entry")
_TEXTS: Final = ("encoded", "content", "description", "summary")
"""Names of the elements that may hold the text; the longest is taken."""
_DATES: Final = ("pubDate", "published", "date", "issued", "updated")
_AUTHORS: Final = ("creator", "author")
_ENTITIES: Final = re.compile(rb"<!DOCTYPE[^>]*\[|<!ENTITY", re.I)


def feed_posts(body: bytes, origin: Origin) -> Extraction:
    """A post for each item that has a title or a text; `origin.url` is the feed's. Nothing where it is no XML."""
    if _ENTITIES.search(body[:100_000]):
        return Extraction()
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return Extraction()
    if root is None:
        return Extraction()
    items = [one for one in root.iter(etree.Element) if etree.QName(one).localname in _ITEMS][:_MAX_ITEMS]
    return Extraction([post for one in items if (post := _post(one, origin)) is not None])


def _post(item: etree._Element, origin: Origin) -> Post | None:
    parts: dict[str, list[etree._Element]] = {}
    for child in item.iterchildren(etree.Element):
        parts.setdefault(etree.QName(child).localname, []).append(child)
    identity = _words(parts, "guid") or _words(parts, "id")
    address = _address(parts, origin.url) or (identity if identity.startswith(("http://", "https://")) else "")
    bodies = [render_html(_inner(one), address or origin.url) for name in _TEXTS for one in parts.get(name, ())]
    body = max(bodies, key=lambda one: len(one.text), default=render_html(""))
    title = one_line(_inner(parts["title"][0])) if "title" in parts else ""
    if not (title or body.text) or not (address or identity):
        return None
    url = canonical_url(address or origin.url)
    native = "" if address else f"{url}#{identity}"
    return Post(
        id=post_id("web", native, url),
        native_id=native,
        source=origin.source,
        platform="web",
        url=url,
        fetched_at=origin.fetched_at,
        title=title,
        text=body.text,
        links=body.links,
        author=next((text for name in _AUTHORS if (text := _words(parts, name))), ""),
        published_at=next((moment for name in _DATES if (moment := read_date(_words(parts, name)))), None),
        country_hint=origin.country_hint,
    )


def _address(parts: dict[str, list[etree._Element]], base: str) -> str:
    for link in parts.get("link", ()):
        if link.get("rel", "alternate") == "alternate":
            try:
                address: str = urljoin(base, (link.get("href") or link.text or "").strip())
            except ValueError:
                continue
            if address.startswith(("http://", "https://")) and address != base:
                return address
    return ""


def _words(parts: dict[str, list[etree._Element]], name: str) -> str:
    return " ".join(" ".join(str(part) for part in parts[name][0].itertext()).split()) if name in parts else ""


def _inner(element: etree._Element) -> str:
    """The content as markup: escaped in RSS and `type="html"`, as elements in `type="xhtml"`."""
    if len(element):
        inner = (str(etree.tostring(one, encoding="unicode")) for one in element)
        return f"{element.text or ''}{''.join(inner)}"
    return str(element.text or "")
