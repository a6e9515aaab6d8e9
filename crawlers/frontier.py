"""What waits to be fetched, in memory: the most promising first, judged anew as the run learns."""

import heapq
from typing import Any, Final, Self

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.dupefilters import BaseDupeFilter
from scrapy.utils.misc import build_from_crawler, load_object

__all__ = ["Frontier"]

_AGAIN: Final = 1.06
"""All that waits is judged anew when what was learnt has grown by so much, and by _STEP posts at least."""
_STEP: Final = 8


class Frontier(BaseScheduler):
    """Scrapy scheduler. The rank of a request is `spider.rank(request)`, or its priority; equal ones wait in their order.

    JERAT_ORDER set to `breadth` takes them as they came, for comparison.
    """

    def __init__(self, crawler: Crawler, seen: BaseDupeFilter) -> None:
        self._crawler = crawler
        self._seen = seen
        self._breadth = crawler.settings.get("JERAT_ORDER") == "breadth"
        self._heap: list[tuple[float, int, Request]] = []
        self._number = 0
        self._judged_at = 0
        self._spider: Any = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler, build_from_crawler(load_object(crawler.settings["DUPEFILTER_CLASS"]), crawler))

    def open(self, spider: Spider) -> Any:
        """A run begins."""
        self._spider = spider
        return self._seen.open()

    def close(self, reason: str) -> Any:
        """A run ends."""
        return self._seen.close(reason)

    def has_pending_requests(self) -> bool:
        """Whether anything waits."""
        return bool(self._heap)

    def enqueue_request(self, request: Request) -> bool:
        """Take a request; False for one that was taken before."""
        if not request.dont_filter and self._seen.request_seen(request):
            return False
        self._number += 1
        heapq.heappush(self._heap, (-self._rank(request), self._number, request))
        return True

    def next_request(self) -> Request | None:
        """The best of those that wait."""
        learnt = getattr(self._spider, "learnt", int)()
        if learnt >= max(self._judged_at + _STEP, self._judged_at * _AGAIN):
            self._judged_at = learnt
            self._heap = [(-self._rank(request), number, request) for _, number, request in self._heap]
            heapq.heapify(self._heap)
        return heapq.heappop(self._heap)[2] if self._heap else None

    def _rank(self, request: Request) -> float:
        if self._breadth:
            return 0.0
        rank = getattr(self._spider, "rank", None)
        return float(request.priority if rank is None else rank(request))
