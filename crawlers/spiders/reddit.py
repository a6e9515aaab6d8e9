"""Reddit: subreddits, searches, people, threads. With a token by its OAuth host, else by the JSON that stands behind pages."""

import re
from typing import Any, ClassVar, Final
from urllib.parse import parse_qs, quote, urlsplit, urlunsplit

from scrapy.http import Response

from crawlers.api.walk import ApiSpider, with_query
from crawlers.extract.origin import Origin
from crawlers.extract.reddit import read_listing
from crawlers.extract.reply import Reply
from crawlers.middlewares.tokens import host_and_port
from jerat.model import Post

__all__ = ["RedditSpider"]

_OAUTH: Final = "oauth.reddit.com"
_WWW: Final = "www.reddit.com"
_PAGE: Final = 100
_COMMENTS: Final = 500
"""Comments of a thread in one reply, the most that Reddit gives."""


class RedditSpider(ApiSpider):
    """`scrapy crawl reddit -a url=https://www.reddit.com/r/NAME/new`: as it is typed, with `.json` or without."""

    name = "reddit"
    kind: ClassVar[str] = "reddit"
    keyed_as: ClassVar[str] = "reddit"
    accepted: ClassVar[str] = (
        "it reads /r/NAME, /r/NAME/new, /r/NAME/search?q=…, /search?q=…, /user/NAME, /comments/ID, and these with .json"
    )

    def __init__(self, url: str = "", source: str = "", **arguments: Any) -> None:
        if re.match(r"/?(?:r|u|user)/\w", url):
            url = f"https://{_WWW}/{url.lstrip('/')}"
        super().__init__(url=url, source=source or _named(url), **arguments)

    def entrance(self, url: str) -> str:
        """The address of the JSON for what a person would type."""
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        steps = [step for step in parts.path.split("/") if step]
        if host == "redd.it" and len(steps) == 1:
            steps, host = ["comments", *steps], _WWW
        ours = host == "reddit.com" or host.endswith(".reddit.com")
        scheme, netloc = parts.scheme, parts.netloc
        if ours or host == _WWW:
            scheme, netloc = (
                "https",
                _OAUTH if host == _OAUTH or _OAUTH in self.context.settings.tokens("reddit") else _WWW,
            )
        if steps and steps[-1] == ".json":
            steps.pop()
        elif steps and steps[-1].endswith(".json"):
            steps[-1] = steps[-1].removesuffix(".json")
        steps[:1] = ["user"] if steps[:1] == ["u"] else steps[:1]
        if not _is_known(steps, parse_qs(parts.query)):
            return ""
        thread = "comments" in steps[:-1] and steps[0] != "user"
        query = {"limit": None if "limit" in parse_qs(parts.query) else _COMMENTS if thread else _PAGE, "raw_json": 1}
        if steps[-1] == "search" and steps[0] == "r" and "restrict_sr" not in parse_qs(parts.query):
            query["restrict_sr"] = 1
        path = "/" + "/".join(steps)
        path += "" if netloc == _OAUTH else ".json" if steps else "/.json"
        known = {name: value for name, value in query.items() if value is not None}
        return with_query(urlunsplit((scheme, netloc, path, parts.query, "")), **known)

    async def start(self) -> Any:
        """The first page; on a host that is not Reddit's the address without `.json` is tried too, as its OAuth host has it."""
        async for request in super().start():
            path = urlsplit(request.url).path
            if path.endswith(".json") and urlsplit(request.url).netloc != _WWW:
                request.meta["jerat_otherwise"] = request.url.replace(".json", "", 1)
            yield request

    def read_reply(self, data: Any, origin: Origin) -> Reply:
        """The posts of a listing, or of a thread with its comments."""
        return read_listing(data, origin)

    def following(self, response: Response, data: Any, reply: Reply) -> str:
        """The page after the last of this one. A thread has one page."""
        if not reply.cursor or isinstance(data, list):
            return ""
        count = next(iter(parse_qs(urlsplit(response.url).query).get("count", ())), "0")
        return with_query(
            response.url, after=reply.cursor, count=(int(count) if count.isdecimal() else 0) + reply.items
        )

    def lookup_address(self, post: Post) -> str:
        """By its name."""
        ending = "" if self.api.endswith(_OAUTH) else ".json"
        return f"{self.api}/api/info{ending}?id={quote(post.native_id)}&raw_json=1"

    def advice(self, url: str, status: int, said: str) -> str:
        """Why Reddit refuses, and what helps."""
        if status == 404 or "private" in said or "banned" in said or "quarantined" in said:
            return (
                "the subreddit is private, banned or quarantined, or there is none of the name" if status != 401 else ""
            )
        if status not in (401, 403, 429):
            return ""
        if host_and_port(url) in self.context.settings.tokens("reddit"):
            return (
                "the token in JERAT_REDDIT_TOKEN was not accepted; such tokens hold for a day at most"
                if status == 401
                else ""
            )
        return "Reddit blocks readers without a token: set JERAT_REDDIT_TOKEN (docs/apis.md says where one comes from)"

    def verdict(self) -> str:
        """robots.txt of Reddit forbids everything; the way that is meant for programs needs a token."""
        hint = "; its API is open with a token: set JERAT_REDDIT_TOKEN (docs/apis.md says where one comes from)"
        return super().verdict() + (hint if self.troubles.get("robots") and self.api.endswith(_WWW) else "")


def _is_known(steps: list[str], query: dict[str, list[str]]) -> bool:
    match steps:
        case [] | ["new" | "top" | "hot" | "rising" | "controversial" | "best"]:
            return True
        case ["r", _] | ["r", _, "new" | "top" | "hot" | "rising" | "controversial" | "comments" | "best"]:
            return True
        case ["r", _, "search"] | ["search"]:
            return bool(query.get("q"))
        case ["user", _] | ["user", _, "submitted" | "comments" | "overview" | "posts"] | ["user", _, "m", _]:
            return True
        case ["comments", *rest] | ["r", _, "comments", *rest] | ["user", _, "comments", *rest]:
            return 1 <= len(rest) <= 3
        case ["domain", _] | ["domain", _, _]:
            return True
        case ["by_id", _] | ["api", "info"]:
            return True
    return False


def _named(url: str) -> str:
    """The source's name: reddit.com, and what of it is read."""
    try:
        parts = urlsplit(url.strip() if "://" in url else f"https://{url.strip()}")
        host = host_and_port(parts.geturl())
        words = parse_qs(parts.query).get("q", [""])[0]
    except ValueError:
        return ""
    path = parts.path.rstrip("/").removesuffix(".json").rstrip("/")
    host = "reddit.com" if host.endswith(".reddit.com") else host
    about = f"?q={quote(words, safe=' #')}" if words else ""
    return f"{host}{path}{about}" if host else ""
