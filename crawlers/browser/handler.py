"""Scrapy's download handler for pages that are shown in a browser, on scrapy-playwright.

The document itself is fetched by Scrapy, so that robots.txt, pace, limits, the guard and every message hold as for any
page; the browser gets it from there, and asks for all else through the guarded proxy.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page
from scrapy import Request
from scrapy.http import Response
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler  # type: ignore[import-untyped]

from crawlers.browser.chromium import find_chromium, launch_options
from crawlers.browser.proxy import GuardedProxy
from crawlers.browser.visit import BrowserTrouble, Visit, is_html, short
from crawlers.configure import user_agent
from pipelines.context import context_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

__all__ = ["BrowserHandler"]

_BYTES_A_PAGE: Final = 2
"""All files of a page together, in multiples of JERAT_MAX_RESPONSE."""
_PATIENCE: Final = 60.0
"""Seconds for one page, besides those that its scrolls may take."""
_CLOSING: Final = 5.0


class BrowserHandler(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]
    """One browser a run, started with the first page; one page at a time. Requests without `playwright` go the usual way."""

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        self._jerat = crawler
        if crawler.settings.get("LOG_LEVEL") != "DEBUG":
            logging.getLogger("scrapy-playwright").setLevel(logging.CRITICAL)  # the dead letters tell it
        self._proxy: GuardedProxy | None = None
        self._one_by_one = asyncio.Lock()
        self._visit: Visit | None = None

    async def _launch(self) -> None:
        """Not with the engine, but with the first page."""

    async def _started(self) -> GuardedProxy:
        if self._proxy is not None:
            return self._proxy
        settings = context_of(self._jerat).settings
        program = find_chromium(settings)
        proxy = GuardedProxy(settings.allow_loopback, settings.max_response * _BYTES_A_PAGE, settings.timeout)
        await proxy.start()
        self.config.launch_options = launch_options(program, proxy.address, proxy.user, proxy.password)
        self.config.navigation_timeout_ms = settings.timeout * 1000
        await super()._launch()
        self._proxy = proxy
        return proxy

    async def _close(self) -> None:
        with suppress(PlaywrightError, TimeoutError):
            await asyncio.wait_for(super()._close(), 20)
        if self._proxy is not None:
            await self._proxy.close()

    async def _download_request(self, request: Request, spider: Any = None) -> Response:
        document = await self._fetch(request.url, [])
        size = document.meta.get("jerat_gzip_size")
        if document.meta.get("jerat_cut") or (size is not None and size != len(document.body) & 0xFFFFFFFF):
            request.meta["jerat_cut"] = True
        if document.status >= 400 or not is_html(document):
            return document.replace(request=request)
        async with self._one_by_one:
            return await self._shown(request, document)

    async def _fetch(self, url: str, cookies: list[Any]) -> Response:
        assert self._jerat.engine is not None
        inner = Request(url, cookies=cookies, dont_filter=True, meta={"jerat_document": True})
        return await self._jerat.engine.download_async(inner)

    async def _shown(self, request: Request, document: Response) -> Response:
        context = context_of(self._jerat)
        settings = context.settings
        spider: Any = self._jerat.spider
        rules = spider.browser_rules
        visit = Visit(
            document, rules, self._fetch, settings.allow_loopback, settings.max_redirects, settings.max_response,
            settings.timeout, pictures=rules.screenshot,
        )  # fmt: skip
        seconds = _PATIENCE + 2.0 * rules.scrolls
        target = request.replace(url=document.url)
        target.meta.update(
            playwright_context="jerat",
            playwright_context_kwargs={
                "user_agent": user_agent(settings),
                "locale": "en-US",
                "viewport": {"width": 1280, "height": 900},
                "accept_downloads": False,
                "service_workers": "block",
                "reduced_motion": "reduce",
            },
        )
        try:
            proxy = await self._started()
            proxy.begin()
            self._visit = visit
            response = await asyncio.wait_for(super()._download_request(target), seconds)
        except TimeoutError:
            raise BrowserTrouble(f"the page kept the browser busy for more than {seconds:.0f} s") from None
        except PlaywrightError as error:
            raise BrowserTrouble(visit.trouble or _explained(error)) from error
        finally:
            self._visit = None
            await self._put_away(visit.page)
        if visit.trouble:
            raise BrowserTrouble(visit.trouble)
        if proxy.exceeded:
            visit.notes.append(
                "the files of a page are together larger than twice JERAT_MAX_RESPONSE: not all was loaded"
            )
        for host, reason in proxy.refused.items():
            visit.notes.append(f"not loaded by a page: {host}: {reason}")
        spider.visited(visit)
        if visit.document.status >= 400:
            return visit.document.replace(request=request)
        meta = {"jerat_picture": visit.picture} if visit.picture else {}
        request.meta.update(meta)
        shown: Response = response.replace(request=request)
        return shown

    async def _put_away(self, page: Page | None) -> None:
        """Close a page that is still open; with it the browser, where the page does not let go."""
        if page is None or page.is_closed():
            return
        try:
            await asyncio.wait_for(page.close(), _CLOSING)
        except (PlaywrightError, TimeoutError):
            browser = getattr(self, "browser", None)
            if browser is not None:
                with suppress(PlaywrightError, TimeoutError):
                    await asyncio.wait_for(browser.close(), _CLOSING)

    # -- what scrapy-playwright asks of a handler ------------------------------------------------------------------------

    async def _create_page(self, request: Request, spider: Any) -> Page:
        page: Page = await super()._create_page(request, spider)
        assert self._visit is not None
        await self._visit.attach(page)
        return page

    def _make_request_handler(self, **_: Any) -> Callable[..., Any]:
        assert self._visit is not None
        return self._visit.route

    async def _get_response_and_download(self, request: Request, page: Page, spider: Any) -> tuple[Any, None]:
        return await page.goto(request.url, wait_until="commit"), None

    async def _apply_page_methods(self, page: Page, request: Request, spider: Any) -> None:
        visit = self._visit
        assert visit is not None
        await visit.settle(page)
        if visit.rules.screenshot and not visit.trouble and visit.document.status < 400:
            await visit.photograph(page, self._jerat.spider.pictures_folder)  # type: ignore[union-attr]


def _explained(error: PlaywrightError) -> str:
    said = short(error)
    if "sandbox" in str(error).lower():
        return f"Chromium cannot be started in its sandbox on this machine, which has to allow user namespaces: {said}"
    if "Executable doesn't exist" in said or "Failed to launch" in said:
        return f"Chromium cannot be started: {said}"
    return f"the browser could not show the page: {said}"
