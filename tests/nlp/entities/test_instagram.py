from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "hint", "expected"),
    [
        ("IG: loker.kamboja_id", "", "instagram loker.kamboja_id"),
        ("https://instagram.com/Loker_KH/", "", "instagram loker_kh"),
        ("インスタ @job_kaigai", "", "instagram job_kaigai"),
        ("Follow @thaijobs on Instagram.", "", "instagram thaijobs"),
        ("ig: name.asean.id", "", "instagram name.asean.id"),
        ("IG: kerja.contoh.id / site kerja.example.id", "", "instagram kerja.contoh.id; url http://kerja.example.id/"),
        ("ig: instagram.com", "", "url http://instagram.com/"),
    ],
)
def test_instagram_is_found(text: str, hint: str, expected: str, contacts: Callable[..., set[str]]) -> None:
    assert contacts(text, hint) == set(expected.split("; "))


@pytest.mark.parametrize(
    "text",
    [
        "instagram influencer wanted",
        "ig nobel 2020",
    ],
)
def test_what_only_resembles_a_instagram(text: str, contacts: Callable[..., set[str]]) -> None:
    assert not [found for found in contacts(text) if found.startswith(("instagram ", "phone "))]
