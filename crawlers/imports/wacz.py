"""WACZ: WARC files in a zip file with a list of their pages and the hashes of all (Browsertrix, ArchiveWeb.page)."""

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from crawlers.imports.warc import Archive
from crawlers.imports.zips import BROKEN, opened_zip, read_part, safe_name, zip_names
from jerat.errors import InputError
from jerat.urls import canonical_url
from pipelines.intake import BadItem, ImportOptions, Read

__all__ = ["Wacz"]

_PACKAGE: Final = "datapackage.json"
_MAX_LIST: Final = 256 << 20
_MAX_PACKAGE: Final = 32 << 20
_ENDS: Final = (".warc", ".warc.gz")


class Wacz:
    """Reads every WARC file of the package, and says where one has not the hash that the package names."""

    name = "wacz"

    def recognises(self, path: Path, head: bytes) -> bool:
        """By the parts of the package."""
        names = zip_names(path) if head.startswith(b"PK") else frozenset()
        return _PACKAGE in names and any(_is_warc(name) for name in names)

    def read(self, path: Path, options: ImportOptions) -> Iterator[Read | BadItem]:
        """The posts of all its WARC files. Raises InputError where it cannot be opened, or has none."""
        with opened_zip(path) as archive, tempfile.TemporaryDirectory(prefix="jerat-") as folder:
            names = sorted(name for name in archive.namelist() if _is_warc(name) and safe_name(name) is not None)
            if not names:
                raise InputError(f"{path} has no WARC file in it", "a WACZ file has them in its folder `archive`")
            hashes = _hashes(archive, path, options)
            whole = Archive(options, _titles(archive))
            for number, name in enumerate(names):
                place = f"{path.name}/{name}"
                file = Path(folder, f"{number}{'.warc.gz' if name.endswith('.gz') else '.warc'}")
                digest, trouble = _unpacked(archive, name, file)
                if trouble:
                    yield BadItem(place, f"cannot be unpacked to its end: {trouble}")
                elif hashes.get(name, digest) != digest:
                    options.say(
                        f"{place}: its SHA-256 is {digest}, and {_PACKAGE} names {hashes[name]}: it was changed"
                    )
                yield from whole.file(file, place)
            yield from whole.rest()


def _is_warc(name: str) -> bool:
    return name.lower().endswith(_ENDS)


def _unpacked(archive: zipfile.ZipFile, name: str, file: Path) -> tuple[str, str]:
    """Write a part into a file; its SHA-256, and why it broke off where it did."""
    digest = hashlib.sha256()
    try:
        with archive.open(name) as part, file.open("wb") as target:
            while chunk := part.read(1 << 20):
                digest.update(chunk)
                target.write(chunk)
    except BROKEN as error:
        file.touch()
        return digest.hexdigest(), str(error)
    return digest.hexdigest(), ""


def _hashes(archive: zipfile.ZipFile, path: Path, options: ImportOptions) -> dict[str, str]:
    """The SHA-256 of each part, as the package names it."""
    try:
        package = json.loads(read_part(archive, _PACKAGE, _MAX_PACKAGE))
        resources = package["resources"] if isinstance(package, dict) else []
    except (*BROKEN, KeyError, RecursionError) as error:
        options.say(f"{path.name}: {_PACKAGE} cannot be read, so no hash was checked: {error}")
        return {}
    found: dict[str, str] = {}
    for one in resources if isinstance(resources, list) else []:
        kind, _, value = str(one.get("hash", "")).partition(":") if isinstance(one, dict) else ("", "", "")
        if kind == "sha256":
            found[str(one.get("path", ""))] = value.lower()
    return found


def _titles(archive: zipfile.ZipFile) -> dict[str, str]:
    """The titles of the list of pages, by canonical address."""
    found: dict[str, str] = {}
    try:
        with archive.open("pages/pages.jsonl") as part:
            size = 0
            for line in part:
                size += len(line)
                if size > _MAX_LIST:
                    break
                page = _page(line)
                if isinstance(page.get("url"), str) and isinstance(page.get("title"), str):
                    found[canonical_url(page["url"])] = page["title"]
    except (*BROKEN, KeyError):
        pass
    return found


def _page(line: bytes) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
