"""Batches of lines to analyses, in this process or in several, the answers in the order of the lines."""

from __future__ import annotations

import gc
import multiprocessing
import os
import queue
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from jerat.errors import JeratError, Rejected

if TYPE_CHECKING:
    from nlp import Analyser, Input
    from nlp.names.component import Mode

__all__ = ["Answer", "Batch", "answer", "answers", "cores", "may_fork"]

_AHEAD: Final = 4
"""Batches for each worker that are read before their turn: enough that none waits, few enough that memory stays small."""

Batch = list[tuple[int, bytes]]
"""Lines with their numbers."""


class Answer(NamedTuple):
    """What became of a line: its analysis as a line of JSON, or, where that is empty, why there is none."""

    number: int
    json: str
    reason: str = ""


def answer(analyser: Analyser, batch: Batch) -> list[Answer]:
    """The answers to a batch, in its order."""
    from jerat.cli.screen import dumps
    from pipelines.intake import BadItem

    read = [(number, _input(line, number)) for number, line in batch]
    failures: dict[int, str] = {}

    def failed(given: Input, why: Rejected) -> None:
        failures[id(given)] = str(why)

    inputs = [given for _, given in read if not isinstance(given, BadItem)]
    analyses = iter(list(analyser.pipe(inputs, failed=failed)))
    found = []
    for number, given in read:
        if isinstance(given, BadItem):
            found.append(Answer(number, "", given.reason))
        elif id(given) in failures:
            found.append(Answer(number, "", failures[id(given)]))
        else:
            found.append(Answer(number, dumps(next(analyses)) + "\n"))
    return found


def answers(batches: Iterable[Batch], workers: int, lexicon: Path | None, names: Mode) -> Iterator[list[Answer]]:
    """The answers to each batch, by so many processes. `batches` is read in a thread, as far ahead as keeps them busy.

    Raises JeratError where a process ends before its answer, as one does that the system stops for want of memory.
    """
    pool = _pool(workers, lexicon, names)
    waiting: queue.Queue[Future[list[Answer]] | Exception | None] = queue.Queue()
    room = threading.Semaphore(workers * _AHEAD)

    def feed() -> None:
        try:
            for batch in batches:
                room.acquire()
                waiting.put(pool.submit(_work, batch))
            waiting.put(None)
        except Exception as error:  # told by the thread that waits for it
            waiting.put(error)

    # A daemon: it may wait for a line that never comes when all else is over.
    threading.Thread(target=feed, daemon=True).start()
    try:
        while (item := waiting.get()) is not None:
            if isinstance(item, Exception):
                raise item
            yield item.result()
            room.release()
    except BrokenProcessPool as error:
        raise JeratError(
            "a worker process ended before its answer; the answers so far are right, those of later lines are missing",
            "A worker that reads names needs up to 400 MB of memory: try fewer with --workers, and look at its line.",
        ) from error
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def may_fork() -> bool:
    """Whether workers can begin as copies of this process, with all that it has loaded: on Linux, while it has one thread."""
    return sys.platform == "linux" and threading.active_count() == 1 and len(os.listdir("/proc/self/task")) == 1


def _pool(workers: int, lexicon: Path | None, names: Mode) -> ProcessPoolExecutor:
    """Copies of this process, which have the data already and share its memory; or new processes that load it themselves."""
    start: tuple[Any, ...] = (_begin, (lexicon, names))
    if not may_fork():
        spawn = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(workers, mp_context=spawn, initializer=start[0], initargs=start[1])
    import nlp

    nlp.load(lexicon, names)
    gc.collect()
    gc.freeze()  # else the copies would write on every page as they count, and share none
    try:
        fork = multiprocessing.get_context("fork")
        pool = ProcessPoolExecutor(workers, mp_context=fork, initializer=start[0], initargs=start[1])
        pool.submit(os.getpid)  # all begin with the first task: now, before there are threads
    finally:
        gc.unfreeze()
    return pool


_settings: tuple[Path | None, Mode] = (None, "auto")


def _begin(lexicon: Path | None, names: Mode) -> None:
    """In a worker: Ctrl-C is for the process that the user started, and a worker does not outlive that one."""
    global _settings  # noqa: PLW0603 -- a process of its own
    _settings = lexicon, names
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # It only reads posts: what is loaded stays, so the collector of cycles need not go through it again and again.
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(batch: Batch) -> list[Answer]:
    import nlp

    analyser = nlp.load(*_settings)  # the same each time; what is wrong with its data is raised here
    return answer(analyser, batch)


def _input(line: bytes, number: int) -> Any:
    """The Input of a line, or the BadItem."""
    from crawlers.imports.jsonl import MAX_LINE, parse_object
    from nlp import Input
    from pipelines.intake import BadItem

    if len(line) > MAX_LINE:
        return BadItem("", f"longer than {MAX_LINE} bytes", "")
    value = parse_object(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line, "")
    if isinstance(value, BadItem):
        return value
    text, own, hint = value.get("text"), value.get("id"), value.get("country_hint")
    if not isinstance(text, str):
        return BadItem("", "has no text", "")
    if own is not None and (isinstance(own, bool) or not isinstance(own, (str, int))):
        return BadItem("", "id is neither a text nor a whole number", "")
    if hint is not None and not isinstance(hint, str):
        return BadItem("", "country_hint is not a text", "")
    return Input(id=str(number if own is None else own), text=text, country_hint=(hint or "").strip().upper())
