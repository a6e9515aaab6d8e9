"""The case: nothing that was reported as kept is lost, whatever happens to the process or the disk."""

import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jerat.case import Case, DeadLetter
from jerat.case import database as database_module
from jerat.case.database import connect, migrations
from jerat.errors import CaseError
from jerat.model import Analysis, Message, Post, Risk

WHEN = datetime(2026, 1, 1, tzinfo=UTC)


def post(number: int = 1, text: str = "gaji", at: datetime = WHEN, **more: Any) -> Post:
    return Post(
        id=f"post{number}",
        source="s",
        platform="p",
        url=f"https://a.example/{number}",
        fetched_at=at,
        text=text,
        **more,
    )


def analysis(score: float = 0.5) -> Analysis:
    return Analysis(
        id="",
        language="id",
        kind="offer",
        risk=Risk(level="low", score=score),
        entities=(),
        fingerprint="",
        versions={},
    )


# --- posts -----------------------------------------------------------------------------------------------------------


def test_a_post_is_new_then_the_same_then_changed(case: Case) -> None:
    later = WHEN + timedelta(days=1)
    assert case.posts.put([(post(), analysis())]) == ["new"]
    assert case.posts.put([(post(at=later), analysis())]) == ["same"]
    assert case.posts.put([(post(text="other", at=later), analysis())]) == ["changed"]
    record = case.posts.get("post1")
    assert record is not None
    assert record.post.text == "other"
    assert record.first_seen < record.last_seen
    assert [version.text for version in case.posts.versions("post1")] == ["gaji", "other"]
    assert case.posts.count() == 1


def test_an_old_copy_adds_a_version_and_changes_nothing_current(case: Case) -> None:
    case.posts.put([(post(text="now", at=WHEN), analysis())])
    assert case.posts.put([(post(text="before", at=WHEN - timedelta(days=9)), analysis())]) == ["changed"]
    assert case.posts.put([(post(text="before", at=WHEN - timedelta(days=9)), analysis())]) == ["same"]
    record = case.posts.get("post1")
    assert record is not None
    assert record.post.text == "now"
    assert [version.text for version in case.posts.versions("post1")] == ["before", "now"]


def test_views_are_no_change(case: Case) -> None:
    case.posts.put([(post(message=Message(views=1)), analysis())])
    assert case.posts.put([(post(message=Message(views=2)), analysis())]) == ["same"]


def test_other_findings_in_the_same_text_go_to_the_index(case: Case) -> None:
    case.posts.put([(post(), analysis(0.1))])
    case.outbox.done(case.outbox.head(10))
    case.posts.put([(post(), analysis(0.1))])
    assert case.outbox.count() == 0
    case.posts.put([(post(), analysis(0.2))])
    assert case.outbox.count() == 1


def test_ids_can_be_found_by_their_beginning(case: Case) -> None:
    case.posts.put([(post(number), analysis()) for number in (1, 2, 10)])
    assert case.posts.starting_with("post1", 9) == ["post1", "post10"]
    assert case.posts.starting_with("post1", 1) == ["post1"]
    assert case.posts.starting_with("\U0010ffff", 9) == []
    assert case.posts.starting_with("%", 9) == []


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back(case: Case, text: str) -> None:
    number = sum(1 for _ in case.posts.ids()) + 1
    case.posts.put([(post(number, text=text), analysis())])
    assert [version.text for version in case.posts.versions(f"post{number}")] == [text]


# --- outbox ----------------------------------------------------------------------------------------------------------


def test_a_post_queued_again_waits_once_with_a_higher_number(case: Case) -> None:
    case.posts.put([(post(1), analysis()), (post(2), analysis())])
    first = case.outbox.head(10)
    case.outbox.add(["post1"])
    assert [row.post_id for row in case.outbox.head(10)] == ["post2", "post1"]
    case.outbox.done(first)  # what was taken before post1 was queued again does not take it out
    assert [row.post_id for row in case.outbox.head(10)] == ["post1"]


def test_failures_are_noted(case: Case) -> None:
    case.posts.put([(post(), analysis())])
    case.outbox.failed(case.outbox.head(1), "no answer")
    (row,) = case.outbox.head(1)
    assert (row.attempts, row.error) == (1, "no answer")


def test_all_posts_can_be_queued(case: Case) -> None:
    case.posts.put([(post(number), analysis()) for number in range(5)])
    case.outbox.done(case.outbox.head(10))
    assert case.outbox.add_all() == 5
    assert [row.post_id for row in case.outbox.head(10)] == [f"post{number}" for number in range(5)]
    assert [row.post_id for row in case.outbox.head(2, after=case.outbox.head(2)[1].seq)] == ["post2", "post3"]


# --- dead letters and runs ---------------------------------------------------------------------------------------------


def test_dead_letters_hold_what_sqlite_could_not(case: Case) -> None:
    case.dead_letters.add(DeadLetter("validate", "bad \ud800", item="\udfff"))
    (letter,) = case.dead_letters.list()
    assert letter.reason == "bad \\ud800"
    assert case.dead_letters.count() == 1
    assert case.dead_letters.count(run_id=7) == 0


def test_runs_count_and_end(case: Case) -> None:
    run = case.runs.start("board", "crawl")
    case.runs.count(run, {"pages": 2, "posts_new": 1})
    case.runs.count(run, {"pages": 1})
    case.runs.end(run, "failed", "no answer")
    told = case.runs.get(run)
    assert (told.pages, told.posts, told.status, told.reason) == (3, 1, "failed", "no answer")
    with pytest.raises(ValueError, match="pagess"):
        case.runs.count(run, {"pagess": 1})
    with pytest.raises(KeyError):
        case.runs.get(99)
    case.runs.start("other", "crawl")
    assert [one.source for one in case.runs.list()] == ["other", "board"]
    assert [one.source for one in case.runs.list("board")] == ["board"]


def test_a_transaction_is_whole_or_not_there(case: Case) -> None:
    with pytest.raises(RuntimeError), case.transaction():  # noqa: PT012 -- what is written before the error is the point
        case.posts.put([(post(), analysis())])
        case.dead_letters.add(DeadLetter("a", "b"))
        raise RuntimeError
    assert (case.posts.count(), case.outbox.count(), case.dead_letters.count()) == (0, 0, 0)


# --- opening -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", range(migrations()[-1][0]))
def test_a_case_of_every_older_version_is_brought_up(tmp_path: Path, version: int) -> None:
    file = tmp_path / "case.db"
    with sqlite3.connect(file) as db:
        for number, script in migrations():
            if number <= version:
                db.executescript(script)
        db.execute(f"PRAGMA user_version = {version}")
    db.close()
    with Case(tmp_path, create=False) as case:
        case.posts.put([(post(), analysis())])
        assert case.db.execute("PRAGMA user_version").fetchone()[0] == migrations()[-1][0]


def test_migrations_are_numbered_without_gaps() -> None:
    assert [number for number, _ in migrations()] == list(range(1, len(migrations()) + 1))


def test_a_migration_that_fails_leaves_the_old_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = migrations()
    broken = [*known, (known[-1][0] + 1, "CREATE TABLE extra (a);\nCREATE TABLE extra (a);\n")]
    with Case(tmp_path) as case:
        case.posts.put([(post(), analysis())])
    monkeypatch.setattr(database_module, "migrations", lambda: broken)
    with pytest.raises(CaseError):
        Case(tmp_path)
    monkeypatch.undo()
    with Case(tmp_path) as case:
        assert case.posts.count() == 1
        assert not case.db.execute("SELECT 1 FROM sqlite_master WHERE name = 'extra'").fetchall()


def test_a_case_of_a_newer_jerat_is_refused_and_left_alone(tmp_path: Path) -> None:
    with Case(tmp_path) as case:
        case.db.execute("PRAGMA user_version = 999")
    with pytest.raises(CaseError, match="version 999") as error:
        Case(tmp_path)
    assert "newer" in error.value.hint
    with sqlite3.connect(tmp_path / "case.db") as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == 999
    db.close()


def test_a_missing_case_is_not_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="there is no case"):
        Case(tmp_path / "none", create=False)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    "content",
    [b"this is no database, and long enough to be seen as none" * 40, b"SQLite format 3\x00" + b"\xff" * 5000],
)
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "case.db").write_bytes(content)
    with pytest.raises(CaseError, match="cannot be used"):
        Case(tmp_path)


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "case").write_text("")
    with pytest.raises(CaseError, match="cannot be made"):
        Case(tmp_path / "case")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(CaseError):
            Case(tmp_path)
    finally:
        tmp_path.chmod(0o700)


def test_others_have_no_business_in_a_case(tmp_path: Path) -> None:
    with Case(tmp_path / "case"):
        assert (tmp_path / "case").stat().st_mode & 0o077 == 0


def test_a_full_disk_is_said_and_loses_nothing_that_was_kept(case: Case) -> None:
    case.posts.put([(post(1), analysis())])
    pages = case.db.execute("PRAGMA page_count").fetchone()[0]
    case.db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(CaseError, match="full"):
        case.posts.put([(post(2, text="x" * 100_000), analysis())])
    case.db.execute("PRAGMA max_page_count = 1000000")
    assert list(case.posts.ids()) == ["post1"]
    assert case.posts.put([(post(2), analysis())]) == ["new"]


# --- several processes ---------------------------------------------------------------------------------------------------


def _write(folder: Path, start: int, count: int) -> None:
    with Case(folder) as case:
        for number in range(start, start + count):
            case.posts.put(
                [
                    (post(number), analysis()),
                    (post(100_000, text=f"{number}", at=WHEN + timedelta(seconds=number)), analysis()),
                ]
            )


def test_two_processes_write_at_once_without_loss(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(tmp_path / "case", start, 100)) for start in (0, 1000)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
    assert [writer.exitcode for writer in writers] == [0, 0]
    with Case(tmp_path / "case", create=False) as case:
        assert case.posts.count() == 201
        assert case.outbox.count() == 201
        numbers = [record.number for record in case.posts.all()]
        assert numbers == sorted(set(numbers))
        newest = case.posts.get("post100000")
        assert newest is not None
        assert newest.post.text == "1099"


def test_a_killed_process_leaves_whole_transactions(tmp_path: Path) -> None:
    script = textwrap.dedent("""
        import os, signal, sys
        from pathlib import Path
        sys.path.insert(0, sys.argv[2])
        from test_case import Case, analysis, post
        case = Case(Path(sys.argv[1]))
        case.posts.put([(post(1), analysis())])
        with case.transaction():
            case.posts.put([(post(number), analysis()) for number in range(2, 400)])
            os.kill(os.getpid(), signal.SIGKILL)
    """)
    command = [sys.executable, "-c", script, str(tmp_path / "case"), str(Path(__file__).parent)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    with Case(tmp_path / "case", create=False) as case:
        assert list(case.posts.ids()) == ["post1"]
        assert case.outbox.count() == 1
        assert case.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_connections_are_durable_and_shared(tmp_path: Path) -> None:
    db = connect(tmp_path / "case.db")
    assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert db.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert db.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    db.close()


def test_records_are_what_was_put(case: Case) -> None:
    given = post(title="T", published_at=WHEN, media=("m",))
    case.posts.put([(given, analysis())])
    record = case.posts.get("post1")
    assert record is not None
    assert msgspec.json.encode(record.post) == msgspec.json.encode(given)
    assert record.analysis == analysis()
    assert case.posts.many(["post1", "none"]) == {"post1": record}
