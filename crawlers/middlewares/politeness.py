"""One slot a host, with its delay; sites on the same machine are not slowed."""

from urllib.parse import urlsplit

from scrapy.http import Request

from crawlers.addresses import is_loopback_host

__all__ = ["LOOPBACK_SLOT", "Politeness"]

LOOPBACK_SLOT = "loopback"
"""The slot of settings.DOWNLOAD_SLOTS that has no delay."""


class Politeness:
    """Downloader middleware that names the slot of each request anew: a redirect would keep that of the host it left."""

    def process_request(self, request: Request) -> None:
        """Name the slot; AutoThrottle leaves loopback alone."""
        host = urlsplit(request.url).hostname or ""
        local = is_loopback_host(host)
        request.meta["download_slot"] = LOOPBACK_SLOT if local else host
        request.meta["autothrottle_dont_adjust_delay"] = local
