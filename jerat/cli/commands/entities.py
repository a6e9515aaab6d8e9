"""`jerat entities`: who and what occurs in the posts."""

from typing import Annotated, Literal

import typer

from jerat.cli.restricted import Restricted, note_restricted
from jerat.cli.state import state_of

__all__ = ["register"]

_PLACES = 2


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("entities")(entities)


def entities(
    ctx: typer.Context,
    query: Annotated[list[str] | None, typer.Argument(help="Which posts to read; all of them without a query.")] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(help="Only this kind of entity, such as `phone`; `contact` is every kind of contact. Repeatable."),
    ] = None,
    number: Annotated[int, typer.Option("-n", "--number", min=0, help="Rows to print; 0 is all of them.")] = 30,
    sort: Annotated[
        Literal["posts", "last", "risk", "value"],
        typer.Option(help="The order: most posts, last seen, highest risk, or by kind and value."),
    ] = "posts",
    restricted: Restricted = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document for programs.")] = False,
) -> None:
    """List contacts, places and pay: how often, in how many sources, first and last seen, with which places and risk.

    [bold]Examples[/]

      jerat entities --kind contact
      jerat entities 'level:high' --kind telegram --kind whatsapp
      jerat entities 'country:KH' --kind location --json

    The counts are exact, over all posts that match. A contact that a post named in an earlier version alone counts, too:
    `2 (1 before)`. `jerat export entities` writes the whole list to a file.
    """
    from jerat.cli.screen import counted
    from jerat.exchange.entities import collect, kinds_of

    state = state_of(ctx)
    kinds = kinds_of(kind or ())
    text = " ".join(query or ()) or "*"
    with state.opened() as (_, index), state.screen.progress() as bar:
        total = index.count(text, restricted=restricted)
        found = index.scan(text, restricted=restricted)
        rows, posts = collect(bar.track(found, total=total, description="Reading"), kinds, sort)
    note_restricted(state.screen, text, restricted=restricted)
    shown = rows[:number] if number else rows
    if as_json:
        state.screen.json({"posts": posts, "total": len(rows), "entities": shown})
        return
    screen = state.screen
    cut = f", {len(shown)} shown" if len(shown) < len(rows) else ""
    screen.heading(f"{counted(len(rows), 'entity', 'entities')} in {counted(posts, 'post')}{cut}")
    if not shown:
        return
    screen.table(
        ("kind", "value", "posts", "sources", "first", "last", "risk", "places"),
        [
            (
                row.kind,
                row.value + (f" ({row.role})" if row.role in ("hub", "transit") else ""),
                f"{row.posts:,}" + (f" ({row.former:,} before)" if row.former else ""),
                len(row.sources),
                row.first_seen[:10],
                row.last_seen[:10],
                f"{row.level} {row.score:.2f}",
                "; ".join(row.places[:_PLACES]) + (" …" if len(row.places) > _PLACES else ""),
            )
            for row in shown
        ],
        right=("posts", "sources"),
        elastic="places",
    )
    if cut:
        screen.note("all of them: -n 0, or `jerat export entities --output FILE.csv`")
