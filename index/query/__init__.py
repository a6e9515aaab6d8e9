"""The query language. `parse` tells what a query means, `understand` makes it ready for an engine."""

from index.query.bind import understand
from index.query.parse import parse
from index.query.tree import Tree

__all__ = ["Tree", "parse", "understand"]
