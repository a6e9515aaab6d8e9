"""Discourse: posts in every form, the recorded replies, and walks over a forum with its faults and limits."""

import html
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.extract.discourse import Topic, read_posts, read_topics
from crawlers.extract.origin import Origin
from crawlers.spiders.discourse import DiscourseSpider
from jerat.model import Post, post_id

BASE = "https://forum.example"
ORIGIN = Origin("x", f"{BASE}/t/7.json", datetime(2026, 11, 23, tzinfo=UTC))


def post(key: int, number: int = 1, cooked: str = "<p>Isi</p>", **more: Any) -> dict[str, Any]:
    return {
        "id": key,
        "username": "contoh",
        "name": "Contoh HR",
        "created_at": "2026-11-20T10:00:00.000Z",
        "updated_at": "2026-11-20T10:00:00.000Z",
        "cooked": cooked,
        "post_number": number,
        "post_type": 1,
        "topic_id": 7,
        "topic_slug": "lowongan",
        "version": 1,
        "hidden": False,
        "deleted_at": None,
        "user_deleted": False,
        **more,
    }


def topic(*posts: Any, stream: list[Any] | None = None, key: int = 7, **more: Any) -> dict[str, Any]:
    ids = stream if stream is not None else [one["id"] for one in posts]
    return {
        "id": key,
        "title": "Lowongan &  kerja",
        "slug": "lowongan",
        "post_stream": {"posts": list(posts), "stream": ids},
        **more,
    }


def one(row: dict[str, Any]) -> Post:
    reply, _ = read_posts(topic(row), BASE, ORIGIN)
    assert not reply.problems
    (found,) = reply.posts
    return found


def test_the_whole_of_a_post() -> None:
    cooked = (
        '<p>Dicari admin <img src="/images/emoji/fire.png" title=":fire:" class="emoji" alt=":fire:">, lihat '
        '<a href="/t/aturan/2">aturan</a> dan <a class="mention" href="/u/bos">@bos</a></p>'
        '<div class="lightbox-wrapper"><a class="lightbox" href="https://cdn.example/full.png"><img src="small.png">'
        '<div class="meta"><span class="filename">full.png</span><span class="informations">40 KB</span></div></a></div>'
        '<aside class="quote"><div class="title"><img class="avatar" src="/a.png"> lain:</div><blockquote><p>Masih?</p></blockquote></aside>'  # noqa: E501
        '<p><img src="/uploads/2.png"><a href="https://t.me/contoh_hr">t.me/contoh_hr</a></p>'
        '<div class="poll"><ul><li>Ya</li><li>Tidak</li></ul><div class="poll-info">0 pemilih</div></div>'
    )
    found = one(post(31, cooked=cooked, updated_at="2026-11-21T10:00:00Z", version=3))
    assert found.text == (
        "Dicari admin :fire:, lihat aturan dan @bos\n\nlain:\n\nMasih?\n\nt.me/contoh_hr\n\nYa\nTidak"
    )
    assert [(link.url, found.text[link.start : link.end]) for link in found.links] == [
        (f"{BASE}/t/aturan/2", "aturan"),
        (f"{BASE}/u/bos", "@bos"),
        ("https://t.me/contoh_hr", "t.me/contoh_hr"),
    ]
    assert found.media == ("https://cdn.example/full.png", f"{BASE}/uploads/2.png")
    assert (found.title, found.url) == ("Lowongan & kerja", f"{BASE}/t/lowongan/7/1")
    assert found.author == "Contoh HR (@contoh)"
    assert found.message is not None
    assert found.message.edited
    assert found.id == post_id("discourse", "forum.example/31", "")
    answer = one(post(32, 4, reply_to_post_number=2))
    assert (answer.title, answer.url) == ("", f"{BASE}/t/lowongan/7/4")
    assert answer.message is not None
    assert (answer.message.reply_to, answer.message.edited) == (f"{BASE}/t/lowongan/7/2", False)


def test_what_is_deleted_hidden_or_a_notice_is_no_post() -> None:
    rows = [
        post(1, user_deleted=True, cooked="<p>(post deleted by author)</p>"),
        post(2, deleted_at="2026-11-21T00:00:00Z"),
        post(3, hidden=True, cooked="<p>flagged</p>"),
        post(4, post_type=3, cooked=""),
        post(5, post_type=4),
        post(6),
    ]
    reply, missing = read_posts(topic(*rows, stream=[1, 2, 3, 4, 5, 6, 8, "9", None, -1, 8]), BASE, ORIGIN)
    assert [found.native_id for found in reply.posts] == ["forum.example/6"]
    assert reply.left_out == {"deleted": 2, "hidden by the forum": 1, "notices of the forum": 2}
    assert reply.gone == ["forum.example/1", "forum.example/2", "forum.example/3"]
    assert missing == ["8", "9"]


def test_lists_and_searches() -> None:
    rows = [{"id": 5, "slug": "a-b", "title": "A"}, {"id": "x"}, None, {"id": 6, "archetype": "private_message"}]
    found = read_topics({"topic_list": {"topics": rows, "more_topics_url": "/latest?page=1"}})
    assert found is not None
    assert (found.topics, found.more, found.private) == ([Topic("5", "a-b", "A")], "/latest?page=1", 1)
    assert len(found.problems) == 2
    data = {
        "posts": [{"id": 10, "topic_id": 5}, {"id": 11, "topic_id": 5}, {"id": 12, "topic_id": 9}, {"id": None}],
        "topics": [{"id": 5, "slug": "a-b", "title": "A"}],
        "grouped_search_result": {"more_full_page_results": True},
    }
    found = read_topics(data)
    assert found is not None
    assert found.topics == [Topic("5", "a-b", "A", ("10", "11")), Topic("9", "", "", ("12",))]
    assert (found.goes_on, len(found.problems)) == (True, 1)
    assert read_topics(topic(post(1))) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)


@given(st.sampled_from(sorted(post(1))), JSON)
def test_no_value_of_any_type_breaks_it(name: str, value: Any) -> None:
    reply, _ = read_posts(topic(post(1, **{name: value}), value, post(2), stream=[]), BASE, ORIGIN)
    assert reply.posts[-1].native_id == "forum.example/2"
    assert len(reply.posts) + len(reply.problems) + reply.left_out.total() == 3


@given(JSON)
def test_no_reply_breaks_it(value: Any) -> None:
    for data in (
        value,
        {"post_stream": value},
        {"post_stream": {"posts": value, "stream": value}},
        {"latest_posts": value},
    ):
        assert read_posts(data, BASE, ORIGIN)[0].posts == []
    for data in (
        value,
        {"topic_list": value},
        {"topic_list": {"topics": value}},
        {"posts": value, "topics": value},
        [value],
    ):
        found = read_topics(data)
        assert found is None or not any(one.slug for one in found.topics if not one.id)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("https://forum.example", "https://forum.example/latest.json"),
        ("https://forum.example/latest?order=created", "https://forum.example/latest.json?order=created"),
        ("https://forum.example/c/kerja/luar/12", "https://forum.example/c/kerja/luar/12.json"),
        ("https://forum.example/c/kerja/12/l/latest.json", "https://forum.example/c/kerja/12/l/latest.json"),
        ("https://forum.example/tag/loker", "https://forum.example/tag/loker.json"),
        ("https://forum.example/t/lowongan-kerja/57/3", "https://forum.example/t/lowongan-kerja/57.json"),
        ("https://forum.example/t/57", "https://forum.example/t/57.json"),
        ("https://forum.example/search?q=loker", "https://forum.example/search.json?q=loker"),
        ("https://host.example/forum/c/kerja/12", "https://host.example/forum/c/kerja/12.json"),
        ("https://host.example/forum", "https://host.example/forum/latest.json"),
        ("https://forum.example/posts.json", "https://forum.example/posts.json"),
        ("https://forum.example/p/57", "https://forum.example/posts/57.json"),
        ("https://forum.example/search", ""),
    ],
)
def test_addresses(typed: str, asked: str) -> None:
    spider = DiscourseSpider(url=typed)
    assert spider.entrance(spider.url) == asked


# -- the recorded replies ------------------------------------------------------------------------------------------------


def test_every_recorded_reply(shared_data: Path) -> None:
    topics = posts = 0
    for file in sorted((shared_data / "api" / "discourse").rglob("*.json")):
        try:
            data = json.loads(file.read_bytes())
        except ValueError:
            continue
        found = read_topics(data)
        if found is not None:
            rows = (
                data["topic_list"]["topics"]
                if isinstance(data, dict)
                else [row for one in data for row in one["results"]]
            )
            public = [row for row in rows if row.get("archetype") != "private_message"]
            assert [one.id for one in found.topics] == [str(row["id"]) for row in public], file.name
            assert [one.title for one in found.topics] == [row["title"] for row in public]
            topics += len(public)
            continue
        held = data if isinstance(data, dict) else {}
        rows = (
            held.get("post_stream", {}).get("posts")
            or held.get("latest_posts")
            or ([held] if "topic_id" in held else [])
        )
        rows = [row for row in rows if "cooked" in row or "raw" in row]
        reply, missing = read_posts(data, BASE, ORIGIN)
        shown = [
            row for row in rows if not row.get("user_deleted") and not row.get("hidden") and row["post_type"] in (1, 2)
        ]
        assert [one.native_id for one in reply.posts] == [f"forum.example/{row['id']}" for row in shown], file.name
        stream = held.get("post_stream", {}).get("stream") or []
        assert missing == [str(key) for key in stream if key not in {row["id"] for row in rows}]
        for one_post, row in zip(reply.posts, shown, strict=True):
            posts += 1
            assert "".join(one_post.text.split()) == "".join(
                html.unescape(re.sub("<[^>]*>", "", re.sub('<img[^>]* alt="([^"]*)">', r"\1", row["cooked"]))).split()
            )
            assert one_post.published_at == datetime.fromisoformat(row["created_at"])
            assert row["username"] in one_post.author
            assert one_post.url == f"{BASE}/t/{row['topic_slug']}/{row['topic_id']}/{row['post_number']}"
            assert bool(one_post.title) == (
                row["post_number"] == 1 and bool(row.get("topic_title") or held.get("title"))
            )
    assert topics == 20
    assert posts > 10


# -- a forum, with its faults ----------------------------------------------------------------------------------------------


class Forum:
    """Answers as a forum does: lists of three topics, topics of four posts of which two come at first."""

    def __init__(self, site: Any, page: Any, topics: int, **more: Any) -> None:
        self.site, self.page, self.topics, self.more = site, page, topics, more
        self.failures: dict[str, Any] = {}
        for path in ("/latest.json*", "/c/*", "/t/*", "/search.json*"):
            site.pages[path] = self.answer

    def posts(self, key: int) -> list[dict[str, Any]]:
        return [
            post(
                key * 10 + number, number, f"<p>Topik {key} pesan {number}</p>", topic_id=key, topic_slug=f"topik-{key}"
            )
            for number in range(1, 5)
        ]

    def answer(self, path: str) -> Any:
        parts = urlsplit(path)
        query = parse_qs(parts.query)
        for mark, failure in self.failures.items():
            if mark in path:
                return failure
        if parts.path.startswith("/t/"):
            key = int(re.findall(r"\d+", parts.path)[-1 if "posts" not in parts.path else 0])
            rows = self.posts(key)
            if parts.path.endswith("/posts.json"):
                wanted = {int(one) for one in query["post_ids[]"]}
                return self.reply({"post_stream": {"posts": [row for row in rows if row["id"] in wanted]}, "id": key})
            return self.reply(
                {**topic(*rows[:2], stream=[row["id"] for row in rows], key=key), "title": f"Topik {key}"}
            )
        if parts.path == "/search.json":
            hits = [{"id": 12, "topic_id": 1}, {"id": 14, "topic_id": 1}, {"id": 21, "topic_id": 2}]
            found = {
                "posts": hits,
                "topics": [{"id": 1, "slug": "topik-1", "title": "Topik 1"}],
                "grouped_search_result": {},
            }
            return self.reply(found)
        at = int(query.get("page", ["0"])[0])
        rows = [{"id": key, "slug": f"topik-{key}", "title": f"Topik {key}"} for key in range(at * 3 + 1, at * 3 + 4)]
        rows = [row for row in rows if int(str(row["id"])) <= self.topics]
        more = (
            f"{parts.path.removesuffix('.json')}?no_definitions=true&page={at + 1}"
            if (at + 1) * 3 < self.topics
            else None
        )
        return self.reply({"topic_list": {"topics": rows, "more_topics_url": more}})

    def reply(self, data: Any) -> Any:
        return self.page(json.dumps(data), content_type="application/json", **self.more)


@pytest.fixture(scope="module")
def crawled(new_site: Callable[[], Any], crawl: Any, page_type: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    page = page_type
    starts: dict[str, str] = {}
    forums: dict[str, Forum] = {}

    def forum(name: str, path: str, topics: int = 4, **more: Any) -> Forum:
        forums[name] = Forum(new_site(), page, topics, **more)
        starts[name] = forums[name].site.base + path
        return forums[name]

    forum("whole", "/", 7)
    forum("category", "/c/kerja/12", 4)
    forum("topic", "/t/topik-3/3/2")
    forum("search", "/search?q=loker")
    wall = page(
        json.dumps({"errors": ["You need to be logged in to do that."], "error_type": "not_logged_in"}), status=403
    )
    forum("members", "/latest").failures["/latest.json"] = wall
    missing = page(json.dumps({"errors": ["gone"]}), status=404)
    forum("gone", "/latest").failures |= {"/t/2": missing, "/t/topik-2": missing}
    forum("broken", "/latest").failures["/t/2.json"] = page('{"post_stream": {"po', content_type="application/json")
    forum("stopped", "/latest", 7).failures["page=1"] = page("{}", status=500)
    forum("toomany", "/latest").failures["/t/2.json"] = page("{}", status=429, headers={"Retry-After": "900"})
    forum("bots", "/latest").failures["/latest"] = page("<html><body>Just a moment...</body></html>")
    forum("keyed", "/t/1")
    hosts = urlsplit(starts["keyed"]).netloc
    result = crawl(
        tmp_path_factory.mktemp("discourse") / "case",
        list(starts.values()),
        kind="discourse",
        discourse_key=f"{hosts}=reader:a-key-of-its-own",
    )
    result.by_name = dict(zip(starts, result.reports, strict=True))
    result.forums = forums
    return result


@pytest.mark.parametrize(
    ("name", "status", "posts", "words"),
    [
        ("whole", "ok", 28, ""),
        ("category", "ok", 16, ""),
        ("topic", "ok", 4, ""),
        ("search", "ok", 3, ""),
        ("members", "failed", 0, "it needs a token: set JERAT_DISCOURSE_KEY"),
        ("gone", "ok", 12, "1 × HTTP 404"),
        ("broken", "ok", 12, ""),
        ("stopped", "failed", 12, "HTTP 500"),
        ("toomany", "failed", None, "come back after 900 s"),
        ("bots", "failed", 0, "a bot check"),
        ("keyed", "ok", 4, ""),
    ],
)
def test_how_each_walk_ended(crawled: Any, name: str, status: str, posts: int | None, words: str) -> None:
    report = crawled.by_name[name]
    assert report["status"] == status, report
    assert posts is None or report["posts_new"] == posts, report
    assert words in report["reason"]


def test_the_posts_are_those_of_the_forum(crawled: Any) -> None:
    base = crawled.forums["whole"].site.base
    mine = {url: found for url, found in crawled.posts.items() if url.startswith(f"{base}/")}
    assert set(mine) == {f"{base}/t/topik-{key}/{key}/{number}" for key in range(1, 8) for number in range(1, 5)}
    for url, found in mine.items():
        key, number = url.rsplit("/", 2)[1:]
        assert found.text == f"Topik {key} pesan {number}"
        assert found.title == (f"Topik {key}" if number == "1" else "")


def test_the_key_goes_to_its_forum_alone(crawled: Any) -> None:
    shown = {
        name: {(headers.get("Api-Username"), headers.get("Api-Key")) for headers in forum.site.headers}
        for name, forum in crawled.forums.items()
    }
    assert shown.pop("keyed") == {(None, None), ("reader", "a-key-of-its-own")}
    assert set().union(*shown.values()) == {(None, None)}
    assert not [letter for letter in crawled.dead if "fault in jerat" in letter.reason]
