"""Web archives: what a crawl of the same pages brings, and no more; whatever is cut, packed, or made to harm."""

import base64
import gzip
import hashlib
import json
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import archives as make
import brotli  # type: ignore[import-untyped]  # ships no types
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from crawlers.imports.http_body import TooLarge, dechunked, unpacked_body
from jerat.model import Post

Reads = Callable[..., Any]
WORDS = "We look for clerks who answer letters in our office, every day from nine to five, with lunch. " * 3


visit, warc = make.visit, make.warc


def posting(title: str, text: str = WORDS, **more: Any) -> str:
    data = {"@context": "https://schema.org", "@type": "JobPosting", "title": title, "description": text, **more}
    script = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    return f"<html><head>{script}</head><body><h1>{title}</h1></body></html>"


def page(title: str, text: str = WORDS) -> str:
    return f"<html><head><title>{title}</title></head><body><main><h1>{title}</h1><p>{text}</p></main></body></html>"


JOB = "https://board.example/job/{}"


@pytest.mark.parametrize("form", ["gz", "plain", "whole"])
def test_postings_with_where_and_when(reads: Reads, form: str) -> None:
    records = make.write_records([visit(JOB.format(n), posting(f"Clerk {n}")) for n in range(3)], gz=form == "gz")
    content = b"".join(records)
    got = reads("a.warc", gzip.compress(content) if form == "whole" else content)
    assert got.format == "warc"
    assert [post.title for post in got.posts] == ["Clerk 0", "Clerk 1", "Clerk 2"]
    post: Post = got.posts[0]
    assert (post.url, post.source, post.platform) == (JOB.format(0), "board.example", "web")
    assert post.fetched_at == datetime(2026, 10, 1, 2, 3, 4, tzinfo=UTC)
    assert not got.bad
    places = {post.evidence for post in got.posts}
    assert len(places) == 3
    assert all(place.startswith("a.warc#") for place in places)
    if form != "whole":
        assert got.posts[1].evidence == f"a.warc#{len(records[0])}"


PACKINGS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("gzip", gzip.compress),
    ("x-gzip", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", lambda body: zlib.compress(body, wbits=-15)),
    ("br", brotli.compress),
    ("zstd", zstd.compress),
    ("gzip, br", lambda body: brotli.compress(gzip.compress(body))),
    ("identity", lambda body: body),
    ("gzip", lambda body: body),  # unpacked by the archiver, with the header left as it was
    ("br", lambda body: body),
]


@pytest.mark.parametrize("in_chunks", [False, True, None])
@pytest.mark.parametrize(("name", "pack"), PACKINGS)
def test_packed_and_chunked_bodies(
    reads: Reads, name: str, pack: Callable[[bytes], bytes], in_chunks: bool | None
) -> None:
    body = pack(posting("Clerk").encode())
    headers = {"Content__Encoding": name}
    if in_chunks is not False:  # None: the archiver has taken off the marks, and left the header
        headers["Transfer__Encoding"] = "chunked"
    got = reads("a.warc.gz", warc([visit(JOB.format(1), make.chunked(body) if in_chunks else body, **headers)]))
    assert [post.text for post in got.posts] == [WORDS.strip()]


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br", "zstd", "x, gzip", "", "gzip, gzip"]))
def test_any_bytes_can_be_asked_to_be_unpacked(body: bytes, name: str) -> None:
    dechunked(body)
    try:
        found, _ = unpacked_body(body, name, 5000)
    except TooLarge:
        return
    assert len(found) <= 5000


@pytest.mark.parametrize(
    ("name", "pack"),
    [("gzip", gzip.compress), ("br", lambda body: brotli.compress(body, quality=1)), ("zstd", zstd.compress)],
)
def test_a_bomb_inside_is_refused_and_the_rest_is_read(reads: Reads, name: str, pack: Callable[[bytes], bytes]) -> None:
    bomb = visit(JOB.format(1), pack(b"<p>" + b"\0" * 40_000_000), Content__Encoding=name)
    got = reads("a.warc.gz", warc([bomb, visit(JOB.format(2), posting("Clerk"))]))
    assert [post.url for post in got.posts] == [JOB.format(2)]
    assert "JERAT_MAX_RESPONSE" in got.bad[0].reason


def test_a_record_above_the_limit_is_refused_and_the_rest_is_read(reads: Reads) -> None:
    big = visit(JOB.format(1), b"<p>" + b"x" * 500_000)
    got = reads("a.warc.gz", warc([big, visit(JOB.format(2), posting("Clerk"))]), max_bytes=100_000)
    assert [post.url for post in got.posts] == [JOB.format(2)]
    assert "JERAT_MAX_RESPONSE" in got.bad[0].reason


@pytest.mark.parametrize("gz", [True, False])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.77, 0.99])
def test_cut_in_the_middle_all_before_is_kept(reads: Reads, gz: bool, share: float) -> None:
    visits = [visit(JOB.format(n), posting(f"Clerk {n}", WORDS + str(n * 7919))) for n in range(10)]
    records = make.write_records(visits, gz=gz)
    content, sizes = b"".join(records), [len(one) for one in records]
    end = int(len(content) * share)
    whole = sum(sum(sizes[: n + 1]) <= end for n in range(10))
    got = reads("a.warc", content[:end])
    assert len(got.posts) == whole
    assert [(one.fatal, "cut short" in one.reason) for one in got.bad] == [(True, True)]


def test_what_is_broken_is_stepped_over(reads: Reads) -> None:
    records = make.write_records([visit(JOB.format(n), posting(f"Clerk {n}")) for n in range(4)])
    spoilt = bytearray(records[1])
    spoilt[len(spoilt) // 2 : len(spoilt) // 2 + 20] = b"\xff" * 20
    got = reads("a.warc.gz", records[0] + bytes(spoilt) + records[2] + records[3])
    assert [post.title for post in got.posts] == ["Clerk 0", "Clerk 2", "Clerk 3"]
    assert [one.fatal for one in got.bad] == [False]


def test_rubbish_between_records_and_a_wrong_length(reads: Reads) -> None:
    records = make.write_records([visit(JOB.format(n), posting(f"Clerk {n}")) for n in range(3)], gz=False)
    short = records[1].replace(b"Content-Length: ", b"Content-Length: 1", 1)
    got = reads("a.warc", records[0] + b"rubbish\r\n" * 5 + records[2])
    assert [post.title for post in got.posts] == ["Clerk 0", "Clerk 2"]
    assert "no record" in got.bad[0].reason
    lies = reads("b.warc", records[0] + records[1].replace(b"WARC-Type", b"X-Type") + records[2])
    assert [post.title for post in lies.posts] == ["Clerk 0", "Clerk 2"]
    longer = reads("c.warc", records[0] + short)
    assert [post.title for post in longer.posts] == ["Clerk 0"]
    assert longer.bad[-1].fatal


def test_a_line_without_end_is_not_held(reads: Reads) -> None:
    record = warc([visit(JOB.format(1), posting("Clerk"))], gz=False)
    got = reads("a.warc.gz", gzip.compress(record + b"WARC/1.0\r\nX: " + b"a" * 30_000_000))
    assert len(got.posts) == 1


def test_answers_that_are_no_pages(reads: Reads) -> None:
    visits = [
        visit(JOB.format(1), posting("Gone"), _status="404 Not Found"),
        visit("https://board.example/a.png", b"\x89PNG", "image/png"),
        visit("https://board.example/a.js", "var a = 'JobPosting'", "application/javascript"),
        visit("https://board.example/a.bin", b"\x00\x01\x02" * 100, "application/octet-stream"),
        visit("https://board.example/beacon", b""),
        visit("dns:board.example", b"1.2.3.4", "text/dns", _kind="resource"),
        visit("urn:text:https://board.example/", WORDS, "text/plain", _kind="resource"),
        visit(JOB.format(2), posting("Clerk")),
    ]
    got = reads("a.warc.gz", warc(visits))
    assert [post.title for post in got.posts] == ["Clerk"]
    assert not got.bad
    assert got.says("pictures, scripts and the like")


@pytest.mark.parametrize("kind", ["resource", "conversion"])
def test_pages_without_http_around_them(reads: Reads, kind: str) -> None:
    got = reads("a.warc.gz", warc([visit(JOB.format(1), posting("Clerk"), _kind=kind)]))
    assert [post.title for post in got.posts] == ["Clerk"]


def test_the_same_body_once_more_is_a_later_sight_of_it(reads: Reads) -> None:
    body = posting("Clerk").encode()
    digest = "sha1:" + base64.b32encode(hashlib.sha1(body).digest()).decode()
    visits = [
        visit(JOB.format(1), body),
        visit(JOB.format(1), b"", _kind="revisit", digest=digest, _date="2026-10-09T00:00:00Z"),
        visit("https://other.example/1", b"", _kind="revisit", digest=digest),
        visit(JOB.format(3), b"", _kind="revisit", digest="sha1:AAAA"),
    ]
    got = reads("a.warc.gz", warc(visits))
    assert [(post.url, post.fetched_at.day) for post in got.posts] == [
        (JOB.format(1), 1),
        (JOB.format(1), 9),
        ("https://other.example/1", 1),
    ]
    assert got.says("visits whose body is in another file: 1") or got.says("1 visits whose body is in another file")


def test_a_list_waits_for_the_pages_of_its_postings(reads: Reads) -> None:
    short = [
        {
            "@context": "https://schema.org",
            "@type": "JobPosting",
            "title": f"Clerk {n}",
            "description": "short",
            "url": JOB.format(n),
        }
        for n in (1, 2)
    ]
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(one)}</script>' for one in short)
    visits = [
        visit("https://board.example/jobs", f"<html><head>{scripts}</head><body>jobs</body></html>"),
        visit(JOB.format(1), posting("Clerk 1", url=JOB.format(1))),
        visit("https://board.example/about", page("About us")),
        visit("https://plain.example/notice/17", page("Notice")),
    ]
    got = reads("a.warc.gz", warc(visits))
    texts = {post.url: post.text for post in got.posts}
    assert texts[JOB.format(1)] == WORDS.strip()
    assert texts[JOB.format(2)] == "short"
    assert "https://plain.example/notice/17" in texts, "a site without postings gives its pages"
    assert "https://board.example/about" not in texts, "one with postings does not"
    assert len(got.posts) == 3


def test_the_items_of_a_feed_whose_pages_are_not_there(reads: Reads) -> None:
    items = "".join(
        f"<item><title>Item {n}</title><link>https://news.example/post/{n}</link><description>{WORDS}</description></item>"
        for n in (1, 2, 3)
    )
    visits = [
        visit(
            "https://news.example/feed",
            f"<?xml version='1.0'?><rss><channel>{items}</channel></rss>",
            "application/rss+xml",
        ),
        visit("https://news.example/post/1", page("Whole 1")),
        visit("https://news.example/post/2", b"", _status="301 Moved", Location="/entry/2"),
        visit("https://news.example/entry/2", page("Whole 2")),
    ]
    titles = [post.title for post in reads("a.warc.gz", warc(visits)).posts]
    assert sorted(titles) == ["Item 3", "Whole 1", "Whole 2"]


def test_replies_of_apis(reads: Reads) -> None:
    status = {
        "id": "7",
        "uri": "https://m.example/users/x/statuses/7",
        "url": "https://m.example/@x/7",
        "content": f"<p>{WORDS}</p>",
        "created_at": "2026-09-01T00:00:00Z",
        "account": {"acct": "x", "url": "https://m.example/@x"},
    }
    address = "https://m.example/api/v1/timelines/tag/kerja"
    got = reads("a.warc.gz", warc([visit(address, json.dumps([status]), "application/json")]))
    assert [post.text for post in got.posts] == [WORDS.strip()]


def test_the_source_can_be_named(reads: Reads) -> None:
    got = reads(
        "a.warc.gz", warc([visit(JOB.format(1), posting("Clerk"))]), source="raid", source_named=True, country_hint="KH"
    )
    assert (got.posts[0].source, got.posts[0].country_hint) == ("raid", "KH")


def test_hostile_markup_inside(reads: Reads) -> None:
    visits = [
        visit(JOB.format(1), "<div>" * 50_000 + WORDS),
        visit(JOB.format(2), b"\xff\xfe" + "<html>".encode("utf-16-le")),
        visit(JOB.format(3), '<script type="application/ld+json">' + "[" * 100_000 + '"JobPosting"</script>'),
        visit(JOB.format(4), "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><rss>&b;</rss>", "text/xml"),
        visit(JOB.format(5), "[" * 200_000, "application/json"),
        visit(JOB.format(6), posting("Clerk")),
    ]
    got = reads("a.warc.gz", warc(visits))
    assert "Clerk" in {post.title for post in got.posts}
    assert not any(one.fatal for one in got.bad)


@given(st.binary(max_size=300))
def test_any_bytes_after_the_beginning_of_a_record(tmp_path_factory: Any, content: bytes) -> None:
    from crawlers.imports.warc import Warc
    from pipelines.intake import ImportOptions

    path = tmp_path_factory.mktemp("any") / "a.warc"
    path.write_bytes(b"WARC/1.0\r\nWARC-Type: response\r\n" + content)
    list(Warc().read(path, ImportOptions("a", say=lambda _: None)))


SAVED = (
    "jobs/indeed_job.html", "jobs/seek_job.html", "jobs/jobify_detail.html", "jobs/camhr.html", "jobs/jobify_listing.html",
    "telegram/full.html", "telegram/message_poll.html",
)  # fmt: skip


def told(posts: Any) -> list[tuple[Any, ...]]:
    """What must be the same, however a page came; a post without words is refused by the pipeline later."""
    found = (
        (post.id, post.url, post.title, post.text, post.source, str(post.published_at), post.job, post.links)
        for post in posts
        if post.text or post.title
    )
    return sorted(found, key=lambda one: one[0])


@pytest.mark.shared
def test_an_archive_brings_what_a_crawl_brings(
    shared_data: Path, reads: Reads, crawl: Any, new_site: Any, page_type: Any, tmp_path: Path
) -> None:
    """Pages that are served, archived, saved as HTML, and as MHTML: the same posts, ids and texts."""
    site = new_site()
    bodies = {}
    for number, name in enumerate(SAVED):
        path = f"/s/kanal{number}" if name.startswith("telegram") else f"/job/{4711 + number}-clerk"
        bodies[site.base + path] = (shared_data / "pages" / name).read_bytes()
        site.pages[path] = page_type(bodies[site.base + path])
    wanted = told(crawl(tmp_path / "case", list(bodies), max_pages="1").posts.values())
    assert len(wanted) > 10
    forms: dict[str, list[Post]] = {"warc": [], "mhtml": [], "base64": [], "html": []}
    for url, body in bodies.items():
        forms["warc"] += reads("a.warc.gz", warc([visit(url, make.packed(body), Content__Encoding="gzip")])).posts
        forms["mhtml"] += reads("a.mhtml", make.mhtml(body, url)).posts
        forms["base64"] += reads("b.mht", make.mhtml(body, url, encoding="base64")).posts
        forms["html"] += reads("a.html", f"<!-- saved from url=({len(url):04}){url} -->\n".encode() + body).posts
    for form, posts in forms.items():
        assert told(posts) == wanted, form
