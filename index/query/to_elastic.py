"""The tree as Elasticsearch's queries, of `elasticsearch.dsl`."""

from collections.abc import Sequence
from typing import Any

from elasticsearch.dsl import query as q

from index.entry import HAS, key_field
from index.query.relevance import Atom
from index.query.tree import And, Everything, Exists, Match, Not, Or, Span, Tree, Value

__all__ = ["compile_query", "compile_ranked"]


def compile_query(tree: Tree) -> q.Query:
    """What the tree matches."""
    match tree:
        case Everything():
            return q.MatchAll()
        case Match():
            return _any([_match(field, tree) for field in tree.fields])
        case Value():
            return _value(tree)
        case Span():
            return _span(tree)
        case Exists():
            return q.Term(**{HAS: {"value": tree.field}})
        case Or():
            return _any([compile_query(part) for part in tree.parts])
        case And():
            return _all(tree.parts)
        case Not():
            return _all((tree,))
    raise TypeError(f"{tree} was not bound")


def compile_ranked(tree: Tree, atoms: Sequence[Atom], newest: int | None) -> q.Query:
    """What the tree matches up to the post `newest`, scored by the sum of the atoms that match."""
    filters = [compile_query(tree)]
    if newest is not None:
        filters.append(q.Range(number={"lte": newest}))
    scored = [q.ConstantScore(filter=compile_query(leaf), boost=float(weight)) for leaf, weight in atoms]
    return q.Bool(filter=filters, should=scored, minimum_should_match=0)


def _any(queries: Sequence[q.Query]) -> q.Query:
    return queries[0] if len(queries) == 1 else q.Bool(should=list(queries), minimum_should_match=1)


def _all(parts: Sequence[Tree]) -> q.Query:
    wanted = [compile_query(part) for part in parts if not isinstance(part, Not)]
    unwanted = [compile_query(part.part) for part in parts if isinstance(part, Not)]
    return q.Bool(filter=wanted, must_not=unwanted)


def _match(field: str, match: Match) -> q.Query:
    queries: list[q.Query] = []
    if len(match.words) == 1:
        queries.append(q.Term(**{field: {"value": match.words[0]}}))
    elif match.words:
        queries.append(q.MatchPhrase(**{field: {"query": " ".join(match.words)}}))
    if match.prefix:
        queries.append(q.Prefix(**{field: {"value": match.prefix}}))
    return queries[0] if len(queries) == 1 else q.Bool(filter=queries)


def _value(value: Value) -> q.Query:
    field = key_field(value.field)
    if not value.keys:
        return q.MatchNone()
    if value.prefix:
        return _any([q.Prefix(**{field: {"value": key}}) for key in value.keys])
    keys: Any = list(value.keys)
    return q.Terms(**{field: keys})


def _span(span: Span) -> q.Query:
    bounds: dict[str, Any] = {}
    if span.low is not None:
        bounds["gte" if span.include_low else "gt"] = span.low
    if span.high is not None:
        bounds["lte" if span.include_high else "lt"] = span.high
    if span.low is not None and span.high is not None and span.low > span.high:
        return q.MatchNone()
    return q.Range(**{span.field: bounds})
