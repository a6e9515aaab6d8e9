"""What people decided on posts: each decision is kept, and the last one counts."""

import sqlite3
from collections.abc import Iterator
from typing import Final, Literal

import msgspec

from jerat.case.database import now, transaction
from jerat.case.outbox import enqueue
from jerat.errors import InputError
from jerat.model import Decision, PostKind

__all__ = ["DECISIONS", "Restriction", "Review", "Reviews", "is_restricted"]

DECISIONS: Final = ("lure", "not", "unsure")
Restriction = Literal["yes", "no", "auto"]
"""`yes` sets a post apart, `no` lifts that, `auto` leaves it to the kind of the post."""

_MAX_NOTE: Final = 10_000
_MAX_NAME: Final = 200


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """One decision on one post. `decision` is empty where it is only about the restriction."""

    id: int
    post_id: str
    at: str
    by: str
    decision: Decision | Literal[""]
    restricted: Restriction | None
    note: str


def is_restricted(kind: PostKind, decided: str | None) -> bool:
    """Whether a post is set apart: as a person decided, or else where somebody in it is in trouble."""
    if decided in ("yes", "no"):
        return decided == "yes"
    return kind == "victim"


class Reviews:
    """The table `reviews`. Rows are only ever added."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(
        self,
        post_id: str,
        decision: Decision | Literal[""] = "",
        *,
        restricted: Restriction | None = None,
        note: str = "",
        by: str = "",
    ) -> Review:
        """Keep a decision and queue the post for the index.

        Raises InputError where the case has no such post, nothing is decided, or the note is too long.
        """
        if not decision and restricted is None:
            raise InputError("a review decides something: lure, not, unsure or none, or the restriction of the post")
        for name, text, limit in (("note", note, _MAX_NOTE), ("name", by, _MAX_NAME)):
            if len(text) > limit:
                raise InputError(f"the {name} has {len(text)} characters, and may have {limit}")
        with transaction(self._db):
            if self._db.execute("SELECT 1 FROM posts WHERE id = ?", (post_id,)).fetchone() is None:
                raise InputError(f"the case has no post {post_id}", "`jerat search` prints the ids")
            clean = (text.encode("utf-8", "replace").decode() for text in (by.strip(), note.strip()))
            values = (post_id, now(), *clean, decision, restricted)
            cursor = self._db.execute(
                "INSERT INTO reviews (post_id, at, by, note, decision, restricted) VALUES (?,?,?,?,?,?)", values
            )
            enqueue(self._db, [post_id])
            row = self._db.execute("SELECT * FROM reviews WHERE id = ?", (cursor.lastrowid,)).fetchone()
        return _review(row)

    def of(self, post_id: str) -> list[Review]:
        """All decisions on a post, oldest first."""
        return list(map(_review, self._db.execute("SELECT * FROM reviews WHERE post_id = ? ORDER BY id", (post_id,))))

    def all(self) -> Iterator[Review]:
        """All decisions of the case, in the order in which they were made."""
        last = 0
        while rows := self._db.execute("SELECT * FROM reviews WHERE id > ? ORDER BY id LIMIT 500", (last,)).fetchall():
            yield from map(_review, rows)
            last = rows[-1]["id"]

    def current(self) -> Iterator[Review]:
        """The decision in force on each post that has one, in the order in which they were made."""
        query = """
            SELECT * FROM reviews r WHERE r.decision NOT IN ('', 'none') AND NOT EXISTS
              (SELECT 1 FROM reviews later WHERE later.post_id = r.post_id AND later.id > r.id AND later.decision != '')
            ORDER BY r.id
        """
        for row in self._db.execute(query).fetchall():
            yield _review(row)

    def count(self) -> int:
        """How many decisions were ever made."""
        return int(self._db.execute("SELECT count(*) FROM reviews").fetchone()[0])


def _review(row: sqlite3.Row) -> Review:
    return Review(**{name: row[name] for name in Review.__struct_fields__})
