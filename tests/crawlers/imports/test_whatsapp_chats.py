"""Chats as WhatsApp exports them, in the forms of many regions. All names and numbers are invented."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.imports.whatsapp import WhatsApp
from crawlers.imports.whatsapp_lines import header_of, local_time
from jerat.errors import InputError
from jerat.model import Post
from pipelines.intake import BadItem, ImportOptions, Read


def read(path: Path, text: str | bytes, name: str = "WhatsApp Chat with Loker.txt", **more: Any) -> list[Post]:
    file = path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    settings = {"source": name, "say": lambda _: None, "time_zone": "UTC", **more}
    found = list(WhatsApp().read(file, ImportOptions(**settings)))
    assert not [one for one in found if isinstance(one, BadItem)]
    return [one.post for one in found if isinstance(one, Read)]


NIGHT = datetime(2025, 12, 31, 23, 59)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("line", "order"),
    [
        ("31/12/2025, 23.59 - Rina: halo", "dmy"),
        ("31/12/25 23.59 - Rina: halo", "dmy"),
        ("12/31/25, 11:59 PM - Rina: halo", "mdy"),
        ("12/31/25, 11:59\u202fPM - Rina: halo", "mdy"),
        ("31/12/25, 11:59 pm - Rina: halo", "dmy"),
        ("31/12/25, 11:59 p. m. - Rina: halo", "dmy"),
        ("31.12.25, 23:59 - Rina: halo", "dmy"),
        ("31-12-2025 23:59 - Rina: halo", "dmy"),
        ("2025-12-31, 11:59 p.m. - Rina: halo", "ymd"),
        ("2025/12/31 23:59 - Rina: halo", "ymd"),
        ("2025/12/31 下午11:59 - Rina: halo", "ymd"),
        ("[2025/12/31 下午11:59:00] Rina: halo", "ymd"),
        ("2025년 12월 31일 오후 11:59, Rina : halo", "ymd"),
        ("[2025. 12. 31. 오후 11:59:00] Rina: halo", "ymd"),
        ("31/12/2568 23:59 - Rina: halo", "dmy"),
        ("31/12/2568 23:59 น. - Rina: halo", "dmy"),
        ("\u200e[31/12/25, 23:59:00] Rina: halo", "dmy"),
        ("[31/12/25 23.59.00] ~\u202fRina: halo", "dmy"),
        ("[23:59, 31/12/2025] Rina: halo", "dmy"),
        ("[11:59 PM, 12/31/2025] Rina: halo", "mdy"),
        ("٣١/١٢/٢٠٢٥، ١١:٥٩ م - Rina: halo", "dmy"),
        ("၃၁/၁၂/၂၀၂၅ ၂၃:၅၉ - Rina: halo", "dmy"),
        ("31/12/2025 lúc 23:59 - Rina: halo", "dmy"),
        ("31/12/2025 à 23:59 - Rina: halo", "dmy"),
        ("31/12/25, 11:59 CH - Rina: halo", "dmy"),
        ("31/12/25, 11:59 PTG - Rina: halo", "dmy"),
        ("23:59, 31/12/2025 - Rina: halo", "dmy"),
        ("\u200f31\u200f/12\u200f/2025, 11:59\u202fم - Rina: halo", "dmy"),
        ("[٣١\u200f/١٢\u200f/٢٠٢٥, ١١:٥٩:٠٠ م] Rina: halo", "dmy"),
        ("۲۰۲۵/۱۲/۳۱،\u200f ۲۳:۵۹ - Rina: halo", "ymd"),
        ("31/12/68 23:59 - Rina: halo", "dmy"),
        ("Dec 31, 2025, 11:59 PM - Rina: halo", "ymd"),
        ("[31 Des 2025 23.59.00] Rina: halo", "ymd"),
        ("31 ธ.ค. 2568 23:59 - Rina: halo", "ymd"),
        ("31/12/2025, 23:59 \u2013 Rina: halo", "dmy"),
    ],
)
def test_the_beginnings_of_messages(line: str, order: Any) -> None:
    header = header_of(line)
    assert header is not None
    assert (header.sender, header.text, local_time(header, order)) == ("Rina", "halo", NIGHT)


@pytest.mark.parametrize(
    ("line", "hour"),
    [
        ("1/2/25, 12:05 AM - A: b", 0),
        ("1/2/25, 12:05 PM - A: b", 12),
        ("2025/2/1 上午12:05 - A: b", 0),
        ("1/2/25, 1:05 PM - A: b", 13),
    ],
)
def test_midnight_and_noon(line: str, hour: int) -> None:
    header = header_of(line)
    assert header is not None
    assert header.hour == hour


@pytest.mark.parametrize(
    "line",
    [
        "2025 was a year",
        "10.30 - 11.00 rapat: x",
        "Gaji 12/15 juta - hub: 1",
        "99/99/25, 25:61 - A: b",
        "",
        "- A: b",
        "31/12: x",
    ],
)
def test_lines_that_go_on(line: str) -> None:
    assert header_of(line) is None


ANDROID = """31/12/2025 09.00 - Pesan dan panggilan terenkripsi secara end-to-end. Ketuk untuk info selengkapnya.
31/12/2025 09.01 - Rina membuat grup "Loker: LN"
31/12/2025 09.02 - +62 812-0000-0001: LOKER KAMBOJA 🔥
Gaji 800$
Hub: 0812 0000 0002
31/12/2025 09.03 - Rina: <Media tidak disertakan>
31/12/2025 09.04 - Rina: IMG-20251231-WA0001.jpg (file terlampir)
Butuh admin, tiket ditanggung
31/12/2025 09.05 - Rina: Pesan ini telah dihapus
31/12/2025 09.06 - Rina: sama
31/12/2025 09.06 - Rina: sama
31/12/2025 09.07 - Rina: benar <Pesan ini diedit>
"""


def test_a_chat_message_by_message(tmp_path: Path) -> None:
    told: list[str] = []
    found = read(tmp_path, ANDROID, say=told.append, time_zone="Asia/Jakarta")
    assert [post.text for post in found] == [
        "LOKER KAMBOJA 🔥\nGaji 800$\nHub: 0812 0000 0002",
        "Butuh admin, tiket ditanggung",
        "sama",
        "sama",
        "benar",
    ]
    first = found[0]
    assert (first.author, [link.url for link in first.links]) == ("+62 812-0000-0001", ["https://wa.me/6281200000001"])
    assert first.published_at == datetime(2025, 12, 31, 2, 2, tzinfo=UTC)
    assert first.source == "WhatsApp Chat with Loker"
    assert first.evidence == "WhatsApp Chat with Loker.txt:3"
    assert found[1].media == ("IMG-20251231-WA0001.jpg",)
    assert found[4].message is not None
    assert found[4].message.edited
    assert len({post.id for post in found}) == 5
    assert told == [
        "WhatsApp Chat with Loker.txt: not taken as posts: lines of the app itself: 2; "
        "messages without words (pictures, voice, deleted ones): 2"
    ]


def test_ios_marks_what_it_says_itself(tmp_path: Path) -> None:
    chat = (
        "[31/12/25, 09:00:00] Grup: \u200eMessages and calls are end-to-end encrypted.\r\n"
        "\u200e[31/12/25, 09:00:01] Rina: \u200e<attached: 00000002-PHOTO-2025-12-31-09-00-01.jpg>\r\n"
        "[31/12/25, 09:00:02] Rina: \u200eimage omitted\r\n"
        "[31/12/25, 09:00:03] Rina: Admin Poipet\u200e <This message was edited>\r\n"
        "[31/12/25, 09:00:04] Rina: poster \u200e<attached: 00000004-PHOTO-2025-12-31.jpg>\r\n"
    )
    found = read(tmp_path, chat)
    assert [(post.text, post.media) for post in found] == [
        ("Admin Poipet", ()),
        ("poster", ("00000004-PHOTO-2025-12-31.jpg",)),
    ]


def test_the_notice_that_a_chat_is_sealed_is_no_message(tmp_path: Path) -> None:
    said = (
        "[31/12/25 10.00.00] Loker Bali: \u200ePesan dan panggilan terenkripsi secara end-to-end. Hanya orang dalam obrolan "
        "ini yang bisa membaca, mendengarkan, atau membagikannya.\n"
        "[31/12/25 10.01.00] Rina: \u200eini pesan yang panjang tanpa angka, dan yang ditulis oleh orang, bukan oleh aplikasi\n"
        "[31/12/25 10.02.00] Rina: Panggilan suara tak terjawab\n"
    )
    assert [post.text[:10] for post in read(tmp_path, said)] == ["ini pesan "]


def test_the_file_tells_the_order_of_day_and_month(tmp_path: Path) -> None:
    found = read(tmp_path, "1/2/25, 10:00 - A: a\n1/13/25, 10:00 - A: b\n", "WhatsApp a.txt")
    assert [post.published_at.month for post in found if post.published_at] == [1, 1]
    # No day above the twelfth: only one of the orders lets time go forward.
    found = read(tmp_path, "11/1/25, 10:00 - A: a\n12/1/25, 10:00 - A: b\n1/2/25, 10:00 - A: c\n", "WhatsApp b.txt")
    assert [(post.published_at.day, post.published_at.month) for post in found if post.published_at] == [
        (11, 1),
        (12, 1),
        (1, 2),
    ]


def test_where_the_file_does_not_tell_no_date_is_invented(tmp_path: Path) -> None:
    told: list[str] = []
    found = read(tmp_path, "1/2/25, 10:00 - A: a\n", say=told.append)
    assert found[0].published_at is None
    assert "--date-order" in told[0]
    found = read(tmp_path, "1/2/25, 10:00 - A: a\n", date_order="mdy")
    assert found[0].published_at == datetime(2025, 1, 2, 10, tzinfo=UTC)
    with pytest.raises(InputError, match="cannot be month, day, year"):
        read(tmp_path, "13/2/25, 10:00 - A: a\n", date_order="mdy")


def test_an_unknown_form_is_an_error_that_shows_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Wednesday 31st December"):
        read(tmp_path, "Wednesday 31st December 2025 23:59 - A: b\n")


def test_the_same_chat_exported_later_gives_the_same_posts(tmp_path: Path) -> None:
    early = read(tmp_path, ANDROID)
    late = read(tmp_path, ANDROID + "1/1/2026 10.00 - Rina: baru\n", "WhatsApp Chat with Loker (1).txt")
    assert [post.id for post in late[:-1]] == [post.id for post in early]
    other = read(tmp_path, ANDROID, "WhatsApp Chat with Lain.txt")
    assert not {post.id for post in early} & {post.id for post in other}


def test_texts_of_two_bytes_a_character(tmp_path: Path) -> None:
    text = "31/12/2025 09.02 - Rina: ਊ halo 🔥\nbaris dua\n"  # U+0A0A holds the byte of a line end twice
    assert read(tmp_path, b"\xff\xfe" + text.encode("utf-16-le"))[0].text == "ਊ halo 🔥\nbaris dua"
    assert read(tmp_path, b"\xfe\xff" + text.encode("utf-16-be"))[0].text == "ਊ halo 🔥\nbaris dua"


def test_it_is_recognised_by_what_it_says(tmp_path: Path) -> None:
    reader = WhatsApp()
    assert reader.recognises(tmp_path / "x.txt", ANDROID.encode())
    assert reader.recognises(tmp_path / "_chat.txt", b"whatever")
    assert not reader.recognises(tmp_path / "x.txt", b"A list of jobs\n31/12/2025 09.02 - Rina: halo")
    assert not reader.recognises(tmp_path / "x.csv", b"date,text\n31/12/2025,halo")


@given(st.text(max_size=300))
def test_any_line_at_all(line: str) -> None:
    header = header_of(line)
    assert header is None or (header.hour < 24 and header.minute < 60)


@given(
    st.lists(
        st.text(
            st.characters(codec="utf-8", exclude_characters="\r\x1c\x1d\x1e\x85\u2028\u2029\x0b\x0c"),
            max_size=80,
        ),
        min_size=1,
        max_size=6,
    )
)
def test_what_is_said_comes_back(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    """Texts that begin no message themselves come back as they were, but for the spaces around them."""
    said = [line for text in lines for line in text.split("\n") if header_of(line) is None]
    body = "x " + "\n".join(said) + " y"
    found = read(tmp_path_factory.mktemp("chat"), f"31/12/2025 09.02 - Rina: {body}\n")
    assert [post.text for post in found] == [body] or any("<" in line or "(" in line for line in said)
