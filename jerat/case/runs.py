"""The crawls and imports of a case, what they brought, and how they ended."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal

from jerat.case.alive import Alive
from jerat.case.database import now, stamp, transaction

__all__ = ["KILLED", "Run", "Runs"]

KILLED: Final = "killed: its process ended without a word"
"""How the reason of such a run begins."""
_FRESH: Final = timedelta(minutes=10)
"""How old the last beat of a living run may be, where no lock tells."""
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

    def __init__(self, db: sqlite3.Connection, locks: Path | None = None) -> None:
        """`locks` is the folder in which runs that are under way hold their locks."""
        self._db = db
        self._alive = None if locks is None else Alive(locks)

    def start(self, source: str, kind: str, target: str = "") -> int:
        """Note that a run begins; returns its id."""
        moment = now()
        with transaction(self._db):
            cursor = self._db.execute(
                "INSERT INTO runs (source, kind, target, started_at, beat_at) VALUES (?,?,?,?,?)",
                (source, kind, target, moment, moment),
            )
            run_id = int(cursor.lastrowid or 0)
            if self._alive is not None:  # before others can see the row
                self._alive.hold(run_id)
        return run_id

    def claim(self, source: str, kind: str, target: str, after: int) -> int | None:
        """`start`, unless another process is about this target of the source, or was since the run `after`; None then."""
        with transaction(self._db):
            rows = self._db.execute(
                "SELECT * FROM runs WHERE source = ? AND target = ? AND (id > ? OR status = 'running')",
                (source, target, after),
            )
            if any(run.status != "running" or self.alive(run) for run in (Run(**row) for row in rows)):
                return None
            return self.start(source, kind, target)

    def alive(self, run: Run) -> bool:
        """Whether the process of a run that has not ended is still about it."""
        if run.status != "running":
            return False
        held = None if self._alive is None else self._alive.held(run.id)
        return held if held is not None else (run.beat_at or run.started_at) > stamp(datetime.now(UTC) - _FRESH)

    def settle(self) -> Sequence[Run]:
        """Note of the runs whose process was killed that they have failed; returns them."""
        found = [run for run in self._running() if not self.alive(run)]
        with transaction(self._db):
            for run in found:
                reason = f"{KILLED}; the {run.posts} posts that came before are kept"
                self._db.execute(
                    "UPDATE runs SET ended_at = ?, status = 'failed', reason = ? WHERE id = ? AND status = 'running'",
                    (run.beat_at or run.started_at, reason, run.id),
                )
                if self._alive is not None:
                    self._alive.release(run.id)
        return found

    def _running(self) -> Sequence[Run]:
        return [Run(**row) for row in self._db.execute("SELECT * FROM runs WHERE status = 'running' ORDER BY id")]

    def beat(self, run_id: int) -> None:
        """Note that the run is still under way."""
        self.count(run_id, {})

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
        if self._alive is not None:
            self._alive.release(run_id)

    def get(self, run_id: int) -> Run:
        """The run with this id. Raises KeyError if there is none."""
        row = self._db.execute("SELECT * FROM runs WHERE id = ?", (run_id,)).fetchone()
        if row is None:
            raise KeyError(run_id)
        return Run(**row)

    def history(self, source: str, target: str, limit: int = 50) -> Sequence[Run]:
        """The last runs of one address of a source, newest first."""
        query = "SELECT * FROM runs WHERE source = ? AND target = ? ORDER BY id DESC LIMIT ?"
        return [Run(**row) for row in self._db.execute(query, (source, target, limit))]

    def list(self, source: str | None = None) -> Iterator[Run]:
        """All runs, or those of one source, newest first."""
        query = "SELECT * FROM runs WHERE ? IS NULL OR source = ? ORDER BY id DESC"
        for row in self._db.execute(query, (source, source)):
            yield Run(**row)
