"""The way out of the browser: what may be reached by it is what the guard lets through, whatever a page tries."""

import asyncio
import base64
import os
import socket
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from crawlers.browser.chromium import find_chromium, launch_options
from crawlers.browser.proxy import GuardedProxy
from jerat.settings import Settings

NAMES = {
    "good.example": ["127.0.0.1"],
    "meta.example": ["169.254.169.254"],
    "both.example": ["127.0.0.1", "169.254.169.254"],
    "mapped.example": ["::ffff:169.254.169.254"],
    "many.example": ["224.0.0.1"],
    "nothing.example": [],
}


async def _resolve(host: str, port: int) -> list[str]:
    return NAMES.get(host, [host])


@asynccontextmanager
async def _proxy(allow_loopback: bool = True, max_bytes: int = 1_000_000) -> AsyncIterator[GuardedProxy]:
    proxy = GuardedProxy(allow_loopback, max_bytes, 5, _resolve)
    await proxy.start()
    try:
        yield proxy
    finally:
        await proxy.close()


async def _say(
    proxy: GuardedProxy, head: str, body: bytes = b"", *, password: str | None = None, after: bytes = b""
) -> bytes:
    host, port = proxy.address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    given = base64.b64encode(f"{proxy.user}:{proxy.password if password is None else password}".encode()).decode()
    writer.write(f"{head}\r\nProxy-Authorization: Basic {given}\r\n\r\n".encode() + body)
    answer = b""
    if after:
        answer = await reader.readuntil(b"\r\n\r\n")
        writer.write(after)
    answer += await asyncio.wait_for(reader.read(-1), 10)
    writer.close()
    return answer


def _run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/",
        "http://2852039166/",
        "http://0xA9.0xFE.0xA9.0xFE/",
        "http://meta.example/",
        "http://both.example/",
        "http://mapped.example/",
        "http://many.example/",
        "http://metadata.google.internal/",
        "http://0.0.0.0/",
        "http://[::]/",
        "http://user@good.example/",
        "ftp://good.example/",
        "https://good.example/",
        "/local",
    ],
)
def test_what_is_off_limits_is_refused_with_its_reason_though_loopback_is_allowed(target: str) -> None:
    async def work() -> None:
        async with _proxy() as proxy:
            answer = await _say(proxy, f"GET {target} HTTP/1.1\r\nHost: x")
            assert answer.startswith(b"HTTP/1.1 403 "), answer
            assert len(proxy.refused) == 1
            host = target.partition("//")[2].rstrip("/").rpartition("@")[2].split("/")[0]
            if host.endswith(("example", "]")) or host[:1].isdigit():
                answer = (
                    await _say(proxy, f"CONNECT {host}:443 HTTP/1.1", after=b"")
                    if "good" not in host
                    else b"HTTP/1.1 403 "
                )
                assert answer.startswith(b"HTTP/1.1 403 "), answer

    _run(work())


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://good.example:{port}/", "http://[::1]:{port}/"],
)
def test_loopback_is_reached_only_where_it_is_allowed(new_site: Callable[[], Any], target: str) -> None:
    site = new_site()
    site.pages = {"/": "the machine's own page"}
    port = site.base.rsplit(":", 1)[1]

    async def work() -> None:
        async with _proxy(allow_loopback=False) as proxy:
            answer = await _say(proxy, f"GET {target.format(port=port)} HTTP/1.1\r\nHost: x")
            assert answer.startswith(b"HTTP/1.1 403 ")
            host = target.split("/")[2].format(port=port)
            assert (await _say(proxy, f"CONNECT {host} HTTP/1.1")).startswith(b"HTTP/1.1 403 ")

    _run(work())
    assert not site.asked


def test_what_is_allowed_comes_and_nothing_of_the_proxy_goes_on(new_site: Callable[[], Any]) -> None:
    site = new_site()
    site.pages = {"/a?b=1": "words"}
    port = site.base.rsplit(":", 1)[1]

    async def work() -> None:
        async with _proxy() as proxy:
            answer = await _say(
                proxy, f"GET http://good.example:{port}/a?b=1 HTTP/1.1\r\nHost: good.example\r\nX-Own: yes"
            )
            assert answer.endswith(b"words")
            assert b"Connection: close" in answer, "or the browser would use the connection again"
            assert proxy.bytes > 5
            assert (await _say(proxy, f"GET http://good.example:{port}/a HTTP/1.1", password="no")).startswith(
                b"HTTP/1.1 407 "
            )
            assert (await _say(proxy, "GET http://nothing.example/ HTTP/1.1")).startswith(b"HTTP/1.1 502 ")
            upgrade = f"GET http://good.example:{port}/a?b=1 HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade"
            assert (await _say(proxy, upgrade)).startswith(b"HTTP/1.1 403 ")
            # a tunnel is for TLS and nothing else
            answer = await _say(proxy, f"CONNECT good.example:{port} HTTP/1.1", after=b"GET /a?b=1 HTTP/1.1\r\n\r\n")
            assert answer == b"HTTP/1.1 200 Connection established\r\n\r\n"

    _run(work())
    assert site.asked == ["/a?b=1"]
    assert site.headers[0].get("X-Own") == "yes"
    assert not [name for name in site.headers[0] if name.lower().startswith("proxy")]


def test_the_bytes_of_a_page_are_bounded(new_site: Callable[[], Any]) -> None:
    site = new_site()
    site.pages = {"/": "x" * 300_000}

    async def work() -> None:
        async with _proxy(max_bytes=100_000) as proxy:
            answer = await _say(proxy, f"GET {site.base}/ HTTP/1.1\r\nHost: x")
            assert len(answer) <= 100_000
            assert proxy.exceeded
            proxy.begin()
            assert (proxy.bytes, proxy.exceeded) == (0, False)

    _run(work())


def test_a_client_that_says_no_http_is_left() -> None:
    async def work() -> None:
        async with _proxy() as proxy:
            for head in (b"\x16\x03\x01" + b"\x00" * 100, b"GET\r\n\r\n", b"GET " + b"a" * 100_000 + b"\r\n\r\n"):
                host, port = proxy.address.removeprefix("http://").split(":")
                reader, writer = await asyncio.open_connection(host, int(port))
                writer.write(head)
                writer.write_eof()
                assert not (await asyncio.wait_for(reader.read(-1), 10)).startswith(b"HTTP/1.1 200")
                writer.close()

    _run(work())


# -- with the browser itself, and nothing else between it and the proxy ----------------------------------------------------

_TRIES = """async () => {
  const said = {};
  const get = async (url) => { try { return (await fetch(url, {mode: "no-cors", signal: AbortSignal.timeout(3000)})).status; }
    catch (error) { return "failed"; } };
  for (const url of %s) said[url] = await get(url);
  await new Promise((done) => { const socket = new WebSocket("ws://good.example:%s/socket");
    socket.onopen = () => { said.socket = "open"; done(); }; socket.onerror = () => { said.socket = "failed"; done(); };
    setTimeout(done, 3000); });
  if (window.RTCPeerConnection) {
    const peer = new RTCPeerConnection({iceServers: [{urls: "stun:127.0.0.1:%s"}]});
    peer.createDataChannel("x"); await peer.setLocalDescription(await peer.createOffer());
    await new Promise((done) => setTimeout(done, 500));
  }
  return said;
}"""


@pytest.fixture
def datagrams() -> Iterator[tuple[int, list[bytes]]]:
    """A UDP port on loopback, and what came to it."""
    came: list[bytes] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        one.settimeout(0.2)
        ended = threading.Event()

        def listen() -> None:
            while not ended.is_set():
                try:
                    came.append(one.recv(2000))
                except TimeoutError:
                    continue

        thread = threading.Thread(target=listen)
        thread.start()
        yield one.getsockname()[1], came
        ended.set()
        thread.join()


@pytest.mark.browser
def test_the_browser_reaches_nothing_but_by_the_proxy(
    new_site: Callable[[], Any], page_type: Any, datagrams: tuple[int, list[bytes]]
) -> None:
    from playwright.async_api import async_playwright

    if os.environ.get("JERAT_TEST_WITHOUT_BROWSER"):
        pytest.skip("--without-browser was asked for")
    site = new_site()
    port = site.base.rsplit(":", 1)[1]
    site.pages = {
        "/": "<title>here</title>",
        "/away": page_type("", 302, {"Location": "http://meta.example/secret"}),
        "/home": page_type("", 302, {"Location": f"http://both.example:{port}/secret"}),
        "/secret": "secret",
        "/ok": "ok",
    }
    urls = [
        f"http://good.example:{port}/ok", "http://meta.example/", "http://169.254.169.254/", f"http://both.example:{port}/secret",
        f"http://good.example:{port}/away", f"http://good.example:{port}/home", "http://nothing.example/", "file:///etc/hostname",
    ]  # fmt: skip

    async def work() -> None:
        async with _proxy() as proxy, async_playwright() as playwright:
            options = launch_options(find_chromium(Settings()), proxy.address, proxy.user, proxy.password)
            browser = await playwright.chromium.launch(**options)
            try:
                page = await browser.new_page()
                answer = await page.goto(f"http://good.example:{port}/")
                assert answer is not None
                assert await page.title() == "here"
                said = await page.evaluate(_TRIES % (urls, port, datagrams[0]))
                assert said[urls[0]] == 200
                assert said["socket"] == "failed"
                assert {"meta.example", "169.254.169.254", "both.example"} <= set(proxy.refused)
                # by its address, loopback goes through the proxy too
                before = len(site.asked)
                await page.goto(f"{site.base}/ok")
                assert site.asked[before:] == ["/ok"]
            finally:
                await browser.close()
        async with _proxy(allow_loopback=False) as proxy, async_playwright() as playwright:
            options = launch_options(find_chromium(Settings()), proxy.address, proxy.user, proxy.password)
            browser = await playwright.chromium.launch(**options)
            try:
                page = await browser.new_page()
                before = len(site.asked)
                for url in (
                    f"{site.base}/secret",
                    f"http://localhost:{port}/secret",
                    f"http://good.example:{port}/secret",
                ):
                    answer = await page.goto(url)
                    assert answer is not None
                    assert answer.status == 403
                assert len(site.asked) == before
            finally:
                await browser.close()

    asyncio.run(work())
    assert "/secret" not in site.asked
    assert "/socket" not in site.asked
    assert not datagrams[1], "WebRTC went past the proxy"
