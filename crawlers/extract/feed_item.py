"""What the forms of feeds have in common: a feed, an item, and the text of one."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import urljoin

from crawlers.extract.html_text import Rendered, parse, render_html
from crawlers.extract.reply import web

__all__ = ["MAX_ITEMS", "Feed", "Item", "absolute", "best_body", "pictures", "plain_or_markup", "text_digest"]

MAX_ITEMS: Final = 20_000
_MAX_PICTURES: Final = 100
_MARKUP: Final = re.compile(
    r"</?(?:a|b|i|p|br|em|strong|span|div|ul|ol|li|img|h[1-6]|table|td|tr|font|u|small|sup|sub|code)\b", re.I
)


@dataclass(slots=True)
class Item:
    """An item, read. `address` is that of its page and `identity` its own id; either may be missing."""

    title: str
    body: Rendered
    address: str = ""
    identity: str = ""
    author: str = ""
    published_at: datetime | None = None
    media: tuple[str, ...] = ()


@dataclass(slots=True)
class Feed:
    """A page of a feed. `count` are all items that it lists, `items` those that say something; `older` the next page."""

    items: list[Item] = field(default_factory=list)
    count: int = 0
    older: str = ""
    problems: list[str] = field(default_factory=list)


def absolute(address: str, base: str) -> str:
    """An address of the web, resolved against `base`; empty where it is none."""
    try:
        return web(urljoin(base, address.strip())) if address.strip() else ""
    except ValueError:
        return ""


def best_body(markups: Iterable[str], base: str) -> Rendered:
    """The longest of several texts, each of which may be HTML, escaped HTML or plain."""
    return max((render_html(markup, base) for markup in markups), key=lambda one: len(one.text), default=Rendered(""))


def plain_or_markup(text: str, *, plain: bool) -> str:
    """A title on one line. `plain` says that the feed calls it text; with the tags of HTML in it, it is markup all the same."""
    if plain and not _MARKUP.search(text):
        return " ".join(text.split())
    return " ".join(render_html(text).text.split())


def pictures(markups: Iterable[str], base: str) -> list[str]:
    """The pictures within texts, without those of a single dot, by which readers are counted."""
    found: list[str] = []
    for markup in markups:
        text = markup if "<" in markup else html.unescape(markup)
        if "<img" not in text.lower():
            continue
        root = parse(f"<html><body><div>{text}</div></body></html>")
        for one in root.iter("img") if root is not None else ():
            if (one.get("width") or "") not in ("0", "1") and (one.get("height") or "") not in ("0", "1"):
                found.append(absolute(str(one.get("src") or ""), base))
    return [url for url in dict.fromkeys(found) if url][:_MAX_PICTURES]


def text_digest(item: Item) -> bytes:
    """By which an item is known that has no id and no address of its own."""
    return f"{item.title}\x1f{item.body.text}".encode("utf-8", "surrogatepass")
