"""How posts are ranked: a sum of small whole numbers, the same on both engines and unmoved by posts that arrive.

Every word or phrase of the query counts 3 where it stands in the title, 2 in the text, 1 among the findings, and 2 in a
field that was named. Statistics of the whole index, as in BM25, would differ between the engines and would
shift hits between pages while posts arrive. Equal ranks are settled by date, the newest first.
"""

from typing import Final

from index.fields import BY_NAME
from index.query.bind import matches_of
from index.query.tree import Match, Tree

__all__ = ["Atom", "atoms"]

Atom = tuple[Match, int]
"""A match in one field, and what it adds."""

_NAMED: Final = 2


def atoms(tree: Tree) -> list[Atom]:
    """All that adds to the rank of a post."""
    found: dict[Match, int] = {}
    for leaf in matches_of(tree):
        if isinstance(leaf, Match):
            for field in leaf.fields:
                found[Match((field,), leaf.words, leaf.prefix)] = BY_NAME[field].weight or _NAMED
    return list(found.items())
