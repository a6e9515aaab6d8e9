"""Exports of Telegram Desktop, as JSON and as pages: every message is compared with what was written into the file."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawlers.imports.telegram_html import TelegramHtml
from crawlers.imports.telegram_json import TelegramJson
from jerat.errors import InputError
from jerat.model import Post, post_id
from pipelines.intake import BadItem, ImportOptions, Read


def options(**more: Any) -> ImportOptions:
    return ImportOptions(**{"source": "result.json", "say": lambda _: None, **more})


def read_json(path: Path, content: object, **more: Any) -> list[Read | BadItem]:
    file = path / "result.json"
    file.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    assert TelegramJson().recognises(file, file.read_bytes()[:65536])
    return list(TelegramJson().read(file, options(**more)))


def posts(found: list[Read | BadItem]) -> list[Post]:
    assert all(isinstance(one, Read) for one in found), found
    return [one.post for one in found if isinstance(one, Read)]


def message(number: int, text: object, **more: object) -> dict[str, object]:
    return {
        "id": number,
        "type": "message",
        "date": "2025-03-01T17:30:00",
        "date_unixtime": "1740825000",
        "from": "Lowongan Luar Negeri",
        "from_id": "channel1999000111",
        "text": text,
        "text_entities": [],
        **more,
    }


CHAT: dict[str, object] = {"name": "Lowongan Luar Negeri", "type": "public_channel", "id": 1999000111}


def test_a_channel_message_by_message(tmp_path: Path) -> None:
    said: list[object] = [
        "🔥 CS Kamboja, hubungi ",
        {"type": "text_link", "text": "admin", "href": "https://t.me/invented_admin"},
        " atau ",
        {"type": "mention", "text": "@invented_hr"},
        {"type": "plain", "text": "\nGaji 800$"},
    ]
    content = {
        **CHAT,
        "messages": [
            {"id": 1, "type": "service", "date": "2025-03-01T10:00:00", "action": "create_channel", "text": ""},
            message(2, said, edited="2025-03-02T10:00:00", edited_unixtime="1740884400", photo="photos/photo_1.jpg"),
            message(3, "", photo="(File not included. Change data exporting settings to download.)"),
            message(4, "diteruskan", forwarded_from="Kerja Cepat", reply_to_message_id=2, author="Dewi"),
            message(
                5, "", contact_information={"first_name": "Budi", "last_name": "", "phone_number": "+62 812 0000 0001"}
            ),
            message(6, "", poll={"question": "Minat?", "answers": [{"text": "Ya"}, {"text": "Tidak"}]}),
            message(
                7, "tombol", inline_bot_buttons=[[{"type": "url", "text": "Daftar", "data": "https://forms.example/x"}]]
            ),
        ],
    }
    told: list[str] = []
    found = posts(read_json(tmp_path, content, say=told.append))
    assert [post.native_id for post in found] == [f"c/1999000111/{number}" for number in (2, 4, 5, 6, 7)]
    first = found[0]
    assert first.text == "🔥 CS Kamboja, hubungi admin atau @invented_hr\nGaji 800$"
    assert [(link.url, first.text[link.start : link.end]) for link in first.links] == [
        ("https://t.me/invented_admin", "admin")
    ]
    assert first.published_at == datetime(2025, 3, 1, 10, 30, tzinfo=UTC)
    assert (first.author, first.source, first.url) == (
        "Lowongan Luar Negeri", "t.me/c/1999000111", "https://t.me/c/1999000111/2",
    )  # fmt: skip
    assert first.media == ("photos/photo_1.jpg",)
    assert first.message is not None
    assert first.message.edited
    assert found[1].message is not None
    assert (found[1].message.forwarded_from, found[1].message.reply_to) == (
        "Kerja Cepat",
        "https://t.me/c/1999000111/2",
    )
    assert found[1].author == "Dewi"
    assert not found[1].message.edited
    assert found[2].text == "Budi +62 812 0000 0001"
    assert found[3].text == "Minat?\nYa\nTidak"
    assert [link.url for link in found[4].links] == ["https://forms.example/x"]
    assert told == [
        "result.json: not taken as posts: messages without words (pictures, stickers, voice): 1; service messages: 1"
    ]


def test_a_named_channel_gives_the_posts_that_a_crawl_gives(tmp_path: Path) -> None:
    found = posts(read_json(tmp_path, {**CHAT, "messages": [message(9, "x")]}, source="t.me/Some_Channel"))
    assert found[0].id == post_id("telegram", "some_channel/9", "")
    assert (found[0].source, found[0].url) == ("t.me/some_channel", "https://t.me/some_channel/9")


def test_a_whole_account_keeps_its_chats_apart(tmp_path: Path) -> None:
    other = {"name": "Jobs", "type": "private_supergroup", "id": 77, "messages": [message(2, "b", **{"from": "Ana"})]}
    content = {
        "about": "Here is the data",
        "personal_information": {"first_name": "N", "id": 5},
        "contacts": {"about": "", "list": [{"first_name": "Z", "phone_number": "1"}]},
        "chats": {"about": "", "list": [{**CHAT, "messages": [message(1, "a")]}, other]},
        "left_chats": {
            "about": "",
            "list": [{"name": "Old", "type": "public_channel", "id": 3, "messages": [message(1, "c")]}],
        },
    }
    found = posts(read_json(tmp_path, content))
    assert [(post.native_id, post.text, post.author) for post in found] == [
        ("c/1999000111/1", "a", "Lowongan Luar Negeri"),
        ("c/77/2", "b", "Ana"),
        ("c/3/1", "c", "Old"),
    ]


def test_old_exports_have_the_local_time_of_the_computer(tmp_path: Path) -> None:
    old = {key: value for key, value in message(1, "x").items() if key != "date_unixtime"}
    found = posts(read_json(tmp_path, {**CHAT, "messages": [old]}, time_zone="Asia/Jakarta"))
    assert found[0].published_at == datetime(2025, 3, 1, 10, 30, tzinfo=UTC)


def test_a_file_that_is_cut_keeps_what_came_before(tmp_path: Path) -> None:
    whole = json.dumps({**CHAT, "messages": [message(number, f"text {number}") for number in range(1, 6)]})
    file = tmp_path / "cut.json"
    file.write_text(whole[: whole.index("text 4") + 3], "utf-8")
    found = list(TelegramJson().read(file, options()))
    assert [one.post.text for one in found if isinstance(one, Read)] == ["text 1", "text 2", "text 3"]
    last = found[-1]
    assert isinstance(last, BadItem)
    assert last.fatal
    assert last.place == "cut.json#4"


@pytest.mark.parametrize(
    "odd",
    [
        {"id": "one", "type": "message", "text": "x"},
        {"type": "message", "text": "x"},
        "a string",
        {"id": True, "type": "message", "text": "x"},
    ],
)
def test_one_odd_message_does_not_stop_the_others(tmp_path: Path, odd: object) -> None:
    found = read_json(tmp_path, {**CHAT, "messages": [message(1, "a"), odd, message(3, "b")]})
    assert [one.post.text for one in found if isinstance(one, Read)] == ["a", "b"]
    assert len([one for one in found if isinstance(one, BadItem)]) == (1 if isinstance(odd, dict) else 0)


@pytest.mark.parametrize("text", [None, 5, {}, [None, 5, [], {"text": 7}], [[["x"]]], {"text": {"text": "y"}}])
def test_texts_of_no_known_shape_are_no_posts(tmp_path: Path, text: object) -> None:
    assert posts(read_json(tmp_path, {**CHAT, "messages": [message(1, text), message(2, "b")]}))[-1].text == "b"


def test_a_wrong_zone_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Asia/Atlantis"):
        read_json(tmp_path, {**CHAT, "messages": [message(1, "x")]}, time_zone="Asia/Atlantis")


PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"/><title>Exported Data</title></head><body>
<div class="page_wrap"><div class="page_header"><div class="content"><div class="text bold">
Kerja &amp; Karir </div></div></div><div class="page_body chat_page"><div class="history">
<div class="message service" id="message-1"><div class="body details">1 March 2025</div></div>
<div class="message default clearfix" id="message11"><div class="pull_left userpic_wrap"><div class="initials">K</div></div>
<div class="body"><div class="pull_right date details" title="01.03.2025 17:30:05 UTC+07:00">17:30</div>
<div class="from_name">Kerja &amp; Karir </div>
<div class="text">Butuh <strong>CS</strong> ke Poipet<br>Hub <a href="https://t.me/invented_admin">admin</a>
<a href="" onclick="return ShowHashtag(&quot;loker&quot;)">#loker</a></div>
<div class="signature details">Sari</div></div></div>
<div class="message default clearfix joined" id="message12"><div class="body">
<div class="pull_right date details" title="01.03.2025 17:31:00 UTC+07:00">17:31</div>
<div class="reply_to details">In reply to <a href="#go_to_message11" onclick="return GoToMessage(11)">this message</a></div>
<div class="text">Masih ada</div></div></div>
<div class="message default clearfix joined" id="message13"><div class="body">
<div class="pull_right date details" title="01.03.2025 17:32:00 UTC+07:00">17:32</div>
<div class="media_wrap clearfix"><a class="photo_wrap clearfix pull_left" href="photos/photo_1.jpg"><img src="x.jpg"></a></div>
</div></div>
<div class="message default clearfix" id="message14"><div class="body">
<div class="pull_right date details" title="02.03.2025 09:00:00">09:00</div><div class="from_name">Ana</div>
<div class="forwarded body"><div class="from_name">Loker Cepat
<span class="date details" title="01.01.2025 01:00:00"> 01.01.2025</span></div>
<div class="media_wrap clearfix"><a class="photo_wrap" href="photos/photo_2.jpg"></a></div>
<div class="text">Gaji 12 juta</div></div></div></div>
</div></div></div></body></html>"""


def test_a_page_of_an_export(tmp_path: Path) -> None:
    file = tmp_path / "messages.html"
    file.write_text(PAGE, "utf-8")
    assert TelegramHtml().recognises(file, PAGE.encode()[:65536])
    told: list[str] = []
    found = posts(list(TelegramHtml().read(file, options(say=told.append, time_zone="Asia/Jakarta"))))
    assert [post.text for post in found] == ["Butuh CS ke Poipet\nHub admin #loker", "Masih ada", "Gaji 12 juta"]
    assert [post.author for post in found] == ["Sari", "Kerja & Karir", "Ana"]
    assert [post.published_at for post in found] == [
        datetime(2025, 3, 1, 10, 30, 5, tzinfo=UTC),
        datetime(2025, 3, 1, 10, 31, tzinfo=UTC),
        datetime(2025, 3, 2, 2, 0, tzinfo=UTC),
    ]
    assert [(link.url, found[0].text[link.start : link.end]) for link in found[0].links] == [
        ("https://t.me/invented_admin", "admin")
    ]
    assert found[2].message is not None
    assert found[2].message.forwarded_from == "Loker Cepat"
    assert found[2].media == ("photos/photo_2.jpg",)
    assert found[1].message is not None
    assert found[1].message.reply_to == found[0].url
    assert {post.source for post in found} == {"Kerja & Karir"}
    assert told == [
        "messages.html: not taken as posts: messages without words (pictures, stickers, voice): 1; service messages: 1"
    ]


def test_pages_are_told_from_other_pages(tmp_path: Path) -> None:
    preview = b'<html><div class="tgme_widget_message" data-post="a/1"><div class="message "></div></div>'
    assert not TelegramHtml().recognises(tmp_path / "x.html", preview)
    assert not TelegramJson().recognises(tmp_path / "x.json", b'{"messages": ["a"], "name": "b"}')
    assert not TelegramJson().recognises(tmp_path / "x.json", b'[{"date_unixtime": "1", "messages": []}]')


def test_a_mark_of_the_byte_order_is_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    file.write_text("\ufeff" + json.dumps({**CHAT, "messages": [message(1, "Dicari admin")]}), "utf-8")
    assert [post.text for post in posts(list(TelegramJson().read(file, options())))] == ["Dicari admin"]


def test_a_list_to_tick_off_is_read_as_a_poll_is(tmp_path: Path) -> None:
    todo = {"title": [{"type": "plain", "text": "Syarat"}], "answers": [{"text": "KTP", "id": 1}, {"text": "Paspor"}]}
    found = posts(read_json(tmp_path, {**CHAT, "messages": [message(1, "", todo_list=todo)]}))
    assert [post.text for post in found] == ["Syarat\nKTP\nPaspor"]


def test_a_page_that_is_cut_off_says_so_and_keeps_what_came(tmp_path: Path) -> None:
    one = (
        '<div class="message default clearfix" id="message{}"><div class="body"><div class="pull_right date details" '
        'title="01.03.2025 17:30:00 UTC+07:00">17:30</div><div class="from_name">Dewi</div><div class="text">Pesan {}</div>'
        '<table class="bot_buttons_table"><tr><td><div class="bot_button"><a href="https://t.me/invented_bot">Daftar</a></div>'
        "</td></tr></table></div></div>"
    )
    whole = f'<html><body><div class="page_header"></div>{one.format(1, 1)}{one.format(2, 2)}</body></html>\n'
    file = tmp_path / "messages.html"
    file.write_text(whole, "utf-8")
    both = posts(list(TelegramHtml().read(file, options())))
    assert [[link.url for link in post.links] for post in both] == [["https://t.me/invented_bot"]] * 2
    file.write_text(whole[:-100], "utf-8")
    *kept, last = TelegramHtml().read(file, options())
    assert [post.text for post in posts(kept)] == ["Pesan 1", "Pesan 2"]
    assert isinstance(last, BadItem)
    assert last.fatal
