from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "hint", "expected"),
    [
        ("QQ：123456789", "", "qq 123456789"),
        ("企-鹅 987654321", "", "qq 987654321"),
        ("加Q 1 2 3 4 5 6 7 8 9", "", "qq 123456789"),
        ("扣扣 123456", "", "qq 123456"),
    ],
)
def test_qq_is_found(text: str, hint: str, expected: str, contacts: Callable[..., set[str]]) -> None:
    assert contacts(text, hint) == set(expected.split("; "))


@pytest.mark.parametrize(
    "text",
    [
        "QQ群聊很热闹",
        "QQ飞车 2023",
    ],
)
def test_what_only_resembles_a_qq(text: str, contacts: Callable[..., set[str]]) -> None:
    assert not [found for found in contacts(text) if found.startswith(("qq ", "phone "))]
