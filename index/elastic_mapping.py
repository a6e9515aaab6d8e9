"""The mapping of Elasticsearch, made with `elasticsearch.dsl` from the one description of the fields."""

from typing import Any, Final

from elasticsearch import dsl

from index.entry import HAS, Entry, key_field
from index.facets import INTERVALS
from index.fields import FIELDS
from index.tantivy_schema import FORMAT

__all__ = ["META", "SETTINGS", "make_source", "mapping"]

META: Final = {"jerat": {"format": FORMAT}}
"""Stands in the mapping, and tells an index of jerat, and its format, from all others."""

SETTINGS: Final[dict[str, Any]] = {
    "number_of_shards": 1,  # counts of facets are exact on one shard, and a million posts fit in one
    "auto_expand_replicas": "0-1",
    "gc_deletes": "1h",  # how long a removal is remembered, so that no older document brings the post back
}


def mapping() -> dict[str, Any]:
    """The mapping. Only the document itself is kept in `_source`; all else can be made again from it."""
    made = dsl.Mapping()
    made.meta("dynamic", "strict")
    made.meta("_meta", META)
    made.meta("_source", {"includes": ["body"]})
    made.field("body", dsl.Keyword(index=False, doc_values=False))
    made.field("id", dsl.Keyword())
    made.field("points", dsl.GeoPoint())
    for field in FIELDS:
        if field.kind == "words":
            made.field(field.name, dsl.Text(analyzer="whitespace", index_options="positions", norms=False))
        elif field.kind == "keyword":
            made.field(key_field(field.name), dsl.Keyword(doc_values=False))
            if field.facet:
                made.field(field.name, dsl.Keyword(index=False))
        else:
            made.field(field.name, dsl.Double() if field.kind == "number" else dsl.Long())
    for name in (HAS, "tile", *INTERVALS.values()):
        made.field(name, dsl.Keyword())
    return made.to_dict()


_EXACT: Final = frozenset(
    [key_field(field.name) for field in FIELDS if field.kind == "keyword"]
    + [field.name for field in FIELDS if field.kind == "keyword" and field.facet]
    + [HAS, "tile", *INTERVALS.values()]
)


def make_source(entry: Entry) -> dict[str, Any]:
    """An entry as Elasticsearch takes it."""
    source: dict[str, Any] = {"body": entry.body, "id": entry.id}
    source.update((name, " ".join(found)) for name, found in entry.words.items() if found)
    source.update((name, values) for name, values in entry.keywords.items() if values and name in _EXACT)
    source.update((name, values) for name, values in entry.numbers.items() if values)
    source.update((name, values) for name, values in entry.wholes.items() if values)
    if entry.points:
        source["points"] = [{"lat": lat, "lon": lon} for lat, lon in entry.points]
    return source
