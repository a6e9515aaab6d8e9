"""The posts of a case: each once, with every version of what it said and the findings in the current one."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from jerat.case.database import now, stamp, transaction
from jerat.case.outbox import enqueue
from jerat.case.reviews import is_restricted
from jerat.model import Analysis, Decision, Post

__all__ = ["Change", "Posts", "Record"]

Change = Literal["new", "changed", "same"]

_SELECT = """
SELECT p.number, p.first_seen, p.last_seen, v.post, a.analysis,
  (SELECT r.decision FROM reviews r WHERE r.post_id = p.id AND r.decision != '' ORDER BY r.id DESC LIMIT 1) AS review,
  (SELECT r.restricted FROM reviews r WHERE r.post_id = p.id AND r.restricted IS NOT NULL ORDER BY r.id DESC LIMIT 1)
    AS restriction
FROM posts p
JOIN versions v ON v.post_id = p.id AND v.version = p.version
JOIN analyses a ON a.post_id = p.id
"""


@dataclass(frozen=True, slots=True)
class Record:
    """A post as it is kept. `number` is its rank of arrival in the case; it never changes.

    `review` is what a person decided last; `restricted` says whether the post is set apart (docs/victims.md).
    """

    number: int
    first_seen: str
    last_seen: str
    post: Post
    analysis: Analysis
    review: Decision = "none"
    restricted: bool = False


class Posts:
    """The tables `posts`, `versions` and `analyses`."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def put(self, pairs: Sequence[tuple[Post, Analysis]]) -> list[Change]:
        """Keep posts with their analyses and queue what changed for the index, all in one transaction."""
        with transaction(self._db):
            return [self._put(post, analysis) for post, analysis in pairs]

    def _put(self, post: Post, analysis: Analysis) -> Change:
        content, fetched = _content(post), stamp(post.fetched_at)
        held = self._db.execute(
            "SELECT p.version, v.fetched_at, v.content FROM posts p "
            "JOIN versions v ON v.post_id = p.id AND v.version = p.version WHERE p.id = ?",
            (post.id,),
        ).fetchone()
        if held is None:
            self._db.execute(
                "INSERT INTO posts (id, source, platform, url, first_seen, last_seen, version) VALUES (?,?,?,?,?,?,1)",
                (post.id, post.source, post.platform, post.url, fetched, fetched),
            )
            self._add_version(post, 1, content, fetched)
            self._keep_analysis(post.id, 1, analysis)
            enqueue(self._db, [post.id])
            return "new"
        self._db.execute(
            "UPDATE posts SET last_seen = max(last_seen, ?), first_seen = min(first_seen, ?) WHERE id = ?",
            (fetched, fetched, post.id),
        )
        if held["content"] == content:
            self._refresh(post.id, held["version"], analysis)
            return "same"
        older = fetched < held["fetched_at"]
        if older and self._has_version(post.id, content):
            return "same"
        version = 1 + int(
            self._db.execute("SELECT max(version) FROM versions WHERE post_id = ?", (post.id,)).fetchone()[0]
        )
        self._add_version(post, version, content, fetched)
        if not older:  # an old export, imported late, tells what was said before, not what is said now
            self._db.execute("UPDATE posts SET version = ?, url = ? WHERE id = ?", (version, post.url, post.id))
            self._keep_analysis(post.id, version, analysis)
            enqueue(self._db, [post.id])
        return "changed"

    def _add_version(self, post: Post, version: int, content: str, fetched: str) -> None:
        self._db.execute(
            "INSERT INTO versions (post_id, version, content, fetched_at, post) VALUES (?,?,?,?,?)",
            (post.id, version, content, fetched, msgspec.json.encode(post).decode()),
        )

    def _has_version(self, post_id: str, content: str) -> bool:
        query = "SELECT 1 FROM versions WHERE post_id = ? AND content = ?"
        return self._db.execute(query, (post_id, content)).fetchone() is not None

    def _keep_analysis(self, post_id: str, version: int, analysis: Analysis) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO analyses (post_id, version, made_at, analysis) VALUES (?,?,?,?)",
            (post_id, version, now(), msgspec.json.encode(analysis).decode()),
        )

    def _refresh(self, post_id: str, version: int, analysis: Analysis) -> None:
        """The same text, read by a newer nlp, may hold other findings."""
        held = self._db.execute("SELECT analysis FROM analyses WHERE post_id = ?", (post_id,)).fetchone()
        if held["analysis"] != msgspec.json.encode(analysis).decode():
            self._keep_analysis(post_id, version, analysis)
            enqueue(self._db, [post_id])

    def get(self, post_id: str) -> Record | None:
        """The post with this id, or None."""
        row = self._db.execute(_SELECT + "WHERE p.id = ?", (post_id,)).fetchone()
        return None if row is None else _record(row)

    def many(self, ids: Sequence[str]) -> dict[str, Record]:
        """The posts with these ids, by id; those that are not there are left out."""
        marks = ",".join("?" * len(ids))
        rows = self._db.execute(f"{_SELECT} WHERE p.id IN ({marks})", tuple(ids))
        return {record.post.id: record for record in map(_record, rows)}

    def starting_with(self, prefix: str, limit: int) -> list[str]:
        """The ids that begin with `prefix`, at most `limit`, in their order."""
        end = prefix[:-1] + chr(min(ord(prefix[-1]) + 1, 0x10FFFF)) if prefix else ""
        rows = self._db.execute(
            "SELECT id FROM posts WHERE id >= ? AND id < ? ORDER BY id LIMIT ?", (prefix, end, limit)
        )
        return [row["id"] for row in rows]

    def versions(self, post_id: str) -> list[Post]:
        """All that the post said, oldest first."""
        query = "SELECT post FROM versions WHERE post_id = ? ORDER BY fetched_at, version"
        return [msgspec.json.decode(row["post"], type=Post) for row in self._db.execute(query, (post_id,))]

    def all(self) -> Iterator[Record]:
        """All posts in the order of arrival; posts that arrive meanwhile may be among them."""
        last = 0
        while rows := self._db.execute(_SELECT + "WHERE p.number > ? ORDER BY p.number LIMIT 500", (last,)).fetchall():
            yield from map(_record, rows)
            last = rows[-1]["number"]

    def count(self) -> int:
        """How many posts the case has."""
        return int(self._db.execute("SELECT count(*) FROM posts").fetchone()[0])

    def ids(self) -> Iterable[str]:
        """The ids of all posts, in the order of arrival."""
        return (row["id"] for row in self._db.execute("SELECT id FROM posts ORDER BY number"))


def _record(row: sqlite3.Row) -> Record:
    analysis = msgspec.json.decode(row["analysis"], type=Analysis)
    return Record(
        row["number"],
        row["first_seen"],
        row["last_seen"],
        msgspec.json.decode(row["post"], type=Post),
        analysis,
        row["review"] or "none",
        is_restricted(analysis.kind, row["restriction"]),
    )


def _content(post: Post) -> str:
    """A hash of what the post says: not of when it was fetched, where that is kept, or how often it was viewed."""
    said = (post.title, post.text, post.author, post.media, post.links, post.job)
    return hashlib.blake2b(msgspec.json.encode(said), digest_size=16).hexdigest()
