"""The case folder and what it holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from jerat.case.candidates import Candidates
from jerat.case.database import connect, transaction
from jerat.case.dead_letters import DeadLetters
from jerat.case.images import Images
from jerat.case.outbox import Outbox
from jerat.case.posts import Posts
from jerat.case.presence import Presence
from jerat.case.reviews import Reviews
from jerat.case.runs import Runs
from jerat.errors import CaseError

__all__ = ["Case"]


class Case:
    """One open case. Not shared between threads; several processes may open the same folder at once."""

    def __init__(self, path: Path, *, create: bool = True) -> None:
        """Open the case at `path`. Raises CaseError if it is none and `create` is false, or if it cannot be used."""
        self.path = path
        database = path / "case.db"
        if not create and not database.is_file():
            raise CaseError(
                f"there is no case at {path.absolute()}",
                "`jerat crawl` or `jerat import` makes one; --case or JERAT_CASE names another folder",
            )
        try:
            # Others on the machine have no business in a case.
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise CaseError(f"the case folder {path.absolute()} cannot be made: {error.strerror}") from error
        self.db = connect(database)

    @property
    def search_dir(self) -> Path:
        """The folder of the embedded index: derived, it can be dropped and rebuilt."""
        return self.path / "search"

    @property
    def evidence_dir(self) -> Path:
        """The folder of what was fetched, as it was fetched."""
        return self.path / "evidence"

    @cached_property
    def posts(self) -> Posts:
        """The posts with their versions and analyses."""
        return Posts(self.db)

    @cached_property
    def presence(self) -> Presence:
        """Whether the posts are still there."""
        return Presence(self.db)

    @cached_property
    def candidates(self) -> Candidates:
        """Channels, groups and pages that posts name."""
        return Candidates(self.db)

    @cached_property
    def images(self) -> Images:
        """The pictures of the posts."""
        return Images(self.db, self.path)

    @cached_property
    def outbox(self) -> Outbox:
        """What the search index has still to be told."""
        return Outbox(self.db)

    @cached_property
    def dead_letters(self) -> DeadLetters:
        """What could not be processed, with the reasons."""
        return DeadLetters(self.db)

    @cached_property
    def reviews(self) -> Reviews:
        """What people decided on posts."""
        return Reviews(self.db)

    @cached_property
    def runs(self) -> Runs:
        """The crawls and imports that were made."""
        return Runs(self.db, self.path / "locks")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside becomes visible at once, or not at all."""
        with transaction(self.db):
            yield

    def close(self) -> None:
        """Close the database; what was written is on disk already."""
        self.db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
