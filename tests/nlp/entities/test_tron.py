from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "hint", "expected"),
    [
        ("USDT TRC20: TDvr6Jpwfp1wDiV7PhaB19YMsMHRSXmY7p", "", "tron TDvr6Jpwfp1wDiV7PhaB19YMsMHRSXmY7p"),
    ],
)
def test_tron_is_found(text: str, hint: str, expected: str, contacts: Callable[..., set[str]]) -> None:
    assert contacts(text, hint) == set(expected.split("; "))


@pytest.mark.parametrize(
    "text",
    [
        "TDvr6Jpwfp1wDiV7PhaB19YMsMHRSXmY7q",
        "ThisIsJustALongWordThatHasThirtyFo",
    ],
)
def test_what_only_resembles_a_tron(text: str, contacts: Callable[..., set[str]]) -> None:
    assert not [found for found in contacts(text) if found.startswith(("tron ", "phone "))]
