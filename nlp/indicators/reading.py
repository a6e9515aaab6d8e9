"""What the lexicon finds in one text: indicators and signals with their spans, negation and report speech understood."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from itertools import accumulate
from typing import Final, Literal

import msgspec

from nlp.context import Context
from nlp.indicators.automaton import Automaton
from nlp.indicators.lexicon import Lexicon, load_lexicon
from nlp.indicators.parted import parted
from nlp.indicators.rules import RULES, Facts, Span, facts
from nlp.normalise import normalise
from nlp.wording import worded

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
    wording: dict[str, float] = {}
    """Log-odds of each kind by the wording; empty where it was not read."""

    def first(self) -> dict[str, Span]:
        """The first span of each."""
        return {name: spans[0] for name, spans in {**self.signals, **self.indicators}.items()}


class Draft:
    """A reading while it is made; each phase of a Reader takes it further."""

    __slots__ = (
        "after", "before", "concepts", "context", "cues", "facts", "first", "indicators", "present",
        "quotes", "signals",
    )  # fmt: skip

    def __init__(self, context: Context) -> None:
        self.context = context
        self.indicators: dict[str, list[Span]] = {}
        self.signals: dict[str, list[Span]] = {}
        self.concepts: dict[str, list[Span]] = {}
        self.before: list[Span] = []
        self.after: list[Span] = []
        self.cues: list[Span] = []
        """Words that report what stands beside them."""
        self.quotes: list[Span] = []
        """Reassurances, in which such words report nothing."""
        self.present = 0
        """A bit for each concept that was found."""
        self.first: dict[str, Span] = {}
        self.facts: Facts


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

        self.phases = (self._find, self._join, self._settle, self._judge)
        """In their order, each to be run on a draft. Many texts are read a quarter faster phase by phase than one by one: what
        a phase reads then stays in the processor's cache."""

    def read(self, context: Context) -> Reading:
        """All that is found in the text of `context`."""
        draft = Draft(context)
        for phase in self.phases:
            phase(draft)
        return self.reading(draft)

    def reading(self, draft: Draft) -> Reading:
        """What came out when all phases have run."""
        lower = draft.context.lower
        reported = self._reported(lower, draft.indicators, draft.cues) if draft.cues else set()
        asks = "?" in lower or any(mark in lower for mark in _ASKING)
        logits = worded(draft.context).logits
        return Reading(draft.indicators, draft.signals, reported, draft.facts.messenger, asks, logits)

    def _find(self, draft: Draft) -> None:
        """All terms, by what they are of."""
        parts, bits = self._parts, self._bits
        found = self._automaton.find(draft.context.lower)
        together = parted(draft.context.lower)
        if together is not None:
            draft.context.cache["parted"] = together.first
            for owner, spans in self._automaton.find(together.text).items():
                known = found.setdefault(owner, [])
                there = set(known)
                known += [span for one in spans if (span := together.span(*one)) not in there]
                known.sort(key=lambda span: span[1])
        for owner, spans in found.items():
            part, name = parts[owner]
            if part == "concept":
                draft.concepts[name] = spans
                draft.present |= bits[owner]
            elif part == "indicator":
                draft.indicators[name] = spans
            elif part == "before":
                draft.before += spans
            elif part == "after":
                draft.after += spans
            else:
                draft.signals[name] = spans
                if part == "report":
                    draft.cues += spans
        draft.quotes = list(draft.indicators.get("says-it-is-safe", ()))

    def _join(self, draft: Draft) -> None:
        """Add the indicators whose concepts stand near each other."""
        if not draft.concepts:
            return
        concepts, present, indicators = draft.concepts, draft.present, draft.indicators
        lower = draft.context.lower
        for spans in concepts.values():
            spans.sort()
        for needed, name, reach, group in self._near:
            if needed & present != needed:
                continue
            anchors, *others = [concepts[each] for each in group]
            found = indicators.get(name, [])
            known = set(found)
            for anchor in anchors:
                span = _cover(lower, anchor, others, reach)
                if span is not None and span not in known:
                    found.append(span)
                    known.add(span)
                    if len(found) >= MOST_SPANS:
                        break
            if found:
                found.sort()
                indicators[name] = found

    def _settle(self, draft: Draft) -> None:
        """Take away what is negated, or part of something else; gather what the rules read."""
        indicators, signals = draft.indicators, draft.signals
        if draft.before or draft.after:
            self._negate(indicators, draft.before, draft.after)
        self._unfold(indicators)
        if quotes := draft.quotes:
            self._uncover(signals, draft.cues, quotes)
        draft.first = first = {name: spans[0] for name, spans in signals.items()}
        for name, spans in indicators.items():
            first[name] = spans[0]
        draft.facts = facts(draft.context, first)

    def _judge(self, draft: Draft) -> None:
        """Add the indicators that rules find."""
        at, first, indicators = draft.facts, draft.first, draft.indicators
        for name, rule, parameters in self._ruled:
            span = rule(at, parameters)
            if span is not None and span[0] < span[1]:
                indicators.setdefault(name, []).append(span)
                first.setdefault(name, span)
        self._lead_away(indicators, draft.signals)

    def _negate(self, indicators: dict[str, list[Span]], before: list[Span], after: list[Span]) -> None:
        """Take away what a negation stands beside."""
        ends = sorted(cue[1] for cue in before)
        starts = sorted(cue[0] for cue in after)
        lead, trail = self._reach["before"], self._reach["after"]

        def negated(span: Span) -> bool:
            last = bisect_right(ends, span[0]) - 1
            if last >= 0 and span[0] - ends[last] <= lead:
                return True
            following = bisect_left(starts, span[1])
            return following < len(starts) and starts[following] - span[1] <= trail

        for name in [name for name in indicators if name in self._negatable]:
            _drop(indicators, name, negated)

    def _unfold(self, indicators: dict[str, list[Span]]) -> None:
        """Take away signs of honesty that are only part of a red flag: "experience" inside "no experience"."""
        honest = [name for name in indicators if name in self._honest]
        if honest:
            inside = _inside([span for name in indicators if name not in self._honest for span in indicators[name]])
            for name in honest:
                _drop(indicators, name, inside)

    def _lead_away(self, indicators: dict[str, list[Span]], signals: dict[str, list[Span]]) -> None:
        """Bets, coins and tasks speak for other spam, but not where work away from home is offered with them."""
        if "other-genre" not in indicators:
            return
        families = {self.lexicon.indicators[name].family for name in indicators}
        placed = "hub_place" in families
        working = bool(families & {"online_role", "gambling"}) or "kind-hiring" in signals
        if (families & {"everything_paid", "lodging", "people_trade"} and (placed or working)) or (placed and working):
            del indicators["other-genre"]

    @staticmethod
    def _uncover(signals: dict[str, list[Span]], cues: list[Span], quotes: list[Span]) -> None:
        """Take away reporting words that are part of a reassurance: "beware of fakes, direct hire only" is an offer."""
        covered = _inside(quotes)
        cues[:] = [cue for cue in cues if not covered(cue)]
        for name in list(signals):
            _drop(signals, name, covered)

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
        covered = _inside(ranges)
        return {name for name, spans in indicators.items() if all(map(covered, spans))}


def _inside(ranges: list[Span]) -> Callable[[Span], bool]:
    """Whether a span lies inside one of the ranges; near constant time, however many there are."""
    ranges = sorted(ranges)
    starts = [start for start, _ in ranges]
    reach = list(accumulate((end for _, end in ranges), max))

    def inside(span: Span) -> bool:
        last = bisect_right(starts, span[0]) - 1
        return last >= 0 and reach[last] >= span[1]

    return inside


def _drop(found: dict[str, list[Span]], name: str, which: Callable[[Span], bool]) -> None:
    """Take away the spans of a name that are `which`, and the name where none is left."""
    kept = [span for span in found[name] if not which(span)]
    if kept:
        found[name] = kept
    else:
        del found[name]


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
        close = spans
        if len(spans) > 3:
            place = bisect_left(spans, (low, high))
            close = spans[max(0, place - 3) : place + 4]
        best: Span | None = None
        least = reach + 1
        for span in close:
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
    if len(lower := text.lower()) == len(text) and "Σ" not in text:
        return lower
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)
