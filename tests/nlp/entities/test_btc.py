from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "hint", "expected"),
    [
        ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "", "btc bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
        ("pay 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2 now", "", "btc 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"),
    ],
)
def test_btc_is_found(text: str, hint: str, expected: str, contacts: Callable[..., set[str]]) -> None:
    assert contacts(text, hint) == set(expected.split("; "))


@pytest.mark.parametrize(
    "text",
    [
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
        "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3",
        "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx",
    ],
)
def test_what_only_resembles_a_btc(text: str, contacts: Callable[..., set[str]]) -> None:
    assert not [found for found in contacts(text) if found.startswith(("btc ", "phone "))]
