"""What the model read and what the gazetteer knows, brought together."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from nlp.context import Context, Match

__all__ = ["Reading", "merge"]

KINDS: Final = {"PER": "person", "ORG": "organisation", "LOC": "location"}
CONFIDENCE: Final = 0.5
"""Where the model's own figure is missing."""


class Reading(NamedTuple):
    """A name as the model marked it: a range of the normalised text and PER, ORG or LOC."""

    start: int
    end: int
    label: str


def merge(context: Context, readings: Iterable[Reading], sure: Mapping[str, float]) -> list[Match]:
    """The entities of the context with the names among them, by place."""
    places = context.kinds("location")
    taken = [(match.start, match.end) for match in context.entities if match.kind != "location"]
    found = [match for match in context.entities if match.kind != "location"]
    kept = list(places)
    for reading in readings:
        if any(start < reading.end and reading.start < end for start, end in taken):
            continue
        inside = [place for place in places if place.start < reading.end and reading.start < place.end]
        if reading.label == "LOC" and inside:
            continue
        found.append(
            Match(
                kind=KINDS[reading.label],
                value=" ".join(context.text[reading.start : reading.end].split()),
                start=reading.start,
                end=reading.end,
                confidence=sure.get(reading.label, CONFIDENCE),
            )
        )
    return sorted([*found, *kept], key=lambda match: (match.start, match.end))
