"""How strongly a post shows the signs of a lure: an additive scorecard in log-odds that explains itself.

Indicators of one family count little more than the strongest of them; combinations of families carry the judgement;
signs of honesty weigh against, down to a floor. One more red flag never lowers the score.
"""

import math
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

import msgspec

from jerat.errors import DataError
from jerat.model import Indicator, Level, PostKind, Risk
from nlp.context import Context, component
from nlp.data import document
from nlp.indicators.lexicon import HERE
from nlp.kind import Verdict

__all__ = ["Combination", "Scorer", "Scores", "Weights", "family_values", "load_weights", "score"]

REST: Final = 0.15
"""What further indicators of a family add to the strongest, as a share of their strength."""
MOST: Final = 1.25
"""No family counts more than this."""


class Combination(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Families that mean more together; its value is that of the weakest of them."""

    id: str
    of: tuple[str, ...]
    weight: float


class Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """The scorecard. Red flags have weights of 0 or more, signs of honesty of 0 or less."""

    date: str
    note: str
    bias: float
    families: dict[str, float]
    combinations: tuple[Combination, ...]
    honesty: dict[str, float]
    honesty_floor: float
    kinds: dict[PostKind, float]
    """What the kind adds; a kind that does not stand here is capped at `capped`."""
    levels: dict[Level, float]
    """The least score of `low`, `medium` and `high`."""
    capped: float

    @cached_property
    def _combined(self) -> dict[frozenset[str], list[tuple[float, tuple[str, ...], int]]]:
        return {}

    def combined(self, families: frozenset[str]) -> list[tuple[float, tuple[str, ...], int]]:
        """The combinations of which all families are there, as (weight, families, their number)."""
        known = self._combined
        found = known.get(families)
        if found is None:
            found = [(one.weight, one.of, len(one.of)) for one in self.combinations if families.issuperset(one.of)]
            if len(known) < 4096:
                known[families] = found
        return found


class Scores(msgspec.Struct, frozen=True):
    """The score, its log-odds, and what each indicator adds to them."""

    score: float
    logit: float
    shares: dict[str, float]


def load_weights(lexicon: Path | None = None) -> Weights:
    """The shipped weights, or those of the analyst's folder. Raises DataError where a sign is wrong."""
    path = HERE / "weights.yaml"
    if lexicon is not None and (lexicon / "weights.yaml").is_file():
        path = lexicon / "weights.yaml"
    weights = document(path, Weights)
    wrong = [name for name, value in weights.families.items() if value < 0]
    wrong += [one.id for one in weights.combinations if one.weight < 0]
    wrong += [name for name, value in weights.honesty.items() if value > 0]
    if wrong:
        raise DataError(
            f"{path}: the weight of {', '.join(wrong)} has the wrong sign",
            "A red flag must not lower the risk, nor a sign of honesty raise it.",
        )
    return weights


def family_values(strengths: Iterable[tuple[str, str, float]]) -> dict[str, float]:
    """The value of each family from (indicator, family, strength); each indicator counts once."""
    members: dict[str, dict[str, float]] = {}
    for name, family, strength in strengths:
        members.setdefault(family, {})[name] = strength
    return {family: _value(max(found.values()), sum(found.values())) for family, found in members.items()}


def _value(top: float, total: float) -> float:
    return min(MOST, top + REST * (total - top))


def score(found: Mapping[str, tuple[str, float]], kind: PostKind, weights: Weights) -> Scores:
    """The score of indicators (id -> family, strength) in a post of `kind`."""
    members: dict[str, list[float]] = {}
    honest: dict[str, float] = {}
    for name, (family, strength) in found.items():
        if family == "honesty":
            if weight := weights.honesty.get(name):
                honest[name] = weight * strength
        elif family in members:
            members[family].append(strength)
        else:
            members[family] = [strength]
    sums = {family: sum(strengths) for family, strengths in members.items()}
    values = {family: _value(max(strengths), sums[family]) for family, strengths in members.items()}
    parts = {family: weights.families.get(family, 0.0) * value for family, value in values.items()}
    value_of = values.__getitem__
    for weight, of, size in weights.combined(frozenset(values)):
        share = weight * min(map(value_of, of)) / size
        for family in of:
            parts[family] += share
    total = sum(honest.values())
    if total < weights.honesty_floor:
        honest = {name: value * weights.honesty_floor / total for name, value in honest.items()}
        total = weights.honesty_floor
    logit = weights.bias + sum(parts.values()) + total + weights.kinds.get(kind, 0.0)
    probability = 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))
    if kind not in weights.kinds:
        probability = min(probability, weights.capped)
    shares = {
        name: parts[family] * strength / sums[family]
        for name, (family, strength) in found.items()
        if family != "honesty"
    }
    return Scores(probability, logit, shares | honest)


def level_of(value: float, weights: Weights) -> Level:
    """The highest level whose threshold `value` reaches."""
    for level in ("high", "medium", "low"):
        if value >= weights.levels[level]:
            return level
    return "none"


@component("risk", version=1)
class Scorer:
    """Sets `context.risk` from the indicators and the kind of a text."""

    def __init__(self, lexicon: Path | None = None) -> None:
        self._weights = load_weights(lexicon)

    def __call__(self, context: Context) -> None:
        """Judge the text of `context`."""
        context.risk = self.judge(context)

    def judge(self, context: Context) -> Risk:
        """The risk, its reasons by weight, the signals of the kind behind them."""
        found = {match.indicator: (match.family, match.weight) for match in context.indicators}
        scores = score(found, context.kind, self._weights)
        shares, surface = scores.shares, context.surface
        reasons = []
        for match in context.indicators:
            name = match.indicator
            if place := surface(match.start, match.end):
                weight = round(shares.get(name, 0.0), 2)
                reasons.append(_reason(place, name, match.family, weight))
        reasons.sort(key=_by_weight)
        verdict: Verdict | None = context.cache.get("verdict")
        if verdict is not None and verdict.kind != "offer":
            for name, start, end in verdict.why:
                if place := surface(start, end):
                    reasons.append(_reason(place, name, "kind", 0.0))
        value = round(scores.score, 4)
        return Risk(level=level_of(value, self._weights), score=value, reasons=tuple(reasons))


def _reason(place: tuple[str, int, int, str], name: str, family: str, weight: float) -> Indicator:
    text, start, end, field = place
    return Indicator(text=text, start=start, end=end, field=field, indicator=name, family=family, weight=weight)


def _by_weight(reason: Indicator) -> tuple[float, int]:
    return -abs(reason.weight), reason.start
