"""The query language: what is forgiven, what is refused, and where the message points."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.query import parse
from index.query.parse import MAX_TERMS
from index.query.scan import MAX_DEPTH, MAX_LENGTH
from index.query.tree import And, Everything, Exists, Not, Or, Span, Text, Tree, Value
from index.query.values import read_date
from jerat.errors import QueryError


def texts(tree: Tree) -> list[str]:
    """All texts of a tree, in order."""
    match tree:
        case Text():
            return [tree.text]
        case And() | Or():
            return [text for part in tree.parts for text in texts(part)]
        case Not():
            return texts(tree.part)
    return []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", Everything()),
        ("  ", Everything()),
        ("*", Everything()),
        ("phone:*", Exists("phone")),
        ("Level:HIGH", Value("level", ("high",))),
        ("level:>=medium", Value("level", ("medium", "high"))),
        ("score:>0.5", Span("score", 0.5, None, include_low=False)),
        ("usd_month:[800 TO 1,500}", Span("usd_month", 800.0, 1500.0, include_high=False)),
        ("a -b", And((Text((), "a", position=0), Not(Text((), "b", position=3))))),
        ("title:ab*", Text(("title",), "ab", prefix=True, position=6)),
    ],
)
def test_trees(query: str, expected: Tree) -> None:
    assert parse(query) == expected


@pytest.mark.parametrize(
    "query",
    [
        "https://t.me/name?x=1&y=(2)",
        "t.me/+AbC",
        "a@b.example",
        "@name",
        "12:30",
        "24/7",
        "c++",
        "AT&T",
        "50%",
        "it's",
        "'lone",
        "<b>",
        "/start",
        "[URGENT",
        "#loker",
        "$1,000",
        "gaji:",
        "…",
        "🔥🔥",
        "ដំណឹង",
        "a~2",
        "x^2",
        "e-mail",
        "1-2",
        "工资:5000",
        "and",
        "or",
        "not",
        "TO",
        "berminat?",
        "mailto:hr@firm.example",
        "\\",
        "{",
        "]",
        "foo://bar",
    ],
)
def test_text_that_looks_like_syntax_is_text(query: str) -> None:
    assert texts(parse(query)) == [query]
    assert texts(parse(f"kerja {query} gaji")) == ["kerja", query, "gaji"]


def test_pasted_lines_are_text() -> None:
    assert texts(parse("Lowongan! Gaji: 1000 USD - WA: +62 812-3456-7890, admin/CS")) == [
        "Lowongan!",
        "Gaji:",
        "1000",
        "USD",
        "WA:",
        "+62 812-3456-7890",
        ",",
        "admin/CS",
    ]


@pytest.mark.parametrize(
    ("query", "position", "words"),
    [
        ("(kerja", 0, "parenthesis is not closed"),
        ("kerja)", 5, "closes nothing"),
        ("()", 1, "before this parenthesis"),
        ('kerja "gaji', 6, "quotation mark is not closed"),
        ("kerja AND", 6, "must follow `AND`"),
        ("OR kerja", 0, "must stand before `OR`"),
        ("a OR OR b", 5, "must stand before `OR`"),
        ("(a AND )", 7, "parenthesis"),
        ("kerja *gaji", 6, "only at the end"),
        ("f*ck", 0, "only at the end"),
        ("a*", 0, "at least 2"),
        ("phone:+*", 6, "at least 2"),
        ("telegram:", 0, "nothing after `telegram:`"),
        ("score:abc", 6, "no number"),
        ("published:soon", 10, "no date"),
        ("published:2026-13", 10, "no date"),
        ("published:[1 TO", 10, "range cannot be read"),
        ("level:huge", 6, "none, low, medium, high"),
        ("level:>huge", 6, "none, low, medium, high"),
        ("telegram:>a", 9, "takes no range"),
        ("score:ab*", 6, "takes no star"),
        ("score:>", 6, "nothing to compare"),
        ("kerja nofield:x", 6, "no field `nofield`"),
        ("text:(level:high)", 6, "cannot stand inside"),
        ('"a"~2', 3, "`~` is not known"),
        ("🔥 tite:x", 2, "did you mean `title`"),
        ("usd_month:nan", 10, "no number"),
        ("risk:high", 0, "did you mean `level` or `score`"),
        ("phone:abc", 6, "nothing that `phone` could be"),
    ],
)
def test_mistakes_are_pointed_at(query: str, position: int, words: str) -> None:
    with pytest.raises(QueryError, match=None) as caught:
        parse(query)
    assert words in str(caught.value)
    assert caught.value.position == position
    assert f"character {position + 1}" in str(caught.value)
    assert caught.value.query == query


def test_an_unknown_field_names_those_there_are() -> None:
    with pytest.raises(QueryError, match=r"title, text, .*telegram, .*published"):
        parse("nofield:x")


def test_bounds() -> None:
    with pytest.raises(QueryError, match=f"at most {MAX_LENGTH} characters"):
        parse("x" * (MAX_LENGTH + 1))
    with pytest.raises(QueryError, match=f"at most {MAX_TERMS} words"):
        parse(" ".join("x" for _ in range(MAX_TERMS + 1)))
    for deep in ("(" * 2000 + "x" + ")" * 2000, "NOT " * 2000 + "x", "-" * 5000 + "x"):
        with pytest.raises(QueryError, match=f"{MAX_DEPTH} deep"):
            parse(deep)


def test_dates_name_whole_days() -> None:
    day = 86_400_000_000
    assert read_date("1970-01-01") == (0, day - 1)
    assert read_date("1970-01") == (0, 31 * day - 1)
    assert read_date("1970") == (0, 365 * day - 1)
    assert read_date("1970-01-01T00:01") == (60_000_000, 119_999_999)
    assert read_date("1970-01-01T01:00:00+01:00") == (0, 999_999)
    assert read_date("1970-01-01T00:00:00.000001") == (1, 1)
    assert read_date("9999-12-31")[1] == read_date("9999")[1]


_PIECES = [*' ab*"()[]{}:+-~^\\/<>=!&|@.#💥西\u200b\n1', "AND ", " OR ", " TO ", "text:", "phone:", "score:", "level:>"]


@given(st.lists(st.sampled_from(_PIECES), max_size=25).map("".join))
def test_any_text_is_understood_or_refused_in_place(query: str) -> None:
    try:
        parse(query)
    except QueryError as error:
        mistake = error
    else:
        return
    assert -1 <= mistake.position <= len(query)
    assert str(mistake)
