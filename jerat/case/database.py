"""`case.db`: SQLite in WAL, so that several processes read and write it at once; migrated by numbered SQL files."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Final

from jerat.errors import CaseError

__all__ = ["connect", "migrations", "now", "stamp", "transaction"]

_BUSY_SECONDS: Final = 60
_NAME: Final = re.compile(r"(\d{4})_[a-z_]+\.sql")


def now() -> str:
    """The time, as it is kept in `case.db`."""
    return stamp(datetime.now(UTC))


def stamp(moment: datetime) -> str:
    """An aware time as text in UTC with microseconds, so that the order of the texts is the order of the times."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def migrations() -> list[tuple[int, str]]:
    """The numbered migrations that come with this jerat, in order."""
    found = []
    for entry in files("jerat.case").joinpath("migrations").iterdir():
        match = _NAME.fullmatch(entry.name)
        if match:
            found.append((int(match[1]), entry.read_text("utf-8")))
    return sorted(found)


def connect(path: Path) -> sqlite3.Connection:
    """A connection to the database at `path`, made and migrated as needed. Raises CaseError if it cannot be used."""
    try:
        db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    except sqlite3.Error as error:
        raise CaseError(f"the case database {path} cannot be opened: {error}") from error
    try:
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")  # a post that was reported as kept outlives a power cut
        db.execute("PRAGMA foreign_keys = ON")
        _migrate(db, path)
    except sqlite3.Error as error:
        db.close()
        raise CaseError(
            f"the case database {path} cannot be used: {error}",
            "is it a case of jerat, on a local disk that is not full?",
        ) from error
    except BaseException:
        db.close()
        raise
    return db


def _migrate(db: sqlite3.Connection, path: Path) -> None:
    known = migrations()
    newest = known[-1][0]
    if _version(db) == newest:
        return
    with transaction(db):  # a second process waits here, and then finds the work done
        version = _version(db)
        if version > newest:
            raise CaseError(
                f"the case database {path} has version {version}, and this jerat knows only up to {newest}",
                "it was opened by a newer jerat: use that one",
            )
        for number, script in known:
            if number > version:
                for statement in _statements(script):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {number}")


def _statements(script: str) -> Iterator[str]:
    """The statements of a script one by one: `executescript` would commit the transaction that guards them."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _roll_back(db: sqlite3.Connection) -> None:
    if db.in_transaction:  # SQLite has rolled back already where the disk is full
        db.execute("ROLLBACK")


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """One write transaction; joined where one is open already, so that stores can be combined.

    Raises CaseError where the disk is full, the folder may not be written, or another process keeps it for too long.
    """
    if db.in_transaction:
        yield
        return
    try:
        db.execute("BEGIN IMMEDIATE")
        yield
        db.execute("COMMIT")
    except BaseException as error:
        _roll_back(db)
        if isinstance(error, sqlite3.OperationalError):
            raise CaseError(
                f"the case database cannot be written: {error}",
                "is the disk full, or the folder write-protected? what was kept before is still there",
            ) from error
        raise
