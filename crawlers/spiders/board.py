"""Boards that are read by declared selectors: their lists, page by page, and the pages of their advertisements."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

import msgspec
from scrapy import Request, signals
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response

from crawlers.board.data import BoardPage, opened
from crawlers.board.draft import post_of
from crawlers.board.known import recognised, rules_of
from crawlers.board.read import Item, Listing, next_number, read_detail, read_list
from crawlers.board.rules import BoardRules, choices
from crawlers.extract.links import same_site
from crawlers.failures import Trouble
from crawlers.middlewares.budget import FLUSH_URL
from crawlers.spiders.base import JeratSpider
from jerat.model import Post
from jerat.urls import canonical_url

__all__ = ["BoardSpider"]

CHANGED: Final = "the site may have changed its markup"
_DETAIL: Final = 10
_SHOWN: Final = 200


class BoardSpider(JeratSpider):
    """`jerat crawl NAME` of a declared source. Without a declaration, only pages whose data is in a known form are read."""

    name = "board"
    kind: ClassVar[str] = "board"

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        raw = self.declared.board if self.declared is not None else None
        self.rules: BoardRules | None = None if raw is None else msgspec.convert(raw, BoardRules)
        self.asked: set[str] = set()
        self.emitted: set[str] = set()
        self.waiting: dict[str, Item] = {}
        self.lists = 0
        self.listed = 0
        self.details = 0
        self.missing: Counter[str] = Counter()
        self.outside: Counter[str] = Counter()
        self.flushed = False

    @classmethod
    def from_crawler(cls, crawler: Any, *arguments: Any, **named: Any) -> Any:
        """Made by Scrapy."""
        spider = super().from_crawler(crawler, *arguments, **named)
        crawler.signals.connect(spider.on_idle, signal=signals.spider_idle)
        return spider

    # -- pages ---------------------------------------------------------------------------------------------------

    def parse_start(self, response: Response) -> Iterable[Any]:
        """A list, or the page of one advertisement."""
        self.asked.add(canonical_url(self.url))
        markup = self.read(response)
        if self.rules is None:
            self.rules = rules_of(markup)
        if self.rules is None:
            yield from self._recognise(response, markup)
            return
        page = opened(markup, response.url, self.rules)
        listing = read_list(page, self.rules)
        if listing.matched:
            yield from self._list(response, page, listing)
        elif listing.empty:
            self.notes.append("the list is there and has nothing in it")
        elif self.rules.detail is not None and self._is_detail(page, response):
            yield from self._detail(response, page, None)
        else:
            yield from self._nothing(response, page)

    def parse_list(self, response: Response, linked: bool = True) -> Iterable[Any]:
        """A further page of a list. That one found by counting is empty is how a list ends."""
        page = opened(self.read(response), response.url, self.rules)
        assert self.rules is not None
        listing = read_list(page, self.rules)
        if listing.matched or listing.empty or not linked:
            yield from self._list(response, page, listing)
        else:
            yield from self._nothing(response, page)

    def parse_detail(self, response: Response, item: Item) -> Iterable[Any]:
        """The page of an advertisement."""
        markup = self.read(response)
        if self.rules is None:
            found = recognised(markup, self.origin(response))
            if found.post is not None:
                yield from self._give(found.post, item)
            else:
                self.note_wall(markup)
                self.dead_page(
                    "parse", response.url, "the page has no data of an advertisement in a form that is known"
                )
                yield from self._from_list(item)
            return
        yield from self._detail(response, opened(markup, response.url, self.rules), item)

    # -- lists ---------------------------------------------------------------------------------------------------

    def _list(self, response: Response, page: BoardPage, listing: Listing) -> Iterator[Any]:
        assert self.rules is not None
        assert self.rules.list is not None
        response.meta["depth"] = 0  # a list is one long line of pages, which the rules and the budget bound
        self.lists += 1
        self.listed += len(listing.items)
        for problem in page.problems:
            self.dead_page("parse", response.url, problem, item=page.markup)
        linked = [item for item in listing.items if item.href]
        if listing.matched and choices(self.rules.list.link) and not linked:
            selector = " or ".join(choices(self.rules.list.link))
            self.dead_page(
                "parse",
                response.url,
                f"`list.link` ({selector}) finds no address in {listing.matched} items: {CHANGED}",
            )
        fresh = 0
        for item in listing.items:
            key = item.draft.url or post_of(item.draft, self.origin(response), page=canonical_url(response.url)).id
            if key in self.asked or self.full:
                continue
            self.asked.add(key)
            fresh += 1
            yield from self._item(response, item)
        if fresh and not self.full:
            yield from self._next(response, listing)

    def _item(self, response: Response, item: Item) -> Iterator[Any]:
        own = not item.href or (self.rules is not None and self.rules.detail is None)
        if own:
            if item.draft.says:
                yield from self._give(post_of(item.draft, self.origin(response), page=canonical_url(response.url)))
        elif self._allowed(item.href):
            self.waiting[item.draft.url] = item
            yield self.page(item.href, self.parse_detail, priority=_DETAIL, cb_kwargs={"item": item})
        else:
            self.outside[urlsplit(item.href).hostname or ""] += 1
            yield from self._from_list(item)

    def _next(self, response: Response, listing: Listing) -> Iterator[Request]:
        assert self.rules is not None
        assert self.rules.list is not None
        pages = self.rules.list.pages
        if listing.next:
            address, linked = listing.next, True
        elif pages is not None and self.lists < pages.most:
            address, linked = next_number(response.url, pages), False
        else:
            return
        if canonical_url(address) not in self.asked and self._allowed(address):
            self.asked.add(canonical_url(address))
            yield self.page(address, self.parse_list, cb_kwargs={"linked": linked})

    def _allowed(self, address: str) -> bool:
        host = (urlsplit(address).hostname or "").lower()
        named = self.rules.hosts if self.rules is not None else ()
        return same_site(address, self.url) or any(host == one or host.endswith(f".{one}") for one in named)

    # -- single pages --------------------------------------------------------------------------------------------

    def _is_detail(self, page: BoardPage, response: Response) -> bool:
        assert self.rules is not None
        return read_detail(page, self.rules, self.origin(response)).post is not None

    def _detail(self, response: Response, page: BoardPage, item: Item | None) -> Iterator[Any]:
        assert self.rules is not None
        assert self.rules.detail is not None
        self.details += 1
        found = read_detail(page, self.rules, self.origin(response), item.draft if item is not None else None)
        self.missing.update(found.missing)
        for problem in found.problems:
            self.dead_page("parse", response.url, problem, item=page.markup)
        if found.post is not None:
            yield from self._give(found.post, item)
            return
        self.note_wall(page.markup)
        selectors = [*choices(self.rules.detail.fields.title), *choices(self.rules.detail.fields.text)]
        seen = f"; seen: {next(iter(self.walls))}" if self.walls else ""
        self.dead_page(
            "parse", response.url,
            f"neither title nor text of an advertisement ({' or '.join(selectors)[:_SHOWN]}): {CHANGED}{seen}",
            item=page.markup,
        )  # fmt: skip
        if item is not None:
            yield from self._from_list(item)

    def _give(self, post: Post, item: Item | None = None) -> Iterator[Post]:
        if item is not None:
            self.waiting.pop(item.draft.url, None)
        if post.id not in self.emitted:
            self.emitted.add(post.id)
            yield from self.take([post])

    def _from_list(self, item: Item) -> Iterator[Post]:
        """An advertisement whose page did not come, or could not be read, as its list shows it."""
        self.waiting.pop(item.draft.url, None)
        if item.draft.says:
            yield from self._give(post_of(item.draft, self._origin_of(item), page=item.draft.url))

    def _origin_of(self, item: Item) -> Any:
        from datetime import UTC, datetime

        from crawlers.extract.origin import Origin

        return Origin(self.source, item.draft.url, datetime.now(UTC), self.country_hint)

    def after_failure(self, request: Request, trouble: Trouble) -> Iterable[Any]:
        """What the list says is kept, where the page of an advertisement does not come."""
        item = request.cb_kwargs.get("item")
        return self._from_list(item) if isinstance(item, Item) else ()

    # -- what is not as declared ---------------------------------------------------------------------------------

    def _recognise(self, response: Response, markup: str) -> Iterator[Any]:
        found = recognised(markup, self.origin(response))
        if found.post is not None:
            yield from self._give(found.post)
        elif found.items:
            for item in found.items:
                self.asked.add(item.draft.url)
                yield from self._item(response, item)
        else:
            self.note_wall(markup)
            self.notes.append(
                "no declaration says how this board is read, and its pages have no data in a form that is known: "
                "declare it (docs/sources.md), or try --kind jobposting, page or browser"
            )

    def _nothing(self, response: Response, page: BoardPage) -> Iterator[Any]:
        assert self.rules is not None
        self.note_wall(page.markup)
        if not page.markup.strip():
            said = "the page is empty"
        elif self.rules.list is not None:
            said = f"`list.items` ({' or '.join(choices(self.rules.list.items))}) matches nothing: {CHANGED}"
        else:
            said = f"none of the fields of `detail` is there: {CHANGED}"
        if self.walls:
            said += f"; seen: {next(iter(self.walls))}"
        for problem in page.problems:
            said += f"; {problem}"
        self.notes.append(said)
        self.dead_page("parse", response.url, said, item=page.markup)
        yield from ()

    # -- what was there before -----------------------------------------------------------------------------------

    def covers(self, post: Post) -> bool:
        """Advertisements with a page of their own, on the hosts of the board."""
        own = self.rules is None or self.rules.detail is not None
        return own and post.platform == "web" and self._allowed(post.url)

    def posts_of(self, markup: str, response: Response) -> list[Post]:
        """The advertisement of a page."""
        origin = self.origin(response)
        if self.rules is None or self.rules.detail is None:
            found = recognised(markup, origin).post
        else:
            found = read_detail(opened(markup, response.url, self.rules), self.rules, origin).post
        return [] if found is None else [found]

    # -- the end -------------------------------------------------------------------------------------------------

    def on_idle(self, spider: Any) -> None:
        """No page is left: what the lists say of pages that were not asked for is handed in, and the sum is drawn."""
        if spider is not self or self.flushed:
            return
        self.flushed = True
        self._sum_up()
        if self.waiting and not self.full:
            meta = {"jerat_flush": True, "dont_obey_robotstxt": True}
            self.crawler.engine.crawl(Request(FLUSH_URL, callback=self.flush, dont_filter=True, meta=meta))
            raise DontCloseSpider

    def leftovers(self) -> list[Post]:
        """What the lists say of pages that were not fetched."""
        return [one for item in self.waiting.values() for one in self._from_list(item)]

    def flush(self, response: Response) -> Iterable[Any]:
        """The advertisements whose pages the budget did not allow."""
        for item in list(self.waiting.values()):
            yield from self._from_list(item)

    def _sum_up(self) -> None:
        for host, number in self.outside.items():
            self.notes.append(
                f"{number} links lead to {host} and were not followed: `hosts` of the declaration may name it"
            )
        if self.details:
            told = [f"{name} on {number} of {self.details}" for name, number in self.missing.most_common()]
            if told:
                self.notes.append(f"not found by the declared selectors: {', '.join(told)} pages")

    def failing(self) -> str:
        """What is declared for title or text, and stands on no page of an advertisement."""
        assert self.rules is not None or not self.details
        for name in ("title", "text"):
            if self.details and self.missing[name] == self.details and self.rules and self.rules.detail:
                selector = " or ".join(choices(getattr(self.rules.detail.fields, name)))
                return f"`detail.fields.{name}` ({selector}) finds nothing on any of {self.details} pages: {CHANGED}"
        return ""
