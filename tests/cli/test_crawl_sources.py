"""`jerat crawl NAME` and `--due`: what is due, what came of it, and the exit code that cron sees."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from jerat.case import Case

JOB = (
    '<html><head><script type="application/ld+json">{"@context":"https://schema.org","@type":"JobPosting","title":"CS %s",'
    '"description":"Dicari customer service penempatan kota, gaji menarik, hubungi kami nomor %s","datePosted":"2026-11-20"}'
    "</script></head><body><h1>CS</h1></body></html>"
)


class _Site:
    """`/a` and `/b` have a job each, `/empty` has none, `/slow/…` takes its time."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                if self.path.startswith("/slow"):
                    time.sleep(1.5)
                known = self.path in ("/a", "/b", "/empty", "/slow")
                body = b"<html><body>nothing</body></html>"
                if known and self.path != "/empty":
                    body = (JOB % (self.path, self.path)).encode()
                self.send_response(200 if known else 404)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def times(self, path: str) -> int:
        return self.asked.count(path)


@pytest.fixture
def site() -> Iterator[_Site]:
    made = _Site()
    yield made
    made.server.shutdown()
    made.server.server_close()
    made.thread.join()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "case" / "sources").mkdir(parents=True)
    return tmp_path


def declare(folder: Path, name: str, *urls: str, more: str = "") -> None:
    text = f"name: {name}\ntitle: {name}\nkind: jobposting\ncountry: TL\nurls: [{', '.join(urls)}]\n{more}"
    (folder / "case" / "sources" / f"{name}.yaml").write_text(text)


def command(folder: Path, *arguments: str) -> list[str]:
    return [str(Path(sys.executable).with_name("jerat")), "--case", str(folder / "case"), "crawl", *arguments]


def environment() -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JERAT_")}
    return clean | {"JERAT_ALLOW_LOOPBACK": "1", "PYTHONUTF8": "1"}


def crawl(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command(folder, *arguments), env=environment(), capture_output=True, text=True, encoding="utf-8", timeout=120,
        check=False, cwd=folder,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done


def test_what_is_due_is_crawled_once_and_the_exit_code_tells(folder: Path, site: _Site) -> None:
    declare(folder, "baik", f"{site.base}/a", f"{site.base}/b")
    declare(folder, "kosong", f"{site.base}/empty")
    declare(folder, "mati", f"{site.base}/c", more="enabled: false\nnote: gone\ninstead: by hand\n")
    done = crawl(folder, "--due", "--country", "TL", "--json")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert told["ok"] is False
    assert {
        (one["source"], one["address"].rpartition("/")[2]): (one["posts"], one["status"]) for one in told["targets"]
    } == {
        ("baik", "a"): (1, "ok"),
        ("baik", "b"): (1, "ok"),
        ("kosong", "empty"): (0, "failed"),
    }
    assert site.times("/c") == 0
    again = crawl(folder, "--due", "--country", "TL")
    assert again.returncode == 0
    assert again.stdout.startswith("nothing is due; the next source is, in ")
    assert site.times("/a") == 1
    with Case(folder / "case") as case:
        posts = [record.post for record in case.posts.all()]
        assert {post.source for post in posts} == {"baik"}
        assert {post.country_hint for post in posts} == {"TL"}
        case.db.execute("UPDATE runs SET started_at = '2026-01-01T00:00:00.000000Z' WHERE source = 'baik'")
    later = crawl(folder, "--due", "--country", "TL")
    assert later.returncode == 0, later.stderr
    assert "1 known" in later.stdout
    assert site.times("/a") == 2
    assert site.times("/empty") == 1


def test_fewer_posts_than_a_source_promises_is_a_failure(folder: Path, site: _Site) -> None:
    declare(folder, "sedikit", f"{site.base}/a", more="expect: {posts: 5}\n")
    declare(folder, "tenang", f"{site.base}/empty", more="expect: {posts: 0}\n")
    done = crawl(folder, "sedikit", "tenang", "--json")
    assert done.returncode == 1
    few, quiet = json.loads(done.stdout)["targets"]
    assert "1 posts came and at least 5 are expected" in few["reason"]
    assert (few["failed"], few["posts"]) == (True, 1)
    assert (quiet["failed"], quiet["status"]) == (False, "ok")


def test_two_at_once_share_the_work(folder: Path, site: _Site) -> None:
    declare(folder, "lambat", f"{site.base}/slow")
    both = [
        subprocess.Popen(
            command(folder, "--due", "--country", "TL"), env=environment(), cwd=folder, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]  # fmt: skip
    told = [one.communicate(timeout=120) for one in both]
    assert [one.returncode for one in both] == [0, 0], told
    assert site.times("/slow") == 1
    with Case(folder / "case") as case:
        assert [run.status for run in case.runs.list()] == ["ok"]


def test_a_broken_file_fails_the_call_and_an_exception_to_robots_is_told(folder: Path, site: _Site) -> None:
    reason = "{by: R. S., on: 2026-11-01, reason: a court order of the district}"
    declare(folder, "izin", f"{site.base}/a", more=f"robots: {reason}\n")
    (folder / "case" / "sources" / "rusak.yaml").write_text("name: rusak\nkind: [\n")
    done = crawl(folder, "izin")
    assert done.returncode == 1, "for the file"
    assert "rusak.yaml:3: is no YAML" in done.stderr
    assert "1 new post" in done.stdout
    assert "robots.txt is not obeyed: R. S. decided so on 2026-11-01: a court order of the district" in done.stdout
    assert site.times("/robots.txt") == 0
    due = crawl(folder, "--due", "--country", "TL")
    assert due.returncode == 1
    assert "nothing is due" in due.stdout


@pytest.mark.parametrize(
    "words",
    [(), ("--due", "baik"), ("--due", "--kind", "page"), ("--country", "ID", "karir"), ("--kind", "page", "karir")],
)
def test_questions_that_make_no_sense_are_told(folder: Path, words: tuple[str, ...]) -> None:
    done = crawl(folder, *words)
    assert done.returncode == 2
    assert done.stderr.startswith("Error: ")
    assert not (folder / "case" / "case.db").exists()


def test_a_post_lost_to_a_fault_of_jerat_fails_the_call() -> None:
    from crawlers.run import RunReport
    from jerat.cli.crawling import failed

    good = RunReport("papan", "page", "papan", "ok", "", posts_new=9)
    assert not failed(good)
    assert failed(replace(good, dead=1, faults=1))
    assert not failed(replace(good, dead=1)), "a picture without words is nobody's fault"
    assert not failed(replace(good, status="skipped"))
    assert failed(replace(good, status="failed"))
