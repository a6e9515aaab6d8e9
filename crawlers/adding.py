"""Declares a source of an address that a person gives: its name and kind are guessed where they are not said."""

import re
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import yaml

from crawlers.catalogue import Catalogue
from crawlers.catalogue_checks import checked
from crawlers.catalogue_file import documents
from crawlers.declared import Source
from crawlers.kinds import kind_of
from jerat.errors import InputError

__all__ = ["declaration", "guessed_name", "write"]

_ENDING: Final = re.compile(r"com|org|net|info|co|go|gov|or|[a-z]{2}|example|localhost|works|jobs|www")
"""Parts of a host that tell nothing of the site."""
_PLAIN: Final = re.compile(r"www|https?|jobs?|list|search|[a-z]{1,2}")
"""Steps of a path that tell nothing of the place."""


def guessed_name(address: str, kind: str, taken: Catalogue) -> str:
    """A name for an address that no source has yet, such as `telegram-some-channel` or `papan`."""
    if address.startswith("@"):
        base = f"telegram-{address[1:]}"
    else:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        steps = [step for step in re.split(r"[/?&=+]", f"{parts.path}?{parts.query}") if step]
        host = parts.hostname or ""
        labels = [label for label in host.split(".") if not _ENDING.fullmatch(label)]
        if kind == "telegram":
            base = "-".join(["telegram", *(step for step in steps[:2] if step != "s")])
        elif re.fullmatch(r"[\d.]+", host) or ":" in host:
            base = f"at-{host}-{parts.port or ''}"
        elif kind in ("auto", "jobposting", "board", "page", "feed", "browser", "discourse"):
            base = "-".join(labels) or host
        else:
            base = "-".join([kind, *(step.lstrip("@") for step in steps if not _PLAIN.fullmatch(step))][:3])
    name = re.sub(r"[^a-z0-9]+", "-", base.lower()).strip("-")[:50] or "source"
    name = name if len(name) > 1 else f"{name}-source"
    names = {*taken.entries, *taken.held}
    return next(one for one in (name, *(f"{name}-{number}" for number in range(2, 10_000))) if one not in names)


def declaration(addresses: list[str], catalogue: Catalogue, *, name: str = "", kind: str = "", **values: Any) -> str:
    """The YAML text of a new source. Raises InputError where the name is taken, an address is known, or a value is wrong."""
    addresses = [one if one.startswith("@") or "://" in one else f"https://{one}" for one in map(str.strip, addresses)]
    for address in addresses:
        found = kind_of(address, kind if kind not in ("", "auto") else None)
        kind = kind or found
        if known := catalogue.with_address(address):
            raise InputError(
                f"{address} is declared already, as {', '.join(known)}", f"`jerat sources show {known[0]}` shows it"
            )
    name = name or guessed_name(addresses[0], kind, catalogue)
    if name in catalogue.entries or name in catalogue.held:
        entry = catalogue.entries.get(name)
        where = entry.file if entry is not None else catalogue.held[name].file
        hint = (
            "copy that file into your folder of sources and change it there"
            if entry is not None and not entry.own
            else "change that file, or give another --name"
        )
        raise InputError(f"there is a source named {name} already, in {where}", hint)
    said = {key: value for key, value in values.items() if value not in (None, "", [], ())}
    title = said.pop("title", "") or addresses[0]
    raw = {"name": name, "title": title, "kind": kind, "urls": addresses, **said, "verified": "unverified"}
    text = yaml.safe_dump(raw, sort_keys=False, allow_unicode=True, width=110)
    _read_back(text)
    return text


def _read_back(text: str) -> Source:
    made = checked(next(documents(text, typed=("board",))), Path("declaration"))
    if isinstance(made, Source):
        return made
    first = made[0]
    raise InputError(f"a source like that cannot be declared: {first.problem}", first.allowed)


def write(folder: Path, text: str) -> Path:
    """Write a declaration into the operator's folder, which is made; returns the file. Overwrites nothing."""
    file = folder / f"{_read_back(text).name}.yaml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise InputError(
            f"{file} is there already, and is left as it is", "give another --name, or change that file"
        ) from None
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}", "JERAT_SOURCES names another folder") from None
    return file
