"""Refuses what is no page before its body comes: attachments, pictures, films, programs."""

import re
from typing import TYPE_CHECKING, Final, Self

from scrapy import signals
from scrapy.exceptions import StopDownload
from scrapy.http import Request
from scrapy.http.headers import Headers

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

__all__ = ["Downloads", "refused_type"]

# Sitemaps come packed and as unknown bytes; what is sent as plain bytes is looked at when it is there.
_NO_PAGES: Final = re.compile(
    r"(?:image|audio|video|font|model)/|application/(?:pdf|zip|x-(?:7z|rar|tar|msdownload|msdos|dosexec|executable|apple|iso|"
    r"bzip|xz|sh|debian|rpm)|vnd\.(?!api\+json|.*(?:xml|json)$)|msword|java-archive|x-shockwave|wasm|ogg|rtf|epub)"
)
_ALSO_TEXT: Final = ("image/svg",)
_EXPECTED: Final = "jerat_image"
"""In the meta of a request that asks for a picture."""


def refused_type(content_type: str, disposition: str) -> str:
    """What a response is, where it is no page, as words for a sentence; else empty."""
    kind = content_type.partition(";")[0].strip().lower()
    if disposition.strip().lower().startswith("attachment"):
        return f"an attachment ({kind or 'of an unknown kind'})"
    return kind if _NO_PAGES.match(kind) and not kind.startswith(_ALSO_TEXT) else ""


class Downloads:
    """Scrapy extension that ends a download at its headers; the request fails with `StopDownload`."""

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Made by Scrapy."""
        extension = cls()
        crawler.signals.connect(extension.headers_received, signal=signals.headers_received)
        return extension

    def headers_received(self, headers: Headers, request: Request, **_: object) -> None:
        """Raises StopDownload."""
        if not request.meta.get("jerat_page") or request.meta.get(_EXPECTED):
            return

        def text(name: str) -> str:
            return (headers.get(name) or b"").decode("latin-1")

        if refused_type(text("Content-Type"), text("Content-Disposition")):
            raise StopDownload(fail=True)
