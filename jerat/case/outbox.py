"""What the search index has still to be told: whoever holds the index's writer takes it from here."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jerat.case.database import now, transaction

__all__ = ["Outbox", "OutboxRow", "enqueue"]


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A post that waits. `seq` rises with every queueing, so it orders what was said of one post."""

    seq: int
    post_id: str
    attempts: int
    error: str


def enqueue(db: sqlite3.Connection, post_ids: Iterable[str]) -> None:
    """Queue posts; one that waits already moves to the end, and so gets a new `seq`."""
    db.executemany(
        "INSERT OR REPLACE INTO outbox (post_id, queued_at) VALUES (?, ?)", ((post_id, now()) for post_id in post_ids)
    )


class Outbox:
    """The table `outbox`."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, post_ids: Iterable[str]) -> None:
        """Queue posts to be indexed, or, where the case no longer has them, to be taken out of the index."""
        with transaction(self._db):
            enqueue(self._db, post_ids)

    def add_all(self) -> int:
        """Queue every post of the case, to rebuild the index; returns how many."""
        with transaction(self._db):
            return self._db.execute(
                "INSERT OR REPLACE INTO outbox (post_id, queued_at) SELECT id, ? FROM posts ORDER BY number", (now(),)
            ).rowcount

    def head(self, limit: int, after: int = 0) -> list[OutboxRow]:
        """The first `limit` rows that wait behind `seq` `after`, oldest first."""
        rows = self._db.execute("SELECT * FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?", (after, limit))
        return [OutboxRow(row["seq"], row["post_id"], row["attempts"], row["error"]) for row in rows]

    def done(self, rows: Sequence[OutboxRow]) -> None:
        """Take out rows that the index holds now. A post queued again meanwhile has another `seq`, and stays."""
        with transaction(self._db):
            self._db.executemany("DELETE FROM outbox WHERE seq = ?", ((row.seq,) for row in rows))

    def failed(self, rows: Sequence[OutboxRow], error: str) -> None:
        """Note why rows are still here."""
        with transaction(self._db):
            self._db.executemany(
                "UPDATE outbox SET attempts = attempts + 1, error = ? WHERE seq = ?", ((error, row.seq) for row in rows)
            )

    def count(self) -> int:
        """How many posts wait."""
        return int(self._db.execute("SELECT count(*) FROM outbox").fetchone()[0])
