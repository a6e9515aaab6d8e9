"""Sitemaps, feeds, links, character sets, and plain pages."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawlers.extract.decode import decode, looks_binary
from crawlers.extract.html_text import parse
from crawlers.extract.links import canonical_link, page_links, promise, same_site, shape
from crawlers.extract.origin import Origin
from crawlers.extract.page import page_post
from crawlers.extract.sitemap import gunzipped, read_addresses, robots_sitemaps

ORIGIN = Origin("board.example", "https://board.example/ads/12345", datetime(2026, 11, 23, tzinfo=UTC))


@pytest.mark.parametrize(
    ("body", "kind", "addresses"),
    [
        (
            b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc> https://a.example/1 </loc></url></urlset>",
            "sitemap",
            ["https://a.example/1"],
        ),
        (
            b"<?xml version='1.0'?><!-- x --><sitemapindex><sitemap><loc>https://a.example/s.xml</loc></sitemap></sitemapindex>",
            "index",
            ["https://a.example/s.xml"],
        ),
        (
            b"<rss><channel><link>https://a.example/</link><item><link>https://a.example/1</link></item></channel></rss>",
            "feed",
            ["https://a.example/1"],
        ),
        (
            b"<feed xmlns='http://www.w3.org/2005/Atom'><link href='/'/><entry><link rel='self' href='/x'/><link href='/1'/></entry></feed>",  # noqa: E501
            "feed",
            ["/1"],
        ),
    ],
)
def test_lists_of_addresses(body: bytes, kind: str, addresses: list[str]) -> None:
    found = read_addresses(body, promise, 10)
    assert found is not None
    assert (found.kind, found.addresses, found.problem) == (kind, addresses, "")


def test_html_is_no_list() -> None:
    assert read_addresses(b"<!DOCTYPE html><html><body>x</body></html>", promise, 10) is None
    assert read_addresses(b"", promise, 10) is None


def test_the_most_promising_are_kept() -> None:
    urls = "".join(
        f"<url><loc>https://a.example/{name}/{number}00</loc></url>"
        for number in range(50)
        for name in ("about", "job")
    )
    found = read_addresses(f"<urlset>{urls}</urlset>".encode(), promise, 50)
    assert found is not None
    assert found.left_out == 50
    assert all("/job/" in url for url in found.addresses)


def test_a_list_that_is_cut_gives_what_came() -> None:
    found = read_addresses(b"<urlset><url><loc>https://a.example/job/1</loc></url><url><loc>https://a.ex", promise, 10)
    assert found is not None
    assert "https://a.example/job/1" in found.addresses


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE x [<!ENTITY a "b">]><urlset><url><loc>&a;</loc></url></urlset>',
        b'<?xml version="1.0"?>\n<!DOCTYPE u SYSTEM "file:///etc/passwd" [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset/>',
    ],
)
def test_entities_are_refused(body: bytes) -> None:
    found = read_addresses(body, promise, 10)
    assert found is not None
    assert found.addresses == []
    assert "entities" in found.problem


def test_gzip_is_bounded_and_cut_gzip_is_told() -> None:
    packed = gzip.compress(b"x" * 100_000)
    assert gunzipped(packed, 200_000) == b"x" * 100_000
    assert gunzipped(b"plain", 10) == b"plain"
    with pytest.raises(ValueError, match="JERAT_MAX_RESPONSE"):
        gunzipped(packed, 50_000)
    with pytest.raises(ValueError, match="cut short"):
        gunzipped(packed[:-9], 200_000)


def test_robots() -> None:
    assert robots_sitemaps("User-agent: *\nSitemap: https://a.example/s.xml # x\nsitemap:/b.xml\n") == [
        "https://a.example/s.xml",
        "/b.xml",
    ]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("/jobs/123", "/about-us"),
        ("/jobs/123", "/jobs"),
        ("/jobs", "/login"),
        ("/lowongan/admin-gudang-di-bekasi", "/calendar/2026/11"),
        ("/loker?page=2", "/terms"),
        ("/ads/1234-customer-support-agent", "/support"),
    ],
)
def test_promise(better: str, worse: str) -> None:
    assert promise(f"https://a.example{better}") > promise(f"https://a.example{worse}")


def test_pictures_and_circles_are_no_pages() -> None:
    assert promise("https://a.example/jobs/1.jpg") <= -5
    assert promise("https://a.example/a/b/a/b/a/b/a/b") <= -5


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example.com/x", "https://b.example.com/y", True),
        ("https://a.co.id/", "https://b.co.id/", False),
        ("http://127.0.0.1:1/", "http://127.0.0.1:2/", False),
        ("http://127.0.0.1:80/", "http://127.0.0.1/", True),
        ("https://a.github.io/", "https://b.example/", False),
        ("http://[", "http://a.example", False),
    ],
)
def test_same_site(one: str, other: str, same: bool) -> None:
    assert same_site(one, other) is same


def test_links_of_a_page() -> None:
    root = parse(
        '<base href="/jobs/"><a href="1">x</a><a href="#top">x</a><a href="https://else.example/jobs/9">x</a><a href="mailto:x@y.z">x</a>'  # noqa: E501
        '<link rel="next" href="?page=2"><a href="1?utm_source=q">x</a><link rel="canonical" href="/jobs/">'
    )
    assert root is not None
    links = {link.url for link in page_links(root, "https://board.example/start")}
    assert links == {"https://board.example/jobs/1", "https://board.example/jobs/?page=2"}


def test_a_canonical_link_elsewhere_or_to_the_front_page_does_not_count() -> None:
    for href in ("https://else.example/x", "/", "http://["):
        root = parse(f'<link rel="canonical" href="{href}">')
        assert root is not None
        assert canonical_link(root, "https://board.example/job/1?utm_source=q") == "https://board.example/job/1"


def test_pages_of_one_make_have_one_shape() -> None:
    assert shape("https://a.example/job/12") == shape("https://a.example/job/typist-in-bavet")
    assert shape("https://a.example/job/12") != shape("https://a.example/calendar/12")


THAI = "รับสมัครแอดมินออนไลน์ ตอบแชทลูกค้า รายได้ดี มีที่พัก"


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (THAI.encode(), "text/html; charset=iso-8859-1", THAI),
        (f'<meta charset="windows-1252">{THAI}'.encode(), "", f'<meta charset="windows-1252">{THAI}'),
        (THAI.encode("cp874"), "text/html; charset=windows-874", THAI),
        ("Требуются операторы чата".encode("cp1251"), "text/html; charset=windows-1251", "Требуются операторы чата"),
        ("招聘打字员，包吃包住".encode("gb18030"), "text/html; charset=gbk", "招聘打字员，包吃包住"),
        ("高収入の求人".encode("iso2022_jp"), "text/html; charset=iso-2022-jp", "高収入の求人"),
        (b"\xff\xfe" + "x招".encode("utf-16-le"), "", "x招"),
        ("\ufeffx".encode(), "", "x"),
        (b"", "", ""),
    ],
)
def test_bytes_win_over_what_is_declared(body: bytes, content_type: str, text: str) -> None:
    assert decode(body, content_type) == text


def test_a_false_utf8_declaration_is_seen_through() -> None:
    said = "Требуются операторы чата в офис, оплата каждую неделю, звоните нам сегодня. " * 5
    assert decode(said.encode("cp1251"), "text/html; charset=utf-8") == said


def test_unknown_bytes_never_raise() -> None:
    assert isinstance(decode(bytes(range(256)) * 10, "text/html; charset=no-such"), str)
    assert looks_binary(b"%PDF\x00\x01")
    assert not looks_binary(b"<html>")


DETAIL = """<html><head><title>Typist wanted | Board</title><meta property="article:published_time" content="2026-11-03T08:00:00+07:00"></head><body>
<nav><a href="/">Home</a><a href="/ads">Ads</a></nav><main><h1>Typist wanted</h1><p>We look for a typist who is quick and careful, for an office near the river, five days a week.</p>
<p>Free meals, own desk, and pay each month. No experience is needed, we teach everything in the first week.</p><p>Telegram: @sample_desk_hr</p>
<a href="https://wa.me/85510000333">Chat</a></main><footer>+855 99 999 999</footer></body></html>"""  # noqa: E501


def test_a_plain_page_is_a_post() -> None:
    (post,) = page_post(DETAIL, ORIGIN).posts
    assert post.title == "Typist wanted"
    assert post.published_at == datetime(2026, 11, 3, 1, tzinfo=UTC)
    for words in ("quick and careful", "Free meals", "@sample_desk_hr"):
        assert words in post.text
    assert "999 999" not in post.text
    assert [link.url for link in post.links] == ["https://wa.me/85510000333"]


def test_lists_and_short_pages_are_no_posts() -> None:
    cards = "".join(
        f'<li><a href="/ads/{number}">Typist number {number} wanted in an office</a> near the river</li>'
        for number in range(1000, 1030)
    )
    assert (
        page_post(
            f"<html><body><ul>{cards}</ul></body></html>", Origin("b", "https://board.example/list", ORIGIN.fetched_at)
        ).posts
        == []
    )
    assert page_post("<html><body><p>Short.</p></body></html>", ORIGIN).posts == []
    assert page_post("", ORIGIN).posts == []


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "title", "phrases"),
    [
        (
            "seek_job",
            "Senior Platform Engineer | Remote | Australia",
            ["seed-stage Australian healthtech company", "What the role involves"],
        ),
        (
            "jobify_detail",
            "Data Entry Specialist (JB-1097)",
            ["$150 ~ $200", "reviewing and annotating video and image footage"],
        ),
    ],
)
def test_saved_pages_without_structured_data(shared_data: Path, name: str, title: str, phrases: list[str]) -> None:
    origin = Origin("x", f"http://127.0.0.1:8000/jobs/{name}", ORIGIN.fetched_at)
    (post,) = page_post((shared_data / f"pages/jobs/{name}.html").read_text("utf-8"), origin).posts
    assert post.title == title
    for phrase in phrases:
        assert phrase in post.text


@pytest.mark.shared
def test_a_saved_list_is_no_post(shared_data: Path) -> None:
    origin = Origin("x", "http://127.0.0.1:8000/id/backend-jobs", ORIGIN.fetched_at)
    assert page_post((shared_data / "pages/jobs/jobstreet_id_listing.html").read_text("utf-8"), origin).posts == []
