"""The only way out of the browser: a proxy of our own on loopback that resolves, checks, and connects to what it has checked.

The browser resolves no name and opens no connection but to this proxy, so that nothing can be rebound between the check
and the connection. It wants a password that only our browser has, and bounds the bytes of a page.
"""

import asyncio
import base64
import re
import secrets
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from crawlers.addresses import refusal_of_address, refusal_of_url

__all__ = ["GuardedProxy", "Resolve"]

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Gives the IP addresses of a name."""

_MAX_HEAD: Final = 65_536
_CHUNK: Final = 65_536
_HEAD_SECONDS: Final = 20.0
_IDLE_SECONDS: Final = 60.0
_LOOKUP_SECONDS: Final = 8.0
_MAX_NOWHERE: Final = 10_000
_TLS_HANDSHAKE: Final = 0x16
_HOP: Final = ("connection", "keep-alive", "proxy-connection", "proxy-authenticate", "upgrade")
_DROPPED: Final = ("proxy-authorization", "proxy-connection", "connection", "keep-alive", "te", "upgrade")


class GuardedProxy:
    """Start it, give the browser `address`, `user` and `password`, and close it."""

    user: Final = "jerat"

    def __init__(
        self, allow_loopback: bool, max_bytes: int, timeout: float = 30.0, resolve: Resolve | None = None
    ) -> None:
        self.password = secrets.token_urlsafe(24)
        self.refused: dict[str, str] = {}
        """Hosts that were asked for and refused, with the reason."""
        self.bytes = 0
        """What came since `begin`."""
        self.exceeded = False
        self._allow_loopback = allow_loopback
        self._max_bytes = max_bytes
        self._timeout = timeout
        self._resolve = resolve or _resolved
        self._nowhere: set[str] = set()  # hosts without an address: pages ask for the same again and again
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> str:
        """Where it listens."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def start(self) -> None:
        """Listen on loopback, on a free port."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=_MAX_HEAD)

    async def close(self) -> None:
        """End every connection."""
        if self._server is not None:
            self._server.close()
        for writer in list(self._open):
            writer.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._server is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._server.wait_closed(), 5)

    def begin(self) -> None:
        """A new page: its bytes count from here."""
        self.bytes = 0
        self.exceeded = False
        self.refused.clear()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._connection(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _HEAD_SECONDS)
            await self._answer(head, reader, writer)
        except (OSError, ValueError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the browser went away, or said what is no HTTP
        finally:
            self._open.discard(writer)
            writer.close()

    async def _answer(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = head.decode("latin-1").split("\r\n")
        method, target, _ = lines[0].split(" ", 2)
        headers = [
            (name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines[1:] if line)
        ]
        wanted = "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        given = next((value for name, value in headers if name.lower() == "proxy-authorization"), "")
        if not secrets.compare_digest(given.encode(), wanted.encode()):
            await _say(writer, 407, "the proxy is for one browser", 'Proxy-Authenticate: Basic realm="jerat"')
            return
        tunnel = method.upper() == "CONNECT"
        url = f"https://{target}/" if tunnel else target
        upgrade = any(name.lower() == "upgrade" for name, _ in headers)
        reason = refusal_of_url(url, self._allow_loopback) or ("no upgrades" if upgrade else "")
        if not reason and not tunnel and urlsplit(url).scheme != "http":
            reason = "only http without a tunnel"
        parts = urlsplit(url)
        if reason:
            await self._refuse(writer, parts.hostname or target, reason)
            return
        port = parts.port or (443 if tunnel else 80)
        address, reason = await self._checked(parts.hostname or "", port)
        if reason:
            await self._refuse(writer, parts.hostname or "", reason)
            return
        if not address:
            await _say(writer, 502, "the name of the host cannot be resolved")
            return
        try:
            far = await asyncio.wait_for(asyncio.open_connection(address, port), self._timeout)
        except (OSError, TimeoutError):
            await _say(writer, 502, "no connection came about")
            return
        self._open.add(far[1])
        try:
            if tunnel:
                await self._tunnel(reader, writer, *far)
            else:
                path = parts.path or "/"
                far[1].write(_request(method, f"{path}?{parts.query}" if parts.query else path, headers))
                await self._head_of_answer(writer, far[0])
                await self._both(reader, writer, *far)
        finally:
            self._open.discard(far[1])
            far[1].close()

    async def _head_of_answer(self, writer: asyncio.StreamWriter, far_reader: asyncio.StreamReader) -> None:
        """One answer for each connection: the browser must not take it for one that it can use again."""
        while True:
            head = await asyncio.wait_for(far_reader.readuntil(b"\r\n\r\n"), _IDLE_SECONDS)
            self.bytes += len(head)
            first, *lines = head.decode("latin-1").split("\r\n")[:-2]
            if not re.match(r"HTTP/1\.[01] 1\d\d", first):
                break
        kept = [line for line in lines if line.partition(":")[0].strip().lower() not in _HOP]
        writer.write("\r\n".join([first, *kept, "Connection: close", "", ""]).encode("latin-1"))

    async def _checked(self, host: str, port: int) -> tuple[str, str]:
        """An address of the host, or why it is refused; neither where it has none. One bad address refuses the whole name."""
        if host in self._nowhere:
            return "", ""
        try:
            found = await asyncio.wait_for(self._resolve(host, port), min(self._timeout, _LOOKUP_SECONDS))
        except (OSError, UnicodeError, TimeoutError):
            found = []
        if not found:
            if len(self._nowhere) < _MAX_NOWHERE:
                self._nowhere.add(host)
            return "", ""
        for one in found:
            reason = refusal_of_address(ip_address(one.split("%", 1)[0]), self._allow_loopback)
            if reason:
                return "", reason
        return found[0], ""

    async def _refuse(self, writer: asyncio.StreamWriter, host: str, reason: str) -> None:
        if len(self.refused) < 100:
            self.refused[host] = reason
        await _say(writer, 403, reason)

    async def _tunnel(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        far_reader: asyncio.StreamReader,
        far_writer: asyncio.StreamWriter,
    ) -> None:
        """Bytes both ways, if they begin as TLS does: a plain web socket would come this way too."""
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        first = await asyncio.wait_for(reader.read(_CHUNK), _HEAD_SECONDS)
        if not first or first[0] != _TLS_HANDSHAKE:
            return
        far_writer.write(first)
        await self._both(reader, writer, far_reader, far_writer)

    async def _both(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        far_reader: asyncio.StreamReader,
        far_writer: asyncio.StreamWriter,
    ) -> None:
        """Until one of them ends: the browser takes a connection that is closed here for the end, and closes its own."""
        ways = [
            asyncio.ensure_future(self._pump(reader, far_writer, counted=False)),
            asyncio.ensure_future(self._pump(far_reader, writer, counted=True)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in ways:
                one.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counted: bool) -> None:
        while data := await asyncio.wait_for(reader.read(_CHUNK), _IDLE_SECONDS):
            if counted:
                self.bytes += len(data)
                if self.bytes > self._max_bytes:
                    self.exceeded = True
                    return
            writer.write(data)
            await asyncio.wait_for(writer.drain(), _IDLE_SECONDS)


async def _resolved(host: str, port: int) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def _request(method: str, path: str, headers: list[tuple[str, str]]) -> bytes:
    kept = [(name, value) for name, value in headers if name.lower() not in _DROPPED]
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in kept), "Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1")


async def _say(writer: asyncio.StreamWriter, status: int, reason: str, *headers: str) -> None:
    body = f"jerat: {reason}\n".encode()
    lines = [
        f"HTTP/1.1 {status} Refused",
        *headers,
        "Content-Type: text/plain",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    head = "\r\n".join([*lines, "", ""])
    writer.write(head.encode() + body)
    with suppress(OSError):
        await writer.drain()
