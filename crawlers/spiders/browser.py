"""Sites whose pages are put together by their scripts: shown in a browser, and then read like any other."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar, Final

import msgspec
from lxml import etree
from msgspec.structs import replace
from scrapy import Request
from scrapy.http import Response

from crawlers.board.data import opened
from crawlers.board.draft import post_of
from crawlers.board.read import read_detail, read_list
from crawlers.board.rules import BoardRules
from crawlers.browser.chromium import find_chromium
from crawlers.browser.visit import Visit
from crawlers.declared import BrowserRules
from crawlers.extract.origin import Extraction, Origin
from crawlers.spiders.auto import AutoSpider
from jerat.errors import SettingsError
from jerat.model import Post

__all__ = ["BrowserSpider"]

_HANDLER: Final = "crawlers.browser.handler.BrowserHandler"
_MAX_NOTES: Final = 20


class BrowserSpider(AutoSpider):
    """`jerat crawl --kind browser URL`: what declared selectors find, JobPostings, known data, or the main text of a page."""

    name = "browser"
    kind: ClassVar[str] = "browser"
    custom_settings = {  # noqa: RUF012 -- as Scrapy has it
        "DOWNLOAD_HANDLERS": {"http": _HANDLER, "https": _HANDLER, "data": None, "file": None, "ftp": None, "s3": None},
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 1,
    }

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        declared = self.declared
        self.browser_rules = declared.browser if declared is not None else BrowserRules(screenshot=True)
        raw = declared.board if declared is not None else None
        self.rules: BoardRules | None = None if raw is None else msgspec.convert(raw, BoardRules)
        self.seen_notes: Counter[str] = Counter()
        self.pictures: dict[str, str] = {}
        self.picture = ""
        self.shown = 0
        self.no_browser = ""

    async def start(self) -> Any:
        """The first page, if there is a browser to show it."""
        try:
            find_chromium(self.context.settings)
        except SettingsError as error:
            self.no_browser = f"{error}: {error.hint}"
            return
        async for request in super().start():
            yield request

    def page(self, url: str, callback: Callable[..., Any], **options: Any) -> Request:
        """Every page is shown; what is no HTML (sitemaps, feeds) comes as it is."""
        meta = {"playwright": True, "dont_retry": True, **options.pop("meta", {})}
        return super().page(url, callback, meta=meta, **options)

    @property
    def pictures_folder(self) -> Path:
        """Where the pictures of this run's pages are kept."""
        return self.context.case.evidence_dir / "pages" / f"run-{self.context.run_id}"

    def visited(self, visit: Visit) -> None:
        """A page was shown."""
        self.shown += 1
        for note in visit.notes:
            self.seen_notes[note] += 1
            if self.seen_notes[note] == 1 and len(self.seen_notes) <= _MAX_NOTES:
                self.notes.append(note)

    def origin(self, response: Response, source: str = "") -> Origin:
        """Also keeps which picture belongs to the posts that are read next."""
        self.picture = response.meta.get("jerat_picture", "")
        return super().origin(response, source)

    def extract(self, markup: str, root: etree._Element | None, origin: Origin) -> Extraction:
        """What the declared selectors find; without them, or where they find nothing, as the kind `auto` does."""
        known = set(self.candidates)
        found = self._by_rules(markup, root, origin)
        if not found.posts:
            other = super().extract(markup, root, origin)
            found = Extraction(other.posts, [*found.problems, *other.problems])
        if self.picture:
            place = (self.pictures_folder / self.picture).relative_to(self.context.case.path).as_posix()
            for post_id in [*(post.id for post in found.posts), *(set(self.candidates) - known)]:
                self.pictures[post_id] = place
        return found

    def _by_rules(self, markup: str, root: etree._Element | None, origin: Origin) -> Extraction:
        if self.rules is None:
            return Extraction()
        page = opened(markup, origin.url, self.rules, root)
        listing = read_list(page, self.rules)
        if listing.matched:
            drafts = [item.draft for item in listing.items if item.draft.says]
            return Extraction([post_of(draft, origin, page=origin.url) for draft in drafts], page.problems)
        detail = read_detail(page, self.rules, origin)
        self.structured = self.structured or detail.post is not None
        return Extraction([] if detail.post is None else [detail.post], [*page.problems, *detail.problems])

    def take(self, posts: Iterable[Post]) -> Iterator[Post]:
        """With the picture of their page."""
        return super().take(
            replace(post, evidence=self.pictures[post.id]) if post.id in self.pictures else post for post in posts
        )

    def verdict(self) -> str:
        """Why no post came."""
        return self.no_browser or super().verdict()
