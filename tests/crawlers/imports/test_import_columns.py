"""Which column of a table is what, and which day a date is."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from tables import plain

from crawlers.data import load
from crawlers.imports.columns import FIELDS, _Names, column_pairs, has_heading, mapped
from crawlers.imports.days import DateReader, order_of
from jerat.errors import InputError

Reads = Callable[..., Any]

# -- what the columns are ------------------------------------------------------------------------------------------------


def test_the_words_of_all_languages_are_there_once() -> None:
    fields = load("columns.yaml", _Names).fields
    assert set(fields) == set(FIELDS)
    seen: dict[str, str] = {}
    for field, by in fields.items():
        assert len(by) == 19, field
        for name in (name for names in by.values() for name in names):
            assert name == name.lower(), name
            assert seen.setdefault(name, field) == field, f"{name} is two things"
            assert has_heading([(name, "deskripsi", "url")])
            assert mapped(
                [name], [["x" * 30]] if field == "text" else [["https://a.example/1"]], [("title", "1")]
            ).headings == [name]


def test_a_person_may_say_otherwise(reads: Reads) -> None:
    rows = "a,b,c\nhttps://a.example/1,some words of an advertisement here,another text that is longer than the first one\n"
    got = reads("list.csv", rows, columns=column_pairs("text=b, url=1"))
    assert got.posts[0].text == "some words of an advertisement here"
    assert got.posts[0].url == "https://a.example/1"
    with pytest.raises(InputError, match="no column 'z'"):
        reads("list.csv", rows, columns=column_pairs("text=z"))
    with pytest.raises(InputError, match="--columns cannot be read"):
        column_pairs("words=b")
    assert column_pairs("text=Isi, dan lain,link=x") == (("text", "Isi, dan lain"), ("url", "x"))


def test_without_headings_the_values_tell(reads: Reads) -> None:
    rows = plain(
        (
            f"https://a.example/{n}",
            f"words of an advertisement with the number {n}",
            f"2026-03-0{n}",
            "+62 812-0000-4321",
        )
        for n in range(1, 6)
    )
    got = reads("list.csv", rows)
    assert len(got.posts) == 5, "the first row is a post"
    post = got.posts[0]
    assert (post.url, post.text) == ("https://a.example/1", "words of an advertisement with the number 1")
    assert post.published_at == datetime(2026, 3, 1, tzinfo=UTC)
    assert post.job is not None
    assert post.job.contacts == ("+62 812-0000-4321",)


def test_headings_in_words_that_nobody_knows(reads: Reads) -> None:
    rows = "foo,bar\n" + "".join(f"https://a.example/{n},words of an advertisement number {n}\n" for n in range(5))
    got = reads("list.csv", rows)
    assert [post.url for post in got.posts][:2] == ["https://a.example/0", "https://a.example/1"]
    assert got.posts[0].text.startswith("words")


TOOLS = {
    "facebookUrl,groupTitle,id,text,time,url,user/name": (
        "url=url",
        "source=groupTitle",
        "text=text",
        "author=user/name",
        "date=time",
    ),
    "Group Name,User Name,Post Created,Message,URL,Link": (
        "url=URL",
        "text=Message",
        "date=Post Created",
        "source=Group Name",
    ),
    "created_at,id_str,full_text,user.screen_name,permanentUrl": ("text=full_text", "id=id_str", "url=permanentUrl"),
    "Jam,Tanggal,Isi pesan yang diterima,Nomor HP,Link postingan": (
        "date=Tanggal",
        "text=Isi pesan yang diterima",
        "contact=Nomor HP",
    ),
    "发布时间,职位名称,公司名称,工作地点,薪资待遇,联系方式,职位描述,网址": (
        "text=职位描述",
        "salary=薪资待遇",
        "company=公司名称",
    ),
    "วันที่โพสต์,รายละเอียดงาน,เบอร์ติดต่อ,ไลน์ไอดี,ลิงก์โพสต์": ("contact=เบอร์ติดต่อ", "contact=ไลน์ไอดี", "text=รายละเอียดงาน"),
    "Ngày đăng,Tiêu đề,Nội dung bài đăng,SĐT,Zalo,Link bài viết": (
        "contact=SĐT",
        "contact=Zalo",
        "text=Nội dung bài đăng",
    ),
}


@pytest.mark.parametrize("headings", TOOLS)
def test_headings_as_tools_and_people_write_them(headings: str) -> None:
    values = {
        "url": "https://a.example/p/{}", "URL": "https://a.example/p/{}", "permanentUrl": "https://a.example/p/{}", "网址": "https://a.example/{}",
        "Link postingan": "https://a.example/{}", "ลิงก์โพสต์": "https://a.example/{}", "Link bài viết": "https://a.example/{}",
        "facebookUrl": "https://a.example/group", "Link": "https://a.example/picture", "Jam": "14:30",
        **dict.fromkeys(("time", "Post Created", "created_at", "Tanggal", "发布时间", "วันที่โพสต์", "Ngày đăng"), "2026-03-01"),
    }  # fmt: skip
    names = headings.split(",")
    found = mapped(names, [[values.get(name, f"words of {name} {{}}").format(n) for name in names] for n in range(9)])
    pairs = {f"{field}={names[number]}" for field, numbers in found.columns.items() for number in numbers}
    assert set(TOOLS[headings]) <= pairs, pairs


def test_no_text_in_any_column_is_an_error_that_names_them(reads: Reads) -> None:
    with pytest.raises(
        InputError, match="no column looks like the text of a post; the columns are: Umur, Berat"
    ) as caught:
        reads("list.csv", "Umur,Berat\n12,30\n13,31\n14,33\n")
    assert "--columns" in caught.value.hint


def test_several_columns_make_one_text(reads: Reads) -> None:
    got = reads(
        "list.csv",
        "title,job description,requirements,url\nClerk,Answers letters all day long,Reads and writes,https://a.example/1\n",
    )
    assert got.posts[0].text == "Answers letters all day long\n\nReads and writes"


def test_a_column_that_is_called_source_and_holds_links_is_the_address(reads: Reads) -> None:
    rows = "text,source\n" + "".join(f"words of an advertisement {n},https://a.example/{n}\n" for n in range(3))
    got = reads("list.csv", rows)
    assert [post.url for post in got.posts] == [f"https://a.example/{n}" for n in range(3)]
    assert {post.source for post in got.posts} == {"list.csv"}


# -- dates ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["03/04/2026", "25/04/2026"], "dmy"),
        (["03/04/2026", "04/25/2026"], "mdy"),
        (["03/04/2026", "05/06/2026"], ""),
        (["25/04/2026", "04/25/2026"], ""),
        (["2026-04-25", "2026/04/03"], ""),
        (["31.12.26 23:10"], "dmy"),
    ],
)
def test_the_order_of_a_column(values: list[str], order: str) -> None:
    assert order_of(values)[0] == order


@pytest.mark.parametrize(
    ("value", "order", "expected"),
    [
        ("03/04/2026", "dmy", datetime(2026, 4, 3, tzinfo=UTC)),
        ("03/04/2026", "mdy", datetime(2026, 3, 4, tzinfo=UTC)),
        ("03/04/2026", "", None),
        ("3.4.26 9:05", "dmy", datetime(2026, 4, 3, 9, 5, tzinfo=UTC)),
        ("4/3/26, 9:05 PM", "mdy", datetime(2026, 4, 3, 21, 5, tzinfo=UTC)),
        ("4/3/2026 12:05:09 am", "mdy", datetime(2026, 4, 3, 0, 5, 9, tzinfo=UTC)),
        ("2026/04/03 09:05", "", datetime(2026, 4, 3, 9, 5, tzinfo=UTC)),
        ("25/4/2569", "", datetime(2026, 4, 25, tzinfo=UTC)),
        ("26.04.03", "ymd", datetime(2026, 4, 3, tzinfo=UTC)),
        ("46115", "", datetime(2026, 4, 3, tzinfo=UTC)),
        ("1775174700", "", datetime(2026, 4, 3, 0, 5, tzinfo=UTC)),
        ("3 April 2026", "", datetime(2026, 4, 3, tzinfo=UTC)),
        ("31/02/2026", "dmy", None),
        ("13/13/2026", "dmy", None),
        ("yesterday", "dmy", None),
        ("", "dmy", None),
    ],
)
def test_dates_of_tables(value: str, order: str, expected: datetime | None) -> None:
    assert DateReader(order).read(value) == expected


def test_times_without_zone_are_of_the_zone_that_is_said(reads: Reads) -> None:
    rows = "text,date,url\nwords of it,25/03/2026 07:30,https://a.example/1\nother words,2026-03-25T07:30:00Z,https://a.example/2\n"
    here, there = reads("a.csv", rows, time_zone="Asia/Jakarta").posts
    assert here.published_at == datetime(2026, 3, 25, 0, 30, tzinfo=UTC)
    assert there.published_at == datetime(2026, 3, 25, 7, 30, tzinfo=UTC)
    assert reads("b.csv", rows).says("no zone are taken as UTC")


def test_dates_that_nobody_can_tell_are_left_out_until_it_is_said(reads: Reads) -> None:
    rows = "text,date,url\n" + "".join(
        f"words of it {n},0{n}/0{n + 1}/2026,https://a.example/{n}\n" for n in range(1, 5)
    )
    got = reads("a.csv", rows)
    assert [post.published_at for post in got.posts] == [None] * 4
    assert got.says("--date-order")
    assert len(got.notes) == 4
    assert reads("b.csv", rows, date_order="mdy").posts[0].published_at == datetime(2026, 1, 2, tzinfo=UTC)
