"""Sites whose pages carry schema.org JobPosting."""

from typing import ClassVar

from lxml import etree

from crawlers.extract.jobposting import job_posts
from crawlers.extract.origin import Extraction, Origin
from crawlers.spiders.site import SiteWalk

__all__ = ["JobPostingSpider"]


class JobPostingSpider(SiteWalk):
    """`scrapy crawl jobposting -a url=…`: a detail page, a list, a sitemap, a feed, robots.txt, or a front page."""

    name = "jobposting"
    kind: ClassVar[str] = "jobposting"

    def extract(self, markup: str, root: etree._Element | None, origin: Origin) -> Extraction:
        """Every JobPosting of the page."""
        return job_posts(markup, origin, root)

    def verdict(self) -> str:
        """Also what else could be tried."""
        return f"{super().verdict()}; no page has a JobPosting (--kind page reads pages without structured data)"
