"""Pages that people saved: HTML in the ways of browsers, MHTML, WACZ; by themselves, in folders, in zip files."""

import contextlib
import gzip
import hashlib
import importlib.util
import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.imports.columns import FIELDS
from crawlers.imports.formats import FORMATS, reader_named, recognised
from crawlers.imports.walk import files_in
from jerat.errors import InputError
from pipelines.intake import ImportOptions, Read

Reads = Callable[..., Any]
WORDS = "We look for clerks who answer letters in our office, every day from nine to five, with lunch. " * 3
URL = "https://board.example/job/17-clerk"


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make = _load("archives")


def page(head: str = "", title: str = "Clerk", text: str = WORDS) -> str:
    body = f"<body><main><h1>{title}</h1><p>{text}</p></main></body>"
    return f"<!DOCTYPE html><html><head>{head}<title>{title}</title></head>{body}</html>"


def posting(**more: Any) -> str:
    data = {"@context": "https://schema.org", "@type": "JobPosting", "title": "Clerk", "description": WORDS, **more}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


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


# -- WACZ ----------------------------------------------------------------------------------------------------------------


def wacz(warcs: dict[str, bytes], *, spoil: bool = False, pages: str = "", package: bytes | None = None) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        resources = []
        for name, content in warcs.items():
            archive.writestr(f"archive/{name}", content)
            digest = hashlib.sha256(content + b"x" * spoil).hexdigest()
            resources.append(
                {"name": name, "path": f"archive/{name}", "hash": f"sha256:{digest}", "bytes": len(content)}
            )
        archive.writestr("datapackage.json", json.dumps({"resources": resources}) if package is None else package)
        archive.writestr("pages/pages.jsonl", '{"format": "json-pages-1.0"}\n' + pages)
        archive.writestr("indexes/index.cdx", "x")
    return stream.getvalue()


def bodies(*numbers: int) -> bytes:
    return bytes(
        make.warc([make.visit(f"https://board.example/job/{n}", page(posting(title=f"Clerk {n}"))) for n in numbers])
    )


def test_wacz(reads: Reads) -> None:
    untitled = make.warc(
        [make.visit("https://plain.example/notice/1", f"<html><body><main><p>{WORDS}</p></main></body></html>")]
    )
    titles = json.dumps({"url": "https://plain.example/notice/1", "title": "A notice"})
    got = reads("a.wacz", wacz({"a.warc.gz": bodies(1, 2), "b.warc.gz": bodies(3) + untitled}, pages=titles))
    assert got.format == "wacz"
    assert sorted(post.title for post in got.posts) == ["A notice", "Clerk 1", "Clerk 2", "Clerk 3"]
    assert {post.evidence.partition("#")[0] for post in got.posts} == {
        "a.wacz/archive/a.warc.gz",
        "a.wacz/archive/b.warc.gz",
    }
    assert not any("SHA-256" in sentence for sentence in got.said)


def test_wacz_that_was_changed_is_told_and_read(reads: Reads) -> None:
    got = reads("a.wacz", wacz({"a.warc.gz": bodies(1)}, spoil=True))
    assert len(got.posts) == 1
    assert got.says("it was changed")
    unread = reads("b.wacz", wacz({"a.warc.gz": bodies(1)}, package=b"{"))
    assert len(unread.posts) == 1
    assert unread.says("no hash was checked")


def test_wacz_with_a_broken_part(reads: Reads) -> None:
    content = bodies(1, 2)
    got = reads("a.wacz", wacz({"a.warc.gz": content[: len(content) - 100], "b.warc.gz": bodies(3)}))
    assert [post.title for post in got.posts] == ["Clerk 1", "Clerk 3"]
    assert len(got.bad) == 1


def test_a_body_that_another_file_of_the_package_has(reads: Reads) -> None:
    body = page(posting())
    first = make.warc([make.visit("https://board.example/job/1", body)])
    lines = gzip.decompress(first).decode().splitlines()
    digest = next(line.partition(": ")[2] for line in lines if line.startswith("WARC-Payload-Digest"))
    again = make.warc([make.visit("https://board.example/job/2", b"", _kind="revisit", digest=digest)])
    got = reads("a.wacz", wacz({"a.warc.gz": first, "b.warc.gz": again}))
    assert [post.url for post in got.posts] == ["https://board.example/job/1", "https://board.example/job/2"]


# -- zip files and folders -----------------------------------------------------------------------------------------------


def zipped(parts: dict[str, bytes | str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


TABLE = "text,url\nwords of an advertisement,https://a.example/{}\n"


def test_a_zip_of_several_things(reads: Reads) -> None:
    saved = page(f'<link rel="canonical" href="{URL}">')
    got = reads("box.zip", zipped({"in/a.csv": TABLE.format(1), "p.html": saved, "p.png": b"x",
                                   "p_files/ad.html": page(), "notes.md": "words"}))  # fmt: skip
    assert got.format == "zip"
    assert {post.evidence for post in got.posts} == {"box.zip/in/a.csv:2", "box.zip/p.html"}
    assert {post.source for post in got.posts} == {"box.zip/a.csv", "board.example"}
    assert got.says("of no known format: notes.md")
    assert not got.bad


def test_a_zip_that_would_leave_its_folder(reads: Reads, tmp_path: Path) -> None:
    parts: dict[str, bytes | str] = {
        name: TABLE.format(n)
        for n, name in enumerate(["../up.csv", "/abs.csv", "C:\\x.csv", "a/../../b.csv", "good.csv"])
    }
    got = reads("box.zip", zipped(parts))
    assert [post.evidence for post in got.posts] == ["box.zip/good.csv:2"]
    assert len(got.bad) == 4
    assert all("leads out of" in one.reason for one in got.bad)
    assert not (tmp_path.parent / "up.csv").exists()


def test_a_zip_in_a_zip_is_refused(reads: Reads) -> None:
    inner = zipped({"a.csv": TABLE.format(1)})
    got = reads("box.zip", zipped({"inner.zip": inner, "hidden.csv": inner, "good.csv": TABLE.format(2)}))
    assert len(got.posts) == 1
    assert ["an archive inside an archive" in one.reason for one in got.bad] == [True, True]


def test_bombs(reads: Reads) -> None:
    with pytest.raises(InputError, match="a bomb"):
        reads("box.zip", zipped({"a.csv": b"a" * 100_000_000}))
    stream = io.BytesIO(zipped({"a.csv": TABLE.format(1) * 1000}))
    with zipfile.ZipFile(stream, "a") as archive:  # one body under many names, as in the better bombs
        for number in range(300):
            entry = zipfile.ZipInfo(f"b{number}.csv")
            first = archive.infolist()[0]
            entry.header_offset, entry.compress_size, entry.file_size = 0, first.compress_size, first.file_size
            entry.compress_type, entry.CRC = first.compress_type, first.CRC
            archive.filelist.append(entry)
            archive.NameToInfo[entry.filename] = entry
            archive._didModify = True  # type: ignore[attr-defined]  # what writing sets
    with pytest.raises(InputError, match="overlap"):
        reads("box.zip", stream.getvalue())


def test_a_zip_that_is_cut_or_encrypted(reads: Reads) -> None:
    whole = zipped({"a.csv": TABLE.format(1)})
    with pytest.raises(InputError, match="cannot be read as a zip file"):
        reads("box.zip", whole[:-30])
    flagged = bytearray(whole)
    for sign, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        flagged[flagged.find(sign) + at] |= 1
    with pytest.raises(InputError, match="encrypted"):
        reads("box.zip", bytes(flagged))
    with pytest.raises(InputError, match="nothing of a known format"):
        reads("box.zip", zipped({"a.md": "words"}))


def test_a_broken_part_does_not_end_the_others(reads: Reads) -> None:
    content = bytearray(zipped({"a.csv": TABLE.format(1) * 2000, "b.csv": TABLE.format(2)}))
    content[60:70] = b"\xff" * 10
    got = reads("box.zip", bytes(content))
    assert "box.zip/b.csv:2" in {post.evidence for post in got.posts}
    assert any("cannot be unpacked" in one.reason for one in got.bad)


def test_a_chat_in_a_zip_has_the_name_of_the_zip(reads: Reads) -> None:
    chat = "[01/10/26, 09:03:04] Contoh: Dicari admin, gaji besar\n[01/10/26, 09:04:04] Contoh: Minat hubungi saya\n"
    parts: dict[str, bytes | str] = {"_chat.txt": chat, "00001-PHOTO.jpg": b"x"}
    got = reads("WhatsApp Chat - Loker.zip", zipped(parts))
    again = reads("WhatsApp Chat - Loker (1).zip", zipped(parts))
    assert len(got.posts) == 2
    assert {post.id for post in got.posts} == {post.id for post in again.posts}
    assert {post.source for post in got.posts} == {"WhatsApp Chat - Loker"}


def test_folders(tmp_path: Path) -> None:
    for name, content in {
        "a.csv": TABLE.format(1), "sub/b.html": page(), "sub/b_files/frame.html": page(), "sub/pic.jpg": "x",
        ".hidden.csv": "text\nx",
        "notes.md": "words", "empty.csv": "",
    }.items():  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    (tmp_path / "link.csv").symlink_to(tmp_path / "a.csv")
    found = files_in(tmp_path)
    assert [str(one.relative_to(tmp_path)) for one in found.files] == ["a.csv", "sub/b.html"]
    told = " ".join(found.left_out())
    assert "notes.md" in told
    assert "empty.csv" in told
    assert "1 symbolic link" in told
    with pytest.raises(InputError, match="no file of a known format"):
        files_in(_only(tmp_path))


def _only(folder: Path) -> Path:
    bare = folder / "bare"
    bare.mkdir()
    (bare / "a.jpg").write_bytes(b"x")
    return bare


# -- which format --------------------------------------------------------------------------------------------------------

MESSAGE = {"id": 1, "type": "message", "date_unixtime": "1790000000", "text_entities": [], "text": "words"}
TELEGRAM = {"name": "a", "type": "public_channel", "id": 1, "messages": [MESSAGE]}
ZEESCHUIMER = {"source_platform": "tiktok.com", "timestamp_collected": 1, "data": {}}
FORMS: dict[str, tuple[str, Any]] = {
    "warc": ("x.bin", lambda: bodies(1)),
    "wacz": ("x.zip", lambda: wacz({"a.warc.gz": bodies(1)})),
    "zip": ("x.dat", lambda: zipped({"a.csv": TABLE.format(1)})),
    "mhtml": ("x.eml", lambda: make.mhtml(page().encode(), URL)),
    "html": ("x.txt", lambda: page()),
    "jsonl": ("x.txt", lambda: '{"text": "words", "url": "https://a.example/1"}\n'),
    "csv": ("x.txt", lambda: "".join(TABLE.format(n) for n in range(5))),
    "whatsapp": ("x.csv.txt", lambda: "[01/10/26, 09:03:04] Contoh: Dicari admin, gaji besar\n"),
    "telegram-json": ("x.txt", lambda: json.dumps(TELEGRAM)),
    "zeeschuimer": ("x.txt", lambda: json.dumps(ZEESCHUIMER) + "\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_the_content_tells_the_format_whatever_the_name(tmp_path: Path, name: str) -> None:
    file, content = FORMS[name]
    made = content()
    (tmp_path / file).write_bytes(made if isinstance(made, bytes) else made.encode())
    assert recognised(tmp_path / file).name == name


def test_every_format_has_a_reader_of_its_name() -> None:
    assert {"warc", "wacz", "html", "mhtml", "csv", "xlsx", "zip", *FORMS} <= set(FORMATS)
    for name in FORMATS:
        assert reader_named(name).name == name
    with pytest.raises(InputError, match="no format named 'tar'"):
        reader_named("tar")


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (b"", "is empty"),
        (b" \n", "holds nothing"),
        (b"%PDF-1.7 x", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xls"),
        (b'[{"text": "a"}]', "one JSON list"),
        (b'{\n "a": 1\n}', "one JSON object"),
        (b"\x00\x01\x02\x03", "binary data"),
        (b"\x28\xb5\x2f\xfd\x00", "zstd"),
        (b"Dear reader,\n\nno table here.\n", "a text that begins with 'Dear reader,"),
    ],
)
def test_what_is_of_no_format_is_described(tmp_path: Path, content: bytes, seen: str) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(InputError) as caught:
        recognised(tmp_path / "x")
    assert seen in str(caught.value)


@given(st.binary(max_size=500))
def test_any_bytes_are_of_a_format_or_described(tmp_path_factory: Any, content: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "x"
    path.write_bytes(content)
    with contextlib.suppress(InputError):
        for item in recognised(path).read(path, ImportOptions("x", say=lambda _: None)):
            assert not isinstance(item, Read) or item.post.id


def test_every_format_is_documented() -> None:
    text = (Path(__file__).parents[3] / "docs" / "imports.md").read_text("utf-8")
    for name in FORMATS:
        assert f"| `{name}` |" in text, name
    for name in FIELDS:
        assert f"`{name}`" in text, name
