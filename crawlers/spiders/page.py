"""Sites without structured data: each detail page is a post."""

from typing import ClassVar

from lxml import etree

from crawlers.extract.origin import Extraction, Origin
from crawlers.extract.page import page_post
from crawlers.spiders.site import SiteWalk

__all__ = ["PageSpider"]


class PageSpider(SiteWalk):
    """`scrapy crawl page -a url=…`: the main text of every page that is no list."""

    name = "page"
    kind: ClassVar[str] = "page"

    def extract(self, markup: str, root: etree._Element | None, origin: Origin) -> Extraction:
        """The page's main text."""
        return page_post(markup, origin, root)
