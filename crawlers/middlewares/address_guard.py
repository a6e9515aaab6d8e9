"""Refuses requests to addresses that are off limits: at every request, redirect and robots.txt, before and after DNS."""

from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from crawlers.addresses import refusal_of_url
from crawlers.resolver import GuardedResolver, refused_names

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

__all__ = ["AddressGuard", "AddressRefused"]


class AddressRefused(IgnoreRequest):
    """A request that was not made. The message is a sentence for people."""


class AddressGuard:
    """Downloader middleware, the last before the download. Names are checked again when they are resolved."""

    def __init__(self, allow_loopback: bool) -> None:
        self._allow_loopback = allow_loopback
        self._installed = False

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Made by Scrapy."""
        return cls(crawler.settings.getbool("JERAT_ALLOW_LOOPBACK"))

    def process_request(self, request: Request) -> None:
        """Raises AddressRefused."""
        if not self._installed:
            self._install()
        reason = refusal_of_url(request.url, self._allow_loopback)
        if reason:
            raise AddressRefused(f"not fetched: {reason}")

    def process_exception(self, request: Request, exception: Exception) -> Response | None:
        """A name that the resolver refused looks like one that does not exist: say what it really was."""
        reason = refused_names.get((urlsplit(request.url).hostname or "").lower())
        if (
            reason
            and not isinstance(exception, IgnoreRequest)
            and "resol"
            in f"{type(exception).__name__} {exception}".lower()
            + ("resol" if "Lookup" in type(exception).__name__ else "")
        ):
            raise AddressRefused(f"not fetched: {reason}") from exception
        return None

    def _install(self) -> None:
        """The reactor must resolve through the guard, also where something else than Scrapy's own process started it."""
        from twisted.internet import reactor

        if not isinstance(reactor.nameResolver, GuardedResolver):
            GuardedResolver(reactor, self._allow_loopback).install_on_reactor()
        self._installed = True
