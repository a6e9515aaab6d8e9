"""The files of a folder that are worth reading, and an account of the others."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from crawlers.imports.formats import is_attachment, recognised
from jerat.errors import InputError

__all__ = ["Folder", "files_in"]

_NAMED = 5


@dataclass(slots=True)
class Folder:
    """What a folder holds."""

    path: Path
    files: list[Path] = field(default_factory=list)
    attachments: int = 0
    unknown: list[Path] = field(default_factory=list)
    links: int = 0

    def left_out(self) -> list[str]:
        """What is not read, in sentences; pictures and the like are not worth one."""
        found = []
        if self.unknown:
            names = ", ".join(str(one.relative_to(self.path)) for one in self.unknown[:_NAMED])
            more = f" and {len(self.unknown) - _NAMED} more" if len(self.unknown) > _NAMED else ""
            found.append(f"{self.path}: of no known format, and not read: {names}{more}")
        if self.links:
            found.append(f"{self.path}: {self.links} symbolic links were not followed")
        return found


def files_in(path: Path, *, any_format: bool = False) -> Folder:
    """The files below `path`, in the order of their names; with `any_format`, whatever they look like.

    Raises InputError where there is none.
    """
    folder = Folder(path)
    for here, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(names):
            file = Path(here, name)
            if file.is_symlink():
                folder.links += 1
            elif is_attachment(file.relative_to(path)) or not file.is_file():
                folder.attachments += 1
            elif any_format or _is_known(file):
                folder.files.append(file)
            else:
                folder.unknown.append(file)
    if not folder.files:
        seen = f"{folder.attachments + len(folder.unknown)} files of other kinds are there"
        raise InputError(f"{path} holds no file of a known format: {seen}", "docs/imports.md says what can be read")
    return folder


def _is_known(file: Path) -> bool:
    try:
        recognised(file)
    except InputError:
        return False
    return True
