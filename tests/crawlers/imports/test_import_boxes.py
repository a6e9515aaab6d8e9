"""Things in boxes: WACZ, zip files, folders; and which format a file is of."""

import contextlib
import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import archives as make
import pytest
from hypothesis import given
from hypothesis import strategies as st
from saved_pages import URL, WORDS, page, posting

from crawlers.imports.columns import FIELDS
from crawlers.imports.formats import FORMATS, reader_named, recognised
from crawlers.imports.walk import files_in
from jerat.errors import InputError
from pipelines.intake import ImportOptions, Read

Reads = Callable[..., Any]


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
