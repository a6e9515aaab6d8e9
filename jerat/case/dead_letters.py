"""Posts and pages that could not be processed: nothing is lost, and the reason stands beside each."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from jerat.case.database import now, transaction

__all__ = ["DeadLetter", "DeadLetters"]


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One thing that failed. `item` is what came, as JSON or text, and may be cut; `step` is where it failed."""

    step: str
    reason: str
    source: str = ""
    url: str = ""
    item: str = ""
    run_id: int | None = None
    at: str = ""
    id: int = 0


class DeadLetters:
    """The table `dead_letters`."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, letter: DeadLetter) -> int:
        """Keep one; returns its id. Lone surrogates, which SQLite cannot hold, are written as escapes."""
        clean = (
            text.encode("utf-8", "backslashreplace").decode()
            for text in (letter.source, letter.url, letter.step, letter.reason, letter.item)
        )
        with transaction(self._db):
            cursor = self._db.execute(
                "INSERT INTO dead_letters (run_id, at, source, url, step, reason, item) VALUES (?,?,?,?,?,?,?)",
                (letter.run_id, letter.at or now(), *clean),
            )
        return int(cursor.lastrowid or 0)

    def list(self, run_id: int | None = None) -> Iterator[DeadLetter]:
        """All of them, or those of one run, oldest first."""
        where, values = ("", ()) if run_id is None else (" WHERE run_id = ?", (run_id,))
        rows = self._db.execute(f"SELECT * FROM dead_letters{where} ORDER BY id", values)  # noqa: S608 -- a constant
        for row in rows:
            yield DeadLetter(
                row["step"], row["reason"], row["source"], row["url"], row["item"], row["run_id"], row["at"], row["id"]
            )

    def faults(self, run_id: int) -> int:
        """How many of a run are faults of jerat, and not of what was read: it could not analyse or keep them."""
        query = (
            "SELECT count(*) FROM dead_letters WHERE run_id = ? "
            "AND (step IN ('enrich', 'store') OR reason LIKE 'a fault in jerat%')"
        )
        return int(self._db.execute(query, (run_id,)).fetchone()[0])

    def count(self, run_id: int | None = None) -> int:
        """How many there are, in all or from one run."""
        query = "SELECT count(*) FROM dead_letters WHERE ? IS NULL OR run_id = ?"
        return int(self._db.execute(query, (run_id, run_id)).fetchone()[0])
