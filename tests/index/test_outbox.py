"""Draining the outbox: nothing lost, nothing doubled, whatever happens in between."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import index as package
from index import drain, open_index
from index.protocol import Document, Index, PutFailure
from jerat.case import Case
from jerat.errors import IndexUnavailable
from jerat.model import Analysis, Post, Risk, post_id
from jerat.settings import Settings

_ROOT = Path(package.__file__).parent.parent

_DRAIN = """
import re, sys
from pathlib import Path
import index.outbox
from index import Word, drain, open_index
from jerat.case import Case
from jerat.settings import Settings

index.outbox.BATCH = int(sys.argv[3])
words = lambda text: [Word(m[0].lower(), m.start(), m.end()) for m in re.finditer(r"\\w+", text)]
with Case(Path(sys.argv[1])) as case:
    engine = open_index(Settings(index=sys.argv[2], index_name=sys.argv[4]), case, words)
    print("ready", flush=True)
    report = drain(case, engine)
    print(report.put, report.waiting, report.error, flush=True)
"""


def add(case: Case, count: int, text: str = "kerja", first: int = 0) -> list[str]:
    pairs = []
    for number in range(first, first + count):
        post = Post(
            id=post_id("web", str(number), ""),
            source="s",
            platform="web",
            url=f"https://x.example/{number}",
            fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
            text=f"{text} {number}",
        )
        analysis = Analysis(
            id=post.id,
            language="id",
            kind="offer",
            risk=Risk(level="none", score=0.0),
            entities=(),
            fingerprint="",
            versions={},
        )
        pairs.append((post, analysis))
    case.posts.put(pairs)
    return [post.id for post, _ in pairs]


class _Failing:
    """An engine that refuses some ids, and does not answer while `down`."""

    def __init__(self, refuse: Sequence[str] = ()) -> None:
        self.refuse = set(refuse)
        self.down = False
        self.held: dict[str, int] = {}

    def put(
        self, documents: Sequence[tuple[int, Document]], removed: Sequence[tuple[int, str]] = ()
    ) -> list[PutFailure]:
        if self.down:
            raise IndexUnavailable("nobody is at home")
        self.held |= {document.id: seq for seq, document in documents if document.id not in self.refuse}
        return [PutFailure(document.id, "not to my taste") for _, document in documents if document.id in self.refuse]

    def refresh(self) -> None:
        pass


def test_all_that_waits_is_put_and_removed(case: Case, engine: Index) -> None:
    ids = add(case, 1203)
    told: list[tuple[int, int]] = []
    report = drain(case, engine, lambda done, waiting: told.append((done, waiting)))
    assert (report.put, report.removed, report.refused, report.waiting, report.error) == (1203, 0, 0, 0, "")
    assert told == [(500, 703), (1000, 203), (1203, 0)]
    assert list(engine.ids()) == ids
    case.db.execute("DELETE FROM posts WHERE id = ?", (ids[0],))
    case.outbox.add(ids[:1])
    add(case, 1, "lain", first=1)
    report = drain(case, engine)
    assert (report.put, report.removed, report.waiting) == (1, 1, 0)
    assert engine.count() == 1202
    assert engine.count("lain") == 1
    assert drain(case, engine) == type(report)(0, 0, 0, 0)


def test_refused_posts_go_to_the_dead_letters_once(case: Case) -> None:
    ids = add(case, 3)
    report = drain(case, _Failing(refuse=ids[1:2]))  # type: ignore[arg-type]
    assert (report.put, report.refused, report.waiting) == (2, 1, 0)
    [letter] = case.dead_letters.list()
    assert (letter.step, letter.reason, letter.url) == ("index", "not to my taste", "https://x.example/1")
    assert ids[1] in letter.item


def test_posts_wait_while_the_engine_does_not_answer(case: Case) -> None:
    add(case, 3)
    engine = _Failing()
    engine.down = True
    report = drain(case, engine)  # type: ignore[arg-type]
    assert (report.put, report.waiting, report.error) == (0, 3, "nobody is at home")
    assert [(row.attempts, row.error) for row in case.outbox.head(9)] == [(1, "nobody is at home")] * 3
    engine.down = False
    assert drain(case, engine).put == 3  # type: ignore[arg-type]
    assert case.outbox.count() == 0


def test_an_unreachable_elasticsearch_is_one_sentence(case: Case, words: Any) -> None:
    add(case, 2)
    engine = open_index(Settings(index="http://127.0.0.1:9"), case, words)
    report = drain(case, engine)
    assert report.waiting == 2
    assert report.error.startswith("Elasticsearch at http://127.0.0.1:9 (JERAT_INDEX) does not answer")
    assert "\n" not in report.error
    assert not engine.health().answers
    engine.close()


def test_a_new_index_gets_the_posts_of_the_case(case: Case, words: Any) -> None:
    add(case, 5)
    drain(case, open_index(Settings(), case, words))
    for path in sorted(case.search_dir.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    engine = open_index(Settings(), case, words)
    assert engine.count() == 0
    assert drain(case, engine).put == 5
    assert engine.count() == 5


def _start(case: Case, address: str, batch: int, name: str = "jerat") -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", _DRAIN, str(case.path), address, str(batch), name],
        stdout=subprocess.PIPE,
        text=True,
        cwd=_ROOT,
    )


@pytest.mark.parametrize("where", ["embedded", pytest.param("elastic", marks=pytest.mark.elasticsearch)])
def test_two_processes_may_drain_at_once(case: Case, words: Any, where: str, request: pytest.FixtureRequest) -> None:
    settings = Settings() if where == "embedded" else request.getfixturevalue("elastic_settings")
    ids = add(case, 300)
    both = [_start(case, settings.index, 20, settings.index_name) for _ in range(2)]
    for process in both:
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        assert output.strip().endswith("0")  # nothing waits, and no error follows
    engine = open_index(settings, case, words)
    assert sorted(engine.ids()) == sorted(ids)
    assert engine.count("kerja") == 300
    engine.close()


def test_killed_at_any_moment_nothing_is_lost_or_doubled(case: Case, words: Any) -> None:
    ids = add(case, 600)
    chance = random.Random(7)
    killed = 0
    for _ in range(6):
        process = _start(case, "embedded:", 25)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.25))
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            killed += 1
        process.communicate()
    assert killed
    report = drain(case, open_index(Settings(), case, words))
    assert report.waiting == 0
    engine = open_index(Settings(), case, words)
    assert sorted(engine.ids()) == sorted(ids)
    assert engine.count("kerja") == 600


def test_killed_between_the_commit_and_the_note_it_puts_again(
    case: Case, words: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = add(case, 3)
    engine = open_index(Settings(), case, words)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(type(case.outbox), "done", die)
        with pytest.raises(KeyboardInterrupt):
            drain(case, engine)
    assert case.outbox.count() == 3
    assert drain(case, engine).put == 3
    assert sorted(engine.ids()) == sorted(ids)
