"""Bluesky: posts with all that they embed, the recorded replies, and walks over a server with its faults and limits."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.extract.bluesky import read_feed
from crawlers.extract.origin import Origin
from crawlers.kinds import kind_of
from crawlers.spiders.bluesky import BlueskySpider
from jerat.model import Post, post_id

ORIGIN = Origin("x", "https://public.api.bsky.app/xrpc/app.bsky.feed.getAuthorFeed", datetime(2026, 11, 23, tzinfo=UTC))
DID = "did:plc:contohcontohcontohcontoh"
AUTHOR = {"did": DID, "handle": "contoh.example", "displayName": "Contoh HR"}


def view(key: str, text: str = "Lowongan", author: dict[str, Any] | None = None, **record: Any) -> dict[str, Any]:
    author = author or AUTHOR
    return {
        "uri": f"at://{author['did']}/app.bsky.feed.post/{key}",
        "cid": "bafy",
        "author": author,
        "record": {"$type": "app.bsky.feed.post", "text": text, "createdAt": "2026-11-20T10:00:00.000Z", **record},
        "indexedAt": "2026-11-20T10:00:01.000Z",
    }


def one(item: dict[str, Any]) -> Post:
    reply = read_feed({"feed": [{"post": item}]}, ORIGIN)
    assert not reply.problems
    (post,) = reply.posts
    return post


def facet(text: str, words: str, **feature: Any) -> dict[str, Any]:
    start = len(text[: text.index(words)].encode())
    return {"index": {"byteStart": start, "byteEnd": start + len(words.encode())}, "features": [feature]}


def test_links_stand_where_their_words_are_whatever_script_is_before_them() -> None:
    text = "รับสมัคร 🔥 ពិសេស t.me/contoh… tanya @bos #loker"
    facets = [
        facet(text, "t.me/contoh…", **{"$type": "app.bsky.richtext.facet#link", "uri": "https://t.me/contoh_hr"}),
        facet(text, "@bos", **{"$type": "app.bsky.richtext.facet#mention", "did": "did:plc:bos"}),
        facet(text, "#loker", **{"$type": "app.bsky.richtext.facet#tag", "tag": "loker"}),
        {"index": {"byteStart": 1, "byteEnd": 5}, "features": [{"uri": "https://inside.example/"}]},
        {
            "index": {"byteStart": 10**30, "byteEnd": "x"},
            "features": [{"uri": "https://outside.example/"}, {"uri": "javascript:x"}],
        },
    ]
    post = one(view("1", text, facets=facets))
    assert post.text == text
    assert [(link.url, text[link.start : link.end]) for link in post.links] == [
        ("https://t.me/contoh_hr", "t.me/contoh…"),
        ("https://bsky.app/profile/did:plc:bos", "@bos"),
        ("https://inside.example/", ""),
        ("https://outside.example/", ""),
    ]


def test_embeds() -> None:
    quoted = {
        "$type": "app.bsky.embed.record#viewRecord",
        "uri": "at://did:plc:lain/app.bsky.feed.post/q",
        "author": {"did": "did:plc:lain", "handle": "lain.example"},
        "value": {"$type": "app.bsky.feed.post", "text": "Gaji 1200 USD"},
        "embeds": [
            {"$type": "app.bsky.embed.external#view", "external": {"uri": "https://lain.example/", "title": "Lamar"}}
        ],
    }
    images = {
        "images": [{"fullsize": "https://cdn.example/1.jpg", "thumb": "https://cdn.example/1s.jpg", "alt": "Poster WA"}]
    }
    item = view("2", "Masih buka", reply={"parent": {"uri": "at://did:plc:lain/app.bsky.feed.post/p"}})
    item["embed"] = {"$type": "app.bsky.embed.recordWithMedia#view", "media": images, "record": {"record": quoted}}
    post = one(item)
    assert post.text == "Masih buka\n\nPoster WA\n\n@lain.example:\n\nGaji 1200 USD\n\nLamar"
    assert post.media == ("https://cdn.example/1.jpg",)
    assert [link.url for link in post.links] == [
        "https://bsky.app/profile/lain.example/post/q",
        "https://lain.example/",
    ]
    assert post.message is not None
    assert post.message.reply_to == "https://bsky.app/profile/did:plc:lain/post/p"
    assert (post.url, post.author) == ("https://bsky.app/profile/contoh.example/post/2", "Contoh HR (@contoh.example)")
    assert post.id == post_id("bluesky", f"at://{DID}/app.bsky.feed.post/2", "")
    item = view("3", "Lihat")
    external = {"uri": "https://a.example/", "title": "Judul", "description": "Isi"}
    item["embed"] = {"$type": "app.bsky.embed.external#view", "external": external}
    assert (one(item).text, [link.url for link in one(item).links]) == ("Lihat\n\nJudul\nIsi", ["https://a.example/"])
    item["embed"] = {"$type": "app.bsky.embed.video#view", "playlist": "https://v.example/p.m3u8", "alt": "rekaman"}
    assert (one(item).media, one(item).text) == (("https://v.example/p.m3u8",), "Lihat\n\nrekaman")


def test_a_repost_is_the_post_itself_and_says_who_shared_it() -> None:
    reason = {"$type": "app.bsky.feed.defs#reasonRepost", "by": {"did": "did:plc:lain", "handle": "lain.example"}}
    reply = read_feed({"feed": [{"post": view("1"), "reason": reason}], "cursor": "c"}, ORIGIN)
    (post,) = reply.posts
    assert post.author == "Contoh HR (@contoh.example)"
    assert post.message is not None
    assert post.message.shared_by == "@lain.example"
    assert reply.cursor == "c"


def test_a_thread_is_read_from_its_first_post_to_the_last_answer() -> None:
    node: dict[str, Any] = {"post": view("deep")}
    for number in range(300):
        node = {
            "post": view(f"n{number}"),
            "replies": [node, {"notFound": True, "uri": f"at://{DID}/app.bsky.feed.post/gone"}],
        }
    thread = {"post": view("here"), "parent": {"post": view("up"), "parent": {"post": view("top")}}, "replies": [node]}
    reply = read_feed({"thread": thread}, ORIGIN)
    keys = [post.native_id.rsplit("/", 1)[1] for post in reply.posts]
    assert keys[:4] == ["top", "up", "here", "n299"]
    assert keys[-1] == "deep"
    assert len(keys) == 304
    assert reply.left_out.total() == 300


def test_who_asks_to_be_shown_only_to_people_with_an_account_is_left_out() -> None:
    hidden = view("1", author={**AUTHOR, "labels": [{"val": "!no-unauthenticated", "src": DID}]})
    reply = read_feed({"posts": [hidden, view("2")]}, ORIGIN)
    assert [post.native_id[-1] for post in reply.posts] == ["2"]
    assert reply.left_out.total() == 1


@pytest.mark.parametrize(
    ("created", "published"),
    [
        ("2099-01-01T00:00:00Z", datetime(2026, 11, 20, 10, 0, 1, tzinfo=UTC)),
        ("2024-01-01T00:00:00", datetime(2024, 1, 1, tzinfo=UTC)),
        ("yesterday", datetime(2026, 11, 20, 10, 0, 1, tzinfo=UTC)),
        (10**400, datetime(2026, 11, 20, 10, 0, 1, tzinfo=UTC)),
    ],
)
def test_no_post_is_younger_than_the_network_knew_it(created: Any, published: datetime) -> None:
    assert one(view("1", createdAt=created)).published_at == published


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)
NAMES = [
    "uri",
    "author",
    "record",
    "embed",
    "indexedAt",
    "record.text",
    "record.facets",
    "record.embed",
    "record.reply",
]


@given(st.sampled_from(NAMES), JSON)
def test_no_value_of_any_type_breaks_it(name: str, value: Any) -> None:
    bad = view("1")
    (bad["record"] if "." in name else bad)[name.split(".")[-1]] = value
    reply = read_feed({"posts": [bad, value, view("2")]}, ORIGIN)
    assert reply.posts[-1].native_id.endswith("/2")
    assert len(reply.posts) + len(reply.problems) + reply.left_out.total() == 3


@given(JSON)
def test_no_reply_breaks_it(value: Any) -> None:
    for data in (value, {"feed": value}, {"thread": value}, {"posts": [value]}):
        assert read_feed(data, ORIGIN).posts == []


@given(st.text(max_size=60), st.integers(-5, 200), st.integers(-5, 200))
def test_spans_of_links_always_fit(text: str, start: int, end: int) -> None:
    feature = {"index": {"byteStart": start, "byteEnd": end}, "features": [{"uri": "https://a.example/"}]}
    body = text or "x"
    (link,) = one(view("1", body, facets=[feature])).links
    assert (link.start, link.end) == (0, 0) or body[link.start : link.end].encode("utf-8", "replace") == body.encode(
        "utf-8", "replace"
    )[start:end]


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("https://bsky.app/profile/contoh.example", "app.bsky.feed.getAuthorFeed?actor=contoh.example&limit=100"),
        ("bsky.app/profile/did:plc:x", "app.bsky.feed.getAuthorFeed?actor=did%3Aplc%3Ax&limit=100"),
        (
            "https://bsky.app/profile/contoh.example/post/3k",
            "app.bsky.feed.getPostThread?uri=at%3A%2F%2Fcontoh.example%2Fapp.bsky.feed.post%2F3k&depth=1000&parentHeight=1000",
        ),
        ("https://bsky.app/search?q=loker+kamboja", "app.bsky.feed.searchPosts?q=loker+kamboja&sort=latest&limit=100"),
        ("https://bsky.app/hashtag/loker", "app.bsky.feed.searchPosts?q=%23loker&sort=latest&limit=100"),
        (
            "https://public.api.bsky.app/xrpc/app.bsky.feed.searchPosts?q=x",
            "app.bsky.feed.searchPosts?q=x&limit=100",
        ),
        (
            "https://public.api.bsky.app/xrpc/app.bsky.feed.getAuthorFeed?actor=a&limit=5",
            "app.bsky.feed.getAuthorFeed?actor=a&limit=5",
        ),
    ],
)
def test_addresses(typed: str, asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Settings:
        def tokens(self, platform: str) -> dict[str, str]:
            return {}

    class Context:
        settings = Settings()

    monkeypatch.setattr(BlueskySpider, "context", Context())
    spider = BlueskySpider(url=typed)
    assert spider.entrance(spider.url) == f"https://public.api.bsky.app/xrpc/{asked}"
    assert kind_of(typed) == "bluesky"
    monkeypatch.setattr(Settings, "tokens", lambda self, platform: {"bsky.social": "t"})
    assert urlsplit(spider.entrance(spider.url)).netloc == (
        "public.api.bsky.app" if "/xrpc/" in typed else "bsky.social"
    )


def test_other_addresses_are_refused() -> None:
    assert BlueskySpider(url="@contoh.example").url == "https://bsky.app/profile/contoh.example"
    for typed in ("https://bsky.app/", "https://bsky.app/search", "https://bsky.app/settings"):
        assert BlueskySpider(url=typed).entrance(typed) == ""


# -- the recorded replies ------------------------------------------------------------------------------------------------


def test_every_recorded_reply(shared_data: Path) -> None:
    posts = {}
    for file in sorted((shared_data / "api" / "bluesky").rglob("*.json")):
        data = json.loads(file.read_bytes())
        posts[file.name] = read_feed(data, ORIGIN)
        view_of = data.get("thread", {}).get("post") or data
        record = view_of.get("record") or view_of.get("value") or {}
        is_post = record.get("$type") == "app.bsky.feed.post"
        assert len(posts[file.name].posts) == int(is_post), file.name
        for post in posts[file.name].posts:
            assert post.native_id == view_of["uri"]
            assert post.text.startswith(record["text"])
            created = datetime.fromisoformat(record["createdAt"])
            assert post.published_at == (created if created.tzinfo else created.replace(tzinfo=UTC))
    assert sum(len(reply.posts) for reply in posts.values()) == 3
    (post,) = posts["thread_view_post_with_embed_media.json"].posts
    embed = json.loads(next((shared_data / "api" / "bluesky").rglob("thread_view*.json")).read_bytes())["thread"][
        "post"
    ]["embed"]
    assert post.media == tuple(image["fullsize"] for image in embed["media"]["images"])
    assert post.text.endswith(embed["record"]["record"]["value"]["text"])


# -- a server, with its faults -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def crawled(new_site: Callable[[], Any], crawl: Any, page_type: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    page = page_type
    starts: dict[str, str] = {}
    sites: dict[str, Any] = {}

    def reply(data: Any, **more: Any) -> Any:
        return page(json.dumps(data), content_type="application/json", **more)

    def author(name: str, total: int, failures: dict[str, Any] | None = None, **more: Any) -> None:
        site = sites[name] = new_site()

        def answer(path: str) -> Any:
            query = {key: values[0] for key, values in parse_qs(urlsplit(path).query).items()}
            at = int(query.get("cursor", "0"))
            if failures and str(at) in failures:
                return failures[str(at)]
            rows = [
                {"post": view(f"{name}{number}", f"Nomor {number} 🔥")} for number in range(at, min(at + 30, total))
            ]
            cursor = {"cursor": str(at + 30)} if at + 30 < total else {}
            return reply({"feed": rows, **cursor}, **more)

        site.pages["/xrpc/app.bsky.feed.getAuthorFeed*"] = answer
        starts[name] = f"{site.base}/profile/contoh.example"

    author("paged", 95)
    author(
        "refused",
        60,
        {"30": reply({"error": "Forbidden", "message": "Request forbidden by administrative rules."}, status=403)},
    )
    author("broken", 60, {"30": page("<html>Bad gateway</html>", status=502)})
    author("unlimited", 40, headers={"RateLimit-Remaining": "0", "RateLimit-Reset": "1"})
    site = sites["hollow"] = new_site()
    hollow = [{"feed": [], "cursor": str(number)} for number in range(1, 4)] + [{"feed": [{"post": view("h")}]}]
    site.pages["/xrpc/*"] = lambda path: reply(hollow[int(parse_qs(urlsplit(path).query).get("cursor", ["0"])[0])])
    starts["hollow"] = f"{site.base}/search?q=loker"
    site = sites["endless"] = new_site()
    site.pages["/xrpc/*"] = lambda path: reply({"posts": [view("e")], "cursor": f"{len(path)}x{len(site.asked)}"})
    starts["endless"] = f"{site.base}/search?q=loker"
    site = sites["loop"] = new_site()
    site.pages["/xrpc/*"] = lambda path: reply(
        {"posts": [view("l1" if "cursor=a" in path else "l2")], "cursor": "b" if "cursor=a" in path else "a"}
    )
    starts["loop"] = f"{site.base}/hashtag/loker"
    site = sites["thread"] = new_site()
    site.pages["/xrpc/app.bsky.feed.getPostThread*"] = reply(
        {"thread": {"post": view("t1"), "replies": [{"post": view("t2")}]}}
    )
    starts["thread"] = f"{site.base}/profile/contoh.example/post/t1"
    site = sites["keyed"] = new_site()
    site.pages["/xrpc/*"] = reply({"posts": [view("k")]})
    starts["keyed"] = f"{site.base}/xrpc/app.bsky.feed.searchPosts?q=x"
    site = sites["nobody"] = new_site()
    site.pages["/xrpc/*"] = reply({"error": "InvalidRequest", "message": "Profile not found"}, status=400)
    starts["nobody"] = f"{site.base}/profile/nobody.example"
    result = crawl(
        tmp_path_factory.mktemp("bluesky") / "case",
        list(starts.values()),
        kind="bluesky",
        bluesky_token=f"{urlsplit(starts['keyed']).netloc}=a-token-of-its-own",
    )
    result.by_name = dict(zip(starts, result.reports, strict=True))
    result.sites = sites
    return result


@pytest.mark.parametrize(
    ("name", "status", "posts", "words"),
    [
        ("paged", "ok", 95, ""),
        ("refused", "failed", 30, "needs a token: set JERAT_BLUESKY_TOKEN"),
        ("broken", "failed", 30, "HTTP 502"),
        ("unlimited", "ok", 40, "rate limit"),
        ("hollow", "ok", 1, ""),
        ("endless", "ok", 1, "leads back"),
        ("loop", "ok", 2, "leads back"),
        ("thread", "ok", 2, ""),
        ("keyed", "ok", 1, ""),
        ("nobody", "failed", 0, "Profile not found"),
    ],
)
def test_how_each_walk_ended(crawled: Any, name: str, status: str, posts: int, words: str) -> None:
    report = crawled.by_name[name]
    assert (report["status"], report["posts_new"]) == (status, posts), report
    assert words in report["reason"]


def test_the_token_goes_to_its_server_alone(crawled: Any) -> None:
    shown = {name: {headers.get("Authorization") for headers in site.headers} for name, site in crawled.sites.items()}
    assert shown.pop("keyed") == {None, "Bearer a-token-of-its-own"}
    assert set().union(*shown.values()) == {None}
    assert not [letter for letter in crawled.dead if "fault in jerat" in letter.reason]
