from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "hint", "expected"),
    [
        ("https://discord.gg/JobsAsia", "", "discord jobsasia"),
        ("Discord: hiring_mod#4821", "", "discord hiring_mod#4821"),
        ("discord.com/invite/abc123", "", "discord abc123"),
    ],
)
def test_discord_is_found(text: str, hint: str, expected: str, contacts: Callable[..., set[str]]) -> None:
    assert contacts(text, hint) == set(expected.split("; "))


@pytest.mark.parametrize(
    "text",
    [
        "there was discord among them",
        "Discord between 20 people",
    ],
)
def test_what_only_resembles_a_discord(text: str, contacts: Callable[..., set[str]]) -> None:
    assert not [found for found in contacts(text) if found.startswith(("discord ", "phone "))]
