"""Runs spiders in this process: what `jerat crawl` calls.

`crawl(settings, case, targets, kind=None, limit=0, progress=None) -> list[RunReport]`, one report a target, in
order. Once a process: the network engine of Scrapy cannot be started a second time, so several targets are given in one
call.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings as ScrapySettings

import nlp
from crawlers.configure import scrapy_settings
from crawlers.kinds import kind_of
from crawlers.recorder import Progress, listen
from jerat.case import Case, Run
from jerat.errors import JeratError
from jerat.settings import Settings
from pipelines.context import RunContext, attach
from pipelines.engine import drained

__all__ = ["Progress", "RunReport", "crawl"]

_AT_ONCE: Final = 4
_DRAIN_SECONDS: Final = 20.0
_COUNTS: Final = ("pages", "posts_new", "posts_changed", "posts_same", "dead", "errors")
_started = False


@dataclass(frozen=True, slots=True)
class RunReport:
    """How the crawl of one target went.

    `index_trouble` says why posts still wait for the index, and is the same in all reports of a call.
    """

    target: str
    kind: str
    source: str
    status: Literal["ok", "failed"]
    reason: str
    pages: int = 0
    posts_new: int = 0
    posts_changed: int = 0
    posts_same: int = 0
    dead: int = 0
    errors: int = 0
    run_id: int | None = None
    index_trouble: str = ""
    risky: int = 0
    """Posts of the run whose risk is medium or high."""

    @property
    def posts(self) -> int:
        """Posts that the run brought, whether new, changed or known."""
        return self.posts_new + self.posts_changed + self.posts_same


def crawl(
    settings: Settings,
    case: Case,
    targets: Sequence[str],
    kind: str | None = None,
    limit: int = 0,
    progress: Callable[[Progress], None] | None = None,
) -> list[RunReport]:
    """Crawl `targets` (addresses, or `@NAME` for a channel) into `case`, and its outbox into the index.

    Up to four hosts at once, and the targets of one host one after the other. `limit` bounds the posts of each.
    Raises InputError for a target that is no address, before anything is fetched. SIGINT ends the runs in order; what came
    until then is kept.
    """
    global _started  # noqa: PLW0603 -- the reactor is one a process, and so is this
    kinds = [kind_of(target, kind) for target in targets]
    if not targets:
        return []
    if _started:
        raise JeratError(
            "a second crawl in one process cannot be started", "give all targets in one call, or start another process"
        )
    _started = True
    job = _Job(settings, case, limit, progress)
    return job.run(list(zip(targets, kinds, strict=True)))


class _Job:
    """One call of `crawl`."""

    def __init__(self, settings: Settings, case: Case, limit: int, progress: Callable[[Progress], None] | None) -> None:
        self._settings = settings
        self._case = case
        self._limit = limit
        self._progress = progress
        self._analyser = nlp.load(settings.lexicon_in_force, settings.names)
        self._reports: dict[int, RunReport] = {}
        self._trouble = ""
        self._process = AsyncCrawlerProcess(ScrapySettings(scrapy_settings(settings), priority="project"))
        _quiet_logs(settings)  # after Scrapy's own logging, which resets the levels of its children

    def run(self, targets: list[tuple[str, str]]) -> list[RunReport]:
        loop = asyncio.get_event_loop()
        main = loop.create_task(self._main(targets))
        self._process.start(stop_after_crawl=False)
        if main.done() and not main.cancelled():
            main.result()
        self._trouble = drained(self._settings, self._case)
        missing = "stopped by hand before it began"
        return [
            self._with_trouble(self._reports.get(number) or RunReport(target, kind, target, "failed", missing))
            for number, (target, kind) in enumerate(targets)
        ]

    def _with_trouble(self, report: RunReport) -> RunReport:
        from dataclasses import replace

        return replace(report, index_trouble=self._trouble)

    async def _main(self, targets: list[tuple[str, str]]) -> None:
        drainer = asyncio.get_event_loop().create_task(self._drain_now_and_then())
        try:
            groups: dict[str, list[tuple[int, str, str]]] = {}
            for number, (target, kind) in enumerate(targets):
                groups.setdefault(_group(target, kind), []).append((number, target, kind))
            free = asyncio.Semaphore(_AT_ONCE)
            await asyncio.gather(*(self._group(group, free) for group in groups.values()))
        finally:
            drainer.cancel()
            self._process._stop_reactor()

    async def _group(self, group: list[tuple[int, str, str]], free: asyncio.Semaphore) -> None:
        async with free:
            for number, target, kind in group:
                self._reports[number] = await self._one(target, kind)
                if self._reports[number].reason.startswith("stopped by hand"):
                    return

    async def _one(self, target: str, kind: str) -> RunReport:
        crawler: Crawler = self._process.create_crawler(kind)
        context = RunContext(self._case, self._settings, self._analyser)
        attach(crawler, context)
        if self._progress is not None:
            listen(crawler, self._progress)
        try:
            await self._process.crawl(crawler, url=target, limit=self._limit)
        except Exception as error:
            logging.getLogger(__name__).debug("a crawl failed", exc_info=True)
            reason = f"a fault in jerat: {type(error).__name__}: {error}"
            if context.run_id is not None:
                context.flush()
                self._case.runs.end(context.run_id, "failed", reason)
            return RunReport(target, kind, target, "failed", reason, run_id=context.run_id)
        if context.broken:
            return _broken(target, kind, context)
        if context.run_id is None:
            return RunReport(target, kind, target, "failed", "stopped by hand before it began")
        return _report(target, self._case.runs.get(context.run_id), context.risky)

    async def _drain_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(_DRAIN_SECONDS)
            drained(self._settings, self._case)


def _broken(target: str, kind: str, context: RunContext) -> RunReport:
    """Of a run whose row in the case could not be written any more."""
    reason = f"ended early: {context.broken}; the {context.posts} posts that came before are kept"
    known = {name: context.totals.get(name, 0) for name in _COUNTS}
    return RunReport(
        target,
        kind,
        target,
        "failed",
        reason,
        pages=known["pages"],
        posts_new=known["posts_new"],
        posts_changed=known["posts_changed"],
        posts_same=known["posts_same"],
        dead=known["dead"],
        errors=known["errors"],
        run_id=context.run_id,
        risky=context.risky,
    )


def _report(target: str, run: Run, risky: int) -> RunReport:
    return RunReport(
        target,
        run.kind,
        run.source,
        "ok" if run.status == "ok" else "failed",
        run.reason,
        run.pages,
        run.posts_new,
        run.posts_changed,
        run.posts_same,
        run.dead,
        run.errors,
        run.id,
        risky=risky,
    )


def _group(target: str, kind: str) -> str:
    """Targets of one host wait for each other: the delay between requests is kept by each crawler for itself."""
    if kind == "telegram" and "://" not in target:
        return "t.me"
    parts = urlsplit(target if "://" in target else f"https://{target}")
    return parts.netloc.lower()


def _quiet_logs(settings: Settings) -> None:
    """Others log what is in our dead letters already, or what nobody asked for."""
    level = logging.DEBUG if settings.log_level == "debug" else logging.CRITICAL
    for name in (
        "trafilatura",
        "htmldate",
        "rdflib",
        "extruct",
        "charset_normalizer",
        "courlan",
        "urllib3",
        "filelock",
        "elastic_transport",
    ):
        logging.getLogger(name).setLevel(level)
    if settings.log_level != "debug":
        for name in (
            "scrapy.core.scraper",
            "scrapy.downloadermiddlewares",
            "scrapy.core.downloader",
            "scrapy.spidermiddlewares",
            "py.warnings",
        ):
            logging.getLogger(name).setLevel(logging.ERROR if name != "scrapy.core.scraper" else logging.CRITICAL)
        # A robots.txt that cannot be fetched is told with the page that was asked for.
        logging.getLogger("scrapy.downloadermiddlewares.robotstxt").setLevel(logging.CRITICAL)
