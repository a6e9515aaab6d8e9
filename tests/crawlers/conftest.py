"""A local server whose pages a test writes, and a crawl of it in a process of its own."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from jerat.case import Case, DeadLetter, Run
from jerat.model import Post

CHECKOUT = Path(__file__).resolve().parent.parent.parent

_CRAWL = """
import json, re, sys
from pathlib import Path
from dataclasses import asdict
from jerat.case import Case
from jerat.settings import load_settings
from crawlers.run import crawl
from crawlers.targets import of_address
asked = json.loads(sys.argv[1])
with Case(Path(asked["case"])) as case:
    targets = [one if isinstance(one, str) else of_address(*one) for one in asked["targets"]]
    reports = crawl(load_settings(), case, targets, kind=asked["kind"], limit=asked["limit"])
# Not ru_maxrss: that begins with what the process that started this one held.
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
print(json.dumps({"reports": [asdict(one) for one in reports], "peak_mib": peak}))
"""


_CRAWL_SOURCES = """
import json, sys
from pathlib import Path
from dataclasses import asdict
import msgspec
from jerat.case import Case
from jerat.settings import load_settings
from crawlers.catalogue import load_catalogue
from crawlers.declared import Expect
from crawlers.run import crawl
from crawlers.targets import of_source
asked = json.loads(sys.argv[1])
catalogue = load_catalogue()
targets = []
for name, urls in asked["sources"].items():
    source = catalogue.entry(name).source
    targets += of_source(msgspec.structs.replace(source, urls=tuple(urls), expect=Expect(posts=1)))
with Case(Path(asked["case"])) as case:
    reports = crawl(load_settings(), case, targets, trial=True)
print(json.dumps([asdict(one) for one in reports]))
"""


@dataclass
class Page:
    """What the server answers. `length` is the Content-Length that is announced, where it is a lie."""

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "text/html; charset=utf-8"
    length: int | None = None


Answer = Page | str | Callable[[str], Page]


class Site:
    """A server on loopback. `pages` maps paths (with query) or, ending in `*`, beginnings of paths to answers."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.asked.append(self.path)
                site.headers.append(dict(self.headers))
                page = site.answer(self.path)
                body = page.body.encode() if isinstance(page.body, str) else page.body
                try:
                    self.send_response(page.status)
                    if page.content_type:
                        self.send_header("Content-Type", page.content_type)
                    for name, value in page.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(body) if page.length is None else page.length))
                    self.end_headers()
                    self.wfile.write(body)
                    if page.length is not None:
                        self.close_connection = True
                except OSError:
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    def answer(self, path: str) -> Page:
        found = self.pages.get(path)
        if found is None:
            names = [name for name in self.pages if name.endswith("*") and path.startswith(name[:-1])]
            found = self.pages[max(names, key=len)] if names else Page("nothing here", 404)
        if isinstance(found, str):
            return Page(found)
        return found if isinstance(found, Page) else found(path)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@dataclass
class Crawled:
    """What a crawl left behind. `posts` are by address."""

    reports: list[dict[str, Any]]
    posts: dict[str, Post]
    dead: list[DeadLetter]
    runs: dict[int, Run]
    peak_mib: int
    stderr: str

    def reasons(self, url_part: str) -> list[str]:
        """The reasons in the dead letters of addresses that hold `url_part`."""
        return [letter.reason for letter in self.dead if url_part in letter.url]


Crawl = Callable[..., Crawled]


def _crawl(
    folder: Path, targets: Sequence[str | tuple[str, str]], kind: str | None = None, limit: int = 0, **settings: str
) -> Crawled:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JERAT_")}
    environment |= {"JERAT_ALLOW_LOOPBACK": "1"}
    environment |= {f"JERAT_{name.upper()}": value for name, value in settings.items()}
    asked = json.dumps({"case": str(folder), "targets": targets, "kind": kind, "limit": limit})
    done = subprocess.run(
        [sys.executable, "-c", _CRAWL, asked],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=CHECKOUT,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    said = json.loads(done.stdout.splitlines()[-1])
    with Case(folder) as case:
        posts = {record.post.url: record.post for record in case.posts.all()}
        dead = list(case.dead_letters.list())
        runs = {run.id: run for run in case.runs.list()}
    return Crawled(said["reports"], posts, dead, runs, said["peak_mib"], done.stderr)


@pytest.fixture(scope="session")
def crawl() -> Crawl:
    """Crawls in a process of its own, for Scrapy's engine starts only once in one."""
    return _crawl


@pytest.fixture(scope="session")
def crawl_sources() -> Callable[..., list[dict[str, Any]]]:
    """Crawls declared sources at other addresses, one look at each; returns the reports."""

    def run(folder: Path, sources: Mapping[str, list[str]]) -> list[dict[str, Any]]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("JERAT_")}
        asked = json.dumps({"case": str(folder / "case"), "sources": sources})
        done = subprocess.run(
            [sys.executable, "-c", _CRAWL_SOURCES, asked],
            env=environment | {"JERAT_ALLOW_LOOPBACK": "1"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            cwd=CHECKOUT,
        )
        assert done.returncode == 0, done.stderr[-4000:]
        reports: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
        return reports

    return run


@pytest.fixture(scope="session")
def new_site() -> Iterator[Callable[[], Site]]:
    """Makes servers that live as long as the tests."""
    made: list[Site] = []

    def make() -> Site:
        made.append(Site())
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture(scope="session")
def page_type() -> type[Page]:
    """What `Site.pages` holds, for tests that need more than a text."""
    return Page


@pytest.fixture(scope="session")
def ld() -> Callable[..., str]:
    """Makes a page with one JobPosting in JSON-LD."""

    def make(**posting: Any) -> str:
        data = json.dumps({"@context": "https://schema.org", "@type": "JobPosting", **posting})
        return (
            f'<html><head><title>x</title><script type="application/ld+json">{data}</script></head>'
            f"<body><h1>{posting.get('title')}</h1></body></html>"
        )

    return make
