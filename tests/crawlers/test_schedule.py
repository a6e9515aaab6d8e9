"""When a source is due, what counts as failing, and that two processes never crawl one at once."""

import os
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawlers.catalogue import Catalogue, Entry
from crawlers.declared import Expect, Source
from crawlers.schedule import due, health, places
from jerat.case import KILLED, Case
from jerat.case.alive import Alive
from jerat.case.database import stamp

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://papan.example/"
SOURCE = Source(name="papan", title="Papan", kind="jobposting", urls=(URL,), cadence="1d", expect=Expect(posts=2))


def ran(
    case: Case, hours_ago: float, status: str, posts: int = 0, reason: str = "", url: str = URL, source: str = "papan"
) -> int:
    run_id = case.runs.start(source, "jobposting", url)
    case.runs.count(run_id, {"posts_new": posts})
    if status != "running":
        case.runs.end(run_id, status, reason)  # type: ignore[arg-type]
    moment = stamp(NOW - timedelta(hours=hours_ago))
    case.db.execute("UPDATE runs SET started_at = ?, beat_at = ? WHERE id = ?", (moment, moment, run_id))
    return run_id


def wait_hours(case: Case, source: Source = SOURCE) -> float:
    """Hours until the first address of the source is due, at NOW; below 0 where it is overdue."""
    (place,) = places(case, source, NOW)
    assert place.due_at is not None
    return (place.due_at - NOW).total_seconds() / 3600


def test_what_was_never_crawled_is_due(case: Case) -> None:
    assert wait_hours(case) == 0
    assert [target.address for target in due(case, [SOURCE], NOW)[0]] == [URL]


def test_the_next_visit_is_a_cadence_later_and_a_little_less(case: Case) -> None:
    ran(case, 1, "ok", 5)
    assert wait_hours(case) == pytest.approx(24 - 1 - 1)  # an hour is given away
    targets, later = due(case, [SOURCE], NOW)
    assert targets == []
    assert later == NOW + timedelta(hours=22)


def test_a_job_that_runs_once_a_day_finds_a_daily_source_due_each_time(case: Case) -> None:
    ran(case, 24 - 1 / 60, "ok", 5)  # this time cron was a minute earlier
    assert wait_hours(case) < 0


def test_failures_are_tried_again_soon_and_then_ever_later(case: Case) -> None:
    ran(case, 200, "ok", 5)
    waits = []
    for _ in range(7):
        ran(case, 0, "failed", reason="no page came")
        waits.append(wait_hours(case))
    assert waits == [6, 12, 24, 48, 96, 96, 96]
    (place,) = places(case, SOURCE, NOW)
    assert (place.state, place.failures) == ("failing", 7)
    assert place.failing_since == stamp(NOW)
    ran(case, 0, "ok", 3)
    (place,) = places(case, SOURCE, NOW)
    assert (place.state, place.failures, place.failing_since) == ("ok", 0, "")


def test_the_wait_has_a_bound(case: Case) -> None:
    slow = Source(name="papan", title="x", kind="page", urls=(URL,), cadence="30d")
    for _ in range(9):
        ran(case, 0, "failed")
    assert wait_hours(case, slow) == 30 * 24
    weekly = Source(name="papan", title="x", kind="page", urls=(URL,), cadence="5d")
    assert wait_hours(case, weekly) == 7 * 24


def test_what_a_person_stopped_is_due_at_once_the_first_time(case: Case) -> None:
    ran(case, 30, "ok", 5)
    ran(case, 0.5, "failed", reason="stopped by hand after 3 pages; the 2 posts that came are kept")
    assert wait_hours(case) < 0
    ran(case, 0, "failed", reason="stopped by hand after 3 pages; the 2 posts that came are kept")
    assert wait_hours(case) == 6


def test_each_address_of_a_source_has_its_own_time(case: Case) -> None:
    both = Source(name="papan", title="x", kind="page", urls=(URL, URL + "b"), cadence="1d")
    ran(case, 1, "ok", 5)
    ran(case, 30, "ok", 5, url=URL + "b")
    ran(case, 1, "ok", 5, url=URL + "b", source="other")
    assert [target.address for target in due(case, [both], NOW)[0]] == [URL + "b"]


def test_the_longest_overdue_comes_first(case: Case) -> None:
    sources = [
        Source(name=f"s-{hours}", title="x", kind="page", urls=(f"https://{hours}.example/",)) for hours in (30, 70, 50)
    ]
    for one in sources:
        ran(case, int(one.name[2:]), "ok", 1, url=one.urls[0], source=one.name)
    assert [target.source for target in due(case, sources, NOW)[0]] == ["s-70", "s-50", "s-30"]


def test_a_run_under_way_is_left_alone_and_shown(case: Case) -> None:
    ran(case, 0, "running", 4)
    (place,) = places(case, SOURCE, NOW)
    assert (place.state, place.due_at) == ("running", None)
    assert due(case, [SOURCE], NOW) == ([], None)


def _killed(folder: Path) -> int:
    """The id of a run whose process died by SIGKILL."""
    code = (
        "import sys, time; from pathlib import Path; from jerat.case import Case\n"
        "case = Case(Path(sys.argv[1])); run = case.runs.start('papan', 'jobposting', sys.argv[2])\n"
        "case.runs.count(run, {'posts_new': 3}); print(run, flush=True); time.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(folder), URL], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    run_id = int(process.stdout.readline())
    with Case(folder) as case:
        assert case.runs.alive(case.runs.get(run_id))
        assert case.runs.claim("papan", "jobposting", URL, after=run_id) is None
    process.stdout.close()
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    return run_id


def test_a_killed_run_shows_at_once_and_counts_as_failed(case: Case) -> None:
    run_id = _killed(case.path)
    run = case.runs.get(run_id)
    assert run.status == "running"
    assert not case.runs.alive(run)
    (place,) = places(case, SOURCE)
    assert place.state == "killed"
    assert place.due_at is not None
    assert place.due_at <= datetime.now(UTC)
    assert [one.id for one in case.runs.settle()] == [run_id]
    settled = case.runs.get(run_id)
    assert (settled.status, settled.ended_at) == ("failed", run.beat_at)
    assert settled.reason == f"{KILLED}; the 3 posts that came before are kept"
    assert case.runs.settle() == []
    assert places(case, SOURCE)[0].state == "killed"
    assert not list((case.path / "locks").iterdir())


def test_the_next_due_may_claim_what_a_killed_process_left(case: Case) -> None:
    run_id = _killed(case.path)
    targets, _ = due(case, [SOURCE])
    assert targets[0].after == run_id
    assert case.runs.claim("papan", "jobposting", URL, after=run_id) is not None


def test_where_no_lock_tells_the_beat_does(case: Case) -> None:
    run_id = case.runs.start("papan", "jobposting", URL)
    Alive(case.path / "locks").release(run_id)
    assert case.runs.alive(case.runs.get(run_id))
    old = stamp(datetime.now(UTC) - timedelta(minutes=11))
    case.db.execute("UPDATE runs SET beat_at = ? WHERE id = ?", (old, run_id))
    assert not case.runs.alive(case.runs.get(run_id))


def test_a_target_is_claimed_once(case: Case) -> None:
    known = ran(case, 30, "ok", 5)
    with Case(case.path) as other:
        first = case.runs.claim("papan", "jobposting", URL, after=known)
        assert first is not None
        assert other.runs.claim("papan", "jobposting", URL, after=known) is None, "it is under way"
        case.runs.end(first, "ok")
        assert other.runs.claim("papan", "jobposting", URL, after=known) is None, "it was done meanwhile"
        assert other.runs.claim("papan", "jobposting", URL + "b", after=0) is not None, "another address"
        assert other.runs.claim("papan", "jobposting", URL, after=first) is not None


def test_health_shows_what_is_usual(case: Case) -> None:
    for hours, posts in ((96, 100), (72, 90), (48, 110), (24, 95)):
        ran(case, hours, "ok", posts)
    ran(case, 1, "failed", 1, reason="1 posts came and at least 2 are expected: the site may have changed its markup")
    off = Source(
        name="off", title="x", kind="page", urls=("https://off.example/",), enabled=False, terms="no", instead="y"
    )
    entries = {one.name: Entry(one, Path("x.yaml"), 1, own=True) for one in (SOURCE, off)}
    papan, switched_off = health(case, Catalogue(entries))
    assert (papan.state, papan.posts, papan.usual, papan.expected) == ("failing", 1, 97, 2)
    assert "changed its markup" in papan.reason
    assert (switched_off.state, switched_off.due_at, switched_off.last) == ("off", None, None)
    assert switched_off.reason == "no Instead: y"


def test_without_a_case_all_is_due_and_nothing_is_made(tmp_path: Path) -> None:
    (one,) = health(None, Catalogue({"papan": Entry(SOURCE, Path("x.yaml"), 1, own=True)}))
    assert (one.state, one.posts) == ("never", None)
    assert not list(tmp_path.iterdir())


def test_faults_of_jerat_are_counted_apart(case: Case) -> None:
    from jerat.case import DeadLetter

    run_id = case.runs.start("papan", "jobposting", URL)
    for step, reason in (
        ("enrich", "the analysis failed: ValueError: x"),
        ("store", "the case cannot hold it: OverflowError: x"),
        ("parse", "a fault in jerat: KeyError: x"),
        ("validate", "no text: nothing in it can be searched or analysed"),
        ("fetch", "HTTP 404 Not Found"),
    ):
        case.dead_letters.add(DeadLetter(step=step, reason=reason, run_id=run_id))
    assert case.dead_letters.faults(run_id) == 3
    assert case.dead_letters.faults(run_id + 1) == 0


def test_two_cases_of_one_process_know_each_others_runs(case: Case) -> None:
    run_id = case.runs.start("papan", "jobposting", URL)
    with Case(case.path) as other:
        assert other.runs.alive(other.runs.get(run_id))
        assert other.runs.settle() == []
        other.runs.end(run_id, "ok")
    assert not case.runs.alive(case.runs.get(run_id))


def test_a_case_without_locks_still_runs(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jerat.case.alive.fcntl", None)
    run_id = case.runs.start("papan", "jobposting", URL)
    assert case.runs.alive(case.runs.get(run_id))
    case.runs.end(run_id, "ok")
    assert isinstance(case.db, sqlite3.Connection)
