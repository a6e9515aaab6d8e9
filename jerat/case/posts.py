"""The posts of a case: each once, with every version of what it said and the findings in each."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from jerat.case.database import now, stamp, transaction
from jerat.case.outbox import enqueue
from jerat.case.presence import Presence, seen
from jerat.case.reviews import is_restricted
from jerat.case.versions import Version, content_of, former_contacts
from jerat.model import Analysis, Decision, Entity, Post

__all__ = ["Change", "Posts", "Record"]

Change = Literal["new", "changed", "same"]

_SELECT = """
SELECT p.id, p.number, p.first_seen, p.last_seen, p.url, p.gone_at, v.post, a.analysis,
  (SELECT count(*) FROM versions n WHERE n.post_id = p.id) AS versions,
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
    gone_at: str | None = None
    """When it was found to be no longer there; None while it is, as far as is known."""
    versions: int = 1
    """How many versions of it are kept."""
    former: tuple[Entity, ...] = ()
    """Contacts that stand in earlier versions alone; their spans are those of the texts of then."""


class Posts:
    """The tables `posts`, `versions`, `analyses` and `former_analyses`."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def put(self, pairs: Sequence[tuple[Post, Analysis]]) -> list[Change]:
        """Keep posts with their analyses and queue what changed for the index, all in one transaction."""
        with transaction(self._db):
            return [self._put(post, analysis) for post, analysis in pairs]

    def _put(self, post: Post, analysis: Analysis) -> Change:
        content, fetched = content_of(post), stamp(post.fetched_at)
        held = self._db.execute(
            "SELECT p.version, p.url, p.gone_at, v.fetched_at, v.content, v.post FROM posts p "
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
        older = fetched < held["fetched_at"]
        self._db.execute(
            "UPDATE posts SET last_seen = max(last_seen, ?), first_seen = min(first_seen, ?) WHERE id = ?",
            (fetched, fetched, post.id),
        )
        if not older and seen(self._db, post, held["url"], held["gone_at"]):
            enqueue(self._db, [post.id])
        now_said = msgspec.json.decode(held["post"], type=Post)
        if content in (held["content"], content_of(now_said)):
            if post.text == now_said.text and post.fields() == now_said.fields():
                self._refresh(post.id, held["version"], analysis)
            return "same"
        if older and (known := self._version_saying(post.id, content)):
            self._keep_former(post.id, known, analysis)
            return "same"
        version = 1 + int(
            self._db.execute("SELECT max(version) FROM versions WHERE post_id = ?", (post.id,)).fetchone()[0]
        )
        self._add_version(post, version, content, fetched)
        if older:  # an old export, imported late, tells what was said before, not what is said now
            self._keep_former(post.id, version, analysis)
        else:
            self._db.execute("UPDATE posts SET version = ?, url = ? WHERE id = ?", (version, post.url, post.id))
            self._db.execute(
                "INSERT OR REPLACE INTO former_analyses (post_id, version, analysis) "
                "SELECT post_id, version, analysis FROM analyses WHERE post_id = ?",
                (post.id,),
            )
            self._keep_analysis(post.id, version, analysis)
        enqueue(self._db, [post.id])
        return "changed"

    def _add_version(self, post: Post, version: int, content: str, fetched: str) -> None:
        self._db.execute(
            "INSERT INTO versions (post_id, version, content, fetched_at, post) VALUES (?,?,?,?,?)",
            (post.id, version, content, fetched, msgspec.json.encode(post).decode()),
        )

    def _version_saying(self, post_id: str, content: str) -> int:
        """The number of a version that says this; 0 where there is none."""
        for version in self.history(post_id):
            if content_of(version.post) == content:
                return version.number
        return 0

    def _keep_former(self, post_id: str, version: int, analysis: Analysis) -> None:
        made = msgspec.json.encode(analysis).decode()
        held = self._db.execute(
            "SELECT analysis FROM former_analyses WHERE post_id = ? AND version = ?", (post_id, version)
        ).fetchone()
        if held is None or held["analysis"] != made:
            self._db.execute(
                "INSERT OR REPLACE INTO former_analyses (post_id, version, analysis) VALUES (?,?,?)",
                (post_id, version, made),
            )
            enqueue(self._db, [post_id])

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

    def keep_earlier(self, post_id: str, version: int, analysis: Analysis) -> None:
        """Keep the findings in a version that is not the current one; the index is told where they are others."""
        with transaction(self._db):
            self._keep_former(post_id, version, analysis)

    def get(self, post_id: str) -> Record | None:
        """The post with this id, or with the id that its present address would give it; None where there is none."""
        row = self._db.execute(_SELECT + "WHERE p.id = ?", (Presence(self._db).known_as(post_id),)).fetchone()
        return None if row is None else self._record(row)

    def many(self, ids: Sequence[str]) -> dict[str, Record]:
        """The posts with these ids, by id; those that are not there are left out."""
        marks = ",".join("?" * len(ids))
        rows = self._db.execute(f"{_SELECT} WHERE p.id IN ({marks})", tuple(ids))
        return {record.post.id: record for record in map(self._record, rows)}

    def starting_with(self, prefix: str, limit: int) -> list[str]:
        """The ids that begin with `prefix`, at most `limit`, in their order."""
        end = prefix[:-1] + chr(min(ord(prefix[-1]) + 1, 0x10FFFF)) if prefix else ""
        rows = self._db.execute(
            "SELECT id FROM posts WHERE id >= ? AND id < ? ORDER BY id LIMIT ?", (prefix, end, limit)
        )
        return [row["id"] for row in rows]

    def versions(self, post_id: str) -> list[Post]:
        """All that the post said, oldest first."""
        return [version.post for version in self.history(post_id)]

    def history(self, post_id: str) -> list[Version]:
        """All that the post said with the findings in it, oldest first."""
        rows = self._db.execute(
            "SELECT v.version, v.fetched_at, v.post, v.version = p.version AS current, "
            "  CASE WHEN v.version = p.version THEN a.analysis ELSE f.analysis END AS analysis "
            "FROM versions v JOIN posts p ON p.id = v.post_id "
            "LEFT JOIN analyses a ON a.post_id = v.post_id AND a.version = v.version "
            "LEFT JOIN former_analyses f ON f.post_id = v.post_id AND f.version = v.version "
            "WHERE v.post_id = ? ORDER BY v.fetched_at, v.version",
            (post_id,),
        )
        return [
            Version(
                row["version"],
                row["fetched_at"],
                bool(row["current"]),
                msgspec.json.decode(row["post"], type=Post),
                None if row["analysis"] is None else msgspec.json.decode(row["analysis"], type=Analysis),
            )
            for row in rows
        ]

    def merge(self, post_id: str, other_id: str) -> Change | None:
        """Make one of two posts, where an advertisement has moved: the versions of `other_id` are taken over, and its id
        means the post from now on. None, and nothing is done, where one is not kept, or somebody has decided on the other.
        """
        with transaction(self._db):
            decided = self._db.execute("SELECT 1 FROM reviews WHERE post_id = ?", (other_id,)).fetchone()
            if post_id == other_id or decided is not None or self.get(post_id) is None:
                return None
            versions = self.history(other_id)
            change: Change | None = None
            for version in versions:
                if version.analysis is not None:
                    moved = msgspec.structs.replace(version.post, id=post_id)
                    change = self._put(moved, msgspec.structs.replace(version.analysis, id=post_id))
            if change is None:
                return None
            self._db.execute("UPDATE aliases SET post_id = ? WHERE post_id = ?", (post_id, other_id))
            for table in ("mentions", "images"):
                self._db.execute(f"UPDATE OR IGNORE {table} SET post_id = ? WHERE post_id = ?", (post_id, other_id))  # noqa: S608
            self._db.execute("DELETE FROM posts WHERE id = ?", (other_id,))
            Presence(self._db).alias(other_id, post_id)
            enqueue(self._db, [other_id])
        return change

    def all(self) -> Iterator[Record]:
        """All posts in the order of arrival; posts that arrive meanwhile may be among them."""
        last = 0
        while rows := self._db.execute(_SELECT + "WHERE p.number > ? ORDER BY p.number LIMIT 500", (last,)).fetchall():
            yield from map(self._record, rows)
            last = rows[-1]["number"]

    def count(self) -> int:
        """How many posts the case has."""
        return int(self._db.execute("SELECT count(*) FROM posts").fetchone()[0])

    def ids(self) -> Iterable[str]:
        """The ids of all posts, in the order of arrival."""
        return (row["id"] for row in self._db.execute("SELECT id FROM posts ORDER BY number"))

    def _record(self, row: sqlite3.Row) -> Record:
        analysis = msgspec.json.decode(row["analysis"], type=Analysis)
        post = msgspec.json.decode(row["post"], type=Post)
        former = former_contacts(self.history(row["id"]), analysis) if row["versions"] > 1 else ()
        return Record(
            row["number"],
            row["first_seen"],
            row["last_seen"],
            post if post.url == row["url"] else msgspec.structs.replace(post, url=row["url"]),
            analysis,
            row["review"] or "none",
            is_restricted(analysis.kind, row["restriction"]),
            row["gone_at"],
            row["versions"],
            former,
        )
