"""A document as both engines index it: plain values by the names of the engine's fields."""

import math
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final

import msgspec

from index.fields import FIELDS, UNDATED, View
from index.protocol import Document, WordBreaker
from index.text import join_words
from index.values import stored_keys
from jerat.model import CONTACT_KINDS

__all__ = ["HAS", "MAX_ID", "MAX_VALUE", "Entry", "Refused", "key_field", "make_entry", "tiles"]

MAX_ID: Final = 256
"""Bytes of a post's id."""

MAX_VALUE: Final = 1024
"""Code points of a keyword value that are indexed; what is longer stays in the stored document only."""

HAS: Final = "has"
"""The field that holds the names of all fields in which a post has something: `telegram:*` asks here."""

_ZOOMS: Final = range(13)

_encoder: Final = msgspec.json.Encoder()


class Refused(ValueError):  # noqa: N818 -- a verdict on one document
    """A document that no engine can hold; the message says why."""


class Entry(msgspec.Struct, frozen=True):
    """One document, made ready. Keyword fields stand in `keywords` with their exact values, and under `key_field(name)`
    with the keys that queries ask for; dates are microseconds since 1970. A field without values is left out.
    """

    id: str
    body: str
    words: dict[str, list[str]]
    keywords: dict[str, list[str]]
    numbers: dict[str, list[float]]
    wholes: dict[str, list[int]]
    points: list[tuple[float, float]]


def key_field(name: str) -> str:
    """The engine's field with the keys of the keyword field `name`."""
    return f"{name}_key"


def make_entry(document: Document, words: WordBreaker) -> Entry:
    """Make a document ready. Raises Refused if no engine could hold it."""
    _check(document)
    try:
        body = _encoder.encode(document).decode()
    except (UnicodeEncodeError, ValueError) as error:
        raise Refused(f"the post cannot be written as JSON: {error}") from error
    entry = Entry(document.id, body, {}, {}, {}, {}, _points(document))
    has = []
    view = View(document)
    for field in FIELDS:
        try:
            values = list(field.values(view))
        except (ValueError, OverflowError) as error:
            raise Refused(f"its {field.name} cannot be read: {error}") from error
        if not values:
            continue
        has.append(field.name)
        if field.kind == "words":
            entry.words[field.name] = join_words(map(str, values), words)
        elif field.kind == "keyword":
            _add_keywords(entry, view, field.name, [str(value) for value in values])
        elif field.kind == "number":
            entry.numbers[field.name] = [float(value) for value in values]
        else:
            entry.wholes[field.name] = [int(value) for value in values]
    entry.keywords[HAS] = has
    entry.keywords["tile"] = list(dict.fromkeys(tile for lat, lon in entry.points for tile in tiles(lat, lon)))
    published = entry.wholes.get("published")
    if published:
        entry.keywords.update(_intervals(published[0]))
    else:
        entry.wholes["published"] = [UNDATED]
    return entry


def _check(document: Document) -> None:
    try:
        size = len(document.id.encode())
    except UnicodeEncodeError as error:
        raise Refused("its id holds half a surrogate pair") from error
    if not 1 <= size <= MAX_ID:
        raise Refused(f"its id has {size} bytes, and must have between 1 and {MAX_ID}")
    if not 0 <= document.number < 2**62:
        raise Refused(f"its number {document.number} is out of bounds")
    if not 0 <= document.risk.score <= 1:
        raise Refused(f"its score {document.risk.score} is not between 0 and 1")


def _add_keywords(entry: Entry, view: View, name: str, values: list[str]) -> None:
    entry.keywords[name] = [value for value in values if len(value) <= MAX_VALUE]
    if name == "contact":  # each value by the keys of its own kind
        kinds = dict.fromkeys((kind, entity.value) for kind in CONTACT_KINDS for entity in view.by_kind.get(kind, ()))
        keys: Iterable[str] = (key for kind, value in kinds for key in stored_keys(kind, value))
    else:
        keys = (key for value in values for key in stored_keys(name, value))
    entry.keywords[key_field(name)] = sorted({key for key in keys if len(key) <= MAX_VALUE})


def _points(document: Document) -> list[tuple[float, float]]:
    found = {
        (entity.lat, entity.lon)
        for entity in document.entities
        if entity.kind == "location" and entity.lat is not None and entity.lon is not None
    }
    return sorted((lat, lon) for lat, lon in found if -90 <= lat <= 90 and -180 <= lon <= 180)


@lru_cache(maxsize=16384)
def tiles(lat: float, lon: float) -> tuple[str, ...]:
    """The web map tiles around a point as `zoom/x/y`, the keys of a geotile grid (Elasticsearch calls them so too)."""
    limit = 85.0511287798066  # where the square of the projection ends
    phi = math.radians(max(-limit, min(limit, lat)))
    x = (lon + 180) / 360
    y = (1 - math.asinh(math.tan(phi)) / math.pi) / 2
    found = []
    for zoom in _ZOOMS:
        count = 2**zoom
        column, row = (min(count - 1, max(0, int(part * count))) for part in (x, y))
        found.append(f"{zoom}/{column}/{row}")
    return tuple(found)


@lru_cache(maxsize=4096)
def _of_day(day: date) -> dict[str, list[str]]:
    monday = day - timedelta(days=day.weekday()) if day.toordinal() > 6 else day
    return {
        "published_day": [day.isoformat()],
        "published_week": [monday.isoformat()],
        "published_month": [day.replace(day=1).isoformat()],
        "published_year": [day.replace(month=1, day=1).isoformat()],
    }


def _intervals(at: int) -> dict[str, list[str]]:
    return _of_day((datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)).date())
