"""Tables as people save them: any delimiter, any encoding, any language of headings, and much that is broken."""

import contextlib
import csv
import gzip
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import WORDS, table

from crawlers.imports.encoding import encoding_of
from crawlers.imports.rows import Dialect, Rows, sniffed
from jerat.errors import InputError
from jerat.model import Post, post_id

Reads = Callable[..., Any]

# -- what comes of a row -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_column_comes_to_its_place(reads: Reads, delimiter: str, encoding: str) -> None:
    got = reads("list.csv", table(delimiter=delimiter).encode(encoding))
    assert got.format == "csv"
    assert not got.bad
    assert len(got.posts) == 8
    post: Post = got.posts[0]
    assert post.title == "CS 1"
    assert post.text == f'{WORDS} "nomor" 1\nbaris dua'
    assert post.url == "https://papan.example/1"
    assert post.id == post_id("import", "", "https://papan.example/1")
    assert post.published_at == datetime(2026, 3, 11, 14, 30, tzinfo=UTC)
    assert post.evidence == "list.csv:2"
    assert got.posts[1].evidence == "list.csv:4", "a text of two lines takes two"
    assert post.job is not None
    assert (post.job.organisation, post.job.locations, post.job.salary) == (
        "PT Contoh",
        ("Sihanoukville",),
        "12-18 juta",
    )
    assert post.job.contacts == ("No WA: 0812-0000-4301",)
    assert got.says("'Deskripsi' (by its heading)")
    assert got.says("not used: 'No'")


def test_the_bar_comes_to_its_end(reads: Reads, tmp_path: Path) -> None:
    got = reads("list.csv", table())
    assert got.advanced == (tmp_path / "list.csv").stat().st_size


LANGUAGES = [
    ("th", "cp874", ("หัวข้อ", "รายละเอียด", "ลิงก์"), "รับสมัครแอดมินทำงานที่ปอยเปต เงินเดือน 30,000 บาท มีที่พักและอาหาร"),
    ("zh", "gb18030", ("标题", "内容", "链接"), "柬埔寨西港招聘客服，月薪八千到一万五，包吃住包机票，无需经验，联系微信"),
    ("tw", "big5", ("標題", "內容", "連結"), "柬埔寨誠徵客服人員，月薪八千到一萬五，包吃住包機票，無經驗可，請聯繫微信"),
    ("ja", "shift_jis", ("タイトル", "本文", "リンク"), "海外で高収入のお仕事です。未経験でも大丈夫です。"),
    ("ja2", "euc_jp", ("件名", "仕事内容", "リンク"), "海外で高収入のお仕事です。未経験でも大丈夫です。"),
    ("ko", "euc-kr", ("제목", "내용", "링크"), "캄보디아 고수익 알바 모집합니다. 텔레그램으로 연락 주세요."),
    ("ru", "cp1251", ("Заголовок", "Описание", "Ссылка"), "Требуются операторы в Камбоджу, зарплата хорошая, жильё."),
    ("ru2", "koi8_r", ("Заголовок", "Текст", "Ссылка"), "Требуются операторы в Камбоджу, зарплата хорошая, жильё."),
    ("pt", "cp1252", ("Título", "Descrição", "Ligação"), "Vagas para operações no exterior: salário alto, não é preciso"),
    ("ar", "cp1256", ("title", "text", "url"), "مطلوب موظفين للعمل في كمبوديا براتب شهري ممتاز والسكن والطعام مجانا"),
    ("vi", "utf-8", ("Tiêu đề", "Nội dung", "Liên kết"), "Tuyển nhân viên tại Campuchia, lương cao, bao ăn ở"),
    ("km", "utf-8", ("ចំណងជើង", "ខ្លឹមសារ", "តំណភ្ជាប់"), "ជ្រើសរើសបុគ្គលិកធ្វើការនៅក្រុងព្រះសីហនុ ប្រាក់ខែខ្ពស់ មានកន្លែងស្នាក់នៅ"),
    ("my", "utf-8", ("ခေါင်းစဉ်", "အကြောင်းအရာ", "လင့်ခ်"), "ကမ္ဘောဒီးယားတွင် ဝန်ထမ်းခေါ်သည် လစာကောင်း နေစရာစားစရာပါ"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "encoding", "heads", "text"), LANGUAGES, ids=[one[0] for one in LANGUAGES])
def test_headings_and_encodings_of_the_region(
    reads: Reads, name: str, encoding: str, heads: tuple[str, ...], text: str
) -> None:
    rows = [heads, *((f"{n}", f"{text} {n}", f"https://papan.example/{n}") for n in range(3))]
    got = reads("list.csv", table(rows, quoting=csv.QUOTE_ALL).encode(encoding))
    assert [post.text for post in got.posts] == [f"{text} {n}" for n in range(3)], got.said
    assert [post.title for post in got.posts] == ["0", "1", "2"]
    assert got.posts[2].url == "https://papan.example/2"


def test_the_encoding_is_told_by_what_stands_far_behind() -> None:
    ascii_first = b"text,url\n" + b"plain words of an advertisement,https://a.example/1\n" * 60_000
    thai = "รับสมัครแอดมินทำงานที่ปอยเปต มีที่พัก,https://a.example/2\n".encode("cp874") * 3
    assert encoding_of(io.BytesIO(ascii_first + thai)) == "cp874"


def test_a_few_broken_bytes_do_not_make_utf_8_something_else(reads: Reads) -> None:
    good = "".join(f"тексты объявлений с номером {n},https://a.example/{n}\n" for n in range(200)).encode()
    got = reads("list.csv", b"text,url\n" + good + b"broken \xff\xfe here and there,https://a.example/x\n")
    assert len(got.posts) == 201
    assert got.posts[0].text.startswith("тексты")
    assert got.says("1 posts hold bytes that are no character")


def test_the_encoding_can_be_said(reads: Reads) -> None:
    got = reads(
        "list.csv",
        "text,url\nõ words that are as good in many encodings,https://a.example/1\n".encode("cp1257"),
        encoding="cp1257",
    )
    assert got.posts[0].text.startswith("õ")


# -- who is who ----------------------------------------------------------------------------------------------------------


def test_rows_without_address_are_known_by_what_they_say(reads: Reads) -> None:
    rows = "text,author\n" + "".join(f"words of an advertisement {n},contoh\n" for n in (1, 2, 2))
    first, other = reads("a.csv", rows), reads("renamed.csv", rows)
    assert [post.id for post in first.posts] == [post.id for post in other.posts]
    assert len({post.id for post in first.posts}) == 2
    assert all(post.url.startswith("file:row/") for post in first.posts)


def test_an_address_that_many_texts_share_names_none(reads: Reads) -> None:
    rows = "text,url\n" + "".join(f"words of an advertisement {n},https://a.example/group\n" for n in range(5))
    got = reads("a.csv", rows)
    assert len({post.id for post in got.posts}) == 5
    assert {post.url for post in got.posts} == {"https://a.example/group"}
    assert got.says("several rows have one address")


def test_numbers_of_a_platform_are_kept_and_those_of_a_mere_list_are_not(reads: Reads) -> None:
    rows = "id,text\n1,words of an advertisement\n2,words of another advertisement\n"
    named = reads("a.csv", rows, platform="facebook")
    assert [post.id for post in named.posts] == [post_id("facebook", str(n), "") for n in (1, 2)]
    changed = reads("b.csv", rows.replace("words", "other words"))
    assert not {post.id for post in changed.posts} & {post.id for post in reads("c.csv", rows).posts}


def test_what_jerat_exported_is_the_same_posts_again(reads: Reads) -> None:
    own = "0123456789abcdef01234567"
    got = reads(
        "e.csv",
        "id,url,title,text,platform,published_at,first_seen,last_seen\n"
        f"{own},https://t.me/x/1,,'+62 812-0000-4321 words,telegram,"
        "2026-01-02T03:04:05+00:00,2026-01-03T00:00:00+00:00,2026-02-03T00:00:00+00:00\n",
    )
    (post,) = got.posts
    assert (post.id, post.platform, post.text) == (own, "telegram", "+62 812-0000-4321 words")
    assert post.fetched_at == datetime(2026, 1, 3, tzinfo=UTC)


def test_formulas_are_text_and_their_links_are_read(reads: Reads) -> None:
    got = reads("a.csv", 'text,url\n"=cmd|\' /C calc\'!A0 words of it","=HYPERLINK(""https://a.example/1"",""x"")"\n')
    (post,) = got.posts
    assert post.text.startswith("=cmd|")
    assert post.url == "https://a.example/1"


# -- broken --------------------------------------------------------------------------------------------------------------


def test_ragged_rows_are_named_and_the_others_are_read(reads: Reads) -> None:
    good = [f"{n},words of an advertisement,https://a.example/{n}" for n in range(20)]
    lines = [
        "no,text,url",
        *good[:5],
        "5,too,many,cells,here",
        *good[5:10],
        "too few",
        *good[10:],
        "20,words,https://a.example/20,,",
    ]
    got = reads("a.csv", "\n".join(lines) + "\n")
    assert len(got.posts) == 21, "empty cells at the end are no harm"
    assert [(one.place, one.fatal) for one in got.bad] == [("a.csv:7", False), ("a.csv:13", False)]
    assert "5 cells in a table of 3 columns" in got.bad[0].reason
    assert "too | many" in got.bad[0].item


def test_where_most_rows_leave_out_empty_cells_at_the_end_they_are_read(reads: Reads) -> None:
    lines = ["text\turl\tauthor", *(f"words of an advertisement {n}\thttps://a.example/{n}" for n in range(10))]
    got = reads("a.tsv", "\n".join(lines))
    assert len(got.posts) == 10
    assert not got.bad


STRAY = """no,text,url
1,"an opened quote that nobody closes,https://a.example/1
2,words of an advertisement,https://a.example/2
3,"words, quoted as they should be",https://a.example/3
4,a 5" pipe and more words,https://a.example/4
5,"two lines
of words",https://a.example/5
6,the last one,https://a.example/6
"""


def test_a_stray_quote_costs_nothing_but_its_own_row(reads: Reads) -> None:
    got = reads("a.csv", STRAY)
    assert [post.url[-1] for post in got.posts] == ["1", "2", "3", "4", "5", "6"]
    assert got.posts[4].text == "two lines\nof words"
    assert got.posts[3].text == 'a 5" pipe and more words'
    assert not got.bad


def test_a_quote_that_is_open_to_the_end_is_told(reads: Reads) -> None:
    lines = [
        "no,text,url",
        '1,"open, and with, commas',
        *(f"{n},words of an advertisement,https://a.example/{n}" for n in range(2, 9)),
    ]
    got = reads("a.csv", "\n".join(lines))
    assert len(got.posts) == 7
    assert [(one.place, one.reason) for one in got.bad] == [("a.csv:2", "a quotation mark in it is never closed")]


def test_nul_bytes_blank_lines_and_old_line_ends(reads: Reads) -> None:
    got = reads(
        "a.csv",
        b"text,url\r\r\nwords\x00 of an advertisement,https://a.example/1\r\n\r\n,,\r\nother words of it,https://a.example/2\r",
    )
    assert [post.text for post in got.posts] == ["words of an advertisement", "other words of it"]


def test_quotes_with_backslashes(reads: Reads) -> None:
    got = reads(
        "a.csv",
        'text,url\n"He said \\"come\\" and, well, they came",https://a.example/1\n"a \\"b\\" c",https://a.example/2\n',
    )
    assert got.posts[0].text == 'He said "come" and, well, they came'


def test_the_first_line_of_excel(reads: Reads) -> None:
    got = reads("a.csv", "sep=;\r\ntext;url\r\nwords, with, commas;https://a.example/1\r\n")
    assert got.posts[0].text == "words, with, commas"


def test_one_column_of_texts_is_not_cut_at_its_commas(reads: Reads) -> None:
    got = reads("a.csv", "text\nfirst, second and third\nonly words\nsome, more, words, here\n")
    assert [post.text for post in got.posts] == ["first, second and third", "only words", "some, more, words, here"]


def test_a_heading_tells_the_delimiter_where_the_rows_are_uneven(reads: Reads) -> None:
    got = reads("a.csv", 'id,text\n1,"words of an advertisement\n\nin lines",\n2,"other words",,,\n3,more words,,\n')
    assert [post.text for post in got.posts] == ["words of an advertisement\n\nin lines", "other words", "more words"]


def test_rows_without_a_text_are_counted(reads: Reads) -> None:
    got = reads("a.csv", "text,url\n,https://a.example/1\nwords of an advertisement,https://a.example/2\n")
    assert len(got.posts) == 1
    assert got.says("rows without a text: 1")


def test_a_file_of_headings_alone_gives_nothing(reads: Reads) -> None:
    assert reads("a.csv", "text,url\n").posts == []


def test_gzip_and_gzip_cut_short(reads: Reads) -> None:
    rows = "text,url\n" + "".join(
        f"words of an advertisement {n * 7919},https://a.example/{n}\n" for n in range(20_000)
    )
    assert len(reads("a.csv.gz", gzip.compress(rows.encode())).posts) == 20_000
    cut = reads("b.csv.gz", gzip.compress(rows.encode())[:-20_000])
    assert len(cut.posts) > 5_000
    assert cut.bad[-1].fatal
    assert "gzip" in cut.bad[-1].reason


def test_a_line_without_end_is_not_held(reads: Reads) -> None:
    got = reads(
        "a.csv", "text,url\nwords of it,https://a.example/1\n" + "x" * 4_000_000 + "\nother words,https://a.example/2\n"
    )
    assert [post.url[-1] for post in got.posts] == ["1", "2"]
    assert "a line of more than" in got.bad[0].reason


# -- anything at all -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", ["~", "^", "\x1f", "#"])
def test_rare_delimiters_are_known_by_the_heading_that_they_make(reads: Reads, delimiter: str) -> None:
    assert [post.title for post in reads("list.csv", table(delimiter=delimiter)).posts] == [
        f"CS {n}" for n in range(1, 9)
    ]


@pytest.mark.parametrize("encoding", ["iso2022_jp", "hz"])
def test_encodings_of_seven_bits(reads: Reads, encoding: str) -> None:
    rows = [
        ("日期", "内容", "URL"),
        *((f"2026-10-1{n}", "招客服，包吃包住", f"https://papan.example/{n}") for n in range(3)),
    ]
    if encoding == "iso2022_jp":
        rows = [("日付", "本文", "URL"), *((day, "事務員を募集します", url) for day, _, url in rows[1:])]
    assert {post.text for post in reads("list.csv", table(rows).encode(encoding)).posts} == {rows[1][1]}


def test_a_small_table_packed_and_cut_keeps_its_columns(reads: Reads) -> None:
    got = reads("list.csv.gz", gzip.compress(table().encode())[:-40])
    assert got.posts[0].title == "CS 1"
    assert got.bad[-1].fatal


def test_columns_that_say_the_same_say_it_once_and_take_nothing_away(reads: Reads) -> None:
    (post,) = reads("list.csv", "text,text,text,url\nA job,A job,B more,https://papan.example/1\n").posts
    assert post.text == "A job\n\nB more"


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)


@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8), st.sampled_from([",", ";", "\t", "|"])
)
def test_what_a_writer_of_csv_wrote_is_read_as_it_was(rows: list[list[str]], delimiter: str) -> None:
    text = table(rows, delimiter, quoting=csv.QUOTE_ALL)
    got = [row.cells for row in Rows(io.StringIO(text, newline=""), Dialect(delimiter), 3)]
    expected = [[cell.removesuffix("\x00") for cell in row] for row in rows]
    assert got == expected


@given(st.text(max_size=400))
def test_any_text_is_read_to_its_end(text: str) -> None:
    dialect, width = sniffed(text)
    rows = list(Rows(io.StringIO(text + "\nx,y\n", newline=""), dialect, width))
    lines = [row.line for row in rows]
    assert lines == sorted(lines)
    assert all(isinstance(cell, str) for row in rows for cell in row.cells)


@given(st.text(st.sampled_from('a,"\n'), max_size=60))
def test_no_line_is_lost_whatever_the_quotes(text: str) -> None:
    """Every letter comes back in some row, or in one that is told to be broken."""
    rows = list(Rows(io.StringIO(text, newline=""), Dialect(","), 2))
    assert sum("".join(row.cells).count("a") for row in rows) == text.count("a")


@given(st.binary(max_size=600))
def test_any_bytes_have_an_encoding_that_reads_them(content: bytes) -> None:
    content.decode(encoding_of(io.BytesIO(content)), "replace")


@given(st.binary(max_size=400))
def test_any_bytes_make_posts_or_bad_items(tmp_path_factory: Any, content: bytes) -> None:
    from crawlers.imports.csv import Csv
    from pipelines.intake import ImportOptions

    path = tmp_path_factory.mktemp("any") / "a.csv"
    path.write_bytes(b"text,url\nwords of an advertisement,https://a.example/1\n" + content)
    with contextlib.suppress(InputError):
        list(Csv().read(path, ImportOptions("a", say=lambda _: None)))


def test_a_post_without_times_was_fetched_when_the_file_was_written(reads: Reads, tmp_path: Path) -> None:
    import os

    reads("a.csv", "text,url\nwords of it,https://a.example/1\n")
    moment = datetime(2025, 5, 6, tzinfo=UTC)
    os.utime(tmp_path / "a.csv", (moment.timestamp(), moment.timestamp()))
    from crawlers.imports.files import saved_at

    assert saved_at(tmp_path / "a.csv") == moment
    future = datetime.now(UTC) + timedelta(days=400)
    os.utime(tmp_path / "a.csv", (future.timestamp(), future.timestamp()))
    assert saved_at(tmp_path / "a.csv") < future - timedelta(days=300)
