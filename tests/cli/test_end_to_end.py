"""Import, search, show, entities, export, reindex: as people do, in processes, on the embedded engine."""

import csv
import gzip
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # ships no types

Run = Callable[..., subprocess.CompletedProcess[str]]

HIT_KEYS = {
    "id", "url", "title", "text", "source", "platform", "published_at", "language", "kind", "risk", "entities", "campaign",
}  # fmt: skip


def parsed(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_an_import_is_found_and_its_second_time_makes_no_doubles(run_process: Run, posts_file: Path) -> None:
    run = run_process
    first = run("import", str(posts_file))
    assert "4 new posts" in first.stdout
    again = run("import", str(posts_file))
    assert again.returncode == 0
    assert "0 new posts" in again.stdout
    assert "4 known" in again.stdout
    found = parsed(run("search", "*", "--json"))
    assert found["total"] == 4
    assert {hit["id"] for hit in found["hits"]} == {"lure-1", "lure-2", "honest-1", "hostile-1"}


def test_search_prints_one_document_of_the_documented_shape(filled: Run) -> None:
    found = parsed(filled("search", "kamboja", "--json"))
    assert set(found) == {"total", "hits", "facets", "next"}
    (hit,) = found["hits"]
    assert set(hit) >= HIT_KEYS
    assert hit["published_at"] == "2026-05-01T01:00:00+00:00"
    assert set(hit["risk"]) == {"level", "score", "reasons"}
    for finding in [*hit["entities"], *hit["risk"]["reasons"]]:
        if finding.get("field", "text") == "text":
            assert hit["text"][finding["start"] : finding["end"]] == finding["text"]
    assert {"kind": "telegram", "value": "contoh_admin"}.items() <= {
        key: value for entity in hit["entities"] if entity["kind"] == "telegram" for key, value in entity.items()
    }.items()
    assert found["facets"]["source"] == [{"value": "papan", "count": 1}]
    marks = {
        hit[mark["field"]][mark["start"] :][start:end] for mark in hit["highlights"] for start, end in mark["spans"]
    }
    assert marks == {"Kamboja"}


def test_pages_follow_each_other(filled: Run) -> None:
    seen: list[str] = []
    after: list[str] = []
    for _ in range(5):
        page = parsed(filled("search", "*", "--json", "-n", "1", *after))
        seen += [hit["id"] for hit in page["hits"]]
        if page["next"] is None:
            break
        after = ["--after", page["next"]]
    assert sorted(seen) == ["honest-1", "hostile-1", "lure-1", "lure-2"]


def test_a_mistake_in_a_query_is_pointed_at(filled: Run) -> None:
    done = filled("search", "gaji AND (kamboja")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "^" in done.stderr
    unknown = filled("search", "levle:high")
    assert unknown.returncode == 2
    assert "level" in unknown.stderr


def test_show_finds_a_post_by_the_beginning_of_its_id(filled: Run) -> None:
    shown = parsed(filled("show", "lure-2", "--json"))
    assert shown["post"]["id"] == "lure-2"
    assert shown["analysis"]["language"] == "zh"
    assert len(shown["versions"]) == 1
    assert parsed(filled("show", "hones", "--json"))["post"]["id"] == "honest-1"
    several = filled("show", "lure")
    assert several.returncode == 2
    assert "lure-1, lure-2" in several.stderr
    none = filled("show", "nobody")
    assert none.returncode == 2
    people = filled("show", "lure-1")
    assert people.returncode == 0
    assert "contoh_admin" in people.stdout


def test_entities_count_posts_and_sources(filled: Run) -> None:
    told = parsed(filled("entities", "--kind", "telegram", "--json"))
    (row,) = told["entities"]
    assert (row["value"], row["posts"], row["sources"]) == ("contoh_admin", 2, ["kanal", "papan"])
    assert (row["first_seen"][:10], row["last_seen"][:10]) == ("2026-05-01", "2026-05-03")
    assert sorted(row["post_ids"]) == ["lure-1", "lure-2"]
    assert told["posts"] == 4
    assert "contoh_admin" in filled("entities", "kamboja").stdout
    wrong = filled("entities", "--kind", "fax")
    assert wrong.returncode == 2
    assert "whatsapp" in wrong.stderr


def test_exports_have_a_row_for_every_hit(filled: Run, tmp_path: Path) -> None:
    total = parsed(filled("search", "*", "--json"))["total"]
    for name in ("posts.csv", "posts.xlsx", "posts.jsonl"):
        done = filled("export", "posts", "--output", name)
        assert done.returncode == 0, done.stderr
        assert done.stdout == f"4 posts written to {name}\n"
    with (tmp_path / "posts.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = {row["id"]: row for row in csv.DictReader(stream)}
    sheet = openpyxl.load_workbook(tmp_path / "posts.xlsx")["posts"]
    lines = [json.loads(line) for line in (tmp_path / "posts.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) == sheet.max_row - 1 == len(lines) == total
    assert rows["lure-1"]["whatsapp"] == "'+6281200004321"
    assert rows["hostile-1"]["title"] == '\'=HYPERLINK("http://evil.example")'
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    whole = {hit["id"]: hit for hit in parsed(filled("search", "*", "--json"))["hits"]}
    for line in lines:
        assert line.items() <= whole[line["id"]].items()


def test_an_export_can_be_piped(filled: Run) -> None:
    done = filled("export", "entities", "--kind", "whatsapp", "--format", "csv", "--raw")
    assert done.returncode == 0
    assert next(csv.DictReader(done.stdout.splitlines()))["value"] == "+6281200004321"
    assert filled("export", "posts", "--format", "xlsx").returncode == 2
    assert filled("export", "posts").returncode == 2


def test_reindex_brings_back_the_same_ids(filled: Run, tmp_path: Path) -> None:
    before = parsed(filled("search", "*", "--json", "--sort", "date"))
    for entry in (tmp_path / "case" / "search").rglob("*"):
        if entry.is_file():
            entry.unlink()
    done = filled("reindex", "--analyse")
    assert done.returncode == 0, done.stderr
    assert "4 posts indexed" in done.stdout
    after = parsed(filled("search", "*", "--json", "--sort", "date"))
    assert [hit["id"] for hit in after["hits"]] == [hit["id"] for hit in before["hits"]]
    assert after["facets"] == before["facets"]


def test_bad_lines_are_told_kept_and_do_not_stop_the_others(run: Run, posts_file: Path, tmp_path: Path) -> None:
    content = posts_file.read_bytes().splitlines(keepends=True)
    (tmp_path / "mixed.jsonl").write_bytes(content[0] + b"broken\n" + content[1] + b'{"url": "https://a.example/5"}\n')
    done = run("import", "mixed.jsonl")
    assert done.returncode == 1
    assert "2 new posts" in done.stdout
    assert "mixed.jsonl:2" in done.stderr
    assert "mixed.jsonl:4" in done.stderr
    letters = parsed(run("doctor", "--dead", "--json"))["dead_letters"]
    assert [letter["reason"].split(":")[1] for letter in letters] == ["2", "4"]
    assert letters[0]["item"] == "broken"


def test_one_id_for_two_posts_is_not_a_new_version(run: Run, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.jsonl").write_text(
            json.dumps({"id": 1, "url": f"https://{name}.example/", "text": f"gaji {name}"})
        )
    assert run("import", "a.jsonl").returncode == 0
    second = run("import", "b.jsonl")
    assert second.returncode == 1
    assert "belongs to another post, https://a.example/" in second.stderr
    both = "".join(json.dumps({"id": 2, "url": f"https://{name}.example/2", "text": "gaji"}) + "\n" for name in "ab")
    assert run("import", "-", stdin=both).returncode == 1


def test_gzip_and_standard_input(run: Run, posts_file: Path, tmp_path: Path) -> None:
    packed = gzip.compress(posts_file.read_bytes())
    (tmp_path / "p.jsonl.gz").write_bytes(packed)
    assert "4 new posts" in run("import", "p.jsonl.gz").stdout
    assert "4 known" in run("import", "-", stdin=posts_file.read_bytes()).stdout
    assert "4 known" in run("import", "-", stdin=packed).stdout


def test_a_missing_file_does_not_stop_the_next(run: Run, posts_file: Path) -> None:
    done = run("import", "missing.jsonl", str(posts_file))
    assert done.returncode == 1
    assert "missing.jsonl cannot be read" in done.stderr
    assert "4 new posts" in done.stdout


def test_posts_wait_while_the_engine_is_away_and_are_found_when_it_is_back(run: Run, posts_file: Path) -> None:
    away = {"JERAT_INDEX": "http://127.0.0.1:9"}
    done = run("import", str(posts_file), env=away)
    assert done.returncode == 1
    assert "4 new posts" in done.stdout
    assert "wait in the outbox" in done.stderr
    failed = run("search", "*", env=away)
    assert failed.returncode == 1
    assert "127.0.0.1:9" in failed.stderr
    assert parsed(run("search", "*", "--json"))["total"] == 4


def test_nothing_steers_the_terminal(filled: Run) -> None:
    for command in (["search", "*"], ["search", "*", "--json"], ["show", "hostile-1"], ["show", "hostile-1", "--json"]):
        out = filled(*command).stdout
        assert not set(out) & set("\x1b\x9b\x85\x07\r\u202e\u2066\u2069"), command


def test_no_boxes_and_colours_when_piped(filled: Run) -> None:
    for command in (["search", "*"], ["show", "lure-1"], ["entities"], ["doctor"], ["check", "gaji"]):
        out = filled(*command).stdout
        assert not set(out) & set("─│╭╮━┃\x1b"), command
        assert out


def test_a_reader_that_goes_away_is_no_error(filled: Run, tmp_path: Path) -> None:
    command = (
        f"{Path(sys.executable).with_name('jerat')} --case {tmp_path / 'case'} export posts --format jsonl | head -n 1"
    )
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)
    assert json.loads(done.stdout)["id"]
    assert done.stderr == ""


def test_a_case_that_is_none_is_said(run: Run, tmp_path: Path) -> None:
    done = run("search", "*")
    assert done.returncode == 1
    assert "there is no case" in done.stderr
    assert not (tmp_path / "case").exists()
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "case.db").write_text("this is none" * 100)
    assert run("search", "*").returncode == 1


def test_a_case_of_a_newer_jerat_is_said(filled: Run, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "case" / "case.db") as db:
        db.execute("PRAGMA user_version = 999")
    db.close()
    done = filled("search", "*")
    assert done.returncode == 1
    assert "newer jerat" in done.stderr


def test_a_wrong_setting_is_named(run: Run) -> None:
    done = run("search", "*", env={"JERAT_DELAY": "soon"})
    assert done.returncode == 2
    assert "JERAT_DELAY" in done.stderr
    assert "JERAT_DELLAY" in run("check", "gaji", env={"JERAT_DELLAY": "1"}).stderr


def test_the_case_can_be_named_behind_the_command(filled: Run, tmp_path: Path) -> None:
    os.rename(tmp_path / "case", tmp_path / "moved")
    assert parsed(filled("search", "kamboja", "--json", "--case", str(tmp_path / "moved")))["total"] == 1
