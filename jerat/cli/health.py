"""How the declared sources fare, as a table and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from jerat.cli.moments import ago, in_words, span
from jerat.cli.safe import one_line
from jerat.cli.screen import counted

if TYPE_CHECKING:
    from crawlers.schedule import Health, Place
    from jerat.cli.screen import Screen

__all__ = ["BAD", "health_row", "health_table", "is_due", "place_row", "state_words"]

BAD: Final = ("failing", "killed", "held")
_ORDER: Final = {"held": 0, "failing": 1, "killed": 1, "running": 2, "ok": 3, "never": 4, "off": 5}
_KIND_FROM: Final = 96
_TITLE_FROM: Final = 130
"""Columns of a terminal from which on there is room for them."""


def health_row(one: Health) -> dict[str, Any]:
    """A source for programs."""
    source, last = one.source, one.last
    return {
        "name": source.name,
        "title": source.title,
        "kind": source.kind,
        "country": source.country,
        "enabled": source.enabled,
        "own": one.own,
        "file": one.file,
        "state": one.state,
        "reason": one.reason,
        "last_run": last.started_at if last else None,
        "last_outcome": None if last is None else _outcome(one),
        "posts": one.posts,
        "usual_posts": one.usual,
        "expected_posts": one.expected,
        "failures": max((place.failures for place in one.places), default=0),
        "failing_since": one.failing_since or None,
        "next_due": one.due_at.isoformat() if one.due_at else None,
        "due": is_due(one),
        "addresses": [place_row(place) for place in one.places],
    }


def place_row(place: Place) -> dict[str, Any]:
    """An address of a source for programs, with its last run."""
    from dataclasses import asdict

    return {
        "address": place.target.address,
        "state": place.state,
        "failures": place.failures,
        "failing_since": place.failing_since or None,
        "next_due": place.due_at.isoformat() if place.due_at else None,
        "last_run": asdict(place.last) | {"posts": place.last.posts} if place.last else None,
    }


def is_due(one: Health) -> bool:
    """Whether `jerat crawl --due` would crawl it now."""
    return one.due_at is not None and one.due_at <= datetime.now(UTC)


def _outcome(one: Health) -> str:
    last = next(place for place in one.places if place.last is one.last)
    return {"failing": "failed"}.get(last.state, last.state)


def state_words(one: Health) -> str:
    """The state with what a person wants to know of it: since when it fails, who was off."""
    if one.state in ("failing", "killed") and one.failing_since:
        since = span(datetime.now(UTC) - datetime.fromisoformat(one.failing_since))
        return f"{one.state} {since}"
    return {"held": "wrong file", "never": "not yet"}.get(one.state, one.state)


def health_table(screen: Screen, rows: Sequence[Health]) -> None:
    """The table, those that need attention first; below it why they do."""
    from rich.text import Text

    ranked = sorted(rows, key=lambda one: (_ORDER[one.state], one.source.name))
    apart = [one for one in ranked if one.state in ("never", "off")] if screen.fancy else []
    wide = not screen.fancy or screen.out.width >= _KIND_FROM
    titled = not screen.fancy or screen.out.width >= _TITLE_FROM
    heads = ["source", "kind", "cc", "state", "last run", "posts", "usual", "next", "title"]
    kept = [at for at, head in enumerate(heads) if (head != "kind" or wide) and (head != "title" or titled)]
    cells = [_cells(one) for one in ranked if one not in apart]
    if cells:
        screen.table(
            [heads[at] for at in kept],
            [[row[at] for at in kept] for row in cells],
            right=("posts", "usual"),
            elastic="title" if titled else "",
        )
    bad = [one for one in ranked if one.state in BAD]
    if bad:
        screen.say("")
        screen.heading("Failing, and why")
    for one in bad:
        first, _, rest = one_line(one.reason).partition("; ")
        said = Text(f"  {one.source.name}", "bold") + Text(f"  {first}" + (f"; {rest}" if rest else ""))
        screen.hanging(said, min(len(one.source.name) + 4, 28))
    for state, word in (("never", "Not crawled yet"), ("off", "Off")):
        names = [one.source.name for one in apart if one.state == state]
        if names:
            screen.say("")
            screen.hanging(Text(f"{word:<17}", "bold") + Text("  ".join(names)), 17)
    screen.say("")
    screen.say(_totals(ranked))


def _cells(one: Health) -> tuple[str, ...]:
    last = one.last
    due = "" if one.due_at is None else in_words(one.due_at)
    posts = "" if one.posts is None else f"{one.posts:,}{_mark(one)}"
    usual = "" if one.usual is None else f"{one.usual:,}"
    return (
        one.source.name, one.source.kind, one.source.country or "", state_words(one), ago(last.started_at) if last else "",
        posts, usual, due, one.source.title,
    )  # fmt: skip


def _mark(one: Health) -> str:
    """An arrow where the last runs brought less than half of what they used to, or more than twice as much."""
    if one.usual is None or one.posts is None:
        return ""
    return " ↓" if one.posts * 2 < one.usual else " ↑" if one.posts > one.usual * 2 + 1 else ""


def _totals(rows: Sequence[Health]) -> str:
    parts = [counted(len(rows), "source")]
    words = (("failing", BAD), ("running", ("running",)), ("not crawled yet", ("never",)), ("off", ("off",)))
    for word, states in words:
        number = sum(one.state in states for one in rows)
        parts += [f"{number:,} {word}"] if number else []
    due = sum(is_due(one) for one in rows)
    parts += [f"{due:,} due now: `jerat crawl --due`"] if due else []
    return ", ".join(parts)
