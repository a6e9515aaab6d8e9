"""Discourse forums: lists of topics with all their posts, single topics, searches, the newest posts."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Final
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit, urlunsplit

from scrapy import Request
from scrapy.http import Response

from crawlers.api.walk import ApiSpider, with_query
from crawlers.extract.discourse import Topic, read_posts, read_topics
from crawlers.extract.origin import Origin
from crawlers.extract.reply import Reply, handle, inner
from crawlers.middlewares.tokens import host_and_port
from jerat.model import Post

__all__ = ["DiscourseSpider"]

_LISTS: Final = frozenset({"latest", "new", "top", "hot", "unread", "categories", "c", "tag", "tags"})
_KNOWN: Final = _LISTS | {"t", "search", "posts", "p"}
_POSTS_AT_ONCE: Final = 20


class DiscourseSpider(ApiSpider):
    """`scrapy crawl discourse -a url=https://FORUM/c/NAME/ID`: as it is typed, with `.json` or without."""

    name = "discourse"
    kind: ClassVar[str] = "discourse"
    keyed_as: ClassVar[str] = "discourse"
    accepted: ClassVar[str] = (
        "it reads /, /latest, /c/NAME/ID, /tag/NAME, /t/NAME/ID, /search?q=…, /posts, and these with .json"
    )

    def __init__(self, url: str = "", source: str = "", **arguments: Any) -> None:
        super().__init__(url=url, source=source or _named(url), **arguments)
        self.base = ""

    def entrance(self, url: str) -> str:
        """The address of the JSON for what a person would type. A forum may stand in a folder of its host."""
        parts = urlsplit(url)
        steps = [step for step in parts.path.split("/") if step]
        if steps:
            steps[-1] = steps[-1].removesuffix(".json").removesuffix(".rss")
        at = next((number for number, step in enumerate(steps) if step in _KNOWN), len(steps))
        folder, steps = steps[:at], steps[at:]
        self.base = urlunsplit((parts.scheme, parts.netloc, "/".join(["", *folder]), "", ""))
        query = parse_qs(parts.query)
        match steps:
            case [] | ["categories"]:
                steps = ["latest"]
            case ["search"] if not (query.get("q") or query.get("term")):
                return ""
            case ["t", number, *_] if number.isdecimal():
                steps = ["t", number]
            case ["t", slug, number, *_] if number.isdecimal():
                steps = ["t", slug, number]
            case ["p", number, *_] if number.isdecimal():
                steps = ["posts", number]
            case ["t", *_] | ["p", *_] | ["c"] | ["tag"]:
                return ""
        return urlunsplit((parts.scheme, parts.netloc, "/".join(["", *folder, *steps]) + ".json", parts.query, ""))

    # -- replies ---------------------------------------------------------------------------------------------------------

    def parse_listing(self, response: Response, barren: int = 0, before: tuple[str, ...] = ()) -> Iterable[Any]:
        """A page of topics, each of which is then read; or posts at once."""
        data = self.data(response)
        if data is None or isinstance(data, Request):
            yield from () if data is None else (data,)
            return
        topics = read_topics(data)
        if topics is None:
            yield from self.parse_posts(response, data=data)
            return
        for problem in topics.problems:
            self.dead_page("parse", response.url, problem)
        if said := handle(inner(data, "grouped_search_result", "error")):
            self.notes.append(f"the forum says of the search: {said[:200]}")
        if topics.private:
            self.count_out("private messages", topics.private)
        self.covered += [topic.id for topic in topics.topics]
        for topic in topics.topics:
            yield from self._topic(topic)
        ids = tuple(topic.id for topic in topics.topics)
        following = self._next_list(response, topics.more, goes_on=topics.goes_on)
        if not following or self.full or not ids:
            return
        if following in self.asked or ids == before:
            self.notes.append("the next page leads back to one that was read: the listing was left there")
            return
        self.mind_limits(response)
        yield from self.ask(following, self.parse_listing, cb_kwargs={"before": ids}, priority=-1)

    def _topic(self, topic: Topic) -> Iterator[Request]:
        if topic.posts:
            yield from self._rest(topic, list(topic.posts), otherwise=f"{self.base}/t/{topic.id}.json")
            return
        other = f"{self.base}/t/{topic.slug}/{topic.id}.json" if topic.slug else ""
        options: dict[str, Any] = {"cb_kwargs": {"topic": topic}, "vital": False, "otherwise": other}
        yield from self.ask(f"{self.base}/t/{topic.id}.json", self.parse_posts, **options)

    def _rest(self, topic: Topic, ids: list[str], otherwise: str = "") -> Iterator[Request]:
        """The posts that did not come with the topic, in the order of the topic."""
        for start in range(0, len(ids), _POSTS_AT_ONCE):
            query = urlencode([("post_ids[]", key) for key in ids[start : start + _POSTS_AT_ONCE]])
            options: dict[str, Any] = {
                "cb_kwargs": {"topic": topic, "whole": True},
                "vital": False,
                "otherwise": otherwise,
            }
            yield from self.ask(f"{self.base}/t/{topic.id}/posts.json?{query}", self.parse_posts, priority=1, **options)

    def parse_posts(
        self, response: Response, data: Any = None, topic: Topic | None = None, whole: bool = False
    ) -> Iterable[Any]:
        """The posts of a topic, and what follows them."""
        data = self.data(response) if data is None else data
        if data is None or isinstance(data, Request):
            yield from () if data is None else (data,)
            return
        reply, missing = read_posts(data, self.base, self.origin(response), topic)
        if reply.broken:
            self.not_asked_for(response, reply)
            return
        if topic is not None and topic.posts:  # a search meant these, and the reply may hold the whole topic
            reply.posts = [post for post in reply.posts if post.native_id.rsplit("/", 1)[1] in topic.posts]
            missing = []
        fresh = yield from self.keep(response, reply)
        if self.full:
            return
        self.mind_limits(response)
        number = topic.id if topic is not None else str(data.get("id", "")) if isinstance(data, dict) else ""
        if missing and number.isdecimal() and not whole:
            slug = str(data.get("slug") or "")
            title = " ".join(str(data.get("title") or "").split())
            yield from self._rest(Topic(number, topic.slug if topic is not None else slug, title), missing)
        elif isinstance(data, dict) and "latest_posts" in data and fresh:
            oldest = min((int(key) for key in reply.covers if key.isdecimal()), default=0)
            if oldest > 1:
                yield from self.ask(with_query(response.url, before=oldest), self.parse_listing)

    def lookup_address(self, post: Post) -> str:
        """By its number, where it is of this forum."""
        forum, _, number = post.native_id.rpartition("/")
        return f"{self.base}/posts/{number}.json" if forum == self.base.partition("://")[2] else ""

    def read_lookup(self, data: Any, origin: Origin) -> Reply:
        """A single post."""
        return read_posts(data, self.base, origin)[0]

    def _next_list(self, response: Response, more: str, *, goes_on: bool) -> str:
        """The next page of a list, from the path that the reply gives, or of a search."""
        if goes_on:
            page = parse_qs(urlsplit(response.url).query).get("page", ["1"])[0]
            return with_query(response.url, page=int(page) + 1) if page.isdecimal() and len(page) < 6 else ""
        if not more:
            return ""
        try:
            parts = urlsplit(urljoin(response.url, more))
        except ValueError:
            return ""
        path = parts.path if parts.path.endswith(".json") else f"{parts.path.rstrip('/')}.json"
        here = urlsplit(response.url)
        return urlunsplit((here.scheme, here.netloc, path, parts.query, ""))

    def following(self, response: Response, data: Any, reply: Reply) -> str:
        """Lists and topics go on in their own ways."""
        return ""


def _named(url: str) -> str:
    """The source's name: the forum, and what of it is read."""
    try:
        parts = urlsplit(url.strip() if "://" in url else f"https://{url.strip()}")
        host = host_and_port(parts.geturl()).removeprefix("www.")
        words = parse_qs(parts.query).get("q", [""])[0]
    except ValueError:
        return ""
    about = f"?q={words}" if words else ""
    return f"{host}{parts.path.rstrip('/').removesuffix('.json')}{about}" if host else ""
