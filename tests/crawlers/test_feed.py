"""Feeds in every form, sound and broken, and walks over their pages."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.extract.feed import feed_posts, read_feed
from crawlers.extract.origin import Origin
from crawlers.extract.reply import Reply
from jerat.model import Post, post_id

URL = "https://papan.example/kerja/feed.xml"
ORIGIN = Origin("x", URL, datetime(2026, 11, 23, tzinfo=UTC))
WHEN = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
RSS = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Papan</title><link>https://papan.example/</link>%s</channel></rss>'  # noqa: E501
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>Papan</title><link href="/"/>%s</feed>'


def read(markup: str | bytes, content_type: str = "") -> Reply:
    reply = read_feed(markup.encode() if isinstance(markup, str) else markup, content_type, ORIGIN)
    assert reply is not None
    return reply


def one(markup: str | bytes) -> Post:
    reply = read(markup)
    assert not reply.problems
    (post,) = reply.posts
    return post


FORMS = {
    "RSS 2.0": RSS % "<item><title>Admin &amp;amp; kasir</title><link>https://papan.example/1</link><guid>77</guid>"
    "<pubDate>Fri, 20 Nov 2026 10:00:00 +0700</pubDate><dc:creator>Ibu Contoh</dc:creator><description>pendek</description>"
    '<content:encoded><![CDATA[<p>Gaji <a href="/wa">besar</a>&nbsp;sekali</p><img src="/p.jpg">]]></content:encoded></item>',
    "RSS 0.91": '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">'
    '<rss version="0.91"><channel><item><title>Admin &amp; kasir</title><link>https://papan.example/1</link>'
    "<pubDate>20 Nov 2026 03:00:00 GMT</pubDate><author>ibu@papan.example (Ibu Contoh)</author>"
    '<description>&lt;p&gt;Gaji &lt;a href="https://papan.example/wa"&gt;besar&lt;/a&gt;&nbsp;sekali&lt;/p&gt;'
    '&lt;img src="https://papan.example/p.jpg"&gt;'
    "</description></item></channel></rss>",
    "RSS 1.0": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://papan.example/"/>'
    '<item rdf:about="https://papan.example/1"><title>Admin &amp; kasir</title><dc:date>2026-11-20T10:00:00+07:00</dc:date>'
    "<dc:creator>Ibu Contoh</dc:creator><description>&lt;p&gt;Gaji &lt;a href=&quot;/wa&quot;&gt;besar&lt;/a&gt; sekali&lt;/p&gt;"  # noqa: E501
    "&lt;img src='/p.jpg'/&gt;</description></item></rdf:RDF>",
    "Atom": ATOM
    % '<author><name>Ibu Contoh</name><email>x@papan.example</email></author><entry xml:base="https://papan.example/a/">'
    '<title type="html">Admin &amp;amp; kasir</title><link rel="edit" href="edit/1"/><link href="../1"/><id>urn:1</id>'
    '<published>2026-11-20T03:00:00Z</published><updated>2026-11-22T03:00:00Z</updated><content type="xhtml">'
    '<div xmlns="http://www.w3.org/1999/xhtml"><p>Gaji <a href="/wa">besar</a> sekali</p>'
    '<img src="../p.jpg"/></div></content></entry>',
    "Atom 0.3": '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>Admin &amp; kasir</title>'
    '<link rel="alternate" type="text/html" href="https://papan.example/1"/><issued>2026-11-20T03:00:00Z</issued>'
    '<author><name>Ibu Contoh</name></author><content type="text/html" mode="escaped">'
    '&lt;p&gt;Gaji &lt;a href="/wa"&gt;besar&lt;/a&gt; sekali&lt;/p&gt;&lt;img src="/p.jpg"&gt;</content></entry></feed>',
    "JSON Feed": json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "items": [
                {
                    "id": 5,
                    "url": "https://papan.example/1",
                    "title": "Admin & kasir",
                    "content_html": '<p>Gaji <a href="/wa">besar</a> sekali</p><img src="/p.jpg">',
                    "date_published": "2026-11-20T10:00:00+07:00",
                    "authors": [{"name": "Ibu Contoh"}],
                }
            ],
        }
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_same_item_in_every_form(form: str) -> None:
    post = one(FORMS[form])
    assert (post.title, post.text, post.url) == ("Admin & kasir", "Gaji besar sekali", "https://papan.example/1")
    assert [(link.url, post.text[link.start : link.end]) for link in post.links] == [
        ("https://papan.example/wa", "besar")
    ]
    assert (post.author, post.published_at) == ("Ibu Contoh", WHEN)
    assert post.media == ("https://papan.example/p.jpg",)
    assert post.id == post_id("web", "", "https://papan.example/1")
    assert [found.url for found in feed_posts(FORMS[form].encode(), ORIGIN).posts] == ["https://papan.example/1"]


@pytest.mark.parametrize(
    ("encoded", "content_type"),
    [
        (
            b'<?xml version="1.0" encoding="tis-620"?>'
            + (RSS[38:] % "<item><title>รับสมัคร</title><link>/1</link></item>").encode("tis-620"),
            "",
        ),
        ((RSS % "<item><title>รับสมัคร</title><link>/1</link></item>").encode(), "text/xml; charset=iso-8859-1"),
        ((RSS % "<item><title>รับสมัคร</title><link>/1</link></item>").replace("utf-8", "utf-16").encode("utf-16"), ""),
        (
            (RSS % "<item><title>รับสมัคร</title><link>/1</link></item>").replace("utf-8", "utf-16").encode("utf-16-le"),
            "",
        ),
        (b"\xef\xbb\xbf" + (RSS % "<item><title>รับสมัคร</title><link>/1</link></item>").encode(), "text/plain"),
    ],
)
def test_encodings(encoded: bytes, content_type: str) -> None:
    reply = read(encoded, content_type)
    assert [post.title for post in reply.posts] == ["รับสมัคร"]
    assert not reply.problems


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("Gaji &lt;b&gt;besar&lt;/b&gt; &amp;amp; bonus", "Gaji besar & bonus"),
        ("<![CDATA[Gaji <b>besar</b> &amp; bonus]]>", "Gaji besar & bonus"),
        ("&amp;lt;p&amp;gt;Gaji besar &amp;amp;amp; bonus&amp;lt;/p&amp;gt;", "Gaji besar & bonus"),
        ("Gaji besar &amp; bonus", "Gaji besar & bonus"),
        ("Gaji besar & bonus", "Gaji besar & bonus"),
        ("Gaji&nbsp;besar &copy; &unknown; x", "Gaji besar © &unknown; x"),
        ("Gaji \x02besar", "Gaji besar"),
    ],
)
def test_html_that_is_escaped_in_several_ways(written: str, text: str) -> None:
    assert one(RSS % f"<item><link>/1</link><description>{written}</description></item>").text == text


def test_media_wherever_they_stand() -> None:
    post = one(
        RSS
        % '<item><title>x</title><link>/1</link><enclosure url="/a.mp3" type="audio/mpeg"/><media:group><media:content url="/b.mp4"/>'  # noqa: E501
        '<media:thumbnail url="/b.jpg"/><media:description>Gaji besar</media:description></media:group>'
        '<media:content url="javascript:x"/><description><![CDATA[<img src="/dot.gif" width="1" height="1">]]></description></item>'  # noqa: E501
    )
    assert post.media == tuple(f"https://papan.example/{name}" for name in ("a.mp3", "b.mp4", "b.jpg"))
    assert post.text == "Gaji besar"


def test_items_that_share_an_address_or_have_none_stay_apart() -> None:
    item = "<item><title>%s</title><link>https://papan.example/</link><guid isPermaLink='false'>%s</guid></item>"
    reply = read(
        RSS % (item % ("A", "1") + item % ("B", "2") + "<item><title>C</title></item><item><title>D</title></item>")
    )
    assert len({post.id for post in reply.posts}) == 4
    again = read(RSS % (item % ("A", "1") + item % ("B", "2") + "<item><title>C</title></item>"))
    assert {post.id for post in again.posts} < {post.id for post in reply.posts}
    guid = one(RSS % "<item><title>E</title><guid>https://papan.example/e</guid></item>")
    assert guid.url == "https://papan.example/e"
    tag = one(RSS % "<item><title>E</title><guid isPermaLink='false'>https://papan.example/e</guid></item>")
    assert (tag.url, tag.native_id) == (URL, f"{URL}#https://papan.example/e")


@pytest.mark.parametrize("date", ["yesterday", "2026-13-45", "0000", "99999999999999999999", "Fri, 99 Foo 2026", ""])
def test_a_wrong_date_is_none_and_another_is_taken(date: str) -> None:
    post = one(RSS % f"<item><title>x</title><link>/1</link><pubDate>{date}</pubDate></item>")
    assert post.published_at is None
    post = one(
        RSS
        % f"<item><title>x</title><link>/1</link><pubDate>{date}</pubDate><dc:date>2026-11-20T03:00:00Z</dc:date></item>"
    )
    assert post.published_at == WHEN


def test_entities_of_its_own_are_refused() -> None:
    laughs = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">]>'
    outside = '<!DOCTYPE rss [<!ENTITY c SYSTEM "file:///etc/passwd">]>'
    for head in (laughs, outside, '<!DOCTYPE rss SYSTEM "https://x.example/a.dtd" [<!ENTITY c "d">]>'):
        for item in ("<item><title>&c;</title><link>/1</link></item>",):
            reply = read(head + (RSS % item)[38:])
            assert reply.posts == []
            assert "entities" in reply.problems[0]


def test_a_feed_that_is_cut_gives_what_came() -> None:
    whole = RSS % "".join(f"<item><title>T{n}</title><link>/{n}</link></item>" for n in range(10))
    reply = read(whole[: whole.index("T7")])
    assert [post.title for post in reply.posts][:7] == [f"T{n}" for n in range(7)]
    assert "cut short" in reply.problems[0]


def test_hostile_shapes() -> None:
    comments = "<!-- a -->" * 1500
    assert read_feed(f"{comments}x".encode(), "", ORIGIN) is None
    assert one(f"{comments[:10_000]}{(RSS % '<item><title>x</title><link>/1</link></item>')[38:]}").title == "x"
    deep = RSS % (
        "<item><title>x</title><link>/1</link><description>"
        + "<b>" * 5000
        + "y"
        + "</b>" * 5000
        + "</description></item>"
    )
    read(deep)
    many = RSS % ("<item><title>x</title></item>" * 25_000)
    reply = read(many)
    assert reply.items == 25_000
    assert "5,000 items" in reply.problems[0]
    assert read_feed(b"<html><body><item><title>x</title></item></body></html>", "", ORIGIN) is None
    assert read_feed(b'{"items": []}', "application/json", ORIGIN) is None
    assert read_feed(b"", "", ORIGIN) is None
    feed = RSS % "<item><title>x</title><link>/1</link><description><![CDATA[<?xml y]]></description></item>"
    assert one(f"Warning: something in line 5\n{feed}").title == one(feed).title == "x"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)
NAMES = [
    "id",
    "url",
    "title",
    "content_html",
    "content_text",
    "image",
    "attachments",
    "authors",
    "date_published",
    "tags",
]


@given(st.sampled_from(NAMES), JSON)
def test_no_value_of_any_type_breaks_a_json_feed(name: str, value: Any) -> None:
    rows = [{"id": "1", "title": "A", "url": "https://papan.example/a", name: value}, value, {"id": "2", "title": "B"}]
    reply = read_feed(json.dumps({"version": "https://jsonfeed.org/version/1", "items": rows}).encode(), "", ORIGIN)
    assert reply is not None
    assert reply.posts[-1].title == "B"
    assert len(reply.posts) + len(reply.problems) == 3


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    reply = read_feed(
        (RSS % f"<item><title>A</title><link>/1</link>{text}</item>").encode("utf-8", "replace"), "", ORIGIN
    )
    assert reply is None or len(reply.posts) + len(reply.problems) >= 1


# -- feeds in pages, with faults -------------------------------------------------------------------------------------------


def page_of(base: str, name: str, numbers: range, older: str = "") -> str:
    items = "".join(
        f"<item><title>Lowongan {n}</title><link>{base}/{name}/{n}</link><description>Isi {n}</description></item>"
        for n in numbers
    )
    return RSS % ((f'<atom:link rel="next" href="{older}"/>' if older else "") + items)


@pytest.fixture(scope="module")
def crawled(new_site: Callable[[], Any], crawl: Any, page_type: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    page = page_type
    starts: dict[str, str] = {}
    xml = {"content_type": "application/rss+xml"}

    def site(name: str, pages: dict[str, Any], start: str = "/feed") -> str:
        made = new_site()
        base: str = made.base
        made.pages = {path: page(answer(base), **xml) if callable(answer) else answer for path, answer in pages.items()}
        starts[name] = base + start
        return base

    site(
        "paged",
        {
            "/feed": lambda base: page_of(base, "a", range(20), "/feed?page=2"),
            "/feed?page=2": lambda base: page_of(base, "a", range(18, 40), f"{base}/feed?page=3"),
            "/feed?page=3": lambda base: page_of(base, "a", range(40, 50)),
        },
    )
    site("circle", {"/feed": lambda base: page_of(base, "b", range(5), "/feed")})
    elsewhere = new_site()
    site("elsewhere", {"/feed": lambda base: page_of(base, "c", range(5), f"{elsewhere.base}/feed")})
    cut = page_of("http://papan.example", "d", range(30))
    site("cut", {"/feed": page(cut[: len(cut) // 2], **xml)})
    site(
        "lost",
        {"/feed": lambda base: page_of(base, "e", range(5), "/feed?page=2"), "/feed?page=2": page("no", status=500)},
    )
    site("empty", {"/feed": lambda base: RSS % ""})
    site("html", {"/feed": page("<html><body>Not a feed</body></html>")})
    site(
        "bomb",
        {
            "/feed": page(
                '<!DOCTYPE x [<!ENTITY a "b">]><rss><channel><item><title>&a;</title></item></channel></rss>', **xml
            )
        },
    )
    named = '<html><head><link rel="alternate" type="application/rss+xml" href="/rss"></head><body>x</body></html>'
    site("named", {"/blog": page(named), "/rss": lambda base: page_of(base, "f", range(3))}, "/blog")
    rows = [{"id": str(n), "title": f"Lowongan {n}", "url": f"https://papan.example/json/{n}"} for n in range(6)]
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": rows[:3], "next_url": "/feed.json?p=2"}
    last = {"version": "https://jsonfeed.org/version/1.1", "items": rows[3:]}
    site("json", {"/feed.json": page(json.dumps(feed)), "/feed.json?p=2": page(json.dumps(last))}, "/feed.json")
    result = crawl(tmp_path_factory.mktemp("feed") / "case", list(starts.values()), kind="feed")
    result.by_name = dict(zip(starts, result.reports, strict=True))
    result.elsewhere = elsewhere
    return result


@pytest.mark.parametrize(
    ("name", "status", "posts", "words"),
    [
        ("paged", "ok", 50, ""),
        ("circle", "ok", 5, "leads back"),
        ("elsewhere", "ok", 5, "another site"),
        ("cut", "ok", 15, ""),
        ("lost", "failed", 5, "HTTP 500"),
        ("empty", "failed", 0, "the feed has no items"),
        ("html", "failed", 0, "no feed, but HTML"),
        ("bomb", "failed", 0, "entities of its own"),
        ("named", "ok", 3, ""),
        ("json", "ok", 6, ""),
    ],
)
def test_how_each_walk_ended(crawled: Any, name: str, status: str, posts: int, words: str) -> None:
    report = crawled.by_name[name]
    assert report["status"] == status, report
    assert abs(report["posts_new"] - posts) <= (2 if name == "cut" else 0), report
    assert words in report["reason"]
    assert not [letter for letter in crawled.dead if "fault in jerat" in letter.reason]


def test_no_other_site_was_asked(crawled: Any) -> None:
    assert crawled.elsewhere.asked == []
    assert any("cut short" in letter.reason for letter in crawled.dead)
