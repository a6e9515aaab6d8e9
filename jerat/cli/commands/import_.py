"""`jerat import`: posts from files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jerat.cli.state import State, state_of

if TYPE_CHECKING:
    from jerat.case import Case
    from jerat.model import Post
    from pipelines.intake import ImportOptions

__all__ = ["register"]

_SHOWN = 10
_RECENT = 5000


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import")(import_)


@dataclass
class _Count:
    """What one file brought."""

    read: int = 0
    bad: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)


def import_(
    ctx: typer.Context,
    files: Annotated[
        list[str], typer.Argument(metavar="FILE …", help="JSONL files, also gzipped; `-` is standard input.")
    ],
    source: Annotated[
        str, typer.Option(help="The source of lines that name none. Default: the name of the file.")
    ] = "",
    platform: Annotated[str, typer.Option(help="The platform of lines that name none.")] = "import",
    country: Annotated[
        str, typer.Option(metavar="CC", help="ISO 3166 country of lines that name none, for national phone numbers.")
    ] = "",
) -> None:
    """Take in posts that were collected elsewhere, through the same steps as crawled ones.

    A line is `{"url", "text", "title"?, "author"?, "source"?, "platform"?, "published_at"?, "id"?, "country_hint"?}`. A line
    that is no post goes to the dead letters with file, line and reason; the others are kept, and the exit code is then 1.
    The same file again makes no doubles.

    [bold]Examples[/]

      jerat import posts.jsonl --source "colleagues in Medan" --country ID
      zcat posts.jsonl.gz | jerat import -
    """
    from pipelines.intake import ImportOptions

    state = state_of(ctx)
    whole = True
    with state.open_case(create=True) as case:
        for file in files:
            name = "stdin" if file == "-" else Path(file).name
            options = ImportOptions(source or name, platform, country)
            whole &= _one(state, case, file, name, options)
        whole &= state.drain(case)
    if not whole:
        raise typer.Exit(1)


def _one(state: State, case: Case, file: str, name: str, options: ImportOptions) -> bool:
    from crawlers.imports.jsonl import open_lines
    from jerat.errors import JeratError
    from pipelines.line import Line

    count = _Count()
    try:
        with open_lines(file) as stream, state.screen.progress(counted=False) as bar:
            run_id = case.runs.start(options.source, "import")
            try:
                task = bar.add_task(f"Importing {name}")
                line = Line(case, state.analyser, state.settings, run_id)
                for outcome in line.feed(_posts(case, run_id, stream, name, options, count)):
                    count.outcomes[outcome.change] += 1
                    bar.update(task, description=f"Importing {name}: {count.read:,} lines")
            except BaseException as error:
                case.runs.end(run_id, "failed", str(error) or type(error).__name__)
                raise
            dead = case.dead_letters.count(run_id)
            case.runs.end(run_id, "failed" if dead else "ok", f"{dead} lines were not taken" if dead else "")
    except JeratError as error:
        state.screen.error(error)
        return False
    _tell(state, case, run_id, name, count, dead)
    return not dead


def _posts(case: Case, run_id: int, stream: object, name: str, options: ImportOptions, count: _Count) -> Iterator[Post]:
    from crawlers.imports.jsonl import read_posts
    from jerat.case import DeadLetter
    from pipelines.intake import BadItem

    recent: dict[str, Post] = {}
    for item in read_posts(stream, name, options):  # type: ignore[arg-type]  # open_lines gives the stream
        count.read += 1
        if isinstance(item, BadItem):
            bad, url, line = f"{item.place}: {item.reason}", "", item.item
        else:
            count.notes.update(note.partition(" ")[0] for note in item.notes)
            taken = _taken(case, item.post, recent)
            if not taken:
                yield item.post
                continue
            bad, url, line = f"{item.post.evidence}: {taken}", item.post.url, item.post.text[:2000]
        count.bad += 1
        letter = DeadLetter("import", bad, source=options.source, url=url, item=line, run_id=run_id)
        with case.transaction():
            case.dead_letters.add(letter)
            case.runs.count(run_id, {"dead": 1})


def _taken(case: Case, post: Post, recent: dict[str, Post]) -> str:
    """Why the id cannot be used: two files that both count from 1 must not become versions of each other's posts.

    `recent` holds posts that may not be stored yet.
    """
    if not post.native_id:
        return ""
    record = case.posts.get(post.id)
    held = recent.get(post.id) if record is None else record.post
    if held is None:
        if len(recent) > _RECENT:
            recent.clear()
        recent[post.id] = post
        return ""
    if held.platform == post.platform and post.url in ("", held.url):
        return ""
    return f"the id {post.id} belongs to another post, {held.url or held.source}"


def _tell(state: State, case: Case, run_id: int, name: str, count: _Count, dead: int) -> None:
    run = case.runs.get(run_id)
    screen = state.screen
    screen.say(
        f"{name}: {count.read:,} lines, {run.posts_new:,} new posts, {run.posts_changed:,} changed, "
        f"{run.posts_same:,} known, {dead:,} not taken"
    )
    for what, times in count.notes.items():
        screen.warn(f"{name}: {what} could not be read in {times} of the posts; they were kept without it")
    if dead:
        for shown, letter in enumerate(case.dead_letters.list(run_id)):
            if shown == _SHOWN:
                screen.warn(f"and {dead - _SHOWN} more: `jerat doctor --dead`")
                break
            screen.warn(letter.reason if letter.step == "import" else f"{letter.step}: {letter.reason} ({letter.url})")
