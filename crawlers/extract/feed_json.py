"""JSON Feed, versions 1.0 and 1.1."""

from typing import Any, Final

from crawlers.api.reply import NoJsonError, read_json
from crawlers.extract.dates import read_date
from crawlers.extract.decode import decode
from crawlers.extract.feed_item import MAX_ITEMS, Feed, Item, absolute, best_body, pictures
from crawlers.extract.html_text import Rendered
from crawlers.extract.reply import dicts, distinct, handle, ident, inner, string
from jerat.model import Link

__all__ = ["read_json_feed"]

_VERSION: Final = "jsonfeed.org/version/"


def read_json_feed(body: bytes, content_type: str, url: str) -> Feed | None:
    """The feed in `body`; None where it is no JSON Feed. What was cut short gives a feed with that problem."""
    if not body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return None
    try:
        data = read_json(decode(body, content_type))
    except NoJsonError as error:
        return Feed(problems=[str(error)]) if _VERSION.encode() in body[:2000] or "feed+json" in content_type else None
    if _VERSION not in string(inner(data, "version")) and "feed+json" not in content_type:
        return None
    if not isinstance(inner(data, "items"), list):
        return Feed(problems=["the JSON Feed has no list of items"])
    rows = data["items"]
    feed = Feed(count=len(rows), older=absolute(string(data.get("next_url")), url))
    if len(rows) > MAX_ITEMS:
        feed.problems.append(f"{len(rows) - MAX_ITEMS:,} items beyond the first {MAX_ITEMS:,} were left out")
    for number, row in enumerate(rows[:MAX_ITEMS], start=1):
        item = _item(row, data, url) if isinstance(row, dict) else None
        if item is None:
            feed.problems.append(f"item {number} of the feed has neither title nor text")
        else:
            feed.items.append(item)
    return feed


def _item(row: dict[str, Any], feed: dict[str, Any], url: str) -> Item | None:
    identity = ident(row.get("id"))
    address = absolute(string(row.get("url")), url) or (
        identity if identity.startswith(("http://", "https://")) else ""
    )
    base = address or url
    made, plain = string(row.get("content_html")), string(row.get("content_text"))
    body = best_body([made, *([] if plain or made else [string(row.get("summary"))])], base)
    if not body.text and plain.strip():
        body = Rendered(plain.strip())
    title = handle(row.get("title"))
    if not title and not body.text:
        return None
    leads = absolute(string(row.get("external_url")), base)
    if leads and not any(link.url == leads for link in body.links):
        body = Rendered(body.text, (*body.links, Link(url=leads)))
    attached = [string(one.get("url")) for one in dicts(row.get("attachments"))]
    shown = [absolute(one, base) for one in (string(row.get("image")), string(row.get("banner_image")), *attached)]
    dates = (read_date(string(row.get(name))) for name in ("date_published", "date_modified"))
    return Item(
        title=title,
        body=body,
        address=address,
        identity=identity,
        author=_author(row) or _author(feed),
        published_at=next((moment for moment in dates if moment), None),
        media=distinct((*shown, *pictures([made], base))),
    )


def _author(of: dict[str, Any]) -> str:
    people = [*dicts(of.get("authors")), *dicts([of.get("author")])]
    return next((name for one in people if (name := handle(one.get("name")))), "")
