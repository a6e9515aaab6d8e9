"""`jerat bench`: how fast, beside the stack that one would assemble from defaults."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from jerat.cli.state import State, state_of

if TYPE_CHECKING:
    from jerat.cli.workers import Batch
    from nlp.bench import Bench

__all__ = ["register"]

_BATCH = 256


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("bench")(bench)


def bench(
    ctx: typer.Context,
    what: Annotated[
        Literal["nlp", "focus"],
        typer.Argument(help="What is measured: `nlp`, the reading of posts; `focus`, how soon a crawl finds lures."),
    ],
    posts: Annotated[int, typer.Option(min=1, max=1_000_000, help="nlp: how many posts are read in each round.")] = 600,
    sites: Annotated[
        int, typer.Option(min=1, max=50, help="focus: how many made sites are crawled in both orders.")
    ] = 5,
    pages: Annotated[int, typer.Option(min=100, max=10_000, help="focus: how many pages each of them has.")] = 2000,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document for programs.")] = False,
) -> None:
    """Measure the speed on this machine: each step, the whole, the trained names, one process and two, start-up and memory.

    Beside it, on the same posts, the stack that one would assemble from defaults: spaCy's EntityRuler with the same terms,
    PhoneNumberMatcher, lingua and datasketch (`pip install 'jerat[bench]'` for these two). docs/benchmarks.md has results.

    `focus` crawls job boards made for the purpose, of which one advertisement in twenty is a lure, breadth-first and in
    jerat's order, and prints the pages fetched until 80 % of the lures were in. The exit code is 1 where that is less than
    twice as early on the whole.

    [bold]Examples[/]

      jerat bench nlp
      jerat bench focus --sites 2 --pages 1000
    """
    state = state_of(ctx)
    if what == "focus":
        from jerat.cli.focus_bench import bench_focus

        if not bench_focus(state, sites, pages, as_json):
            raise typer.Exit(1)
        return
    from nlp.bench import bench as measure
    from nlp.bench import posts as invented

    texts = invented(posts)
    state.screen.note(f"reading {posts:,} invented posts several times; about {max(10, posts // 8)} seconds")
    result = measure(texts)
    workers = {count: _workers(texts, count) for count in (1, 2)}
    if as_json:
        state.screen.json(_document(result, workers))
    else:
        _show(state, result, workers)


def _workers(texts: list[str], count: int) -> float:
    """Posts a second by the clock, of so many processes that have read some already."""
    import json

    from jerat.cli.workers import answers

    lines = [json.dumps({"text": text}).encode() for text in texts]
    lines *= -(-16 * _BATCH // len(lines))  # several batches for each process

    def batches() -> Iterator[Batch]:
        # Each process has read enough before the clock starts.
        for number in range(first * 2):
            yield list(enumerate(lines[:_BATCH], number))
        for at in range(0, len(lines), _BATCH):
            yield list(enumerate(lines[at : at + _BATCH], at))

    first = count * 2
    begin = 0.0
    for number, _ in enumerate(answers(batches(), count, None, "never"), 1):
        if number == first * 2:
            begin = time.perf_counter()
    return len(lines) / max(time.perf_counter() - begin, 1e-9)


def _machine() -> dict[str, Any]:
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count() or 1,
        "load": round(load, 2),
    }


def _document(result: Bench, workers: dict[int, float]) -> dict[str, Any]:
    import msgspec

    document: dict[str, Any] = msgspec.to_builtins(result)
    document["ratio"] = result.ratio
    for part, row in zip(result.parts, document["parts"], strict=True):
        row["ratio"] = part.ratio
    document["workers"] = {str(count): speed for count, speed in workers.items()}
    document["machine"] = _machine()
    return document


def _show(state: State, result: Bench, workers: dict[int, float]) -> None:
    """The tables for people, the ratios first."""
    screen = state.screen
    machine = _machine()
    rows: list[list[object]] = [
        [part.part, f"{part.ratio:,.1f}", f"{part.ours:,.0f}", f"{part.stack:,.0f}", part.stack_is]
        for part in result.parts
    ]
    rows.append(["whole", f"{result.ratio:,.1f}", f"{result.whole:,.0f}", f"{result.stack:,.0f}", "all of these"])
    screen.table(["part", "times", "jerat, posts/s", "stack, posts/s", "the stack"], rows)
    for part, reason in result.left_out.items():
        screen.warn(f"{part} is left out of the stack: {reason}")
    screen.table(
        ["step", "posts/s", "µs a post"], [[n, f"{s:,.0f}", f"{1e6 / s:,.1f}"] for n, s in result.steps.items()]
    )
    lines = [
        f"whole                  {result.whole:>9,.0f} posts/s on one core, names never",
        f"with names always      {result.with_names:>9,.0f} posts/s, "
        f"{1e6 / result.with_names - 1e6 / result.whole:,.0f} µs a post more"
        if result.with_names
        else "with names always      no trained model is installed",
        *(
            f"{count} worker{'s' if count > 1 else ' '}              {speed:>9,.0f} posts/s"
            for count, speed in workers.items()
        ),
        f"start-up               {result.cold.seconds:>9.2f} s to the first analysis "
        f"({result.cold.processor_seconds:.2f} s of the processor)",
        f"memory                 {result.cold.memory_mb:>9,.0f} MB at most",
        f"{result.posts:,} posts of {result.characters:,.0f} characters; Python {machine['python']}, {machine['system']}, "
        f"{machine['cores']} cores, load {machine['load']}",
    ]
    screen.say(*lines)
