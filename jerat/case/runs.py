"""The crawls and imports of a case, what they brought, and how they ended."""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from jerat.case.database import now, transaction

__all__ = ["Run", "Runs"]

_COUNTS: Final = ("pages", "posts_new", "posts_changed", "posts_same", "dead", "errors", "risky", "gone")


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one source. `ended_at` is None while it runs, and stays so if its process was killed."""

    id: int
    source: str
    kind: str
    started_at: str
    ended_at: str | None
    status: Literal["running", "ok", "failed"]
    reason: str
    pages: int
    posts_new: int
    posts_changed: int
    posts_same: int
    dead: int
    errors: int
    target: str = ""
    """The address, or the file, that was asked for."""
    risky: int = 0
    """Posts whose risk is medium or high."""
    gone: int = 0
    """Posts that were found to be no longer there."""
    beat_at: str | None = None
    """When the run last wrote its counts: long ago, and still `running`, means that its process was killed."""

    @property
    def posts(self) -> int:
        """Posts that the run brought, whether new, changed or known."""
        return self.posts_new + self.posts_changed + self.posts_same


class Runs:
    """The table `runs`."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def start(self, source: str, kind: str, target: str = "") -> int:
        """Note that a run begins; returns its id."""
        moment = now()
        with transaction(self._db):
            cursor = self._db.execute(
                "INSERT INTO runs (source, kind, target, started_at, beat_at) VALUES (?,?,?,?,?)",
                (source, kind, target, moment, moment),
            )
        return int(cursor.lastrowid or 0)

    def count(self, run_id: int, counts: Mapping[str, int]) -> None:
        """Add to the counts of a run: keys are `pages`, `posts_new`, `posts_changed`, `posts_same`, `dead`, `errors`,
        `risky`, `gone`."""
        unknown = set(counts) - set(_COUNTS)
        if unknown:
            raise ValueError(f"runs have no count {sorted(unknown)}; they have {_COUNTS}")
        sets = "".join(f", {name} = {name} + ?" for name in counts)
        with transaction(self._db):
            self._db.execute(f"UPDATE runs SET beat_at = ?{sets} WHERE id = ?", (now(), *counts.values(), run_id))  # noqa: S608 -- known names

    def rename(self, run_id: int, source: str) -> None:
        """Name the source anew, where only its first page told what it is."""
        with transaction(self._db):
            self._db.execute("UPDATE runs SET source = ? WHERE id = ?", (source, run_id))

    def end(self, run_id: int, status: Literal["ok", "failed"], reason: str = "") -> None:
        """Note how a run ended."""
        with transaction(self._db):
            self._db.execute(
                "UPDATE runs SET ended_at = ?, status = ?, reason = ? WHERE id = ?", (now(), status, reason, run_id)
            )

    def get(self, run_id: int) -> Run:
        """The run with this id. Raises KeyError if there is none."""
        row = self._db.execute("SELECT * FROM runs WHERE id = ?", (run_id,)).fetchone()
        if row is None:
            raise KeyError(run_id)
        return Run(**row)

    def list(self, source: str | None = None) -> Iterator[Run]:
        """All runs, or those of one source, newest first."""
        query = "SELECT * FROM runs WHERE ? IS NULL OR source = ? ORDER BY id DESC"
        for row in self._db.execute(query, (source, source)):
            yield Run(**row)
