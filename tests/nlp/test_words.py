from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import nlp
from nlp.words import LONGEST, words


def texts(text: str) -> list[str]:
    return [word.text for word in words(text)]


def holds(text: str, term: str) -> bool:
    """Whether a search for the term, as a phrase of its words, finds the text."""
    inside, phrase = texts(text), texts(term)
    return any(inside[at : at + len(phrase)] == phrase for at in range(len(inside) - len(phrase) + 1))


PLACES = {
    "th": ("ปอยเปต แม่สอด กัมพูชา บาเวต เมียวดี แอดมิน เงินเดือน คอลเซ็นเตอร์", ("รับสมัครงานที่{}ด่วน", "ไปทำงาน{}รายได้ดี", "พี่น้อง{}มาก")),
    "zh": ("柬埔寨 西港 缅北 妙瓦底 园区 直招 打字员 木姐", ("诚聘{}客服", "到{}来", "我们在{}上班高薪")),
    "km": ("ប៉ោយប៉ែត ព្រះសីហនុ ភ្នំពេញ បាវិត ការងារ", ("ធ្វើការនៅ{}ជាមួយ", "ត្រូវការ{}បុគ្គលិក")),
    "lo": ("ສາມຫຼ່ຽມຄຳ ບໍ່ແກ້ວ ຮັບສະໝັກ", ("ເຮັດວຽກຢູ່{}ດ່ວນ", "ໄປ{}ກັບ")),
    "my": ("မြဝတီ လောက်ကိုင် အလုပ် လစာ", ("ယနေ့{}မှာ", "ခေါ်သည်{}တွင်")),
    "ko": ("캄보디아 고객센터 텔레", ("오늘{}에서", "{}는 좋다")),
    "ja": ("カンボジア 高収入 バイト", ("今日は{}で", "この{}を")),
}  # fmt: skip


@pytest.mark.parametrize("language", sorted(PLACES))
def test_a_term_is_found_wherever_it_stands(language: str) -> None:
    terms, sentences = PLACES[language]
    for term in terms.split():
        for sentence in sentences:
            assert holds(sentence.format(term), term), (term, sentence)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Hubungi @abc_def, ya", "@abc_def"),
        ("Hubungi @abc_def, ya", "ABC_DEF"),
        ("wa:+62 812-3456-7890.", "+62 812 3456 7890"),
        ("wa:+62 812-3456-7890.", "812-3456-7890"),
        ("mail a.b@example.com!", "a.b@example.com"),
        ("mail a.b@example.com!", "example.com"),
        ("di https://t.me/Abc_Def.Segera", "t.me/abc_def"),
        ("việc nhẹ lương cao", "viec nhe"),
        ("viec nhe luong cao", "việc nhẹ"),
        ("Đà Nẵng", "da nang"),
        ("São Paulo", "sao paulo"),
        ("ＴＥＬＥＧＲＡＭ", "telegram"),
        ("tеle\u200bgram", "telegram"),
        ("Straße", "STRASSE"),
        ("нужны ещё люди", "еще"),
        ("नौकरी थाईलैंड में", "थाईलैंड"),
        ("gaji 10juta✈️Kamboja", "✈"),
        ("don’t", "don't"),
        ("เเม่สอด", "แม่สอด"),
        ("Привет", "ПРИВЕТ"),
        ("ΟΔΟΣ", "οδος"),
    ],
)
def test_what_is_typed_finds_what_is_written(text: str, query: str) -> None:
    assert holds(text, query)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Kamboja", "kambo"),
        ("abc_def", "abc"),
        ("柬埔寨", "埔柬"),
        ("a.b@example.com", "b.a"),
        ("nhà", "nhan"),
        ("812", "81"),
    ],
)
def test_what_is_not_written_is_not_found(text: str, query: str) -> None:
    assert not holds(text, query)


def test_punctuation_and_space_are_no_words() -> None:
    assert texts(" ,.!?-— «» () … \n\t：") == []
    assert texts("") == []


def test_a_long_word_is_cut_alike_on_both_sides() -> None:
    long = "a" * 1000
    assert texts(long) == ["a" * LONGEST]
    assert words(long)[0].end == 1000
    assert holds("x " + "A" * 1000, long)


def test_spans_slice_the_original() -> None:
    text = "Hub：ＷＡ １2\u200b34 việc"
    assert [(word.text, text[word.start : word.end]) for word in nlp.words(text)] == [
        ("hub", "Hub"), ("wa", "ＷＡ"), ("1234", "１2\u200b34"), ("viec", "việc"),
    ]  # fmt: skip


@settings(max_examples=400)
@given(st.one_of(st.text(), st.text(st.characters(categories=["Lo", "Mn", "Mc", "Ll", "Cs", "Cf", "So"]))))
def test_words_are_in_order_slice_and_are_short(text: str) -> None:
    found = words(text)
    for word in found:
        assert 0 <= word.start < word.end <= len(text)
        assert 0 < len(word.text) <= LONGEST
        assert word.text.strip() == word.text
        word.text.encode()
    assert all(one.end <= two.start or one.start <= two.start for one, two in pairwise(found))


@given(st.text(st.characters(categories=["Ll", "Lu", "Lo", "Nd"]), min_size=1, max_size=20))
@example("ÀΑ")
def test_a_text_between_spaces_and_signs_is_found_in_it(term: str) -> None:
    if words(term):
        assert holds(f"x, {term}! y", term)
        assert holds(f"«{term}»", term)
