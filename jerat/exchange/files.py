"""Files that are there whole or not at all: written aside, and renamed when done."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jerat.errors import InputError

__all__ = ["written_aside"]


@contextmanager
def written_aside(path: Path) -> Iterator[Path]:
    """A new file beside `path`, for the block to write; it takes the place of `path` when the block ends well.

    Only its owner can read it. On an error nothing is left behind, and what stood at `path` before still stands there;
    a killed process may leave a `.NAME.…part` file, never a half file under the final name. Raises InputError where
    the folder cannot be written.
    """
    path = path.absolute()
    if path.is_dir():
        raise InputError(f"{path} is a folder", "name a file to write")
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.", suffix=".part")
    except OSError as error:
        raise InputError(f"no file can be written in {path.parent}: {error.strerror}") from error
    os.close(handle)
    aside = Path(name)
    try:
        yield aside
        with aside.open("rb") as written:
            os.fsync(written.fileno())
        aside.replace(path)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        aside.unlink(missing_ok=True)
