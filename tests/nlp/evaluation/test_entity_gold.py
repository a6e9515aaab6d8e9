"""The gold posts themselves: what they must hold, so that a score on them means something."""

import re
from collections import Counter
from pathlib import Path

import phonenumbers
import pytest

from jerat.model import CONTACT_KINDS
from nlp.entities.checksums import base58check, bech32, eip55
from nlp.evaluation import Gold, read_gold
from nlp.evaluation.gold import TRICKS

GOLD = Path(__file__).resolve().parents[2] / "gold"
DEV = read_gold(GOLD / "entities_dev.txt")
TEST = read_gold(GOLD / "entities_test.txt")
ALL = [*DEV, *TEST]
LANGUAGES = {
    "id", "ms", "en", "zh", "zh-Hant", "th", "vi", "my", "km", "lo", "tl", "hi", "ur", "bn", "ko", "ja", "pt", "ru", "sw", "am",
}  # fmt: skip
NUMBERED = {"phone", "whatsapp", "zalo", "viber", "signal"}
MESSENGERS = (
    "whatsapp", "telegram", "zalo", "viber", "signal", "wechat", "line", "kakao", "qq", "facebook", "instagram", "tiktok",
    "discord",
)  # fmt: skip


def contacts(posts: list[Gold]) -> list[tuple[str, str, tuple[str, ...]]]:
    """(language, kind, tricks) of every contact."""
    return [
        (post.language, one.kind, one.tricks) for post in posts for one in post.entities if one.kind in CONTACT_KINDS
    ]


def test_there_are_enough_posts_in_enough_languages_and_none_twice() -> None:
    assert len(ALL) >= 420
    assert {post.language for post in ALL} == LANGUAGES
    assert len({post.id for post in ALL}) == len({post.text for post in ALL}) == len(ALL)
    assert abs(len(DEV) - len(TEST)) <= 20


@pytest.mark.parametrize("part", [DEV, TEST], ids=["development", "test"])
def test_nearly_half_of_the_contacts_are_hidden_and_one_post_in_eight_only_looks_as_if(part: list[Gold]) -> None:
    hidden = [tricks for _, _, tricks in contacts(part) if tricks]
    assert 0.42 <= len(hidden) / len(contacts(part)) <= 0.55
    near = [post for post in part if post.near_miss]
    assert 0.11 <= len(near) / len(part) <= 0.17
    assert not contacts(near)
    assert all(any(char.isdigit() for char in post.text) for post in near)


@pytest.mark.parametrize("part", [DEV, TEST], ids=["development", "test"])
def test_every_language_has_contacts_plain_and_hidden_and_near_misses(part: list[Gold]) -> None:
    for language in LANGUAGES:
        own = [post for post in part if post.language == language]
        assert any(post.near_miss for post in own), language
        assert {bool(tricks) for _, _, tricks in contacts(own)} == {False, True}, language


def test_every_messenger_and_every_trick_is_there_and_none_that_nobody_named() -> None:
    kinds = Counter(kind for _, kind, _ in contacts(ALL))
    assert all(
        kinds[kind] >= 2 for kind in (*MESSENGERS, "phone", "email", "url", "btc", "eth", "tron", "bank_account")
    )
    tricks = Counter(trick for _, _, names in contacts(ALL) for trick in names)
    assert set(tricks) == set(TRICKS)
    assert min(tricks.values()) >= 4


def test_near_misses_name_the_messengers_and_the_numbers_that_are_none() -> None:
    text = "\n".join(post.text.lower() for post in ALL if post.near_miss)
    for word in (
        "telegram",
        "whatsapp",
        "飞机票",
        "微信",
        "企鹅",
        "卫星",
        "賴",
        "ไลน์",
        "카톡",
        "zalo",
        "otp",
        "commit",
        "def ",
        "v8.",
    ):
        assert word in text, word


def test_places_pay_and_ages_are_there_in_every_language() -> None:
    for language in LANGUAGES:
        kinds = {one.kind for post in ALL if post.language == language for one in post.entities}
        assert {"location", "salary", "age"} <= kinds, language


def test_numbers_are_valid_and_addresses_have_their_checksums() -> None:
    for post in ALL:
        for one in post.entities:
            for value in one.values:
                if one.kind in NUMBERED and not one.optional and value.startswith("+"):
                    assert phonenumbers.is_valid_number(phonenumbers.parse(value)), (post.id, value)
                if one.kind == "eth":
                    assert eip55(value), post.id
                if one.kind == "tron":
                    assert base58check(value) is not None, post.id
                if one.kind == "btc":
                    assert base58check(value) is not None or bech32(value) is not None, post.id
                if one.kind == "location" and not one.optional:
                    assert re.search(r", [A-Z]{2}\Z", value), (post.id, value)


def test_a_plain_contact_is_read_from_its_surface_without_undoing_anything() -> None:
    """Not marked as hidden, and yet not in its own text: then the mark is wrong."""
    for post in ALL:
        for one in post.entities:
            if (
                one.kind in ("telegram", "wechat", "line", "kakao", "instagram", "email")
                and not one.tricks
                and not one.optional
            ):
                surface = post.text[one.start : one.end].lower()
                assert any(value.lower() in surface for value in one.values), (post.id, surface)
