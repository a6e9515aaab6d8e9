"""Pages that people saved: HTML in the ways of browsers, and MHTML."""

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import archives as make
import pytest
from hypothesis import given
from hypothesis import strategies as st
from saved_pages import URL, WORDS, page, posting

from crawlers.imports.formats import reader_named
from jerat.errors import InputError
from pipelines.intake import ImportOptions

Reads = Callable[..., Any]


# -- HTML ----------------------------------------------------------------------------------------------------------------

SINGLE_FILE = f"""<!DOCTYPE html> <html><!--
 Page saved with SingleFile
 url: {URL}
 saved date: Thu Oct 01 2026 09:03:04 GMT+0700 (Western Indonesia Time)
--><head><title>Clerk</title></head><body><main><h1>Clerk</h1><p>{WORDS}</p></main></body></html>"""


HTTRACK = (
    "<html><!-- Mirrored from board.example/job/17-clerk by HTTrack Website Copier/3.x [XR&CO'2014], "
    f"Thu, 01 Oct 2026 02:03:04 GMT -->{page()}"
)


@pytest.mark.parametrize(
    "markup",
    [
        f"<!-- saved from url=({len(URL):04}){URL} -->\r\n{page()}",
        f"\ufeff<!DOCTYPE html>\n<!-- saved from url=({len(URL):04}){URL} -->\n<html>{page()}",
        SINGLE_FILE,
        page(f'<link rel="canonical" href="{URL}">'),
        page(f'<meta property="og:url" content="{URL}">'),
        page(posting(url=URL)),
        page(f'<base href="{URL}">'),
        HTTRACK,
    ],
    ids=["chrome", "chrome-with-mark", "singlefile", "canonical", "preview", "posting", "base", "httrack"],
)  # fmt: skip
def test_the_address_of_a_saved_page(reads: Reads, markup: str) -> None:
    got = reads("saved.html", markup)
    (post,) = got.posts
    assert post.url.removeprefix("http").removeprefix("s") == URL.removeprefix("https")
    assert post.source == "board.example"
    assert post.text == WORDS.strip()
    assert post.evidence == "saved.html"


def test_singlefile_says_when(reads: Reads) -> None:
    assert reads("a.html", SINGLE_FILE).posts[0].fetched_at == datetime(2026, 10, 1, 2, 3, 4, tzinfo=UTC)


def test_a_page_without_an_address_is_known_by_what_it_says(reads: Reads) -> None:
    body = page().replace("<p>", '<p><a href="/apply">Apply</a> <a href="https://t.me/contoh">us</a> ')
    first, again = reads("a.html", body), reads("b.html", body + "<!-- saved twice -->")
    (post,) = first.posts
    assert post.id == again.posts[0].id
    assert post.url.startswith("file:page/")
    assert post.source == "a.html"
    assert [link.url for link in post.links] == ["https://t.me/contoh"]
    assert reads("c.html", page(text=WORDS + "more")).posts[0].id != post.id


def test_several_postings_on_a_page_without_an_address(reads: Reads) -> None:
    got = reads("a.html", page(posting(title="One") + posting(title="Two")))
    assert sorted(post.title for post in got.posts) == ["One", "Two"]
    assert len({post.id for post in got.posts}) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp874", "gb18030"])
def test_encodings_of_saved_pages(reads: Reads, encoding: str) -> None:
    text = {"cp874": "รับสมัครพนักงานต้อนรับ " * 10, "gb18030": "招聘前台接待员，每天工作八小时，包午餐。" * 6}.get(
        encoding, WORDS
    )
    meta = "" if encoding.startswith("utf") else f'<meta charset="{encoding}">'
    got = reads("a.html", page(meta + f'<link rel="canonical" href="{URL}">', text=text).encode(encoding))
    assert got.posts[0].text == text.strip()


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (page(text="Log in to see this") + '<input type="password">', "login form"),
        (f"<!-- saved from url=(0022)https://board.example/ -->{page()}", "front page of board.example"),
        (page(text="no"), "says next to nothing"),
    ],
)
def test_a_page_without_a_post_says_why(reads: Reads, markup: str, reason: str) -> None:
    got = reads("a.html", markup)
    assert not got.posts
    assert got.says(reason), got.said


def test_limits_of_a_page(reads: Reads) -> None:
    with pytest.raises(InputError, match="JERAT_MAX_RESPONSE"):
        reads("a.html", page(text=WORDS * 100), max_bytes=5000)


@given(st.text(max_size=300))
def test_any_markup_is_read(tmp_path_factory: Any, text: str) -> None:
    path = tmp_path_factory.mktemp("any") / "a.html"
    path.write_text(f"<html>{text}", "utf-8", errors="replace")
    list(reader_named("html").read(path, ImportOptions("a", say=lambda _: None)))


# -- MHTML ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "binary"])
@pytest.mark.parametrize("snapshot", [True, False])
def test_mhtml(reads: Reads, encoding: str, snapshot: bool) -> None:
    text = WORDS + "= équals — พนักงาน =3D"
    picture = ("image/png", "https://board.example/a.png", b"\x89PNG" * 5000)
    got = reads(
        "a.mht", make.mhtml(page(text=text).encode(), URL, encoding=encoding, snapshot=snapshot, more=[picture])
    )
    assert got.format == "mhtml"
    (post,) = got.posts
    assert (post.url, post.text, post.source) == (URL, text, "board.example")
    assert post.fetched_at == datetime(2026, 10, 1, 2, 3, 4, tzinfo=UTC)
    assert not got.bad


def test_mhtml_in_the_encoding_of_its_part(reads: Reads) -> None:
    text = "รับสมัครพนักงานต้อนรับ ทำงานทุกวัน " * 8
    got = reads("a.mht", make.mhtml(page(text=text).encode("cp874"), URL, charset="windows-874"))
    assert got.posts[0].text == text.strip()


def test_mhtml_of_word_has_no_address_on_the_web(reads: Reads) -> None:
    top = "MIME-Version: 1.0\r\n"
    body = make.mhtml(page().encode(), "file:///C:/0123/doc.htm", top=top, snapshot=False)
    got = reads("a.mht", body)
    assert got.posts[0].url.startswith("file:page/")


def test_mhtml_of_one_part(reads: Reads) -> None:
    head = (
        b'From: "Saved by Internet Explorer"\r\nSubject: =?utf-8?B?TG93b25nYW4=?=\r\nDate: Thu, 1 Oct 2026 09:03:04 +0700\r\n'
        b'MIME-Version: 1.0\r\nContent-Type: text/html;\r\n\tcharset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n'
        b"Content-Location: https://board.example/job/17-clerk\r\n\r\n"
    )
    got = reads("a.mht", head + f"<html><body><p>{WORDS}=3D</p></body></html>".encode())
    (post,) = got.posts
    assert (got.format, post.url, post.title) == ("mhtml", URL, "Lowongan")
    assert post.text.endswith("=")
    assert post.fetched_at == datetime(2026, 10, 1, 2, 3, 4, tzinfo=UTC)


@pytest.mark.parametrize("number", ["9999", "0017"])
def test_an_address_that_is_none_is_not_taken(reads: Reads, number: str) -> None:
    got = reads("a.html", f"<!-- saved from url=({number})javascript:alert(1) -->{page()}")
    assert got.posts[0].url.startswith("file:page/")


def test_mhtml_that_is_cut_gives_what_came(reads: Reads) -> None:
    whole = make.mhtml(page(text=WORDS * 20).encode(), URL)
    got = reads("a.mhtml", whole[: len(whole) // 2])
    assert len(got.posts) == 1
    assert got.bad[0].fatal
    behind = make.mhtml(page().encode(), URL, more=[("image/png", "https://board.example/a.png", b"x" * 3000)])
    assert not reads("b.mhtml", behind[:-500]).bad, "the page was whole"


def test_mhtml_without_a_page(reads: Reads) -> None:
    content = make.mhtml(b"x", URL).replace(b"text/html; charset", b"text/css; charset")
    with pytest.raises(InputError, match="no page in it"):
        reads("a.mhtml", content)


def test_mhtml_whose_page_is_a_frame(reads: Reads) -> None:
    frame = ("text/html", URL, page().encode())
    got = reads(
        "a.mhtml", make.mhtml(b"<html><iframe src='x'></iframe></html>", "https://outer.example/x/1", more=[frame])
    )
    assert [post.url for post in got.posts] == [URL]


@given(st.binary(max_size=300))
def test_any_bytes_behind_the_head_of_mhtml(tmp_path_factory: Any, content: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "a.mhtml"
    path.write_bytes(
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\n'
        + content
    )
    with contextlib.suppress(InputError):
        list(reader_named("mhtml").read(path, ImportOptions("a", say=lambda _: None)))
