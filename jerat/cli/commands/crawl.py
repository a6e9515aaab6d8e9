"""`jerat crawl`: fetch posts from where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from jerat.cli.safe import one_line
from jerat.cli.state import State, state_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.progress import TaskID

    from crawlers.recorder import Progress
    from crawlers.run import RunReport
    from jerat.case import Case

__all__ = ["crawl_targets", "register"]

_SHOWN: Final = 10


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("crawl")(crawl)


def crawl(
    ctx: typer.Context,
    targets: Annotated[
        list[str],
        typer.Argument(
            metavar="URL …", help="Where to begin: a site, a list page, a sitemap, a feed, a channel or @NAME."
        ),
    ],
    kind: Annotated[
        str | None,
        typer.Option(help="The kind of spider, where the address does not tell: jobposting, telegram or page."),
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help="Posts to take from each target, at most; 0 is no limit.")] = 0,
) -> None:
    """Crawl sites and channels into the case, and say what came of it.

    Politely: robots.txt is obeyed and requests are slowed (docs/settings.md). The exit code is 1 where a target failed or
    gave no posts. What cannot be a post, such as a picture without words, goes to the dead letters, and is told.

    [bold]Examples[/]

      jerat crawl https://jobs.example/sitemap.xml
      jerat crawl --kind telegram https://t.me/s/some_channel
    """
    state = state_of(ctx)
    with state.open_case(create=True) as case:
        whole = crawl_targets(state, case, targets, kind, limit)
    if not whole:
        raise typer.Exit(1)


def crawl_targets(state: State, case: Case, targets: Sequence[str], kind: str | None = None, limit: int = 0) -> bool:
    """Crawl, with a bar for each source, and say what each run brought; returns whether all went as asked."""
    from crawlers.run import crawl as run

    bars: dict[tuple[str, str], TaskID] = {}
    with state.screen.progress(counted=False) as bar:

        def tell(now: Progress) -> None:
            key = (now.source, now.kind)
            if key not in bars:
                bars[key] = bar.add_task("", total=None)
            troubles = f", {now.errors} errors" if now.errors else ""
            troubles += f", {now.dead} dead letters" if now.dead else ""
            bar.update(bars[key], description=f"{now.source}: {now.pages} pages, {now.posts} posts{troubles}")

        reports = run(state.settings, case, targets, kind=kind, limit=limit, progress=tell)
    whole = _tell(state, case, reports)
    return state.drain(case) and whole


def _tell(state: State, case: Case, reports: Sequence[RunReport]) -> bool:
    screen = state.screen
    whole = True
    for report in reports:
        told = f"{report.target}: {report.pages:,} pages, {report.posts_new:,} new posts"
        told += f", {report.posts_changed:,} changed" if report.posts_changed else ""
        told += f", {report.posts_same:,} known" if report.posts_same else ""
        told += f", {report.dead:,} in the dead letters" if report.dead else ""
        told += f", {report.errors:,} errors" if report.errors else ""
        screen.say(one_line(told))
        if report.status == "failed":
            screen.warn(f"{report.target}: {report.reason or 'failed'}")
        elif not report.posts:
            screen.warn(f"{report.target}: gave no posts{': ' + report.reason if report.reason else ''}")
        whole &= report.status == "ok" and report.posts > 0
        if report.dead and report.run_id is not None:
            _dead(state, case, report.run_id, report.dead)
    return whole


def _dead(state: State, case: Case, run_id: int, count: int) -> None:
    for shown, letter in enumerate(case.dead_letters.list(run_id)):
        if shown == _SHOWN:
            state.screen.warn(f"and {count - _SHOWN} more: `jerat doctor --dead`")
            return
        state.screen.warn(f"dead letter, {letter.step}: {letter.reason} ({letter.url})")
