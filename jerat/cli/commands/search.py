"""`jerat search`: posts that match a query."""

import shlex
from typing import Annotated, Any, Literal

import typer

from jerat.cli.restricted import Restricted, note_restricted
from jerat.cli.state import State, state_of

__all__ = ["register"]

_SIDE_BY_SIDE = 110


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("search")(search)


def search(
    ctx: typer.Context,
    query: Annotated[list[str], typer.Argument(help="The query; `*` is everything. docs/query.md has the language.")],
    number: Annotated[int, typer.Option("-n", "--number", min=0, max=10_000, help="Posts on a page.")] = 10,
    sort: Annotated[
        Literal["relevance", "date", "risk"] | None,
        typer.Option(help="The order. Default: relevance, and risk where the query is `*`."),
    ] = None,
    after: Annotated[
        str | None, typer.Option(metavar="TOKEN", help="The page behind this one: `next` of its JSON.")
    ] = None,
    facets: Annotated[
        bool, typer.Option(help="Count the hits by language, country, source, contact and so on.")
    ] = True,
    facet: Annotated[
        list[str] | None, typer.Option(help="Only this facet. Repeatable. docs/query.md names them.", metavar="NAME")
    ] = None,
    facet_size: Annotated[int, typer.Option(min=1, max=1000, help="Values of each facet.")] = 8,
    histogram: Annotated[
        Literal["day", "week", "month", "year"] | None, typer.Option(help="Count the hits by date, too.")
    ] = None,
    context: Annotated[
        bool,
        typer.Option(help="In JSON, beside the risk of each hit, what the other posts say of it (docs/context.md)."),
    ] = True,
    restricted: Restricted = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document for programs.")] = False,
) -> None:
    """Search the posts of the case.

    [bold]Examples[/]

      jerat search '"customer service" AND kamboja'
      jerat search 'level:high AND language:th' --sort date
      jerat search 'telegram:somebody' --json | jq '.total'

    Words, "phrases", AND, OR, NOT, fields (`level:high`, `country:KH`), ranges (`published:[2026-01-01 TO *]`), and a
    `*` at the end of a word. `+855…` numbers and handles are found in any of the forms in which they were written.
    """
    from index.facets import DEFAULT_FACETS, FACETS
    from index.protocol import Request

    state = state_of(ctx)
    text = " ".join(query)
    request = Request(
        query=text,
        size=number,
        sort=sort or ("risk" if text.strip() == "*" else "relevance"),
        after=after,
        facets=tuple(facet or (FACETS if as_json else DEFAULT_FACETS)) if facets else (),
        facet_size=facet_size,
        histogram=histogram or "",
        highlight=True,
        restricted=restricted,
    )
    with state.opened() as (_, index):
        results = index.search(request)
        told = _contexts(index, results) if as_json and context else {}
    note_restricted(state.screen, text, restricted=restricted)
    if as_json:
        state.screen.json(_document(results, told, histogram=histogram is not None))
    else:
        _show(state, request, results)


def _contexts(index: Any, results: Any) -> dict[str, Any]:
    from jerat.exchange.context import Contexts

    contexts = Contexts(index)
    return {hit.document.id: contexts.of(hit.document) for hit in results.hits}


def _document(results: Any, told: dict[str, Any], *, histogram: bool) -> dict[str, Any]:
    import msgspec

    def buckets(many: Any) -> list[dict[str, Any]]:
        return [{"value": bucket.value, "count": bucket.count} for bucket in many]

    document = {
        "total": results.total,
        "hits": [
            msgspec.to_builtins(hit.document)
            | ({"context": msgspec.to_builtins(told[hit.document.id])} if told else {})
            | {
                "score": hit.score,
                "highlights": [
                    {"field": mark.field, "snippet": mark.snippet, "start": mark.start, "spans": mark.spans}
                    for mark in hit.highlights
                ],
            }
            for hit in results.hits
        ],
        "facets": {name: buckets(values) for name, values in results.facets.items()},
        "next": results.next,
    }
    if histogram:
        document["histogram"] = buckets(results.histogram)
    return document


def _show(state: State, request: Any, results: Any) -> None:
    from rich.console import Group, RenderableType
    from rich.table import Table
    from rich.text import Text

    from jerat.cli.cards import hit_lines
    from jerat.cli.screen import counted

    screen = state.screen
    total = counted(results.total, "post")
    shown = f", {len(results.hits)} shown" if len(results.hits) < results.total else ""
    screen.heading(f"{total}{shown}, by {request.sort}")
    cards: list[RenderableType] = []
    for rank, hit in enumerate(results.hits, 1):
        cards += [*hit_lines(hit, rank, fancy=screen.fancy), ""]
    side = _facet_lines(results)
    if screen.fancy and screen.out.width >= _SIDE_BY_SIDE and side and cards:
        grid = Table.grid(padding=(0, 2), expand=True)
        grid.add_column(ratio=1)
        grid.add_column(width=32, no_wrap=True, overflow="ellipsis")
        grid.add_row(Group(*cards), Text("\n").join(side))
        screen.out.print(grid)
    else:
        screen.say(*cards)
        screen.say(*side)
    if results.next:
        words = [
            "jerat",
            "search",
            request.query,
            "-n",
            str(request.size),
            "--sort",
            request.sort,
            "--after",
            results.next,
            *(["--restricted"] if request.restricted else []),
        ]
        screen.out.print(Text("more: " + shlex.join(words), "dim"), soft_wrap=True)  # one line, to be copied


def _facet_lines(results: Any) -> list[Any]:
    from rich.text import Text

    from index.facets import FACETS
    from jerat.cli.safe import one_line

    lines = []
    for name, values in (*results.facets.items(), ("", results.histogram)):
        if not values:
            continue
        lines.append(Text(FACETS.get(name, "Dates"), "bold"))
        for bucket in values:
            lines.append(Text(f"{bucket.count:>6}  ", "cyan") + Text(one_line(bucket.value, 60)))
    return lines
