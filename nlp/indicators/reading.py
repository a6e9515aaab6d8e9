"""What the lexicon finds in one text: indicators and signals with their spans, negation and report speech understood."""

import re
from typing import Final, Literal

import msgspec

from nlp.context import Context
from nlp.indicators.automaton import Automaton
from nlp.indicators.lexicon import IndicatorEntry, Lexicon, Scope, Signal, load_lexicon
from nlp.indicators.rules import RULES, Span, facts
from nlp.normalise import normalise

__all__ = ["Reader", "Reading", "reading_of"]

REPORT_REACH: Final = 160
"""How far into its sentence a reporting word reaches, in characters."""
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
        self.lexicon = lexicon or load_lexicon()
        self._automaton = Automaton(self.lexicon.terms(), _normalised)
        entries: list[IndicatorEntry | Signal | Scope] = []
        tables = (self.lexicon.indicators, self.lexicon.signals, self.lexicon.scopes)
        for owner in self._automaton.owners:
            entries.append(next(table[owner] for table in tables if owner in table))
        self._entries = entries
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
            else:
                (before if entry.side == "before" else after).append((start, end))
        if negatable and (before or after):
            self._negate(indicators, before, after)
        self._unfold(indicators)
        self._uncover(signals, cues, indicators.get("says-it-is-safe", []))
        first = {name: spans[0] for name, spans in (*signals.items(), *indicators.items())}
        at = facts(context, first)
        for entry in self._ruled:
            span = RULES[entry.rule](at, entry.parameters)
            if span is not None and span[0] < span[1]:
                indicators.setdefault(entry.id, []).append(span)
                first.setdefault(entry.id, span)
        reported = self._reported(context.lower, indicators, cues) if cues else set()
        asks = any(mark in context.lower for mark in _ASKING)
        return Reading(indicators, signals, reported, at.messenger, asks)

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


def reading_of(context: Context) -> Reading | None:
    """The reading that the indicators component left in the cache of `context`."""
    return context.cache.get("reading")


def _normalised(term: str) -> str:
    # The marks of a term's form are no part of its text, and must pass unchanged.
    text = normalise(term).text
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)
