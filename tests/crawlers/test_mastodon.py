"""Mastodon: statuses in every form, the recorded replies, and walks over an instance with its faults and limits."""

import html
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from mastodon_things import status

from crawlers.extract.mastodon import read_statuses
from crawlers.extract.origin import Origin
from crawlers.spiders.mastodon import MastodonSpider
from jerat.model import Post, post_id

ORIGIN = Origin("x", "https://one.example/api/v1/timelines/tag/kerja", datetime(2026, 11, 23, tzinfo=UTC))


def one(data: Any) -> Post:
    reply = read_statuses([data], ORIGIN)
    assert not reply.problems
    (post,) = reply.posts
    return post


def test_the_whole_of_a_status() -> None:
    post = one(
        status(
            7,
            spoiler_text="Kerja luar negeri",
            content='<p>Gaji <b>besar</b>, tanya <span class="h-card"><a href="https://two.example/@bos" class="u-url mention">@<span>bos</span></a></span></p>'  # noqa: E501
            '<p>Klik <a href="https://t.me/contoh_hr"><span class="invisible">https://</span><span>t.me/contoh_hr</span></a> '
            '<a href="https://one.example/tags/loker" class="hashtag" rel="tag">#<span>loker</span></a><br>😀 selesai</p>',
            poll={"options": [{"title": "Ya"}, {"title": "Tidak"}, "x"]},
            media_attachments=[
                {
                    "type": "image",
                    "url": "https://files.example/a.png",
                    "preview_url": "x",
                    "description": "Poster gaji 1200 USD",
                },
                {
                    "type": "image",
                    "url": "https://one.example/cache/b.png",
                    "remote_url": "https://two.example/b.png",
                    "description": None,
                },
            ],
            card={"url": "https://wa.me/85510000000", "title": "Chat"},
            edited_at="2026-11-20T11:00:00Z",
            in_reply_to_id="5",
        )
    )
    assert post.text == (
        "Kerja luar negeri\n\nGaji besar, tanya @bos\n\nKlik https://t.me/contoh_hr #loker\n😀 selesai\n\nYa\nTidak"
        "\n\nPoster gaji 1200 USD"
    )
    assert [(link.url, post.text[link.start : link.end]) for link in post.links] == [
        ("https://two.example/@bos", "@bos"),
        ("https://t.me/contoh_hr", "https://t.me/contoh_hr"),
        ("https://wa.me/85510000000", ""),
    ]
    assert post.media == ("https://files.example/a.png", "https://two.example/b.png")
    assert (post.author, post.url) == ("Contoh HR (@contoh@one.example)", "https://one.example/@contoh/7")
    assert post.published_at == datetime(2026, 11, 20, 10, 0, 0, 500_000, tzinfo=UTC)
    assert post.message is not None
    assert (post.message.edited, post.message.reply_to) == (True, "https://one.example/api/v1/statuses/5")
    assert post.id == post_id("mastodon", "https://one.example/users/contoh/statuses/7", "")


def test_a_boost_is_the_original_and_says_who_shared_it() -> None:
    boost = status(9, content="", reblog=status(3, base="https://two.example"))
    reply = read_statuses([boost], ORIGIN)
    (post,) = reply.posts
    assert post.url == "https://two.example/@contoh/3"
    assert post.author == "Contoh HR (@contoh@two.example)"
    assert post.message is not None
    assert post.message.shared_by == "Contoh HR (@contoh@one.example)"
    assert reply.last == "9"


def test_one_post_through_two_instances() -> None:
    account = {
        "username": "contoh",
        "acct": "contoh@one.example",
        "display_name": "Contoh HR",
        "url": "https://one.example/@contoh",
    }
    here, there = one(status(3)), one({**status(3), "id": "99", "account": account})
    assert (here.id, here.text, here.author, here.media, here.links) == (
        there.id,
        there.text,
        there.author,
        there.media,
        there.links,
    )


def test_what_is_quoted_is_read_with_its_author() -> None:
    post = one(status(4, content="<p>Masih buka</p>", quote={"state": "accepted", "quoted_status": status(2)}))
    assert post.text == "Masih buka\n\n@contoh:\n\nLowongan nomor 2"
    assert [link.url for link in post.links] == ["https://one.example/@contoh/2"]
    hidden = one(status(4, content="<p>Masih buka</p>", quote={"quoted_status": status(2, visibility="private")}))
    assert hidden.text == "Masih buka"


@pytest.mark.parametrize("visibility", ["private", "direct", "limited", None, 5])
def test_only_what_is_public(visibility: Any) -> None:
    reply = read_statuses([status(1, visibility=visibility), status(2, visibility="unlisted")], ORIGIN)
    assert [post.native_id[-1] for post in reply.posts] == ["2"]
    assert reply.left_out == {"not public": 1}


def test_one_bad_status_is_told_and_the_rest_goes_on() -> None:
    bad: list[Any] = [None, 5, "x", [], {}, {"id": 1, "uri": 7}, status(1, content=None), status(1, content={"a": 1})]
    reply = read_statuses([*bad, status(2)], ORIGIN)
    assert [post.native_id[-1] for post in reply.posts] == ["2"]
    assert len(reply.problems) == len(bad)
    odd = status(
        3,
        account="x",
        media_attachments={"a": 1},
        poll=[],
        card="x",
        quote="x",
        created_at=10**40,
        url="javascript:alert(1)",
    )
    post = one(odd)
    assert (post.author, post.media, post.published_at, post.url) == (
        "",
        (),
        None,
        "https://one.example/users/contoh/statuses/3",
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)


@given(st.sampled_from(sorted(status(1))), JSON)
def test_no_value_of_any_type_breaks_it(name: str, value: Any) -> None:
    reply = read_statuses([status(1, **{name: value}), status(2)], ORIGIN)
    assert reply.posts[-1].native_id.endswith("/2")
    assert len(reply.posts) + len(reply.problems) + reply.left_out.total() >= 2


@given(JSON)
def test_no_reply_breaks_it(value: Any) -> None:
    reply = read_statuses(value, ORIGIN)
    assert reply.posts == []


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("https://one.example/tags/loker", "/api/v1/timelines/tag/loker?limit=40"),
        ("one.example/tags/lowongan%20kerja", "/api/v1/timelines/tag/lowongan%20kerja?limit=40"),
        ("https://one.example", "/api/v1/timelines/public?limit=40"),
        ("https://one.example/public", "/api/v1/timelines/public?limit=40"),
        ("https://one.example/public/local", "/api/v1/timelines/public?local=true&limit=40"),
        ("https://one.example/web/timelines/tag/x", "/api/v1/timelines/tag/x?limit=40"),
        ("https://one.example/@contoh", "/api/v1/accounts/lookup?acct=contoh"),
        ("https://one.example/@contoh@two.example", "/api/v1/accounts/lookup?acct=contoh%40two.example"),
        ("https://one.example/@contoh/with_replies", "/api/v1/accounts/lookup?acct=contoh"),
        ("https://one.example/@contoh/117020", "/api/v1/statuses/117020"),
        ("https://one.example/api/v1/timelines/tag/x?local=true", "/api/v1/timelines/tag/x?local=true&limit=40"),
        ("https://one.example/api/v1/accounts/5/statuses?limit=20", "/api/v1/accounts/5/statuses?limit=20"),
        ("@contoh@one.example", "/api/v1/accounts/lookup?acct=contoh"),
        ("https://one.example/settings/profile", ""),
    ],
)
def test_addresses(typed: str, asked: str) -> None:
    spider = MastodonSpider(url=typed)
    assert spider.entrance(spider.url) == (f"https://one.example{asked}" if asked else "")


# -- the recorded replies ------------------------------------------------------------------------------------------------


def _recorded(folder: Path) -> list[tuple[str, Any]]:
    found = []
    for file in sorted((folder / "api" / "mastodon").rglob("*.yaml")):
        for pair in yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)["interactions"]:
            path = urlsplit(pair["request"]["uri"]).path
            listing = re.fullmatch(
                r"/api/v1/(timelines/\w+(/\w+)?|accounts/\d+/statuses|trends/statuses|statuses/\d+)", path
            )
            if pair["request"]["method"] != "GET" or not listing or pair["response"]["status"]["code"] != 200:
                continue
            body = pair["response"]["body"].get("string") or b""
            try:
                found.append((pair["request"]["uri"], json.loads(body)))
            except ValueError:  # some were recorded packed, and not kept whole
                continue
    return found


def _squeezed(markup: str) -> str:
    return "".join(html.unescape(re.sub(r"<[^>]*>", "", markup)).split())


def test_every_recorded_timeline_and_status(shared_data: Path) -> None:
    seen = 0
    for uri, data in _recorded(shared_data):
        originals = [one.get("reblog") or one for one in (data if isinstance(data, list) else [data])]
        wanted = [one for one in originals if one["visibility"] in ("public", "unlisted")]
        reply = read_statuses(data, Origin("x", uri, datetime(2026, 11, 23, tzinfo=UTC)))
        assert not reply.problems
        assert reply.left_out.total() == len(originals) - len(wanted)
        assert [post.native_id for post in reply.posts] == [one["uri"] for one in wanted]
        for post, one_status in zip(reply.posts, wanted, strict=True):
            seen += 1
            assert post.url == one_status["url"]
            assert post.published_at == datetime.fromisoformat(one_status["created_at"])
            assert f"@{one_status['account']['username']}" in post.author
            shown = [one_status["spoiler_text"], one_status["content"]]
            shown += [option["title"] for option in (one_status.get("poll") or {}).get("options", ())]
            shown += [item["description"] or "" for item in one_status["media_attachments"]]
            text = "".join(post.text.split())
            assert text.startswith("".join(_squeezed(part) for part in shown))
            assert bool(one_status.get("quote")) or text == "".join(_squeezed(part) for part in shown)
            assert len(post.media) == len(one_status["media_attachments"])
            assert all(post.text[link.start : link.end] or link.start == link.end == 0 for link in post.links)
    assert seen > 100
