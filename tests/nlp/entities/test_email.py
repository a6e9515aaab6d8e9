from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "hint", "expected"),
    [
        ("Mail HR@Example.CO.ID.", "", "email hr@example.co.id"),
        ("rina [at] gmail [dot] com", "", "email rina@gmail.com"),
        ("rina(at)example.com", "", "email rina@example.com"),
        ("rina AT example DOT com", "", "email rina@example.com"),
        ("hr dot poipet at gmail dot com", "", "email hr.poipet@gmail.com"),
        ("correo empleo arroba gmail punto com", "", "email empleo@gmail.com"),
        ("邮箱hr66@163.com联系", "", "email hr66@163.com"),
        ("info@münchen.de", "", "email info@münchen.de"),
        ("rina＠example．com", "", "email rina@example.com"),
    ],
)
def test_email_is_found(text: str, hint: str, expected: str, contacts: Callable[..., set[str]]) -> None:
    assert contacts(text, hint) == set(expected.split("; "))


@pytest.mark.parametrize(
    "text",
    [
        "Follow @name.surname now",
        "meet us at example.com",
        "look at this.",
        "a@b",
        "user@localhost",
        "work at home dot.",
    ],
)
def test_what_only_resembles_a_email(text: str, contacts: Callable[..., set[str]]) -> None:
    assert not [found for found in contacts(text) if found.startswith(("email ", "phone "))]
