"""Counts the links that lie too deep, so that the summary of a run can say what was left out, and by which setting."""

from typing import Any

from scrapy import Request
from scrapy.http import Response
from scrapy.spidermiddlewares.depth import DepthMiddleware

__all__ = ["Depth"]


class Depth(DepthMiddleware):
    """Scrapy's own, which drops them without a word."""

    def get_processed_request(self, request: Request, response: Response | None) -> Request | None:
        """The request with its depth, or None where it is too deep."""
        kept: Request | None = super().get_processed_request(request, response)
        spider: Any = self.crawler.spider
        if kept is None and hasattr(spider, "too_deep"):
            spider.too_deep += 1
        return kept
