"""The number of pages that a run may fetch, and the last request of a spider, by which it hands in what it kept."""

from typing import TYPE_CHECKING, Self

from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse, Request, Response

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

__all__ = ["FLUSH_URL", "Budget", "BudgetSpent"]

FLUSH_URL = "http://flush.invalid/"
"""Answered here, without any network: Scrapy takes items only from the callback of a response."""


class BudgetSpent(IgnoreRequest):
    """A request that was not made since the run has fetched as many pages as it may, or has all posts that were asked for."""


class Budget:
    """Downloader middleware, the first of all."""

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> Response | None:
        """Answers the flush; raises BudgetSpent."""
        if request.meta.get("jerat_flush"):
            return HtmlResponse(request.url, body=b"", request=request)
        if request.meta.get("jerat_page") and not getattr(self._crawler.spider, "may_fetch", lambda _: True)(request):
            raise BudgetSpent("the run has fetched as many pages as it may")
        return None
