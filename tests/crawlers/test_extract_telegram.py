"""Channel previews: every part of a message, on invented markup and on the real saved pages."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.extract.origin import Origin
from crawlers.extract.telegram import is_preview, read_channel, read_count
from jerat.model import Message, Post, post_id

ORIGIN = Origin("x", "http://127.0.0.1:8000/s/Sample_Jobs", datetime(2026, 11, 23, tzinfo=UTC))


def message(body: str, number: int = 5, extra: str = "", meta: str = "") -> str:
    return (
        f'<div class="tgme_widget_message_wrap"><div class="tgme_widget_message js-widget_message" data-post="Sample_Jobs/{number}">'  # noqa: E501
        f'<div class="tgme_widget_message_author"><a class="tgme_widget_message_owner_name" href="https://t.me/Sample_Jobs"><span>Sample &amp; Jobs</span></a></div>'  # noqa: E501
        f'{extra}<div class="tgme_widget_message_text js-message_text" dir="auto">{body}</div>'
        f'<div class="tgme_widget_message_info"><span class="tgme_widget_message_views">1.2K</span><span class="tgme_widget_message_meta">{meta}'  # noqa: E501
        f'<a class="tgme_widget_message_date" href="https://t.me/Sample_Jobs/{number}"><time datetime="2026-11-20T10:00:00+07:00" class="time">10:00</time></a></span></div>'  # noqa: E501
        f"</div></div>"
    )


def one(markup: str) -> Post:
    (post,) = read_channel(markup, ORIGIN).posts
    return post


def test_the_whole_of_a_message() -> None:
    post = one(
        message(
            'Hiring <b>typists</b> <i class="emoji" style="background-image:url(\'//telegram.org/img/emoji/40/F09F94A5.png\')"><b>🔥</b></i><br/><br/><br/>'  # noqa: E501
            'Ask <a href="https://t.me/sample_hr">@sample_hr</a>, or <a href="https://wa.me/85510000000">here</a> '
            '<a href="?q=%23loker">#loker</a> <tg-spoiler>hidden</tg-spoiler><br/><pre>a  b\n  c</pre><blockquote>said</blockquote>'  # noqa: E501
            '<tg-emoji emoji-id="5"><i class="emoji" style="background-image:url(\'//telegram.org/img/emoji/40/F09F918D.png\')"></i></tg-emoji>',  # noqa: E501
            extra='<div class="tgme_widget_message_forwarded_from">Forwarded from&nbsp;<a class="tgme_widget_message_forwarded_from_name" '  # noqa: E501
            'href="https://t.me/other/9"><span>Other</span></a></div><a class="tgme_widget_message_reply" href="https://t.me/Sample_Jobs/3">'
            '<div class="tgme_widget_message_author">X</div><div class="tgme_widget_message_text js-message_reply_text">earlier</div></a>'  # noqa: E501
            '<a class="tgme_widget_message_photo_wrap" style="width:1px;background-image:url(\'https://cdn.example/p.jpg\')"></a>'
            '<video src="https://cdn.example/v.mp4?token=1"></video>',
            meta='edited &nbsp;<span class="tgme_widget_message_from_author">Ms Sample</span>, ',
        )
    )
    assert post.text == "Hiring typists 🔥\n\n\nAsk @sample_hr, or here #loker hidden\na  b\n  c\nsaid\n👍"
    assert [(link.url, post.text[link.start : link.end]) for link in post.links] == [
        ("https://t.me/sample_hr", "@sample_hr"),
        ("https://wa.me/85510000000", "here"),
    ]
    assert post.message == Message(
        views=1200,
        forwarded_from="Other",
        forwarded_url="https://t.me/other/9",
        reply_to="https://t.me/Sample_Jobs/3",
        edited=True,
    )
    assert post.media == ("https://cdn.example/p.jpg", "https://cdn.example/v.mp4?token=1")
    assert (post.author, post.url, post.native_id, post.platform) == (
        "Ms Sample",
        "https://t.me/Sample_Jobs/5",
        "sample_jobs/5",
        "telegram",
    )
    assert post.published_at == datetime(2026, 11, 20, 3, tzinfo=UTC)
    assert post.id == post_id("telegram", "sample_jobs/5", "")


def test_service_messages_and_messages_without_number_are_no_posts() -> None:
    service = '<div class="tgme_widget_message service_message" data-post="Sample_Jobs/1"><div class="tgme_widget_message_text">pinned</div></div>'  # noqa: E501
    channel = read_channel(service + '<div class="tgme_widget_message" data-post="x"></div>' + message("y"), ORIGIN)
    assert (len(channel.posts), channel.service, len(channel.problems)) == (1, 1, 1)


@pytest.mark.parametrize(
    ("link", "older"),
    [
        ('<link rel="prev" href="/s/Sample_Jobs?before=5">', "http://127.0.0.1:8000/s/Sample_Jobs?before=5"),
        (
            '<a class="tme_messages_more" href="/s/Sample_Jobs?before=5" data-before="5"></a>',
            "http://127.0.0.1:8000/s/Sample_Jobs?before=5",
        ),
        ('<a class="tme_messages_more" data-before="5"></a>', "http://127.0.0.1:8000/s/Sample_Jobs?before=5"),
        ('<link rel="prev" href="/s/Sample_Jobs?before=99">', ""),
        ('<a class="tme_messages_more" href="/s/Sample_Jobs?after=5"></a>', ""),
        ("", ""),
    ],
)
def test_the_way_back(link: str, older: str) -> None:
    assert read_channel(link + message("x"), ORIGIN).older == older


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        ("1.2K", 1200),
        ("214.4K", 214_400),
        ("3M", 3_000_000),
        ("1,2K", 1200),
        ("12 345", 12_345),
        ("1.1B", 1_100_000_000),
        ("x", None),
        ("", None),
    ],
)
def test_counts(text: str, number: int | None) -> None:
    assert read_count(text) == number


def test_a_closed_channel_is_known_as_telegram_and_has_no_posts() -> None:
    page = '<div class="tgme_page"><div class="tgme_page_title"><span>Closed</span></div><a class="tgme_action_button_new">Join</a></div>'  # noqa: E501
    assert is_preview(page)
    channel = read_channel(page, ORIGIN)
    assert (channel.is_channel, channel.posts, channel.title) == (False, [], "Closed")


@given(st.text(max_size=200))
def test_any_body_gives_a_post_whose_links_fit(body: str) -> None:
    for post in read_channel(message(body + '<a href="https://x.example/">q</a>'), ORIGIN).posts:
        for link in post.links:
            assert link.end <= len(post.text)


# -- the saved pages -------------------------------------------------------------------------------------------------

SAVED: dict[str, dict[str, Any]] = {
    "message_text": {"number": 70991, "views": 33_400, "starts": "Неопознанный летающий объект", "media": 0},
    "message_poll": {
        "number": 488,
        "views": 1100,
        "text": "Как лучше?\nНесколько постов в день\nОдин пост в несколько дней\nСвой вариант в комментарии",
    },
    "message_sticker": {"number": 5, "views": 1, "text": "", "media": 1, "author": "🅰️User"},
    "message_voice": {"number": 939, "views": 746, "media": 1, "forwarded": "Спортивный Екб", "links": 2},
    "message_media_round_video": {"number": 3495, "views": 54_200, "text": "", "media": 1},
    "message_media_file": {"number": 16936, "views": 171_900, "media": 1, "forwarded": "Кремлёвская прачка"},
    "message_media_forwarded_from": {"number": 22358, "views": 214_400, "media": 1, "forwarded": "Пул N3"},
    "message_media_photo_and_video": {"number": 46908, "views": 59_500, "media": 3, "links": 1},
    "message_link_preview": {"number": 22360, "views": 226_200, "links": 1, "media": 0},
    "message_link_preview_video": {"number": 11226, "views": 69_400, "links": 1, "media": 1, "edited": True},
    "message_with_from_author": {"number": 4, "views": 1, "text": "test", "author": "🅰️rkadiy Ivanov"},
}


@pytest.mark.shared
@pytest.mark.parametrize("name", SAVED)
def test_saved_message(shared_data: Path, name: str) -> None:
    wanted = SAVED[name]
    post = one((shared_data / f"pages/telegram/{name}.html").read_text("utf-8"))
    assert post.message is not None
    assert post.native_id.endswith(f"/{wanted['number']}")
    assert post.message.views == wanted["views"]
    assert post.text == wanted.get("text", post.text)
    assert post.text.startswith(wanted.get("starts", ""))
    assert len(post.media) == wanted.get("media", len(post.media))
    assert post.message.forwarded_from == wanted.get("forwarded", "")
    assert post.message.edited == wanted.get("edited", False)
    assert post.author == wanted.get("author", post.author)
    assert len(post.links) == wanted.get("links", 0)


@pytest.mark.shared
def test_saved_channel(shared_data: Path) -> None:
    channel = read_channel((shared_data / "pages/telegram/full.html").read_text("utf-8"), ORIGIN)
    numbers = [int(post.native_id.rsplit("/", 1)[1]) for post in channel.posts]
    assert numbers == sorted(numbers)
    assert (numbers[0], numbers[-1], len(numbers)) == (70989, 71008, 12)
    assert channel.older.endswith("?before=70989")
    first = channel.posts[0]
    assert first.text.splitlines()[1].startswith("Судя по сервису Flightradar")
    assert first.published_at == datetime(2023, 2, 28, 7, 47, 53, tzinfo=UTC)
    assert first.message == Message(views=37_200)


@pytest.mark.shared
def test_saved_test_channel(shared_data: Path) -> None:
    channel = read_channel((shared_data / "pages/telegram/telegram-test-channel.html").read_text("utf-8"), ORIGIN)
    album, closed, forwarded = channel.posts
    assert [album.text[link.start : link.end] for link in album.links] == ["Telegram", "Admin"]
    assert len(album.media) == 2
    assert closed.text == ""
    assert forwarded.message is not None
    assert forwarded.message.forwarded_url == "https://t.me/another_channel/500"
    assert forwarded.text.count("\n- ") == 3
