"""Whether posts are still there: gone, back again, moved to another address, and when somebody last looked."""

import sqlite3
from collections.abc import Sequence
from datetime import timedelta
from typing import Final, Literal

import msgspec

from jerat.case.database import now, stamp, transaction
from jerat.case.outbox import enqueue
from jerat.model import Post

__all__ = ["Event", "Presence", "is_past", "seen"]

_GRACE: Final = timedelta(days=1)
"""A date without a time means the whole of that day, somewhere on earth."""
_LONGEST_CHAIN: Final = 20


class Event(msgspec.Struct, frozen=True):
    """What became of a post at a time: `gone` and why, `back` again, or `moved` from where to where."""

    at: str
    what: Literal["gone", "back", "moved"]
    reason: str


def is_past(post: Post) -> bool:
    """Whether the post says of itself that it was over when it was fetched."""
    until = post.job.valid_through if post.job is not None else None
    return until is not None and until < post.fetched_at - _GRACE


def seen(db: sqlite3.Connection, post: Post, url: str, gone_at: str | None) -> bool:
    """Note that a known post was met: back, where it was gone, and moved, where its address is another; whether it was so.

    An advertisement that is over by its own date does not come back by being met, and an old copy brings nothing back.
    """
    fetched = stamp(post.fetched_at)
    told = False
    if gone_at is not None and fetched > gone_at and not is_past(post):
        db.execute("UPDATE posts SET gone_at = NULL WHERE id = ?", (post.id,))
        _note(db, post.id, fetched, "back")
        told = True
    if post.url != url and not post.native_id:
        db.execute("UPDATE posts SET url = ? WHERE id = ?", (post.url, post.id))
        _note(db, post.id, fetched, "moved", f"from {url} to {post.url}")
        told = True
    return told


def _note(db: sqlite3.Connection, post_id: str, at: str, what: str, reason: str = "") -> None:
    db.execute("INSERT INTO events (post_id, at, what, reason) VALUES (?,?,?,?)", (post_id, at, what, reason))


class Presence:
    """The tables `events` and `aliases`, and the columns `gone_at` and `looked_at` of `posts`."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def gone(self, post_id: str, reason: str) -> bool:
        """Note that a post is no longer there, and queue it for the index; False where that was known, or it is not kept."""
        with transaction(self._db):
            moment = now()
            done = self._db.execute(
                "UPDATE posts SET gone_at = ?, looked_at = ? WHERE id = ? AND gone_at IS NULL",
                (moment, moment, post_id),
            )
            if not done.rowcount:
                return False
            _note(self._db, post_id, moment, "gone", reason)
            enqueue(self._db, [post_id])
        return True

    def looked(self, post_id: str) -> None:
        """Note that somebody looked for a post, whatever came of it: others are looked for before it next time."""
        with transaction(self._db):
            self._db.execute("UPDATE posts SET looked_at = ? WHERE id = ?", (now(), post_id))

    def unseen(self, source: str, before: str, limit: int) -> Sequence[Post]:
        """Posts of a source that are there as far as is known, and were not met since `before`; those first that nobody
        has seen or looked for for longest.
        """
        rows = self._db.execute(
            "SELECT p.url, v.post FROM posts p JOIN versions v ON v.post_id = p.id AND v.version = p.version "
            "WHERE p.source = ? AND p.gone_at IS NULL AND p.last_seen < ? "
            "ORDER BY max(p.last_seen, coalesce(p.looked_at, '')), p.number LIMIT ?",
            (source, before, limit),
        )
        return [
            msgspec.structs.replace(msgspec.json.decode(row["post"], type=Post), url=row["url"])
            for row in rows.fetchall()
        ]

    def below(self, address: str) -> Sequence[tuple[str, str]]:
        """The ids and addresses of posts that are there as far as is known, and whose address begins with `address`."""
        rows = self._db.execute(
            "SELECT id, url FROM posts WHERE url >= ? AND url < ? AND gone_at IS NULL ORDER BY url",
            (address, address[:-1] + chr(ord(address[-1]) + 1)),
        )
        return [(row["id"], row["url"]) for row in rows]

    def events(self, post_id: str) -> Sequence[Event]:
        """What became of a post, oldest first."""
        rows = self._db.execute("SELECT at, what, reason FROM events WHERE post_id = ? ORDER BY at, id", (post_id,))
        return [Event(row["at"], row["what"], row["reason"]) for row in rows]

    def alias(self, other_id: str, post_id: str) -> None:
        """From now on the id `other_id`, of an address that the post has moved to, means the post."""
        if other_id != post_id:
            with transaction(self._db):
                self._db.execute("INSERT OR REPLACE INTO aliases (id, post_id) VALUES (?,?)", (other_id, post_id))

    def known_as(self, post_id: str) -> str:
        """The id under which a post is kept: its own, or that which it had before it moved."""
        for _ in range(_LONGEST_CHAIN):
            row = self._db.execute("SELECT post_id FROM aliases WHERE id = ?", (post_id,)).fetchone()
            if row is None:
                break
            post_id = row["post_id"]
        return post_id
