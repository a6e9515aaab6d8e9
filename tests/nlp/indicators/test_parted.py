"""Letters parted or swapped to get past filters are put together, and honest writing is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nlp
from nlp.indicators.parted import parted


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("work in c.a.m.b.o.d.i.a now", "cambodia"),
        ("l ư ơ n g 800 đô", "lương"),
        ("ง า น ก ั ม พู ช า", "งานกัมพูชา"),
        ("we are h1ring for s@lary", "hiring"),
        ("柬📍波📍贝", "柬波贝"),
        ("海1外2招3人", "海外招人"),
    ],
)
def test_letters_come_together_and_spans_are_of_the_text(text: str, word: str) -> None:
    found = parted(text)
    assert found is not None
    start = found.text.index(word)
    first, last = found.span(start, start + len(word))
    assert (text[first], text[last - 1]) in {(text[first], word[-1]), (word[0], text[last - 1])}
    assert last - first >= len(word)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "write to hr2desk@mail4u.example or @user1name, see www.b2b4you.example",
        "u.s.a. and e.g. i.e. a b c",
        "call 0900 000 000, 8 am to 5 pm, b2b and p2p, windows10, h264",
        "one w0rd alone is a name",
        "第1期 第2期 3楼",
    ],
)
def test_honest_writing_is_left_alone(text: str) -> None:
    assert parted(text) is None


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    found = parted(text.lower())
    if found is not None:
        assert len(found.text) == len(found.places)
        assert found.places == sorted(set(found.places))
        assert 0 <= found.first[0] < found.first[1] <= len(text.lower())


def test_a_parted_advertisement_is_read() -> None:
    text = "V1ệc l@m C.a.m.p.u.c.h.i.a, tr ực ch@t, go0gle dịch, l ư ơ n g 1500 đô"
    reasons = nlp.load(names="never").analyse(text).risk.reasons
    found = {reason.indicator for reason in reasons}
    assert {"letters-parted", "hub-city"} <= found
    assert all(text[reason.start : reason.end] == reason.text for reason in reasons)
