"""`jerat import`: posts from files."""

from __future__ import annotations

import codecs
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from jerat.cli.state import State, state_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.progress import Progress, TaskID

    from crawlers.imports.run import FileReport, Job, Trial
    from jerat.case import Case

__all__ = ["register"]

_SHOWN = 10
_TRIED = 5
_TEXT = 300


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import")(import_)


def import_(
    ctx: typer.Context,
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE …", help="Files and folders; `-` is JSONL on standard input. Gzip is unpacked."),
    ],
    format: Annotated[
        str,
        typer.Option(metavar="NAME", help="The format, where it is not told by the file: docs/imports.md has them."),
    ] = "",
    columns: Annotated[
        str,
        typer.Option(metavar="NAME=COLUMN,…", help="Of tables: which column is what, by its heading or its number."),
    ] = "",
    date_order: Annotated[
        Literal["dmy", "mdy", "ymd"] | None,
        typer.Option(
            help="How dates in figures are written, where the file does not tell: 3/4/2026 is in April with dmy."
        ),
    ] = None,
    time_zone: Annotated[
        str, typer.Option(metavar="ZONE", help="The zone of times that name none, such as Asia/Jakarta. Default: UTC.")
    ] = "",
    encoding: Annotated[
        str,
        typer.Option(
            metavar="NAME", help="Of tables: the encoding, such as cp874; guessed from the bytes unless given."
        ),
    ] = "",
    source: Annotated[
        str, typer.Option(help="The source of posts that name none. Default: the site of a page, else the file's name.")
    ] = "",
    platform: Annotated[str, typer.Option(help="The platform of posts that name none.")] = "import",
    country: Annotated[
        str, typer.Option(metavar="CC", help="ISO 3166 country of posts that name none, for national phone numbers.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the first posts and how columns are read, and keep nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document: what became of each file.")] = False,
) -> None:
    """Take in what others collected or saved by hand, through the same steps as what is crawled.

    WARC and WACZ, saved pages (HTML, MHTML), exports of Telegram and WhatsApp, Zeeschuimer, CSV, XLSX, JSONL, and a zip of
    these: docs/imports.md. What cannot be read goes to the dead letters with file, place and reason; all else is kept, and the
    exit code is then 1. The same file again makes no doubles, so an import that was stopped is simply made again.

    [bold]Examples[/]

      jerat import posts.jsonl --source "colleagues in Medan" --country ID
      jerat import list.csv --dry-run --columns text=Deskripsi,url=Link
      zcat posts.jsonl.gz | jerat import -
    """
    from crawlers.imports.columns import column_pairs
    from crawlers.imports.run import Job
    from pipelines.intake import ImportOptions

    state = state_of(ctx)
    options = ImportOptions(
        source=source,
        platform=platform,
        country_hint=_country(country),
        columns=column_pairs(columns),
        date_order=date_order or "",
        time_zone=_zone(time_zone),
        encoding=_encoding(encoding),
        source_named=bool(source),
        max_bytes=state.settings.max_response,
        say=state.screen.note,
    )
    form = _known(format)
    paths, whole = _paths(state, files, form)
    jobs = [
        Job(path, replace(options, source=source or ("stdin" if path is None else path.name)), form) for path in paths
    ]
    whole &= _tried(state, jobs, as_json) if dry_run else _imported(state, jobs, as_json)
    if not whole:
        raise typer.Exit(1)


def _imported(state: State, jobs: list[Job], as_json: bool) -> bool:
    """Import each file; whether all of it is in the case and in the index."""
    reports = []
    with state.open_case(create=True) as case:
        for job in jobs:
            reports.append(_one(state, case, job))
            if not as_json:
                _tell(state, case, job.name, reports[-1])
        drained = state.drain(case)
    if as_json:
        state.screen.json([asdict(report) for report in reports])
    return drained and bool(reports) and all(report.status == "ok" for report in reports)


def _tried(state: State, jobs: list[Job], as_json: bool) -> bool:
    """Show what each file would give; whether each would give something, and nothing else was met on the way."""
    from crawlers.imports.run import trial

    trials = [trial(job, _TRIED) for job in jobs]
    if as_json:
        state.screen.json([asdict(one) for one in trials])
    else:
        for one in trials:
            _show(state, one)
    return bool(trials) and all(one.posts and not one.reason for one in trials)


def _show(state: State, one: Trial) -> None:
    from rich.text import Text

    from jerat.cli.safe import one_line
    from jerat.errors import JeratError

    screen = state.screen
    if one.format:
        screen.heading(f"{one_line(one.file)}: {one.format}")
    for post in one.posts:
        when = post.published_at.isoformat() if post.published_at else ""
        rows = [("where", post.url), ("title", post.title), ("author", post.author), ("published", when)]
        rows += [("source", post.source), ("text", post.text[:_TEXT]), ("evidence", post.evidence)]
        if post.job is not None:
            rows += [("company", post.job.organisation), ("place", "; ".join(post.job.locations))]
            rows += [("pay", post.job.salary), ("contacts", "; ".join(post.job.contacts))]
        rows += [("links", "; ".join(link.url for link in post.links[:5]))]
        for name, value in rows:
            if value:
                screen.say(Text(f"  {name:<10}{one_line(value)}"))
        screen.say("")
    for sentence in one.bad:
        screen.warn(sentence)
    if one.reason:
        screen.error(JeratError(one.reason))
    elif not one.posts:
        screen.error(JeratError(f"{one.file}: no post in it"))


def _country(code: str) -> str:
    from jerat.errors import InputError

    code = code.strip().upper()
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise InputError(f"--country {code!r} is no ISO 3166 code", "it has two letters, such as ID or KH")
    return code


def _zone(name: str) -> str:
    from crawlers.imports.chat import zone_of

    zone_of(name)
    return name


def _encoding(name: str) -> str:
    from jerat.errors import InputError

    try:
        if name and not codecs.lookup(name)._is_text_encoding:
            raise LookupError
    except (LookupError, ValueError) as error:
        raise InputError(
            f"there is no encoding named {name!r}", "names are such as utf-8, cp1252, cp874 or gb18030"
        ) from error
    return name


def _known(name: str) -> str:
    from crawlers.imports.formats import reader_named

    if name:
        reader_named(name)
    return name


def _paths(state: State, files: list[str], format: str) -> tuple[list[Path | None], bool]:
    """The files that were named, and those in the folders that were (None is standard input); and whether all had some."""
    from crawlers.imports.walk import files_in
    from jerat.errors import InputError

    paths: list[Path | None] = []
    whole = True
    for file in files:
        path = Path(file)
        if file == "-" or not path.is_dir():
            paths.append(None if file == "-" else path)
            continue
        try:
            found = files_in(path, any_format=bool(format))
        except InputError as error:
            state.screen.error(error)
            whole = False
            continue
        paths += found.files
        for sentence in found.left_out():
            state.screen.warn(sentence)
    return paths, whole


def _advance(bar: Progress, task: TaskID) -> Callable[[int], object]:
    return lambda number: bar.update(task, advance=number)


def _one(state: State, case: Case, job: Job) -> FileReport:
    """Import one file with a bar; what becomes of it is in the report."""
    from crawlers.imports.run import import_file

    with state.screen.progress(sized=True) as bar:
        size = None if job.path is None or job.is_stream else job.path.stat().st_size
        task = bar.add_task(f"Importing {job.name}", total=size)
        options = replace(job.options, advance=_advance(bar, task))

        def grown(report: FileReport) -> None:
            bar.update(task, description=f"{job.name}: {report.posts:,} posts, {report.risky:,} risky")

        return import_file(case, state.analyser, state.settings, replace(job, options=options), grown)


def _tell(state: State, case: Case, name: str, report: FileReport) -> None:
    from jerat.errors import JeratError
    from pipelines.validate import NO_TEXT

    screen = state.screen
    if report.read:
        screen.say(
            f"{name}: {report.format}, {report.read:,} items, {report.posts_new:,} new posts, {report.posts_changed:,} "
            f"changed, {report.posts_same:,} known, {report.dead:,} not taken, {report.risky:,} risky"
        )
    if report.wordless:
        screen.note(f"{name}: {report.wordless:,} without a word in them (pictures, files) are no posts")
    if report.slips:
        screen.note(f"{name}: parts of {report.slips:,} pages could not be read: `jerat doctor --dead` has the reasons")
    for what, times in report.notes.items():
        screen.warn(f"{name}: {what} could not be read in {times:,} of the posts; they were kept without it")
    if report.status == "failed" and (not report.dead or not report.posts):
        screen.error(JeratError(f"{name}: {report.reason}" if name not in report.reason else report.reason))
    elif report.status == "failed":
        screen.warn(f"{name}: {report.reason}")
    shown = 0
    for letter in case.dead_letters.list(report.run_id) if report.dead else ():
        if letter.reason == NO_TEXT:
            continue
        if shown == _SHOWN:
            screen.warn(f"and {report.dead - _SHOWN:,} more: `jerat doctor --dead`")
            break
        shown += 1
        screen.warn(letter.reason if letter.step == "import" else f"{letter.step}: {letter.reason} ({letter.url})")
