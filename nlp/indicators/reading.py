"""What the lexicon finds in one text: indicators and signals with their spans, negation and report speech understood."""

import re
from bisect import bisect_left
from typing import Final, Literal

import msgspec

from nlp.context import Context
from nlp.indicators.automaton import Automaton
from nlp.indicators.lexicon import Lexicon, load_lexicon
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
        self._parts = [_part(owner, lexicon) for owner in self._automaton.owners]
        self._negatable = frozenset(entry.id for entry in lexicon.indicators.values() if entry.negatable)
        self._honest = frozenset(entry.id for entry in lexicon.indicators.values() if entry.family == "honesty")
        self._reach = dict.fromkeys(("before", "after"), 0)
        for scope in lexicon.scopes.values():
            self._reach[scope.side] = max(self._reach[scope.side], scope.reach)
        bits = {name: 1 << at for at, name in enumerate(lexicon.concepts)}
        self._bits = [bits.get(owner, 0) for owner in self._automaton.owners]
        self._near = [
            (sum({bits[name] for name in group}), entry.id, entry.reach, group)
            for entry in lexicon.indicators.values()
            for group in entry.near
        ]
        # Rules of honesty first: others ask whether an employer is named.
        order = {"honesty": 0, "visa_route": 2}
        ruled = [entry for entry in lexicon.indicators.values() if entry.rule]
        ruled.sort(key=lambda entry: order.get(entry.family, 1))
        self._ruled = [(entry.id, RULES[entry.rule], entry.parameters) for entry in ruled]

    def read(self, context: Context) -> Reading:
        """All that is found in the text of `context`."""
        lower = context.lower
        indicators: dict[str, list[Span]] = {}
        signals: dict[str, list[Span]] = {}
        concepts: dict[str, list[Span]] = {}
        before: list[Span] = []
        after: list[Span] = []
        cues: list[Span] = []
        present = 0
        parts, bits = self._parts, self._bits
        for owner, spans in self._automaton.find(lower).items():
            part, name = parts[owner]
            if part == "concept":
                concepts[name] = spans
                present |= bits[owner]
            elif part == "indicator":
                indicators[name] = spans
            elif part == "before":
                before += spans
            elif part == "after":
                after += spans
            else:
                signals[name] = spans
                if part == "report":
                    cues += spans
        quotes = list(indicators.get("says-it-is-safe", ()))
        if concepts:
            self._join(lower, indicators, concepts, present)
        if before or after:
            self._negate(indicators, before, after)
        self._unfold(indicators)
        self._uncover(signals, cues, quotes)
        first = {name: spans[0] for name, spans in (*signals.items(), *indicators.items())}
        at = facts(context, first)
        for name, rule, parameters in self._ruled:
            span = rule(at, parameters)
            if span is not None and span[0] < span[1]:
                indicators.setdefault(name, []).append(span)
                first.setdefault(name, span)
        self._lead_away(indicators, signals)
        reported = self._reported(lower, indicators, cues) if cues else set()
        asks = "?" in lower or any(mark in lower for mark in _ASKING)
        return Reading(indicators, signals, reported, at.messenger, asks)

    def _join(
        self, lower: str, indicators: dict[str, list[Span]], concepts: dict[str, list[Span]], present: int
    ) -> None:
        """Add the indicators whose concepts stand near each other; `present` has a bit for each concept that was found."""
        for spans in concepts.values():
            spans.sort()
        for needed, name, reach, group in self._near:
            if needed & present != needed:
                continue
            anchors, *others = [concepts[each] for each in group]
            found = indicators.get(name, [])
            for anchor in anchors:
                span = _cover(lower, anchor, others, reach)
                if span is not None and span not in found:
                    found.append(span)
                    if len(found) >= MOST_SPANS:
                        break
            if found:
                found.sort()
                indicators[name] = found

    def _negate(self, indicators: dict[str, list[Span]], before: list[Span], after: list[Span]) -> None:
        """Take away what a negation stands beside."""
        lead, trail = self._reach["before"], self._reach["after"]
        for name in [name for name in indicators if name in self._negatable]:
            kept = [
                (start, end)
                for start, end in indicators[name]
                if not any(0 <= start - cue[1] <= lead for cue in before)
                and not any(0 <= cue[0] - end <= trail for cue in after)
            ]
            if kept:
                indicators[name] = kept
            else:
                del indicators[name]

    def _unfold(self, indicators: dict[str, list[Span]]) -> None:
        """Take away signs of honesty that are only part of a red flag: "experience" inside "no experience"."""
        honest = [name for name in indicators if name in self._honest]
        if not honest:
            return
        red = [span for name, spans in indicators.items() if name not in self._honest for span in spans]
        for name in honest:
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


_Part = Literal["indicator", "signal", "report", "concept", "before", "after"]
"""What a term's owner is; `report` for signals of a warning that report what stands beside them."""


def _part(owner: str, lexicon: Lexicon) -> tuple[_Part, str]:
    if owner in lexicon.indicators:
        return "indicator", owner
    if owner in lexicon.signals:
        signal = lexicon.signals[owner]
        return "report" if signal.report and signal.kind == "warning" else "signal", owner
    if owner in lexicon.scopes:
        return lexicon.scopes[owner].side, owner
    return "concept", owner


def _cover(lower: str, anchor: Span, others: list[list[Span]], reach: int) -> Span | None:
    """The span from `anchor` over the nearest of each of `others`, or None where one is too far or in another sentence."""
    low, high = anchor
    first = lower[low]
    if "\u2e80" < first < "\ua000" or "\uac00" <= first <= "\ud7a3":
        reach = max(6, reach // 3)
    taken = [anchor]
    for spans in others:
        place = bisect_left(spans, (low, high))
        best: Span | None = None
        least = reach + 1
        for span in spans[max(0, place - 3) : place + 4]:
            start, end = span
            gap = start - high if start > high else low - end
            if gap >= least:
                continue
            if gap > 0:
                if _SENTENCE.search(lower, min(end, high), max(start, low)):
                    continue
            else:
                gap = 0
                if least == 0 or any(start < last and begin < end for begin, last in taken):
                    continue
            best, least = span, gap
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
