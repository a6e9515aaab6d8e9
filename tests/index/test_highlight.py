"""Highlights: on the original text, whole phrases, in windows that lose nothing."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from index.highlight import MAX_SNIPPETS, SNIPPET, highlight
from index.protocol import Document, Highlight, Word
from index.query import understand
from jerat.model import Entity, Indicator, Risk

Make = Callable[..., Document]


def marked(found: Sequence[Highlight]) -> list[list[str]]:
    return [[part.snippet[start:end] for start, end in part.spans] for part in found]


def test_phrases_are_whole_and_prefixes_reach_to_the_end_of_the_word(document: Make, words: Any) -> None:
    post = document(1, title="Gaji besar", text="gaji BESAR di kerja; besar gaji")
    assert marked(highlight(understand('"gaji besar"', words), post, words)) == [["Gaji besar"], ["gaji BESAR"]]
    assert marked(highlight(understand("ker* -gaji", words), post, words)) == [["kerja"]]
    assert marked(highlight(understand("title:gaji", words), post, words)) == [["Gaji"]]
    assert highlight(understand("*", words), post, words) == ()


def test_the_original_is_shown_where_a_disguise_was_read(document: Make, entity: Callable[..., Entity]) -> None:
    text = "chat \U0001d5ee\U0001d5f1\U0001d5fa\U0001d5f6\U0001d5fb now"

    def undone(given: str) -> list[Word]:
        plain = given.replace("\U0001d5ee\U0001d5f1\U0001d5fa\U0001d5f6\U0001d5fb", "admin")
        return [Word(m[0], m.start(), m.end()) for m in re.finditer(r"\w+", plain)]

    [shown] = highlight(understand("admin", undone), document(1, text=text), undone)
    assert shown.snippet[shown.spans[0][0] : shown.spans[0][1]] == "\U0001d5ee\U0001d5f1\U0001d5fa\U0001d5f6\U0001d5fb"


def test_findings_are_shown_where_they_stand(document: Make, entity: Callable[..., Entity], words: Any) -> None:
    place = entity("location", "Sihanoukville, KH", "西港", 3, country="KH", role="hub")
    chat = entity("telegram", "kerja_kh", "Kerja KH", 8)
    reason = Indicator(indicator="typing-test", family="selection", weight=1.0, text="招聘", start=5, end=7)
    post = document(1, text="去去 西港招聘 Kerja KH", entities=(place, chat), reasons=(reason,))
    for query, surface in {
        "sihanoukville": "西港",
        "place:Sihanoukville": "西港",
        "country:KH": "西港",
        "role:hub": "西港",
        "telegram:@kerja_kh": "Kerja KH",
        "contact:kerja_kh": "Kerja KH",
        "telegram:ker*": "Kerja KH",
        "indicator:typing-test": "招聘",
        "family:selection": "招聘",
    }.items():
        assert marked(highlight(understand(query, words), post, words)) == [[surface]], query


def test_snippets_are_short_few_and_the_fullest(document: Make, words: Any) -> None:
    filler = "lorem ipsum " * 60
    post = document(1, text=filler + "kerja " + filler + "kerja kerja kerja " + filler + "kerja " + filler + "kerja")
    found = highlight(understand("kerja", words), post, words)
    assert len(found) == MAX_SNIPPETS
    assert max(len(part.spans) for part in found) == 3
    assert all(len(part.snippet) <= SNIPPET + 60 for part in found)


@given(st.text(alphabet="ab \n西\U0001f525", max_size=600), st.sampled_from(["a", "ab*", '"a b"', "a OR 西", "b"]))
def test_spans_slice_the_original(text: str, query: str) -> None:
    def broken(given: str) -> list[Word]:
        return [Word(m[0], m.start(), m.end()) for m in re.finditer(r"西|[ab]+", given)]

    post = Document(
        id="x",
        number=1,
        url="",
        title="",
        text=text,
        author="",
        source="",
        platform="",
        published_at=None,
        first_seen="",
        last_seen="",
        language="",
        kind="other",
        risk=Risk(level="none", score=0),
        entities=(),
    )
    last = -1
    for part in highlight(understand(query, broken), post, broken):
        assert text[part.start : part.start + len(part.snippet)] == part.snippet
        assert part.start >= last
        last = part.start + len(part.snippet)
        assert part.spans
        for start, end in part.spans:
            assert 0 <= start < end <= len(part.snippet)
            if query == "a":
                assert part.snippet[start:end] == "a"
