from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jerat.model import ENTITY_KINDS
from nlp.context import Context, Match
from nlp.resolve import RANKS, entities, resolve, settle


def match(kind: str, start: int, end: int, value: str = "v", confidence: float = 0.9) -> Match:
    return Match(kind=kind, value=value, start=start, end=end, confidence=confidence)


def kinds(*matches: Match) -> list[tuple[str, int, int]]:
    return [(found.kind, found.start, found.end) for found in settle(matches)]


def test_every_kind_has_a_rank() -> None:
    assert set(RANKS) == set(ENTITY_KINDS)


def test_a_messenger_wins_over_the_number_and_the_address_it_is_in() -> None:
    link = match("url", 0, 27, "https://wa.me/6281234567890")
    assert kinds(link, match("phone", 14, 27), match("whatsapp", 0, 27)) == [("whatsapp", 0, 27)]
    assert kinds(match("url", 0, 60, "https://api.whatsapp.com/send?phone=628"), match("whatsapp", 36, 60)) == [
        ("whatsapp", 36, 60)
    ]
    assert kinds(match("url", 0, 20, "https://t.me/abc_def"), match("telegram", 0, 20)) == [("telegram", 0, 20)]


def test_an_email_wins_over_its_domain() -> None:
    assert kinds(match("url", 4, 15, "http://example.com"), match("email", 0, 15)) == [("email", 0, 15)]
    assert kinds(match("url", 0, 25, "mailto:ab@example.com"), match("email", 7, 25)) == [("email", 7, 25)]


def test_a_contact_inside_a_foreign_address_stays_beside_it() -> None:
    url = match("url", 0, 50, "https://example.com/go?to=t.me/abc_def")
    assert kinds(url, match("telegram", 30, 42)) == [("url", 0, 50), ("telegram", 30, 42)]
    assert kinds(url, match("phone", 30, 42), match("location", 8, 12)) == [("url", 0, 50)]


def test_a_number_under_two_messengers_is_both() -> None:
    both = [("whatsapp", 5, 15), ("zalo", 5, 15)]
    assert kinds(match("whatsapp", 5, 15), match("zalo", 5, 15)) == both
    assert kinds(match("whatsapp", 5, 15), match("zalo", 5, 15), match("phone", 5, 14)) == both


def test_a_number_named_as_phone_and_as_messenger_is_both() -> None:
    assert kinds(match("whatsapp", 5, 15), match("phone", 5, 15)) == [("whatsapp", 5, 15), ("phone", 5, 15)]


def test_the_longer_of_one_rank_wins_and_then_the_surer() -> None:
    assert kinds(match("location", 0, 2), match("location", 0, 8)) == [("location", 0, 8)]
    sure, unsure = match("phone", 0, 9, "a", 0.4), match("phone", 0, 9, "b", 0.8)
    assert [found.value for found in settle([sure, unsure])] == ["b"]


def test_a_place_in_the_name_of_an_organisation_stays() -> None:
    assert kinds(match("organisation", 0, 20), match("location", 10, 20)) == [
        ("organisation", 0, 20),
        ("location", 10, 20),
    ]
    assert kinds(match("organisation", 0, 20), match("location", 0, 20)) == [("location", 0, 20)]


def test_the_same_value_at_two_places_stays_at_both() -> None:
    assert len(settle([match("phone", 0, 9), match("phone", 12, 21)])) == 2


def test_a_range_over_a_border_is_dropped_and_the_rest_keeps_its_disguises() -> None:
    from jerat.model import Field

    context = Context.of("wa ０８１２", fields=[Field("title", "x")])
    context.entities = [match("phone", 3, 7), match("location", 5, 10), match("person", 3, 3)]
    resolve(context)
    (entity,) = entities(context)
    assert (entity.kind, entity.text, entity.start, entity.end) == ("phone", "０８１２", 3, 7)
    assert entity.undone == ("fullwidth",)


matches = st.lists(
    st.builds(
        lambda kind, start, length, confidence: match(kind, start, start + length, "https://t.me/x", confidence),
        st.sampled_from(ENTITY_KINDS), st.integers(0, 40), st.integers(1, 20), st.sampled_from([0.2, 0.5, 0.9]),
    ),
    max_size=12,
)  # fmt: skip


@given(matches)
def test_it_is_settled_once_and_of_one_kind_nothing_overlaps(given_matches: list[Match]) -> None:
    stay = settle(given_matches)
    assert settle(stay) == stay
    assert all(any(one is found for found in given_matches) for one in stay)
    for at, one in enumerate(stay):
        for two in stay[at + 1 :]:
            assert one.kind != two.kind or one.end <= two.start or two.end <= one.start


def key(found: Match) -> tuple[int, int, str, float]:
    return found.start, found.end, found.kind, found.confidence


@given(matches)
def test_the_order_of_arrival_does_not_matter(given_matches: list[Match]) -> None:
    assert [key(m) for m in settle(given_matches)] == [key(m) for m in settle(given_matches[::-1])]


@pytest.mark.parametrize("number", [300, 3000])
def test_a_chain_of_many_overlaps_is_settled(number: int) -> None:
    stay = settle([match("phone", at * 5, at * 5 + 9) for at in range(number)])
    assert all(one.end <= two.start for one, two in pairwise(stay))
    assert len(stay) >= number // 2
