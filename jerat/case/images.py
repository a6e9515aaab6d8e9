"""The pictures of posts: each file once, by the hash of its bytes, and why others were not kept."""

import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from jerat.case.database import now, transaction
from jerat.errors import CaseError

__all__ = ["Image", "Images"]


class Image(msgspec.Struct, frozen=True, kw_only=True):
    """A picture of a post. `file` is its place in the case, empty where `problem` says why there is none."""

    url: str
    sha256: str
    type: str
    bytes: int
    fetched_at: str
    problem: str
    file: str = ""


class Images:
    """The table `images` and the folder `evidence/images`."""

    def __init__(self, db: sqlite3.Connection, case: Path) -> None:
        self._db = db
        self._case = case

    def keep(self, post_id: str, url: str, data: bytes, kind: str) -> str:
        """Keep the bytes of a picture of a post; `kind` is the ending of its file, as `jpg`. Returns their SHA-256.

        Raises CaseError where the file cannot be written.
        """
        digest = hashlib.sha256(data).hexdigest()
        self._write(self._case / place(digest, kind), data)
        self._note(post_id, url, digest, kind, len(data), "")
        return digest

    def refuse(self, post_id: str, url: str, problem: str) -> bool:
        """Note why there is no picture; False where the same was noted before, or a picture is there from before."""
        held = self._row(post_id, url)
        if held is not None and (held.sha256 or held.problem == problem):
            return False
        self._note(post_id, url, "", "", 0, problem)
        return True

    def share(self, post_id: str, url: str) -> bool:
        """Whether the picture of this address is kept already; if another post brought it, it is noted for this one, too."""
        if (held := self._row(post_id, url)) is not None and held.sha256:
            return True
        row = self._db.execute(
            "SELECT sha256, type, bytes FROM images WHERE url = ? AND sha256 != '' LIMIT 1", (url,)
        ).fetchone()
        if row is None:
            return False
        self._note(post_id, url, row["sha256"], row["type"], row["bytes"], "")
        return True

    def of(self, post_id: str) -> Sequence[Image]:
        """The pictures of a post, in the order of their addresses."""
        rows = self._db.execute("SELECT * FROM images WHERE post_id = ? ORDER BY url", (post_id,))
        return [_image(row) for row in rows]

    def _row(self, post_id: str, url: str) -> Image | None:
        row = self._db.execute("SELECT * FROM images WHERE post_id = ? AND url = ?", (post_id, url)).fetchone()
        return None if row is None else _image(row)

    def _note(self, post_id: str, url: str, digest: str, kind: str, size: int, problem: str) -> None:
        with transaction(self._db):
            self._db.execute(
                "INSERT OR REPLACE INTO images (post_id, url, sha256, type, bytes, fetched_at, problem) "
                "SELECT id, ?, ?, ?, ?, ?, ? FROM posts WHERE id = ?",
                (url, digest, kind, size, now(), problem, post_id),
            )

    def _write(self, path: Path, data: bytes) -> None:
        """Whole or not at all: the name says what is in the file."""
        if path.is_file() and path.stat().st_size == len(data):
            return
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
            try:
                with os.fdopen(handle, "wb") as stream:
                    stream.write(data)
                    stream.flush()
                    os.fsync(stream.fileno())
                Path(name).replace(path)
            finally:
                Path(name).unlink(missing_ok=True)
        except OSError as error:
            raise CaseError(
                f"the picture {path} cannot be written: {error.strerror}",
                "is the disk full, or the folder write-protected?",
            ) from error


def place(digest: str, kind: str) -> str:
    """Where the file of a picture lies in the case."""
    return f"evidence/images/{digest[:2]}/{digest}.{kind}"


def _image(row: sqlite3.Row) -> Image:
    file = place(row["sha256"], row["type"]) if row["sha256"] else ""
    return Image(**{name: row[name] for name in Image.__struct_fields__ if name != "file"}, file=file)
