"""One page in the browser: what it may load, and what is done on it until all that it has to say is there."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame, Page, Request, Route
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawlers.addresses import refusal_of_url
from crawlers.browser.words import button_words
from crawlers.declared import BrowserRules

__all__ = ["BrowserTrouble", "Visit", "is_html", "script", "short"]

Fetch = Callable[[str, list[Any]], Awaitable[Response]]
"""Fetches a document with the cookies of the browser, by Scrapy's own way: robots, pace, guard and limits hold."""

# Kinds of requests that bring words; see https://playwright.dev/python/docs/api/class-request#request-resource-type
_WORDS: Final = frozenset({"document", "script", "xhr", "fetch", "stylesheet"})
_PICTURES: Final = frozenset({"image", "font"})
_MAX_REQUESTS: Final = 500
_MAX_NODES: Final = 150_000
_MAX_CLICKS: Final = 200
_MAX_FRAMES: Final = 8
_MAX_HEIGHT: Final = 15_000
_LOAD_SECONDS: Final = 10.0
_IDLE_MS: Final = 4_000
_WAIT_MS: Final = 10_000
_STEP: Final = 0.25
_STEPS: Final = 6
_SHOT_MS: Final = 20_000


class BrowserTrouble(IgnoreRequest):
    """A page that the browser could not show. The message is a sentence for people."""


@cache
def script(name: str) -> str:
    """A script that comes with jerat."""
    return files("crawlers.browser").joinpath(name).read_text("utf-8")


@dataclass  # with a __dict__: Playwright marks the handlers of its events
class Visit:
    """One visit of one page. `document` is what was fetched for it, and changes where a script leads elsewhere."""

    document: Response
    rules: BrowserRules
    fetch: Fetch
    allow_loopback: bool
    max_redirects: int
    max_bytes: int
    patience: float
    """Seconds for an answer of the page's scripts."""
    pictures: bool = False
    page: Page | None = None
    settled: bool = False
    redirects: int = 0
    requests: int = 0
    trouble: str = ""
    notes: list[str] = field(default_factory=list)
    fetched: dict[str, Response] = field(default_factory=dict)
    loads: dict[str, int] = field(default_factory=dict)
    failed: asyncio.Event = field(default_factory=asyncio.Event)
    picture: str = ""
    """The name of the file with the picture of the page."""

    async def attach(self, page: Page) -> None:
        """Before anything is loaded: no windows, no questions, no sockets."""
        self.page = page
        await page.add_init_script(script("before.js"))
        await page.route_web_socket("**/*", lambda socket: socket.close())
        page.on("dialog", lambda dialog: _later(dialog.dismiss()))
        page.on("popup", lambda popup: _later(popup.close()))
        page.on("crash", lambda _: self._fail("the page broke the browser, perhaps by its size"))

    def _fail(self, sentence: str) -> None:
        self.trouble = self.trouble or sentence
        self.failed.set()

    # -- what the page may load --------------------------------------------------------------------------------------

    async def route(self, route: Route, request: Request) -> None:
        """Every request of the page: its own documents come from Scrapy, what is needed to show it goes on, and no more."""
        with suppress(PlaywrightError):
            try:
                await self._routed(route, request)
            except (IgnoreRequest, OSError, ValueError) as error:
                self._fail(str(error) or type(error).__name__)
                await route.abort("blockedbyclient")

    async def _routed(self, route: Route, request: Request) -> None:
        self.requests += 1
        reason = refusal_of_url(request.url, self.allow_loopback)
        if reason or request.resource_type not in (_WORDS | _PICTURES if self.pictures else _WORDS):
            await route.abort("blockedbyclient")
        elif request.is_navigation_request() and _is_main(request):
            await self._document(route, request)
        elif self.requests > _MAX_REQUESTS:
            if self.requests == _MAX_REQUESTS + 1:
                self.notes.append(f"a page asks for more than {_MAX_REQUESTS} files: the rest was not loaded")
            await route.abort("blockedbyclient")
        else:
            await route.continue_()

    async def _document(self, route: Route, request: Request) -> None:
        url = request.url
        if self.settled or request.method != "GET":  # a click that leads away
            await route.abort("aborted")
            return
        document = self.fetched.pop(url, None)
        if document is None:
            first = not self.loads and _same(url, self.document.url)
            if not first:
                self.redirects += 1
                if self.redirects > self.max_redirects:
                    self._fail("its scripts redirect more often than JERAT_MAX_REDIRECTS allows, perhaps in a circle")
                    await route.abort("aborted")
                    return
            document = self.document if first else await self.fetch(url, await _cookies(self.page, url))
            if not is_html(document):
                self._fail(f"its scripts lead to {kind_of(document)}, which is no page: {url}")
                await route.abort("aborted")
                return
            if not _same(document.url, url):  # a redirect on the way: the browser has to know where it is
                self.fetched[document.url.split("#")[0]] = document
                await route.fulfill(body=_lead(document.url), content_type="text/html; charset=utf-8")
                return
        self.document = document
        self.loads[url] = self.loads.get(url, 0) + 1
        await route.fulfill(status=document.status, headers=_headers(document), body=document.body)

    # -- what is done on it --------------------------------------------------------------------------------------------

    async def settle(self, page: Page) -> None:
        """Wait until the page is there, refuse what it asks, open what is folded, and fetch what comes at its end."""
        await self._loaded(page)
        await self._quiet(page, "networkidle", _IDLE_MS)
        if self.redirects:  # a script led elsewhere in the meantime
            await self._loaded(page)
        self.settled = not self.trouble
        if self.trouble or self.document.status >= 400:
            return
        if self.rules.wait_for:
            try:
                await page.wait_for_selector(self.rules.wait_for, state="attached", timeout=_WAIT_MS)
            except PlaywrightError:
                self.notes.append(
                    f"`browser.wait_for` ({self.rules.wait_for}) did not come within {_WAIT_MS // 1000} s"
                )
        await self._refuse_consent(page)
        await self._unfold(page)
        length = _number(await self._ask(page.main_frame, {"what": "length"}), "length")
        if length > self.max_bytes:
            self._fail(f"the page grew larger than JERAT_MAX_RESPONSE allows ({length:,} characters)")

    async def _loaded(self, page: Page) -> None:
        """Wait until the document is read to its end, and a while for all that it loads. Its own word counts for that:
        what Playwright says of it may still be of the empty page before."""
        clock = asyncio.get_running_loop().time
        began = clock()
        while not self.trouble:
            state = (await self._ask(page.main_frame, {"what": "size"})).get("state")
            waited = clock() - began
            if state == "complete" or (state == "interactive" and waited > _LOAD_SECONDS):
                return
            if waited > max(self.patience, _LOAD_SECONDS):
                self.notes.append(f"a page was not read to its end within {waited:.0f} s: what was there counts")
                return
            await asyncio.sleep(_STEP / 2)

    async def _quiet(self, page: Page, state: Any, milliseconds: int) -> None:
        """Wait for a state of the page, or for trouble, or for as long as it may take."""
        waits = [
            asyncio.ensure_future(page.wait_for_load_state(state, timeout=milliseconds)),
            asyncio.ensure_future(self.failed.wait()),
        ]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for one in waits:
            one.cancel()
        await asyncio.gather(*waits, return_exceptions=True)

    async def _refuse_consent(self, page: Page) -> None:
        words = button_words()
        ask = {"what": "consent", "decline": words.decline, "close": words.close}
        for _ in range(3):
            clicked = [_number(await self._ask(frame, ask), "clicked") for frame in page.frames[:_MAX_FRAMES]]
            if not any(clicked):
                return
            await asyncio.sleep(_STEP)

    async def _unfold(self, page: Page) -> None:
        """Click and scroll in turns as long as something comes of it."""
        clicks, grown = 0, False
        for _ in range(max(1, self.rules.scrolls)):
            ask = {
                "what": "more",
                "words": button_words().more,
                "selectors": self.rules.click,
                "most": _MAX_CLICKS - clicks,
            }
            before = await self._ask(page.main_frame, ask)
            clicked = _number(before, "clicked")
            clicks += clicked
            if clicked:
                await self._grown(page, before)
            before = await self._ask(page.main_frame, {"what": "size"})
            if _number(before, "nodes") > _MAX_NODES:
                self.notes.append(f"a page has more than {_MAX_NODES:,} elements: no more of it was asked for")
                return
            grown = False
            if self.rules.scrolls and _number(before, "height") > _number(before, "window"):
                await self._ask(page.main_frame, {"what": "scroll"})
                grown = await self._grown(page, before)
            if not clicked and not grown:
                return
        if grown:
            self.notes.append(
                f"a page still grew after {self.rules.scrolls} scrolls (`browser.scrolls`); the rest was left"
            )

    async def _grown(self, page: Page, before: dict[str, Any]) -> bool:
        """Whether the page gets longer within a moment."""
        for _ in range(_STEPS):
            await asyncio.sleep(_STEP)
            now = await self._ask(page.main_frame, {"what": "size"})
            if (
                _number(now, "nodes") > _number(before, "nodes")
                or _number(now, "height") > _number(before, "height") + 20
            ):
                await self._quiet(page, "networkidle", 1000)
                return True
        return False

    async def _ask(self, frame: Frame, ask: dict[str, Any]) -> dict[str, Any]:
        """Run our script in a frame. A page that does not let it answers nothing; one that never answers is given up."""
        try:
            said = await asyncio.wait_for(frame.evaluate(script("page.js"), ask), self.patience)
        except PlaywrightError:
            return {}
        except TimeoutError:
            raise BrowserTrouble(
                f"its scripts never rest: no answer within {self.patience:g} s (JERAT_TIMEOUT)"
            ) from None
        return said if isinstance(said, dict) else {}

    async def photograph(self, page: Page, folder: Path) -> None:
        """Keep a picture of the whole page, down to a height that fits into one."""
        try:
            size = await self._ask(page.main_frame, {"what": "top"})
            height = min(max(_number(size, "height"), 900), _MAX_HEIGHT)
            clip: Any = {"x": 0, "y": 0, "width": (page.viewport_size or {"width": 1280})["width"], "height": height}
            shot = await page.screenshot(full_page=True, clip=clip, timeout=_SHOT_MS, animations="disabled")
        except PlaywrightError as error:
            self.notes.append(f"no picture could be taken: {short(error)}")
            return
        name = f"{hashlib.sha256(shot).hexdigest()}.png"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(shot)
        self.picture = name


def kind_of(document: Response) -> str:
    """The media type that an answer claims, in lower case."""
    said = (document.headers.get("Content-Type") or b"text/html").decode("latin-1")
    return said.split(";")[0].strip().lower()


def is_html(document: Response) -> bool:
    """Whether an answer is a page that a browser shows."""
    return kind_of(document) in ("text/html", "application/xhtml+xml") and b"<" in document.body[:2000]


def short(error: Exception) -> str:
    """The first line of what Playwright says."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


def _number(said: dict[str, Any], name: str) -> int:
    """A number as the page gives it, which may be anything."""
    value = said.get(name)
    return int(value) if isinstance(value, (int, float)) and 0 <= value < 1e12 else 0


async def _cookies(page: Page | None, url: str) -> list[Any]:
    found = await page.context.cookies(url) if page is not None else []
    return [{"name": one.get("name", ""), "value": one.get("value", "")} for one in found]


def _is_main(request: Request) -> bool:
    try:
        return request.frame.parent_frame is None
    except PlaywrightError:
        return True


def _same(one: str, other: str) -> bool:
    return one.split("#")[0].rstrip("/") == other.split("#")[0].rstrip("/")


def _headers(document: Response) -> dict[str, str]:
    left_out = {"content-encoding", "content-length", "transfer-encoding", "connection", "strict-transport-security"}
    made = {}
    for name, values in document.headers.items():
        key = name.decode("latin-1").lower()
        if key not in left_out:
            made[key] = ("\n" if key == "set-cookie" else ", ").join(value.decode("latin-1") for value in values)
    return made


def _lead(url: str) -> str:
    import json

    return f"<script>location.replace({json.dumps(url).replace('<', '%3C')})</script>"


def _later(work: Awaitable[Any]) -> None:
    async def done() -> None:
        with suppress(PlaywrightError):
            await work

    task = asyncio.ensure_future(done())
    _TASKS.add(task)
    task.add_done_callback(_TASKS.discard)


_TASKS: Final[set[asyncio.Future[None]]] = set()
