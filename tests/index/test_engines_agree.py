"""Random posts and random queries: each engine gives just the posts, and the order, that a plain evaluation gives."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.entry import make_entry
from index.fields import micros
from index.protocol import Document, Index, Request, Word
from index.query import understand
from index.query.match import matches, rank
from index.query.relevance import atoms
from jerat.model import LEVELS, Entity, Indicator, Risk

_VOCABULARY = ["kerja", "gaji", "besar", "西", "港", "งาน", "ker", "admin1", "ж"]
_CONTACTS = [("telegram", "ker_ja"), ("telegram", "+AbC"), ("phone", "+85512345678"), ("whatsapp", "+6281234567890")]
_PLACES = [("Bavet, KH", "KH", "hub"), ("Bangkok, TH", "TH", "transit"), ("Sihanoukville, KH", "KH", "hub")]
_DATES = [
    None,
    None,
    "2026-01-01T00:00:00Z",
    "2026-01-31T23:59:59.999999Z",
    "2026-02-01T00:00:00+00:00",
    "1960-05-05T00:00:00Z",
]

_text = st.lists(st.sampled_from(_VOCABULARY), max_size=6).map(" ".join)


def _entity(kind: str, value: str, **more: Any) -> Entity:
    return Entity(kind=kind, value=value, text=value, start=0, end=len(value), confidence=1.0, **more)


_entities = st.lists(
    st.one_of(
        st.sampled_from(_CONTACTS).map(lambda pair: _entity(*pair)),
        st.sampled_from(_PLACES).map(lambda p: _entity("location", p[0], country=p[1], role=p[2])),
        st.sampled_from([300.0, 800.0, 1500.5]).map(
            lambda p: _entity("salary", "x", usd_month_min=p, usd_month_max=p * 2)
        ),
        st.sampled_from(["gaji besar", "kerja"]).map(lambda name: _entity("organisation", name)),
    ),
    max_size=3,
).map(tuple)


@st.composite
def _documents(draw: st.DrawFn) -> list[Document]:
    made = []
    for number in range(1, draw(st.integers(1, 12)) + 1):
        reasons = (Indicator(indicator="typing-test", family="selection", weight=1, text="x", start=0, end=1),)
        risk = Risk(
            level=draw(st.sampled_from(LEVELS)),
            score=draw(st.sampled_from([0.0, 0.25, 0.5, 1.0])),
            reasons=reasons if draw(st.booleans()) else (),
        )
        made.append(
            Document(
                id=f"{(number * 7919) % 97:024x}",
                number=number,
                url=f"https://x.example/{number}",
                title=draw(_text),
                text=draw(_text),
                author="",
                source="s",
                platform="web",
                published_at=draw(st.sampled_from(_DATES)),
                first_seen="2026-01-01T00:00:00Z",
                last_seen="2026-01-01T00:00:00Z",
                language=draw(st.sampled_from(["id", "zh"])),
                kind="offer",
                risk=risk,
                entities=draw(_entities),
            )
        )
    return made


_leaf = st.one_of(
    st.sampled_from(_VOCABULARY),
    st.lists(st.sampled_from(_VOCABULARY), min_size=2, max_size=3).map(lambda found: '"' + " ".join(found) + '"'),
    st.sampled_from(
        [
            "ker*",
            "adm*",
            "title:gaji",
            'text:"gaji besar"',
            "title:ker*",
            "findings:bavet",
            'organisation:"gaji besar"',
            "sihanoukville",
            "telegram:ker_ja",
            "telegram:+AbC",
            "telegram:ker*",
            "phone:+855*",
            "contact:ker_ja",
            "+62 812-3456-7890",
            "t.me/ker_ja",
            "place:bavet",
            "country:kh",
            "role:hub",
            "level:>=medium",
            "level:none",
            "score:>=0.5",
            "score:{0 TO 1}",
            "usd_month:>800",
            "usd_month_max:[* TO 1600]",
            "published:2026-01",
            "published:*",
            "published:<2026-02-01",
            "published:>2026-01-31",
            "contact:*",
            "language:zh",
            "indicator:typing-test",
            "number:[3 TO 7]",
            "*",
            "link:*",
            "first_seen:2026",
        ]
    ),
)
_query = st.recursive(
    _leaf,
    lambda inner: st.one_of(
        inner.map(lambda q: f"NOT ({q})"),
        st.tuples(inner, st.sampled_from([" ", " AND ", " OR ", " -"]), inner).map(lambda t: f"({t[0]}){t[1]}({t[2]})"),
    ),
    max_leaves=6,
)


def _expected(documents: list[Document], query: str, sort: str, words: Callable[[str], Sequence[Word]]) -> list[int]:
    tree = understand(query, words)
    scored = atoms(tree)
    rows = []
    for document in documents:
        entry = make_entry(document, words)
        if matches(tree, entry):
            date = micros(document.published_at)
            first = {"relevance": rank(scored, entry), "risk": document.risk.score, "date": 0}[sort]
            rows.append((-first, date is None, -(date or 0), document.id, document.number))
    return [row[-1] for row in sorted(rows)]


def _paged(engine: Index, query: str, sort: str, size: int) -> list[int]:
    numbers: list[int] = []
    after = None
    while True:
        page = engine.search(Request(query, size=size, sort=sort, after=after))  # type: ignore[arg-type]
        numbers += [hit.document.number for hit in page.hits]
        after = page.next
        if after is None:
            assert page.total == len(numbers)
            return numbers


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(_documents(), st.lists(_query, min_size=8, max_size=8), st.integers(1, 5))
def test_engines_give_what_a_plain_evaluation_gives(
    engine: Index, words: Any, documents: list[Document], queries: list[str], size: int
) -> None:
    engine.clear()
    half = len(documents) // 2  # two puts, so that there are two segments
    engine.put([(document.number, document) for document in documents[:half]])
    engine.put([(document.number, document) for document in documents[half:]])
    engine.refresh()
    for at, query in enumerate(queries):
        for sort in ("relevance", "date", "risk") if at < 3 else ("relevance",):
            assert _paged(engine, query, sort, size) == _expected(documents, query, sort, words), (query, sort)
        assert [d.number for d in engine.scan(query)] == sorted(_expected(documents, query, "date", words)), query


def test_the_oracle_is_no_yes_man(words: Any, document: Callable[..., Document]) -> None:
    entry = make_entry(document(1, text="gaji besar"), words)
    for query, answer in {
        "gaji": True,
        "besa": False,
        '"besar gaji"': False,
        "-gaji": False,
        "*": True,
        "score:>0": False,
    }.items():
        assert matches(understand(query, words), entry) is answer
    with pytest.raises(TypeError, match="not bound"):
        matches("kerja", entry)  # type: ignore[arg-type]
