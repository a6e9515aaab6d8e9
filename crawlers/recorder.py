"""Writes down how a run went: its row in the case, its failures, and a verdict that is never an empty success."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self
from weakref import WeakKeyDictionary

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from twisted.python.failure import Failure

import nlp
from crawlers.middlewares.pace import pace_of
from jerat.case import Case
from jerat.errors import CaseError, JeratError
from jerat.settings import load_settings
from pipelines.context import RunContext, attach, context_of, has_context
from pipelines.line import Line

if TYPE_CHECKING:
    from crawlers.spiders.base import JeratSpider

__all__ = ["Progress", "Recorder", "judged", "listen"]

_FLUSH_EVERY: Final = 25


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is, for a progress bar. `ended` is set once, in the last one."""

    source: str
    kind: str
    pages: int
    posts: int
    dead: int
    errors: int
    ended: bool = False
    risky: int = 0
    target: str = ""
    """The address as it was asked for; the source may get its name from the first page."""


_LISTENERS: Final[WeakKeyDictionary[Crawler, Callable[[Progress], None]]] = WeakKeyDictionary()


def listen(crawler: Crawler, listener: Callable[[Progress], None]) -> None:
    """Have `listener` called as the run of `crawler` goes on."""
    _LISTENERS[crawler] = listener


class Recorder:
    """Scrapy extension. Where `crawlers.run` gave the crawler no run (`scrapy crawl`), it opens the case of the settings."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._own: Case | None = None
        self._ending: asyncio.Future[None] | None = None
        self._failed = False
        crawler.signals.connect(self.opened, signal=signals.spider_opened)
        crawler.signals.connect(self.moved, signal=signals.response_received)
        crawler.signals.connect(self.moved, signal=signals.item_scraped)
        crawler.signals.connect(self.spider_error, signal=signals.spider_error)
        crawler.signals.connect(self.item_error, signal=signals.item_error)
        crawler.signals.connect(self.item_dropped, signal=signals.item_dropped)
        crawler.signals.connect(self.closed, signal=signals.spider_closed)
        crawler.signals.connect(self.stopped, signal=signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def opened(self, spider: "JeratSpider") -> None:
        """A run begins."""
        try:
            context = context_of(self._crawler)
        except RuntimeError:
            try:
                settings = load_settings()
                self._own = Case(settings.case)
                context = RunContext(self._own, settings, nlp.load(settings.lexicon_in_force, settings.names))
            except JeratError as error:
                spider.logger.error(f"{error} {error.hint}".strip())
                self._failed = True
                raise CloseSpider(str(error)) from error
            attach(self._crawler, context)
        if context.run_id is None:  # a run that was due was begun by who claimed it
            context.run_id = context.case.runs.start(spider.source, spider.kind, spider.target)
        self._tell(spider, context)

    def moved(self, spider: "JeratSpider", **_: Any) -> None:
        """A page or a post came."""
        context = context_of(self._crawler)
        if sum(context.counts.values()) >= _FLUSH_EVERY:
            context.flush()
        self._end_if_broken(context)
        self._tell(spider, context)

    def _end_if_broken(self, context: RunContext) -> None:
        """A case that cannot be written ends the run: what is fetched from then on would be lost."""
        if context.broken and not self._ending and self._crawler.engine is not None:
            self._ending = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason="broken"))

    def item_dropped(self, spider: "JeratSpider", **_: Any) -> None:
        """A post that was not kept."""
        self._end_if_broken(context_of(self._crawler))

    def _tell(self, spider: "JeratSpider", context: RunContext, *, ended: bool = False) -> None:
        listener = _LISTENERS.get(self._crawler)
        if listener is not None:
            totals = context.totals
            dead, errors = totals.get("dead", 0), totals.get("errors", 0)
            listener(
                Progress(
                    spider.source,
                    spider.kind,
                    totals.get("pages", 0),
                    context.posts,
                    dead,
                    errors,
                    ended,
                    context.risky,
                    spider.target or spider.url,
                )
            )

    def spider_error(self, failure: Failure, response: Any, spider: "JeratSpider") -> None:
        """A fault of ours on one page: the page is kept, and the run goes on."""
        self._fault("parse", failure, spider, getattr(response, "url", ""), getattr(response, "body", b""))

    def item_error(self, item: Any, response: Any, spider: "JeratSpider", failure: Failure) -> None:
        """A fault of ours on one post."""
        self._fault("store", failure, spider, getattr(response, "url", ""), repr(item).encode("utf-8", "replace"))

    def _fault(self, step: str, failure: Failure, spider: "JeratSpider", url: str, item: bytes) -> None:
        context = context_of(self._crawler)
        reason = f"a fault in jerat: {failure.type.__name__ if failure.type else ''}: {failure.getErrorMessage()}"
        spider.first_trouble = spider.first_trouble or f"{url}: {reason}"
        context.count("errors")
        context.dead(step, reason, source=spider.source, url=url, item=item[:200_000].decode("utf-8", "replace"))

    def closed(self, spider: "JeratSpider", reason: str) -> None:
        """A run ends: with posts it is a success, without it is a failure that says what was seen."""
        try:
            context = context_of(self._crawler)
        except RuntimeError:
            return
        self._keep_leftovers(spider, context)
        context.flush()
        status, sentence = judged(spider, context, reason)
        if context.run_id is not None:
            try:
                context.case.runs.end(context.run_id, status, sentence)
            except CaseError as error:
                context.broken = context.broken or str(error)
        self._failed = status == "failed"
        self._tell(spider, context, ended=True)
        if self._own is not None:
            self._settle(spider, context, status, sentence)

    def _keep_leftovers(self, spider: "JeratSpider", context: RunContext) -> None:
        """What a spider held back until it had seen more is kept also where the run was stopped before its end."""
        if spider.handed_in or context.broken or context.run_id is None:
            return
        try:
            for _ in Line.of_run(context).feed(spider.take(spider.leftovers())):
                pass
        except CaseError as error:
            context.broken = str(error)

    def stopped(self) -> None:
        """Under `scrapy crawl` the exit code is 1 where the run failed: Scrapy gives that to crawls without a spider."""
        if self._failed and (self._own is not None or not has_context(self._crawler)):
            self._crawler.spider = None

    def _settle(self, spider: "JeratSpider", context: RunContext, status: str, sentence: str) -> None:
        from pipelines.engine import drained

        report = drained(context.settings, context.case)
        if report:
            spider.logger.warning(report)
        if status == "failed":
            spider.logger.error(f"{spider.source or spider.name}: {sentence}")
        context.case.close()


def judged(spider: "JeratSpider", context: RunContext, reason: str) -> tuple[Any, str]:
    """How a run that ended for `reason` went: `ok` or `failed`, and what there is to say of it."""
    notes = list(dict.fromkeys([*pace_of(spider.crawler).notes, *spider.notes]))[:5]
    if spider.budget_spent:
        allows = "JERAT_MAX_PAGES" if spider.max_pages == context.settings.max_pages else "the declared source"
        notes.insert(0, f"stopped after {spider.fetched} pages: {allows} allows no more")
    if spider.too_deep:
        deepest = context.settings.max_depth
        notes.append(
            f"{spider.too_deep:,} links lie deeper than {deepest} steps and were not followed (JERAT_MAX_DEPTH)"
        )
    if spider.time_spent:
        notes.insert(0, f"stopped after {context.settings.max_minutes:g} minutes: JERAT_MAX_MINUTES allows no more")
    if context.broken:
        return "failed", f"ended early: {context.broken}; the {context.posts} posts that came before are kept"
    if reason == "shutdown":
        return "failed", f"stopped by hand after {spider.pages} pages; the {context.posts} posts that came are kept"
    if reason != "finished":
        return "failed", f"ended early ({reason}); the {context.posts} posts that came are kept"
    expected = spider.declared.expect.posts if spider.declared is not None else 1
    if context.posts < expected and context.posts and not spider.full:
        few = f"{context.posts} posts came and at least {expected} are expected: the site may have changed its markup"
        return "failed", "; ".join([few, *notes])
    failing = spider.failing()
    if failing and context.posts:
        return "failed", "; ".join([f"{failing}; the {context.posts} posts that came are kept", *notes])
    if not context.posts and not expected and spider.pages and not spider.troubles and not spider.walls and not failing:
        return "ok", "; ".join(["no posts, and none had to come", *notes])
    if context.posts:
        gone = [f"{number:,} × HTTP {status}" for status, number in sorted(spider.statuses.items()) if status >= 400]
        notes += [f"pages that did not come: {', '.join(gone)}"] if gone else []
        return "ok", "; ".join(notes)
    if spider.yielded:
        return "failed", f"{spider.yielded} posts came and none could be kept: the dead letters say why"
    return "failed", spider.verdict()
