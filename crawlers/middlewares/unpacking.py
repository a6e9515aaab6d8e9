"""How far a response may unpack: a page that is a thousand times its packed size is made to fill the memory."""

from typing import TYPE_CHECKING, Final, Self

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

__all__ = ["ALWAYS_ALLOWED", "Unpacking", "unpacked_bound"]

ALWAYS_ALLOWED: Final = 2 * 1024 * 1024
"""Bytes that any response may unpack to: lists of the same few words pack well, and small ones do no harm."""
_BOUND: Final = "jerat_unpacked"


def unpacked_bound(packed: int, ratio: int, max_response: int) -> int:
    """Bytes to which `packed` bytes may unpack."""
    return min(max_response, max(ALWAYS_ALLOWED, packed * ratio))


class Unpacking:
    """Downloader middleware before Scrapy's decompression, whose bound it sets response by response (JERAT_MAX_RATIO)."""

    def __init__(self, ratio: int, max_response: int) -> None:
        self._ratio = ratio
        self._max_response = max_response

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Made by Scrapy."""
        return cls(crawler.settings.getint("JERAT_MAX_RATIO"), crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_request(self, request: Request) -> None:
        """A redirect carries the bound of the answer before it along."""
        if request.meta.pop(_BOUND, None):
            request.meta.pop("download_maxsize", None)

    def process_response(self, request: Request, response: Response) -> Response:
        """Set the bound for what comes packed."""
        if response.headers.get("Content-Encoding") and "download_maxsize" not in request.meta:
            bound = unpacked_bound(len(response.body), self._ratio, self._max_response)
            if bound < self._max_response:
                request.meta["download_maxsize"] = bound
                request.meta[_BOUND] = bound
        return response

    @staticmethod
    def refused(request: Request, error: BaseException) -> bool:
        """Whether it was the ratio, and not the size alone, for which a response was refused."""
        return _BOUND in request.meta and isinstance(error, IgnoreRequest) and "during decompression" in str(error)
