"""What a post is: offer, warning, victim, seeker, question or other, by a score that can be read, with its spans."""

from pathlib import Path
from typing import Final, NamedTuple

from jerat.model import PostKind
from nlp.context import Context, component
from nlp.indicators.lexicon import Lexicon, Signal, load_lexicon
from nlp.indicators.reading import Reading, reading_of
from nlp.indicators.rules import Span

__all__ = ["Kind", "Verdict", "judge"]

LEAST: Final = 1.2
"""A kind with less stays `other`."""
REPEAT: Final = 0.45
"""What each further signal of the same id adds, as a share of the first."""
REPEATS: Final = 5

_OFFER_FAMILIES: Final = {
    "pay": 0.35, "no_qualification": 0.6, "everything_paid": 0.5, "visa_route": 0.3, "hub_place": 0.1, "online_role": 0.4,
    "no_employer": 0.0, "trivial_selection": 0.5, "demographics": 0.4, "debt_advance": 0.3, "recruiter_commission": 0.7,
    "reassurance": 0.9, "overt_crime": 0.2, "poor_text": 0.4, "private_messenger": 0.7, "honesty": 0.3,
}  # fmt: skip
"""What a family adds to `offer`, once, where it is offered and not reported."""
_CONTACT: Final = 0.8
"""A messenger's address adds to `offer`: reports seldom give one."""

_FORMALITIES: Final = frozenset(
    {"official-channel", "qualification-asked", "contract-and-insurance", "proper-application", "skilled-trade"}
)
_FORMAL: Final = 0.4
"""What each formality of an honest offer adds to `offer`."""
_GIVING: Final = frozenset({"everything_paid", "reassurance", "recruiter_commission"})
_ASKED: Final = 0.9
"""A question mark adds to `question` where its words stand too."""
_AWAY: Final = frozenset({"hub_place", "everything_paid", "visa_route"})
"""Tasks, accounts, bets and loans are other spam, unless they lead away from home."""


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
        scores[signal.kind] += signal.weight * (1 + REPEAT * min(len(parted) - 1, REPEATS))
        why[signal.kind] += [(name, *span) for span in parted[:3]]
    if scores["offer"]:
        # "We hire" once or ten times is the same.
        scores["offer"] = min(scores["offer"], 2.0)
    families = {lexicon.indicators[name].family for name in reading.indicators if name not in reading.reported}
    scores["offer"] += sum(_OFFER_FAMILIES.get(family, 0.0) for family in families)
    scores["offer"] += _FORMAL * len(_FORMALITIES & reading.indicators.keys())
    if reading.messenger is not None:
        scores["offer"] += _CONTACT
    if families & _GIVING:
        # Who looks for work does not pay for the journey: "Looking for a job? We cover your flight" is an offer.
        scores["seeker"] = 0.0
    if scores["question"] and reading.asks:
        scores["question"] += _ASKED
    best = max(scores, key=lambda kind: scores[kind])
    if scores[best] < LEAST:
        return Verdict("other", scores, ())
    if best == "offer" and "other-genre" in reading.indicators and not families & _AWAY:
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
