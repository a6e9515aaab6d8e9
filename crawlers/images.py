"""Fetches the pictures of posts, where the declared source says so, and keeps them beside the evidence.

They wait behind all pages, count as none, and have limits of their own: JERAT_MAX_IMAGES of a run, JERAT_MAX_IMAGE bytes and
JERAT_MAX_PIXELS each. All guards of a page hold for them. What is wrong with one never touches the post.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawlers.extract.picture import NoPictureError, read_picture
from crawlers.failures import trouble_of
from jerat.errors import CaseError
from pipelines.context import RunContext, context_of
from pipelines.enrich import Enriched

if TYPE_CHECKING:
    from crawlers.spiders.base import JeratSpider

__all__ = ["PictureFetcher"]

_ACCEPT: Final = {"Accept": "image/webp,image/png,image/jpeg,image/gif"}
_NO_PICTURES: Final = (
    *(".mp4", ".webm", ".mov", ".avi", ".mkv", ".m3u8", ".mp3", ".ogg", ".oga", ".wav"),
    *(".pdf", ".tgs", ".apk", ".zip", ".doc", ".docx", ".svg"),
)
_PRIORITY: Final = -50
_MOST_OF_A_POST: Final = 20


class PictureFetcher:
    """Scrapy extension."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._asked: dict[str, list[str]] = {}
        """The posts that wait for each address."""
        self._left_out = 0
        crawler.signals.connect(self.kept, signal=signals.item_scraped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def kept(self, item: Any, spider: "JeratSpider") -> None:
        """A post is in the case: ask for its pictures."""
        declared = getattr(spider, "declared", None)
        if declared is None or not declared.images or not isinstance(item, Enriched) or self._crawler.engine is None:
            return
        context = context_of(self._crawler)
        for url in item.post.media[:_MOST_OF_A_POST]:
            if context.broken or urlsplit(url).path.lower().endswith(_NO_PICTURES):
                continue
            if context.case.images.share(item.post.id, url):
                continue
            if url in self._asked:
                self._asked[url].append(item.post.id)
            elif len(self._asked) >= context.settings.max_images:
                self._too_many(spider, context)
            else:
                self._asked[url] = [item.post.id]
                self._ask(url, spider)

    def _too_many(self, spider: "JeratSpider", context: RunContext) -> None:
        self._left_out += 1
        allowed = context.settings.max_images
        said = f"pictures were left out: JERAT_MAX_IMAGES allows {allowed:,} a run"
        spider.notes = [note for note in spider.notes if said not in note] + [f"{self._left_out:,} {said}"]

    def _ask(self, url: str, spider: "JeratSpider") -> None:
        meta = {"jerat_image": True, "jerat_media": url, "download_maxsize": self._limit, "download_warnsize": 0}
        try:
            request = Request(
                url,
                callback=self.came,
                errback=self.failed,
                priority=_PRIORITY,
                meta=meta,
                headers=_ACCEPT,
                dont_filter=True,
            )
        except ValueError as error:
            self._refuse(url, spider, f"no address that can be fetched: {error}")
            return
        assert self._crawler.engine is not None
        self._crawler.engine.crawl(request)

    @property
    def _limit(self) -> int:
        settings = context_of(self._crawler).settings
        return min(settings.max_image, settings.max_response)

    def came(self, response: Response) -> Iterable[Any]:
        """The bytes of what should be a picture."""
        url, context = response.meta["jerat_media"], context_of(self._crawler)
        spider: Any = self._crawler.spider
        allowed = context.settings.max_pixels
        try:
            if len(response.body) > self._limit:
                raise NoPictureError(self._too_large(len(response.body)))
            picture = read_picture(response.body)
            if picture.pixels > allowed:
                raise NoPictureError(
                    f"{picture.width:,} × {picture.height:,} pixels: JERAT_MAX_PIXELS allows {allowed:,} in all"
                )
            for post_id in self._asked.get(url, ()):
                context.case.images.keep(post_id, url, response.body, picture.kind)
        except NoPictureError as error:
            self._refuse(url, spider, str(error))
        except CaseError as error:
            context.broken = context.broken or str(error)
        return ()

    def failed(self, failure: Failure) -> Iterable[Any]:
        """No answer, or one that is none."""
        request: Request = failure.request  # type: ignore[attr-defined]
        trouble = trouble_of(failure)
        sentence = self._too_large() if trouble.kind == "size" else trouble.sentence
        self._refuse(request.meta["jerat_media"], self._crawler.spider, sentence)
        return ()

    def _too_large(self, size: int = 0) -> str:
        context = context_of(self._crawler)
        name = "JERAT_MAX_IMAGE" if self._limit == context.settings.max_image else "JERAT_MAX_RESPONSE"
        if size:
            return f"{size:,} bytes: {name} allows {self._limit:,}"
        return f"larger than {name} allows ({self._limit:,} bytes)"

    def _refuse(self, url: str, spider: Any, problem: str) -> None:
        """Told once for an address, and kept with each post that names it."""
        context = context_of(self._crawler)
        try:
            fresh = [context.case.images.refuse(post_id, url, problem) for post_id in self._asked.get(url, ())]
        except CaseError as error:
            context.broken = context.broken or str(error)
            return
        if any(fresh):
            context.dead("image", f"the picture was not kept: {problem}", source=spider.source, url=url)
