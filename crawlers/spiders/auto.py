"""An address of which nobody said what it is: the first page tells."""

from collections.abc import Iterable
from typing import Any, ClassVar

from lxml import etree
from scrapy.http import Response

from crawlers.api.recognise import service_of
from crawlers.extract.decode import decode
from crawlers.extract.links import distinct, promise
from crawlers.extract.origin import Extraction, Origin
from crawlers.extract.telegram import is_preview
from crawlers.extract.whole_page import whole_page
from crawlers.spiders.site import SiteWalk
from crawlers.spiders.telegram import ChannelWalk
from jerat.model import Post

__all__ = ["AutoSpider"]

_MAX_CANDIDATES = 5000
_READ = 1500
"""Code points of a plain page by which its worth is told while the site is crawled."""
_NAMED = 5
"""The promise of a start address from which its page is taken as named by hand, and kept also on a site with JobPostings."""


class AutoSpider(SiteWalk, ChannelWalk):
    """A channel preview is read as one. Any other site gives its JobPostings, and its plain pages only if it has none.

    The plain pages wait in memory until the whole site was seen, 5,000 at most.
    """

    name = "auto"
    kind: ClassVar[str] = "auto"

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.candidates: dict[str, Post] = {}
        self.structured = False
        self.found_here = False
        self.start_post: Post | None = None

    def parse_start(self, response: Response) -> Iterable[Any]:
        """Tell the kind by the markup."""
        markup = decode(response.body[:2_000_000])
        if service := service_of(markup):
            self.notes.append(f"its software has an interface that gives everything: --kind {service} reads it")
        if is_preview(markup):
            yield from self.parse_channel(response)
        else:
            yield from super().parse_start(response)

    def extract(self, markup: str, root: etree._Element | None, origin: Origin) -> Extraction:
        """Every JobPosting, or what the page's own data says of jobs; while no page had one, also the page as it is."""
        found = whole_page(markup, origin, root, plain=not self.structured and len(self.candidates) < _MAX_CANDIDATES)
        self.found_here = bool(found.posts)
        if found.kind == "jobs":
            self.structured = True
            self.candidates.clear()
            return found
        for post in found.posts:
            if self.pages == 1 and promise(self.url) >= _NAMED:
                self.start_post = post
            self.candidates.setdefault(post.id, post)
            # They are handed in at the end: so that the way through the site is learnt before, they are read twice.
            self.focus.learn(post.url, self.context.promise_of(f"{post.title}\n{post.text[:_READ]}"))
        return Extraction(problems=found.problems)

    def posts_of(self, markup: str, response: Response) -> list[Post]:
        """The postings of a page, or else what it is by itself; nothing is kept aside of it."""
        return whole_page(markup, self.origin(response), None, plain=True).posts

    def counts_as_find(self, response: Response) -> bool:
        """A page that may be a post yet."""
        return self.found_here

    def leftovers(self) -> list[Post]:
        """The plain pages, where the site has no JobPosting."""
        if not self.structured:
            return super().leftovers() + distinct(list(self.candidates.values()))
        return super().leftovers() + ([self.start_post] if self.start_post is not None else [])
