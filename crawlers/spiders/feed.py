"""Feeds as an end in themselves: RSS, Atom, JSON Feed. The pages of the items are not fetched; `auto` does that."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy.http import Response

from crawlers.api.walk import ApiSpider
from crawlers.extract.decode import looks_binary
from crawlers.extract.feed import read_feed
from crawlers.extract.feed_item import absolute
from crawlers.extract.html_text import parse
from crawlers.extract.links import same_site
from crawlers.extract.origin import Origin
from crawlers.extract.reply import Reply
from crawlers.extract.sitemap import gunzipped

__all__ = ["FeedSpider"]

_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "text/xml")


class FeedSpider(ApiSpider):
    """`scrapy crawl feed -a url=…`: a feed, or a page that names one, and the pages with its older items."""

    name = "feed"
    kind: ClassVar[str] = "feed"
    accept: ClassVar[str] = (
        "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"
    )

    def entrance(self, url: str) -> str:
        """The feed is where it is."""
        return url

    def parse_listing(self, response: Response, barren: int = 0, before: tuple[str, ...] = ()) -> Iterable[Any]:
        """A page of the feed; or at first a page of the site, which names its feed."""
        named = self._named_feed(response) if len(self.asked) == 1 else ""
        if named:
            self.read(response)
            self.notes.append(f"{response.url} is a page that names the feed {named}")
            yield from self.ask(named, super().parse_listing)
            return
        yield from super().parse_listing(response, barren, before)

    def data(self, response: Response) -> Any:
        """The feed of a reply, or None where it is none, which is told then."""
        response.meta["depth"] = 0
        text = self.read(response)
        try:
            body = gunzipped(response.body, self.context.settings.max_response)
        except ValueError as error:
            self.unreadable(response, str(error))
            return None
        found = read_feed(body, (response.headers.get("Content-Type") or b"").decode("latin-1"), self.origin(response))
        if found is not None and (found.items or not found.problems):
            if not found.items:
                self.notes.append("the feed has no items")
            return found
        if not body.strip():
            self.unreadable(response, "the reply is empty")
        elif found is not None:
            self.unreadable(response, found.problems[0])
        else:
            self.note_wall(text)
            kind = (
                "bytes of an unknown kind"
                if looks_binary(body)
                else "HTML"
                if "<html" in text[:2000].lower()
                else "text"
            )
            self.unreadable(response, f"no feed, but {kind}: neither RSS, Atom nor JSON Feed")
        return None

    def read_reply(self, data: Any, origin: Origin) -> Reply:
        """The items, which were read with the feed."""
        found: Reply = data
        return found

    def following(self, response: Response, data: Any, reply: Reply) -> str:
        """The page with older items, where the feed names one on the same site."""
        if reply.cursor and not same_site(reply.cursor, response.url):
            self.notes.append(
                f"the feed goes on at another site, {urlsplit(reply.cursor).hostname}, which was not followed"
            )
            return ""
        return reply.cursor

    def _named_feed(self, response: Response) -> str:
        """The first feed that a page of HTML names."""
        head = response.body[:200_000]
        if b"<link" not in head.lower() or read_feed(response.body, "", self.origin(response)) is not None:
            return ""
        root = parse(head.decode("utf-8", "replace"))
        return next(self._alternates(root, response.url), "") if root is not None else ""

    def _alternates(self, root: Any, url: str) -> Iterator[str]:
        for one in root.iter("link"):
            kind = (one.get("type") or "").split(";")[0].strip().lower()
            if "alternate" in (one.get("rel") or "").lower().split() and kind in _TYPES:
                address = absolute(str(one.get("href") or ""), url)
                if address and address != url and same_site(address, url):
                    yield address
