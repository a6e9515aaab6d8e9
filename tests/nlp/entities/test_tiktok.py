from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "hint", "expected"),
    [
        ("TikTok @thai_jobs_now", "", "tiktok thai_jobs_now"),
        ("https://www.tiktok.com/@thai.jobs/video/123", "", "tiktok thai.jobs"),
        ("틱톡: kr_job1", "", "tiktok kr_job1"),
    ],
)
def test_tiktok_is_found(text: str, hint: str, expected: str, contacts: Callable[..., set[str]]) -> None:
    assert contacts(text, hint) == set(expected.split("; "))


@pytest.mark.parametrize(
    "text",
    [
        "TikTok live host wanted",
        "tiktok 2024",
    ],
)
def test_what_only_resembles_a_tiktok(text: str, contacts: Callable[..., set[str]]) -> None:
    assert not [found for found in contacts(text) if found.startswith(("tiktok ", "phone "))]
