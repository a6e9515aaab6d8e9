"""What the lexicon finds in one text: indicators and signals with their spans, negation and report speech understood."""

import re
from bisect import bisect_left
from typing import Final, Literal

import msgspec

from nlp.context import Context
from nlp.indicators.automaton import Automaton
from nlp.indicators.lexicon import Concept, IndicatorEntry, Lexicon, Scope, Signal, load_lexicon
from nlp.indicators.rules import RULES, Span, facts
from nlp.normalise import normalise

__all__ = ["Reader", "Reading", "reading_of"]

REPORT_REACH: Final = 160
"""How far into its sentence a reporting word reaches, in characters."""
MOST_SPANS: Final = 8
"""Spans of one indicator that concepts give; further ones say nothing new."""
_ASKING: Final = "?؟፧"
_SENTENCE: Final = re.compile("[\n.!?。！？؟।။។]")


class Reading(msgspec.Struct):
    """Found in a text: ids with all their spans, ascending."""

    indicators: dict[str, list[Span]]
    signals: dict[str, list[Span]]
    reported: set[str]
    """Indicators that stand only behind reporting words ("police arrested ...") in their sentence."""
    messenger: Span | None
    asks: bool = False
    """Whether there is a question mark anywhere."""

    def first(self) -> dict[str, Span]:
        """The first span of each."""
        return {name: spans[0] for name, spans in {**self.signals, **self.indicators}.items()}


class Reader:
    """Reads texts with one lexicon. Making it takes about half a second; reading is linear in the text."""

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        self.lexicon = lexicon = lexicon or load_lexicon()
        self._automaton = Automaton(lexicon.terms(), _normalised)
        entries: list[IndicatorEntry | Signal | Scope | Concept] = []
        tables = (lexicon.indicators, lexicon.signals, lexicon.scopes, lexicon.concepts)
        for owner in self._automaton.owners:
            entries.append(next(table[owner] for table in tables if owner in table))
        self._entries = entries
        self._near = [(entry, group, frozenset(group)) for entry in lexicon.indicators.values() for group in entry.near]
        # Rules of honesty first: others ask whether an employer is named.
        order = {"honesty": 0, "visa_route": 2}
        ruled = [entry for entry in self.lexicon.indicators.values() if entry.rule]
        self._ruled = sorted(ruled, key=lambda entry: order.get(entry.family, 1))

    def read(self, context: Context) -> Reading:
        """All that is found in the text of `context`."""
        indicators: dict[str, list[Span]] = {}
        signals: dict[str, list[Span]] = {}
        before: list[Span] = []
        after: list[Span] = []
        cues: list[Span] = []
        concepts: dict[str, list[Span]] = {}
        negatable = False
        entries = self._entries
        for start, end, owner in self._automaton.find(context.lower):
            entry = entries[owner]
            if isinstance(entry, IndicatorEntry):
                indicators.setdefault(entry.id, []).append((start, end))
                negatable = negatable or entry.negatable
            elif isinstance(entry, Signal):
                signals.setdefault(entry.id, []).append((start, end))
                if entry.report and entry.kind == "warning":
                    cues.append((start, end))
            elif isinstance(entry, Concept):
                concepts.setdefault(entry.id, []).append((start, end))
            else:
                (before if entry.side == "before" else after).append((start, end))
        quotes = list(indicators.get("says-it-is-safe", ()))
        if concepts:
            negatable = self._join(context.lower, indicators, concepts) or negatable
        if negatable and (before or after):
            self._negate(indicators, before, after)
        self._unfold(indicators)
        self._uncover(signals, cues, quotes)
        first = {name: spans[0] for name, spans in (*signals.items(), *indicators.items())}
        at = facts(context, first)
        for entry in self._ruled:
            span = RULES[entry.rule](at, entry.parameters)
            if span is not None and span[0] < span[1]:
                indicators.setdefault(entry.id, []).append(span)
                first.setdefault(entry.id, span)
        self._lead_away(indicators, signals)
        reported = self._reported(context.lower, indicators, cues) if cues else set()
        asks = any(mark in context.lower for mark in _ASKING)
        return Reading(indicators, signals, reported, at.messenger, asks)

    def _join(self, lower: str, indicators: dict[str, list[Span]], concepts: dict[str, list[Span]]) -> bool:
        """Add the indicators whose concepts stand near each other; whether one of them can be negated."""
        for spans in concepts.values():
            spans.sort()
        negatable = False
        present = concepts.keys()
        for entry, group, needed in self._near:
            if not needed <= present:
                continue
            anchors, *others = (concepts[name] for name in group)
            found = indicators.get(entry.id, [])
            for anchor in anchors:
                span = _cover(lower, anchor, others, entry.reach)
                if span is not None and span not in found:
                    found.append(span)
                    if len(found) >= MOST_SPANS:
                        break
            if found:
                found.sort()
                indicators[entry.id] = found
                negatable = negatable or entry.negatable
        return negatable

    def _negate(self, indicators: dict[str, list[Span]], before: list[Span], after: list[Span]) -> None:
        reach: dict[Literal["before", "after"], int] = {"before": 0, "after": 0}
        for scope in self.lexicon.scopes.values():
            reach[scope.side] = max(reach[scope.side], scope.reach)
        for name in [name for name in indicators if self.lexicon.indicators[name].negatable]:
            kept = [
                (start, end)
                for start, end in indicators[name]
                if not any(0 <= start - cue[1] <= reach["before"] for cue in before)
                and not any(0 <= cue[0] - end <= reach["after"] for cue in after)
            ]
            if kept:
                indicators[name] = kept
            else:
                del indicators[name]

    def _unfold(self, indicators: dict[str, list[Span]]) -> None:
        """Take away signs of honesty that are only part of a red flag: "experience" inside "no experience"."""
        families = {name: self.lexicon.indicators[name].family for name in indicators}
        if "honesty" not in families.values():
            return
        red = [span for name, spans in indicators.items() if families[name] != "honesty" for span in spans]
        for name in [name for name, family in families.items() if family == "honesty"]:
            kept = [one for one in indicators[name] if not any(span[0] <= one[0] and one[1] <= span[1] for span in red)]
            if kept:
                indicators[name] = kept
            else:
                del indicators[name]

    def _lead_away(self, indicators: dict[str, list[Span]], signals: dict[str, list[Span]]) -> None:
        """Bets, coins and tasks speak for other spam, but not where work away from home is offered with them."""
        if "other-genre" not in indicators:
            return
        families = {self.lexicon.indicators[name].family for name in indicators}
        placed = "hub_place" in families
        working = "online_role" in families or "kind-hiring" in signals
        if (families & {"everything_paid", "lodging", "people_trade"} and (placed or working)) or (placed and working):
            del indicators["other-genre"]

    @staticmethod
    def _uncover(signals: dict[str, list[Span]], cues: list[Span], quotes: list[Span]) -> None:
        """Take away reporting words that are part of a reassurance: "beware of fakes, direct hire only" is an offer."""
        if not quotes:
            return

        def covered(span: Span) -> bool:
            return any(start <= span[0] and span[1] <= end for start, end in quotes)

        cues[:] = [cue for cue in cues if not covered(cue)]
        for name in list(signals):
            signals[name] = [span for span in signals[name] if not covered(span)]
            if not signals[name]:
                del signals[name]

    @staticmethod
    def _reported(lower: str, indicators: dict[str, list[Span]], cues: list[Span]) -> set[str]:
        ranges = []
        for start, end in cues:
            # The sentence goes on to both sides: "... were rescued" stands behind what it reports.
            stop = _SENTENCE.search(lower, end, min(len(lower), end + REPORT_REACH))
            head = max(
                (lower.rfind(mark, max(0, start - REPORT_REACH), start) for mark in "\n.!?。！？।။។"), default=-1
            )
            ranges.append(
                (head if head >= 0 else max(0, start - REPORT_REACH), stop.start() if stop else end + REPORT_REACH)
            )
        return {
            name
            for name, spans in indicators.items()
            if all(any(head <= start and end <= stop for head, stop in ranges) for start, end in spans)
        }


def _cover(lower: str, anchor: Span, others: list[list[Span]], reach: int) -> Span | None:
    """The span from `anchor` over the nearest of each of `others`, or None where one is too far or in another sentence."""
    dense = "\u2e80" < lower[anchor[0]] < "\ua000" or "\uac00" <= lower[anchor[0]] <= "\ud7a3"
    reach = max(6, reach // 3) if dense else reach
    low, high = anchor
    taken = [anchor]
    for spans in others:
        place = bisect_left(spans, (low, high))
        best: Span | None = None
        least = reach + 1
        for start, end in spans[max(0, place - 3) : place + 4]:
            if any(start < last and first < end for first, last in taken):
                continue
            gap = max(start - high, low - end, 0)
            if gap < least and not _SENTENCE.search(lower, min(end, high), max(start, low)):
                best, least = (start, end), gap
        if best is None:
            return None
        taken.append(best)
        low, high = min(low, best[0]), max(high, best[1])
    return low, high


def reading_of(context: Context) -> Reading | None:
    """The reading that the indicators component left in the cache of `context`."""
    return context.cache.get("reading")


def _normalised(term: str) -> str:
    # The marks of a term's form are no part of its text, and must pass unchanged.
    text = normalise(term).text
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)
