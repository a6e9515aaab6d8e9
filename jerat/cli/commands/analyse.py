"""`jerat analyse`: a filter for programs, posts in and findings out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from jerat.cli.state import State, state_of

if TYPE_CHECKING:
    from jerat.errors import Rejected
    from nlp import Input

__all__ = ["register"]

_CHUNK = 1 << 16
_BATCH = 64


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("analyse")(analyse)


def analyse(
    ctx: typer.Context,
    names: Annotated[
        Literal["auto", "always", "never"],
        typer.Option(help="Trained recognition of names. Not part of this version: every choice reads as `never`."),
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
    bad = 0
    for number, found in _answers(state):
        if isinstance(found, str):
            sys.stdout.write(found)
            sys.stdout.flush()
        else:
            bad += 1
            state.screen.warn(f"line {number}: {found.reason}")
    if bad:
        state.screen.note(f"{bad} lines were no posts")
        raise typer.Exit(1)


def _answers(state: State) -> Iterator[tuple[int, Any]]:
    """The line of each analysis, or the BadLine, with its number."""
    from jerat.cli.screen import dumps
    from jerat.exchange.import_jsonl import BadLine

    analyser = state.analyser
    for batch in _batches():
        inputs: list[Input] = []
        numbers: dict[int, int] = {}
        for number, item in batch:
            if isinstance(item, BadLine):
                yield number, item
            else:
                numbers[id(item)] = number
                inputs.append(item)
        failures: list[tuple[int, BadLine]] = []

        def failed(given: Input, why: Rejected) -> None:
            failures.append((numbers[id(given)], BadLine("", str(why), "")))  # noqa: B023 -- called before the next batch

        for analysis in analyser.pipe(inputs, _BATCH, failed):
            yield 0, dumps(analysis) + "\n"
        yield from failures


def _batches() -> Iterator[list[tuple[int, Any]]]:
    """What has arrived, at most _BATCH lines at a time: a slow writer gets each answer at once, a fast one is read fast."""
    from jerat.exchange.import_jsonl import MAX_LINE, BadLine

    number = 0
    batch: list[tuple[int, Any]] = []
    for line in _lines():
        if line is None:  # nothing more has arrived
            if batch:
                yield batch
                batch = []
            continue
        number += 1
        if len(line) > MAX_LINE:
            batch.append((number, BadLine("", f"longer than {MAX_LINE} bytes", "")))
        elif line.strip():
            batch.append((number, _input(line, number)))
        if len(batch) >= _BATCH:
            yield batch
            batch = []


def _lines() -> Iterator[bytes | None]:
    """The lines of standard input, and None each time that no whole line is left of what has arrived.

    Of a line above the limit only the beginning is held, one byte more than the limit.
    """
    from jerat.exchange.import_jsonl import MAX_LINE

    pending: list[bytes] = []
    size = 0
    while chunk := sys.stdin.buffer.read1(_CHUNK):  # type: ignore[union-attr]  # standard input is buffered
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


def _input(line: bytes, number: int) -> Any:
    from jerat.exchange.import_jsonl import BadLine, parse_object
    from nlp import Input

    value = parse_object(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line, "")
    if isinstance(value, BadLine):
        return value
    text, own, hint = value.get("text"), value.get("id"), value.get("country_hint")
    if not isinstance(text, str):
        return BadLine("", "has no text", "")
    if own is not None and (isinstance(own, bool) or not isinstance(own, (str, int))):
        return BadLine("", "id is neither a text nor a whole number", "")
    if hint is not None and not isinstance(hint, str):
        return BadLine("", "country_hint is not a text", "")
    return Input(id=str(number if own is None else own), text=text, country_hint=(hint or "").strip().upper())
