"""When a site may be asked next: its Crawl-delay and its Retry-After, both within bounds. One `Pace` a run."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler

from crawlers.addresses import is_loopback_host

__all__ = ["MAX_CRAWL_DELAY", "MAX_RETRY_AFTER", "MIN_DELAY", "Pace", "pace_of", "seconds_asked"]

MAX_CRAWL_DELAY: Final = 60.0
"""Seconds between two requests that a robots.txt may ask for; on loopback it is a second, since nobody is disturbed."""
MIN_DELAY: Final = 0.5
"""Seconds between two requests to a site that no setting and no declaration lowers; loopback is not slowed."""
MAX_RETRY_AFTER: Final = 120.0
"""Seconds that a run waits when a site asks it to. For more it asks that site no more, and says so."""
_MAX_LOOPBACK_DELAY: Final = 1.0


@dataclass(slots=True)
class Pace:
    """The waiting times of the sites of a run, by host and port. Times are those of the event loop."""

    delays: dict[str, float] = field(default_factory=dict)
    next_at: dict[str, float] = field(default_factory=dict)
    closed: dict[str, str] = field(default_factory=dict)
    """Sites that are asked no more in this run, and why, as a sentence."""
    notes: dict[str, None] = field(default_factory=dict)
    """What the summary says of it."""

    def crawl_delay(self, url: str, seconds: float) -> None:
        """Keep `seconds` between two requests to the site of `url`, as its robots.txt asks."""
        if seconds <= 0:
            return
        bound = _MAX_LOOPBACK_DELAY if is_loopback_host(urlsplit(url).hostname or "") else MAX_CRAWL_DELAY
        self.delays[_site(url)] = min(seconds, bound)
        kept = "" if seconds <= bound else f"; {bound:g} s were kept, the most that a run keeps"
        self.notes[f"robots.txt of {_site(url)} asks for {seconds:g} s between requests{kept}"] = None

    def at_least(self, url: str, seconds: float) -> None:
        """Keep `seconds` between two requests to the site of `url`, or more where it asks for more."""
        site = _site(url)
        self.delays[site] = max(self.delays.get(site, 0.0), seconds)

    def wait_for(self, url: str, seconds: float, status: int) -> bool:
        """Leave the site of `url` alone for `seconds`; False, and no more of it in this run, where that is too long."""
        site = _site(url)
        if seconds > MAX_RETRY_AFTER:
            said = (
                f"HTTP {status}: the site asks to come back after {seconds:.0f} s, and a run waits "
                f"{MAX_RETRY_AFTER:.0f} s at most; nothing more is asked of it now"
            )
            self.closed[site] = said
            return False
        now = asyncio.get_event_loop().time()
        self.next_at[site] = max(self.next_at.get(site, 0.0), now + seconds)
        self.notes[f"waited as {site} asked (HTTP {status}, Retry-After)"] = None
        return True

    def spent(self, url: str, seconds: float) -> None:
        """Leave the site of `url` alone until it counts requests anew, in `seconds`; where that is too long, for good."""
        site = _site(url)
        if seconds > MAX_RETRY_AFTER:
            self.closed[site] = (
                f"the site allows no more requests for {seconds:.0f} s, and a run waits {MAX_RETRY_AFTER:.0f} s at most; "
                "nothing more is asked of it now"
            )
            return
        now = asyncio.get_event_loop().time()
        self.next_at[site] = max(self.next_at.get(site, 0.0), now + seconds)
        self.notes[f"waited until {site} allowed more requests, as its rate limit says"] = None

    async def turn(self, url: str) -> None:
        """Wait until the site of `url` may be asked."""
        site = _site(url)
        while (wait := self.next_at.get(site, 0.0) - asyncio.get_event_loop().time()) > 0:
            await asyncio.sleep(wait)
        if delay := self.delays.get(site):
            self.next_at[site] = asyncio.get_event_loop().time() + delay


_PACES: Final[WeakKeyDictionary[Crawler, Pace]] = WeakKeyDictionary()


def pace_of(crawler: Crawler) -> Pace:
    """The pace of a crawler, made when first asked for."""
    return _PACES.setdefault(crawler, Pace())


def seconds_asked(header: bytes | None, now: datetime | None = None) -> float | None:
    """The seconds in a `Retry-After`, which is a number or a date (RFC 9110, 10.2.3); None where it cannot be read."""
    text = (header or b"").decode("latin-1").strip()
    if text.isascii() and text.isdecimal() and len(text) < 12:
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())


def _site(url: str) -> str:
    return urlsplit(url).netloc.rsplit("@", 1)[-1].lower()
