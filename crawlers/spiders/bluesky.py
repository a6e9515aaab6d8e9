"""Bluesky, and other servers of the AT protocol: authors, searches, tags, threads."""

from typing import Any, ClassVar, Final
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit, urlunsplit

from scrapy.http import Response

from crawlers.api.walk import ApiSpider, with_query
from crawlers.extract.bluesky import read_feed
from crawlers.extract.origin import Origin
from crawlers.extract.reply import Reply
from crawlers.middlewares.tokens import host_and_port
from jerat.model import Post

__all__ = ["BlueskySpider"]

_HOSTS: Final = frozenset({"bsky.app", "www.bsky.app", "main.bsky.dev"})
_PUBLIC: Final = "public.api.bsky.app"
_PAGE: Final = 100
_SEARCH: Final = "app.bsky.feed.searchPosts"
_PAGED: Final = ("getAuthorFeed", "searchPosts", "getFeed", "getListFeed", "getQuotes", "listRecords", "getActorLikes")


class BlueskySpider(ApiSpider):
    """`scrapy crawl bluesky -a url=https://bsky.app/profile/NAME`: as it is typed, or an address below `/xrpc/`."""

    name = "bluesky"
    kind: ClassVar[str] = "bluesky"
    keyed_as: ClassVar[str] = "bluesky"
    accepted: ClassVar[str] = (
        "it reads /profile/NAME, /profile/NAME/post/KEY, /search?q=…, /hashtag/TAG, and /xrpc/app.bsky.feed.…"
    )

    def __init__(self, url: str = "", source: str = "", **arguments: Any) -> None:
        if url.startswith("@") and "/" not in url:
            url = f"https://bsky.app/profile/{url[1:]}"
        super().__init__(url=url, source=source or _named(url), **arguments)

    def entrance(self, url: str) -> str:
        """The address of the API for what a person would type. That of bsky.app is on a host of its own."""
        parts = urlsplit(url)
        steps = [unquote(step) for step in parts.path.split("/") if step]
        if steps[:1] == ["xrpc"] and len(steps) == 2:
            paged = steps[1].endswith(_PAGED) and "limit" not in parse_qs(parts.query)
            return with_query(url, limit=_PAGE) if paged else url
        method, query = _asked(steps, parse_qs(parts.query))
        if not method:
            return ""
        scheme, host = parts.scheme, parts.netloc
        if (parts.hostname or "") in _HOSTS:
            scheme = "https"
            host = next(
                iter(self.context.settings.tokens("bluesky")), _PUBLIC
            )  # an account's own server asks the others
        return urlunsplit((scheme, host, f"/xrpc/{method}", urlencode(query), ""))

    def read_reply(self, data: Any, origin: Origin) -> Reply:
        """The posts of a feed."""
        return read_feed(data, origin)

    def following(self, response: Response, data: Any, reply: Reply) -> str:
        """The page at the cursor."""
        return with_query(response.url, cursor=reply.cursor) if reply.cursor else ""

    def lookup_address(self, post: Post) -> str:
        """By its at:// address."""
        return f"{self.api}/xrpc/app.bsky.feed.getPosts?{urlencode({'uris': post.native_id})}"

    def advice(self, url: str, status: int, said: str) -> str:
        """The public host gives an author's posts to everybody, and searches, or their later pages, only now and then."""
        advice = super().advice(url, status, said)
        if advice and host_and_port(url) == _PUBLIC:
            return "a search, or its next page, needs a token there: set JERAT_BLUESKY_TOKEN"
        return advice


def _asked(steps: list[str], query: dict[str, list[str]]) -> tuple[str, dict[str, str | int]]:
    """The method and its parameters for the steps of an address."""
    words = next(iter(query.get("q", ())), "").strip()
    match steps:
        case ["profile", who] | ["profile", who, "replies" | "media" | "posts"]:
            return "app.bsky.feed.getAuthorFeed", {"actor": who.lstrip("@"), "limit": _PAGE}
        case ["profile", who, "post", key]:
            uri = f"at://{who.lstrip('@')}/app.bsky.feed.post/{key}"
            return "app.bsky.feed.getPostThread", {"uri": uri, "depth": 1000, "parentHeight": 1000}
        case ["profile", who, "feed", key] if who.startswith("did:"):
            return "app.bsky.feed.getFeed", {"feed": f"at://{who}/app.bsky.feed.generator/{key}", "limit": _PAGE}
        case ["profile", who, "lists", key] if who.startswith("did:"):
            return "app.bsky.feed.getListFeed", {"list": f"at://{who}/app.bsky.graph.list/{key}", "limit": _PAGE}
        case ["search"] if words:
            return _SEARCH, {"q": words, "sort": "latest", "limit": _PAGE}
        case ["hashtag", tag]:
            named = next(iter(query.get("author", ())), "")
            found: dict[str, str | int] = {"q": f"#{tag.lstrip('#')}", "sort": "latest", "limit": _PAGE}
            return _SEARCH, {**found, "author": named.lstrip("@")} if named else found
    return "", {}


def _named(url: str) -> str:
    """The source's name: the host, and what of it is read."""
    try:
        parts = urlsplit(url.strip() if "://" in url else f"https://{url.strip()}")
        query = parse_qs(parts.query)
        host = host_and_port(parts.geturl()).removeprefix("www.")
    except ValueError:
        return ""
    about = next(
        (f"?q={quote(query[name][0], safe=' #')}" for name in ("q", "actor", "feed", "list", "uri") if name in query),
        "",
    )
    return f"{host}{parts.path.rstrip('/')}{about}" if host else ""
