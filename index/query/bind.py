"""Breaks the text of a query into words, as the text of posts is broken, and puts the tree in its simplest form."""

from collections.abc import Iterator

from index.fields import FIELDS
from index.protocol import WordBreaker
from index.query.parse import parse
from index.query.tree import And, Everything, Match, Not, Or, Text, Tree, Value
from index.text import word_texts
from jerat.errors import QueryError

__all__ = ["DEFAULT_FIELDS", "bind", "matches_of", "understand"]

DEFAULT_FIELDS = tuple(field.name for field in FIELDS if field.weight)
"""Where words are looked for that name no field."""


_SET_APART = Not(Value("restricted", ("yes",)))


def understand(query: str, words: WordBreaker, *, restricted: bool = False) -> Tree:
    """A query, ready for an engine. Raises QueryError if it cannot be understood.

    This is the one place where posts that are set apart (docs/victims.md) are left out: whatever the query says, it
    finds them only where `restricted` is given.
    """
    bound = bind(parse(query), words)
    if bound is None:
        raise QueryError(f"`{query.strip()}` holds no word that can be searched for", query, 0)
    if restricted:
        return bound
    if isinstance(bound, Everything):
        return _SET_APART
    return And((*bound.parts, _SET_APART)) if isinstance(bound, And) else And((bound, _SET_APART))


def bind(tree: Tree, words: WordBreaker) -> Tree | None:
    """The tree with words for its texts; None where nothing is left, as of a smiley, which is no word."""
    match tree:
        case Text():
            return _match(tree, words)
        case And() | Or():
            kind = type(tree)
            parts: list[Tree] = []
            for part in tree.parts:
                bound = bind(part, words)
                if isinstance(bound, kind):
                    parts += bound.parts
                elif bound is not None:
                    parts.append(bound)
            unique = tuple(dict.fromkeys(parts))
            return None if not unique else unique[0] if len(unique) == 1 else kind(unique)
        case Not():
            inner = bind(tree.part, words)
            if isinstance(inner, Not):
                return inner.part
            return None if inner is None else Not(inner)
    return tree


def _match(text: Text, words: WordBreaker) -> Tree | None:
    fields = text.fields or DEFAULT_FIELDS
    found = word_texts(text.text, words)
    if not found:
        return None
    if text.prefix:
        return Match(fields, tuple(found[:-1]), found[-1])
    return Match(fields, tuple(found))


def matches_of(tree: Tree) -> Iterator[Tree]:
    """The leaves that speak for a post: those under a `Not` are left out."""
    if isinstance(tree, And | Or):
        for part in tree.parts:
            yield from matches_of(part)
    elif not isinstance(tree, Not | Everything):
        yield tree
