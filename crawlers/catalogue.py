"""The declared sources: those that come with jerat (`crawlers/sources/*.yaml`) and those of the operator's own folder.

One source a YAML document, in files of any name that end in `.yaml` or `.yml`; a source of the own folder takes the place of
one of the same name that comes with jerat. What is wrong with a file is told and takes nothing else away; a source whose own
declaration is wrong is held back, also where jerat has one of that name, for the operator meant to change it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Final

from crawlers.catalogue_checks import Mistake, checked, did_you_mean
from crawlers.catalogue_file import BadFile, documents, text_of
from crawlers.declared import Source
from jerat.errors import InputError

__all__ = ["Catalogue", "Entry", "Mistake", "load_catalogue", "shipped_folder"]

_SUFFIXES: Final = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Entry:
    """A source with the place of its declaration."""

    source: Source
    file: Path
    line: int
    own: bool
    """Whether it is of the operator's own folder."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All declared sources by name, in the order of the names."""

    entries: dict[str, Entry]
    mistakes: tuple[Mistake, ...] = ()
    held: dict[str, Mistake] = field(default_factory=dict)
    """Sources that are not crawled since the operator's own declaration of them is wrong."""

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries.values())

    def entry(self, name: str) -> Entry:
        """The source of this name, on or off. Raises InputError that suggests names, or tells why it is held back."""
        if name in self.held:
            raise InputError(f"the source {name} is not used, for its declaration is wrong: {self.held[name]}")
        if name not in self.entries:
            near = did_you_mean(name, [*self.entries, *self.held])
            raise InputError(
                f"there is no source named {name!r}" + (f": {near}" if near else ""),
                "`jerat sources` lists them all; an address begins with http:// or https://",
            )
        return self.entries[name]

    def usable(self, name: str) -> Source:
        """The source of this name, to be crawled. Raises InputError as `entry`, and where it is switched off."""
        source = self.entry(name).source
        if not source.enabled:
            raise InputError(
                f"the source {name} is switched off: {source.terms or source.note}", f"instead: {source.instead}"
            )
        return source

    def enabled(self) -> list[Source]:
        """The sources that are crawled when their time has come."""
        return [entry.source for entry in self if entry.source.enabled and entry.source.name not in self.held]

    def with_address(self, address: str) -> list[str]:
        """The names of the sources that begin at this address."""
        bare = address.strip().rstrip("/")
        return [entry.source.name for entry in self if any(url.rstrip("/") == bare for url in entry.source.urls)]


def shipped_folder() -> Path:
    """The folder of the declarations that come with jerat."""
    return Path(str(files("crawlers").joinpath("sources")))


def load_catalogue(own: Path | None = None, *, must_exist: bool = False) -> Catalogue:
    """The declared sources. `own` is the operator's folder; `must_exist` where a setting names it."""
    shipped, mistakes, _ = _folder(shipped_folder(), own=False)
    if own is None or not own.is_dir():
        if own is not None and (must_exist or own.exists()):
            mistakes.append(
                Mistake(own, 0, "", "there is no such folder", "JERAT_SOURCES names a folder of YAML files")
            )
        return Catalogue(dict(sorted(shipped.items())), tuple(mistakes))
    mine, wrong, held = _folder(own, own=True)
    both = shipped | mine
    held = {name: mistake for name, mistake in held.items() if name not in mine}
    return Catalogue(dict(sorted(both.items())), (*mistakes, *wrong), held)


def _folder(folder: Path, *, own: bool) -> tuple[dict[str, Entry], list[Mistake], dict[str, Mistake]]:
    """The sources of a folder, what is wrong in it, and the names that the wrong declarations would have had."""
    found: dict[str, Entry] = {}
    mistakes: list[Mistake] = []
    held: dict[str, Mistake] = {}
    try:
        listed = _listed(folder)
    except OSError as error:
        return {}, [Mistake(folder, 0, "", f"cannot be read: {error.strerror}", "a folder that you may read")], {}
    for file in listed:
        for made in _read(file, own=own):
            if isinstance(made, Entry):
                mistake = _double(made, found.values())
                if mistake is None:
                    found[made.source.name] = made
                    continue
            else:
                mistake = made
                held.setdefault(made.source or file.stem, made)
            mistakes.append(mistake)
    return found, mistakes, held


def _listed(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix in _SUFFIXES and not path.name.startswith("."))


def _read(file: Path, *, own: bool) -> Iterator[Entry | Mistake]:
    empty = True
    try:
        for document in documents(text_of(file), typed=("board",)):
            empty = False
            made = checked(document, file)
            if isinstance(made, Source):
                yield Entry(made, file, document.line, own)
            else:
                yield from made
    except BadFile as error:
        yield Mistake(file, error.line, "", error.problem, error.allowed)
        return
    if empty:
        yield Mistake(file, 0, "", "declares no source", "docs/sources.md shows how a file is written")


def _double(made: Entry, before: Iterable[Entry]) -> Mistake | None:
    """What is wrong where a source of the same folder has the same name, or an address of it."""
    for other in before:
        where = f"{other.file.name}, line {other.line}"
        name = made.source.name
        if other.source.name == name:
            return Mistake(made.file, made.line, name, f"the name is taken by {where}", "each name once")
        shared = set(made.source.urls) & set(other.source.urls)
        if shared:
            said = f"{min(shared)} is an address of {other.source.name} ({where}) already"
            return Mistake(made.file, made.line, name, said, "each address once")
    return None
