"""Workbooks: several sheets, real dates and numbers, formulas that are never worked out, and packages made to harm."""

import contextlib
import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # ships no types
import pytest

from jerat.errors import InputError

Reads = Callable[..., Any]

WORDS = "Dicari CS online penempatan Kamboja, gaji besar, nomor"


def book(*sheets: tuple[str, list[list[Any]]]) -> bytes:
    """A workbook with these sheets."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets:
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def _at(day: int) -> datetime:
    """A time as a cell has it: without a zone."""
    return datetime(2026, 3, day, 9, 30, tzinfo=UTC).replace(tzinfo=None)


def rows(count: int = 4) -> list[list[Any]]:
    return [
        ["No", "Judul", "Isi Iklan", "Tautan", "Tanggal", "HP"],
        *([n, f"CS {n}", f"{WORDS} {n}", f"https://x.example/{n}", _at(n), 6281200004300 + n] for n in range(1, count + 1)),
    ]  # fmt: skip


def changed(content: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """The package with one of its parts changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(entry.filename, change(data.decode()).encode() if entry.filename == name else data)
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_rows_with_dates_and_long_numbers(reads: Reads) -> None:
    got = reads("a.xlsx", book(("Iklan", rows())))
    assert got.format == "xlsx"
    assert [post.text for post in got.posts] == [f"{WORDS} {n}" for n in range(1, 5)]
    post = got.posts[0]
    assert post.published_at == datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    assert post.job is not None
    assert post.job.contacts == ("HP: 6281200004301",)
    assert post.evidence == "a.xlsx#Iklan:2"
    assert reads("b.dat", book(("Iklan", rows()))).format == "xlsx", "the content tells"
    assert got.advanced > 0


def test_every_sheet_is_a_table_of_its_own(reads: Reads) -> None:
    other = [["keterangan", "link"], [f"{WORDS} lain", "https://x.example/lain"]]
    got = reads("a.xlsx", book(("Iklan", rows(2)), ("Angka", [["a", "b"], [1, 2]]), ("Lain", other)))
    assert [post.evidence for post in got.posts] == ["a.xlsx#Iklan:2", "a.xlsx#Iklan:3", "a.xlsx#Lain:2"]
    assert got.says("a.xlsx#Angka is not read")


def test_a_book_without_a_text_is_an_error(reads: Reads) -> None:
    with pytest.raises(InputError, match="no column looks like the text"):
        reads("a.xlsx", book(("Angka", [["a", "b"], [1, 2], [3, 4]])))


def test_tables_that_begin_further_down_and_leave_cells_out(reads: Reads) -> None:
    sheet: list[list[Any]] = [[], ["", "", "Daftar iklan"], [], ["", "No", "Deskripsi", "URL", "Catatan"],
             ["", 1, f"{WORDS} 1", "https://x.example/1"], [], ["", 2, f"{WORDS} 2", "https://x.example/2", "ok"]]  # fmt: skip
    got = reads("a.xlsx", book(("S", sheet)))
    assert [(post.text, post.url) for post in got.posts] == [(f"{WORDS} {n}", f"https://x.example/{n}") for n in (1, 2)]
    assert not got.bad


def test_formulas_are_not_worked_out(reads: Reads) -> None:
    sheet = [
        ["text", "url"],
        [f"{WORDS} 1", "https://x.example/1"],
        ['=HYPERLINK("https://evil.example","x")', "https://x.example/2"],
    ]
    content = book(("S", sheet))
    got = reads("a.xlsx", content)
    assert [post.url for post in got.posts] == ["https://x.example/1"], (
        "nothing was shown in the cell, so there is no text"
    )
    shown = changed(
        content,
        SHEET,
        lambda xml: re.sub(
            r'<c r="A3"[^>]*>(<f>.*?</f>).*?</c>', r'<c r="A3" t="str">\1<v>shown text of it</v></c>', xml
        ),
    )
    assert "shown text of it" in {post.text for post in reads("b.xlsx", shown).posts}


def test_errors_booleans_and_dates_of_other_kinds(reads: Reads) -> None:
    sheet: list[list[Any]] = [
        ["text", "author", "date"],
        [f"{WORDS} 1", "#N/A", date(2026, 3, 4)],
        [f"{WORDS} 2", True, "25/03/2026"],
        [f"{WORDS} 3", 1.5, 46115],
    ]
    first, second, third = reads("a.xlsx", book(("S", sheet))).posts
    assert (first.author, second.author, third.author) == ("", "TRUE", "1.5")
    assert [post.published_at.date() for post in (first, second, third)] == [
        date(2026, 3, 4),
        date(2026, 3, 25),
        date(2026, 4, 3),
    ]


def test_a_sheet_that_says_it_is_huge(reads: Reads) -> None:
    huge = changed(book(("S", rows(2))), SHEET, lambda xml: xml.replace('ref="A1:F3"', 'ref="A1:XFD1048576"'))
    assert len(reads("a.xlsx", huge).posts) == 2


def test_packages_made_to_harm(reads: Reads) -> None:
    content = book(("S", rows(2)))
    entities = changed(
        content,
        SHEET,
        lambda xml: xml.replace("<worksheet", '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">]><worksheet', 1).replace(
            "CS 1", "&a;"
        ),
    )
    with contextlib.suppress(InputError):
        got = reads("a.xlsx", entities)
        assert all("aaaaaaaaaa" not in post.title for post in got.posts)
    with pytest.raises(InputError, match="a bomb"):
        reads(
            "b.xlsx",
            changed(content, SHEET, lambda xml: xml.replace("</sheetData>", "<row/>" * 15_000_000 + "</sheetData>")),
        )
    cut = reads("c.xlsx", changed(book(("S", rows(900 // 32))), SHEET, lambda xml: xml[: len(xml) * 2 // 3]))
    assert cut.bad[-1].fatal
    with pytest.raises(InputError, match="cannot be read as a workbook"):
        reads("d.xlsx", changed(content, "xl/workbook.xml", lambda xml: "<rubbish"))
    with pytest.raises(InputError, match="cannot be read"):
        reads("e.xlsx", content[:-100], _forced="xlsx")
