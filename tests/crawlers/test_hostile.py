"""A hostile site: nothing that it serves ends a run, loses a post, or fills the memory."""

import gzip
import json
import zlib
from collections.abc import Callable
from typing import Any

import brotli  # type: ignore[import-untyped]
import pytest

_ZSTD = pytest.importorskip("compression.zstd" if __import__("sys").version_info >= (3, 14) else "backports.zstd")
BOMB = b"<html><body>" + b"A" * 40_000_000
JOB = {"title": "Sound posting", "description": "Typing in an office, ask at the desk.", "datePosted": "2026-11-01"}


@pytest.fixture(scope="module")
def crawled(
    new_site: Any, crawl: Any, page_type: Any, ld: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> Any:
    site = new_site()
    page = page_type
    secret = new_site()  # stands for the machine's own network: no crawl may come here
    cut = gzip.compress(ld(**JOB).encode() + b" " * 300_000 + bytes(range(256)) * 50)[:-300]
    entities = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>'  # noqa: E501
    urls = "".join(f"<url><loc>{site.base}/million/view/{number}</loc></url>" for number in range(40_000))
    site.pages = {
        "/robots.txt": page("User-agent: *\nDisallow: /forbidden\n", content_type="text/plain"),
        "/bomb/gzip": page(gzip.compress(BOMB), headers={"Content-Encoding": "gzip"}),
        "/bomb/br": page(brotli.compress(BOMB, quality=1), headers={"Content-Encoding": "br"}),
        "/bomb/zstd": page(_ZSTD.compress(BOMB), headers={"Content-Encoding": "zstd"}),
        "/bomb/deflate": page(zlib.compress(BOMB), headers={"Content-Encoding": "deflate"}),
        "/bomb/twice": page(gzip.compress(gzip.compress(BOMB)), headers={"Content-Encoding": "gzip, gzip"}),
        "/bomb/sitemap.xml.gz": page(gzip.compress(BOMB), content_type="application/gzip"),
        "/big": page(b"<html>" + b"x" * 50_000_000),
        "/cut/gzip": page(cut, headers={"Content-Encoding": "gzip"}),
        "/cut/length": page("<html>half", length=4000),
        "/loop/a": page(status=302, headers={"Location": "/loop/b"}),
        "/loop/b": page(status=302, headers={"Location": "/loop/a"}),
        "/to/metadata": page(status=302, headers={"Location": "http://169.254.169.254/latest/meta-data/"}),
        "/to/file": page(status=302, headers={"Location": "file:///etc/passwd"}),
        "/to/gopher": page(
            '<html><head><meta http-equiv="refresh" content="0;url=gopher://127.0.0.1/"></head><body>x</body></html>'
        ),
        "/empty": page(b""),
        "/blank": page("   \n"),
        "/not-html": page(b"%PDF-1.7\x00\x01\x02" * 100, content_type="application/pdf"),
        "/zeros": page(b"\x00" * 5000, content_type=""),
        "/broken-ld": '<script type="application/ld+json">{"@type": "JobPosting", "title": "Bro</script><p>x</p>',
        "/forbidden/1": ld(**JOB),
        "/status/*": lambda path: page("no", status=int(path.rsplit("/", 1)[1])),
        "/captcha": page('<div class="g-recaptcha"></div>', status=403),
        "/login": '<form><input type="password"></form>',
        "/entities.xml": page(entities, content_type="application/xml"),
        "/million.xml": page(f"<urlset>{urls}</urlset>", content_type="application/xml"),
        "/million/view/*": lambda path: page(ld(**{**JOB, "title": f"No {path}"})),
        "/calendar": "".join(f'<a href="/calendar/2026/{month}">m</a>' for month in range(1, 13))
        + '<a href="/jobs/view/7">Job</a>',
        "/calendar/*": lambda path: page(
            f'<a href="{path}1">next</a><a href="{path}2">next</a><a href="{path}/3">x</a>'
        ),
        "/events/*": lambda path: page(
            f'<a href="/events/{abs(hash(path)) % 10**9}">next</a><a href="/events/{abs(hash(path * 2)) % 10**9}">n</a>'
        ),
        "/jobs/view/7": ld(**JOB),
        "/session": '<a href="/session/job/1?PHPSESSID=a1">x</a><a href="/session/job/1?PHPSESSID=b2">x</a><a href="/session/job/1;jsessionid=c3">x</a>',  # noqa: E501
        "/session/job/1*": page(ld(**{**JOB, "title": "Session"})),
        "/deep": "<div>" * 60_000 + "x",
    }
    first = [
        "/bomb/gzip",
        "/bomb/br",
        "/bomb/zstd",
        "/bomb/deflate",
        "/bomb/twice",
        "/bomb/sitemap.xml.gz",
        "/big",
        "/cut/gzip",
        "/cut/length",
        "/loop/a",
        "/to/metadata",
        "/to/file",
        "/to/gopher",
        "/empty",
        "/blank",
        "/not-html",
        "/zeros",
        "/broken-ld",
        "/forbidden/1",
        "/status/404",
        "/status/403",
        "/status/500",
        "/captcha",
        "/login",
        "/entities.xml",
        "/million.xml",
        "/calendar",
        "/events/1",
        "/session",
        "/deep",
    ]
    targets = [site.base + path for path in first]
    folder = tmp_path_factory.mktemp("hostile") / "case"
    result = crawl(
        folder,
        targets,
        kind="jobposting",
        max_response=str(4 * 1024 * 1024),
        timeout="5",
        max_pages="60",
        max_redirects="4",
    )
    result.by_path = dict(zip(first, result.reports, strict=True))
    result.site, result.secret = site, secret
    return result


@pytest.mark.parametrize(
    "path", ["/bomb/gzip", "/bomb/br", "/bomb/zstd", "/bomb/deflate", "/bomb/twice", "/bomb/sitemap.xml.gz", "/big"]
)
def test_bombs_are_refused_and_name_the_setting(crawled: Any, path: str) -> None:
    assert crawled.by_path[path]["status"] == "failed"
    reasons = crawled.reasons(path)
    assert any("JERAT_MAX_RESPONSE" in reason or "JERAT_MAX_RATIO" in reason for reason in reasons), crawled.dead


def test_memory_stays_bounded(crawled: Any) -> None:
    assert crawled.peak_mib < 900


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/cut/gzip", "cut short"),
        ("/cut/length", "cut short"),
        ("/loop/", "JERAT_MAX_REDIRECTS"),
        ("169.254.169.254", "metadata"),
        ("/empty", "empty"),
        ("/blank", "empty"),
        ("/not-html", "not HTML"),
        ("/zeros", "HTML"),
        ("/broken-ld", "JSON-LD that cannot be read"),
        ("/status/404", "HTTP 404 Not Found"),
        ("/status/403", "HTTP 403 Forbidden"),
        ("/status/500", "HTTP 500"),
        ("/captcha", "captcha"),
        ("/entities.xml", "entities"),
    ],
)
def test_every_trouble_has_its_reason(crawled: Any, path: str, words: str) -> None:
    assert any(words in reason for reason in crawled.reasons(path)), crawled.reasons(path)


def test_what_came_of_a_cut_page_is_kept(crawled: Any) -> None:
    assert crawled.posts[f"{crawled.site.base}/cut/gzip"].title == JOB["title"]


def test_no_empty_success(crawled: Any) -> None:
    for path, report in crawled.by_path.items():
        if report["posts_new"] + report["posts_same"] == 0:
            assert report["status"] == "failed", path
            assert report["reason"], path


def test_robots_that_forbid_all_are_said(crawled: Any) -> None:
    assert "robots.txt forbids" in crawled.by_path["/forbidden/1"]["reason"]
    assert "/forbidden/1" not in crawled.site.asked


def test_a_login_form_is_said(crawled: Any) -> None:
    assert "a login form" in crawled.by_path["/login"]["reason"]


def test_file_and_gopher_are_not_followed(crawled: Any) -> None:
    for path in ("/to/file", "/to/gopher"):
        assert crawled.by_path[path]["status"] == "failed"


def test_a_huge_sitemap_is_bounded_and_says_so(crawled: Any) -> None:
    report = crawled.by_path["/million.xml"]
    assert 0 < report["posts_new"] <= 60
    assert report["pages"] <= 61
    assert "JERAT_MAX_PAGES" in report["reason"]


def test_the_posting_behind_a_calendar_is_found(crawled: Any) -> None:
    assert crawled.posts[f"{crawled.site.base}/jobs/view/7"].title == JOB["title"]
    assert crawled.by_path["/calendar"]["status"] == "ok"
    assert crawled.by_path["/calendar"]["pages"] <= 61


def test_a_trap_without_end_is_given_up(crawled: Any) -> None:
    assert crawled.by_path["/events/1"]["pages"] <= 55
    assert "given up" in crawled.by_path["/events/1"]["reason"]


def test_session_ids_make_no_new_posts(crawled: Any) -> None:
    assert crawled.by_path["/session"]["posts_new"] == 1
    assert sum(path.startswith("/session/job") for path in crawled.site.asked) == 1


def test_no_tracebacks(crawled: Any) -> None:
    assert "Traceback" not in crawled.stderr
    assert not [letter for letter in crawled.dead if "a fault in jerat" in letter.reason]


def test_dead_letters_are_json_safe(crawled: Any) -> None:
    json.dumps([letter.reason for letter in crawled.dead])
