"""The scorecard: monotone, saturating, explained; and its measured quality on the development half of the gold set."""

import math
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nlp
from jerat.errors import DataError, InputError
from jerat.model import PostKind
from nlp.evaluate import evaluate, negatives, read_gold, table
from nlp.indicators.lexicon import shipped
from nlp.risk import Scores, Weights, level_of, load_weights, score

LEXICON = shipped()
WEIGHTS = load_weights()
GOLD = Path(__file__).parent.parent / "gold"
ENTRIES = {name: (entry.family, entry.strength) for name, entry in LEXICON.indicators.items()}
RED = sorted(name for name, (family, _) in ENTRIES.items() if family != "honesty")
HONEST = sorted(set(ENTRIES) - set(RED))
KINDS: tuple[PostKind, ...] = ("offer", "warning", "victim", "seeker", "question", "other")


@pytest.fixture(scope="module")
def analyser() -> nlp.Analyser:
    return nlp.load()


def scored(names: Iterable[str], kind: PostKind = "offer") -> Scores:
    return score({name: ENTRIES[name] for name in names}, kind, WEIGHTS)


@given(st.sets(st.sampled_from(sorted(ENTRIES))), st.sampled_from(RED), st.sampled_from(KINDS))
def test_one_more_red_flag_never_lowers(names: set[str], extra: str, kind: PostKind) -> None:
    less, more = scored(names, kind), scored(names | {extra}, kind)
    assert more.logit >= less.logit - 1e-9
    assert more.score >= less.score - 1e-9


@given(st.sets(st.sampled_from(sorted(ENTRIES))), st.sampled_from(HONEST))
def test_one_more_sign_of_honesty_never_raises(names: set[str], extra: str) -> None:
    assert scored(names | {extra}).score <= scored(names).score + 1e-9


@given(st.sets(st.sampled_from(sorted(ENTRIES))))
def test_shares_add_up_to_the_log_odds(names: set[str]) -> None:
    result = scored(names)
    assert math.isclose(WEIGHTS.bias + sum(result.shares.values()), result.logit, abs_tol=1e-6)


@pytest.mark.parametrize("kind", ["warning", "victim", "seeker", "question"])
def test_no_lure_where_nobody_offers(kind: PostKind) -> None:
    assert level_of(scored(ENTRIES, kind).score, WEIGHTS) in ("none", "low")


@pytest.mark.parametrize("name", RED)
def test_one_indicator_alone_means_nothing(name: str) -> None:
    # People as goods, and faces for video calls, are worth a look on their own, but no more.
    alone = ("none", "low") if ENTRIES[name][0] in ("people_trade", "face_model") else ("none",)
    assert level_of(scored([name]).score, WEIGHTS) in alone


def test_a_family_saturates_and_families_together_do_not() -> None:
    one = scored(["travel-paid"]).logit
    same = scored(["travel-paid", "room-and-board"]).logit
    across = scored(["travel-paid", "hub-place", "generic-online-role"]).logit
    assert same - one < 0.3 * (one - WEIGHTS.bias)
    assert across - one > 2 * (one - WEIGHTS.bias)


def test_weights_name_what_there_is() -> None:
    families = set(LEXICON.families)
    assert set(WEIGHTS.families) == families - {"honesty"}
    assert set(WEIGHTS.honesty) == set(HONEST)
    for combination in WEIGHTS.combinations:
        assert set(combination.of) <= families - {"honesty"}, combination.id


def test_a_weight_of_the_wrong_sign_is_refused(tmp_path: Path) -> None:
    text = (Path(nlp.__file__).parent / "indicators" / "weights.yaml").read_text(encoding="utf-8")
    (tmp_path / "weights.yaml").write_text(text.replace("  pay:", "  pay: -1.0\n  gone:"), encoding="utf-8")
    with pytest.raises(DataError, match=r"weights\.yaml.*pay.*wrong sign"):
        load_weights(tmp_path)
    assert isinstance(load_weights(), Weights)


def test_reasons_are_surfaces_of_the_text(analyser: nlp.Analyser) -> None:
    text = "Lowongan Kamboja 🔥 ａｄｍｉｎ online, tiket gratis, mess, tanpa pengalaman, WA +855 00 000 111"
    risk = analyser.analyse(text).risk
    assert risk.level in ("medium", "high")
    assert {"everything_paid", "hub_place", "online_role"} <= {reason.family for reason in risk.reasons}
    for reason in risk.reasons:
        assert text[reason.start : reason.end] == reason.text


def test_empty_text_has_no_risk(analyser: nlp.Analyser) -> None:
    risk = analyser.analyse("").risk
    assert risk.level == "none"
    assert risk.reasons == ()


@pytest.mark.parametrize("half", ["dev", "test"])
def test_quality_on_the_invented_posts(analyser: nlp.Analyser, half: str) -> None:
    posts = read_gold(GOLD / f"risk_{half}.jsonl")
    report = evaluate(posts, analyser.pipe(nlp.Input(id=post.id, text=post.text) for post in posts))
    shown = table(report)
    assert report.recall >= 0.85, shown
    assert report.average_precision >= 0.9, shown
    assert report.others["honest offers"][0] == 0, shown
    assert report.others["warning"][0] + report.others["victim"][0] <= 1, shown


def test_the_gold_halves_are_apart_and_cover_all_languages() -> None:
    dev, test = read_gold(GOLD / "risk_dev.jsonl"), read_gold(GOLD / "risk_test.jsonl")
    assert not {post.text for post in dev} & {post.text for post in test}
    for half in (dev, test):
        assert len({post.language for post in half if post.lure}) == 19
        assert len({post.language for post in half if not post.lure}) == 19


def test_a_bad_line_of_gold_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": "a", "language": "en", "lure": true, "text": "x"}\n{"id": 3}\n', encoding="utf-8")
    with pytest.raises(InputError, match="line 2"):
        read_gold(path)


@pytest.mark.shared
def test_few_false_alerts_on_real_posts(analyser: nlp.Analyser, shared_data: Path) -> None:
    posts = list(negatives(shared_data / "negatives"))
    report = evaluate(posts, analyser.pipe(nlp.Input(id=post.id, text=post.text) for post in posts))
    alerts = sum(counts[0] for counts in report.others.values())
    assert alerts / len(posts) <= 0.01, table(report)
    assert report.others["en real jobs"][0] <= 3
