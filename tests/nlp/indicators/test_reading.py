"""How the lexicon is read in a text: borders, gaps, scripts, negation, report speech, rules on entities."""

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.context import Context, Match
from nlp.indicators import Reader
from nlp.indicators.automaton import GAP, Automaton
from nlp.indicators.lexicon import Term


def automaton(*texts: str, lang: str = "en") -> Automaton:
    return Automaton([Term(text, f"t{number}", lang, "own") for number, text in enumerate(texts)], str.lower)


def hits(machine: Automaton, text: str) -> list[str]:
    return [text[start:end] for spans in machine.find(text).values() for start, end in spans]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def test_word_borders_in_spaced_scripts_only() -> None:
    assert hits(automaton("csr"), "csr, not csrs or ecsr") == ["csr"]
    assert hits(automaton("डंकी"), "डंकीया डंकी") == ["डंकी"]
    assert hits(automaton("客服", lang="zh"), "招客服人员") == ["客服"]
    assert hits(automaton("рабоч~"), "рабочий") == ["рабоч"]


def test_gap_is_bounded_and_ends_with_the_sentence() -> None:
    machine = automaton("base…bonus")
    assert hits(machine, "base pay and a bonus") == ["base pay and a bonus"]
    assert hits(machine, "base pay. a bonus") == []
    assert hits(machine, "base" + " x" * GAP + " bonus") == []
    assert hits(machine, "bonus base") == []


def test_traditional_letters_and_unwritten_spaces() -> None:
    assert hits(automaton("包机票", lang="zh"), "公司包機票") == ["包機票"]
    assert hits(automaton("숙식 제공", lang="ko"), "숙식제공") == ["숙식제공"]


@given(st.text(st.sampled_from(string.ascii_lowercase + " .\n包吃住เธฎ"), max_size=200))
def test_every_hit_is_the_term(text: str) -> None:
    machine = automaton("ab", "包吃", "a…b")
    for found in hits(machine, text):
        assert found.startswith(("ab", "包吃", "a"))
        assert len(found) <= GAP + 2


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("There is no agency fee.", "fee-asked"),
        ("Proses gratis, tidak dipungut biaya pendaftaran", "fee-asked"),
        ("We are not scammer wanted here", "openly-fraud"),
        ("보증금 없음", "fee-asked"),
    ],
)
def test_negation_takes_away(reader: Reader, text: str, name: str) -> None:
    assert name not in reader.read(Context.of(text)).indicators


def test_report_speech_is_marked(reader: Reader) -> None:
    reading = reader.read(Context.of("Polisi menangkap perekrut yang menawarkan tiket gratis. Hubungi kami."))
    assert "travel-paid" in reading.reported


def test_a_warning_quoted_by_an_offer_is_no_report(reader: Reader) -> None:
    reading = reader.read(Context.of("认准直招，谨防被卖"))
    assert "kind-report" not in reading.signals
    assert "says-it-is-safe" in reading.indicators


def given_entities(text: str, *entities: Match, language: str = "und", hint: str = "") -> Context:
    context = Context.of(text, country_hint=hint)
    context.language = language
    context.entities += entities
    return context


def entity(kind: str, value: str, text: str, within: str, **extra: Any) -> Match:
    start = text.index(within)
    return Match(kind=kind, value=value, start=start, end=start + len(within), confidence=0.9, **extra)


def test_pay_above_wage_depends_on_home(reader: Reader) -> None:
    text = "typing 1000 USD per month"
    pay = entity("salary", "1000-1000 USD month", text, "1000 USD", usd_month_min=1000, usd_month_max=1000)
    assert "pay-above-wage" in reader.read(given_entities(text, pay, language="id")).indicators
    assert "pay-above-wage" not in reader.read(given_entities(text, pay, language="ja")).indicators
    assert "pay-above-wage" not in reader.read(given_entities(text, pay, language="id", hint="US")).indicators


def test_bangkok_with_a_border_town(reader: Reader) -> None:
    text = "Job in Bangkok, we meet in Mae Sot"
    bangkok = entity("location", "Bangkok, TH", text, "Bangkok", country="TH", role="hub")
    town = entity("location", "Mae Sot, TH", text, "Mae Sot", country="TH", role="transit")
    assert "names-another-place" in reader.read(given_entities(text, bangkok, town)).indicators
    assert "names-another-place" not in reader.read(given_entities(text, bangkok)).indicators
    assert "names-another-place" not in reader.read(given_entities(text, town)).indicators


def test_messenger_only_ends_with_a_work_address(reader: Reader) -> None:
    text = "Hiring staff. Telegram @some_recruiter"
    assert "messenger-only" in reader.read(Context.of(text)).indicators
    named = reader.read(Context.of(text + " or jobs@example-hotel.com")).indicators
    assert "messenger-only" not in named
    assert "no-employer-identity" not in named


@pytest.mark.parametrize("text", ["", " ", "\ud800", "\x00" * 50, "@" * 5000, "a" * 20000, "包" * 5000, "no " * 3000])
def test_odd_texts_are_read(reader: Reader, text: str) -> None:
    reader.read(Context.of(text))


@given(st.text(max_size=120))
def test_spans_lie_in_the_text(text: str) -> None:
    reader = _READER
    context = Context.of(text)
    for spans in reader.read(context).indicators.values():
        for start, end in spans:
            assert 0 <= start < end <= len(context.text)


_READER = Reader()
