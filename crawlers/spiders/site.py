"""Follows a site from any of its pages: links in order of promise, pages, sitemaps, feeds, within limits and past traps."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree
from scrapy import Request, signals
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response

from crawlers.extract.feed import feed_posts
from crawlers.extract.html_text import parse
from crawlers.extract.links import page_links, promise, same_site, shape
from crawlers.extract.origin import Extraction, Origin
from crawlers.extract.sitemap import gunzipped, read_addresses, robots_sitemaps
from crawlers.extract.whole_page import not_html
from crawlers.failures import Trouble
from crawlers.focus import Focus
from crawlers.middlewares.budget import FLUSH_URL
from crawlers.spiders.base import JeratSpider
from jerat.model import Post
from jerat.urls import canonical_url

__all__ = ["SiteWalk"]

_QUEUE_FACTOR = 4
"""Addresses that may wait, for each page that may be fetched."""
_BARREN = 40
"""Pages of one shape that may be fetched without a post or a way to one, before that shape is given up."""
_DETAIL = 10
"""The promise of an address from which it is taken for that of one post."""
_WORTH = 25
"""How much the worth of what lies behind an address counts beside its promise."""
_MAX_KEPT = 5000
_MAX_SITEMAPS = 200


class SiteWalk(JeratSpider):
    """Base of the spiders that follow a site. What a page gives, `extract` says."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.asked: set[str] = set()
        self.tried: Counter[str] = Counter()
        self.gains: Counter[str] = Counter()
        self.fruitful: set[str] = set()
        self.given_up: set[str] = set()
        self.emitted: set[str] = set()
        self.kept: dict[str, Post] = {}
        self.feed: dict[str, Post] = {}
        self.lists = 0
        self.sitemaps_named: list[str] = []
        self.flushed = False
        self.focus = Focus(lambda words: self.context.promise_of(words))  # noqa: PLW0108 -- there is no context yet

    @classmethod
    def from_crawler(cls, crawler: Any, *arguments: Any, **named: Any) -> Any:
        """Made by Scrapy."""
        spider = super().from_crawler(crawler, *arguments, **named)
        crawler.signals.connect(spider.on_idle, signal=signals.spider_idle)
        crawler.signals.connect(spider.on_robots, signal=signals.robots_parsed)
        return spider

    def extract(self, markup: str, root: etree._Element | None, origin: Origin) -> Extraction:
        """The posts of a page."""
        raise NotImplementedError

    # -- pages ---------------------------------------------------------------------------------------------------

    def parse_start(self, response: Response) -> Iterable[Any]:
        """The start address, of whatever make; and, from a front page, the sitemaps."""
        if not same_site(response.url, self.url):  # the start address leads to another site: that one was meant
            self.url = response.url
        self.asked.add(canonical_url(response.url))
        self.asked.add(canonical_url(self.url))
        yield from self.parse(response)
        if urlsplit(self.url).path in ("", "/") and not urlsplit(self.url).query:
            named = [url for url in self.sitemaps_named if same_site(url, self.url)]
            for url in named or [urljoin(self.url, "/sitemap.xml")]:
                yield from self._sitemap(url, quiet=not named)

    def parse(self, response: Response, **_: Any) -> Iterator[Any]:
        """Any page: a list of addresses, robots.txt, or HTML."""
        try:
            body = gunzipped(response.body, self.context.settings.max_response)
        except ValueError as error:
            self.read(response)
            self.dead_page("parse", response.url, str(error))
            return
        listed = read_addresses(body, promise, self.max_pages)
        if listed is not None:
            self.read(response)
            if listed.problem:
                self.dead_page("parse", response.url, listed.problem)
            if listed.left_out:
                self.notes.append(
                    f"{listed.left_out} addresses of {response.url} were left out: JERAT_MAX_PAGES bounds them"
                )
            if listed.kind == "feed" and canonical_url(response.url) == canonical_url(self.url):
                self.feed = {post.id: post for post in feed_posts(body, self.origin(response)).posts}
            yield from self._follow_list(response, listed.addresses, index=listed.kind == "index")
            return
        if urlsplit(response.url).path == "/robots.txt":
            for url in robots_sitemaps(self.read(response)):
                yield from self._sitemap(urljoin(response.url, url))
            return
        yield from self._html(response.replace(body=body) if body is not response.body else response)

    def _html(self, response: Response) -> Iterator[Any]:
        markup = self.read(response)
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        if problem := not_html(response.body, content_type, markup):
            self.dead_page("parse", response.url, problem)
            return
        root = parse(markup)
        if root is None:
            self.dead_page("parse", response.url, "nothing in it can be read as HTML")
            return
        try:
            found = self.extract(markup, root, self.origin(response))
        except (RecursionError, ValueError, etree.LxmlError) as error:
            found = Extraction(problems=[f"the page cannot be read: {type(error).__name__}: {error}"])
        for problem in found.problems:
            self.dead_page("parse", response.url, problem, item=markup)
        if not found.posts:
            self.note_wall(markup)
        here = shape(response.url)
        self.tried[here] += 1
        yield from self._sorted_out(found.posts, response)
        if found.posts or self.counts_as_find(response):
            self._forget_item(response)
            self.fruitful.add(here)
            self.gains[here] += 1
        if not self.full:
            yield from self._follow(response, root, here)

    def _forget_item(self, response: Response) -> None:
        """The page of a feed's item says what the item says, and more."""
        names = {canonical_url(url) for url in (response.url, *response.meta.get("redirect_urls", ()))}
        for post_id in [post.id for post in self.feed.values() if post.url in names]:
            del self.feed[post_id]

    def counts_as_find(self, response: Response) -> bool:
        """Whether a page without posts is worth the way all the same."""
        return False

    def _sorted_out(self, posts: list[Post], response: Response) -> Iterator[Any]:
        """Posts of this page at once; of those that have a page of their own, first that page, which may say more."""
        here = canonical_url(response.url)
        for post in posts:
            if post.id in self.emitted:
                continue
            if (
                post.native_id
                or post.url == here
                or (post.url in self.asked and response.meta.get("jerat_own") == post.url)
                or len(posts) == 1
            ):
                self.kept.pop(post.id, None)
                self.emitted.add(post.id)
                yield from self.take([post])
            elif len(self.kept) < _MAX_KEPT:
                self.kept.setdefault(post.id, post)
                yield from self._request(post.url, 20, shape(post.url))
            else:
                self.emitted.add(post.id)
                yield from self.take([post])

    # -- what was there before -----------------------------------------------------------------------------------

    def covers(self, post: Post) -> bool:
        """All posts of the site."""
        return post.platform == "web" and same_site(post.url, self.url)

    def posts_of(self, markup: str, response: Response) -> list[Post]:
        """The posts of a page."""
        try:
            return self.extract(markup, parse(markup), self.origin(response)).posts
        except (RecursionError, ValueError, etree.LxmlError):
            return []

    # -- links ---------------------------------------------------------------------------------------------------

    def _follow(self, response: Response, root: etree._Element, here: str) -> Iterator[Request]:
        links = page_links(root, response.url)
        if any(shape(link.url) in self.fruitful and link.url not in self.asked for link in links):
            self.gains[here] += 1
        here = canonical_url(response.url)
        for link in links:
            if link.score >= 0:
                self.focus.found(link.url, link.text, here)
            yield from self._request(link.href, link.score, shape(link.url))

    def _request(self, address: str, score: int, make: str) -> Iterator[Request]:
        url = canonical_url(address)
        if url in self.asked or make in self.given_up or not same_site(url, self.url):
            return
        if len(self.asked) >= self.max_pages * _QUEUE_FACTOR and score < 10:
            return
        if self.tried[make] >= _BARREN and not self.gains[make]:
            self.given_up.add(make)
            self.notes.append(f"pages like {url} were given up after {self.tried[make]} without a post")
            return
        self.asked.add(url)
        bonus = 5 if make in self.fruitful else 0
        # Asked for as it was written: a site may need a parameter that tells us nothing.
        yield self.page(address, self.parse, priority=score + bonus, meta={"jerat_link": url, "jerat_shape": make})

    def learnt(self) -> int:
        """Take what the pipelines say of the posts that came; returns of how many they have spoken in all."""
        told = self.context.worth
        while told:
            self.focus.learn(*told.popleft())
        return self.focus.told

    def rank(self, request: Request) -> float:
        """The promise of the address, and the worth of what is likely there: of a post, or of a list of such."""
        url = request.meta.get("jerat_link")
        if url is None or request.priority < 0:
            return request.priority
        single = request.priority >= _DETAIL or request.meta["jerat_shape"] in self.fruitful
        return request.priority + _WORTH * (self.focus.estimate(url) if single else self.focus.estimate_list(url))

    def after_failure(self, request: Request, trouble: Trouble) -> Iterable[Any]:
        """A dead link counts against the pages of its shape: a site may name thousands."""
        if trouble.status:
            self.tried[shape(request.url)] += 1
        return ()

    def may_fetch(self, request: Request) -> bool:
        """Not more of a shape that was given up while the request waited."""
        make = shape(request.url)
        if request.meta.get("jerat_lookup"):
            return super().may_fetch(request)
        if self.tried[make] >= _BARREN and not self.gains[make]:
            return False
        return super().may_fetch(request)

    def _follow_list(self, response: Response, addresses: list[str], *, index: bool) -> Iterator[Request]:
        outside = 0
        for address in addresses:
            try:
                url = urljoin(response.url, address)
            except ValueError:
                continue
            if not same_site(url, self.url):
                outside += 1
            elif index:
                yield from self._sitemap(url)
            else:
                score = promise(url)
                if score > -9:
                    yield from self._request(url, max(score, 1), shape(url))
        if outside:
            self.notes.append(f"{outside} addresses of {response.url} lead to other sites and were not followed")

    def _sitemap(self, url: str, *, quiet: bool = False) -> Iterator[Request]:
        url = canonical_url(url)
        if url in self.asked or self.lists >= _MAX_SITEMAPS or not same_site(url, self.url):
            return
        self.lists += 1
        self.asked.add(url)
        yield self.page(url, self.parse, priority=15, quiet=quiet)

    def on_robots(self, robotparser: Any, request: Request) -> None:
        """Keep the sitemaps that robots.txt names; it was fetched before the first page."""
        inner = getattr(robotparser, "rp", None)
        if same_site(request.url, self.url) and inner is not None:
            self.sitemaps_named += [url for url in getattr(inner, "sitemaps", ()) if isinstance(url, str)][
                :_MAX_SITEMAPS
            ]

    # -- the end -------------------------------------------------------------------------------------------------

    def leftovers(self) -> list[Post]:
        """What is handed in when no page is left: postings of lists and feeds whose own page did not give them."""
        waiting = {**self.feed, **self.kept}
        return [post for post in waiting.values() if post.id not in self.emitted]

    def on_idle(self, spider: Any) -> None:
        """No page is left: hand in what was kept, once."""
        if spider is not self or self.flushed:
            return
        self.flushed = True
        if self.leftovers():
            meta = {"jerat_flush": True, "dont_obey_robotstxt": True}
            self.crawler.engine.crawl(Request(FLUSH_URL, callback=self.flush, dont_filter=True, meta=meta))
            raise DontCloseSpider

    def flush(self, response: Response) -> Iterable[Any]:
        """The posts that were kept."""
        yield from self.take(self.leftovers())
