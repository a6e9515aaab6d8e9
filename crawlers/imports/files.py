"""Files to import: their hash, their beginning, the time they were saved, and their bytes with the progress told."""

import contextlib
import gzip
import hashlib
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any, Final

from jerat.errors import InputError

__all__ = ["GZIP", "HEAD", "Metered", "head_of", "opened", "saved_at", "sha256_of", "unpacked"]

HEAD: Final = 65_536
"""Bytes of the beginning by which a format is recognised."""
GZIP: Final = b"\x1f\x8b"
_CHUNK: Final = 1 << 20
_FREE: Final = 256 << 20
_RATIO: Final = 300
"""Text that repeats itself is packed to a fiftieth; a bomb to a thousandth."""
_EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)


class Metered(io.RawIOBase):
    """The bytes of a file; `advance` is told of each read. `count` is how many came."""

    def __init__(self, path: Path, advance: Callable[[int], object]) -> None:
        self._file = path.open("rb", buffering=0)
        self._advance = advance
        self._told = 0
        self.count = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """As a file does. What is read a second time is told once."""
        self.count = self._file.seek(offset, whence)
        return self.count

    def tell(self) -> int:
        """As a file does."""
        return self.count

    def readinto(self, buffer: Any, /) -> int:
        """As a file does."""
        number = self._file.readinto(buffer) or 0
        self.count += number
        if self.count > self._told:
            self._advance(self.count - self._told)
            self._told = self.count
        return number

    def close(self) -> None:
        """As a file does."""
        self._file.close()
        super().close()


class _Guarded(io.RawIOBase):
    """What a gzip file holds. Raises OSError where a little unpacks to so much that it was made to harm."""

    def __init__(self, packed: gzip.GzipFile, meter: Metered | None) -> None:
        self._packed, self._meter, self._total = packed, meter, 0

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """As a file does."""
        data = self._packed.read1(len(buffer))
        buffer[: len(data)] = data
        self._total += len(data)
        if self._meter is not None and self._total > _FREE and self._total > self._meter.count * _RATIO:
            raise OSError(f"it unpacks to more than {_RATIO} times its size: a bomb, and not read any further")
        return len(data)

    def close(self) -> None:
        """As a file does."""
        self._packed.close()
        super().close()


@contextmanager
def opened(path: Path, advance: Callable[[int], object] = int) -> Iterator[IO[bytes]]:
    """The bytes of a file as they stand. Raises InputError where it cannot be opened."""
    try:
        meter = Metered(path, advance)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    with io.BufferedReader(meter, _CHUNK) as stream:
        yield stream


def unpacked(stream: Any) -> IO[bytes]:
    """The bytes of `stream`, a BufferedReader, unpacked where it is gzip, whatever its name.

    Reading raises EOFError, zlib.error or OSError where the gzip data is cut, broken, or a bomb.
    """
    if stream.peek(2)[:2] != GZIP:
        return stream  # type: ignore[no-any-return]
    raw = getattr(stream, "raw", None)
    meter = raw if isinstance(raw, Metered) else None
    return io.BufferedReader(_Guarded(gzip.GzipFile(fileobj=stream), meter), _CHUNK)


def head_of(path: Path) -> bytes:
    """The first 64 KiB, unpacked where it is gzip; less where it is broken. Raises InputError where it cannot be opened."""
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    if not head.startswith(GZIP):
        return head
    with contextlib.suppress(zlib.error):
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(head, HEAD)
    return b""


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal, read in pieces. Raises InputError where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error


def saved_at(path: Path) -> datetime:
    """When the file was last written, for what says not itself when it was fetched; now where that cannot be believed."""
    now = datetime.now(UTC)
    try:
        moment = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, OverflowError, ValueError):
        return now
    return moment if _EARLIEST <= moment <= now + timedelta(hours=1) else now
