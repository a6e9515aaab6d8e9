"""robots.txt as RFC 9309 has it: one that fails with a server error means "not now", and Crawl-delay is kept."""

import logging

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.robotstxt import RobotParser

from crawlers.middlewares.pace import pace_of

__all__ = ["Robots", "RobotsAway"]

_log = logging.getLogger(__name__)


class RobotsAway(IgnoreRequest):
    """A request that was not made since the site's robots.txt could not be had. The message is a sentence for people."""


class Robots(RobotsTxtMiddleware):
    """Scrapy's own, which takes any answer for a robots.txt.

    2xx: its rules hold. 3xx: followed. 4xx: there are no rules, all is allowed. 5xx, also after the retries: nothing of
    the site is fetched in this run (RFC 9309, 2.3.1.4). Where no connection comes about at all, the page itself is tried
    and tells why.
    """

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500:
            self._away()[netloc] = (
                f"robots.txt answers HTTP {response.status}: until the site says what is allowed, nothing is fetched"
            )
        if response.status >= 400:
            response = response.replace(status=response.status, body=b"")
        await super()._parse_robots(response, netloc, request)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Raises IgnoreRequest where robots.txt forbids it, RobotsAway where it cannot be had now."""
        netloc = request.url.split("/", 3)[2]
        reason = self._away().get(netloc)
        if reason:
            raise RobotsAway(reason)
        super().process_request_2(rp, request)
        self._keep_delay(rp, request)

    def _away(self) -> dict[str, str]:
        found: dict[str, str] = self.__dict__.setdefault("_away_sites", {})
        return found

    def _keep_delay(self, rp: RobotParser | None, request: Request) -> None:
        done: set[RobotParser] = self.__dict__.setdefault("_delays_read", set())
        rules = getattr(rp, "rp", None)
        if rp is None or rules is None or rp in done:
            return
        done.add(rp)
        try:
            seconds = rules.crawl_delay(self._robotstxt_useragent or self._default_useragent)
        except (ValueError, AttributeError):
            _log.debug("a Crawl-delay of %s cannot be read", request.url)
            return
        if seconds:
            pace_of(self.crawler).crawl_delay(request.url, float(seconds))
