"""The items of a feed as posts: RSS 0.9 to 2.0, RSS 1.0 (RDF), Atom, JSON Feed.

https://www.rssboard.org/rss-specification, https://www.rfc-editor.org/rfc/rfc4287, https://www.jsonfeed.org/version/1.1/
"""

import hashlib
from collections import Counter

from lxml import etree

from crawlers.extract.feed_item import Item, text_digest
from crawlers.extract.feed_json import read_json_feed
from crawlers.extract.feed_xml import read_xml_feed
from crawlers.extract.origin import Extraction, Origin
from crawlers.extract.reply import Reply
from jerat.model import Post, post_id
from jerat.urls import canonical_url

__all__ = ["feed_posts", "read_feed"]


def feed_posts(body: bytes, origin: Origin) -> Extraction:
    """A post for each item that has a title or a text; `origin.url` is the feed's. Nothing where it is no feed."""
    reply = read_feed(body, "", origin)
    return Extraction() if reply is None else Extraction(reply.posts, reply.problems)


def read_feed(body: bytes, content_type: str, origin: Origin) -> Reply | None:
    """The items of a feed, in its order; None where it is no feed. `cursor` is the address of the page with older items.

    Never raises: what cannot be read stands in `problems`.
    """
    try:
        found = read_json_feed(body, content_type, origin.url)
        found = read_xml_feed(body, content_type, origin.url) if found is None else found
    except (ValueError, TypeError, AttributeError, RecursionError, etree.LxmlError) as error:
        return Reply(problems=[f"the feed cannot be read: {type(error).__name__}: {error}"])
    if found is None:
        return None
    shared = Counter(canonical_url(item.address) for item in found.items if item.address)
    reply = Reply(items=found.count, problems=found.problems, cursor=found.older)
    for item in found.items:
        post = _post(item, origin, shared)
        reply.covers.append(post.native_id or post.url)
        reply.posts.append(post)
    return reply


def _post(item: Item, origin: Origin, shared: Counter[str]) -> Post:
    """An item is known by its address, as its page is; where several share one, by its own id too."""
    url = canonical_url(item.address or origin.url)
    native = ""
    if not item.address or shared[url] > 1:
        digest = hashlib.blake2b(text_digest(item), digest_size=8).hexdigest()
        native = f"{url}#{item.identity or digest}"
    return Post(
        id=post_id("web", native, url),
        native_id=native,
        source=origin.source,
        platform="web",
        url=url,
        fetched_at=origin.fetched_at,
        title=item.title,
        text=item.body.text,
        links=item.body.links,
        media=item.media,
        author=item.author,
        published_at=item.published_at,
        country_hint=origin.country_hint,
    )
