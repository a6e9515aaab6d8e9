"""The comparison counts what it should, and the reader names what is wrong."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jerat.errors import InputError
from jerat.model import Analysis, Entity, Risk
from nlp.evaluation import Expected, Gold, Report, evaluate, read_gold, table


def analysis(*entities: Entity) -> Analysis:
    return Analysis(
        id="1",
        language="id",
        kind="offer",
        risk=Risk(level="none", score=0.0),
        entities=entities,
        fingerprint="",
        versions={},
    )


def entity(kind: str, value: str, start: int, end: int, **more: str) -> Entity:
    return Entity(kind=kind, value=value, text="", start=start, end=end, confidence=1.0, **more)  # type: ignore[arg-type]


def compared(gold: list[Expected], *found: Entity, text: str = "x" * 60, near_miss: bool = False) -> Report:
    post = Gold(id="1", text=text, entities=tuple(gold), language="id", near_miss=near_miss)
    return evaluate([post], [analysis(*found)])


def expected(kind: str, *values: str, start: int = 10, end: int = 20, **more: object) -> Expected:
    return Expected(kind=kind, values=values, start=start, end=end, **more)  # type: ignore[arg-type]


def test_kind_value_and_overlap_make_a_find_and_the_very_span_a_strict_one() -> None:
    gold = [expected("telegram", "contoh_hr")]
    for start, end, right, exact in ((10, 20, 1, 1), (19, 30, 1, 0), (20, 30, 0, 0), (0, 10, 0, 0)):
        count = compared(gold, entity("telegram", "contoh_hr", start, end)).contacts
        assert (count.right, count.exact, count.missed, count.wrong) == (right, exact, 1 - right, 1 - right)


@pytest.mark.parametrize(("kind", "value"), [("wechat", "contoh_hr"), ("telegram", "contoh_h")])
def test_another_kind_or_value_is_a_miss_and_a_false_alarm(kind: str, value: str) -> None:
    report = compared([expected("telegram", "contoh_hr")], entity(kind, value, 10, 20))
    assert (report.contacts.right, report.contacts.wrong, report.contacts.missed) == (0, 1, 1)
    assert [one.sort for one in report.mistakes] == ["missed", "wrong"]


def test_one_finding_answers_one_expected_only() -> None:
    twice = [expected("telegram", "contoh_hr"), expected("telegram", "contoh_hr", start=30, end=40)]
    assert compared(twice, entity("telegram", "contoh_hr", 10, 40)).contacts.missed == 1
    assert compared(twice[:1], *[entity("telegram", "contoh_hr", 10, 20)] * 2).contacts.wrong == 1


def test_without_a_span_the_value_is_enough() -> None:
    report = compared([expected("phone", "+6281", start=0, end=0)], entity("phone", "+6281", 3, 9))
    assert report.contacts.f1 == report.contacts.strict_f1 == 1


@pytest.mark.parametrize(
    ("kind", "right", "found"),
    [
        ("salary", "18.50-18.5 USD hour", "18.5-18.50 USD hour"),
        ("location", "Paranaque, PH", "Parañaque, PH"),
        ("url", "https://contoh.example/a", "http://contoh.example/a/"),
    ],
)
def test_values_are_compared_as_the_docs_say(kind: str, right: str, found: str) -> None:
    assert compared([expected(kind, right)], entity(kind, found, 10, 20)).kinds[kind].right == 1


@pytest.mark.parametrize(
    ("kind", "right", "found"),
    [
        ("salary", "800-1000 USD month", "800-1000 USD week"),
        ("salary", "800-1000 USD month", "800-1000 EUR month"),
        ("location", "Manchester, GB", "Manchester, US"),
        ("telegram", "abcdé", "abcde"),
    ],
)
def test_values_that_differ_differ(kind: str, right: str, found: str) -> None:
    assert compared([expected(kind, right)], entity(kind, found, 10, 20)).kinds[kind].right == 0


def test_what_is_optional_counts_for_nothing_found_or_not() -> None:
    gold = [expected("phone", "", optional=True)]
    for found in ([], [entity("phone", "+6281", 10, 20)], [entity("whatsapp", "+6281", 12, 14)]):
        count = compared(gold, *found).contacts
        assert (count.right, count.wrong, count.missed) == (0, 0, 0)
    assert compared(gold, entity("phone", "+6281", 30, 40)).contacts.wrong == 1


def test_names_and_findings_of_other_fields_are_left_out() -> None:
    report = compared([], entity("person", "Budi", 1, 5), entity("phone", "+6281", 1, 5, field="title"))
    assert report.kinds == {}
    assert report.mistakes == []


def test_a_false_contact_on_a_near_miss_counts_once_a_post_and_a_place_does_not() -> None:
    report = compared([], entity("phone", "+6281", 1, 5), entity("phone", "+6282", 7, 9), near_miss=True)
    assert (report.near_misses, report.near_misses_with_contacts) == (1, 1)
    assert compared([], entity("location", "Kita, JP", 1, 5), near_miss=True).near_misses_with_contacts == 0


def test_a_false_alarm_on_a_hidden_contact_is_counted_with_the_hidden() -> None:
    hidden = [expected("telegram", "contoh_hr", tricks=("keycap",))]
    report = compared(hidden, entity("phone", "+6281", 15, 25), entity("phone", "+6282", 40, 50))
    assert (report.hiding["hidden"].missed, report.hiding["hidden"].wrong, report.hiding["plain"].wrong) == (1, 1, 1)
    assert report.tricks["keycap"].wrong == 1


def test_roles_are_counted_where_the_gold_post_names_one() -> None:
    gold = [expected("location", "Medan, ID", role="origin")]
    for role, right in (("origin", 1), ("plain", 0)):
        report = compared(gold, entity("location", "Medan, ID", 10, 20, role=role))
        assert (report.roles, report.roles_right) == (1, right)


def test_the_table_lists_mistakes_with_the_text_around() -> None:
    text = "hubungi kami di @contoh_hr sekarang juga ya teman-teman semua"
    report = compared([expected("telegram", "contoh_hr", start=16, end=26)], text=text)
    assert "di ⟦@contoh_hr⟧ sekarang" in table(report, errors=1)
    assert "⟦" not in table(report)


def marked(tmp_path: Path, text: str) -> list[Gold]:
    path = tmp_path / "gold.txt"
    path.write_text(text, encoding="utf-8")
    return read_gold(path)


def test_marks_give_offsets_that_slice_the_text(tmp_path: Path) -> None:
    (post,) = marked(
        tmp_path,
        "# a comment\n--- a-1 id hint=ID near-miss\nWA [[08\\u200b12|whatsapp|+62812|zero-width|keycap]]\n"
        "ke [[Medan|location|Medan, ID or Medan, MY|role=origin]]\n",
    )
    assert (post.id, post.language, post.country_hint, post.near_miss) == ("a-1", "id", "ID", True)
    assert post.text == "WA 08\u200b12\nke Medan"
    first, second = post.entities
    assert post.text[first.start : first.end] == "08\u200b12"
    assert first.tricks == ("zero-width", "keycap")
    assert post.text[second.start : second.end] == "Medan"
    assert second.role == "origin"
    assert second.values == ("Medan, ID", "Medan, MY")


@given(st.lists(st.tuples(st.text(st.characters(exclude_characters="[]|\\\r"), max_size=8), st.booleans()), max_size=6))
def test_any_text_between_marks_keeps_its_offsets(
    tmp_path_factory: pytest.TempPathFactory, parts: list[tuple[str, bool]]
) -> None:
    body = "".join(f"[[{text}x|phone|+1]]" if mark else text.replace("\n", " ") for text, mark in parts)
    path = tmp_path_factory.mktemp("gold") / "one.txt"
    path.write_bytes(f"--- 1 id\n.{body}.\n".encode("utf-8", "replace"))
    (post,) = read_gold(path)
    surfaces = [f"{text}x".encode("utf-8", "replace").decode() for text, mark in parts if mark]
    assert [post.text[one.start : one.end] for one in post.entities] == surfaces


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no posts"),
        ("--- 1 id\n[[a|phone|+1|sleight]]\n", "sleight"),
        ("--- 1 id\n[[a|fax|+1]]\n", "fax"),
        ("--- 1 id\n[[a|phone]]\n", "no value"),
        ("--- 1 id\n[[a|phone|+1\n", "not closed"),
        ("--- 1 id\na\n--- 2\nb\n", "head line"),
        ('{"id": 1, "text": "a"}\n', "line 1: 'entities' is missing"),
        ('{"id": 1, "text": "a", "entities": []}\n{\n', "line 2"),
        ('{"id": 1, "text": "a", "entities": [{"kind": "fax", "value": "1"}]}\n', "fax"),
        ('{"id": 1, "text": "a", "entities": [{"kind": "phone", "value": "1", "start": 3, "end": 9}]}\n', "inside"),
        ('{"id": 1, "text": 5, "entities": []}\n', "text"),
        ('{"id": 1, "text": "a", "entities": 5}\n', "line 1"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=r"gold\.txt") as caught:
        marked(tmp_path, text)
    assert said in str(caught.value)


def test_a_file_that_is_not_there_or_not_utf8_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere"):
        read_gold(tmp_path / "nowhere.jsonl")
    (tmp_path / "latin").write_bytes(b"--- 1 id\n\xe9\n")
    with pytest.raises(InputError, match="UTF-8"):
        read_gold(tmp_path / "latin")


def test_lines_made_elsewhere_are_read(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    lines = [
        {"id": 7, "text": "WA 0812", "country_hint": "id", "language": "id",
         "entities": [{"kind": "whatsapp", "value": ["+62812", "+60812"], "start": 3, "end": 7}]},
        {"id": "b", "text": "order 0812 di Medan", "entities": [{"kind": "location", "value": "Medan, ID"}]},
    ]  # fmt: skip
    path.write_text("\ufeff" + "\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    first, second = read_gold(path)
    assert (first.id, first.country_hint, first.entities[0].values) == ("7", "ID", ("+62812", "+60812"))
    assert (first.near_miss, second.near_miss) == (False, True)
