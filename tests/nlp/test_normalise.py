import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nlp.normalise import Normalised, normalise

SCRIPTS = (
    "abcXYZ 0123@._/-:+",
    "éèñüßđơưạếệĐ",
    "абвгдежАВЕ",
    "αβγδΑΒΕ",
    "ոսօՏ",
    "ᎠᎡᎢ",
    "中文柬埔寨園區⽟",
    "あいうｱｶﾞｷﾞ",
    "가각힣ㅌㄹᄀ\u1161\u11a8",
    "กข่า้ำแเ\u0e4d\u0e32ก็",
    "ກຂໍາໍ່ຳໜ",
    "កខ្ញុំ\u17b4",
    "မြဝတီ္က",
    "नमस्ते़क",
    "কোড\u09bcৌ",
    "مرحبا\u064b\u200cیﷲﷺ",
    "שלום\u05b0",
    "ＡＢ１２：，",
    "①❷⓫Ⓐ🅐🅰🄰⒜",
    "𝐀𝟙𝒷𝔠",
    "ᴀʙᴄ²ⁿ",
    "1️⃣#⃣\u20e3\ufe0f",
    "🇰🇭🇽🇮🇩",
    "😀✈️👨\u200d👩\u200d👧",
    "\u200b\u200d\u2060\ufeff\xad\u202e\u2066",
    "\u0301\u0336\u0308\u0323\u035c",
    "ﬁﬃ㎏½№㍿",
    "\ud800\udc00\udfff",
    "\x00\t\n\r\x85\u2028",
    "٣४๙၀០໓",
)

anything = st.one_of(
    st.text(max_size=60),
    st.text(st.characters(), max_size=40),
    st.text(st.sampled_from("".join(SCRIPTS)), max_size=60),
    st.lists(st.sampled_from(SCRIPTS).flatmap(lambda s: st.text(st.sampled_from(s), max_size=8)), max_size=6).map(
        "".join
    ),
)


@settings(max_examples=600)
@given(anything)
@example("e\u200d\u0301x")
@example("ｅ\u0301\u0301\u0301")
@example("\u0e40\u0e40\u0e49\u0e4d\u0e32")
@example("a" + "\u0336" * 70 + "b")
@example("1\ufe0f\u20e3\u20e3")
def test_every_range_leads_back_to_a_range_in_order(text: str) -> None:
    found = normalise(text)
    last = (0, 0)
    for at in range(len(found.text)):
        start, end = found.span(at, at + 1)
        assert 0 <= start < end <= len(text)
        # Either the same character of the original still, or one behind it: never back, never half of one.
        assert (start, end) == last or start >= last[1]
        last = start, end
    for start in range(0, len(found.text), 3):
        for end in range(start + 1, len(found.text) + 1, 5):
            assert found.span(start, end) == (found.span(start, start + 1)[0], found.span(end - 1, end)[1])


@settings(max_examples=300)
@given(anything)
def test_what_is_left_as_it_was_stands_at_its_place(text: str) -> None:
    found = normalise(text)
    for at, char in enumerate(found.text):
        start, end = found.span(at, at + 1)
        if char.isascii() and char.isalnum() and text[start:end].isascii():
            assert text[start:end] == char


@settings(max_examples=300)
@given(anything)
def test_nothing_invisible_and_no_surrogate_is_left(text: str) -> None:
    out = normalise(text).text
    assert not any("\ud800" <= char <= "\udfff" for char in out)
    assert not set(out) & set("\u200b\u200c\u200d\u2060\ufeff\xad\u202e\ufe0f\x00")
    out.encode("utf-8")


@settings(max_examples=300)
@given(anything)
def test_names_lie_in_the_text_and_in_order(text: str) -> None:
    found = normalise(text)
    assert all(0 <= start <= end <= len(found.text) and name for start, end, name in found.disguises)
    assert [item[0] for item in found.disguises] == sorted(item[0] for item in found.disguises)


@settings(max_examples=200)
@given(anything, st.data())
def test_position_is_the_inverse_of_span(text: str, data: st.DataObject) -> None:
    found = normalise(text)
    origin = data.draw(st.integers(0, len(text)))
    at = found.position(origin)
    assert 0 <= at <= len(found.text)
    if at < len(found.text):
        assert found.span(at, at + 1)[1] > origin
    if at:
        assert found.span(at - 1, at)[0] < origin


@pytest.mark.parametrize(
    ("given_text", "expected", "name"),
    [
        ("ＷＡ：０８１２", "WA:0812", "fullwidth"),
        ("①②❸⓿Ⓐ🅑", "1230AB", "circled"),
        ("🄰🅱", "AB", "squared"),
        ("𝐓𝓮𝖑𝘦𝙜𝕣𝒶𝔪 𝟘𝟴", "Telegram 08", "mathematical"),
        ("0️⃣8⃣1️⃣", "081", "keycap"),
        ("🇹🇪🇱🇪", "TELE", "regional-indicator"),
        ("ᴛᴇʟᴇɢʀᴀᴍ", "telegram", "small-capital"),
        ("ᵗᵉˡᵉ", "tele", "superscript"),
        ("tеlеgrаm", "telegram", "homoglyph"),
        ("Пpивeт", "Привет", "homoglyph"),
        ("@сарре_1", "@cappe_1", "homoglyph"),
        ("te\u200ble\u2060gram", "telegram", "zero-width"),
        ("te\xadle", "tele", "soft-hyphen"),
        ("0\u202e8", "08", "bidi"),
        ("t̶e̶l̶e̶", "tele", "combining"),
        ("⼈⼯", "人工", "radical"),
        ("Ⅴ Ⅹ", "V X", "roman-numeral"),
    ],
)
def test_a_disguise_is_taken_off_and_named(given_text: str, expected: str, name: str) -> None:
    found = normalise(given_text)
    assert found.text == expected
    assert found.undone(0, len(expected)) == (name,)
    assert given_text.startswith(given_text[slice(*found.span(0, 1))])


@pytest.mark.parametrize(
    "text",
    [
        "Hello, world",
        "Привет, как дела? Работа в Камбодже",
        "Καλημέρα κόσμε",
        "น้ำท่วมที่แม่สาย ก็ทำ",
        "ສາມຫຼ່ຽມຄຳ ໜຶ່ງ ໝູ່",
        "ព្រះសីហនុ ភ្នំពេញ",
        "မြဝတီမြို့ လောက်ကိုင်",
        "Việt Nam tuyển dụng, Đà Nẵng",
        "नौकरी हिन्दी में",
        "한국어 카톡 ㅋㅌ ㅌㄹ",
        "柬埔寨西港。",
        "🇰🇭 Cambodia 🇲🇲🇹🇭 😀",
        "ẹ̀kọ́ Yorùbá",
        "USBшный Wi-Fi™",
        "العربية مُحَمَّد",
    ],
)
def test_honest_text_stays_as_it_is(text: str) -> None:
    found = normalise(text)
    assert found.text == unicodedata.normalize("NFC", text).replace("’", "'")
    assert found.disguises == []


def test_digits_of_all_scripts_become_ascii_and_are_no_disguise() -> None:
    found = normalise("๐๙๘ ٠١٢ ४५ ០១ ၀၁ ໐໑ ০১")
    assert found.text == "098 012 45 01 01 01 01"
    assert found.disguises == []


def test_punctuation_of_east_asia_is_folded_without_a_name() -> None:
    found = normalise("（微信：abc，ok！）１")
    assert found.text == "(微信:abc,ok!)1"
    assert found.disguises == [(12, 13, "fullwidth")]


def test_writing_that_needs_joiners_is_no_disguise() -> None:
    for text in ("می\u200cخواهم", "ខ្ញុំ\u200bទៅ", "क्\u200dष", "✈\ufe0f x", "\u200fשלום", "👨\u200d👩"):
        assert normalise(text).disguises == []


def test_marks_in_pieces_are_composed_and_stacks_are_cut() -> None:
    assert normalise(unicodedata.normalize("NFD", "việc nhẹ")).text == "việc nhẹ"
    assert normalise("a" + "\u0301\u0302\u0303\u0304" * 5).text in ("á", "a")
    assert len(normalise("ก" + "\u0e47" * 40).text) < 10


def test_thai_vowels_typed_in_halves_are_whole() -> None:
    assert normalise("น\u0e49\u0e4d\u0e32 น\u0e4d\u0e49\u0e32 เเม่").text == "น้ำ น้ำ แม่"


def test_span_leaves_out_what_was_dropped_at_the_borders() -> None:
    text = "x\u200b08\u200b12\u200by"
    found = normalise(text)
    assert found.text == "x0812y"
    assert found.span(1, 5) == (2, 7)
    assert found.undone(1, 5) == ("zero-width",)
    assert found.undone(1, 3) == ()


def test_an_empty_or_foreign_range_is_refused() -> None:
    for start, end in ((0, 0), (2, 1), (-1, 2), (0, 9)):
        with pytest.raises(IndexError):
            normalise("abc").span(start, end)


@pytest.mark.parametrize(
    "char", ["a", "ａ", "ﬁ", "\u0301", "\u200b", "😀", "\ud800", "1️⃣", "ก็", "🇹", "аa", "\u0e4d\u0e32"]
)
def test_a_long_run_of_one_character_is_kept_compact(char: str) -> None:
    found = normalise(char * 20_000)
    assert isinstance(found, Normalised)
    assert len(found.disguises) <= 20_000
    if found.text:
        assert found.span(0, len(found.text))[1] <= len(char) * 20_000
