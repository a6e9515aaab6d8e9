"""Lines of Zeeschuimer, in the shapes of the networks. All accounts and numbers are invented."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.imports.zeeschuimer import Zeeschuimer
from jerat.model import Post, post_id
from pipelines.intake import BadItem, ImportOptions, Read

COLLECTED = 1750000000000


def line(platform: str, data: object, **more: object) -> str:
    envelope = {
        "nav_index": "1:1",
        "item_id": "1",
        "timestamp_collected": COLLECTED,
        "source_platform": platform,
        "source_platform_url": f"https://www.{platform}/explore",
        "source_url": f"https://www.{platform}/api",
        "user_agent": "Mozilla/5.0",
        "data": data,
        **more,
    }
    return json.dumps(envelope, ensure_ascii=False)


def read(path: Path, *lines: str, **more: Any) -> list[Read | BadItem]:
    file = path / "export.ndjson"
    file.write_text("\n".join(lines) + "\n", "utf-8", errors="surrogatepass")
    return list(Zeeschuimer().read(file, ImportOptions(**{"source": "export", "say": lambda _: None, **more})))


def only(found: list[Read | BadItem]) -> Post:
    assert len(found) == 1, found
    assert isinstance(found[0], Read), found
    return found[0].post


def test_tiktok(tmp_path: Path) -> None:
    data = {
        "id": "7300000000000000001",
        "desc": "Kerja CS #kamboja",
        "createTime": 1700000000,
        "author": {"uniqueId": "invented.loker", "nickname": "Loker", "bioLink": {"link": "wa.me/6281200000001"}},
        "stats": {"playCount": 1234},
        "stickersOnItem": [{"stickerText": ["WA 0812", "0000 0001"]}],
        "video": {"cover": "https://p16.example/cover.jpg"},
    }
    post = only(read(tmp_path, line("tiktok.com", data)))
    assert post.text == "Kerja CS #kamboja\nWA 0812 0000 0001"
    assert post.url == "https://www.tiktok.com/@invented.loker/video/7300000000000000001"
    assert post.id == post_id("tiktok", "7300000000000000001", "")
    assert post.author == "Loker (@invented.loker)"
    assert post.published_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert post.fetched_at == datetime(2025, 6, 15, 15, 6, 40, tzinfo=UTC)
    assert post.message is not None
    assert post.message.views == 1234
    assert [link.url for link in post.links] == ["https://wa.me/6281200000001"]
    assert (post.media, post.evidence) == (("https://p16.example/cover.jpg",), "export.ndjson:1")


def test_tiktok_of_the_page_itself_and_comments(tmp_path: Path) -> None:
    embedded = {"id": "2", "desc": "a", "createTime": "1700000000", "author": "invented", "nickname": "In"}
    assert only(read(tmp_path, line("tiktok.com", embedded))).author == "In (@invented)"
    comment = {
        "cid": "9",
        "text": "minat",
        "create_time": 1700000000,
        "aweme_id": "2",
        "user": {"unique_id": "u", "nickname": "U"},
    }
    post = only(read(tmp_path, line("tiktok-comments", comment)))
    assert (post.text, post.native_id, post.author) == ("minat", "comment/9", "U (@u)")


def test_both_shapes_of_instagram(tmp_path: Path) -> None:
    graph = {
        "shortcode": "CabcDEF",
        "edge_media_to_caption": {"edges": [{"node": {"text": "Hiring chat support"}}]},
        "taken_at_timestamp": 1700000000,
        "owner": {"username": "invented.jobs"},
        "display_url": "https://cdn.example/1.jpg",
    }
    app = {
        "code": "CabcDEF",
        "caption": {"text": "Hiring chat support"},
        "taken_at": 1700000000,
        "user": {"username": "invented.jobs", "full_name": "Jobs"},
        "image_versions2": {"candidates": [{"url": "https://cdn.example/1.jpg"}]},
        "carousel_media": [{"image_versions2": {"candidates": [{"url": "https://cdn.example/2.jpg"}]}}],
        "location": {"name": "Poipet"},
    }
    first, second = only(read(tmp_path, line("instagram.com", graph))), only(read(tmp_path, line("instagram.com", app)))
    assert first.id == second.id
    assert first.url == second.url == "https://www.instagram.com/p/CabcDEF/"
    assert (first.text, second.text) == ("Hiring chat support", "Hiring chat support\nPoipet")
    assert second.media == ("https://cdn.example/1.jpg", "https://cdn.example/2.jpg")


def tweet(**more: object) -> dict[str, object]:
    return {
        "rest_id": "1700000000000000001",
        "core": {"user_results": {"result": {"legacy": {"screen_name": "invented_hr", "name": "HR"}}}},
        "legacy": {
            "full_text": "Join us https://t.co/abc https://t.co/pic",
            "created_at": "Tue Nov 14 22:13:20 +0000 2023",
            "entities": {
                "urls": [{"url": "https://t.co/abc", "expanded_url": "https://t.me/invented_admin"}],
                "media": [{"url": "https://t.co/pic", "media_url_https": "https://pbs.example/1.jpg"}],
            },
        },
        "views": {"count": "55"},
        **more,
    }


def test_x(tmp_path: Path) -> None:
    post = only(read(tmp_path, line("twitter.com", tweet())))
    assert post.text == "Join us https://t.co/abc"
    assert [(link.url, post.text[link.start : link.end]) for link in post.links] == [
        ("https://t.me/invented_admin", "https://t.co/abc")
    ]
    assert post.url == "https://x.com/invented_hr/status/1700000000000000001"
    assert (post.platform, post.source, post.media) == ("x", "x.com", ("https://pbs.example/1.jpg",))
    assert post.published_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    long = tweet(
        note_tweet={"note_tweet_results": {"result": {"text": "The whole long text", "entity_set": {"urls": []}}}}
    )
    assert only(read(tmp_path, line("x.com", long))).text == "The whole long text"
    limited = {"tweet": tweet(), "__typename": "TweetWithVisibilityResults"}
    assert only(read(tmp_path, line("x.com", limited))).id == post.id


def test_a_retweet_is_what_was_retweeted(tmp_path: Path) -> None:
    outer = tweet(rest_id="2")
    legacy = outer["legacy"]
    assert isinstance(legacy, dict)
    outer["legacy"] = {**legacy, "full_text": "RT @invented_hr: Join…", "retweeted_status_result": {"result": tweet()}}
    outer["core"] = {"user_results": {"result": {"core": {"screen_name": "passer"}}}}
    post = only(read(tmp_path, line("x.com", outer)))
    assert post.native_id == "1700000000000000001"
    assert post.message is not None
    assert post.message.forwarded_from == "@passer"


def test_linkedin(tmp_path: Path) -> None:
    number = (1700000000000 << 22) + 5
    data = {
        "actor": {
            "name": {"text": "Invented Staffing"},
            "navigationContext": {"actionTarget": "https://www.linkedin.com/company/invented-staffing/posts?x=1"},
            "subDescription": {"text": "2d • "},
        },
        "commentary": {"text": {"text": "Customer service in Dubai"}},
        "updateMetadata": {"urn": f"urn:li:aggregate:(urn:li:activity:{number},urn:li:activity:1)"},
        "content": None,
    }
    post = only(read(tmp_path, line("linkedin.com", data)))
    assert post.text == "Customer service in Dubai"
    assert post.published_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert post.url == f"https://www.linkedin.com/feed/update/urn:li:activity:{number}"
    assert post.author.startswith("Invented Staffing")


def test_another_network_gives_what_it_commonly_names(tmp_path: Path) -> None:
    data = {
        "id": 5,
        "text": "work abroad",
        "url": "https://net.example/5",
        "user": {"username": "a"},
        "created_at": "2025-01-02T03:04:05Z",
    }
    post = only(read(tmp_path, line("net.example", data)))
    assert (post.url, post.author, post.published_at) == (
        "https://net.example/5", "a", datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC),
    )  # fmt: skip


def test_one_bad_line_does_not_stop_the_others(tmp_path: Path) -> None:
    good = line("tiktok.com", {"id": "1", "desc": "a", "author": "b", "createTime": 1700000000})
    found = read(tmp_path, "{broken", good, '{"source_platform": "tiktok.com"}', "[]", good.replace('"a"', '"c"'))
    assert [one.post.text for one in found if isinstance(one, Read)] == ["a", "c"]
    assert [one.place for one in found if isinstance(one, BadItem)] == [
        "export.ndjson:1",
        "export.ndjson:3",
        "export.ndjson:4",
    ]


def test_advertisements_and_pictures_alone_are_counted(tmp_path: Path) -> None:
    told: list[str] = []
    found = read(
        tmp_path,
        line("tiktok.com", {"id": "1", "desc": ""}),
        line("x.com", tweet(promotedMetadata={"a": 1})),
        say=told.append,
    )
    assert found == []
    assert told == ["export.ndjson: not taken as posts: items without words, and advertisements of the network: 2"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["text", "desc", "author", "legacy", "core", "id", "urls", "entities",
         "result", "commentary", "caption", "user", "createTime"]
    ), inner, max_size=5),
    max_leaves=20,
)  # fmt: skip


@pytest.mark.parametrize(
    "platform",
    ["tiktok.com", "tiktok-comments", "douyin.com", "instagram.com", "threads.net", "x.com", "linkedin.com", "?"],
)
def test_items_of_any_shape_are_read_or_refused(tmp_path: Path, platform: str) -> None:
    @given(
        st.dictionaries(
            st.text(max_size=10) | st.sampled_from(["legacy", "text", "desc", "author", "core", "caption"]),
            JSON,
            max_size=6,
        )
    )
    def holds(data: dict[str, object]) -> None:
        for one in read(tmp_path, line(platform, data)):
            assert isinstance(one, BadItem) or one.post.text or one.post.title

    holds()
