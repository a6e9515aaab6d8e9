"""The tree as tantivy's queries."""

from collections.abc import Sequence
from typing import Final

from tantivy import FieldType, Occur, Query, Schema

from index.entry import HAS, key_field
from index.fields import BY_NAME
from index.query.relevance import Atom
from index.query.tree import And, Everything, Exists, Match, Not, Or, Span, Tree, Value

__all__ = ["Compiler"]


_FEW: Final = 4


class Compiler:
    """Compiles trees for one schema."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def query(self, tree: Tree) -> Query:
        """What the tree matches."""
        match tree:
            case Everything():
                return Query.all_query()
            case Match():
                return self.any_of([self._match(field, tree) for field in tree.fields])
            case Value():
                return self._value(tree)
            case Span():
                kind = FieldType.Float if BY_NAME[tree.field].kind == "number" else FieldType.Integer
                return self.range(tree.field, kind, tree.low, tree.high, tree.include_low, tree.include_high)
            case Exists():
                return self.term(HAS, tree.field)
            case Or():
                return self.any_of([self.query(part) for part in tree.parts])
            case And():
                return self._all(tree.parts)
            case Not():
                return self._all((tree,))
        raise TypeError(f"{tree} was not bound")

    def ranked(self, base: Query, atoms: Sequence[Atom]) -> Query:
        """`base`, scored by the sum of the atoms that match."""
        scored = [(Occur.Should, Query.const_score_query(self.query(leaf), weight)) for leaf, weight in atoms]
        return Query.boolean_query([(Occur.Must, Query.const_score_query(base, 0.0)), *scored])

    def at_least(self, rank: int, atoms: Sequence[Atom]) -> Query:
        """The posts that `ranked` gives `rank` or more."""
        if rank <= 0:
            return Query.all_query()
        if sum(weight for _, weight in atoms) < rank:
            return Query.empty_query()
        if len(atoms) <= _FEW:
            return self._reaching(rank, sorted(atoms, key=lambda atom: -atom[1]))
        # An atom stands there as often as its weight says, and so many must match.
        copies = [(Occur.Should, query) for leaf, weight in atoms for query in [self.query(leaf)] * weight]
        return Query.boolean_query(copies, minimum_number_should_match=rank)

    def _reaching(self, rank: int, atoms: Sequence[Atom]) -> Query:
        """The same, written out, which is faster for few atoms: with the first, or without it."""
        (leaf, weight), rest = atoms[0], atoms[1:]
        left = sum(more for _, more in rest)
        found = self.query(leaf)
        if rank > weight:
            found = self.both(found, self._reaching(rank - weight, rest))
        return self.any_of([found, self._reaching(rank, rest)]) if left >= rank else found

    def term(self, field: str, value: str) -> Query:
        """A keyword that is exactly so."""
        return Query.term_query(self._schema, field, value, "basic")

    def terms(self, field: str, values: Sequence[str]) -> Query:
        """A keyword that is any of these."""
        return Query.term_set_query(self._schema, field, values) if values else Query.empty_query()

    def range(
        self,
        field: str,
        kind: FieldType,
        low: float | int | None,
        high: float | int | None,
        include_low: bool = True,
        include_high: bool = True,
    ) -> Query:
        """A number between two bounds, of which one at least is closed."""
        if (
            low is not None
            and high is not None
            and (low > high or (low == high and not (include_low and include_high)))
        ):
            return Query.empty_query()
        return Query.range_query(self._schema, field, kind, low, high, include_low, include_high)

    @staticmethod
    def any_of(queries: Sequence[Query]) -> Query:
        """Any of these."""
        if len(queries) == 1:
            return queries[0]
        return Query.boolean_query([(Occur.Should, query) for query in queries])

    @staticmethod
    def both(first: Query, *others: Query) -> Query:
        """All of these."""
        return Query.boolean_query([(Occur.Must, query) for query in (first, *others)])

    @staticmethod
    def without(query: Query, excluded: Query) -> Query:
        """The first, and not the second."""
        return Query.boolean_query([(Occur.Must, query), (Occur.MustNot, excluded)])

    def _all(self, parts: Sequence[Tree]) -> Query:
        wanted = [(Occur.Must, self.query(part)) for part in parts if not isinstance(part, Not)]
        unwanted = [(Occur.MustNot, self.query(part.part)) for part in parts if isinstance(part, Not)]
        return Query.boolean_query([*(wanted or [(Occur.Must, Query.all_query())]), *unwanted])

    def _match(self, field: str, match: Match) -> Query:
        queries = []
        if len(match.words) == 1:
            queries.append(Query.term_query(self._schema, field, match.words[0]))
        elif match.words:
            queries.append(Query.phrase_query(self._schema, field, list(match.words)))
        if match.prefix:
            queries.append(self._prefix(field, match.prefix))
        return queries[0] if len(queries) == 1 else self.both(*queries)

    def _value(self, value: Value) -> Query:
        field = key_field(value.field)
        if not value.prefix:
            return self.terms(field, value.keys)
        return self.any_of([self._prefix(field, key) for key in value.keys])

    def _prefix(self, field: str, start: str) -> Query:
        # tantivy has no prefix query; a fuzzy one of distance 0 that may go on is just that.
        return Query.fuzzy_term_query(self._schema, field, start, distance=0, prefix=True)
