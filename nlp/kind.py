"""What a post is: offer, warning, victim, seeker, question or other, by a score that can be read, with its spans."""

from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from jerat.model import PostKind
from nlp.context import Context, component
from nlp.data import document
from nlp.indicators.lexicon import HERE, Lexicon, Signal, load_lexicon
from nlp.indicators.reading import Reading, reading_of
from nlp.indicators.rules import Span

__all__ = ["Kind", "Verdict", "judge"]


class Kinds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How signals and families make a kind; the numbers and what each means stand in kinds.yaml."""

    least: float
    repeat: float
    repeats: int
    hiring_most: float
    families: dict[str, float]
    offering: float
    contact: float
    formal: float
    formalities: frozenset[str]
    giving: frozenset[str]
    asked: float
    away: frozenset[str]
    wording: float
    wording_most: float
    wording_middle: dict[str, float]


RULES: Final = document(HERE / "kinds.yaml", Kinds)


class Verdict(NamedTuple):
    """The kind, the scores of all kinds, and the signals that spoke for it: (id, start, end)."""

    kind: PostKind
    scores: dict[str, float]
    why: tuple[tuple[str, int, int], ...]


def judge(reading: Reading, lexicon: Lexicon) -> Verdict:
    """The kind of what was read. An offer wins a tie against a warning only with signals of its own."""
    scores: dict[str, float] = dict.fromkeys(("offer", "warning", "victim", "seeker", "question"), 0.0)
    why: dict[str, list[tuple[str, int, int]]] = {kind: [] for kind in scores}
    for name, spans in reading.signals.items():
        signal: Signal = lexicon.signals[name]
        if signal.kind not in scores:
            continue
        parted = _parted(spans)
        scores[signal.kind] += signal.weight * (1 + RULES.repeat * min(len(parted) - 1, RULES.repeats))
        why[signal.kind] += [(name, *span) for span in parted[:3]]
    if scores["offer"]:
        # "We hire" once or ten times is the same.
        scores["offer"] = min(scores["offer"], RULES.hiring_most)
    families = {lexicon.indicators[name].family for name in reading.indicators if name not in reading.reported}
    scores["offer"] += sum(RULES.families.get(family, 0.0) for family in families)
    scores["offer"] += RULES.formal * len(RULES.formalities & reading.indicators.keys())
    if reading.messenger is not None:
        scores["offer"] += RULES.contact
    scores["offer"] *= RULES.offering
    if families & RULES.giving:
        # Who looks for work does not pay for the journey: "Looking for a job? We cover your flight" is an offer.
        scores["seeker"] = 0.0
    if scores["question"] and reading.asks:
        scores["question"] += RULES.asked
    for kind, middle in RULES.wording_middle.items() if reading.wording else ():
        above = reading.wording[kind] - middle
        scores[kind] += RULES.wording * min(RULES.wording_most, max(-RULES.wording_most, above))
    best = max(scores, key=lambda kind: scores[kind])
    if scores[best] < RULES.least:
        return Verdict("other", scores, ())
    if best == "offer" and "other-genre" in reading.indicators and not families & RULES.away:
        spans = _parted(reading.indicators["other-genre"])
        return Verdict("other", scores, tuple(("other-genre", *span) for span in spans[:3]))
    return Verdict(best, scores, tuple(why[best][:3]))  # type: ignore[arg-type]


def _parted(spans: list[Span]) -> list[Span]:
    """Spans without those that overlap the one before: two terms for the same words count once."""
    parted: list[Span] = []
    for start, end in sorted(spans):
        if parted and start < parted[-1][1]:
            parted[-1] = (parted[-1][0], max(end, parted[-1][1]))
        else:
            parted.append((start, end))
    return parted


@component("kind", version=1)
class Kind:
    """Sets `context.kind`, and leaves the verdict in the cache."""

    def __init__(self, lexicon: Path | None = None) -> None:
        self._lexicon = load_lexicon(lexicon)

    def __call__(self, context: Context) -> None:
        """Judge the text of `context`."""
        reading = reading_of(context)
        if reading is None:
            return
        verdict = judge(reading, self._lexicon)
        context.cache["verdict"] = verdict
        context.kind = verdict.kind
