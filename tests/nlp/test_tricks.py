"""The ways in which contacts are hidden (measured, attested and known ones), each as an invented example.

`undone` are the disguises that the finding names; empty where a name of the trade (an alias) is all that hides it.
"""

import pytest

import nlp
from jerat.model import CONTACT_KINDS
from nlp.normalise import normalise
from nlp.normalise.radicals import _TEXTS, PARTS

# fmt: off
TRICKS = [  # text, country hint, the contact, what was undone
    ("客服纸飞机：@contoh_admin", "", "telegram contoh_admin", ""),
    ("飞机: contoh_88", "", "telegram contoh_88", ""),
    ("TG contoh_admin88", "", "telegram contoh_admin88", ""),
    ("电报 @contoh_admin", "", "telegram contoh_admin", ""),
    ("威 sxcontoh88", "", "wechat sxcontoh88", ""),
    ("V：w17contoh", "", "wechat w17contoh", ""),
    ("薇：contoh1288", "", "wechat contoh1288", ""),
    ("威:jscontoh9", "", "wechat jscontoh9", ""),
    ("喂心 CADcontoh7", "", "wechat cadcontoh7", ""),
    ("企-鹅 128834567", "", "qq 128834567", ""),
    ("ＴＧ：contoh_admin", "", "telegram contoh_admin", "fullwidth"),
    ("𝐓𝐆 contoh_admin1", "", "telegram contoh_admin1", "mathematical"),
    ("微信①②⑧contoh", "", "wechat 128contoh", "circled"),
    ("\u7535\u200b\u62a5\uff1acontoh_\ufeffadmin", "", "telegram contoh_admin", "zero-width"),
    ("飞_机：contoh_admin", "", "telegram contoh_admin", "split"),
    ("➕微信 contoh1288", "", "wechat contoh1288", ""),
    ("➕V contoh1288", "", "wechat contoh1288", ""),
    ("飛僟：contoh_admin", "", "telegram contoh_admin", ""),
    ("官网 contohkerja点com", "", "url http://contohkerja.com/", "defanged"),
    ("WA: O812 3456 78о1 аdmin, tеlеgrаm: contoh_admin", "", "telegram contoh_admin", "homoglyph"),
    ("Ｔ Ｇ ： ＣＯＮＴＯＨ＿８８", "", "telegram contoh_88", "fullwidth split"),
    ("L-I-N-E: contoh88", "", "line contoh88", "split"),
    ("ไ ล น์ : contoh88", "", "line contoh88", ""),
    ("ไลน์ c o n t o h 8 8", "", "line contoh88", "spaced"),
    ("彳攵亻言：contoh1288", "", "wechat contoh1288", "radicals"),
    ("微亻言 contoh1288", "", "wechat contoh1288", "radicals"),
    ("飞木几：contoh_admin", "", "telegram contoh_admin", "radicals"),
    ("电扌艮：contoh_admin", "", "telegram contoh_admin", "radicals"),
    ("wei信 contoh1288", "", "wechat contoh1288", ""),
    ("徽亻言 contoh1288", "", "wechat contoh1288", "radicals"),
    ("丅G：contoh_admin", "", "telegram contoh_admin", ""),
    ("\u5fae\u2764\ufe0f\u4fe1 contoh1288", "", "wechat contoh1288", ""),
    ("\u2708\ufe0f @contoh_admin", "", "telegram contoh_admin", ""),
    ("\u2946\u2708\ufe0f \u279a contoh_admin", "", "telegram contoh_admin", ""),
    ("t,me/contoh_admin", "", "telegram contoh_admin", "defanged"),
    ("t . me / contoh_admin", "", "telegram contoh_admin", "defanged"),
    ("t。me/contoh_admin", "", "telegram contoh_admin", "defanged"),
    ("telegram(dot)me/contoh_admin", "", "telegram contoh_admin", "defanged"),
    ("wa.me/6281234567890", "", "whatsapp +6281234567890", ""),
    ("wa,me/6281234567890", "", "whatsapp +6281234567890", "defanged"),
    ("api.whatsapp.com/send?phone=6281234567890", "", "whatsapp +6281234567890", ""),
    ("double-u a 081234567890", "ID", "whatsapp +6281234567890", ""),
    ("WA +eight five five 12 345 678", "", "whatsapp +85512345678", "words"),
    ("WA plus 855 12 345 678", "", "whatsapp +85512345678", ""),
    ("WA ＋８５５ 12 345 678", "", "whatsapp +85512345678", "fullwidth"),
    ("WA 0\ufe0f\u20e38\ufe0f\u20e31\ufe0f\u20e32\ufe0f\u20e33\ufe0f\u20e34\ufe0f\u20e35\ufe0f\u20e36\ufe0f\u20e37\ufe0f\u20e38\ufe0f\u20e39\ufe0f\u20e30\ufe0f\u20e3", "ID", "whatsapp +6281234567890", "keycap"),  # noqa: E501
    ("电话：一三八零零一三八零零零", "", "phone +8613800138000", "words"),
    ("手机 壹叁捌零零壹叁捌零零零", "", "phone +8613800138000", "words"),
    ("卫星 contoh1288", "", "wechat contoh1288", ""),
    ("威信 contoh1288", "", "wechat contoh1288", ""),
    ("绿泡泡 contoh1288", "", "wechat contoh1288", ""),
    ("薇 contoh1288", "", "wechat contoh1288", ""),
    ("ⅤⅩ：contoh1288", "", "wechat contoh1288", "roman-numeral"),
    ("Ⅴ信 contoh1288", "", "wechat contoh1288", "roman-numeral"),
    ("LINE @contoh88", "", "line contoh88", ""),
    ("แอดไลน์ contoh88", "", "line contoh88", ""),
    ("카톡 contoh88", "", "kakao contoh88", ""),
    ("ㅋㅌ contoh88", "", "kakao contoh88", ""),
    ("텔레 contoh88", "", "telegram contoh88", ""),
    ("텔 contoh_88", "", "telegram contoh_88", ""),
    ("ㅌㄹ contoh88", "", "telegram contoh88", ""),
    ("シグナル contoh.88", "", "signal contoh.88", ""),
    ("za lo 0912345678", "", "zalo +84912345678", ""),
    ("dza-lo 0912345678", "", "zalo +84912345678", ""),
    ("T.E.L.E.G.R.A.M contoh_admin", "", "telegram contoh_admin", "split"),
    ("ᴛᴇʟᴇɢʀᴀᴍ: contoh_admin", "", "telegram contoh_admin", "small-capital"),
    ("𝕥𝕖𝕝𝕖: @𝕔𝕠𝕟𝕥𝕠𝕙_𝕒𝕕𝕞𝕚𝕟", "", "telegram contoh_admin", "mathematical"),
    ("🆃🅶 contoh_admin", "", "telegram contoh_admin", "squared"),
    ("VⅩ contoh1288", "", "wechat contoh1288", "roman-numeral"),
    ("维❤ contoh1288", "", "wechat contoh1288", ""),
    ("加薇 contoh1288", "", "wechat contoh1288", ""),
    ("➕飞机 contoh_admin", "", "telegram contoh_admin", ""),
    ("vx➕contoh1288", "", "wechat contoh1288", ""),
    ("hrd(at)contohkerja(dot)com", "", "email hrd@contohkerja.com", "defanged"),
    ("telegrám: contoh_admin", "", "telegram contoh_admin", ""),
    ("тelegram: contoh_admin", "", "telegram contoh_admin", "homoglyph"),
    ("Т.me/contoh_admin", "", "telegram contoh_admin", "homoglyph"),
    ("\u98de\u2601\ufe0f\u673a contoh_admin", "", "telegram contoh_admin", ""),
    ("紙飛機：contoh_admin", "", "telegram contoh_admin", ""),
    ("電報：contoh_admin", "", "telegram contoh_admin", ""),
    ("衛星 contoh1288", "", "wechat contoh1288", ""),
    ("綠泡泡 contoh1288", "", "wechat contoh1288", ""),
    ("賴：contoh88", "", "line contoh88", ""),
    ("加賴 contoh88", "", "line contoh88", ""),
]
# fmt: on


@pytest.mark.parametrize(("text", "hint", "expected", "undone"), TRICKS)
def test_the_contact_is_found(text: str, hint: str, expected: str, undone: str) -> None:
    found = [entity for entity in nlp.analyse(text, country_hint=hint).entities if entity.kind in CONTACT_KINDS]
    assert {f"{entity.kind} {entity.value}" for entity in found} == {expected}
    assert {name for entity in found for name in entity.undone} >= set(undone.split())
    assert all(text[entity.start : entity.end] == entity.text for entity in found)


@pytest.mark.parametrize(
    "text",
    [
        "坐飞机去柬埔寨，飞机票报销", "威海招工", "微波炉八成新", "发微信红包", "土豆：contoh88", "蝙蝠：1288345", "辶喿扌畐", "卫星电视安装",  # noqa: E501 -- letters of double width
        "line up at the gate", "โอนไลน์", "телега с сеном", "the telegram of 1912", "V8 engine", "WA state", "signal lost",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_trick(text: str) -> None:
    assert not [entity for entity in nlp.analyse(text).entities if entity.kind in CONTACT_KINDS]


def test_letters_in_parts_are_put_together() -> None:
    for split, whole in _TEXTS.items():
        assert PARTS.search(split), split
        normalised = normalise(f"a{split}b")
        assert normalised.text == f"a{whole}b"
        assert "radicals" in normalised.undone(1, 1 + len(whole))
        assert normalised.span(1, 1 + len(whole)) == (1, 1 + len(split))


def test_nearly_all_tricks_say_what_was_undone() -> None:
    assert sum(bool(undone) for *_, undone in TRICKS) >= 35
