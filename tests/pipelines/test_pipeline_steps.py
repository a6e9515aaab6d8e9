"""Each step of a post's way, and the whole line: what fails is kept with its reason, and all else goes on."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jerat.case import Case
from jerat.errors import Rejected
from jerat.model import Analysis, Job, Link, Message, Post, Risk, post_id
from jerat.settings import Settings
from pipelines.enrich import Enriched, analysed
from pipelines.line import Line
from pipelines.store import stored
from pipelines.validate import NO_TEXT, validated

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def make(number: int = 1, **fields: Any) -> Post:
    url = f"https://board.example/job/{number}"
    given: dict[str, Any] = {
        "id": post_id("web", "", url),
        "source": "board.example",
        "platform": "web",
        "url": url,
        "fetched_at": NOW,
        "text": f"Text of post {number}",
    }
    return Post(**(given | fields))


class Reader:
    """An analyser that fails on what says so."""

    def analyse(self, text: str, *, id: str = "", fields: Any = (), country_hint: str = "") -> Analysis:
        if "explode" in text:
            raise ZeroDivisionError("no reader is perfect")
        return Analysis(
            id=id,
            language="en",
            kind="other",
            risk=Risk(level="none", score=0.0),
            entities=(),
            fingerprint="",
            versions={},
        )

    def pipe(self, inputs: Iterable[Any], batch_size: int = 64) -> Iterator[Analysis]:
        return (self.analyse(one.text, id=one.id) for one in inputs)


# -- validate --------------------------------------------------------------------------------------------------------


def test_control_characters_and_surrogates_go_one_for_one_so_that_links_still_fit() -> None:
    post = make(text="a\x00b \ud800 link\x07 end", links=(Link(url="https://x.example/", start=6, end=10),))
    clean = validated(post, 1000)
    assert clean.text == "a b \ufffd link  end"
    assert clean.text[clean.links[0].start : clean.links[0].end] == "link"
    clean.text.encode("utf-8")


@given(st.text(max_size=300), st.integers(-5, 400), st.integers(-5, 400))
def test_any_text_keeps_its_length_and_its_links_slice_it(text: str, start: int, end: int) -> None:
    post = make(text=text, title="t", links=(Link(url="https://x.example/", start=start, end=end),))
    clean = validated(post, 1000)
    assert len(clean.text) == len(text)
    assert 0 <= clean.links[0].start <= clean.links[0].end <= len(text)
    clean.text.encode("utf-8")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"text": ""}, NO_TEXT),
        ({"text": " \n\x00"}, NO_TEXT),
        ({"url": ""}, "no address"),
        ({"url": "https://x.example/" + "a" * 9000}, "an address of 9018 characters"),
        ({"id": ""}, "no id"),
        ({"text": "x" * 1001}, "JERAT_MAX_TEXT"),
    ],
)
def test_what_cannot_be_kept_says_why(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(Rejected, match=reason.split(":", maxsplit=1)[0]) as caught:
        validated(make(**fields), 1000)
    assert caught.value.step == "validate"


def test_a_title_alone_is_enough() -> None:
    assert validated(make(text="", title="Typist wanted"), 1000).title == "Typist wanted"


@pytest.mark.parametrize(
    "moment",
    [datetime(1989, 12, 31, tzinfo=UTC), datetime.now(UTC) + timedelta(days=3), datetime(2099, 1, 1, tzinfo=UTC)],
)
def test_dates_that_cannot_be_are_taken_away(moment: datetime) -> None:
    assert validated(make(published_at=moment), 1000).published_at is None


def test_dates_that_can_be_stay() -> None:
    assert validated(make(published_at=NOW), 1000).published_at == NOW


def test_long_lines_are_bounded_everywhere() -> None:
    long = "x" * 5000
    post = make(
        title=long,
        author=long,
        job=Job(organisation=long, locations=(long,), salary=long, contacts=(long,)),
        message=Message(forwarded_from=long),
    )
    clean = validated(post, 1000)
    assert clean.job is not None
    assert clean.message is not None
    for text in (
        clean.title,
        clean.job.organisation,
        clean.job.locations[0],
        clean.job.contacts[0],
        clean.message.forwarded_from,
    ):
        assert len(text) == 1000
    assert len(clean.author) == 300


# -- enrich and store ------------------------------------------------------------------------------------------------


def test_a_fault_of_the_analyser_rejects_the_post_alone() -> None:
    with pytest.raises(Rejected, match="no reader is perfect") as caught:
        analysed(make(text="explode"), Reader())
    assert caught.value.step == "enrich"


def test_one_post_that_the_case_cannot_hold_does_not_undo_the_others(case: Case) -> None:
    good = [analysed(make(number), Reader()) for number in (1, 2)]
    bad = Enriched(make(3, text="\ud800"), good[0].analysis)
    first, second, third = stored(case, [good[0], bad, good[1]])
    assert (first, third) == ("new", "new")
    assert isinstance(second, Rejected)
    assert case.posts.count() == 2


# -- the line --------------------------------------------------------------------------------------------------------


def test_the_line_keeps_order_and_loses_nothing(case: Case) -> None:
    run = case.runs.start("board.example", "import")
    posts = [
        make(number, text="explode" if number % 50 == 0 else "" if number % 77 == 0 else f"Text {number}")
        for number in range(1, 601)
    ]
    outcomes = list(Line(case, Reader(), Settings(), run).feed(posts))
    assert [one.post.url for one in outcomes] == [post.url for post in posts]
    dead = [one for one in outcomes if one.change == "dead"]
    assert len(dead) == 600 // 50 + 600 // 77
    assert all(one.reason and one.analysis is None for one in dead)
    assert case.posts.count() == 600 - len(dead)
    assert case.dead_letters.count(run) == len(dead)
    letters = list(case.dead_letters.list(run))
    assert {letter.step for letter in letters} == {"enrich", "validate"}
    assert all('"url":"https://board.example/job/' in letter.item for letter in letters)
    kept = case.runs.get(run)
    assert (kept.posts_new, kept.dead) == (600 - len(dead), len(dead))


def test_the_line_tells_what_is_known(case: Case) -> None:
    line = Line(case, Reader(), Settings())
    assert [one.change for one in line.feed([make(1), make(1), make(1, text="other words")])] == [
        "new",
        "same",
        "changed",
    ]


def test_the_line_streams(case: Case) -> None:
    taken = 0

    def endless() -> Iterator[Post]:
        nonlocal taken
        while True:
            taken += 1
            yield make(taken)

    outcomes = Line(case, Reader(), Settings()).feed(endless())
    assert next(outcomes).change == "new"
    assert taken < 1000


def test_a_hundred_failures_in_a_row_end_nothing(case: Case) -> None:
    outcomes = list(Line(case, Reader(), Settings()).feed(make(number, text="explode") for number in range(100)))
    assert len(outcomes) == case.dead_letters.count() == 100
