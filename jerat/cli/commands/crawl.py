"""`jerat crawl`: fetch posts from where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from jerat.cli.state import State, state_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawlers.run import RunReport
    from crawlers.targets import Target
    from jerat.case import Case

__all__ = ["crawl_targets", "register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("crawl")(crawl)


def _kinds() -> str:
    from crawlers.kinds import KINDS

    return f"The kind of spider, where the address does not tell: {', '.join(KINDS)}."


def crawl(
    ctx: typer.Context,
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SOURCE|URL …",
            help="Names of declared sources, or addresses: a site, a list page, a sitemap, a feed, a channel or @NAME.",
            show_default=False,
        ),
    ] = None,
    kind: Annotated[str | None, typer.Option(help=_kinds())] = None,
    limit: Annotated[int, typer.Option(min=0, help="Posts to take from each target, at most; 0 is no limit.")] = 0,
    due: Annotated[
        bool, typer.Option("--due", help="Crawl the declared sources whose time has come, by their cadence.")
    ] = False,
    country: Annotated[
        list[str] | None, typer.Option(metavar="CC", help="With --due: only sources of this country; may be repeated.")
    ] = None,
    follow: Annotated[
        int,
        typer.Option(
            min=0,
            max=100,
            metavar="N",
            help="Then visit the best N candidates that risky posts name (`jerat sources candidates`), one hop far.",
        ),
    ] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document for programs.")] = False,
) -> None:
    """Crawl declared sources, sites and channels into the case, and say what came of it.

    Politely: robots.txt is obeyed and requests are slowed (docs/settings.md). The exit code is 1 where a run failed, gave
    fewer posts than its source promises, or lost a post to a fault of jerat. What cannot be a post, such as a picture
    without words, goes to the dead letters, and is told.

    With --due it is 0 also where nothing is due. A source that another process crawls at the moment is left to it.

    [bold]Examples[/]

      jerat crawl karir glints-id
      jerat crawl https://jobs.example/sitemap.xml
      jerat crawl --kind telegram https://t.me/s/some_channel
      jerat crawl --due --country ID --country MY
      jerat crawl karir --follow 5
    """
    from jerat.errors import InputError

    state = state_of(ctx)
    if due == bool(targets):
        raise InputError(
            "name what to crawl: sources or addresses, or else --due for the sources whose time has come",
            "`jerat sources` lists the declared sources",
        )
    if due and kind is not None:
        raise InputError("--kind is for addresses: each source that is due has its own")
    if country and not due:
        raise InputError("--country goes with --due", "jerat crawl --due --country ID")
    if due:
        whole = _due(state, country or [], limit, as_json, follow)
    else:
        from jerat.cli.declared import targets_of

        asked, sound = targets_of(state, targets or [], kind)
        with state.open_case(create=True) as case:
            whole = _crawled(state, case, asked, limit, as_json, follow) and sound
    if not whole:
        raise typer.Exit(1)


def crawl_targets(state: State, case: Case, targets: Sequence[str], kind: str | None = None, limit: int = 0) -> bool:
    """Crawl addresses, and say what each run brought; returns whether all went as asked."""
    from crawlers.targets import of_address

    return _crawled(state, case, [of_address(address, kind) for address in targets], limit, whole_call=False)


def _due(state: State, countries: list[str], limit: int, as_json: bool, follow: int = 0) -> bool:
    from crawlers.schedule import due
    from jerat.cli.declared import catalogue_of, known_countries
    from jerat.cli.moments import in_words

    catalogue = catalogue_of(state)
    wanted = known_countries(catalogue, countries)
    sources = [source for source in catalogue.enabled() if not wanted or source.country in wanted]
    with state.open_case(create=True) as case:
        _settle(state, case)
        targets, later = due(case, sources)
        if targets:
            return _crawled(state, case, targets, limit, as_json, follow) and not catalogue.mistakes
    if as_json:
        state.screen.json(
            {"ok": not catalogue.mistakes, "targets": [], "next_due": later.isoformat() if later else None}
        )
    elif later is not None:
        state.screen.say(f"nothing is due; the next source is, {in_words(later)}")
    else:
        state.screen.say("nothing is due: " + ("all is under way already" if sources else "no source is switched on"))
    return not catalogue.mistakes


def _declared(state: State) -> frozenset[str]:
    from crawlers.candidates import declared_places
    from crawlers.catalogue import load_catalogue

    return declared_places(load_catalogue(state.settings.sources_folder))


def _settle(state: State, case: Case) -> None:
    """Runs whose process was killed have failed: that is noted and told, once."""
    for run in case.runs.settle():
        began = run.started_at[:16].replace("T", " ")
        state.screen.warn(f"{run.source}: the run of {began} UTC was killed; it counts as failed")


def _crawled(
    state: State,
    case: Case,
    targets: list[Target],
    limit: int,
    as_json: bool = False,
    follow: int = 0,
    *,
    whole_call: bool = True,
) -> bool:
    """Crawl, with a line for each run on the terminal, and say what came of it."""
    from crawlers.run import crawl as run
    from jerat.cli.crawling import Watching, bars, failed, report_row, summary

    _settle(state, case)
    with bars(state.screen) as lines:
        known = _declared(state) if follow else ()
        watching = Watching(state.screen, lines, targets)
        reports = run(state.settings, case, targets, limit=limit, progress=watching, follow=follow, known=known)
    searchable = state.drain(case)
    bad = [report for report in reports if failed(report)]
    whole = searchable and not bad
    if as_json:
        rows: list[dict[str, Any]] = [report_row(case, report) for report in reports]
        state.screen.json({"ok": whole, "targets": rows})
        return whole
    summary(state.screen, case, reports)
    if state.screen.fancy and whole_call:
        _next(state, reports)
    return whole


def _next(state: State, reports: Sequence[RunReport]) -> None:
    """What a person may type now."""
    lines = []
    if any(report.risky for report in reports):
        lines.append("jerat search 'level:>=medium'")
    if any(report.status == "failed" and report.source != report.address for report in reports):
        lines.append("jerat sources --failing")
    if any(report.dead for report in reports):
        lines.append("jerat doctor --dead")
    if lines:
        state.screen.heading("What to type next")
        for line in lines:
            state.screen.say(f"  {line}")
