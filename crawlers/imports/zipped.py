"""A zip file of things that can be imported: an export as it was sent, or a folder of saved pages."""

import contextlib
import os
import re
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from crawlers.imports.formats import is_attachment, recognised
from crawlers.imports.zips import BROKEN, copied, opened_zip, safe_name
from jerat.errors import InputError
from pipelines.intake import BadItem, ImportOptions, Read

__all__ = ["Zipped"]

_ARCHIVES: Final = (".zip", ".7z", ".rar")
_NAMED: Final = 5
_COPY: Final = re.compile(r"\s*\(\d{1,3}\)$")


class Zipped:
    """Unpacks part by part into a folder of its own, and reads each with the reader of its format; never a zip inside."""

    name = "zip"

    def recognises(self, path: Path, head: bytes) -> bool:
        """By the beginning; WACZ and workbooks are zip files too, and asked before."""
        return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))

    def read(self, path: Path, options: ImportOptions) -> Iterator[Read | BadItem]:
        """The posts of all parts that are of a known format, in the order of their names.

        Raises InputError where the file cannot be opened, is a bomb, or has no such part.
        """
        with opened_zip(path) as archive:
            yield from _Parts(archive, path, options).read()


class _Parts:
    def __init__(self, archive: zipfile.ZipFile, path: Path, options: ImportOptions) -> None:
        self._archive, self._path, self._options = archive, path, options
        self._unknown: list[str] = []
        self._readable = 0

    def read(self) -> Iterator[Read | BadItem]:
        done = 0
        for part in sorted(self._archive.infolist(), key=lambda one: one.filename):
            if not part.is_dir():
                yield from self._part(part)
            self._options.advance(part.compress_size)
            done += part.compress_size
        self._options.advance(max(0, self._path.stat().st_size - done))
        if self._unknown:
            more = f" and {len(self._unknown) - _NAMED} more" if len(self._unknown) > _NAMED else ""
            self._options.say(f"{self._path.name}: of no known format: {', '.join(self._unknown[:_NAMED])}{more}")
        if not self._readable:
            raise InputError(f"{self._path} holds nothing of a known format", "docs/imports.md says what can be read")

    def _part(self, part: zipfile.ZipInfo) -> Iterator[Read | BadItem]:
        place = f"{self._path.name}/{part.filename}"
        inside = safe_name(part.filename)
        if inside is None or (part.external_attr >> 16) & 0o170000 == 0o120000:
            yield BadItem(place, "a path that leads out of the zip file: not unpacked")
            return
        if is_attachment(Path(inside)):
            return
        if inside.suffix.lower() in _ARCHIVES:
            yield BadItem(place, "an archive inside an archive: not opened; unpack it, and name the files")
            return
        with tempfile.TemporaryDirectory(prefix="jerat-") as folder:
            file = Path(folder, inside.name)
            try:
                with self._archive.open(part) as packed, file.open("wb") as target:
                    copied(packed, target)
            except BROKEN as error:
                yield BadItem(place, f"cannot be unpacked to its end: {error}")
                if not file.is_file() or not file.stat().st_size:
                    return
            _date(file, part)
            yield from self._file(file, part.filename, place)

    def _file(self, file: Path, name: str, place: str) -> Iterator[Read | BadItem]:
        try:
            reader = recognised(file)
        except InputError:
            self._unknown.append(name)
            return
        if reader.name == "zip":
            yield BadItem(place, "an archive inside an archive: not opened; unpack it, and name the files")
            return
        self._readable += 1
        options = replace(self._options, source=self._source(file), advance=int)
        try:
            for item in reader.read(file, options):
                yield self._placed(item, file.name, place)
        except InputError as error:
            yield BadItem(place, str(error).replace(str(file), file.name))

    def _source(self, file: Path) -> str:
        """What the part is called where nobody said it; the chat in a zip file of WhatsApp has the name of that file."""
        if self._options.source_named:
            return self._options.source
        chat = file.stem.startswith("_chat")
        return _COPY.sub("", self._path.stem) if chat else f"{self._path.name}/{file.name}"

    def _placed(self, item: Read | BadItem, name: str, place: str) -> Read | BadItem:
        """With the name of the zip file before that of the part. That one part broke is not the end of the others."""
        if isinstance(item, BadItem):
            return replace(item, place=_moved(item.place, name, place), fatal=False)
        return replace(item, post=msgspec.structs.replace(item.post, evidence=_moved(item.post.evidence, name, place)))


def _moved(where: str, name: str, place: str) -> str:
    return place + where.removeprefix(name) if where.startswith(name) else f"{place} {where}".strip()


def _date(file: Path, part: zipfile.ZipInfo) -> None:
    """Give the file the time that the zip file has for it, for what says not itself when it was saved."""
    with contextlib.suppress(ValueError, OverflowError, OSError):
        moment = datetime(*part.date_time, tzinfo=UTC).timestamp()
        os.utime(file, (moment, moment))
