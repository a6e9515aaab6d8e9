"""Facets of the embedded engine, through tantivy's aggregations, in the order that both engines share."""

from typing import Any, Final

from tantivy import Query, Searcher

from index.facets import MAX_INTERVALS, ranked
from index.protocol import Bucket

__all__ = ["histogram", "terms"]

_ALL: Final = 2**31 - 1
"""Terms taken from each segment: tantivy would cut them there, and the counts would be too low."""


def terms(searcher: Searcher, query: Query, field: str, size: int) -> tuple[Bucket, ...]:
    """The `size` most frequent values; equal counts in the order of the values.

    tantivy sorts by one key, and leaves the order of equal counts open. So where the last place is shared, the values
    with at least its count are asked for again, in their own order: they are those above it, and the first that share it.
    """
    found = _buckets(searcher, query, {"field": field, "size": size + 1, "order": {"_count": "desc"}})
    if len(found) <= size or found[size][1] != found[size - 1][1]:
        return ranked(found, size)
    tied = found[size][1]
    above = [bucket for bucket in found if bucket[1] > tied]
    shared = _buckets(
        searcher, query, {"field": field, "size": size + len(above), "order": {"_key": "asc"}, "min_doc_count": tied}
    )
    return ranked([*above, *(bucket for bucket in shared if bucket[1] == tied)], size)


def histogram(searcher: Searcher, query: Query, field: str) -> tuple[Bucket, ...]:
    """The intervals that have posts, oldest first."""
    found = _buckets(searcher, query, {"field": field, "size": MAX_INTERVALS, "order": {"_key": "asc"}})
    return tuple(Bucket(value, count) for value, count in found)


def _buckets(searcher: Searcher, query: Query, options: dict[str, Any]) -> list[tuple[str, int]]:
    answer = searcher.aggregate(query, {"values": {"terms": {**options, "segment_size": _ALL}}})
    return [(str(bucket["key"]), int(bucket["doc_count"])) for bucket in answer["values"]["buckets"]]
