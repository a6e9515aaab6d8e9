"""`jerat export`: lists of posts and entities as files."""

from enum import StrEnum
from typing import Annotated, Literal

import typer

from jerat.cli.restricted import Restricted, note_restricted
from jerat.cli.state import state_of

__all__ = ["register"]


class _What(StrEnum):
    posts = "posts"
    entities = "entities"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export")(export)


def export(
    ctx: typer.Context,
    what: Annotated[_What, typer.Argument(help="What to list.")],
    query: Annotated[list[str] | None, typer.Argument(help="Which posts; all of them without a query.")] = None,
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FILE", help="The file to write; `-` is standard output.")
    ] = "-",
    format: Annotated[
        str, typer.Option("-f", "--format", metavar="FORMAT", help="csv, xlsx or jsonl. Default: by the file's ending.")
    ] = "",
    kind: Annotated[
        list[str] | None, typer.Option(help="Of entities, only this kind; `contact` is every contact. Repeatable.")
    ] = None,
    sort: Annotated[
        Literal["posts", "last", "risk", "value"], typer.Option(help="The order of entities, as in `jerat entities`.")
    ] = "posts",
    raw: Annotated[
        bool,
        typer.Option(
            "--raw", help="CSV for programs: without the apostrophe before cells that would run as a formula."
        ),
    ] = False,
    restricted: Restricted = False,
) -> None:
    """Write the posts that match, or the entities they name, to a file: all of them, or no file at all.

    [bold]Examples[/]

      jerat export posts 'level:high OR level:medium' --output lures.xlsx
      jerat export entities --kind contact --output contacts.csv
      jerat export posts --format jsonl | jq -r .url

    In CSV a cell that a spreadsheet would run as a formula begins with an apostrophe, and so do phone numbers, which begin
    with a plus sign. XLSX needs none: every text is a text cell. docs/export.md has the columns.
    """
    from jerat.cli.screen import counted
    from jerat.errors import InputError
    from jerat.exchange import export as exchange
    from jerat.exchange.entities import kinds_of

    state = state_of(ctx)
    if kind and what is _What.posts:
        raise InputError("--kind chooses entities, and posts are exported", "`jerat export entities --kind …`")
    kinds = kinds_of(kind or ())
    chosen = exchange.format_of(output, format)
    if raw and chosen != "csv":
        raise InputError(f"--raw is for CSV, and the format is {chosen}")
    text = " ".join(query or ()) or "*"
    with state.opened() as (_, index), state.screen.progress() as bar:
        task = bar.add_task(f"Writing {what}", total=None)
        done = exchange.export(
            index,
            what.value,
            text,
            output,
            chosen,
            kinds=kinds,
            sort=sort,
            raw=raw,
            restricted=restricted,
            progress=lambda read, total: bar.update(task, completed=read, total=total),
        )
    screen = state.screen
    note_restricted(screen, text, restricted=restricted)
    if output != exchange.STDOUT:
        said = counted(done.rows, *(("post",) if what is _What.posts else ("entity", "entities")))
        if what is _What.entities:
            said += f" from {counted(done.posts, 'post')}"
        screen.say(f"{said} written to {output}")
    if done.cut:
        screen.warn(
            f"{done.cut} texts are longer than a cell of a workbook can be; they end with a mark: csv and jsonl hold them whole"
        )
