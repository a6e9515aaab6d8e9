from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "hint", "expected"),
    [
        ("微信：kefu_666", "", "wechat kefu_666"),
        ("WeChat ID: Lee_KH2020", "", "wechat lee_kh2020"),
        ("威 sx88991 西港", "", "wechat sx88991"),
        ("加V：abc12345", "", "wechat abc12345"),
        ("微-信 abc_zp99", "", "wechat abc_zp99"),
        ("卫星：laowo_168", "", "wechat laowo_168"),
        ("薇：138 0013 8000", "", "wechat 13800138000"),
        ("VX①③⑧⓪⓪①③⑧⓪⓪⓪", "", "wechat 13800138000"),
        ("手机13800138000（微信同号）", "", "phone +8613800138000; wechat 13800138000"),
    ],
)
def test_wechat_is_found(text: str, hint: str, expected: str, contacts: Callable[..., set[str]]) -> None:
    assert contacts(text, hint) == set(expected.split("; "))


@pytest.mark.parametrize(
    "text",
    [
        "微信支付",
        "卫星电视",
        "version v: 2",
        "权威 abc12345 不",
        "WeChat payments are accepted",
    ],
)
def test_what_only_resembles_a_wechat(text: str, contacts: Callable[..., set[str]]) -> None:
    assert not [found for found in contacts(text) if found.startswith(("wechat ", "phone "))]
