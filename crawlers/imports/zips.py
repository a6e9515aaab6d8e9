"""Zip files that strangers made: opened only where what is in them is of a size that can be believed."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Final

from jerat.errors import InputError

__all__ = ["BROKEN", "copied", "opened_zip", "read_part", "safe_name", "zip_names"]

BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
"""What reading a part raises where the part is broken, encrypted, or packed in a way that is not known here."""
_MOST_PARTS: Final = 200_000
_FREE: Final = 64 << 20
_RATIO: Final = 300
_MOST: Final = 16 << 30


def zip_names(path: Path) -> frozenset[str]:
    """The names in a zip file; empty where it is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            return frozenset(archive.namelist())
    except BROKEN:
        return frozenset()


@contextmanager
def opened_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """A zip file. Raises InputError where it is none, is encrypted, or was made to unpack to far more than it is."""
    try:
        archive = zipfile.ZipFile(path)
    except BROKEN as error:
        raise InputError(
            f"{path} cannot be read as a zip file: {error}", "it may be cut short: fetch or copy it again"
        ) from error
    with archive:
        _check(archive, path)
        yield archive


def _check(archive: zipfile.ZipFile, path: Path) -> None:
    parts = archive.infolist()
    if len(parts) > _MOST_PARTS:
        raise InputError(
            f"{path} has {len(parts):,} parts; {_MOST_PARTS:,} are allowed", "unpack it, and name the files"
        )
    packed = unpacked = 0
    for part in parts:
        packed += part.compress_size
        unpacked += part.file_size
        if part.flag_bits & 0x1:
            raise InputError(f"{path}: {part.filename!r} in it is encrypted", "unpack it with its password first")
        # A part gives no more than its entry announces: zipfile stops there.
        if part.file_size > _FREE and part.file_size > _RATIO * max(1, part.compress_size):
            raise InputError(
                f"{path}: {part.filename!r} in it unpacks to {part.file_size:,} bytes, more than {_RATIO} times its packed "
                "size: a bomb, and nothing of it was read"
            )
    if packed > path.stat().st_size + len(parts) * 100:
        raise InputError(f"{path}: its parts overlap, as only a bomb's do; nothing of it was read")
    if unpacked > _MOST:
        raise InputError(
            f"{path} unpacks to {unpacked:,} bytes; {_MOST:,} are allowed", "unpack it, and name the files"
        )


def safe_name(name: str) -> PurePosixPath | None:
    """The path of a part inside its zip; None where it would lead out of the folder, or is none."""
    if not name or "\x00" in name or name.endswith("/"):
        return None
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return None
    return path


def read_part(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """A part as a whole. Raises ValueError above `limit` bytes, and one of BROKEN where it cannot be unpacked."""
    with archive.open(name) as part:
        data = part.read(limit + 1)
    if len(data) > limit:
        raise ValueError(f"{name!r} has more than {limit:,} bytes")
    return data


def copied(part: IO[bytes], target: IO[bytes]) -> None:
    """Copy a part in pieces. Raises one of BROKEN where it breaks; what came before is written."""
    while chunk := part.read(1 << 20):
        target.write(chunk)
