"""Which runs are under way: each holds a lock on a file of its own, which the system lets go when its process dies."""

import os
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

__all__ = ["Alive"]

fcntl: Any = import_module("fcntl") if find_spec("fcntl") else None
"""None on Windows: there the beat of a run alone tells."""
_OURS: Final[dict[Path, int]] = {}
"""Open files by their path. Kept here, so that a second `Case` of this process knows what this process holds."""


class Alive:
    """The lock files of a case. Where the file system has no locks, there are none, and nothing is known of a run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def hold(self, run_id: int) -> None:
        """This process is about the run, from now until it lets go or dies."""
        path = self._path(run_id)
        if fcntl is None:
            return
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            path.unlink(missing_ok=True)
            return
        _OURS[path] = handle

    def release(self, run_id: int) -> None:
        """The run is over."""
        path = self._path(run_id)
        handle = _OURS.pop(path, None)
        try:
            path.unlink(missing_ok=True)
        except OSError:
            pass
        finally:
            if handle is not None:
                os.close(handle)

    def held(self, run_id: int) -> bool | None:
        """Whether a living process holds the run; None where nothing is known of it."""
        path = self._path(run_id)
        if path in _OURS:
            return True
        if fcntl is None:
            return None
        try:
            handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return None
        else:
            return False
        finally:
            os.close(handle)

    def _path(self, run_id: int) -> Path:
        return (self._folder / f"run-{run_id}").absolute()
