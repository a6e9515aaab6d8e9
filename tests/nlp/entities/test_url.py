from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "hint", "expected"),
    [
        ("https://Example.com/Apply?b=2&a=1&utm_source=x", "", "url https://example.com/Apply?a=1&b=2"),
        ("www.example.com", "", "url http://www.example.com/"),
        ("example.com/apply", "", "url http://example.com/apply"),
        ("hxxps://kh-jobs[.]com/apply", "", "url https://kh-jobs.com/apply"),
        ("bit.ly/3AbCdEf", "", "url http://bit.ly/3AbCdEf"),
        ("kh-jobs.co.id", "", "url http://kh-jobs.co.id/"),
        ("请访问www.example.com了解", "", "url http://www.example.com/"),
        ("(see https://example.com/a_(b))", "", "url https://example.com/a_(b)"),
    ],
)
def test_url_is_found(text: str, hint: str, expected: str, contacts: Callable[..., set[str]]) -> None:
    assert contacts(text, hint) == set(expected.split("; "))


@pytest.mark.parametrize(
    "text",
    [
        "e.g. this",
        "S.Pd dan S.Kom",
        "file.txt README.md main.py",
        "Rp.10.jt No.5",
        "gaji.nya",
        "sentence.Without space",
        "buka.di mana",
        "kerja.Kami",
        "v2.10.3",
        "10.30",
    ],
)
def test_what_only_resembles_a_url(text: str, contacts: Callable[..., set[str]]) -> None:
    assert not [found for found in contacts(text) if found.startswith(("url ", "phone "))]
