from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "hint", "expected"),
    [
        ("Zalo 0912 345 678", "", "zalo +84912345678"),
        ("zalo.me/0987654321", "", "zalo +84987654321"),
        ("za lo: +84 912 345 678", "", "zalo +84912345678"),
        ("0912.345.678 (Zalo)", "", "zalo +84912345678"),
    ],
)
def test_zalo_is_found(text: str, hint: str, expected: str, contacts: Callable[..., set[str]]) -> None:
    assert contacts(text, hint) == set(expected.split("; "))


@pytest.mark.parametrize(
    "text",
    [
        "Nhắn Zalo nhé",
        "zalo.me/g/abcdef123",
    ],
)
def test_what_only_resembles_a_zalo(text: str, contacts: Callable[..., set[str]]) -> None:
    assert not [found for found in contacts(text) if found.startswith(("zalo ", "phone "))]
