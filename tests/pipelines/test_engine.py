"""The index is told through the outbox, and posts wait where it cannot be."""

from datetime import UTC, datetime

import nlp
from index.protocol import Request
from jerat.case import Case
from jerat.model import Post, post_id
from jerat.settings import Settings
from pipelines.engine import drained, open_engine, words
from pipelines.line import Line

POST = Post(
    id=post_id("web", "", "https://x.example/1"),
    source="x.example",
    platform="web",
    url="https://x.example/1",
    fetched_at=datetime(2026, 11, 1, tzinfo=UTC),
    text="Typist wanted in a quiet office",
)


def test_words_slice_their_text() -> None:
    text = "Typist 招聘 wanted"
    assert [text[word.start : word.end] for word in words(text)][0] == "Typist"  # noqa: RUF015


def test_posts_reach_the_index(case: Case) -> None:
    settings = Settings(case=case.path)
    list(Line(case, nlp.load(), settings).feed([POST]))
    assert case.outbox.count() == 1
    assert drained(settings, case) == ""
    assert case.outbox.count() == 0
    engine = open_engine(settings, case)
    try:
        engine.refresh()
        assert engine.search(Request(query="quiet")).total == 1
    finally:
        engine.close()


def test_posts_wait_where_the_engine_is_away(case: Case) -> None:
    settings = Settings(case=case.path, index="http://127.0.0.1:9", index_timeout=1)
    list(Line(case, nlp.load(), settings).feed([POST]))
    said = drained(settings, case)
    assert "wait in the outbox" in said
    assert case.outbox.count() == 1
