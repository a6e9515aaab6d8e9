"""Serves the sample sites on loopback, each on a free port of its own, in threads of this process."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import urlsplit

from jerat.samples import channel, classifieds, jobboard
from jerat.samples.html import Page
from jerat.samples.posts import Form, SamplePost, load

__all__ = ["Expected", "Served", "Sites", "serve"]

_PAGES: Final = {"jobposting": jobboard.pages, "classifieds": classifieds.pages, "telegram": channel.pages}
_MISSING: Final = Page(
    b"<!DOCTYPE html><title>404</title><p>There is no such page.</p>", "text/html; charset=utf-8", 404
)


@dataclass(frozen=True, slots=True)
class Served:
    """A site that is being served. A crawl begins at `url`; `base` is where its paths hang."""

    name: str
    title: str
    form: Form
    base: str
    url: str


@dataclass(frozen=True, slots=True)
class Expected:
    """A post as it must come out of a crawl of `site`; its address ends with `path`."""

    site: str
    path: str
    post: SamplePost


@dataclass(frozen=True, slots=True)
class Sites:
    """The sites that are being served, and the posts on them."""

    sites: tuple[Served, ...]
    posts: tuple[Expected, ...]

    @property
    def ports(self) -> dict[str, int]:
        """Where the sites listen, by their names; for `serve`, to have them there again."""
        return {site.name: urlsplit(site.base).port or 0 for site in self.sites}

    @property
    def urls(self) -> dict[str, str]:
        """Where a crawl begins, by the name of the site."""
        return {site.name: site.url for site in self.sites}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.pages: Mapping[str, Page] = {}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    server: _Server

    def do_GET(self) -> None:
        page = self.server.pages.get(self.path, _MISSING)
        self.send_response(page.status)
        self.send_header("Content-Type", page.content_type)
        self.send_header("Content-Length", str(len(page.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page.body)

    do_HEAD = do_GET  # noqa: N815 -- the name that http.server calls

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the crawl tells what was fetched."""


def _server(port: int) -> _Server:
    """A server on `port`, or on a free one where that is taken."""
    try:
        return _Server(port)
    except OSError:
        return _Server(0)


@contextmanager
def serve(ports: Mapping[str, int] | None = None) -> Iterator[Sites]:
    """Serve the sample sites until the block ends. They listen on 127.0.0.1 only.

    `ports` are those that sites had before, by name: a site on its old port has its old addresses, so its posts are known.
    """
    served, expected = [], []
    with ExitStack() as stack:
        for site in load():
            server = _server((ports or {}).get(site.name, 0))
            stack.callback(server.server_close)
            base = f"http://127.0.0.1:{server.server_port}"
            server.pages = _PAGES[site.form](site, base)
            thread = threading.Thread(
                target=server.serve_forever, args=(0.05,), daemon=True, name=f"sample {site.name}"
            )
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            start = f"{base}/s/{site.name}" if site.form == "telegram" else f"{base}/"
            served.append(Served(site.name, site.title, site.form, base, start))
            expected += [Expected(site.name, site.path(post), post) for post in site.posts]
        yield Sites(tuple(served), tuple(expected))
