"""Ages asked for, and the numbers that are no ages."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.context import Context
from nlp.entities.age import Age

AGE = Age()


def ages(text: str) -> list[str]:
    return [match.value for match in AGE.recognise(Context.of(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("usia 18-35", "18-35"), ("age 18–35", "18-35"), ("20-40歲", "20-40"), ("18 đến 35 tuổi", "18-35"),
        ("tuổi 18 đến 35", "18-35"), ("อายุ 18-35 ปี", "18-35"), ("만 20~35세", "20-35"), ("20歳から35歳まで", "20-35"),
        ("उम्र 18-35 साल", "18-35"), ("বয়স ১৮-৩৫ বছর", "18-35"), ("عمر 18 سے 35 سال", "18-35"), ("ዕድሜ 18-35", "18-35"),
        ("20 a 35 anos", "20-35"), ("возраст от 18 до 35 лет", "18-35"), ("umri 18 hadi 35", "18-35"),
        ("edad 18 hasta 35", "18-35"), ("အသက် ၁၈-၃၅ နှစ်", "18-35"), ("អាយុ 18-35 ឆ្នាំ", "18-35"), ("ອາຍຸ 18-35 ປີ", "18-35"),
        ("max 35 tahun", "-35"), ("usia maksimal 35 tahun", "-35"), ("30岁以内", "-30"), ("อายุไม่เกิน 35 ปี", "-35"),
        ("возраст от 18 лет", "18-"), ("18세 이상", "18-"), ("must be 21 or older", "21-"), ("usia min 18 thn", "18-"),
    ],
)  # fmt: skip
def test_ages(text: str, expected: str) -> None:
    assert ages(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "gaji 10-15 juta", "kerja 10-12 jam", "+62 812 18-35", "tahun 2019", "pengalaman 20 tahun", "jam 18-35",
        "kontrak 24 bulan", "20 years experience", "20 orang", "10-20%", "18.35", "2018-2035", "",
    ],
)  # fmt: skip
def test_no_ages(text: str) -> None:
    assert ages(text) == []


@given(st.text(alphabet="0123456789-– usiaage岁歲ปี세.,tahunmx\n", max_size=50))
def test_any_arrangement(text: str) -> None:
    context = Context.of(text)
    spans = sorted((match.start, match.end) for match in AGE.recognise(context))
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))
