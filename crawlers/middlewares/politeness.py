"""One slot a host, with its delay; sites on the same machine are not slowed. Waits where a site asked for it."""

from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request

from crawlers.addresses import is_loopback_host
from crawlers.middlewares.pace import MIN_DELAY, pace_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

__all__ = ["LOOPBACK_SLOT", "NotNow", "Politeness"]

LOOPBACK_SLOT = "loopback"
"""The slot of settings.DOWNLOAD_SLOTS that has no delay."""
BROWSER_SLOT = "browser"
"""The slot of pages that are being shown: what they load waits its turn in the slots of the hosts."""


class NotNow(IgnoreRequest):
    """A request that was not made since the site asked to be left alone. The message is a sentence for people."""


class Politeness:
    """Downloader middleware that names the slot of each request anew: a redirect would keep that of the host it left."""

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler
        self._pace = pace_of(crawler)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Name the slot; AutoThrottle leaves loopback alone. Then wait for the site's turn."""
        if request.meta.get("playwright"):  # its document is a request of its own, which comes by here
            request.meta.update(download_slot=BROWSER_SLOT, autothrottle_dont_adjust_delay=True)
            return
        parts = urlsplit(request.url)
        local = is_loopback_host(parts.hostname or "")
        request.meta["download_slot"] = LOOPBACK_SLOT if local else parts.hostname or ""
        request.meta["autothrottle_dont_adjust_delay"] = local
        if not local:
            self._pace.at_least(request.url, self._floor())
        await self._pace.turn(request.url)
        reason = self._pace.closed.get(parts.netloc.rsplit("@", 1)[-1].lower())
        if reason:
            raise NotNow(reason)

    def _floor(self) -> float:
        """Seconds between two requests that nothing goes below: our own, or what the declaration of the source asks for."""
        declared = getattr(self._crawler.spider, "declared", None)
        return max(MIN_DELAY, declared.politeness.delay if declared is not None else 0.0)
