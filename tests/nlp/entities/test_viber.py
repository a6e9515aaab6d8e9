from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "hint", "expected"),
    [
        ("Viber: +95 9 420 123 456", "", "viber +959420123456"),
        ("viber://chat?number=%2B85512345678", "", "viber +85512345678"),
        ("Viber/WhatsApp +855 12 345 678", "", "viber +85512345678; whatsapp +85512345678"),
        ("вайбер +7 912 345-67-89", "", "viber +79123456789"),
    ],
)
def test_viber_is_found(text: str, hint: str, expected: str, contacts: Callable[..., set[str]]) -> None:
    assert contacts(text, hint) == set(expected.split("; "))


@pytest.mark.parametrize(
    "text",
    [
        "Install Viber today",
    ],
)
def test_what_only_resembles_a_viber(text: str, contacts: Callable[..., set[str]]) -> None:
    assert not [found for found in contacts(text) if found.startswith(("viber ", "phone "))]
