"""Any string at all: no exception, spans that slice, and an end before pytest loses patience."""

import pytest

from jerat.model import Field
from nlp import Analyser

PATTERNS = (
    "a", "ж", "ａ", "北", "가", "ก็", "1", " ", "\n", ".", "x.", "a.b ", "$1", "€1", "@a", "@abcdef", "WA ", "WA:", "kosong ",
    "[", "()", "[.]", "at ", "a dot ", "http://", "t.me/a ", "t.me/joinchat/", "a@b.c ", "+62 812 ", "08123456789/", "1-2/",
    "usia 18 ", "18 tahun", "gaji ", "1,000 ", "月薪8000-", "零", "一万", "西港", "飞机 ", "V信", "0x", "bc1", "o0l1", "½",
    "😀", "🇮🇩", "a\u0301", "\u0301", "\u200b", "a\u200b", "аa", "\u202e", "\ud800", "\udc00\ud800", "ﷺ", "𝟘", "①", "क्",
    "new ", "San ", "not ", "tidak ", "#lokerkamboja", "%20", "BCA 123 ", "eight five ", "WA/TG/LINE/",
    "a_", "a1", "包吃住", "free visa free ticket ", "no fee ",
)  # fmt: skip
TEXT = "gaji 800 USD WA +62 812-5550-0123 "


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser(names="never")


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_long_run_of_one_pattern(analyser: Analyser, pattern: str) -> None:
    text = TEXT + pattern * (8_000 // len(pattern)) + TEXT
    found = analyser.analyse(text, fields=(Field("title", pattern * 30),))
    parts = {"text": text, "title": pattern * 30}
    for finding in (*found.entities, *found.risk.reasons):
        assert parts[finding.field][finding.start : finding.end] == finding.text


@pytest.mark.parametrize("character", ["a", "ж", "ａ", "\ud800"])
def test_many_of_one_character(analyser: Analyser, character: str) -> None:
    found = analyser.analyse(character * 200_000)
    assert found.risk.level == "none"


def test_a_long_text_among_short_ones_keeps_its_place(analyser: Analyser) -> None:
    from nlp import Input

    texts = ["gaji", "a" * 300_000, "", *["x"] * 70, "b" * 300_000]
    found = list(analyser.pipe(Input(text=text, id=str(at)) for at, text in enumerate(texts)))
    assert [one.id for one in found] == [str(at) for at in range(len(texts))]
