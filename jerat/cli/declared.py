"""The declared sources as the commands need them: loaded, with what is wrong in them told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jerat.cli.screen import counted

if TYPE_CHECKING:
    from crawlers.catalogue import Catalogue
    from crawlers.targets import Target
    from jerat.cli.state import State

__all__ = ["catalogue_of", "is_address", "kinds", "known_countries", "targets_of", "tell_mistakes"]


def kinds(said: str) -> str:
    """What the help of an option says, with the kinds of sources that there are."""
    from crawlers.kinds import KINDS

    return f"{said} One of: {', '.join(KINDS)}."


def catalogue_of(state: State) -> Catalogue:
    """The declared sources in force. What is wrong with a file is told once, at once."""
    from crawlers.catalogue import load_catalogue

    settings = state.settings
    catalogue = load_catalogue(settings.sources_folder, must_exist=settings.sources is not None)
    tell_mistakes(state, catalogue)
    return catalogue


def tell_mistakes(state: State, catalogue: Catalogue) -> None:
    """Each mistake in a file of declarations, on standard error."""
    for mistake in catalogue.mistakes:
        state.screen.warn(str(mistake))
    if catalogue.mistakes:
        files = len({mistake.file for mistake in catalogue.mistakes})
        state.screen.warn(f"{counted(files, 'file')} of sources cannot be used as written; all others are")


def is_address(word: str) -> bool:
    """Whether a person meant an address, and not the name of a source: names have no dot, slash, colon or @."""
    return any(char in word for char in ".:/@")


def targets_of(state: State, words: list[str], kind: str | None) -> tuple[list[Target], bool]:
    """What is to be crawled for names of sources and addresses, and whether all files of sources are sound.

    Raises InputError for a name that there is not, a source that is switched off, or an address that is none.
    """
    from crawlers.targets import of_address, of_source
    from jerat.errors import InputError

    named = [word for word in words if not is_address(word)]
    catalogue = catalogue_of(state) if named else None
    found: list[Target] = []
    for word in dict.fromkeys(words):
        if catalogue is None or is_address(word):
            found.append(of_address(word, kind))
            continue
        source = catalogue.usable(word)
        if kind is not None:
            raise InputError(f"--kind is for addresses: {word} is declared, with the kind {source.kind}")
        found += of_source(source)
    return found, catalogue is None or not catalogue.mistakes


def known_countries(catalogue: Catalogue, countries: list[str]) -> set[str]:
    """Countries that a person named, in capitals. Raises InputError for one of which there is no source."""
    from jerat.errors import InputError

    wanted = {country.strip().upper() for country in countries}
    known = {entry.source.country for entry in catalogue if entry.source.country}
    if unknown := sorted(wanted - known):
        raise InputError(
            f"no source is declared for {', '.join(unknown)}", f"there are sources for {', '.join(sorted(known))}"
        )
    return wanted
