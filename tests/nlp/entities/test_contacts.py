"""All contact kinds together: the invented posts, hostile text, and spans that slice whatever is given."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nlp
from jerat.model import CONTACT_KINDS

GOLD = [
    line.split("\t")
    for line in (Path(__file__).parent / "contacts_gold.tsv").read_text(encoding="utf-8").splitlines()[2:]
    if line
]
PIECES = [
    "WA", "HP/WA", "Telegram: ", "@name_1", "飞机：", "微信", "t.me/", "t . me / ", "0812-3456-7890", "+855 12 345 678", "/",
    "-88/89",
    "kosong delapan satu dua tiga empat lima", "零一三八", "[at]", " dot ",
    "http://", "example.com", "(", ")", " ", "\n", "Rp", "BCA ",
    "1234567890", "ไลน์", "공일공", "𝟎𝟖", "\u200b", "\u0600", "\ud800", "0x", "bc1q", "GB82", "é", "ﷺ", "İ",
]  # fmt: skip


@pytest.mark.parametrize(("language", "hint", "form", "text", "expected"), GOLD)
def test_an_invented_post(
    language: str, hint: str, form: str, text: str, expected: str, contacts: Callable[..., set[str]]
) -> None:
    assert contacts(text, hint) == {entry.strip() for entry in expected.split(";") if entry.strip()}


def test_the_invented_posts_are_many_and_mixed() -> None:
    assert len(GOLD) >= 150
    assert len({row[0] for row in GOLD}) >= 15
    assert sum(row[2] == "near" for row in GOLD) * 8 >= len(GOLD)
    kinds = {entry.split()[0] for row in GOLD for entry in row[4].split("; ") if entry}
    assert kinds == set(CONTACT_KINDS)


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=12).map("".join))
def test_any_text_gives_spans_that_slice(text: str) -> None:
    for entity in nlp.analyse(text).entities:
        assert 0 <= entity.start < entity.end <= len(text)
        assert text[entity.start : entity.end] == entity.text
        assert entity.value


@given(
    st.integers(0, 99999999),
    st.sampled_from(["0812-{}-{}", "0812 {} {}", "0812{}{}", "0812.{}.{}", "+62 812 {} {}", "+62 (0) 812-{}-{}"]),
)
def test_however_a_number_is_set_it_is_the_same(number: int, form: str) -> None:
    digits = f"{number:08d}"
    text = "Loker Kamboja, gaji besar. Hubungi WA " + form.format(digits[:4], digits[4:]) + " ya kak, terima kasih"
    found = {entity.value for entity in nlp.analyse(text, country_hint="ID").entities if entity.kind == "whatsapp"}
    assert found == {f"+62812{digits}"}


@pytest.mark.parametrize(
    "piece",
    [
     "a", "1", "1 ", "1.", "@", "@a", "a@", "a.", "a[.]",
     "wa ", "wa/", "telegram ", "飞机", "一", "satu ", "t . me/", "http://", "BCA 1",
     "0812-", "o1", "T1", "+62 812 3456 7890 / ", "(", "x at ", "v:"],
)  # fmt: skip
def test_two_hundred_thousand_characters_end(piece: str) -> None:
    text = (piece * (200_000 // len(piece) + 1))[:200_000]
    context = nlp.context.Context.of(text)
    from nlp.entities.phone import Phone
    from nlp.entities.telegram import Telegram
    from nlp.entities.url import url

    for recognise in (url, Telegram().recognise, Phone().recognise):
        list(recognise(context))
