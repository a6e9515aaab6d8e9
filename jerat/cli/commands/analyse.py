"""`jerat analyse`: a filter for programs, posts in and findings out."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from jerat.cli.state import State, state_of

if TYPE_CHECKING:
    from jerat.cli.workers import Answer, Batch

__all__ = ["register"]

_CHUNK = 1 << 16
_BATCH = 256
_BATCH_BYTES = 1 << 20
_ALONE = 4
"""Full batches in a row after which `--workers auto` takes more processes: about a second's work."""
_MOST = 8
"""Processes that `--workers auto` takes at most."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("analyse")(analyse)


def _counted(value: str) -> str:
    if value != "auto" and not (value.isdecimal() and 1 <= int(value) <= 256):
        raise typer.BadParameter(f"{value} is neither auto nor a number from 1 to 256")
    return value


def analyse(
    ctx: typer.Context,
    names: Annotated[
        Literal["auto", "always", "never"] | None,
        typer.Option(help="Which posts are read for names by the trained model; `JERAT_NAMES` unless given."),
    ] = None,
    workers: Annotated[
        str,
        typer.Option(
            callback=_counted,
            help="Processes that read at once: a number, or `auto`, which takes one for short input and for long input one a "
            "core, at most 8. They share what is loaded on Linux; elsewhere each needs about 200 MB.",
        ),
    ] = "auto",
) -> None:
    """Read posts as JSONL on standard input, write their analyses as JSONL on standard output, in order.

    A line is `{"id": "1", "text": "…", "country_hint": "ID"}`; `id` (else the line's number) and `country_hint` may be left
    out. Each answer is written as soon as its post is read, so a program may keep the pipe open. A line that is no post is
    reported on standard error with its number; the others go on, and the exit code is then 1.

    [bold]Example[/]

      echo '{"id": "1", "text": "Dicari CS Kamboja gaji $800, TG @contoh_admin"}' | jerat analyse
    """
    state = state_of(ctx)
    if names is not None:
        state.overrides["names"] = names
    bad = 0
    for found in _answers(state, workers):
        for number, json, reason in found:
            if reason:
                bad += 1
                state.screen.warn(f"line {number}: {reason}")
            else:
                sys.stdout.write(json)
        sys.stdout.flush()
    if bad:
        state.screen.note(f"{bad} lines were no posts")
        raise typer.Exit(1)


def _answers(state: State, workers: str) -> Iterator[list[Answer]]:
    from jerat.cli.workers import answer, answers, cores, may_fork

    batches = _batches()
    count = 1 if workers == "auto" else int(workers)
    if count == 1:
        # The processes to come share the names' model, whose threads must not stand in the way.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        full = 0
        for batch in batches:
            yield answer(state.analyser, batch)
            full = full + 1 if len(batch) == _BATCH else 0
            if full == _ALONE and workers == "auto" and may_fork():
                count = min(cores(), _MOST)
                if count > 1:
                    break
    if count > 1:
        yield from answers(batches, count, state.settings.lexicon_in_force, state.settings.names)


def _batches() -> Iterator[Batch]:
    """What has arrived, at most _BATCH lines at a time: a slow writer gets each answer at once, a fast one is read fast."""
    number = size = 0
    batch: Batch = []
    for line in _lines():
        if line is not None:
            number += 1
            if line.strip():
                batch.append((number, line))
                size += len(line)
            if len(batch) < _BATCH and size < _BATCH_BYTES:
                continue
        if batch:  # full, or nothing more has arrived
            yield batch
            batch, size = [], 0


def _lines() -> Iterator[bytes | None]:
    """The lines of standard input, and None each time that all has been read that has arrived.

    Of a line above the limit only the beginning is held, one byte more than the limit.
    """
    from crawlers.imports.jsonl import MAX_LINE

    pending: list[bytes] = []
    size = 0
    read, more = _reader()
    while chunk := read(_CHUNK):
        *whole, rest = chunk.split(b"\n")
        for part in whole:
            pending.append(part)
            yield b"".join(pending)[: MAX_LINE + 1]
            pending, size = [], 0
        if size <= MAX_LINE:
            pending.append(rest)
            size += len(rest)
        if not more():
            yield None
    if pending:
        yield b"".join(pending)[: MAX_LINE + 1]
    yield None


def _reader() -> tuple[Callable[[int], bytes], Callable[[], bool]]:
    """Reads at most so many bytes of what has arrived on standard input; and whether there is more at once."""
    stream: Any = sys.stdin.buffer
    try:
        number = stream.fileno()
    except OSError:
        return stream.read1, lambda: False  # it is no file, as in tests

    def more() -> bool:
        try:
            return bool(select.select([number], [], [], 0)[0])
        except (OSError, ValueError):  # Windows can tell of sockets only
            return False

    # Past the buffer, whose lock a thread that waits for input would hold when the interpreter ends.
    return lambda size: os.read(number, size), more
