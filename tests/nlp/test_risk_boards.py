"""The risk on honest boards, on the third author's development part and on short lures; and what the new signs rest on."""

from pathlib import Path

import pytest

import nlp
from nlp.evaluate import Report, evaluate, read_gold, table

GOLD = Path(__file__).parent.parent / "gold"


@pytest.fixture(scope="module")
def analyser() -> nlp.Analyser:
    return nlp.load(names="never")


def measured(analyser: nlp.Analyser, name: str) -> Report:
    posts = read_gold(GOLD / f"{name}.jsonl")
    return evaluate(posts, analyser.pipe(nlp.Input(id=post.id, text=post.text) for post in posts))


def test_honest_boards_are_seldom_alerts(analyser: nlp.Analyser) -> None:
    report = measured(analyser, "risk_boards_dev")
    alerts, high, total = report.others["honest offers"]
    assert total >= 250, table(report)
    assert alerts / total <= 0.04, table(report)
    assert high <= 2, table(report)


def test_quality_on_the_third_authors_development_part(analyser: nlp.Analyser) -> None:
    report = measured(analyser, "risk_third_dev")
    assert report.recall >= 0.9, table(report)
    assert report.average_precision >= 0.95, table(report)
    assert report.false_rate[0] <= 4, table(report)


def test_short_lures_are_found(analyser: nlp.Analyser) -> None:
    report = measured(analyser, "risk_lures_dev")
    assert report.recall >= 0.8, table(report)


@pytest.mark.parametrize(
    ("text", "name", "there"),
    [
        ("Receptionist, Phnom Penh, $250 a month", "pay-at-wage", True),
        ("Receptionist, Phnom Penh, $1500 a month", "pay-at-wage", False),
        ("Lowongan admin, Bandung, gaji 3 juta", "pay-at-wage", True),
        ("Lowongan admin, Kamboja, gaji 3 juta", "pay-at-wage", False),
        ("ជ្រើសរើសបុគ្គលិក ប៉ោយប៉ែត", "hub-at-home", True),
        ("ជ្រើសរើសបុគ្គលិក ប៉ោយប៉ែត", "hub-place", False),
        ("Lowongan admin di Poipet", "hub-place", True),
        ("Lowongan admin bahasa Jepang, Tokyo", "place-abroad", False),
        ("Lowongan admin, Bangkok", "place-abroad", True),
        ("new office, KK Park", "enclave-named", True),
        ("Pay $500 for each worker you bring, after arrival", "pay-per-person", True),
        ("Online sales staff, typing fast, sell clothes by chat", "people-handed-on", False),
    ],
)
def test_signs_see_wages_homes_and_places(analyser: nlp.Analyser, text: str, name: str, there: bool) -> None:
    found = {reason.indicator for reason in analyser.analyse(text).risk.reasons}
    assert (name in found) is there, found
