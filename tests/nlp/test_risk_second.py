"""The risk on the posts of a second author, on real advertisements dressed as boards in hubs, and the figures on them."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

import nlp
from jerat.model import Analysis, Level, Risk
from nlp.evaluate import Gold, dressed, evaluate, negatives, picture, precision_interval, read_gold, table, wilson

GOLD = Path(__file__).parent.parent / "gold"


def judged(score: float, *, lure: bool, number: int) -> tuple[Gold, Analysis]:
    level: Level = "high" if score >= 0.92 else "medium" if score >= 0.35 else "none"
    analysis = Analysis(
        id=str(number), language="en", kind="offer", risk=Risk(level=level, score=score), entities=(), fingerprint="",
        versions={},
    )  # fmt: skip
    return Gold(str(number), "en", lure=lure, text="x", kind="offer"), analysis


def made(scores: list[tuple[float, bool]]) -> tuple[list[Gold], list[Analysis]]:
    pairs = [judged(score, lure=lure, number=number) for number, (score, lure) in enumerate(scores)]
    return [gold for gold, _ in pairs], [analysis for _, analysis in pairs]


@pytest.mark.parametrize("half", ["dev", "test"])
def test_quality_on_the_second_authors_posts(half: str) -> None:
    posts = read_gold(GOLD / f"risk_second_{half}.jsonl")
    report = evaluate(posts, nlp.load().pipe(nlp.Input(id=post.id, text=post.text) for post in posts))
    shown = table(report)
    assert report.recall >= 0.83, shown
    assert report.average_precision >= 0.95, shown
    assert report.others["honest offers"][0] <= 1, shown
    assert sum(report.others[kind][0] for kind in ("warning", "victim", "question", "seeker", "other")) <= 2, shown


def test_the_gold_sets_together_are_large_enough_and_apart() -> None:
    names = [f"risk_{author}{half}" for author in ("", "second_", "third_") for half in ("dev", "test")]
    posts = [post for name in names for post in read_gold(GOLD / f"{name}.jsonl")]
    assert len({post.text for post in posts}) == len(posts)
    assert sum(post.lure for post in posts) >= 300
    assert sum(not post.lure for post in posts) >= 300


@pytest.mark.shared
def test_honest_boards_in_hubs_are_seldom_alerts(shared_data: Path) -> None:
    real = [post for post in negatives(shared_data / "negatives") if post.group == "en real jobs"]
    posts = list(dressed(real))
    report = evaluate(posts, nlp.load().pipe(nlp.Input(id=post.id, text=post.text) for post in posts))
    alerts, total = report.false_rate
    assert alerts / total <= 0.08, table(report)
    for place in ("Phnom Penh", "Sihanoukville", "Bangkok", "Poipet"):
        hit, high, of = report.others[f"dressed: {place}"]
        assert hit / of <= 0.05, table(report)
        assert high == 0, table(report)


@pytest.mark.parametrize(
    ("hit", "total", "low", "high"), [(0, 0, 0.0, 1.0), (0, 100, 0.0, 0.037), (50, 100, 0.404, 0.596)]
)
def test_wilson_gives_known_intervals(hit: int, total: int, low: float, high: float) -> None:
    assert wilson(hit, total) == pytest.approx((low, high), abs=0.001)


def test_precision_in_the_field_is_far_below_that_of_the_set() -> None:
    report = evaluate(*made([(0.9, True)] * 50 + [(0.9, False)] + [(0.1, False)] * 99))
    measured, cautious = report.precision_at(0.001)
    assert report.precision == pytest.approx(50 / 51)
    assert measured == pytest.approx(0.001 / (0.001 + 0.999 * 0.01))
    assert cautious < measured


def test_calibration_counts_every_post_once_and_is_drawn() -> None:
    report = evaluate(*made([(0.95, True)] * 8 + [(0.95, False)] * 2 + [(0.0, False), (1.0, True)]))
    bins = report.calibration()
    assert sum(count for *_, count in bins) == 12
    assert bins[0] == (0.0, 0.0, 1)
    assert bins[-1][1] == pytest.approx(9 / 11)
    drawing = ElementTree.fromstring(picture(report))
    assert len(drawing.findall("{http://www.w3.org/2000/svg}circle")) == 2


def test_an_empty_set_is_no_mistake() -> None:
    report = evaluate([], [])
    assert report.precision_at() == (0.0, 0.0)
    assert ElementTree.fromstring(picture(report)) is not None
    assert precision_interval([]) == (0.0, 1.0)
    assert table(report)


def test_a_broken_lexicon_is_told_and_the_shipped_one_stays(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "pay.yaml").write_text(
        "family: pay\ngloss: x\nindicators:\n  - {id: mine, strength: strong}\n", "utf-8"
    )
    text = "Loker Kamboja, admin CS, gaji 900 usd, tiket gratis, mess"
    assert nlp.load(tmp_path, "never").analyse(text).risk == nlp.load(names="never").analyse(text).risk
    (record,) = [one for one in caplog.records if one.name == "jerat.lexicon"]
    for word in ("pay.yaml", "mine", "strength", str(tmp_path)):
        assert word in record.getMessage()


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("The ticket to Cambodia, by the way, is free", "everything_paid"),
        ("You reply in the chat to our customers", "online_role"),
        ("Models needed, many a video call a day", "face_model"),
        ("包吃包住，打字就行", "trivial_selection"),
    ],
)
def test_ideas_near_each_other_are_found_in_any_order(text: str, family: str) -> None:
    assert family in {reason.family for reason in nlp.load().analyse(text).risk.reasons}


@pytest.mark.parametrize("text", ["Free parking. The ticket costs 3 dollars", "The ticket\nFree entry for children"])
def test_ideas_in_two_sentences_are_not_joined(text: str) -> None:
    assert "travel-paid" not in {reason.indicator for reason in nlp.load().analyse(text).risk.reasons}


def test_ideas_ten_thousand_times_stay_linear_and_few() -> None:
    reasons = nlp.load().analyse("free ticket chat customers " * 10_000).risk.reasons
    assert len(reasons) < 20


@pytest.mark.parametrize(
    ("text", "name", "there"),
    [
        ("𝗷𝗼𝗯 in Asia, write to me", "text-disguised", False),  # one run of letters is an ornament
        ("𝗷ob 𝗶n 𝗔sia 𝗻ow, wr𝗶te", "text-disguised", True),
        ("ｊｏｂ ① ② ③ ④ full-width and circled", "text-disguised", False),
        ("j\u200bo\u200bb i\u200bn Asia w\u200brite", "text-disguised", True),
        ("Telegram: @hr\u200b_contoh\u200b_satu", "contact-disguised", True),
        ("Telegram: @hr_contoh_satu", "contact-disguised", False),
    ],
)
def test_disguises_are_those_of_the_normaliser(text: str, name: str, there: bool) -> None:
    found = {reason.indicator for reason in nlp.load(names="never").analyse(text).risk.reasons}
    assert (name in found) is there


@pytest.mark.parametrize(
    "text", ["the chatelaine of the customs house", "a ticketless freeway", "supermodels and videocalling"]
)
def test_ideas_inside_longer_words_are_not_read(text: str) -> None:
    families = {reason.family for reason in nlp.load(names="never").analyse(text).risk.reasons}
    assert not families & {"online_role", "everything_paid", "face_model"}
