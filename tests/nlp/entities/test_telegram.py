from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "hint", "expected"),
    [
        ("Telegram: @kh_hiring", "", "telegram kh_hiring"),
        ("t.me/kh_hiring/123", "", "telegram kh_hiring"),
        ("https://t.me/s/kh_hiring?before=20", "", "telegram kh_hiring"),
        ("t.me/+AbCdEf123456789", "", "telegram +AbCdEf123456789"),
        ("t.me/joinchat/AbCdEf123456789", "", "telegram +AbCdEf123456789"),
        ("tg://resolve?domain=KH_Hiring", "", "telegram kh_hiring"),
        ("t . me / kh_hiring", "", "telegram kh_hiring"),
        ("t,me/kh_hiring", "", "telegram kh_hiring"),
        ("t。me/kh_hiring 招聘", "", "telegram kh_hiring"),
        ("t(dot)me/kh_hiring", "", "telegram kh_hiring"),
        ("telegram(dot)me/kh_hiring", "", "telegram kh_hiring"),
        ("telegram.dog/kh_hiring", "", "telegram kh_hiring"),
        ("飞机：kh_hiring", "", "telegram kh_hiring"),
        ("纸飞机 @kh_hiring", "", "telegram kh_hiring"),
        ("✈️ kh_hiring 西港", "", "telegram kh_hiring"),
        ("텔레 kh_hiring", "", "telegram kh_hiring"),
        ("ㅌㄹ: kh_hiring", "", "telegram kh_hiring"),
        ("テレグラム：kh_hiring", "", "telegram kh_hiring"),
        ("телеграм @kh_hiring", "", "telegram kh_hiring"),
        ("ເທເລແກຣມ: kh_hiring", "", "telegram kh_hiring"),
        ("เทเลแกรม kh_hiring", "", "telegram kh_hiring"),
        ("តេឡេក្រាម: @kh_hiring", "", "telegram kh_hiring"),
        ("တယ်လီဂရမ် @kh_hiring", "", "telegram kh_hiring"),
        ("टेलीग्राम @kh_hiring", "", "telegram kh_hiring"),
        ("ቴሌግራም @kh_hiring", "", "telegram kh_hiring"),
        ("tele: kh_hiring", "", "telegram kh_hiring"),
        ("T G : k h h i r i n g 8", "", "telegram khhiring8"),
        ("Telegram +855 12 345 678", "", "telegram +85512345678"),
        ("Daily vacancies @kh_hiring", "", "telegram kh_hiring"),
    ],
)
def test_telegram_is_found(text: str, hint: str, expected: str, contacts: Callable[..., set[str]]) -> None:
    assert contacts(text, hint) == set(expected.split("; "))


@pytest.mark.parametrize(
    "text",
    [
        "飞机票报销",
        "Join our Telegram group for news",
        "坐飞机去金边",
        "t.me/share/url?url=x",
        "t.me/addstickers/abcdef",
        "t.me/c/123456/7",
        "import @types/node",
        "@Override public void run()",
        "see @name@mastodon.host",
        "telegram marketing agent wanted",
        "a paper plane",
        "电报",
    ],
)
def test_what_only_resembles_a_telegram(text: str, contacts: Callable[..., set[str]]) -> None:
    assert not [found for found in contacts(text) if found.startswith(("telegram ", "phone "))]
