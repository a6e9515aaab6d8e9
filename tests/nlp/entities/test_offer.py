"""The rest of an offer: invented posts in twenty languages, near misses, any text, and that nothing of weight is pushed out."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nlp
from jerat.model import CONTACT_KINDS, OFFER_KINDS

GOLD = [
    line.split("\t")
    for line in (Path(__file__).parent / "offer_gold.tsv").read_text(encoding="utf-8").splitlines()[2:]
    if line
]
KINDS = {*OFFER_KINDS, "organisation"}


@pytest.mark.parametrize(("language", "text", "expected"), GOLD)
def test_an_invented_offer(language: str, text: str, expected: str) -> None:
    found = [entity for entity in nlp.analyse(text).entities if entity.kind in KINDS]
    assert {f"{entity.kind} {entity.value}" for entity in found} == set(filter(None, expected.split("; ")))
    assert all(text[entity.start : entity.end] == entity.text for entity in found)


def test_the_invented_offers_are_many_and_mixed() -> None:
    assert len({row[0] for row in GOLD}) >= 20
    assert sum(not row[2] for row in GOLD) * 5 >= len(GOLD)
    kinds = {entry.split()[0] for row in GOLD for entry in row[2].split("; ") if entry}
    assert kinds == KINDS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("POEA License No. 123-LB-045678-R", "POEA 123-LB-045678-R"),
        ("Govt. Lic. No. 1234/078/79", "DoFE 1234/078/79"),
        ("OEP Licence No. 2345/LHR", "OEP 2345/LHR"),
        ("SLBFE License No 1234", "SLBFE 1234"),
        ("SIP3MI: 123/2024", "P3MI 123/2024"),
        ("EA Licence No: 12C3456", "MOM-EA 12C3456"),
        ("giấy phép số 123/LĐTBXH-GP", "DOLAB 123/LĐTBXH-GP"),
        ("POEA warns of illegal recruiters in 2024", ""),
        ("visit emigrate.gov.in for details", ""),
        ("dmw office hours", ""),
    ],
)
def test_licences(text: str, expected: str) -> None:
    found = {entity.value for entity in nlp.analyse(text).entities if entity.kind == "licence"}
    assert found == ({expected} if expected else set())


@pytest.mark.parametrize(
    "text",
    ["pt 5 of the series", "the limited edition", "co-working", "ао мы знаем", "有限公司", "CV terbaru dikirim"],
)
def test_what_is_no_employer(text: str) -> None:
    assert not [entity for entity in nlp.analyse(text).entities if entity.kind == "organisation"]


PIECES = st.sampled_from(
    ["cs ", "hiring ", "包吃住", "12 jam/hari ", "08:00-20:00", "wpm", "40", "kontrak ", "6 bulan ", "PT Contoh", " Ltd", "有限公司",  # noqa: E501
     "POEA ", "ООО «", "บริษัท", "จำกัด", "bisa ", "Mandarin", "/", "nữ", "\u200b", "\n", "visa ", "+62 812-3456-7890 ", "@contoh_1 "]  # noqa: E501
)  # fmt: skip


@given(st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=14).map("".join))
def test_contacts_places_and_pay_stay_as_they_were(text: str) -> None:
    entities = nlp.analyse(text).entities
    for entity in entities:
        assert text[entity.start : entity.end] == entity.text
        assert entity.value
    others = [entity for entity in entities if entity.kind in CONTACT_KINDS]
    for entity in entities:
        if entity.kind in OFFER_KINDS:
            assert not any(
                other.field == entity.field and other.start < entity.end and entity.start < other.end
                for other in others
            )


@pytest.mark.parametrize(
    "piece",
    ["contract ", "1 month ", "PT A ", "ltd ", "wpm 1 ", "公司", "12 jam ", "bisa mandarin / ", "08:00-"],
)
def test_a_hundred_thousand_characters_end(piece: str) -> None:
    text = (piece * (100_000 // len(piece) + 1))[:100_000]
    from nlp.context import Context
    from nlp.entities.offer.recogniser import Offer

    list(Offer().recognise(Context.of(text)))
