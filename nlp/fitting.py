"""Fits the weights of the risk to labelled posts, and measures what that changed on posts that were not seen.

The scorecard stays what it is: the same families, combinations and signs of honesty, the same levels. A penalty draws each
weight to the one that was in force, and signs are kept, so one more red flag never lowers the risk, whatever the labels.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from jerat.model import Analysis, PostKind
from nlp.indicators.lexicon import Lexicon
from nlp.risk import Weights, family_values, score

__all__ = [
    "FOLDS", "Interval", "Judged", "Measures", "bounds", "compare", "cross_validate", "descend", "features", "judged_of",
    "refit", "row", "values_of", "with_values",
]  # fmt: skip

Vector = NDArray[np.float64]

FOLDS: Final = 5
_HOLD: Final = 4.0
"""How strongly the weights in force hold: as much as this many posts."""
_FAMILY: Final = 2.2
"""No family weighs more: one alone stays below low."""
_STRONG: Final = {"people_trade": 3.3, "face_model": 3.3}
"""These may be worth a look on their own: low, and no more."""
_BIAS: Final = -4.0
"""The log-odds of a post without any sign are at most this."""
_RESAMPLES: Final = 1000
_ROUNDS: Final = 4000
_STEP: Final = 0.05


class Judged(NamedTuple):
    """A post with a person's label. `found` are its indicators: id -> (family, strength).

    Posts of one `group` are copies of each other, and are never parted between fitting and measuring.
    """

    found: Mapping[str, tuple[str, float]]
    kind: PostKind
    lure: bool
    group: int = 0


class Interval(NamedTuple):
    """A measure with its 95 % interval, by resampling the posts."""

    value: float
    low: float
    high: float


class Measures(NamedTuple):
    """Before, after, and after minus before, of one measure."""

    name: str
    before: Interval
    after: Interval
    change: Interval


def judged_of(analysis: Analysis, lexicon: Lexicon, lure: bool, group: int = 0) -> Judged:
    """What the scorecard saw in a post; indicators that the lexicon no longer has are left out."""
    found = {
        reason.indicator: (entry.family, entry.strength)
        for reason in analysis.risk.reasons
        if reason.family != "kind" and (entry := lexicon.indicators.get(reason.indicator)) is not None
    }
    return Judged(found, analysis.kind, lure, group)


def features(weights: Weights) -> list[str]:
    """The names of what is fitted, in the order of a row."""
    names = [f"families:{name}" for name in weights.families]
    names += [f"combinations:{one.id}" for one in weights.combinations]
    names += [f"honesty:{name}" for name in weights.honesty]
    return [*names, "kinds:other", "bias"]


def row(found: Mapping[str, tuple[str, float]], kind: PostKind, weights: Weights) -> list[float]:
    """A post as the values of `features`: what the scorecard multiplies with the weights."""
    red = [(name, family, strength) for name, (family, strength) in found.items() if family != "honesty"]
    values = family_values(red)
    line = [values.get(name, 0.0) for name in weights.families]
    line += [min(values.get(family, 0.0) for family in one.of) for one in weights.combinations]
    line += [found[name][1] if name in found else 0.0 for name in weights.honesty]
    return [*line, float(kind == "other"), 1.0]


def values_of(weights: Weights) -> Vector:
    """The weights, in the order of `features`."""
    together = [one.weight for one in weights.combinations]
    ends = [weights.kinds.get("other", 0.0), weights.bias]
    return np.array([*weights.families.values(), *together, *weights.honesty.values(), *ends])


def bounds(weights: Weights) -> tuple[Vector, Vector]:
    """Between which each weight stays: red flags never below 0, signs of honesty never above."""
    reds, honest = len(weights.families) + len(weights.combinations), len(weights.honesty)
    low = np.array([0.0] * reds + [-9.0] * honest + [-9.0, -20.0])
    families = [_STRONG.get(name, _FAMILY) for name in weights.families]
    high = np.array([*families, *[9.0] * (reds - len(families)), *[0.0] * honest, 0.0, _BIAS])
    return low, high


def descend(
    x: Vector, y: Vector, share: Vector, start: Vector, limits: tuple[Vector, Vector], pulls: Vector,
    *, rounds: int = _ROUNDS, step: float = _STEP,
) -> Vector:  # fmt: skip
    """Logistic regression by projected gradient descent; `share` are the weights of the posts, `pulls` draw to `start`."""
    w = start.copy()
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -40, 40)))
        gradient = x.T @ (share * (p - y)) + pulls * (w - start)
        w = np.clip(w - step * gradient, *limits)
    return w


def with_values(weights: Weights, values: Sequence[float], date: str, note: str) -> Weights:
    """`weights` with other values, in the order of `features`."""
    fitted = dict(zip(features(weights), map(float, values), strict=True))
    kinds = dict(weights.kinds)
    if "other" in kinds:
        kinds["other"] = fitted["kinds:other"]
    return msgspec.structs.replace(
        weights,
        date=date,
        note=note,
        bias=fitted["bias"],
        families={name: fitted[f"families:{name}"] for name in weights.families},
        honesty={name: fitted[f"honesty:{name}"] for name in weights.honesty},
        kinds=kinds,
        combinations=tuple(
            msgspec.structs.replace(one, weight=fitted[f"combinations:{one.id}"]) for one in weights.combinations
        ),
    )


def refit(posts: Sequence[Judged], weights: Weights, note: str = "") -> Weights:
    """The weights that fit `posts`, drawn to `weights`.

    Lures count as much as all others together, and the bias hardly moves: what is reviewed is never the mix that is met.
    A post of a kind that the scorecard caps teaches it nothing.
    """
    usable = [post for post in posts if post.kind in weights.kinds]
    lures = sum(post.lure for post in usable)
    if not lures or lures == len(usable):
        return weights
    x = np.array([row(post.found, post.kind, weights) for post in usable])
    y = np.array([float(post.lure) for post in usable])
    share = np.where(y > 0, 0.5 / lures, 0.5 / (len(usable) - lures))
    start = values_of(weights)
    pulls = np.full_like(start, _HOLD / len(usable))
    pulls[-1] = 1.0
    fitted = np.round(descend(x, y, share, start, bounds(weights), pulls), 3)
    return with_values(weights, list(fitted), datetime.datetime.now(datetime.UTC).date().isoformat(), note)


def cross_validate(posts: Sequence[Judged], weights: Weights, seed: int = 1) -> Vector:
    """The score of each post by weights that were fitted without it and without its copies."""
    generator = np.random.default_rng(seed)
    groups = sorted({post.group for post in posts})
    # Groups with lures and those without are dealt out apart, so that every fold has some of both.
    with_lures = [one for one in groups if any(post.lure for post in posts if post.group == one)]
    others = [one for one in groups if one not in set(with_lures)]
    fold: dict[int, int] = {}
    for part in (with_lures, others):
        for place, one in enumerate(generator.permutation(len(part))):
            fold[part[int(one)]] = place % FOLDS
    scores = np.zeros(len(posts))
    for number in range(FOLDS):
        fitted = refit([post for post in posts if fold[post.group] != number], weights)
        for at, post in enumerate(posts):
            if fold[post.group] == number:
                scores[at] = score(post.found, post.kind, fitted).score
    return scores


def compare(posts: Sequence[Judged], weights: Weights, after: Vector, seed: int = 1) -> list[Measures]:
    """Each measure with the weights in force and with the `after` scores, on the same resamples of the posts."""
    before = np.array([score(post.found, post.kind, weights).score for post in posts])
    labels = np.array([post.lure for post in posts])
    medium = weights.levels["medium"]
    measures: tuple[tuple[str, Callable[[Vector, NDArray[np.bool_]], float]], ...] = (
        ("lures at medium or above", lambda scores, lures: float(np.mean(scores[lures] >= medium))),
        ("others at medium or above", lambda scores, lures: float(np.mean(scores[~lures] >= medium))),
        ("average precision", _average_precision),
        ("Brier score", lambda scores, lures: float(np.mean((scores - lures) ** 2))),
    )
    generator = np.random.default_rng(seed)
    samples = list(_resamples(generator, posts, labels))
    told = []
    for name, measure in measures:
        pairs = np.array([(measure(before[s], labels[s]), measure(after[s], labels[s])) for s in samples])
        whole = measure(before, labels), measure(after, labels)
        told.append(
            Measures(
                name, _interval(whole[0], pairs[:, 0]), _interval(whole[1], pairs[:, 1]),
                _interval(whole[1] - whole[0], pairs[:, 1] - pairs[:, 0]),
            )
        )  # fmt: skip
    return told


def _resamples(
    generator: np.random.Generator, posts: Sequence[Judged], labels: NDArray[np.bool_]
) -> Iterable[NDArray[np.intp]]:
    """Groups drawn with replacement; a draw without a lure, or with nothing else, measures nothing and is drawn again."""
    members: dict[int, list[int]] = {}
    for at, post in enumerate(posts):
        members.setdefault(post.group, []).append(at)
    groups = list(members.values())
    made = 0
    while made < _RESAMPLES:
        drawn = generator.integers(0, len(groups), len(groups))
        sample = np.array([at for one in drawn for at in groups[int(one)]], dtype=np.intp)
        if 0 < labels[sample].sum() < len(sample):
            made += 1
            yield sample


def _interval(value: float, values: Vector) -> Interval:
    low, high = np.quantile(values, (0.025, 0.975))
    return Interval(round(value, 4), round(float(low), 4), round(float(high), 4))


def _average_precision(scores: Vector, lures: NDArray[np.bool_]) -> float:
    """Mean precision at each lure, from the highest score down; ties count as the worst order."""
    order = np.lexsort((lures, -scores))
    ranked = lures[order]
    hits = np.cumsum(ranked)
    return float(np.mean(hits[ranked] / (np.flatnonzero(ranked) + 1)))
