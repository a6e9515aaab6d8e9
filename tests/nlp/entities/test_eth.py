from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "hint", "expected"),
    [
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "", "eth 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
        ("to 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "", "eth 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"),
    ],
)
def test_eth_is_found(text: str, hint: str, expected: str, contacts: Callable[..., set[str]]) -> None:
    assert contacts(text, hint) == set(expected.split("; "))


@pytest.mark.parametrize(
    "text",
    [
        "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "9fceb02d0ae598e95dc970b74767f19372d61af8",
    ],
)
def test_what_only_resembles_a_eth(text: str, contacts: Callable[..., set[str]]) -> None:
    assert not [found for found in contacts(text) if found.startswith(("eth ", "phone "))]
