"""`jerat crawl`: fetch posts from where they stand."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Annotated, Final

import typer

from jerat.cli.safe import one_line
from jerat.cli.screen import counted
from jerat.cli.state import State, state_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.progress import TaskID

    from crawlers.recorder import Progress
    from crawlers.run import RunReport
    from jerat.case import Case

__all__ = ["crawl_targets", "register"]

_SHOWN: Final = 10
_EVERY: Final = 60.0
"""Seconds between two lines that say how far a run is, where there is no terminal."""


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
    """Crawl, with a bar for each target, and say what each run brought; returns whether all went as asked.

    Where nobody looks at a terminal, a plain line a minute says how far each run is.
    """
    from crawlers.run import crawl as run

    bars: dict[str, TaskID] = {}
    told: dict[str, float] = {}
    with state.screen.progress(counted=False) as bar:
        begin = bar.add_task("beginning", total=None)

        def tell(now: Progress) -> None:
            key = now.target or now.source
            if not bar.disable:
                bar.update(begin, visible=False)
                if key not in bars:
                    bars[key] = bar.add_task("", total=None)
                bar.update(bars[key], description=one_line(_far(now)))
            elif monotonic() - told.setdefault(key, monotonic()) >= _EVERY:
                told[key] = monotonic()
                state.screen.err.print(one_line(f"{_far(now)} so far"), soft_wrap=True)

        reports = run(state.settings, case, targets, kind=kind, limit=limit, progress=tell)
    whole = _tell(state, case, reports)
    return state.drain(case) and whole


def _far(now: Progress) -> str:
    parts = [counted(now.pages, "page"), counted(now.posts, "post")]
    parts += [f"{now.risky:,} risky"] if now.risky else []
    parts += [counted(now.dead, "dead letter")] if now.dead else []
    parts += [counted(now.errors, "error")] if now.errors else []
    return f"{now.source}: {', '.join(parts)}"


def _tell(state: State, case: Case, reports: Sequence[RunReport]) -> bool:
    screen = state.screen
    whole = True
    for report in reports:
        screen.say(one_line(_summary(report)))
        failed = report.status == "failed" or not report.posts
        if failed:
            screen.warn(f"{report.target}: {report.reason or 'gave no posts'}")
        elif report.reason:  # what the run has to say though it went well
            screen.say(f"  {one_line(report.reason)}")
        whole &= not failed
        if report.dead and report.run_id is not None:
            _dead(state, case, report)
    return whole


def _summary(report: RunReport) -> str:
    parts = [counted(report.pages, "page"), counted(report.posts_new, "new post")]
    parts += [f"{report.posts_changed:,} changed"] if report.posts_changed else []
    parts += [f"{report.posts_same:,} known"] if report.posts_same else []
    parts += [f"{report.risky:,} risky"] if report.risky else []
    parts += [counted(report.dead, "dead letter")] if report.dead else []
    parts += [counted(report.errors, "error")] if report.errors else []
    return f"{report.target}: {', '.join(parts)}"


def _dead(state: State, case: Case, report: RunReport) -> None:
    for shown, letter in enumerate(case.dead_letters.list(report.run_id)):
        if shown == _SHOWN:
            state.screen.warn(f"and {report.dead - _SHOWN} more: `jerat doctor --dead`")
            return
        if report.status == "failed" and letter.reason in report.reason:
            continue  # it is the reason of the whole run, and was told
        state.screen.warn(f"dead letter, {letter.step}: {letter.reason} ({letter.url})")
