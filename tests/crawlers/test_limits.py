"""The limits of the door, each named with its setting: unpacking, downloads, depth, time, and the pace that nothing lowers."""

import gzip
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import Request
from scrapy.utils.test import get_crawler

from crawlers.configure import scrapy_settings
from crawlers.declared import Politeness as PolitenessRules
from crawlers.declared import Source
from crawlers.middlewares.downloads import refused_type
from crawlers.middlewares.pace import MIN_DELAY, pace_of
from crawlers.middlewares.politeness import Politeness
from crawlers.middlewares.unpacking import ALWAYS_ALLOWED, unpacked_bound
from jerat.settings import load_settings

JOB = {"title": "Sound posting", "description": "Typing in an office, ask at the desk.", "datePosted": "2026-11-01"}


@pytest.fixture(scope="module")
def crawled(
    new_site: Any, crawl: Any, page_type: Any, ld: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> Any:
    site, page = new_site(), page_type
    padded = ld(**JOB).encode() + b" " * 6_000_000
    site.pages = {
        "/ratio": page(gzip.compress(padded), headers={"Content-Encoding": "gzip"}),
        "/fair": page(gzip.compress(ld(**JOB).encode() + b" " * 1_000_000), headers={"Content-Encoding": "gzip"}),
        "/there": page(status=302, headers={"Location": "/fair"}),
        "/attached": page(ld(**JOB), headers={"Content-Disposition": 'attachment; filename="a.html"'}),
        "/program": page(b"MZ" * 400_000, content_type="application/x-msdownload"),
        "/film": page(b"\0" * 400_000, content_type="video/mp4"),
        "/deep/0": "".join(f'<a href="/deep/{number}">Job {number}</a>' for number in (1,)) + ld(**JOB),
        "/deep/*": lambda path: page(
            f'<a href="/deep/{int(path.rsplit("/", 1)[1]) + 1}">Job</a>' + ld(**{**JOB, "title": path})
        ),
    }
    first = ["/ratio", "/fair", "/there", "/attached", "/program", "/film", "/deep/0"]
    folder = tmp_path_factory.mktemp("limits") / "case"
    result = crawl(folder, [site.base + path for path in first], kind="jobposting", max_depth="3")
    result.by_path = dict(zip(first, result.reports, strict=True))
    return result


def test_what_unpacks_too_far_is_refused_and_names_the_setting(crawled: Any) -> None:
    assert crawled.by_path["/ratio"]["status"] == "failed"
    assert "JERAT_MAX_RATIO" in crawled.by_path["/ratio"]["reason"]
    assert crawled.by_path["/fair"]["posts_new"] == 1
    assert crawled.by_path["/there"]["posts_same"] == 1


@pytest.mark.parametrize(
    ("path", "words"),
    [("/attached", "an attachment (text/html)"), ("/program", "application/x-msdownload"), ("/film", "video/mp4")],
)
def test_downloads_are_refused(crawled: Any, path: str, words: str) -> None:
    assert crawled.by_path[path]["status"] == "failed"
    assert any(f"{words}: downloads are refused" in reason for reason in crawled.reasons(path))


def test_links_that_lie_too_deep_are_told(crawled: Any) -> None:
    report = crawled.by_path["/deep/0"]
    assert report["posts_new"] == 4
    assert "JERAT_MAX_DEPTH" in report["reason"]


def test_a_run_ends_in_time_and_keeps_what_came(
    new_site: Any, crawl: Any, page_type: Any, ld: Any, tmp_path: Path
) -> None:
    site = new_site()

    def slow(path: str) -> Any:
        threading.Event().wait(0.25)
        number = int(path.rsplit("/", 1)[1])
        return page_type(ld(**{**JOB, "title": path}) + f'<a href="/jobs/{number + 1}">Job</a>')

    site.pages = {"/jobs/*": slow}
    report = crawl(tmp_path / "case", [site.base + "/jobs/1"], kind="jobposting", max_minutes="0.02").reports[0]
    assert "JERAT_MAX_MINUTES" in report["reason"], (report, site.asked)
    assert 0 < report["posts_new"] < 12
    assert report["status"] == "ok"


@pytest.mark.parametrize(
    ("kind", "disposition", "said"),
    [
        ("text/html; charset=utf-8", "", ""),
        ("text/html", 'inline; filename="x.html"', ""),
        ("text/html", "Attachment;filename=x", "an attachment (text/html)"),
        ("application/json", "", ""),
        ("application/vnd.api+json", "", ""),
        ("application/vnd.ms-excel", "", "application/vnd.ms-excel"),
        ("application/gzip", "", ""),
        ("application/octet-stream", "", ""),
        ("image/png", "", "image/png"),
        ("IMAGE/PNG; q=1", "", "image/png"),
        ("image/svg+xml", "", ""),
        ("application/zip", "", "application/zip"),
        ("application/rss+xml", "", ""),
        ("", "", ""),
    ],
)
def test_what_is_no_page(kind: str, disposition: str, said: str) -> None:
    assert refused_type(kind, disposition) == said


def test_how_far_things_unpack() -> None:
    assert unpacked_bound(100, 200, 10**8) == ALWAYS_ALLOWED
    assert unpacked_bound(10**6, 200, 10**9) == 2 * 10**8
    assert unpacked_bound(10**6, 200, 10**7) == 10**7


@pytest.mark.parametrize(("asked", "declared", "kept"), [("0", 0.0, MIN_DELAY), ("0", 4.0, 4.0), ("2", 0.0, 2.0)])
def test_nothing_lowers_the_pace(monkeypatch: pytest.MonkeyPatch, asked: str, declared: float, kept: float) -> None:
    import asyncio

    monkeypatch.setenv("JERAT_DELAY", asked)
    settings = scrapy_settings(load_settings())
    assert settings["DOWNLOAD_DELAY"] >= MIN_DELAY
    crawler = get_crawler(settings_dict={})

    class Spider:
        pass

    spider = Spider()
    source = Source(name="board", title="Board", kind="page", politeness=PolitenessRules(delay=declared))
    spider.declared = source  # type: ignore[attr-defined]
    crawler.spider = spider  # type: ignore[assignment]
    politeness = Politeness(crawler)

    async def ask() -> None:
        for url in ("http://board.example/a", "http://127.0.0.1/a"):
            await politeness.process_request(Request(url))

    asyncio.run(ask())
    assert max(pace_of(crawler).delays["board.example"], settings["DOWNLOAD_DELAY"]) == kept
    assert "127.0.0.1" not in pace_of(crawler).delays


@pytest.fixture
def untrusted(tmp_path: Path) -> Iterator[str]:
    """A server with a certificate that nobody vouches for."""
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"https://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_certificate_that_nobody_vouches_for_is_refused(untrusted: str, crawl: Any, tmp_path: Path) -> None:
    report = crawl(tmp_path / "case", [untrusted], kind="page", timeout="5").reports[0]
    assert report["status"] == "failed"
    assert "no trusted connection" in report["reason"]
