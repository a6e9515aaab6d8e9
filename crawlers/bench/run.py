"""Crawls the made sites in both orders, each in a process of its own, and counts the pages until the lures are in.

As a program: `python -m crawlers.bench.run ORDER PAGES SHARE SEED …` prints one JSON line with the paths that were asked for.
"""

import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from crawlers.bench.site import BenchSite, make_site
from jerat.errors import JeratError

__all__ = ["Focused", "bench", "pages_until"]

Order = Literal["breadth", "promise"]
ORDERS: Final[tuple[Order, Order]] = ("breadth", "promise")
SHARE: Final = 0.05
WANTED: Final = 0.8


class Focused(msgspec.Struct, frozen=True):
    """One site: its pages, its lures, and the pages that each order had fetched when 80 % of the lures were in."""

    seed: int
    pages: int
    lures: int
    breadth: int
    promise: int

    @property
    def ratio(self) -> float:
        """How many times as early the lures are found."""
        return self.breadth / self.promise


class Crawled(msgspec.Struct, frozen=True):
    """One order over all sites: the paths that were asked for, by seed, and the seconds of the processor."""

    asked: dict[str, list[str]]
    seconds: float


def bench(seeds: Sequence[int], pages: int = 2000, share: float = SHARE) -> tuple[list[Focused], dict[Order, float]]:
    """What each seed's site gave in both orders, and the processor's seconds of each order over all sites.

    Raises JeratError where a crawl failed.
    """
    done = {order: _in_a_process(order, seeds, pages, share) for order in ORDERS}
    rows = []
    for seed in seeds:
        site = make_site(seed, pages, share)
        counts = {order: pages_until(site, done[order].asked[str(seed)]) for order in ORDERS}
        rows.append(Focused(seed, len(site.pages), len(site.lures), counts["breadth"], counts["promise"]))
    return rows, {order: done[order].seconds for order in ORDERS}


def pages_until(site: BenchSite, asked: Sequence[str], wanted: float = WANTED) -> int:
    """Pages that were fetched, each once, until the wanted part of the lures was among them."""
    left = math.ceil(len(site.lures) * wanted)
    fetched: set[str] = set()
    for path in asked:
        if path in fetched or path not in site.pages:
            continue
        fetched.add(path)
        left -= path in site.lures
        if left <= 0:
            return len(fetched)
    raise JeratError(f"the crawl fetched {len(fetched)} of {len(site.pages)} pages, and missed too many lures")


def _in_a_process(order: Order, seeds: Sequence[int], pages: int, share: float) -> Crawled:
    """Scrapy's engine runs once a process, so each order has one of its own."""
    command = [sys.executable, "-m", "crawlers.bench.run", order, str(pages), str(share), *map(str, seeds)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JERAT_")}
    environment = kept | {"JERAT_ALLOW_LOOPBACK": "1", "JERAT_NAMES": "never"}
    done = subprocess.run(command, env=environment, capture_output=True, check=False)  # noqa: S603 -- our own module
    if done.returncode:
        raise JeratError(f"the crawl in the order {order} failed: {done.stderr.decode('utf-8', 'replace')[-2000:]}")
    return msgspec.json.decode(done.stdout.splitlines()[-1], type=Crawled)


class _Server:
    """A made site on loopback. `asked` is what was asked for, in order."""

    def __init__(self, site: BenchSite) -> None:
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                page = site.pages.get(self.path)
                outer.asked.append(self.path)
                body = (page or "nothing").encode()
                self.send_response(200 if page else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()


def _crawl(order: str, pages: int, share: float, seeds: list[int]) -> dict[str, Any]:
    from crawlers.run import crawl
    from jerat.case import Case
    from jerat.settings import load_settings

    servers = {seed: _Server(make_site(seed, pages, share)) for seed in seeds}
    begin = time.process_time()
    with tempfile.TemporaryDirectory() as folder, Case(Path(folder) / "case") as case:
        settings = load_settings(case=Path(folder) / "case", max_pages=pages * 2)
        reports = crawl(settings, case, [server.url for server in servers.values()], order=order)
    for report in reports:
        if report.status != "ok":
            raise SystemExit(f"{report.target}: {report.reason}")
    asked = {str(seed): server.asked for seed, server in servers.items()}
    return {"asked": asked, "seconds": time.process_time() - begin}


if __name__ == "__main__":
    order, pages, share, *seeds = sys.argv[1:]
    print(json.dumps(_crawl(order, int(pages), float(share), [int(seed) for seed in seeds])))
