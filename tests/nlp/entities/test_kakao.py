from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "hint", "expected"),
    [
        ("카톡: jobhr77", "", "kakao jobhr77"),
        ("KakaoTalk ID: mikehr77", "", "kakao mikehr77"),
        ("https://open.kakao.com/o/gAbCd123", "", "kakao gabcd123"),
        ("ㅋㅌ kha_tm55", "", "kakao kha_tm55"),
    ],
)
def test_kakao_is_found(text: str, hint: str, expected: str, contacts: Callable[..., set[str]]) -> None:
    assert contacts(text, hint) == set(expected.split("; "))


@pytest.mark.parametrize(
    "text",
    [
        "카톡으로 문의",
        "톡톡 튀는 사람 20명",
    ],
)
def test_what_only_resembles_a_kakao(text: str, contacts: Callable[..., set[str]]) -> None:
    assert not [found for found in contacts(text) if found.startswith(("kakao ", "phone "))]
