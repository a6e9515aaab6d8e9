"""Entity lists: exact, and the same whatever the order of the posts."""

import random
from typing import Any

import pytest

from jerat.errors import InputError
from jerat.exchange.entities import collect, kinds_of
from jerat.model import CONTACT_KINDS


def test_an_entity_counts_once_a_post(make_document: Any, make_entity: Any) -> None:
    phone = make_entity("phone", "+62811")
    rows, read = collect([make_document(1, phone, phone), make_document(2, phone), make_document(3)])
    assert read == 3
    assert [(row.value, row.posts, row.post_ids) for row in rows] == [("+62811", 2, ("id1", "id2"))]


def test_sources_times_places_and_risk(make_document: Any, make_entity: Any) -> None:
    phone = make_entity("phone", "+62811")
    bavet, poipet = (make_entity("location", name, role="hub") for name in ("Bavet, KH", "Poipet, KH"))
    documents = [
        make_document(3, phone, bavet, source="a", level="low", score=0.3),
        make_document(1, phone, poipet, source="b", level="high", score=0.9),
        make_document(30, phone, poipet, source="a", level="none", score=0.1),
    ]
    expected = None
    for seed in range(5):
        random.Random(seed).shuffle(documents)
        rows, _ = collect(documents, ["phone"])
        (row,) = rows
        assert row.sources == ("a", "b")
        assert row.first_seen == "2026-01-01T00:00:00+00:00"
        assert row.last_seen == "2026-02-01T00:00:00.000000Z"  # without a date, when it was first fetched
        assert (row.level, row.score) == ("high", 0.9)
        assert row.places == ("Poipet, KH", "Bavet, KH")
        expected = expected or row.places
        assert row.places == expected


def test_a_place_is_not_its_own_neighbour(make_document: Any, make_entity: Any) -> None:
    rows, _ = collect([make_document(1, make_entity("location", "Bavet, KH"), make_entity("location", "Poipet, KH"))])
    assert {row.value: row.places for row in rows} == {"Bavet, KH": ("Poipet, KH",), "Poipet, KH": ("Bavet, KH",)}


def test_one_value_of_two_kinds_is_two_entities(make_document: Any, make_entity: Any) -> None:
    rows, _ = collect([make_document(1, make_entity("line", "abc"), make_entity("wechat", "abc"))])
    assert sorted(row.kind for row in rows) == ["line", "wechat"]


def test_orders(make_document: Any, make_entity: Any) -> None:
    often, risky, late = (make_entity("telegram", name) for name in ("often", "risky", "late"))
    documents = [
        make_document(1, often, level="low", score=0.2),
        make_document(2, often, level="low", score=0.2),
        make_document(3, risky, level="high", score=0.99),
        make_document(9, late, level="low", score=0.3),
    ]
    first = {sort: collect(documents, (), sort)[0][0].value for sort in ("posts", "risk", "last", "value")}
    assert first == {"posts": "often", "risk": "risky", "last": "late", "value": "late"}


def test_kinds() -> None:
    assert kinds_of([]) == ()
    assert kinds_of(["phone,telegram", "Phone"]) == ("phone", "telegram")
    assert kinds_of(["contact"]) == CONTACT_KINDS
    with pytest.raises(InputError, match="'fax'") as error:
        kinds_of(["fax"])
    assert "whatsapp" in error.value.hint
