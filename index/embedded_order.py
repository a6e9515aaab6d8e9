"""Sorting by several keys with an engine that sorts by one: the page is filled key by key.

tantivy gives the best by the first key. All that are better than the last of these are on the page; of those that equal
it, the best by the next key are asked for, and so on. The last keys are the id, so the order is total.
"""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from tantivy import DocAddress, FieldType, Query, Searcher
from tantivy import Order as Direction

from index.page import Place
from index.protocol import Sort
from index.query.relevance import Atom
from index.query.to_tantivy import Compiler
from index.tantivy_schema import ranks

__all__ = ["Order", "Row", "count_hits"]

_KEYS: Final[dict[Sort, tuple[str, ...]]] = {
    "relevance": ("rank", "published", "rank_high", "rank_low", "id"),
    "date": ("published", "rank_high", "rank_low", "id"),
    "risk": ("score", "published", "rank_high", "rank_low", "id"),
}
_KINDS: Final = {
    "published": FieldType.Integer,
    "score": FieldType.Float,
    "rank_high": FieldType.Unsigned,
    "rank_low": FieldType.Unsigned,
}
_RISING: Final = frozenset({"rank_high", "rank_low"})


def count_hits(searcher: Searcher, query: Query) -> int:
    """How many documents match. The attribute is missing from tantivy's own stubs."""
    answer: Any = searcher.search(query, limit=1)
    return int(answer.count)


class Row(msgspec.Struct, frozen=True):
    """A hit: where it stands in the order, and the stored document."""

    place: Place
    body: bytes


class Order:
    """One order of the hits of one query."""

    def __init__(self, searcher: Searcher, compiler: Compiler, sort: Sort, atoms: Sequence[Atom]) -> None:
        self._searcher = searcher
        self._compiler = compiler
        self._sort = sort
        self._atoms = atoms
        self._keys = _KEYS[sort if sort != "relevance" or atoms else "date"]

    def page(self, base: Query, size: int, after: Place | None) -> list[Row]:
        """The first `size` hits of `base`, or the first behind `after`."""
        if after is not None:
            base = self._behind(base, after)
        found = self._best(base, self._keys, size)
        addresses = [address for address, _ in found]
        published = self._searcher.fast_field_values("published", addresses)
        risks = self._searcher.fast_field_values("score", addresses)
        rows = []
        for (address, rank), date, risk in zip(found, published, risks, strict=True):
            stored = self._searcher.doc(address)
            rows.append(Row(Place(rank, float(risk or 0), int(date or 0), stored["id"][0]), stored["body"][0]))
        rows.sort(key=self._sort_key)
        return rows

    def _sort_key(self, row: Row) -> tuple[Any, ...]:
        place = row.place
        first = {"relevance": place.rank, "risk": place.risk, "date": 0}[self._sort]
        return (-first, -place.published, place.id.encode())

    def _best(self, base: Query, keys: Sequence[str], size: int) -> list[tuple[DocAddress, int]]:
        """The `size` best hits of `base`, in no order, each with its rank."""
        key = keys[0]
        if key == "id":
            return self._by_id(base, size)
        hits = self._by_key(base, key, size + 1)
        if len(hits) <= size or hits[size][0] != hits[size - 1][0]:
            return [(address, self._rank(key, value)) for value, address in hits[:size]]
        last = hits[size][0]
        better = [(address, self._rank(key, value)) for value, address in hits[:size] if value != last]
        rank = self._rank(key, last)
        tied = self._best(self._equal(base, key, last), keys[1:], size - len(better))
        return better + [(address, rank or inner) for address, inner in tied]

    @staticmethod
    def _rank(key: str, value: Any) -> int:
        return round(value) if key == "rank" else 0

    def _by_key(self, base: Query, key: str, size: int) -> list[tuple[Any, DocAddress]]:
        if key == "rank":
            ranked = self._compiler.ranked(base, self._atoms)
            return list(self._searcher.search(ranked, limit=size, count=False).hits)
        direction = Direction.Asc if key in _RISING else Direction.Desc
        found = self._searcher.search(base, limit=size, order_by_field=key, order=direction, count=False)
        return list(found.hits)

    def _by_id(self, base: Query, size: int) -> list[tuple[DocAddress, int]]:
        """The last resort: ids that begin with the same sixteen bytes are read and sorted here."""
        ids = self._ids(base)
        return [(address, 0) for _, address in ids[:size]]

    def _ids(self, base: Query) -> list[tuple[bytes, DocAddress]]:
        total = count_hits(self._searcher, base)
        hits = self._searcher.search(base, limit=max(1, total), count=False).hits
        found = [(self._searcher.doc(address)["id"][0].encode(), address) for _, address in hits]
        return sorted(found, key=lambda pair: pair[0])

    def _equal(self, base: Query, key: str, value: Any) -> Query:
        if key == "rank":
            reached = self._compiler.both(base, self._compiler.at_least(round(value), self._atoms))
            return self._compiler.without(reached, self._compiler.at_least(round(value) + 1, self._atoms))
        return self._compiler.both(base, self._compiler.range(key, _KINDS[key], value, value))

    def _behind(self, base: Query, after: Place) -> Query:
        """The hits that come after a place."""
        high, low = ranks(after.id)
        values = {
            "rank": after.rank, "score": after.risk, "published": after.published, "rank_high": high, "rank_low": low,
        }  # fmt: skip
        # Worse by the first key; or equal by it and worse by the next; and so on. tantivy is fast at such narrow parts.
        equal, parts = base, []
        for key in self._keys[:-1]:
            parts.append(self._worse(equal, key, values[key]))
            equal = self._equal(equal, key, values[key])
        later = [name.decode() for name, _ in self._ids(equal) if name > after.id.encode()]
        if later:
            parts.append(self._compiler.both(equal, self._compiler.terms("id", later)))
        return self._compiler.any_of(parts)

    def _worse(self, base: Query, key: str, value: Any) -> Query:
        if key == "rank":
            return self._compiler.without(base, self._compiler.at_least(round(value), self._atoms))
        if key in _RISING:
            rest = self._compiler.range(key, _KINDS[key], value, None, include_low=False)
        else:
            rest = self._compiler.range(key, _KINDS[key], None, value, include_high=False)
        return self._compiler.both(base, rest)
