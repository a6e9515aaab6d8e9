"""What all spiders share: the start address, the budget of pages, and a sentence for everything that fails."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import UTC, datetime
from time import monotonic
from typing import Any, ClassVar

from msgspec.structs import replace
from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from crawlers.declared import Source
from crawlers.extract.closed import closing_line
from crawlers.extract.decode import decode
from crawlers.extract.likeness import likeness, same_advertisement
from crawlers.extract.links import source_of
from crawlers.extract.origin import Origin
from crawlers.failures import SCRIPTED, Trouble, made_by_scripts, trouble_of, wall
from jerat.model import Post, post_id
from jerat.urls import canonical_url
from pipelines.context import RunContext, context_of

__all__ = ["JeratSpider"]

_NOTICE = 2000
"""Code points of a page that may be a notice instead of an advertisement."""
_MAX_DEAD_PAGES = 1000
"""Pages of one run that are written to the dead letters one by one; more of the same are only counted."""


class JeratSpider(Spider):
    """Base of all spiders. Arguments, also of `scrapy crawl -a`: `url`; `source`, `limit` (posts), `country_hint`.

    `declared` is the declaration of the source, where there is one: `jerat crawl NAME` gives it. A `trial` fetches no more
    once a page gave posts.
    """

    kind: ClassVar[str] = ""

    def __init__(
        self,
        url: str = "",
        source: str = "",
        limit: str | int = 0,
        country_hint: str = "",
        declared: Source | None = None,
        trial: bool = False,
        **arguments: Any,
    ) -> None:
        super().__init__(**arguments)
        self.declared = declared
        self.trial = trial
        self.target = url.strip()
        if declared is not None:
            source, country_hint = declared.name, country_hint or declared.country or ""
        self.url = self.target if "://" in url or not self.target else f"https://{self.target}"
        self.source = source or source_of(self.url)
        self.limit = int(limit or 0)
        self.country_hint = country_hint
        self.fetched = 0
        self.pages = 0
        self.yielded = 0
        self.statuses: Counter[int] = Counter()
        self.troubles: Counter[str] = Counter()
        self.first_trouble = ""
        self.walls: Counter[str] = Counter()
        self.scripted = 0
        """Pages without a post that are of a make whose content is often put in by scripts."""
        self.notes: list[str] = []
        if declared is not None and declared.robots is not None:
            said = declared.robots
            self.notes.append(f"robots.txt is not obeyed: {said.by} decided so on {said.on}: {said.reason}")
        self.led_here: dict[str, tuple[str, ...]] = {}
        """Addresses that were asked for, by those that they led to."""
        self.budget_spent = False
        self.time_spent = False
        self.too_deep = 0
        """Links that lie deeper than JERAT_MAX_DEPTH allows."""
        self.began = monotonic()

    @property
    def context(self) -> RunContext:
        """The run."""
        return context_of(self.crawler)

    # -- requests ------------------------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Any]:
        """The first request."""
        if self.url:
            yield self.page(self.url, self.parse_start, dont_filter=True)

    def parse_start(self, response: Response) -> Iterable[Any]:
        """The first page; spiders say what they make of it."""
        raise NotImplementedError

    def page(
        self, url: str, callback: Callable[..., Any], *, priority: int = 0, quiet: bool = False, **options: Any
    ) -> Request:
        """A request that counts as a page. Of a `quiet` one nobody is told if there is no such page."""
        meta = {"jerat_page": True, "jerat_quiet": quiet, **options.pop("meta", {})}
        return Request(url, callback=callback, errback=self.failed, priority=priority, meta=meta, **options)

    def may_fetch(self, request: Request) -> bool:
        """Whether the budget has one more page; asked for each request as it goes out."""
        if self.full or (self.trial and self.yielded):
            return False
        if self.fetched >= self.max_pages:
            # What is looked up at the end has its share of the budget, and does not cut the run short.
            self.budget_spent = self.budget_spent or not request.meta.get("jerat_lookup")
            return False
        if monotonic() - self.began > self.context.settings.max_minutes * 60:
            self.time_spent = True
            return False
        self.fetched += 1
        return True

    @property
    def max_pages(self) -> int:
        """Pages that the run may fetch: the setting, or what the declaration allows where that is less."""
        allowed = self.context.settings.max_pages
        named = self.declared.politeness.pages if self.declared is not None else 0
        return min(allowed, named) if named else allowed

    @property
    def full(self) -> bool:
        """Whether all posts that were asked for are there."""
        return bool(self.limit) and self.yielded >= self.limit

    # -- responses -----------------------------------------------------------------------------------------------

    def read(self, response: Response) -> str:
        """Count the page and give its text."""
        self.pages += 1
        self.context.count("pages")
        self.statuses[response.status] += 1
        if before := response.meta.get("redirect_urls"):
            self.led_here[canonical_url(response.url)] = tuple(map(canonical_url, before))
        size = response.meta.get("jerat_gzip_size")
        if response.meta.get("jerat_cut") or (size is not None and size != len(response.body) & 0xFFFFFFFF):
            self.dead_page(
                "fetch", response.url, "the answer was cut short inside its compressed body; what came was read"
            )
        return decode(response.body, (response.headers.get("Content-Type") or b"").decode("latin-1"))

    def name_source(self, source: str) -> None:
        """The run is of this source: what the address did not tell, the first page did."""
        if self.declared is None and source != self.source and self.context.run_id is not None:
            self.source = source
            self.context.case.runs.rename(self.context.run_id, source)

    def origin(self, response: Response, source: str = "") -> Origin:
        """Where the posts of a page come from."""
        return Origin(source or self.source, response.url, datetime.now(UTC), self.country_hint)

    def take(self, posts: Iterable[Post]) -> Iterator[Post]:
        """The posts, as many as were asked for."""
        for post in posts:
            if self.full:
                return
            if self._is_over(post):
                continue
            self.yielded += 1
            self._recognise_moved(post)
            yield post if self.declared is None else replace(post, source=self.declared.name)

    def _is_over(self, post: Post) -> bool:
        """Whether a page that a list still names says instead of a known advertisement that it is over; noted then."""
        if post.platform != "web" or post.job is not None or len(post.text) > _NOTICE:
            return False
        said = next((line for line in post.text.splitlines() if closing_line(line)), "")
        known = self.context.case.posts.get(post.id) if said else None
        if known is None or said in known.post.text or likeness(known.post.text, post.text) >= 0.5:
            return False
        self.note_gone(known.post.id, f"its page says: {said[:200]}")
        return True

    def _recognise_moved(self, post: Post) -> None:
        """A known advertisement whose address has led to another one is the same as before."""
        before = () if post.native_id else self.led_here.get(post.url, ())
        for old in (post_id(post.platform, "", url) for url in before):
            case = self.context.case
            known = case.posts.get(old) if old != post.id and case.posts.get(post.id) is None else None
            if known is not None and same_advertisement(known.post, post):
                case.presence.alias(post.id, known.post.id)
                return

    # -- what was there before -----------------------------------------------------------------------------------

    def covers(self, post: Post) -> bool:
        """Whether a run that did not meet this known post of its source should look whether it is still there."""
        return False

    def lookup_request(self, post: Post) -> Request | None:
        """What is asked to see whether a known post is still there: its own address. HTTP 404 and 410 mean that it is gone."""
        return self.page(post.url, self.parse_lookup, dont_filter=True)

    def parse_lookup(self, response: Response, post: Post) -> Iterable[Any]:
        """The answer, where there is one: read as a page of the site. A spider of an API reads it as a reply, and gives the
        post where it is there, or else calls `self.note_gone`.
        """
        from crawlers.lookups import judged_page

        return judged_page(self, response, post)

    def posts_of(self, markup: str, response: Response) -> list[Post]:
        """The posts of a page, and nothing else done with it: for what is looked up."""
        return []

    def found_gone(self) -> Iterable[tuple[str, str]]:
        """The ids of posts that the run itself has found to be gone, with the reason as a sentence."""
        return ()

    def note_gone(self, post_id: str, reason: str) -> None:
        """Note that a post is no longer there."""
        if self.context.case.presence.gone(post_id, reason):
            self.context.count("gone")

    def failed(self, failure: Failure) -> Iterable[Any]:
        """A page that did not come: counted, and told once in the dead letters with its reason."""
        request: Request = failure.request  # type: ignore[attr-defined]
        trouble = self.explained(trouble_of(failure), failure)
        if trouble.kind == "budget" or (
            request.meta.get("jerat_quiet") and trouble.status in (401, 403, 404, 405, 410)
        ):
            return ()
        self.troubles[trouble.kind] += 1
        if trouble.status:
            self.pages += 1
            self.context.count("pages")
            self.statuses[trouble.status] += 1
        if trouble.kind == "not now":
            self.notes.append(trouble.sentence)
            self.first_trouble = self.first_trouble or f"{request.url}: {trouble.sentence}"
            self.context.count("errors")
            if self.troubles[trouble.kind] == 1:  # the rest of the site has the same reason
                self.dead_page("fetch", request.url, trouble.sentence)
            return self.after_failure(request, trouble)
        if trouble.kind == "wall":
            self.walls[trouble.sentence] += 1
        self.first_trouble = self.first_trouble or f"{request.url}: {trouble.sentence}"
        if trouble.kind != "robots":
            self.context.count("errors")
            # A dead link of the site that promised little is no loss, and big sites have hundreds.
            stale = trouble.status in (404, 410) and request.meta.get("depth", 0) > 0 and request.priority < 10
            if not stale:
                self.dead_page("fetch", request.url, trouble.sentence)
        return self.after_failure(request, trouble)

    def explained(self, trouble: Trouble, failure: Failure) -> Trouble:
        """The trouble, with what a spider knows besides: what the server says of it, or what helps."""
        return trouble

    def after_failure(self, request: Request, trouble: Trouble) -> Iterable[Any]:
        """What a spider does next when a page did not come."""
        return ()

    def dead_page(self, step: str, url: str, reason: str, item: str = "") -> None:
        """A page, or a part of one, that could not be used."""
        if self.context.totals.get("dead", 0) < _MAX_DEAD_PAGES:
            self.context.dead(step, reason, source=self.source, url=url, item=item[:20_000])
        else:
            self.context.count("dead")

    def note_wall(self, markup: str) -> None:
        """Remember what seems to stand before the content, to tell if the run brings nothing."""
        seen = wall(markup)
        if seen:
            self.walls[seen] += 1
        self.scripted += made_by_scripts(markup)

    # -- the end -------------------------------------------------------------------------------------------------

    def failing(self) -> str:
        """Why the run has failed although posts came, as a sentence: a part of what must come came from no page."""
        return ""

    @property
    def handed_in(self) -> bool:
        """Whether what was held back has been given already."""
        return bool(getattr(self, "flushed", True))

    def leftovers(self) -> list[Post]:
        """Posts that were held back until more of the site was seen."""
        return []

    def verdict(self) -> str:
        """Why the run brought no post, in one sentence that says what was seen."""
        if not self.url:
            return f"the spider {self.name} needs an address: -a url=https://…"
        denied = self.troubles.get("robots", 0)
        if not self.pages and denied:
            return f"robots.txt forbids every page that was tried ({denied}); nothing was fetched"
        if not self.pages:
            return f"no page came: {self.first_trouble or 'nothing was fetched'}"
        parts = [f"no post in {self.pages} page{'s' if self.pages != 1 else ''}"]
        answers = ", ".join(f"{number} × HTTP {status}" for status, number in sorted(self.statuses.items()))
        parts.append(f"answers: {answers}")
        if self.walls:
            parts.append("seen: " + ", ".join(name for name, _ in self.walls.most_common(3)))
        if self.scripted and SCRIPTED not in self.walls and self.kind != "browser":
            parts.append(f"scripts put more on {self.scripted} of them: --kind browser reads such pages")
        if denied:
            parts.append(f"robots.txt forbids {denied} more")
        if self.first_trouble:
            parts.append(f"first trouble: {self.first_trouble}")
        parts += list(dict.fromkeys(self.notes))[:3]
        return "; ".join(parts)
