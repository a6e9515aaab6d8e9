"""Takes what waits in the outbox to the engine. Killed at any moment, it loses nothing: what was not noted as done is
put again, and putting twice is putting once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from index.protocol import Document, Index, PutFailure
from jerat.case import Case, DeadLetter, OutboxRow
from jerat.errors import IndexUnavailable

__all__ = ["BATCH", "DrainReport", "Progress", "drain"]

BATCH: Final = 500

Progress = Callable[[int, int], None]
"""Told after each batch: how many rows were handled, and how many wait still."""


@dataclass(frozen=True, slots=True)
class DrainReport:
    """What a drain did. `error` says why rows wait still, and is empty where the engine answered."""

    put: int
    removed: int
    refused: int
    waiting: int
    error: str = ""


def drain(case: Case, index: Index, progress: Progress | None = None) -> DrainReport:
    """Put all posts that wait into the index, and take out those that the case no longer has.

    Posts that the engine refuses go to the dead letters. Where it does not answer, they wait; nothing is raised.
    Several processes may drain one case at once.
    """
    put = removed = refused = handled = after = 0
    error = ""
    while rows := case.outbox.head(BATCH, after):
        after = rows[-1].seq
        records = case.posts.many([row.post_id for row in rows])
        documents = [(row.seq, Document.of(records[row.post_id])) for row in rows if row.post_id in records]
        gone = [(row.seq, row.post_id) for row in rows if row.post_id not in records]
        try:
            failures = index.put(documents, gone)
        except IndexUnavailable as unavailable:
            error = str(unavailable)
            case.outbox.failed(rows, error)
            break
        bad = _settle(case, rows, dict(documents), failures)
        refused += bad
        put += len(documents) - len(failures)
        removed += len(gone)
        handled += len(rows)
        if progress is not None:
            progress(handled, case.outbox.count())
    if put or removed:
        try:
            index.refresh()
        except IndexUnavailable as unavailable:
            error = error or str(unavailable)
    return DrainReport(put, removed, refused, case.outbox.count(), error)


def _settle(
    case: Case, rows: Sequence[OutboxRow], documents: dict[int, Document], failures: Sequence[PutFailure]
) -> int:
    """Note rows as done, and refused ones as dead letters, at once; returns how many letters that made."""
    reasons = {failure.id: failure.reason for failure in failures}
    letters = 0
    with case.transaction():
        for row in rows:
            if row.post_id not in reasons or not _waits(case, row):
                continue  # it is in, or another process that drained it too has written the letter
            document = documents.get(row.seq)
            case.dead_letters.add(
                DeadLetter(
                    step="index",
                    reason=reasons[row.post_id],
                    source=document.source if document else "",
                    url=document.url if document else "",
                    item=msgspec.json.encode(document).decode() if document else row.post_id,
                )
            )
            letters += 1
        case.outbox.done(rows)
    return letters


def _waits(case: Case, row: OutboxRow) -> bool:
    return [held.seq for held in case.outbox.head(1, row.seq - 1)] == [row.seq]
