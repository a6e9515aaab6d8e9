from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "hint", "expected"),
    [
        ("facebook.com/loker.kamboja", "", "facebook loker.kamboja"),
        ("m.me/ana.recruiter", "", "facebook ana.recruiter"),
        ("fb: budi.santoso99", "", "facebook budi.santoso99"),
        ("https://www.facebook.com/profile.php?id=100012345678", "", "facebook 100012345678"),
    ],
)
def test_facebook_is_found(text: str, hint: str, expected: str, contacts: Callable[..., set[str]]) -> None:
    assert contacts(text, hint) == set(expected.split("; "))


@pytest.mark.parametrize(
    "text",
    [
        "Facebook: Budi Santoso",
        "Facebook page and group",
    ],
)
def test_what_only_resembles_a_facebook(text: str, contacts: Callable[..., set[str]]) -> None:
    assert not [found for found in contacts(text) if found.startswith(("facebook ", "phone "))]
