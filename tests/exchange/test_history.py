"""What is told of a post's versions."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from jerat.case import Case, Event
from jerat.exchange.history import Step, differences, history
from jerat.model import Analysis, Entity, Job, Post, Risk

WHEN = datetime(2026, 1, 1, tzinfo=UTC)


def _post(text: str, days: int = 0, **more: Any) -> Post:
    return Post(
        id="p",
        source="s",
        platform="web",
        url="https://a.example/1",
        fetched_at=WHEN + timedelta(days=days),
        text=text,
        **more,
    )


def _analysis(*contacts: str) -> Analysis:
    found = tuple(
        Entity(kind="telegram", value=name, text=name, start=0, end=len(name), confidence=1.0) for name in contacts
    )
    return Analysis(
        id="p",
        language="en",
        kind="offer",
        risk=Risk(level="low", score=0.3),
        entities=found,
        fingerprint="",
        versions={},
    )


def test_each_version_tells_what_changed(case: Case) -> None:
    case.posts.put(
        [(_post("Write to @one_desk for 500", title="Typist", job=Job(salary="500 USD")), _analysis("one_desk"))]
    )
    case.posts.put(
        [(_post("Write to @two_desk for 900", 1, title="Typist", job=Job(salary="900 USD")), _analysis("two_desk"))]
    )
    case.presence.gone("p", "HTTP 404")
    steps = history(case.posts.history("p"), case.presence.events("p"))
    assert [(step.what, step.version, step.current) for step in steps] == [
        ("version", 1, False),
        ("version", 2, True),
        ("gone", 0, False),
    ]
    changes = {change.field: change for change in steps[1].changes}
    assert set(changes) == {"pay", "text", "findings"}
    assert (changes["pay"].before, changes["pay"].after) == ("500 USD", "900 USD")
    assert [(p.op, p.text) for p in changes["text"].pieces if p.op != "same"] == [
        ("out", "one_desk"), ("in", "two_desk"), ("out", "500"), ("in", "900"),
    ]  # fmt: skip
    assert changes["findings"].removed == ("telegram one_desk",)
    assert changes["findings"].added == ("telegram two_desk",)
    record = case.posts.get("p")
    assert record is not None
    assert [entity.value for entity in record.former] == ["one_desk"]
    assert (record.versions, record.gone_at is None) == (2, False)


def test_a_contact_that_came_back_is_not_of_earlier_versions_alone(case: Case) -> None:
    for day, name in enumerate(("one_desk", "two_desk", "one_desk")):
        case.posts.put([(_post(f"Write to @{name}", day), _analysis(name))])
    record = case.posts.get("p")
    assert record is not None
    assert [entity.value for entity in record.former] == ["two_desk"]
    assert [version.number for version in case.posts.history("p")] == [1, 2, 3]


def test_findings_of_an_old_copy_that_came_late_are_kept(case: Case) -> None:
    case.posts.put([(_post("Write to @two_desk", 5), _analysis("two_desk"))])
    case.outbox.done(case.outbox.head(10))
    case.posts.put([(_post("Write to @one_desk", 1), _analysis("one_desk"))])
    record = case.posts.get("p")
    assert record is not None
    assert record.post.text.endswith("two_desk")
    assert [entity.value for entity in record.former] == ["one_desk"]
    assert case.outbox.count() == 1


def test_what_is_no_change(case: Case) -> None:
    first = _post("A  b\n\nc", media=("https://cdn.example/a.jpg?sig=1",), job=Job(valid_through=WHEN))
    again = _post(
        "A b\nc", 1, media=("https://cdn2.example/a.jpg?sig=2",), job=Job(valid_through=WHEN + timedelta(days=30))
    )
    assert case.posts.put([(first, _analysis())]) == ["new"]
    assert case.posts.put([(again, _analysis("x_desk"))]) == ["same"]
    record = case.posts.get("p")
    assert record is not None
    assert record.analysis.entities == (), "findings point into the text that is kept"


def test_two_posts_become_one_where_the_second_is_the_first_moved(case: Case) -> None:
    import msgspec

    first = _post("Write to @one_desk")
    other = msgspec.structs.replace(_post("Write to @two_desk", 1), id="q", url="https://a.example/2")
    case.posts.put([(first, _analysis("one_desk")), (other, _analysis("two_desk"))])
    assert case.posts.merge("p", "q") == "changed"
    assert case.posts.count() == 1
    found = case.posts.get("q")
    assert found is not None
    assert (found.post.id, found.post.url, found.versions) == ("p", "https://a.example/2", 2)
    assert case.presence.known_as("q") == "p"
    assert case.posts.merge("p", "q") is None
    case.posts.put([(msgspec.structs.replace(other, id="r"), _analysis())])
    case.reviews.add("r", "lure")
    assert case.posts.merge("p", "r") is None, "somebody has decided on it"


def test_steps_are_in_the_order_of_time() -> None:
    events = [Event("2026-02-02", "gone", "x"), Event("2026-03-03", "back", "")]
    assert history((), events) == [Step("2026-02-02", "gone", reason="x"), Step("2026-03-03", "back")]


@given(st.text(), st.text())
def test_the_pieces_make_both_texts(before: str, after: str) -> None:
    pieces = list(differences(before, after))
    assert "".join(piece.text for piece in pieces if piece.op != "out") == after
    assert "".join(piece.text for piece in pieces if piece.op != "in") == before


def test_long_texts_are_compared_in_coarser_parts() -> None:
    before = "word " * 10_000
    assert [piece.op for piece in differences(before, before + "x")] == ["out", "in"]
    lines = "".join(f"line {number}\n" for number in range(300))
    assert [piece.text for piece in differences(lines, lines + "x")][1:] == ["x"]
    assert [piece.op for piece in differences("a " * 1500, "b a " * 750)] == ["out", "in"], "and not for minutes"
