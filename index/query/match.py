"""Whether one post matches a query, without an engine: for posts that just arrived, and to check the engines against."""

from collections.abc import Sequence

from index.entry import HAS, Entry, key_field
from index.query.relevance import Atom
from index.query.tree import And, Everything, Exists, Match, Not, Or, Span, Tree, Value

__all__ = ["matches", "rank"]


def matches(tree: Tree, entry: Entry) -> bool:
    """Whether the post that `entry` was made of matches."""
    match tree:
        case Everything():
            return True
        case Match():
            return any(_in_field(tree, entry.words.get(field, ())) for field in tree.fields)
        case Value():
            held = entry.keywords.get(key_field(tree.field), ())
            if tree.prefix:
                return any(key.startswith(tree.keys) for key in held)
            return any(key in tree.keys for key in held)
        case Span():
            numbers: Sequence[float | int] = entry.numbers.get(tree.field) or entry.wholes.get(tree.field) or ()
            return any(_between(tree, number) for number in numbers)
        case Exists():
            return tree.field in entry.keywords[HAS]
        case And():
            return all(matches(part, entry) for part in tree.parts)
        case Or():
            return any(matches(part, entry) for part in tree.parts)
        case Not():
            return not matches(tree.part, entry)
    raise TypeError(f"{tree} was not bound")


def rank(atoms: Sequence[Atom], entry: Entry) -> int:
    """The relevance of the post."""
    return sum(weight for leaf, weight in atoms if matches(leaf, entry))


def _in_field(match: Match, held: Sequence[str]) -> bool:
    if match.prefix and not any(word.startswith(match.prefix) for word in held):
        return False
    size = len(match.words)
    return not size or any(tuple(held[at : at + size]) == match.words for at in range(len(held) - size + 1))


def _between(span: Span, number: float) -> bool:
    if span.low is not None and (number < span.low or (number == span.low and not span.include_low)):
        return False
    return not (span.high is not None and (number > span.high or (number == span.high and not span.include_high)))
