"""Runs spiders in this process: what `jerat crawl` calls.

`crawl(settings, case, targets, kind=None, limit=0, progress=None) -> list[RunReport]`, one report a target, in
order. Once a process: the network engine of Scrapy cannot be started a second time, so several targets are given in one
call.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings as ScrapySettings

import nlp
from crawlers.candidates import NO_PREVIEW, best, target_of
from crawlers.configure import scrapy_settings
from crawlers.kinds import kind_of
from crawlers.recorder import Progress, listen
from crawlers.targets import Target, of_address
from jerat.case import Case, Run
from jerat.case.database import stamp
from jerat.errors import JeratError
from jerat.settings import Settings
from pipelines.candidates import Ranked
from pipelines.context import RunContext, attach
from pipelines.engine import drained

__all__ = ["Progress", "RunReport", "crawl"]

_AT_ONCE: Final = 4
_DRAIN_SECONDS: Final = 20.0
_BEAT_SECONDS: Final = 15.0
_COUNTS: Final = ("pages", "posts_new", "posts_changed", "posts_same", "dead", "errors", "risky", "gone")
_started = False


@dataclass(frozen=True, slots=True)
class RunReport:
    """How the crawl of one target went.

    `index_trouble` says why posts still wait for the index, and is the same in all reports of a call.
    """

    target: str
    kind: str
    source: str
    status: Literal["ok", "failed", "skipped"]
    """`skipped` where another process was about it."""
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
    gone: int = 0
    """Known posts that were found to be no longer there."""
    faults: int = 0
    """Posts and pages that were lost to a fault of jerat, which the dead letters hold."""
    address: str = ""
    """Where it began."""
    followed: bool = False
    """Whether it was a visit to a candidate, which nobody named: `skipped` where it brought nothing."""
    seconds: float = 0
    """How long it took."""

    @property
    def posts(self) -> int:
        """Posts that the run brought, whether new, changed or known."""
        return self.posts_new + self.posts_changed + self.posts_same


def crawl(
    settings: Settings,
    case: Case,
    targets: Sequence[str | Target],
    kind: str | None = None,
    limit: int = 0,
    progress: Callable[[Progress], None] | None = None,
    trial: bool = False,
    follow: int = 0,
    known: Collection[str] = (),
    order: str = "promise",
) -> list[RunReport]:
    """Crawl `targets` (addresses, `@NAME` for a channel, or what `crawlers.targets` made) into `case`, and its outbox into
    the index. `kind` is the spider of those that are plain addresses.

    Up to four hosts at once, and the targets of one host one after the other. `limit` bounds the posts of each; a
    `trial` fetches no more of a target once a page gave posts.
    Then the best `follow` candidates that posts of the case name are visited, one hop far; `known` are addresses that are
    none, since they are declared. Their reports come last. `order` may be `breadth`, for comparison.

    Raises InputError for a target that is no address, before anything is fetched. SIGINT ends the runs in order; what came
    until then is kept.
    """
    global _started  # noqa: PLW0603 -- the reactor is one a process, and so is this
    runs = [target if isinstance(target, Target) else of_address(target, kind) for target in targets]
    if not runs:
        return []
    if _started:
        raise JeratError(
            "a second crawl in one process cannot be started", "give all targets in one call, or start another process"
        )
    _started = True
    job = _Job(settings, case, limit, progress, trial=trial, order=order)
    return job.run(runs, follow, known)


class _Job:
    """One call of `crawl`."""

    def __init__(
        self,
        settings: Settings,
        case: Case,
        limit: int,
        progress: Callable[[Progress], None] | None,
        *,
        trial: bool = False,
        order: str = "promise",
    ) -> None:
        self._trial = trial
        self._order = order
        self._began = stamp(datetime.now(UTC))
        self._settings = settings
        self._case = case
        self._limit = limit
        self._progress = progress
        self._analyser = nlp.load(settings.lexicon_in_force, settings.names)
        self._reports: dict[int, RunReport] = {}
        self._trouble = ""
        self._contexts: list[RunContext] = []
        self._process = AsyncCrawlerProcess(ScrapySettings(scrapy_settings(settings), priority="project"))
        _quiet_logs(settings)  # after Scrapy's own logging, which resets the levels of its children

    def run(self, targets: list[Target], follow: int = 0, known: Collection[str] = ()) -> list[RunReport]:
        loop = asyncio.get_event_loop()
        main = loop.create_task(self._main(targets, follow, known))
        self._process.start(stop_after_crawl=False)
        if main.done() and not main.cancelled():
            main.result()
        self._trouble = drained(self._settings, self._case)
        missing = "stopped by hand before it began"
        return [
            replace(
                self._reports.get(number) or replace(_failed(target, missing), address=target.address),
                index_trouble=self._trouble,
            )
            for number, target in enumerate(targets)
        ]

    async def _main(self, targets: list[Target], follow: int, known: Collection[str]) -> None:
        helpers = [asyncio.get_event_loop().create_task(one) for one in (self._drain_now_and_then(), self._beat())]
        try:
            groups: dict[str, list[tuple[int, Target]]] = {}
            for number, target in enumerate(targets):
                groups.setdefault(_group(target), []).append((number, target))
            free = asyncio.Semaphore(_AT_ONCE)
            await asyncio.gather(*(self._group(group, free) for group in groups.values()))
            if follow and not any(report.reason.startswith("stopped by hand") for report in self._reports.values()):
                await self._follow(best(self._case, follow, known), targets)
        finally:
            for helper in helpers:
                helper.cancel()
            self._process._stop_reactor()

    async def _follow(self, candidates: list[Ranked], targets: list[Target]) -> None:
        """The second phase: one candidate after the other, each marked with what came of it."""
        for one in candidates:
            target = target_of(one.candidate)
            if target is None:
                continue
            targets.append(target)
            began = monotonic()
            report = await self._one(target)
            if report.reason.startswith("stopped by hand"):
                return
            outcome = _outcome(target, report)
            self._case.candidates.visited(one.candidate.address, outcome)
            brought = report.status == "ok" or report.posts
            self._reports[len(targets) - 1] = replace(
                report,
                address=target.address,
                seconds=monotonic() - began,
                followed=True,
                status=report.status if brought else "skipped",
                reason=report.reason if brought else outcome,
            )

    async def _group(self, group: list[tuple[int, Target]], free: asyncio.Semaphore) -> None:
        async with free:
            for at, (number, target) in enumerate(group):
                began = monotonic()
                report = await self._one(target, more=any(_alike(target, later) for _, later in group[at + 1 :]))
                self._reports[number] = replace(report, address=target.address, seconds=monotonic() - began)
                if self._reports[number].reason.startswith("stopped by hand"):
                    return

    async def _one(self, target: Target, *, more: bool = False) -> RunReport:
        crawler: Crawler = self._process.create_crawler(target.kind)
        _obey(crawler, target)
        crawler.settings.set("JERAT_ORDER", self._order, priority="cmdline")
        context = RunContext(self._case, self._settings, self._analyser, round_at=self._began, more_to_come=more)
        if target.after is not None:
            context.run_id = self._case.runs.claim(target.source, target.kind, target.address, target.after)
            if context.run_id is None:
                return replace(_failed(target, "another process is about it"), status="skipped")
        attach(crawler, context)
        self._contexts.append(context)
        if self._progress is not None:
            listen(crawler, self._progress)
        try:
            return await self._crawled(crawler, context, target)
        finally:
            self._contexts = [other for other in self._contexts if other is not context]

    async def _crawled(self, crawler: Crawler, context: RunContext, target: Target) -> RunReport:
        try:
            await self._process.crawl(
                crawler, url=target.address, limit=self._limit, declared=target.declared, trial=self._trial
            )
        except Exception as error:
            logging.getLogger(__name__).debug("a crawl failed", exc_info=True)
            reason = f"a fault in jerat: {type(error).__name__}: {error}"
            if context.run_id is not None:
                context.flush()
                self._case.runs.end(context.run_id, "failed", reason)
            return replace(_failed(target, reason), run_id=context.run_id)
        if context.broken:
            return _broken(target, context)
        if context.run_id is None:
            return _failed(target, "stopped by hand before it began")
        if self._case.runs.get(context.run_id).status == "running":  # its spider was never opened
            self._case.runs.end(context.run_id, "failed", "stopped by hand before it began")
        faults = self._case.dead_letters.faults(context.run_id)
        return replace(_report(target, self._case.runs.get(context.run_id)), faults=faults)

    async def _beat(self) -> None:
        """So that others see that the runs go on, and how far they are."""
        while True:
            await asyncio.sleep(_BEAT_SECONDS)
            for context in self._contexts:
                context.flush()
                if context.run_id is not None and not context.broken:
                    try:
                        self._case.runs.beat(context.run_id)
                    except JeratError as error:
                        context.broken = str(error)

    async def _drain_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(_DRAIN_SECONDS)
            drained(self._settings, self._case)


def _obey(crawler: Crawler, target: Target) -> None:
    """What the declaration of a source says of manners, where it is stricter than the settings; and its exception."""
    if target.declared is None:
        return
    delay = max(target.declared.politeness.delay, crawler.settings.getfloat("DOWNLOAD_DELAY"))
    for name, seconds in (
        ("DOWNLOAD_DELAY", delay),
        ("AUTOTHROTTLE_START_DELAY", delay),
        ("AUTOTHROTTLE_MAX_DELAY", max(delay, 60)),
    ):
        crawler.settings.set(name, seconds, priority="cmdline")
    if target.declared.robots is not None:
        crawler.settings.set("ROBOTSTXT_OBEY", False, priority="cmdline")


def _outcome(target: Target, report: RunReport) -> str:
    """What the visit to a candidate brought. Only a visit tells whether a name of Telegram is a channel."""
    if report.posts:
        return f"{report.posts:,} posts, {report.risky:,} of them risky"
    if target.kind == "telegram" and report.pages:
        return NO_PREVIEW
    return report.reason or "no posts"


def _failed(target: Target, reason: str) -> RunReport:
    """Of a run that brought nothing."""
    return RunReport(target.label, target.kind, target.source, "failed", reason)


def _broken(target: Target, context: RunContext) -> RunReport:
    """Of a run whose row in the case could not be written any more."""
    reason = f"ended early: {context.broken}; the {context.posts} posts that came before are kept"
    known: dict[str, Any] = {name: context.totals.get(name, 0) for name in _COUNTS}
    return RunReport(target.label, target.kind, target.source, "failed", reason, **known, run_id=context.run_id)


def _report(target: Target, run: Run) -> RunReport:
    counts: dict[str, Any] = {name: getattr(run, name) for name in _COUNTS}
    status: Literal["ok", "failed"] = "ok" if run.status == "ok" else "failed"
    return RunReport(target.label, run.kind, run.source, status, run.reason, **counts, run_id=run.id)


def _alike(one: Target, other: Target) -> bool:
    """Whether two targets of one host are of the same source."""
    if one.declared is None or other.declared is None:
        return one.declared is other.declared
    return one.declared.name == other.declared.name


def _group(target: Target) -> str:
    """Targets of one host wait for each other: the delay between requests is kept by each crawler for itself."""
    if target.kind == "telegram" and "://" not in target.address:
        return "t.me"
    if target.kind in ("bluesky", "reddit") and kind_of(target.address) == target.kind:
        return target.kind  # known under many names, and asked under one
    parts = urlsplit(target.address if "://" in target.address else f"https://{target.address}")
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
