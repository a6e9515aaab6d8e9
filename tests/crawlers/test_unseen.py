"""What pages and channels that nobody had prepared for showed: each class of failure once, on invented pages."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawlers.extract.dates import labelled_date, read_date
from crawlers.extract.decode import looks_binary
from crawlers.extract.feed import feed_posts
from crawlers.extract.jobposting import job_posts
from crawlers.extract.jsonld import read_json
from crawlers.extract.links import distinct
from crawlers.extract.origin import Origin
from crawlers.extract.page import page_post
from crawlers.failures import SCRIPTED, wall
from crawlers.middlewares.pace import MAX_CRAWL_DELAY, MAX_RETRY_AFTER, Pace, seconds_asked
from jerat.model import Post, post_id

ORIGIN = Origin("board.example", "https://board.example/job/1", datetime(2026, 11, 1, tzinfo=UTC), "")


def _posting(**more: Any) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "title": "Clerk",
        "description": "At a desk",
        **more,
    }


def _page(body: str, *data: dict[str, Any]) -> str:
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(one)}</script>' for one in data)
    return f"<html><head><title>x</title>{scripts}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("25 ต.ค. 69", "2026-10-25"),
        ("วันจันทร์ที่ 5 ตุลาคม พ.ศ. 2569", "2026-10-05"),
        ("3/4/2569", "2026-04-03"),
        ("ngày 5 tháng 8 năm 2026", "2026-08-05"),
        ("2026년 8월 5일", "2026-08-05"),
        ("Senin, 5 Oktober 2026 14:30 WIB", "2026-10-05"),
        ("5 de octubre de 2026", "2026-10-05"),
        ("5 Oct 26", None),
        ("3/4/2026", None),
    ],
)
def test_dates(text: str, day: str | None) -> None:
    moment = read_date(text)
    assert (moment.date().isoformat() if moment else None) == day


def test_a_zone_of_the_region_counts() -> None:
    assert read_date("5 Oktober 2026 14:30 WIB") == datetime(2026, 10, 5, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Posted on: 12 October 2026", "2026-10-12"),
        ("โพสต์เมื่อ 1 พ.ย. 2569", "2026-11-01"),
        ("Closing date: 12 October 2026", None),
        ("12 October 2026", None),
        ("posted 3 days ago", None),
    ],
)
def test_only_a_known_label_makes_a_date(line: str, day: str | None) -> None:
    moment = labelled_date(line)
    assert (moment.date().isoformat() if moment else None) == day


def test_a_reference_gives_the_whole_place() -> None:
    place = {
        "@type": "Place",
        "@id": "#loc",
        "address": {"addressLocality": "Bavet", "addressCountry": {"@type": "Country", "name": "Cambodia"}},
    }
    graph = {"@context": "https://schema.org", "@graph": [_posting(jobLocation={"@id": "#loc"}), place]}
    (post,) = job_posts(_page("", graph), ORIGIN).posts
    assert post.job is not None
    assert post.job.locations == ("Bavet, Cambodia",)


def test_every_address_of_a_place_counts() -> None:
    place = {"@type": "Place", "address": [{"addressLocality": "Manila"}, {"addressLocality": "Clark"}]}
    (post,) = job_posts(_page("", _posting(jobLocation=place)), ORIGIN).posts
    assert post.job is not None
    assert post.job.locations == ("Manila", "Clark")


def test_an_escaped_single_quote_is_a_quote() -> None:
    assert read_json(r'{"name": "Acme \'n Co", "path": "C:\\\\x"}') == {"name": "Acme 'n Co", "path": r"C:\\x"}


def test_postings_in_rdfa_keep_their_lines_also_where_there_are_several() -> None:
    items = "".join(
        f'<div vocab="https://schema.org/" typeof="JobPosting"><h2 property="title">Job {n}</h2>'
        f'<div property="description"><p>Alpha {n}</p><p>Beta</p></div></div>'
        for n in (1, 2)
    )
    posts = job_posts(_page(items), ORIGIN).posts
    assert {post.title: post.text.split() and [line for line in post.text.splitlines() if line] for post in posts} == {
        "Job 1": ["Alpha 1", "Beta"],
        "Job 2": ["Alpha 2", "Beta"],
    }


def test_the_boards_own_contacts_are_not_the_posts() -> None:
    body = """<div class="topbar"><a href="tel:+85523555900">Call</a></div><div><h1>Clerk</h1><div><h3>How to apply</h3>
      <p><a href="mailto:cv@shop.example">mail</a></p></div></div>
      <div><h4>Contact Us:</h4><ul><li><a href="mailto:info@board.example">x</a></li></ul></div>"""
    (post,) = job_posts(_page(body, _posting()), ORIGIN).posts
    assert post.job is not None
    assert post.job.contacts == ("cv@shop.example",)


def test_us_in_an_article_is_who_wrote_it() -> None:
    body = '<article><h1>Clerk</h1><h4>Contact us</h4><p><a href="https://t.me/shop_hr">here</a></p></article>'
    (post,) = job_posts(_page(body, _posting()), ORIGIN).posts
    assert post.job is not None
    assert post.job.contacts == ("https://t.me/shop_hr",)


def test_a_short_classified_with_a_number_is_a_post_and_a_short_list_is_none() -> None:
    body = (
        '<div class="post"><h1>หาพนักงานร้านอาหาร</h1><div>ประกาศเมื่อ 2 พ.ย. 2569</div>'
        "<div>เงินเดือน 12,000 บาท โทร 053-555-123</div></div>"
    )
    (post,) = page_post(_page(body), ORIGIN).posts
    assert post.title == "หาพนักงานร้านอาหาร"
    assert "053-555-123" in post.text
    assert post.published_at == datetime(2026, 11, 2, tzinfo=UTC)
    rows = "".join(
        f'<tr><td><a href="/t/{n}">An advertisement of some kind, number {n}</a></td></tr>' for n in (1, 2, 3)
    )
    assert page_post(_page(f"<table>{rows}</table>"), ORIGIN).posts == []


def test_a_forum_names_the_topic_and_not_itself() -> None:
    text = "We need typing staff in Poipet, salary 900 USD, free room and food for everybody who comes to us."
    markup = _page(f"<h2>Topic 10</h2><div>{text}</div>").replace(">x<", ">Topic 10 - Jobs abroad<")
    (post,) = page_post(markup, ORIGIN).posts
    assert post.title == "Topic 10"


def test_one_page_under_two_addresses_is_one_post() -> None:
    def post(url: str, text: str = "words") -> Post:
        return Post(
            id=post_id("web", "", url), source="s", platform="web", url=url, fetched_at=ORIGIN.fetched_at, text=text
        )

    short, long, other = (
        post("https://b.example/t?t=10"),
        post("https://b.example/t?f=2&t=10"),
        post("https://b.example/t?t=11"),
    )
    assert distinct([long, short, other]) == [short, other]
    assert len(distinct([short, post("https://b.example/t?f=2&t=10", "other words")])) == 2


def test_feeds_give_their_items() -> None:
    body = b"""<rss xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><link>https://board.example/</link>
      <item><title>A &amp; B</title><link>https://board.example/f/1</link><pubDate>Mon, 05 Oct 2026 10:00:00 +0700</pubDate>
      <description>Short</description><content:encoded><![CDATA[<p>Whole</p><p>text</p>]]></content:encoded></item></channel></rss>"""
    (post,) = feed_posts(body, ORIGIN).posts
    assert (post.title, post.url) == ("A & B", "https://board.example/f/1")
    assert post.text.split() == ["Whole", "text"]
    assert post.published_at == datetime(2026, 10, 5, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "body", [b"", b"<rss>", b"<!DOCTYPE x [<!ENTITY a 'b'>]><rss><item><title>&a;</title></item></rss>", b"\x00"]
)
def test_broken_feeds_give_nothing(body: bytes) -> None:
    assert feed_posts(body, ORIGIN).posts == []


def test_a_page_of_scripts_is_named_as_such() -> None:
    assert (
        wall('<html><body><div id="__next"></div><script>' + "var a = 1;" * 999 + "</script></body></html>") == SCRIPTED
    )
    assert wall("<html><body><p>" + "Real words. " * 20 + "</p><script>x</script></body></html>") == ""


def test_some_nul_bytes_do_not_make_html_binary() -> None:
    assert not looks_binary(b"<!DOCTYPE html><html><body>\x00 words " + b"x" * 500)
    assert looks_binary(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")


def test_retry_after_in_both_forms() -> None:
    now = datetime(2026, 11, 1, 12, tzinfo=UTC)
    assert seconds_asked(b"120") == 120
    assert seconds_asked(b"Sun, 01 Nov 2026 12:01:00 GMT", now) == 60
    assert seconds_asked(b"Sun, 01 Nov 2020 12:01:00 GMT", now) == 0
    assert seconds_asked(b"soon") is None
    assert seconds_asked(None) is None


def test_the_pace_is_bounded() -> None:
    pace = Pace()
    pace.crawl_delay("https://slow.example/x", 9999)
    assert pace.delays == {"slow.example": MAX_CRAWL_DELAY}
    assert not pace.wait_for("https://slow.example/x", MAX_RETRY_AFTER + 1, 429)
    assert "429" in pace.closed["slow.example"]


@pytest.fixture(scope="module")
def crawled(new_site: Any, crawl: Any, page_type: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Five sites with habits of their own, in one crawl."""
    sites = {name: new_site() for name in ("patient", "away", "feed", "exact", "channel")}
    seen: list[str] = []

    def busy(path: str) -> Any:
        seen.append(path)
        if len(seen) == 1:
            return page_type("later", 429, {"Retry-After": "1"})
        return page_type(_page("", _posting(title="Patience")))

    sites["patient"].pages = {"/robots.txt": page_type("User-agent: *\nCrawl-delay: 0.2"), "/job/1": busy}
    sites["away"].pages = {"/robots.txt": page_type("oops", 503), "/job/1": _page("", _posting())}
    item = "<item><title>Only here</title><link>{}/f/1</link><description>Words of the feed</description></item>"
    sites["feed"].pages = {
        "/feed.xml": page_type(
            f"<rss><channel>{item.format(sites['feed'].base)}</channel></rss>", content_type="application/rss+xml"
        )
    }
    sites["exact"].pages = {
        "/": '<a href="/job/1?utm_source=list&amp;ref=7">one</a>',
        "/job/1?utm_source=list&ref=7": _page("", _posting(title="Exact", url="/job/1")),
    }
    message = (
        '<div class="tgme_widget_message_wrap"><div class="tgme_widget_message" data-post="some_chan/1">'
        '<div class="tgme_widget_message_text">Words</div><a class="tgme_widget_message_date" href="https://t.me/some_chan/1">'
        '<time datetime="2026-11-01T10:00:00+00:00"></time></a></div></div>'
    )
    sites["channel"].pages = {
        "/s/some_chan": f'<main class="tgme_main"><section class="tgme_channel_history">{message}</section></main>'
    }
    starts = {"patient": "/job/1", "away": "/job/1", "feed": "/feed.xml", "exact": "/", "channel": "/s/some_chan"}
    folder: Path = tmp_path_factory.mktemp("unseen")
    done = crawl(folder, [sites[name].base + path for name, path in starts.items()])
    reports = dict(zip(starts, done.reports, strict=True))
    return {"done": done, "sites": sites, "reports": reports}


def test_retry_after_is_waited_for_and_told(crawled: dict[str, Any]) -> None:
    report = crawled["reports"]["patient"]
    assert report["posts_new"] == 1
    assert "Retry-After" in report["reason"]
    assert "0.2 s between requests" in report["reason"]


def test_a_failing_robots_txt_means_not_now(crawled: dict[str, Any]) -> None:
    assert crawled["reports"]["away"]["status"] == "failed"
    assert "robots.txt answers HTTP 503" in crawled["reports"]["away"]["reason"]
    assert "/job/1" not in crawled["sites"]["away"].asked


def test_an_item_whose_page_is_gone_is_kept_from_the_feed(crawled: dict[str, Any]) -> None:
    post = crawled["done"].posts[f"{crawled['sites']['feed'].base}/f/1"]
    assert (post.title, post.text) == ("Only here", "Words of the feed")


def test_links_are_asked_for_as_they_are_written(crawled: dict[str, Any]) -> None:
    assert crawled["reports"]["exact"]["posts_new"] == 1
    assert f"{crawled['sites']['exact'].base}/job/1" in crawled["done"].posts


def test_run_and_posts_name_the_same_source(crawled: dict[str, Any]) -> None:
    assert crawled["reports"]["channel"]["source"] == "t.me/some_chan"
    assert {post.source for post in crawled["done"].posts.values()} <= {
        run.source for run in crawled["done"].runs.values()
    }
