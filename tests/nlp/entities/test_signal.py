from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "hint", "expected"),
    [
        ("Signal: +1 202 555 0143", "", "signal +12025550143"),
        ("シグナル +81 90-1234-5678", "", "signal +819012345678"),
        ("https://signal.me/#p/+12025550143", "", "signal +12025550143"),
        ("Signal kh_boss.42", "", "signal kh_boss.42"),
    ],
)
def test_signal_is_found(text: str, hint: str, expected: str, contacts: Callable[..., set[str]]) -> None:
    assert contacts(text, hint) == set(expected.split("; "))


@pytest.mark.parametrize(
    "text",
    [
        "signal strength 75",
        "a clear signal: yes",
        "traffic signal 12345",
    ],
)
def test_what_only_resembles_a_signal(text: str, contacts: Callable[..., set[str]]) -> None:
    assert not [found for found in contacts(text) if found.startswith(("signal ", "phone "))]
