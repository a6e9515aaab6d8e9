from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "hint", "expected"),
    [
        ("LINE ID: hr_mike99", "", "line hr_mike99"),
        ("ไลน์ somchai99", "", "line somchai99"),
        ("แอดไลน์ @casinojob", "", "line casinojob"),
        ("https://line.me/ti/p/~abc123", "", "line abc123"),
        ("라인아이디 kr_line77", "", "line kr_line77"),
        ("賴ID：job88tw", "", "line job88tw"),
    ],
)
def test_line_is_found(text: str, hint: str, expected: str, contacts: Callable[..., set[str]]) -> None:
    assert contacts(text, hint) == set(expected.split("; "))


@pytest.mark.parametrize(
    "text",
    [
        "งานออนไลน์ abc123",
        "オンライン abc123",
        "assembly line 24 workers",
        "온라인 job123",
        "production line: fast",
        "依赖 abc123",
    ],
)
def test_what_only_resembles_a_line(text: str, contacts: Callable[..., set[str]]) -> None:
    assert not [found for found in contacts(text) if found.startswith(("line ", "phone "))]
