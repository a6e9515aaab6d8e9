"""Kinds whose words tell their value by themselves: role, document, transport, lodging, food, debt."""

from collections.abc import Iterator

from nlp.context import Context, Match
from nlp.entities.offer.table import Hit, Table

__all__ = ["debt", "document", "food", "lodging", "role", "transport"]


def _read(kind: str, context: Context, hits: dict[str, list[Hit]], table: Table, *, spared: bool) -> Iterator[Match]:
    lower = context.lower
    recruits = "cue" in hits
    for start, end, value, weak in hits[kind]:
        if weak and not recruits:
            continue
        if spared and table.negated(lower, start, end):
            continue
        yield Match(kind=kind, value=value, start=start, end=end, confidence=0.9 if recruits and not weak else 0.7)


def role(context: Context, hits: dict[str, list[Hit]], table: Table) -> Iterator[Match]:
    """What people are wanted for."""
    return _read("role", context, hits, table, spared=False)


def document(context: Context, hits: dict[str, list[Hit]], table: Table) -> Iterator[Match]:
    """Papers that are asked for or given; none that the text says are not needed."""
    return _read("document", context, hits, table, spared=True)


def transport(context: Context, hits: dict[str, list[Hit]], table: Table) -> Iterator[Match]:
    """The way there, as promised."""
    return _read("transport", context, hits, table, spared=True)


def lodging(context: Context, hits: dict[str, list[Hit]], table: Table) -> Iterator[Match]:
    """A place to live, as promised."""
    return _read("lodging", context, hits, table, spared=True)


def food(context: Context, hits: dict[str, list[Hit]], table: Table) -> Iterator[Match]:
    """Food, as promised."""
    return _read("food", context, hits, table, spared=True)


def debt(context: Context, hits: dict[str, list[Hit]], table: Table) -> Iterator[Match]:
    """Money that binds: an advance, debts paid off, costs taken from pay."""
    return _read("debt", context, hits, table, spared=True)
