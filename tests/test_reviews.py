"""Decisions on posts: the last counts, the former stay, and an old case is brought up to them."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.protocol import Document
from jerat.case import Case
from jerat.case.database import migrations
from jerat.errors import InputError
from jerat.model import Analysis, Post, PostKind, Risk


def post(number: int) -> Post:
    return Post(
        id=f"post{number}", source="s", platform="p", url=f"https://a.example/{number}", text="kerja",
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip


def analysis(kind: PostKind = "offer") -> Analysis:
    risk = Risk(level="none", score=0.0)
    return Analysis(id="", language="id", kind=kind, risk=risk, entities=(), fingerprint="m1:x", versions={})


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    with Case(tmp_path / "case") as opened:
        opened.posts.put([(post(1), analysis()), (post(2), analysis("victim"))])
        yield opened


def held(case: Case, post_id: str) -> tuple[str, bool]:
    record = case.posts.get(post_id)
    assert record is not None
    assert case.posts.many([post_id])[post_id] == record
    return record.review, record.restricted


def test_a_post_of_somebody_in_trouble_is_set_apart_without_a_review(case: Case) -> None:
    assert held(case, "post1") == ("none", False)
    assert held(case, "post2") == ("none", True)
    assert [record.restricted for record in case.posts.all()] == [False, True]


def test_the_last_decision_counts_and_the_former_stay(case: Case) -> None:
    first = case.reviews.add("post1", "lure", note="  same number ", by="R.")
    assert (first.note, first.by) == ("same number", "R.")
    case.reviews.add("post1", "not", by="S.")
    assert held(case, "post1")[0] == "not"
    assert [(one.decision, one.by) for one in case.reviews.of("post1")] == [("lure", "R."), ("not", "S.")]
    assert [one.decision for one in case.reviews.current()] == ["not"]
    case.reviews.add("post1", "none")
    assert held(case, "post1")[0] == "none"
    assert list(case.reviews.current()) == []
    assert case.reviews.count() == len(list(case.reviews.all())) == 3


def test_a_person_sets_apart_lifts_and_leaves_it_to_the_kind_again(case: Case) -> None:
    for post_id, kind in (("post1", False), ("post2", True)):
        for restricted, wanted in (("yes", True), ("no", False), ("auto", kind)):
            case.reviews.add(post_id, restricted=restricted)  # type: ignore[arg-type]
            assert held(case, post_id) == ("none", wanted)


def test_a_decision_on_the_content_leaves_the_restriction_alone(case: Case) -> None:
    case.reviews.add("post2", restricted="no")
    case.reviews.add("post2", "not")
    assert held(case, "post2") == ("not", False)
    case.reviews.add("post2", restricted="yes")
    assert held(case, "post2") == ("not", True)


def test_the_index_is_told(case: Case) -> None:
    case.outbox.done(case.outbox.head(10))
    case.reviews.add("post1", "lure")
    assert [row.post_id for row in case.outbox.head(10)] == ["post1"]
    record = case.posts.get("post1")
    assert record is not None
    assert (Document.of(record).review, Document.of(record).fingerprint) == ("lure", "m1:x")


def test_nothing_is_kept_of_what_decides_nothing_or_names_no_post(case: Case) -> None:
    for post_id, decision, note in (("nobody", "lure", ""), ("post1", "", "a note"), ("post1", "lure", "x" * 10_001)):
        with pytest.raises(InputError):
            case.reviews.add(post_id, decision, note=note)  # type: ignore[arg-type]
    assert case.reviews.count() == 0


def test_half_a_surrogate_pair_in_a_note_is_kept_as_something_readable(case: Case) -> None:
    assert case.reviews.add("post1", "unsure", note="a\ud800b", by="\ud800").note == "a?b"


def test_a_post_that_is_removed_takes_its_reviews_along(case: Case) -> None:
    case.reviews.add("post1", "lure")
    case.db.execute("DELETE FROM posts WHERE id = 'post1'")
    assert case.reviews.count() == 0


def test_a_case_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    folder = tmp_path / "old"
    folder.mkdir()
    db = sqlite3.connect(folder / "case.db", isolation_level=None)
    db.executescript(dict(migrations())[1])
    db.execute("PRAGMA user_version = 1")
    db.close()
    with Case(folder, create=False) as case:
        assert case.posts.put([(post(1), analysis("victim"))]) == ["new"]
        case.reviews.add("post1", "not", restricted="no")
        assert held(case, "post1") == ("not", False)
