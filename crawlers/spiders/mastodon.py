"""Instances of Mastodon, and of what speaks its API: tags, public timelines, accounts, single posts."""

import re
from collections.abc import Iterable
from typing import Any, ClassVar
from urllib.parse import parse_qs, parse_qsl, quote, urljoin, urlsplit, urlunsplit

from scrapy.http import Response

from crawlers.api.walk import ApiSpider, with_query
from crawlers.extract.mastodon import read_statuses
from crawlers.extract.origin import Origin
from crawlers.extract.reply import Reply, ident, inner
from crawlers.middlewares.tokens import host_and_port
from jerat.model import Post

__all__ = ["MastodonSpider"]

_PAGE = 40
"""Statuses in a page, the most that an instance gives."""
_SOURCE_MARKS = re.compile(r"^/(?:api/v\d+/|web/)?")
_NEXT = re.compile(r'<([^<>]*)>\s*;[^,<]*\brel\s*=\s*"?(?:[^",]*\s)?next\b', re.I)


class MastodonSpider(ApiSpider):
    """`scrapy crawl mastodon -a url=https://INSTANCE/tags/TAG`: as it is typed, or an address of the API."""

    name = "mastodon"
    kind: ClassVar[str] = "mastodon"
    keyed_as: ClassVar[str] = "mastodon"
    accepted: ClassVar[str] = "it reads /tags/TAG, /@USER, /@USER/NUMBER, /public, /public/local, /, and /api/v1/…"

    def __init__(self, url: str = "", source: str = "", **arguments: Any) -> None:
        if url.startswith("@") and url.count("@") == 2 and "/" not in url:  # @user@social.example
            url = "https://{2}/@{1}".format(*url.split("@"))
        super().__init__(url=url, source=source or _named(url), **arguments)

    def entrance(self, url: str) -> str:
        """The address of the API for what a person would type."""
        parts = urlsplit(url)
        steps = [step for step in parts.path.split("/") if step]
        if steps[:1] == ["api"]:
            timeline = len(steps) > 2 and (steps[2] in ("timelines", "trends") or steps[-1] == "statuses")
            return url if not timeline or "limit" in parse_qs(parts.query) else with_query(url, limit=_PAGE)
        steps = steps[1:] if steps[:1] == ["web"] else steps
        path, query = _api(steps, dict(parse_qsl(parts.query)))
        made = urlunsplit((parts.scheme, parts.netloc, f"/api/{path}", "", "")) if path else ""
        return with_query(made, **query) if made else ""

    def parse_listing(self, response: Response, barren: int = 0, before: tuple[str, ...] = ()) -> Iterable[Any]:
        """A timeline; or first the account whose timeline is wanted."""
        if urlsplit(response.url).path.rstrip("/") != "/api/v1/accounts/lookup":
            yield from super().parse_listing(response, barren, before)
            return
        data = self.data(response)
        number = ident(inner(data, "id"))
        if not number:
            if data is not None:
                self.unreadable(response, "the account was looked up, and the reply has no id")
            return
        parts = urlsplit(response.url)
        address = urlunsplit(
            (parts.scheme, parts.netloc, f"/api/v1/accounts/{quote(number, safe='')}/statuses", "", "")
        )
        yield from self.ask(with_query(address, limit=_PAGE), self.parse_listing)

    def read_reply(self, data: Any, origin: Origin) -> Reply:
        """The statuses of a timeline."""
        return read_statuses(data, origin)

    def following(self, response: Response, data: Any, reply: Reply) -> str:
        """The next page by the `Link` header; where a server sends none at all, by the number of the last status.

        The host of the header does not count: an instance behind a proxy may not know its own name.
        """
        here = urlsplit(response.url)
        if not isinstance(data, list):
            return ""
        header = b", ".join(response.headers.getlist("Link")).decode("latin-1")[:4000]
        if header.strip():
            found = _NEXT.search(header)
            try:
                link = urlsplit(urljoin(response.url, str(found[1]))) if found else here
            except ValueError:
                link = here
            if link.path != here.path:
                return urlunsplit((here.scheme, here.netloc, link.path, link.query, ""))
            query = dict(parse_qsl(link.query)) if found else {}
            return with_query(response.url, **{"min_id": None, "since_id": None, **query}) if query else ""
        if not data or "/trends/" in here.path:
            return ""
        return with_query(response.url, max_id=reply.last, min_id=None, since_id=None) if reply.last else ""

    def lookup_address(self, post: Post) -> str:
        """An instance knows the posts of its own people by the number in their address."""
        number = urlsplit(post.url).path.rstrip("/").rsplit("/", 1)[-1]
        if not number.isalnum() or host_and_port(post.url) != host_and_port(self.api):
            return ""
        return f"{self.api}/api/v1/statuses/{number}"

    def advice(self, url: str, status: int, said: str) -> str:
        """Instances answer 422 where the timeline is not shown to the public."""
        return super().advice(url, 401 if status == 422 and "authenticated" in said else status, said)


def _api(steps: list[str], query: dict[str, str]) -> tuple[str, dict[str, str | int]]:
    """The path below `/api/` and its parameters, for the steps of an address as people type it."""
    page: dict[str, str | int] = {"limit": _PAGE}
    match steps:
        case [] | ["public"] | ["about"] | ["home"] | ["public", "all"] | ["timelines", "public"]:
            return "v1/timelines/public", page
        case ["public", "local"] | ["timelines", "public", "local"] | ["local"]:
            return "v1/timelines/public", {"local": "true", **page}
        case ["public", "remote"]:
            return "v1/timelines/public", {"remote": "true", **page}
        case ["tags", tag] | ["tag", tag] | ["timelines", "tag", tag]:
            return f"v1/timelines/tag/{tag.removesuffix('.rss').removeprefix('%23').lstrip('#')}", page
        case ["explore"] | ["explore", "posts"]:
            return "v1/trends/statuses", page
        case ["search"] if query.get("q"):
            return "v2/search", {"q": query["q"], "type": "statuses", **page}
        case ["users", user] | ["users", user, "statuses"]:
            return "v1/accounts/lookup", {"acct": user}
        case [user] | [user, "with_replies" | "media" | "featured"] if user.startswith("@") and len(user) > 1:
            return "v1/accounts/lookup", {"acct": user[1:].removesuffix(".rss")}
        case [user, number] if user.startswith("@") and number.isalnum():
            return f"v1/statuses/{number}", {}
        case ["users", _, "statuses", number] | ["statuses", number] | ["notice", number] if number.isalnum():
            return f"v1/statuses/{number}", {}
    return "", {}


def _named(url: str) -> str:
    """The source's name: the host, and what of it is read."""
    try:
        parts = urlsplit(url.strip() if "://" in url else f"https://{url.strip()}")
        path = _SOURCE_MARKS.sub("/", parts.path).rstrip("/")
        return f"{host_and_port(parts.geturl())}{path}" if parts.hostname else ""
    except ValueError:
        return ""
