"""What a reader of files hands over: posts with their provenance, and what could not be read with its reason."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from jerat.model import Post

__all__ = ["BadItem", "ImportOptions", "Read", "Reader"]


@dataclass(frozen=True, slots=True)
class BadItem:
    """A part of a file that is no post: where it stands (`FILE:LINE`, `FILE#RECORD`), why, and its beginning.

    `fatal` where nothing behind it could be read: the file is then marked as failing though all before it is kept. `minor`
    where it is a slip inside a page, as a crawl meets and passes over: told, and no failure of the file.
    """

    place: str
    reason: str
    item: str = ""
    fatal: bool = False
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """A post that was read. `notes` say what of it could not be used; `post.evidence` says file, hash and place."""

    post: Post
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What stands in for what a file leaves out, and how it is to be read."""

    source: str
    """The name of the file where nobody gave one."""
    platform: str = "import"
    country_hint: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    """For tables: pairs of one of our names and the column that holds it; what is not named is guessed."""
    date_order: str = ""
    """For chats and tables: `dmy`, `mdy` or `ymd` where the file itself does not tell."""
    time_zone: str = ""
    """For times without a zone: an IANA name; UTC where empty."""
    encoding: str = ""
    """For tables: how the bytes are to be read; guessed where empty."""
    source_named: bool = False
    """Whether a person named `source`: it then also stands in place of the host of a page."""
    max_bytes: int = 32 * 1024 * 1024
    """Bytes of one page or part, unpacked, above which it is refused (JERAT_MAX_RESPONSE)."""
    say: Callable[[str], object] = print
    """Called with a sentence that the person should read, such as the mapping of columns that was guessed."""
    advance: Callable[[int], object] = int
    """Called with the number of bytes of the file that were read since the last call, for a progress bar."""


class Reader(Protocol):
    """One format. Readers stream: a file of 2 GB is never in memory as a whole."""

    name: str
    """Of the format, for `--format` and in messages, such as `warc` or `whatsapp`."""

    def recognises(self, path: Path, head: bytes) -> bool:
        """Whether a file with this name and these first 64 KiB (unpacked where it is gzip) looks like this format."""

    def read(self, path: Path, options: ImportOptions) -> Iterator[Read | BadItem]:
        """The posts of the file, in order. Raises InputError where the file as a whole cannot be read."""
