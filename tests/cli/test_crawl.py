"""`jerat crawl` says what came, and why not more; its exit code tells."""

import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from jerat.samples import serve


def crawl(folder: Path, *arguments: str, loopback: bool = True) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JERAT_")}
    allowed = {"JERAT_ALLOW_LOOPBACK": "1"} if loopback else {}
    return subprocess.run(
        [str(Path(sys.executable).with_name("jerat")), "--case", str(folder / "case"), "crawl", *arguments],
        env=clean | allowed | {"PYTHONUTF8": "1"}, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
        cwd=folder,
    )  # fmt: skip


@pytest.fixture
def empty_site() -> Iterator[str]:
    class Empty(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/" else 404)
            self.send_header("Content-Type", "text/html")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Empty) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_one_good_and_one_dead_target(tmp_path: Path) -> None:
    with serve() as sites:
        channel = next(site.url for site in sites.sites if site.form == "telegram")
        done = crawl(tmp_path, "--kind", "telegram", channel, "http://127.0.0.1:9/s/nobody")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "http://127.0.0.1:9/s/nobody: no page came" in done.stderr
    assert "25 new posts" in done.stdout
    assert "no text" in done.stderr  # the picture without words is a dead letter, and said to be


def test_a_good_target_alone_is_a_success(tmp_path: Path) -> None:
    with serve() as sites:
        channel = next(site.url for site in sites.sites if site.form == "telegram")
        done = crawl(tmp_path, "--kind", "telegram", channel, "--limit", "3")
    assert done.returncode == 0, done.stderr
    assert "3 new posts" in done.stdout


def test_a_site_without_posts_is_no_success(tmp_path: Path, empty_site: str) -> None:
    done = crawl(tmp_path, empty_site)
    assert done.returncode == 1
    assert empty_site in done.stderr


def test_loopback_is_refused_unless_allowed(tmp_path: Path, empty_site: str) -> None:
    done = crawl(tmp_path, empty_site, loopback=False)
    assert done.returncode == 1
    assert "JERAT_ALLOW_LOOPBACK" in done.stderr


def test_a_target_or_kind_that_is_none_is_told_before_anything_is_fetched(tmp_path: Path) -> None:
    for arguments in (["not an address"], ["--kind", "fax", "https://a.example"]):
        done = crawl(tmp_path, *arguments)
        assert done.returncode == 2
        assert "Error:" in done.stderr
