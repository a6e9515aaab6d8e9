"""Gives a request the token of its host, and takes away that of any other: also where a redirect carried one along."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlsplit

from scrapy.http import Request

from crawlers.addresses import is_loopback_host
from pipelines.context import context_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

__all__ = ["Tokens", "host_and_port", "is_safe_for_tokens"]

_HEADERS: Final = ("Authorization", "Api-Key", "Api-Username")


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _discourse(token: str) -> dict[str, str]:
    user, colon, key = token.partition(":")
    return {"Api-Username": user, "Api-Key": key} if colon else {"Api-Key": token}


_FORMS: Final[dict[str, Callable[[str], dict[str, str]]]] = {
    "mastodon": _bearer,
    "bluesky": _bearer,
    "reddit": _bearer,
    "discourse": _discourse,
}


def host_and_port(url: str) -> str:
    """The host in lower case, with the port where it is not the one of the scheme."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    try:
        port = parts.port
    except ValueError:
        return ""
    return host if port in (None, {"http": 80, "https": 443}.get(parts.scheme)) else f"{host}:{port}"


def is_safe_for_tokens(url: str) -> bool:
    """Whether nobody on the way can read what is sent to `url`."""
    parts = urlsplit(url)
    return parts.scheme == "https" or is_loopback_host(parts.hostname or "")


class Tokens:
    """Downloader middleware behind the redirects. A token goes over https, or to loopback, and never with robots.txt."""

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Set the headers, or take them away."""
        platform: str = getattr(self._crawler.spider, "keyed_as", "")
        for name in _HEADERS if platform else ():
            request.headers.pop(name, None)
        if not platform or not request.meta.get("jerat_page"):
            return
        if not is_safe_for_tokens(request.url):
            return
        token = context_of(self._crawler).settings.tokens(platform).get(host_and_port(request.url))
        if token:
            for name, value in _FORMS[platform](token).items():
                request.headers[name] = value
