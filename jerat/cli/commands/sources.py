"""`jerat sources`: the declared sources, how they fare, new ones, and a look at what they would bring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from jerat.cli.commands import candidates
from jerat.cli.declared import kinds
from jerat.cli.state import State, state_of

if TYPE_CHECKING:
    from crawlers.catalogue import Catalogue, Entry
    from crawlers.schedule import Health

__all__ = ["register"]

_RUNS = 5

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document for programs.")]
Country = Annotated[
    list[str] | None, typer.Option(metavar="CC", help="Only sources of this country (ISO 3166); may be repeated.")
]


def register(app: typer.Typer) -> None:
    """Add the command with those below it."""
    group = typer.Typer(name="sources", invoke_without_command=True, rich_markup_mode="rich")
    group.callback(invoke_without_command=True)(sources)
    group.command("list")(list_)
    group.command("show")(show)
    group.command("add")(add)
    group.command("test")(look)
    candidates.register(group)
    app.add_typer(group, name="sources")


def sources(
    ctx: typer.Context,
    failing: Annotated[bool, typer.Option("--failing", help="Only sources that fail.")] = False,
    due: Annotated[bool, typer.Option("--due", help="Only sources that `jerat crawl --due` would crawl now.")] = False,
    country: Country = None,
    as_json: Json = False,
) -> None:
    """How the declared sources fare: last run, posts beside the usual number, failing since when and why, next visit.

    Those that need attention come first. The exit code is 1 where a file of declarations is wrong; a source that fails is
    shown, and fails nothing here. docs/sources.md says how a source is declared.

    [bold]Examples[/]

      jerat sources
      jerat sources --failing
      jerat sources --due --country ID --json
    """
    state = state_of(ctx)
    if ctx.invoked_subcommand is not None:
        return
    from jerat.cli.declared import catalogue_of
    from jerat.cli.health import BAD, health_row, health_table, is_due

    catalogue = catalogue_of(state)
    rows = _wanted(_health(state, catalogue), catalogue, country)
    if failing:
        rows = [one for one in rows if one.state in BAD]
    if due:
        rows = [one for one in rows if is_due(one)]
    if as_json:
        state.screen.json({"sources": [health_row(one) for one in rows], "mistakes": _mistakes(catalogue)})
    elif rows:
        health_table(state.screen, rows)
    else:
        state.screen.say("no source is " + ("failing" if failing else "due" if due else "declared"))
    _end(catalogue)


def list_(ctx: typer.Context, country: Country = None, as_json: Json = False) -> None:
    """List the declared sources: what they are, where they begin, and whether they are switched on.

    [bold]Example[/]

      jerat sources list --country KH
    """
    from msgspec import to_builtins

    from jerat.cli.declared import catalogue_of, known_countries

    state = state_of(ctx)
    catalogue = catalogue_of(state)
    wanted = known_countries(catalogue, country or [])
    entries = [entry for entry in catalogue if not wanted or entry.source.country in wanted]
    if as_json:
        rows = [to_builtins(entry.source) | {"own": entry.own, "file": str(entry.file)} for entry in entries]
        state.screen.json({"sources": rows, "mistakes": _mistakes(catalogue)})
    else:
        state.screen.table(
            ("source", "kind", "cc", "on", "addresses"),
            [
                (
                    one.source.name,
                    one.source.kind,
                    one.source.country or "",
                    "wrong" if one.source.name in catalogue.held else "on" if one.source.enabled else "off",
                    " ".join(one.source.urls),
                )
                for one in entries
            ],
            elastic="addresses",
        )
    _end(catalogue)


def show(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name of the source.")],
    as_json: Json = False,
) -> None:
    """Show a source: what its declaration says, and how its last runs went.

    [bold]Example[/]

      jerat sources show karir
    """
    from jerat.cli.declared import catalogue_of
    from jerat.cli.health import health_row

    state = state_of(ctx)
    catalogue = catalogue_of(state)
    entry = catalogue.entry(name)
    one = next(one for one in _health(state, catalogue) if one.source.name == name)
    if as_json:
        from msgspec import to_builtins

        state.screen.json({"source": to_builtins(entry.source), "health": health_row(one)})
    else:
        _told(state, entry, one)
    _end(catalogue)


def add(
    ctx: typer.Context,
    addresses: Annotated[
        list[str], typer.Argument(metavar="URL …", help="Where it begins: addresses, or @NAME of a Telegram channel.")
    ],
    name: Annotated[str, typer.Option(help="What it is called in commands. Default: guessed from the address.")] = "",
    kind: Annotated[
        str, typer.Option(help=kinds("The kind of spider. Default: guessed from the address, else auto."))
    ] = "",
    title: Annotated[str, typer.Option(help="What it is called by people.")] = "",
    country: Annotated[str, typer.Option(metavar="CC", help="ISO 3166 country of the offers.")] = "",
    language: Annotated[list[str] | None, typer.Option(help="Language of the offers; may be repeated.")] = None,
    cadence: Annotated[str, typer.Option(help="How often it is visited: 30m, 6h, 1d.")] = "1d",
    posts: Annotated[int, typer.Option(min=0, help="Posts that each run must bring, at least.")] = 1,
    note: Annotated[str, typer.Option(help="What a colleague should know.")] = "",
    as_json: Json = False,
) -> None:
    """Declare a source of your own: a YAML file in the folder `sources` of the case, or the one of JERAT_SOURCES.

    Nothing is overwritten. Look at what it would bring with `jerat sources test NAME`, and edit the file as you need.

    [bold]Examples[/]

      jerat sources add https://papan.example/lowongan --country ID --language id
      jerat sources add @loker_contoh --cadence 6h
    """
    from rich.text import Text

    from crawlers.adding import declaration, write
    from jerat.cli.declared import catalogue_of
    from jerat.cli.safe import safe

    state = state_of(ctx)
    catalogue = catalogue_of(state)
    values: dict[str, Any] = {"title": title, "country": country.strip().upper(), "languages": list(language or [])}
    text = declaration(
        addresses, catalogue, name=name.strip(), kind=kind.strip(), **values,
        cadence=cadence, expect={"posts": posts}, note=note,
    )  # fmt: skip
    file = write(state.settings.sources_folder, text)
    if as_json:
        state.screen.json({"file": str(file), "declaration": text})
    else:
        state.screen.say(Text(safe(text).rstrip()), "")
        state.screen.say(f"written to {file}", f"look at what it brings: jerat sources test {file.stem}")
    _end(catalogue)


def look(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME|URL", help="The name of a source, or an address.")],
    kind: Annotated[str | None, typer.Option(help=kinds("The kind of spider, for an address."))] = None,
    pages: Annotated[
        int, typer.Option(min=1, max=100, help="Pages that are fetched until one of them gives a post, at most.")
    ] = 5,
    as_json: Json = False,
) -> None:
    """Look at a source: fetch its first page, show the posts that it would keep field by field, and what they lack.

    Where the first page has no posts, as a list may not, the best pages that it links are tried too, up to --pages. The case
    keeps nothing of it. All guards of a crawl hold, robots.txt among them. The exit code is 1 where no post came.

    [bold]Examples[/]

      jerat sources test karir
      jerat sources test https://papan.example/lowongan --pages 1
    """
    from jerat.cli.declared import targets_of
    from jerat.cli.trying import tried

    state = state_of(ctx)
    targets, sound = targets_of(state, [name], kind)
    with state.screen.progress(counted=False) as bar:
        bar.add_task("looking", total=None)
        trial = tried(state, targets, pages)
    if as_json:
        state.screen.json(trial.document())
    else:
        trial.show(state.screen)
    if not (trial.ok and sound):
        raise typer.Exit(1)


def _health(state: State, catalogue: Catalogue) -> list[Health]:
    """How all sources fare; without a case none was crawled, and none is made for the question."""
    from crawlers.schedule import health

    if not (state.settings.case / "case.db").is_file():
        return health(None, catalogue)
    with state.open_case() as case:
        return health(case, catalogue)


def _wanted(rows: list[Health], catalogue: Catalogue, country: list[str] | None) -> list[Health]:
    from jerat.cli.declared import known_countries

    wanted = known_countries(catalogue, country or [])
    return [one for one in rows if not wanted or one.source.country in wanted]


def _mistakes(catalogue: Catalogue) -> list[dict[str, Any]]:
    from dataclasses import asdict

    return [asdict(mistake) | {"file": str(mistake.file)} for mistake in catalogue.mistakes]


def _end(catalogue: Catalogue) -> None:
    """A file that cannot be used makes the exit code 1, whatever else went well."""
    if catalogue.mistakes:
        raise typer.Exit(1)


def _told(state: State, entry: Entry, one: Health) -> None:
    from msgspec import to_builtins
    from rich.text import Text

    from jerat.case import KILLED
    from jerat.cli.health import state_words
    from jerat.cli.moments import ago, in_words
    from jerat.cli.safe import one_line

    screen = state.screen
    screen.heading(one_line(f"{entry.source.name}  {entry.source.title}"))
    lines = {"declared in": f"{entry.file}, line {entry.line}" + ("" if entry.own else " (comes with jerat)")}
    for key, value in to_builtins(entry.source).items():
        if key in ("name", "title") or value in (None, "", [], (), {}):
            continue
        lines[key] = _value(value)
    lines["state"] = state_words(one) + (f", next {in_words(one.due_at)}" if one.due_at else "")
    for key, value in lines.items():
        screen.hanging(Text(f"{key:<13}", "dim") + Text(one_line(value)), 13)
    for place in one.places:
        if not place.runs:
            continue
        screen.say("")
        screen.heading(one_line(f"Runs of {place.target.address}"))
        for run in place.runs[:_RUNS]:
            running = run.status == "running"
            killed = run.reason.startswith(KILLED) or (running and place.state != "running")
            status = "killed" if killed else run.status
            said = [f"{run.posts:,} posts", f"{run.posts_new:,} new"]
            said += [f"{number:,} {word}" for word, number in (("risky", run.risky), ("dead", run.dead)) if number]
            style = "" if status == "ok" else "yellow"
            screen.say(Text(f"{ago(run.started_at):>11}  {status:<8} {', '.join(said)}", style))
            if run.reason:
                screen.hanging(Text(" " * 13) + Text(one_line(run.reason), "dim"), 13)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(str(one) for one in value)
    if isinstance(value, dict):
        inner = (f"{key} {_value(one)}" for key, one in value.items() if one not in (None, "", [], (), {}))
        return ", ".join(inner)
    return str(value)
