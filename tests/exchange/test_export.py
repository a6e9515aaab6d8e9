"""Exports: as many rows as hits, and a file that is whole or not there."""

import csv
import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # ships no types
import pytest

from jerat.errors import InputError, JeratError
from jerat.exchange.columns import ENTITY_COLUMNS, POST_COLUMNS
from jerat.exchange.export import export, format_of


def read_csv(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def index(make_index: Any, make_document: Any, make_entity: Any) -> Any:
    phone = make_entity("phone", "+6281234567890")
    hub = make_entity("location", "Poipet, KH", role="hub", country="KH", lat=13.65, lon=102.56)
    return make_index([make_document(number, phone, hub) for number in range(1, 6)])


@pytest.mark.parametrize("name", ["posts.csv", "posts.xlsx", "posts.jsonl"])
def test_as_many_rows_as_hits(index: Any, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    done = export(index, "posts", "*", str(file), format_of(name))
    assert (done.rows, done.posts, done.cut) == (5, 5, 0)
    if name.endswith("csv"):
        rows = len(read_csv(file))
    elif name.endswith("xlsx"):
        rows = openpyxl.load_workbook(file)["posts"].max_row - 1
    else:
        rows = len(file.read_text("utf-8").splitlines())
    assert rows == 5
    assert os.listdir(tmp_path) == [name]


def test_csv_of_posts_has_the_documented_columns(index: Any, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    export(index, "posts", "*", str(file), "csv")
    first = read_csv(file)[0]
    assert list(first) == list(POST_COLUMNS)
    assert first["id"] == "id1"
    assert first["phone"] == "'+6281234567890"
    assert first["hubs"] == first["locations"] == "Poipet, KH"
    assert first["reasons"] == "pay"
    assert first["score"] == "0.5"


def test_phones_are_whole_text_in_a_workbook(index: Any, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    export(index, "entities", "*", str(file), "xlsx", kinds=("phone",))
    sheet = openpyxl.load_workbook(file)["entities"]
    head = [cell.value for cell in sheet[1]]
    assert head == list(ENTITY_COLUMNS)
    cell = sheet.cell(2, head.index("value") + 1)
    assert (cell.value, cell.data_type) == ("+6281234567890", "s")
    assert sheet.cell(2, head.index("posts") + 1).value == 5
    assert sheet.max_row == 2


def test_jsonl_is_the_document_of_a_search(index: Any, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    export(index, "posts", "*", str(file), "jsonl")
    first = json.loads(file.read_text("utf-8").splitlines()[0])
    assert first["id"] == "id1"
    assert first["entities"][1]["role"] == "hub"


@pytest.mark.parametrize(("before", "after"), [(6, 6), (4, 4), (0, 0)])
def test_a_count_that_differs_is_an_error_and_leaves_no_file(
    index: Any, tmp_path: Path, before: int, after: int
) -> None:
    index.counts = [before, after]
    with pytest.raises(JeratError, match="gave 5"):
        export(index, "posts", "*", str(tmp_path / "a.csv"), "csv")
    assert not list(tmp_path.iterdir())


def test_posts_that_arrive_meanwhile_are_no_error(index: Any, tmp_path: Path) -> None:
    index.counts = [4, 5]
    assert export(index, "posts", "*", str(tmp_path / "a.csv"), "csv").rows == 5


@pytest.mark.parametrize("ending", ["csv", "xlsx", "jsonl"])
def test_an_error_in_the_middle_leaves_what_was_there(index: Any, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"a.{ending}"
    file.write_text("before")

    def broken(query: str = "*", *, restricted: bool = False) -> Any:
        yield index.documents[0]
        raise JeratError("the engine went away")

    index.scan = broken
    with pytest.raises(JeratError, match="went away"):
        export(index, "posts", "*", str(file), format_of(file.name))
    assert file.read_text() == "before"
    assert [entry.name for entry in tmp_path.iterdir()] == [file.name]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "jsonl"])
def test_a_killed_export_leaves_nothing_under_the_final_name(tmp_path: Path, ending: str) -> None:
    script = textwrap.dedent(f"""
        import os, signal, sys
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        from conftest import ListIndex, document
        from jerat.exchange.export import export
        index = ListIndex([document(n) for n in range(1, 3000)])
        def scan(query="*", restricted=False):
            yield from index.documents
            os.kill(os.getpid(), signal.SIGKILL)
        index.scan = scan
        export(index, "posts", "*", {str(tmp_path / "a")!r} + ".{ending}", "{ending}")
    """)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert not (tmp_path / f"a.{ending}").exists()


def test_a_file_that_cannot_be_written_is_named(index: Any, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file can be written"):
        export(index, "posts", "*", str(tmp_path / "missing" / "a.csv"), "csv")
    with pytest.raises(InputError, match="is a folder"):
        export(index, "posts", "*", str(tmp_path), "csv")


@pytest.mark.parametrize(
    ("output", "given", "expected"), [("a.CSV", "", "csv"), ("a", "xlsx", "xlsx"), ("a.ndjson", "", "jsonl")]
)
def test_the_format_follows_the_ending(output: str, given: str, expected: str) -> None:
    assert format_of(output, given) == expected


def test_an_unknown_format_names_those_there_are() -> None:
    for output, given in (("a.pdf", ""), ("-", ""), ("a.csv", "pdf")):
        with pytest.raises(InputError) as error:
            format_of(output, given)
        assert "csv or xlsx or jsonl" in error.value.hint


def test_only_its_owner_may_read_a_list(index: Any, tmp_path: Path) -> None:
    export(index, "posts", "*", str(tmp_path / "a.csv"), "csv")
    assert (tmp_path / "a.csv").stat().st_mode & 0o077 == 0
