"""Reddit: posts and comments in every form, the recorded replies, and walks over a server with its faults and limits."""

import html
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reddit_things import comment, listing, submission

from crawlers.extract.origin import Origin
from crawlers.extract.reddit import read_listing
from crawlers.kinds import kind_of
from crawlers.spiders.reddit import RedditSpider
from jerat.model import Post, post_id

ORIGIN = Origin("x", "https://www.reddit.com/r/contoh/new.json", datetime(2026, 11, 23, tzinfo=UTC))


def one(thing: dict[str, Any]) -> Post:
    reply = read_listing(listing(thing), ORIGIN)
    assert not reply.problems
    (post,) = reply.posts
    return post


@pytest.mark.parametrize("escape", [html.escape, str])
def test_the_text_is_what_the_page_shows(escape: Callable[[str], str]) -> None:
    written = (
        '<!-- SC_OFF --><div class="md"><p>Gaji &amp; bonus, <a href="https://t.me/contoh_hr">klik</a> atau '
        '<a href="/u/bos">bos</a></p>\n\n<ul><li>WA +62 812-0000-1111</li></ul></div><!-- SC_ON -->'
    )
    post = one(
        submission("aaa", selftext="Gaji & bonus, [klik](https://t.me/contoh_hr) …", selftext_html=escape(written))
    )
    assert post.text == "Gaji & bonus, klik atau bos\n\nWA +62 812-0000-1111"
    assert [(link.url, post.text[link.start : link.end]) for link in post.links] == [
        ("https://t.me/contoh_hr", "klik"),
        ("https://www.reddit.com/u/bos", "bos"),
    ]
    assert (post.title, post.author) == ("Lowongan aaa", "contoh_hr")
    assert post.url == "https://www.reddit.com/r/contoh/comments/aaa/lowongan/"
    assert post.published_at == datetime.fromtimestamp(1795000000, UTC)
    assert post.id == post_id("reddit", "t3_aaa", "")
    assert one(submission("aaa", selftext="A &amp; B\n\n* c")).text == "A & B\n\n* c"


def test_links_pictures_galleries_and_videos() -> None:
    link = one(submission("a1", is_self=False, url="https://lowongan.example/1?a=1&amp;b=2"))
    assert [one.url for one in link.links] == ["https://lowongan.example/1?a=1&b=2"]
    assert link.media == ()
    picture = one(submission("a2", is_self=False, url="https://i.redd.it/x.jpeg"))
    assert (picture.media, picture.links) == (("https://i.redd.it/x.jpeg",), ())
    gallery = one(
        submission(
            "a3",
            is_self=False,
            url="https://www.reddit.com/gallery/a3",
            gallery_data={
                "items": [{"media_id": "m2", "caption": "Poster gaji"}, {"media_id": "m1"}, {"media_id": "no"}]
            },
            media_metadata={
                "m1": {"s": {"u": "https://preview.redd.it/1.jpg?a=1&amp;s=2"}},
                "m2": {"s": {"gif": "https://i.redd.it/2.gif"}},
            },
        )
    )
    assert gallery.media == ("https://i.redd.it/2.gif", "https://preview.redd.it/1.jpg?a=1&s=2")
    assert gallery.text == "Poster gaji"
    video = one(
        submission(
            "a4",
            is_self=False,
            url="https://v.redd.it/v",
            media={"reddit_video": {"fallback_url": "https://v.redd.it/v/DASH_720.mp4?source=fallback"}},
        )
    )
    assert video.media == ("https://v.redd.it/v/DASH_720.mp4",)


def test_a_crosspost_has_the_words_of_the_post_it_shows() -> None:
    parent = submission("p1", title="Kerja di Poipet", selftext="Gaji 1200 USD", subreddit_name_prefixed="r/asal")[
        "data"
    ]
    post = one(submission("c1", title="Awas", crosspost_parent_list=[parent], is_self=False, url=parent["url"]))
    assert post.text == "Kerja di Poipet\n\nGaji 1200 USD"
    assert post.message is not None
    assert (post.message.forwarded_from, post.message.forwarded_url) == (
        "r/asal",
        "https://www.reddit.com/r/contoh/comments/p1/lowongan/",
    )


def test_what_was_removed_is_no_post_and_is_counted() -> None:
    gone = [
        submission("g1", selftext="[removed]", removed_by_category="moderator"),
        submission("g2", selftext="[deleted]", author="[deleted]"),
        submission("g3", selftext="", removed_by_category="reddit"),
        comment("g4", "[removed]"),
        comment("g5", "[deleted]", author="[deleted]"),
    ]
    reply = read_listing(listing(*gone, submission("k1", selftext="masih ada", author="[deleted]")), ORIGIN)
    assert [(post.native_id, post.author) for post in reply.posts] == [("t3_k1", "")]
    assert reply.gone == ["t3_g1", "t3_g2", "t3_g3", "t1_g4", "t1_g5"]
    assert reply.left_out == {"removed or deleted": 5}


def test_a_thread_is_read_with_all_its_comments() -> None:
    deep: Any = ""
    for number in range(300):
        deep = listing(comment(f"d{number}", f"Jawaban {number}", deep, parent_id="t1_x"))
    thread = [
        listing(submission("aaa")),
        listing(comment("c1", "Pertama", deep), comment("c2"), {"kind": "more", "data": {"count": 25}}),
    ]
    reply = read_listing(thread, ORIGIN)
    names = [post.native_id for post in reply.posts]
    assert names[:3] == ["t3_aaa", "t1_c1", "t1_d299"]
    assert names[-2:] == ["t1_d0", "t1_c2"]
    assert reply.left_out.total() == 25
    first = reply.posts[1]
    assert (first.title, first.text, first.url) == (
        "",
        "Pertama",
        "https://www.reddit.com/r/contoh/comments/aaa/lowongan/c1/",
    )
    assert first.message is not None
    assert first.message.reply_to == "https://www.reddit.com/comments/aaa"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)
NAMES = [
    *submission("x")["data"],
    "media_metadata",
    "gallery_data",
    "media",
    "crosspost_parent_list",
    "poll_data",
    "removed",
]


@given(st.sampled_from(NAMES), JSON)
def test_no_value_of_any_type_breaks_it(name: str, value: Any) -> None:
    reply = read_listing(listing(submission("bad", **{name: value}), value, submission("good")), ORIGIN)
    assert reply.posts[-1].native_id == "t3_good"
    assert len(reply.posts) + len(reply.problems) + reply.left_out.total() == 3


@given(JSON)
def test_no_reply_breaks_it(value: Any) -> None:
    for data in (value, [value, value], listing(value), {"data": value}, listing(comment("c", replies=value))):
        assert {post.native_id for post in read_listing(data, ORIGIN).posts} <= {"t1_c"}


class _Settings:
    found: dict[str, str] = {}  # noqa: RUF012

    def tokens(self, platform: str) -> dict[str, str]:
        return self.found


class _Context:
    settings = _Settings()


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("https://www.reddit.com/r/contoh", "/r/contoh.json?limit=100&raw_json=1"),
        ("reddit.com/r/contoh/", "/r/contoh.json?limit=100&raw_json=1"),
        ("https://old.reddit.com/r/contoh/new/", "/r/contoh/new.json?limit=100&raw_json=1"),
        ("https://www.reddit.com/r/contoh/new.json?limit=25", "/r/contoh/new.json?limit=25&raw_json=1"),
        ("https://www.reddit.com/r/contoh/top/?t=week", "/r/contoh/top.json?t=week&limit=100&raw_json=1"),
        (
            "https://www.reddit.com/r/contoh/search?q=loker",
            "/r/contoh/search.json?q=loker&limit=100&raw_json=1&restrict_sr=1",
        ),
        ("https://www.reddit.com/search/?q=loker+kamboja", "/search.json?q=loker+kamboja&limit=100&raw_json=1"),
        ("https://www.reddit.com/u/contoh_hr", "/user/contoh_hr.json?limit=100&raw_json=1"),
        ("https://www.reddit.com/user/contoh_hr/submitted", "/user/contoh_hr/submitted.json?limit=100&raw_json=1"),
        (
            "https://www.reddit.com/r/contoh/comments/aaa/judul/",
            "/r/contoh/comments/aaa/judul.json?limit=500&raw_json=1",
        ),
        ("r/contoh/top", "/r/contoh/top.json?limit=100&raw_json=1"),
        ("https://redd.it/aaa", "/comments/aaa.json?limit=500&raw_json=1"),
        ("https://www.reddit.com/settings", ""),
        ("https://www.reddit.com/search", ""),
    ],
)
def test_addresses(typed: str, asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RedditSpider, "context", _Context())
    spider = RedditSpider(url=typed)
    assert spider.entrance(spider.url) == (f"https://www.reddit.com{asked}" if asked else "")
    assert kind_of(typed, None if "." in typed else "reddit") == "reddit"
    monkeypatch.setattr(_Settings, "found", {"oauth.reddit.com": "t"})
    wanted = asked.replace(".json", "")
    assert spider.entrance(spider.url) == (f"https://oauth.reddit.com{wanted}" if asked else "")


def test_where_robots_forbid_it_the_way_that_is_meant_is_named() -> None:
    spider = RedditSpider(url="https://www.reddit.com/r/contoh")
    spider.troubles["robots"] = 1
    spider.api = "https://www.reddit.com"
    assert "JERAT_REDDIT_TOKEN" in spider.verdict()
    spider.api = "http://127.0.0.1:8000"
    assert "JERAT_REDDIT_TOKEN" not in spider.verdict()


# -- the recorded replies ------------------------------------------------------------------------------------------------


def _recorded(folder: Path) -> Iterator[tuple[str, Any]]:
    for file in sorted((folder / "api" / "reddit").glob("*.json")):
        for pair in json.loads(file.read_bytes())["interactions"]:
            if pair["request"]["method"] == "GET" and "access_token" not in pair["request"]["uri"]:
                # Names were put in angle brackets by whoever recorded it.
                body = re.sub(r"<([A-Z]+(?:_[A-Z]+)*)>", r"\1", pair["response"]["body"]["string"])
                yield pair["request"]["uri"], json.loads(body)


def _children(node: Any) -> Iterator[dict[str, Any]]:
    for each in node if isinstance(node, list) else [node]:
        for child in each["data"]["children"]:
            yield child
            if isinstance(child["data"].get("replies"), dict):
                yield from _children(child["data"]["replies"])


def _squeezed(markup: str) -> str:
    return "".join(html.unescape(re.sub(r"<!--.*?-->|<[^>]*>", "", markup)).split())


def test_every_recorded_reply(shared_data: Path) -> None:
    seen = 0
    for uri, data in _recorded(shared_data):
        reply = read_listing(data, Origin("x", uri, datetime(2026, 11, 23, tzinfo=UTC)))
        wanted = [one for one in _children(data) if one["kind"] in ("t1", "t3")]
        assert not reply.problems
        assert [post.native_id for post in reply.posts] == [f"{one['kind']}_{one['data']['id']}" for one in wanted]
        assert reply.cursor == ("" if isinstance(data, list) else data["data"]["after"] or "")
        for post, thing in zip(reply.posts, wanted, strict=True):
            seen += 1
            about = thing["data"]
            made = about.get("selftext_html" if thing["kind"] == "t3" else "body_html") or ""
            assert (
                "".join(post.text.split()) == _squeezed(made)
                or about.get("gallery_data")
                or about.get("crosspost_parent_list")
            )
            assert post.published_at == datetime.fromtimestamp(int(about["created_utc"]), UTC)
            assert post.author == (about["author"] if about["author"] != "[deleted]" else "")
            assert post.title == " ".join(html.unescape(about.get("title") or "").split())
            assert about["id"] in post.url
            if thing["kind"] == "t3":
                assert post.url == f"https://www.reddit.com{about['permalink']}".split("?")[0]
                if not about["is_self"]:
                    shown = {html.unescape(about["url"]).replace("/r/", "https://www.reddit.com/r/", 1)}
                    shown |= {html.unescape(about["url"])}
                    assert shown & {*post.media, *(link.url for link in post.links), post.url} or about.get(
                        "crosspost_parent_list"
                    )
    assert seen > 600
