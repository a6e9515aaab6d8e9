"""At the end of a run that went well, known posts of the source that it did not meet are looked up again.

As many as pages were fetched, 100 at least, within the budget of the run; those first that nobody has seen or looked for
for longest. A post is gone where its address answers HTTP 404 or 410, leads to the front page, a list or another
advertisement, or to a page that says so, or whose posting is over by its own date. All else, such as a wall, a fault of
the server or a rule of robots.txt, tells nothing.
"""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit

from lxml import etree
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from crawlers.extract.closed import closing_lines
from crawlers.extract.decode import looks_binary
from crawlers.extract.html_text import parse
from crawlers.extract.likeness import likeness, same_advertisement
from crawlers.extract.links import page_links, same_site, shape
from crawlers.failures import trouble_of, wall
from crawlers.recorder import judged
from jerat.case import is_past
from jerat.model import Post
from jerat.urls import canonical_url
from pipelines.context import context_of

if TYPE_CHECKING:
    from crawlers.spiders.base import JeratSpider

__all__ = ["Lookups", "judged_page"]

_AT_LEAST: Final = 100
_SPARE: Final = 10
"""Known posts that are considered for each that may be looked up: the spider may not cover them all."""
_OTHER: Final = 0.5
"""A text that is less like the one that is known is another one."""
_LIST: Final = 3
"""Links to pages of the shape of the post that make a page a list of such."""
_LOCALE: Final = re.compile(r"/?(?:[a-z]{2}(?:[-_][a-z]{2,4})?/?)?", re.I)
_WALLED: Final = re.compile(
    r"(?i)\b(?:log-?in|sign-?in|signup|register|auth|sso|masuk|account|captcha|challenge|consent)\b"
)


class Lookups:
    """Scrapy extension."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._done = False
        crawler.signals.connect(self.opened, signal=signals.spider_opened)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def opened(self, spider: "JeratSpider") -> None:
        """From now on, for the spider's own way to go on when nothing is left comes before ours."""
        self._crawler.signals.connect(self.idle, signal=signals.spider_idle)

    def idle(self, spider: "JeratSpider") -> None:
        """Nothing is left to fetch: look for what was not met, once."""
        engine = self._crawler.engine
        assert engine is not None
        if self._done or not engine.spider_is_idle():
            return
        self._done = True
        requests = list(_requests(spider))
        for request in requests:
            engine.crawl(request)
        if requests:
            raise DontCloseSpider


def _requests(spider: "JeratSpider") -> Iterator[Request]:
    """What is asked; nothing where the run tells little of what is there: it failed, was stopped, or was limited."""
    context = context_of(spider.crawler)
    run_id = context.run_id
    if run_id is None or spider.full or spider.budget_spent or spider.time_spent or not spider.pages:
        return
    if not context.posts or judged(spider, context, "finished")[0] != "ok":
        return
    for post_id, reason in list(spider.found_gone()):
        spider.note_gone(post_id, reason)
    if context.more_to_come:
        return
    left = min(spider.max_pages - spider.fetched, max(spider.pages, _AT_LEAST))
    if left <= 0:
        return
    for post in context.case.presence.unseen(spider.source, _since(spider), left * _SPARE):
        request = spider.lookup_request(post) if left and spider.covers(post) else None
        if request is not None:
            left -= 1
            yield request.replace(
                priority=-100,
                meta={**request.meta, "jerat_lookup": True},
                cb_kwargs={**request.cb_kwargs, "post": post},
                errback=_Failed(spider, post),
            )


def _since(spider: "JeratSpider") -> str:
    """When the present round over the addresses of the source began: what another of them brought is not missed here."""
    context = context_of(spider.crawler)
    assert context.run_id is not None
    began = context.case.runs.get(context.run_id).started_at
    others = spider.declared.urls if spider.declared is not None else ()
    runs = [context.case.runs.history(spider.source, url, 1) for url in others]
    return min([began, context.round_at or began, *(run[0].started_at for run in runs if run)])


class _Failed:
    """What an answer that is none tells of a post."""

    def __init__(self, spider: "JeratSpider", post: Post) -> None:
        self._spider = spider
        self._post = post

    def __call__(self, failure: Failure) -> Iterable[Any]:
        trouble = trouble_of(failure)
        if trouble.kind == "budget":
            return ()
        context = context_of(self._spider.crawler)
        if trouble.status:
            self._spider.pages += 1
            context.count("pages")
        if trouble.kind == "status" and trouble.status in (404, 410):
            self._spider.note_gone(self._post.id, f"{trouble.sentence} at {self._post.url}")
        else:
            context.case.presence.looked(self._post.id)
        return ()


def judged_page(spider: "JeratSpider", response: Response, post: Post) -> Iterable[Any]:
    """What a page tells of a post that was looked up: the post again, or that it is gone or has moved."""
    context = context_of(spider.crawler)
    context.case.presence.looked(post.id)
    markup = spider.read(response)
    if response.meta.get("jerat_cut") or looks_binary(response.body):
        return
    found = spider.posts_of(markup, response)
    root = parse(markup)
    own = next((one for one in found if context.case.presence.known_as(one.id) == post.id), None)
    at = canonical_url(response.url)
    moved = at != canonical_url(post.url)
    if own is None and moved:
        own = next((one for one in found if len(found) == 1 or one.url == at), None)
        own = own if own is not None and same_advertisement(post, own) else None
    closing = closing_lines(root, f"{post.title}\n{post.text}") if root is not None else []
    if own is not None and (not closing or (own.job is not None and not _is_notice(own, post, closing))):
        yield from _still(spider, post, own)
    elif closing and not _barred(markup):
        spider.note_gone(post.id, f"its page says: {closing[0][:200]}")
    elif moved:
        reason = _led_away(spider, response, root, found, post)
        if reason:
            spider.note_gone(post.id, reason)
    elif found and post.native_id and post.native_id.startswith(post.url):
        spider.note_gone(post.id, "its page has other advertisements now")


def _still(spider: "JeratSpider", post: Post, own: Post) -> Iterator[Post]:
    context = context_of(spider.crawler)
    presence = context.case.presence
    if presence.known_as(own.id) != post.id:
        change = context.case.posts.merge(post.id, own.id)
        if change is not None:  # it was met under its new address, and counted as another post
            context.count("posts_new", -1)
            context.count(f"posts_{change}")
        elif context.case.posts.get(own.id) is None:
            presence.alias(own.id, post.id)
    yield from spider.take([own])
    if is_past(own) and own.job is not None and own.job.valid_through is not None:
        spider.note_gone(
            post.id, f"its posting was valid through {own.job.valid_through.date()}, and no list has it any more"
        )


def _is_notice(own: Post, post: Post, closing: list[str]) -> bool:
    """Whether what was read as the text of the advertisement is the notice that it is over."""
    return any(line in own.text for line in closing) and likeness(own.text, post.text) < _OTHER


def _barred(markup: str) -> bool:
    """Whether a page is a check of visitors, whatever else it says."""
    return wall(markup).startswith("a bot check")


def _led_away(
    spider: "JeratSpider", response: Response, root: etree._Element | None, found: list[Post], post: Post
) -> str:
    """Where the address of a post leads now, as a sentence; empty where that tells nothing."""
    at = canonical_url(response.url)
    parts, asked = urlsplit(at), urlsplit(canonical_url(post.url))
    if not same_site(at, post.url) or _WALLED.search(f"{parts.hostname} {parts.path}") or _barred(response.text):
        return ""
    if _LOCALE.fullmatch(parts.path) and not parts.query:
        return f"its address leads to the front page now ({at})"
    links = page_links(root, at) if root is not None else []
    alike = sum(1 for link in links if shape(link.url) == shape(post.url) and link.url != at)
    above = asked.path.startswith(f"{parts.path.rstrip('/')}/")
    if at == canonical_url(spider.url) or above or alike >= _LIST or len(found) >= _LIST:
        return f"its address leads to a list now ({at})"
    if len(found) == 1 and shape(at) == shape(post.url):
        return f"its address leads to another advertisement now ({at})"
    return ""
