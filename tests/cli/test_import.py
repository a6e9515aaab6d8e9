"""`jerat import` as people call it: provenance, repeats, folders, failures, a killed run, and what is shown."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jerat.case import Case

Run = Callable[..., subprocess.CompletedProcess[str]]

LURE = "Dicari CS online penempatan Sihanoukville Kamboja, gaji 12-18 juta, tanpa pengalaman, WA 0812-0000-4321"
PAGE = (
    '<html><head><link rel="canonical" href="https://board.example/job/17"></head><body><main><h1>Clerk</h1><p>'
    + "We look for clerks who answer letters in our office every day. " * 4
    + "</p></main></body></html>"
)


def table(count: int, start: int = 0) -> str:
    lines = ["deskripsi;tautan;tanggal"]
    lines += [
        f"{LURE} nomor {n};https://papan.example/{n};{n % 28 + 1:02}/03/2026" for n in range(start, start + count)
    ]
    return "\n".join(lines) + "\n"


def runs_of(folder: Path) -> list[Any]:
    with Case(folder / "case") as case:
        return list(case.runs.list())


def posts_of(folder: Path) -> list[Any]:
    with Case(folder / "case") as case:
        return [record.post for record in case.posts.all()]


def test_posts_carry_file_hash_and_row_and_the_run_names_them(run: Run, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(table(5))
    digest = hashlib.sha256((tmp_path / "list.csv").read_bytes()).hexdigest()
    done = run("import", "list.csv", "--country", "id")
    assert done.returncode == 0, done.stderr
    assert "list.csv: csv, 5 items, 5 new posts" in done.stdout
    assert "'deskripsi' (by its heading)" in done.stderr
    posts = posts_of(tmp_path)
    assert [post.evidence for post in posts] == [f"list.csv:{n + 2} (sha256 {digest[:16]})" for n in range(5)]
    assert {post.country_hint for post in posts} == {"ID"}
    (row,) = runs_of(tmp_path)
    assert (row.kind, row.status, row.target) == ("import", "ok", str(tmp_path / "list.csv"))
    assert row.posts_new == 5
    assert row.risky == 5
    assert f"sha256 {digest}" in row.reason


def test_the_same_file_under_another_name_makes_no_doubles(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,author\n" + "".join(f'"{LURE} {n}",contoh\n' for n in range(4)))
    assert "4 new posts" in run("import", "a.csv").stdout
    (tmp_path / "a.csv").rename(tmp_path / "b.csv")
    assert "0 new posts, 0 changed, 4 known" in run("import", "b.csv").stdout
    assert len(runs_of(tmp_path)) == 2


def test_what_a_crawl_knows_is_not_lost_to_a_table(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE.replace("<p>", '<p><a href="https://t.me/contoh">us</a> '))
    assert run("import", "a.html").returncode == 0
    (before,) = posts_of(tmp_path)
    assert before.links
    (tmp_path / "a.csv").write_text(
        json.dumps(before.text).join(["title,text,url\nClerk,", ",https://board.example/job/17\n"])
    )
    assert "1 known" in run("import", "a.csv").stdout
    (after,) = posts_of(tmp_path)
    assert after.links == before.links


def test_a_folder(run: Run, tmp_path: Path) -> None:
    for name, content in {
        "in/a.csv": table(2), "in/deep/b.html": PAGE, "in/deep/b_files/c.html": PAGE, "in/notes.md": "words", "in/p.png": "x",
    }.items():  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    done = run("import", "in", "--json")
    assert done.returncode == 0, done.stderr
    reports = json.loads(done.stdout)
    assert [(Path(one["file"]).name, one["format"], one["posts_new"]) for one in reports] == [
        ("a.csv", "csv", 2),
        ("b.html", "html", 1),
    ]
    assert "notes.md" in done.stderr
    assert len(runs_of(tmp_path)) == 2


def test_no_post_is_a_failure_and_the_others_go_on(run: Run, tmp_path: Path) -> None:
    files = {
        "login.html": "<html><body><form><input type='password'></form>Please log in to go on to this page</body></html>",
        "empty.csv": "",
        "heads.csv": "text,url\n",
        "old.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".decode("latin-1"),
        "good.csv": table(1),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content.encode("latin-1"))
    done = run("import", *files, "missing.csv")
    assert done.returncode == 1
    assert "1 new posts" in done.stdout
    for words in ("a login form", "is empty", "heads.csv: no post in it", ".xls", "missing.csv cannot be read"):
        assert words in done.stderr, done.stderr
    statuses = {Path(row.target).name: row.status for row in runs_of(tmp_path)}
    assert statuses == {**dict.fromkeys(files, "failed"), "missing.csv": "failed", "good.csv": "ok"}


def test_a_file_that_breaks_keeps_what_came(run: Run, tmp_path: Path) -> None:
    import gzip

    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(table(900).encode())[:-1500])
    done = run("import", "a.csv.gz")
    assert done.returncode == 1
    (row,) = runs_of(tmp_path)
    assert row.status == "failed"
    assert 100 < row.posts_new < 900
    assert "gzip" in row.reason
    assert f"the {row.posts_new:,} posts before it are kept" in row.reason


def test_a_reader_that_fails_keeps_what_came(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from crawlers.imports.table import Table

    whole = Table._post

    def failing(self: Table, line: int, cells: Any) -> Any:
        if line == 7:
            raise ZeroDivisionError("on purpose")
        return whole(self, line, cells)

    monkeypatch.setattr(Table, "_post", failing)
    (tmp_path / "a.csv").write_text(table(10))
    done = run("import", "a.csv")
    assert done.returncode == 1
    assert "a fault in jerat: ZeroDivisionError: on purpose; the 5 posts before it are kept" in done.stderr
    assert runs_of(tmp_path)[0].posts_new == 5


def test_ragged_rows_are_dead_letters_and_the_exit_code_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(table(20) + "only;two\n")
    done = run("import", "a.csv")
    assert done.returncode == 1
    assert "20 new posts" in done.stdout
    assert "a.csv:22: 2 cells in a table of 3 columns" in done.stderr
    letters = json.loads(run("doctor", "--dead", "--json").stdout)["dead_letters"]
    assert [letter["item"] for letter in letters] == ["only | two"]


def test_trying_keeps_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(table(50))
    done = run("import", "a.csv", "--dry-run", "--columns", "text=deskripsi")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("https://papan.example/") == 5
    assert "'deskripsi' (given)" in done.stderr
    assert not (tmp_path / "case").exists()
    shown = json.loads(run("import", "a.csv", "--dry-run", "--json").stdout)
    assert [len(one["posts"]) for one in shown] == [5]
    assert run("import", "missing.csv", "--dry-run").returncode == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("--format", "tar"),
        ("--columns", "words=x"),
        ("--time-zone", "Mars/Base"),
        ("--encoding", "cp9"),
        ("--country", "IDN"),
    ],
)
def test_options_that_are_none(run: Run, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "a.csv").write_text(table(1))
    assert run("import", "a.csv", *arguments).returncode == 2
    assert not (tmp_path / "case").exists()


def test_the_format_can_be_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.dat").write_text(f"text\n{LURE}\n")
    assert run("import", "a.dat").returncode == 1
    assert "1 new posts" in run("import", "a.dat", "--format", "csv").stdout


def test_standard_input_and_pipes(run_process: Run, tmp_path: Path) -> None:
    lines = json.dumps({"id": "1", "text": LURE}) + "\n"
    assert "1 new posts" in run_process("import", "-", stdin=lines).stdout
    assert posts_of(tmp_path)[0].url == "file:post/1"
    refused = run_process("import", "-", "--format", "csv", stdin=lines)
    assert refused.returncode == 1
    assert "JSONL only" in refused.stderr


def test_a_killed_import_is_simply_made_again(tmp_path: Path) -> None:
    """kill -9 in the middle: what was stored is whole, and the second run brings the rest, without doubles."""
    (tmp_path / "a.csv").write_text(table(1800))
    command = [str(Path(sys.executable).with_name("jerat")), "--case", str(tmp_path / "case"), "import", "a.csv"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JERAT_")}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        for _ in range(600):
            time.sleep(0.05)
            if (tmp_path / "case" / "case.db").exists() and runs_of(tmp_path) and runs_of(tmp_path)[0].posts_new:
                break
        process.send_signal(signal.SIGKILL)
    (row,) = runs_of(tmp_path)
    assert row.status == "running"
    before = len(posts_of(tmp_path))
    assert 0 < before < 1800, "it was killed too late to show anything"
    again = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=200, check=False
    )
    assert again.returncode == 0, again.stderr
    assert f"{1800 - before:,} new posts, 0 changed, {before:,} known" in again.stdout
    assert len(posts_of(tmp_path)) == 1800


def test_a_file_that_grows_while_it_is_read_is_told(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from crawlers.imports.table import Table

    whole = Table._post

    def growing(self: Table, line: int, cells: Any) -> Any:
        if line == 3:
            with (tmp_path / "a.csv").open("a") as file:
                file.write("more\n" * 100)
        return whole(self, line, cells)

    monkeypatch.setattr(Table, "_post", growing)
    (tmp_path / "a.csv").write_text(table(5))
    done = run("import", "a.csv")
    assert done.returncode == 1
    assert "changed while it was read" in done.stderr


def test_nothing_in_a_file_steers_the_terminal(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "text\x1b[31m,url\n\x1b]0;owned\x07 words of an advertisement,https://a.example/1\n"
    )
    for arguments in (("--dry-run",), ()):
        done = run("import", "a.csv", "--columns", "text=1,url=2", *arguments)
        assert "\x1b" not in done.stdout + done.stderr
        assert "\x07" not in done.stdout + done.stderr
