"""The values that cross between rooms."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jerat import model
from jerat.errors import InputError
from jerat.model import Analysis, Entity, Field, Indicator, Job, Link, Message, Post, Risk, post_id, utc

WHEN = datetime(2026, 1, 2, tzinfo=UTC)


def post(**more: Any) -> Post:
    given: dict[str, Any] = {"id": "x", "source": "s", "platform": "p", "url": "u", "fetched_at": WHEN, "text": "t"}
    return Post(**(given | more))


def test_all_is_exact() -> None:
    public = {name for name, thing in vars(model).items() if getattr(thing, "__module__", "") == model.__name__}
    assert public <= set(model.__all__)
    assert model.__all__ == sorted(model.__all__, key=lambda name: (name != name.upper(), name[0].islower(), name))


@pytest.mark.parametrize("thing", [post(), Field("a", "b"), Risk(level="none", score=0.0), Link(url="u")])
def test_values_are_frozen(thing: object) -> None:
    name = next(iter(msgspec.structs.fields(thing))).name  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        setattr(thing, name, "other")


@pytest.mark.parametrize("name", ["fetched_at", "published_at"])
def test_a_time_without_zone_is_refused(name: str) -> None:
    times: dict[str, Any] = {"fetched_at": WHEN} | {name: datetime(2026, 1, 1)}  # noqa: DTZ001 -- what is refused
    with pytest.raises(InputError, match=f"{name} of post x has no time zone"):
        Post(id="x", source="s", platform="p", url="u", text="t", **times)


def test_utc() -> None:
    assert utc(datetime(2026, 1, 1)) == datetime(2026, 1, 1, tzinfo=UTC)  # noqa: DTZ001
    seven = timezone(timedelta(hours=7))
    assert utc(datetime(2026, 1, 1, 7, tzinfo=seven)) == datetime(2026, 1, 1, tzinfo=UTC)
    assert utc(datetime(2026, 1, 1, 7, tzinfo=seven)).tzinfo is UTC


def test_ids_come_from_the_native_id_or_else_from_the_address() -> None:
    assert post_id("t", "1", "https://a.example") == post_id("t", "1", "https://b.example")
    assert post_id("t", "", "https://a.example") == post_id("u", "", "https://a.example")
    assert post_id("t", "1", "") != post_id("u", "1", "")
    assert post_id("t", "", "https://a.example") != post_id("t", "https://a.example", "")
    assert len(post_id("t", "1", "")) == 24


@given(st.text(), st.text(), st.text())
def test_any_text_has_an_id(platform: str, native: str, url: str) -> None:
    assert int(post_id(platform, native, url), 16) >= 0


def test_fields_are_read_in_order_and_links_only_where_the_text_does_not_show_them() -> None:
    full = post(
        title="T",
        text="see https://shown.example",
        links=(Link(url="https://shown.example", start=4, end=25), Link(url="https://t.me/hidden")),
        job=Job(organisation="O", locations=("A", "B"), salary="S", contacts=("tel:1",)),
        message=Message(forwarded_url="https://t.me/from"),
    )
    assert [(field.name, field.text) for field in full.fields()] == [
        ("title", "T"), ("organisation", "O"), ("location", "A"), ("location", "B"), ("salary", "S"), ("contact", "tel:1"),
        ("forwarded", "https://t.me/from"), ("link", "https://t.me/hidden"),
    ]  # fmt: skip
    assert post().fields() == ()


def test_a_post_survives_json() -> None:
    full = post(
        published_at=WHEN, media=("m",), links=(Link(url="u"),), job=Job(organisation="O"), message=Message(views=3)
    )
    assert msgspec.json.decode(msgspec.json.encode(full), type=Post) == full


def test_an_analysis_is_printed_as_the_design_says() -> None:
    reason = Indicator(text="gaji", start=0, end=4, indicator="pay", family="pay", weight=1.2)
    entity = Entity(text="+855", start=5, end=9, kind="phone", value="+855", confidence=0.98)
    analysis = Analysis(
        id="1",
        language="id",
        kind="offer",
        risk=Risk(level="high", score=0.94, reasons=(reason,)),
        entities=(entity,),
        fingerprint="f",
        versions={"nlp": "1"},
    )
    assert json.loads(msgspec.json.encode(analysis)) == {
        "id": "1",
        "language": "id",
        "kind": "offer",
        "risk": {
            "level": "high",
            "score": 0.94,
            "reasons": [{"indicator": "pay", "family": "pay", "text": "gaji", "start": 0, "end": 4, "weight": 1.2}],
        },
        "entities": [{"kind": "phone", "value": "+855", "text": "+855", "start": 5, "end": 9, "confidence": 0.98}],
        "fingerprint": "f",
        "versions": {"nlp": "1"},
    }
    assert msgspec.json.decode(msgspec.json.encode(analysis), type=Analysis) == analysis


def test_kinds_are_named_once() -> None:
    assert len(set(model.ENTITY_KINDS)) == len(model.ENTITY_KINDS)
    assert set(model.CONTACT_KINDS) < set(model.ENTITY_KINDS)
