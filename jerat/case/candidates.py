"""Channels, groups and pages that posts name, which posts those are, and what people decided on them."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from jerat.case.database import now, transaction
from jerat.case.reviews import is_restricted
from jerat.errors import InputError
from jerat.model import Level

__all__ = ["Candidate", "Candidates", "Mention"]


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A place that posts name. `outcome` says what a visit brought; `source` which declared source it became."""

    id: int
    address: str
    kind: str
    first_seen: str
    status: Literal["open", "accepted", "rejected"]
    reason: str
    by: str
    decided_at: str | None
    visited_at: str | None
    outcome: str
    source: str


class Mention(msgspec.Struct, frozen=True):
    """A post that names a candidate, with its risk."""

    candidate_id: int
    post_id: str
    source: str
    level: Level
    score: float
    fingerprint: str


class Candidates:
    """The tables `candidates` and `mentions`."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def name(self, post_id: str, places: Iterable[tuple[str, str]]) -> None:
        """Note that a post names these addresses, each with its kind. What it named before stays."""
        with transaction(self._db):
            for address, kind in places:
                self._db.execute(
                    "INSERT OR IGNORE INTO candidates (address, kind, first_seen) VALUES (?,?,?)",
                    (address, kind, now()),
                )
                self._db.execute(
                    "INSERT OR IGNORE INTO mentions (candidate_id, post_id) "
                    "SELECT id, ? FROM candidates WHERE address = ?",
                    (post_id, address),
                )

    def all(self) -> Sequence[Candidate]:
        """All of them, in the order in which they were first named."""
        return [_candidate(row) for row in self._db.execute("SELECT * FROM candidates ORDER BY id")]

    def get(self, address: str) -> Candidate | None:
        """The candidate of this address."""
        row = self._db.execute("SELECT * FROM candidates WHERE address = ?", (address,)).fetchone()
        return None if row is None else _candidate(row)

    def mentions(self) -> dict[int, list[Mention]]:
        """The posts that name each, by the candidate's id; posts that are set apart name none."""
        rows = self._db.execute(
            "SELECT m.candidate_id, m.post_id, p.source, json_extract(a.analysis, '$.kind') AS kind, "
            "  json_extract(a.analysis, '$.risk.level') AS level, json_extract(a.analysis, '$.risk.score') AS score, "
            "  json_extract(a.analysis, '$.fingerprint') AS fingerprint, "
            "  (SELECT r.restricted FROM reviews r WHERE r.post_id = m.post_id AND r.restricted IS NOT NULL "
            "   ORDER BY r.id DESC LIMIT 1) AS restriction "
            "FROM mentions m JOIN posts p ON p.id = m.post_id JOIN analyses a ON a.post_id = m.post_id"
        )
        found: dict[int, list[Mention]] = {}
        for row in rows:
            if not is_restricted(row["kind"], row["restriction"]):
                found.setdefault(row["candidate_id"], []).append(
                    Mention(
                        row["candidate_id"], row["post_id"], row["source"], row["level"], float(row["score"]),
                        row["fingerprint"],
                    )
                )  # fmt: skip
        return found

    def known_sources(self) -> frozenset[str]:
        """The names of the sources, and the addresses of the runs, that the case has posts or runs of."""
        rows = self._db.execute("SELECT DISTINCT source FROM posts UNION SELECT DISTINCT target FROM runs")
        return frozenset(row[0] for row in rows)

    def decide(
        self, address: str, status: Literal["accepted", "rejected"], reason: str, by: str = "", source: str = ""
    ) -> None:
        """Keep what a person decided, with the reason. Raises InputError without one, or where there is no such candidate."""
        if not reason.strip():
            raise InputError("a decision on a candidate needs a reason", "--reason 'WHY'")
        with transaction(self._db):
            done = self._db.execute(
                "UPDATE candidates SET status = ?, reason = ?, by = ?, source = ?, decided_at = ? WHERE address = ?",
                (status, reason.strip(), by, source, now(), address),
            )
            if not done.rowcount:
                raise InputError(f"no post names {address}", "`jerat sources candidates --all` lists what posts name")

    def visited(self, address: str, outcome: str) -> None:
        """Note that it was visited, and what came of it."""
        with transaction(self._db):
            self._db.execute(
                "UPDATE candidates SET visited_at = ?, outcome = ? WHERE address = ?", (now(), outcome, address)
            )


def _candidate(row: sqlite3.Row) -> Candidate:
    return Candidate(**{name: row[name] for name in Candidate.__struct_fields__})
