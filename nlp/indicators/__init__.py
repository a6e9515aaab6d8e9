"""Indicators: the red flags of a lure, and the signs of honesty, as data; and what each one says to a person."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from nlp.context import Context, IndicatorMatch, component
from nlp.indicators.lexicon import Lexicon, load_lexicon, shipped
from nlp.indicators.reading import Draft, Reader, Reading, reading_of

__all__ = ["Indicators", "Lexicon", "Reader", "Reading", "Reason", "explain", "load_lexicon", "reading_of"]


class Reason(NamedTuple):
    """Why an indicator counts, as a sentence for people, and where that comes from."""

    text: str
    source: str


def explain(indicator_id: str, lang: str = "en", lexicon: Lexicon | None = None) -> Reason:
    """What an indicator (or a signal of a post's kind) says, in `lang`, in English where that is not written yet.

    An unknown id is given back as its own text, so that analyses made with another lexicon can be shown.
    """
    known = lexicon or shipped()
    entry = known.indicators.get(indicator_id)
    if entry is not None:
        source = known.sources[entry.source]
        mark = "" if source.mark == "attested" else " (unverified)"
        return Reason(entry.reason.get(lang) or entry.reason["en"], source.title + mark)
    signal = known.signals.get(indicator_id)
    if signal is not None:
        return Reason(signal.reason.get(lang) or signal.reason.get("en") or signal.gloss, known.sources["own"].title)
    return Reason(indicator_id.replace("-", " "), "")


@component("indicators", version=1)
class Indicators:
    """Finds the indicators of a text and leaves the whole reading in the cache of its context."""

    def __init__(self, lexicon: Path | None = None) -> None:
        self._reader = reader = Reader(load_lexicon(lexicon))
        self._weights = {entry.id: (entry.family, entry.strength) for entry in reader.lexicon.indicators.values()}
        self.phases = (self._begin, *(partial(_further, phase) for phase in reader.phases), self._end)

    def _begin(self, context: Context) -> None:
        context.cache["draft"] = Draft(context)

    def _end(self, context: Context) -> None:
        """Each indicator where it first stands; its weight is its strength until the risk is judged."""
        context.cache["reading"] = reading = self._reader.reading(context.cache.pop("draft"))
        context.cache["lexicon"] = self._reader.lexicon
        for name, spans in reading.indicators.items():
            family, strength = self._weights[name]
            start, end = spans[0]
            context.indicators.append(
                IndicatorMatch(indicator=name, family=family, weight=strength, start=start, end=end)
            )


def _further(phase: Callable[[Draft], None], context: Context) -> None:
    phase(context.cache["draft"])
