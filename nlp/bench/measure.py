"""What each step costs, by the time of the processor: the best of several rounds, since other programs only add to it."""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import msgspec

from jerat.errors import JeratError
from nlp.analyser import Analyser, Input, collector_at_rest
from nlp.bench.stack import Stack, assemble
from nlp.context import Component, Context
from nlp.fingerprint import fingerprint
from nlp.names.component import MODEL
from nlp.normalise import normalise
from nlp.resolve import entities
from nlp.words import words

__all__ = ["Bench", "Cold", "Part", "bench", "cold"]

_ROUNDS: Final = 3
_BATCH: Final = 256
_OURS: Final = {
    "terms": ("telegram", "location", "indicators"),
    "phones": ("phone",),
    "language": ("language",),
    "fingerprint": ("fingerprint",),
}
"""The steps of ours that do what a part of the stack does. The first recogniser of contacts reads all of them, so phones
alone are measured on a context where nothing was read."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One job, done by jerat and by the stack, in posts a second on one core; 0 where it was not measured."""

    part: str
    stack_is: str
    ours: float
    stack: float

    @property
    def ratio(self) -> float:
        """How many times as fast ours is."""
        return self.ours / self.stack if self.stack else 0.0


class Cold(msgspec.Struct, frozen=True, kw_only=True):
    """A process of its own, from its start to its first analysis, and its memory after all posts."""

    seconds: float
    processor_seconds: float
    memory_mb: float


class Bench(msgspec.Struct, frozen=True, kw_only=True):
    """All that was measured. Speeds are posts a second on one core."""

    posts: int
    characters: float
    """Of a post, on average."""
    steps: dict[str, float]
    whole: float
    with_names: float
    """With `names="always"`; 0 where there is no trained model."""
    parts: tuple[Part, ...]
    stack: float
    """All parts of the stack one after the other; what was left out costs it nothing."""
    left_out: dict[str, str]
    cold: Cold

    @property
    def ratio(self) -> float:
        """How many times as fast as the stack the whole is, which does far more."""
        return self.whole / self.stack if self.stack else 0.0


def bench(texts: Sequence[str], rounds: int = _ROUNDS) -> Bench:
    """Measure everything on the same texts. Takes about a minute for 600."""
    alone = cold(texts)  # first, while this process is small
    analyser = Analyser(names="never")
    inputs = [Input(text=text) for text in texts]
    stack = assemble()
    steps = _steps(analyser, texts, rounds)
    whole = _rate(lambda: list(analyser.pipe(inputs)), len(texts), rounds)
    with_names = 0.0
    if (MODEL / "meta.json").is_file():
        reader = Analyser(names="always")
        with_names = _rate(lambda: list(reader.pipe(inputs)), len(texts), rounds)
    parts, together = _parts(analyser, stack, texts, steps, rounds)
    return Bench(
        posts=len(texts), characters=sum(map(len, texts)) / len(texts), steps=steps, whole=whole, with_names=with_names,
        parts=parts, stack=together, left_out=stack.left_out, cold=alone,
    )  # fmt: skip


def _rate(run: Callable[[], object], count: int, rounds: int) -> float:
    """Posts a second of the best round."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        run()
        best = min(best, time.process_time() - start)
    return count / max(best, 1e-9)


def _steps(analyser: Analyser, texts: Sequence[str], rounds: int) -> dict[str, float]:
    """Each step on what those before it have read, batch by batch, as the pipeline runs them."""
    best: dict[str, float] = {}
    for _ in range(rounds):
        costs: dict[str, float] = {}
        for first in range(0, len(texts), _BATCH):
            with collector_at_rest():  # as the pipeline reads
                _batch(analyser, texts[first : first + _BATCH], costs)
        best = {name: min(cost, best.get(name, cost)) for name, cost in costs.items()}
    return {name: len(texts) / max(cost, 1e-9) for name, cost in best.items()}


def _batch(analyser: Analyser, texts: Sequence[str], costs: dict[str, float]) -> None:
    """Add what each step costs on a batch, in seconds of the processor."""

    def timed(name: str, step: Callable[[Any], Any], given: Sequence[Any]) -> list[Any]:
        start = time.process_time()
        found = list(map(step, given))
        costs[name] = costs.get(name, 0.0) + time.process_time() - start
        return found

    contexts = timed("normalise", Context.of, texts)
    for name, component in analyser.nlp.pipeline:
        start = time.process_time()
        assert isinstance(component, Component)
        component.read(contexts)
        costs[name] = costs.get(name, 0.0) + time.process_time() - start
    timed("entities", entities, contexts)
    timed("fingerprint", fingerprint, [context.text for context in contexts])
    timed("index words", words, texts)


def _parts(
    analyser: Analyser, stack: Stack, texts: Sequence[str], steps: dict[str, float], rounds: int
) -> tuple[tuple[Part, ...], float]:
    """Ours and theirs for each job, and the stack's whole."""
    phone = dict(analyser.nlp.pipeline)["phone"]
    assert isinstance(phone, Component)

    def phones() -> None:
        for text in texts:
            phone.read([Context.of(text)])

    alone = {"phones": _rate(phones, len(texts), rounds)}
    plain = [normalise(text).text for text in texts]
    found = []
    cost = 0.0
    for name, (title, step) in stack.parts.items():
        theirs = _rate(partial(_all, step, plain), len(texts), rounds)
        cost += 1 / theirs
        ours = alone.get(name) or 1 / sum(1 / steps[each] for each in _OURS[name])
        found.append(Part(part=name, stack_is=title, ours=ours, stack=theirs))
    return tuple(found), 1 / cost if cost else 0.0


def _all(step: Callable[[str], object], texts: Sequence[str]) -> None:
    for text in texts:
        step(text)


_COLD: Final = """
import json, resource, sys, time
import nlp
from nlp.analyser import Input
analyser = nlp.load(names="never")
texts = json.load(sys.stdin)
analyser.analyse(texts[0] if texts else "")
print(time.time(), time.process_time())
for analysis in analyser.pipe(Input(text=text) for text in texts):
    pass
try:
    # What the system counts for a process begins with the size of the one that started it; this does not.
    peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
except OSError:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak)
"""


def cold(texts: Sequence[str]) -> Cold:
    """A new interpreter that imports, loads, reads the first text, then all. Raises JeratError where it fails."""
    given = msgspec.json.encode(list(texts)).decode()
    start = time.time()
    done = subprocess.run(  # noqa: S603 -- our own words
        [sys.executable, "-c", _COLD], input=given, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode != 0:
        raise JeratError(f"a process of its own failed: {done.stderr.strip().splitlines()[-1:]}")
    first, processor, peak = done.stdout.split()
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10  # bytes there, kilobytes elsewhere
    return Cold(seconds=float(first) - start, processor_seconds=float(processor), memory_mb=int(peak) / unit)
