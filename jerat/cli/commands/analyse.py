"""`jerat analyse`: a filter for programs, posts in and findings out."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from jerat.cli.state import State, state_of

if TYPE_CHECKING:
    from jerat.cli.workers import Answer, Batch

__all__ = ["register"]

_CHUNK = 1 << 16
_BATCH = 64
_BATCH_BYTES = 1 << 20


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("analyse")(analyse)


def analyse(
    ctx: typer.Context,
    names: Annotated[
        Literal["auto", "always", "never"] | None,
        typer.Option(help="Which posts are read for names by the trained model; `JERAT_NAMES` unless given."),
    ] = None,
    workers: Annotated[
        int, typer.Option(min=1, max=256, help="Processes that read at once; each needs about 400 MB of memory.")
    ] = 1,
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


def _answers(state: State, workers: int) -> Iterator[list[Answer]]:
    from jerat.cli.workers import answer, answers

    if workers > 1:
        yield from answers(_batches(), workers, state.settings.lexicon_in_force, state.settings.names)
        return
    for batch in _batches():
        yield answer(state.analyser, batch)


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
    """The lines of standard input, and None each time that no whole line is left of what has arrived.

    Of a line above the limit only the beginning is held, one byte more than the limit.
    """
    from crawlers.imports.jsonl import MAX_LINE

    pending: list[bytes] = []
    size = 0
    read = _reader()
    while chunk := read(_CHUNK):
        *whole, rest = chunk.split(b"\n")
        for part in whole:
            pending.append(part)
            yield b"".join(pending)[: MAX_LINE + 1]
            pending, size = [], 0
        if size <= MAX_LINE:
            pending.append(rest)
            size += len(rest)
        yield None
    if pending:
        yield b"".join(pending)[: MAX_LINE + 1]
    yield None


def _reader() -> Callable[[int], bytes]:
    """Reads at most so many bytes of what has arrived on standard input."""
    stream: Any = sys.stdin.buffer
    try:
        number = stream.fileno()
    except OSError:
        return stream.read1  # type: ignore[no-any-return]  # it is no file, as in tests
    # Past the buffer, whose lock a thread that waits for input would hold when the interpreter ends.
    return lambda size: os.read(number, size)
