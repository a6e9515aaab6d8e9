"""The invented posts with their places and pay: precision and recall must not fall below what was reached."""

from collections import Counter
from pathlib import Path

import pytest

from nlp.context import Context
from nlp.entities.location import Location
from nlp.entities.salary import Salary

HERE = Path(__file__).parent
LOCATION, SALARY = Location(), Salary()


def posts(name: str) -> list[list[str]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def f1(count: Counter[str]) -> float:
    return 2 * count["hit"] / (2 * count["hit"] + count["false"] + count["missed"])


def test_the_first_set_is_large_and_of_many_languages() -> None:
    rows = posts("gold.tsv")
    assert len(rows) >= 120
    assert len({row[0] for row in rows}) >= 15


@pytest.mark.parametrize("name", ["gold.tsv", "gold_second.tsv"])
def test_places_and_pay(name: str) -> None:
    places: Counter[str] = Counter()
    pay: Counter[str] = Counter()
    for language, hint, text, expected, paid in posts(name):
        context = Context.of(text, country_hint=hint)
        context.language = "zh" if language.startswith("zh") else language
        context.entities += LOCATION.recognise(context)
        got = {match.value for match in context.entities}
        wanted = {value for value in expected.split(" | ") if value}
        places.update(hit=len(got & wanted), false=len(got - wanted), missed=len(wanted - got))
        got = {match.value for match in SALARY.recognise(context)}
        wanted = {value for value in paid.split(" | ") if value}
        pay.update(hit=len(got & wanted), false=len(got - wanted), missed=len(wanted - got))
    assert f1(places) >= 0.96
    assert f1(pay) >= 0.95
