"""Fitting: learns what the labels say, keeps the signs, holds to what was in force, and measures on posts not seen."""

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.fitting import Judged, bounds, compare, cross_validate, features, refit, row, values_of, with_values
from nlp.risk import Weights, load_weights, score

WEIGHTS = load_weights()
FAMILIES = list(WEIGHTS.families)
HONEST = list(WEIGHTS.honesty)


def post(lure: bool, *families: str, group: int = 0, kind: str = "offer", honest: str = "") -> Judged:
    found = {f"sign-{family}": (family, 0.9) for family in families}
    if honest:
        found[honest] = ("honesty", 1.0)
    return Judged(found, kind, lure, group)  # type: ignore[arg-type]


def toy(number: int = 20) -> list[Judged]:
    """Lures of this case obfuscate, which the shipped weights make little of; its honest posts pay everything."""
    lures = [post(True, "obfuscation", "no_employer", group=at) for at in range(number)]
    return lures + [post(False, "everything_paid", "online_role", group=number + at) for at in range(number)]


def test_the_row_of_a_post_gives_its_log_odds() -> None:
    one = post(True, "pay", "hub_place", "online_role", "everything_paid", honest=HONEST[0])
    line = np.array(row(one.found, one.kind, WEIGHTS))
    assert len(line) == len(features(WEIGHTS)) == len(values_of(WEIGHTS))
    assert float(line @ values_of(WEIGHTS)) == pytest.approx(score(one.found, one.kind, WEIGHTS).logit, abs=1e-9)


def test_fitting_moves_the_levels_the_way_of_the_labels() -> None:
    posts = toy()
    fitted = refit(posts, WEIGHTS, "note")
    lure, honest = posts[0], posts[-1]
    assert score(lure.found, "offer", fitted).score > score(lure.found, "offer", WEIGHTS).score + 0.1
    assert score(honest.found, "offer", fitted).score < 0.6 * score(honest.found, "offer", WEIGHTS).score
    assert fitted.note == "note"
    assert fitted.levels == WEIGHTS.levels


def test_what_no_post_shows_stays_as_it_was() -> None:
    fitted = refit(toy(), WEIGHTS)
    assert fitted.families["demographics"] == WEIGHTS.families["demographics"]
    assert fitted.honesty == WEIGHTS.honesty


def test_labels_that_contradict_the_signs_do_not_turn_them_round() -> None:
    posts = [post(False, *FAMILIES, group=at) for at in range(30)]
    posts += [post(True, honest=HONEST[at % len(HONEST)], group=30 + at) for at in range(30)]
    fitted = refit(posts, WEIGHTS)
    low, high = bounds(fitted)
    values = values_of(fitted)
    assert ((low <= values) & (values <= high)).all()
    assert min(fitted.families.values()) >= 0 >= max(fitted.honesty.values())


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.sets(st.sampled_from(FAMILIES), max_size=5)), min_size=2, max_size=12))
def test_one_more_red_flag_never_lowers_the_risk_whatever_was_learnt(labelled: list[tuple[bool, set[str]]]) -> None:
    fitted = refit([post(lure, *sorted(families)) for lure, families in labelled], WEIGHTS)
    for _, families in labelled:
        less = score(post(True, *sorted(families)).found, "offer", fitted).score
        more = score(post(True, *sorted({*families, "asks_money", "pay"})).found, "offer", fitted).score
        assert more >= less - 1e-12


def test_one_label_alone_or_kinds_that_are_capped_teach_nothing() -> None:
    assert refit([post(True, "pay")] * 40, WEIGHTS) is WEIGHTS
    assert refit([post(False, "pay")] * 40, WEIGHTS) is WEIGHTS
    warnings = [post(at % 2 == 0, "pay", kind="warning") for at in range(40)]
    assert refit(warnings, WEIGHTS) is WEIGHTS


def test_fitted_weights_are_a_file_that_is_read_again() -> None:
    fitted = refit(toy(), WEIGHTS)
    assert msgspec.convert(msgspec.to_builtins(fitted), Weights) == fitted
    assert with_values(WEIGHTS, list(values_of(WEIGHTS)), WEIGHTS.date, WEIGHTS.note) == WEIGHTS


def test_held_out_scores_see_the_pattern_and_copies_are_never_parted() -> None:
    posts = toy()
    held = cross_validate(posts, WEIGHTS)
    before = np.array([score(one.found, one.kind, WEIGHTS).score for one in posts])
    lures = np.array([one.lure for one in posts])
    assert held[lures].mean() > before[lures].mean() + 0.1
    # All lures are copies of one: without them nothing is left to learn from, and nothing changes.
    copies = [one._replace(group=0) if one.lure else one for one in posts]
    assert cross_validate(copies, WEIGHTS)[lures] == pytest.approx(before[lures])


def test_intervals_hold_the_value_and_tell_chance_from_change() -> None:
    posts = toy()
    told = {one.name: one for one in compare(posts, WEIGHTS, cross_validate(posts, WEIGHTS))}
    for measure in told.values():
        for interval in (measure.before, measure.after, measure.change):
            assert interval.low - 1e-9 <= interval.value <= interval.high + 1e-9
        assert measure.change.value == pytest.approx(measure.after.value - measure.before.value, abs=2e-4)
    assert told["Brier score"].change.high < 0
    assert told["average precision"].after.value == 1.0
    same = np.array([score(one.found, one.kind, WEIGHTS).score for one in posts])
    assert all(one.change == (0.0, 0.0, 0.0) for one in compare(posts, WEIGHTS, same))


def test_the_same_posts_give_the_same_figures() -> None:
    posts = toy(10)
    once, again = (compare(posts, WEIGHTS, cross_validate(posts, WEIGHTS)) for _ in range(2))
    assert once == again
