"""What `jerat doctor` looks at."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec

import jerat
from jerat.errors import JeratError

if TYPE_CHECKING:
    from jerat.case import Case
    from jerat.cli.state import State

__all__ = ["PACKAGES", "Finding", "examine", "packages", "setting_rows"]

PACKAGES: Final = ("crawlers", "index", "jerat", "nlp", "pipelines")
_PYTHON: Final = ((3, 11), (3, 14))


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at. `note` is for the reader's attention and fails nothing."""

    area: str
    name: str
    state: Literal["ok", "note", "fail"]
    detail: str


def examine(state: State) -> list[Finding]:
    """Everything, in the order in which it is told."""
    installed = [*_installation(), *packages(), *_dependencies()]
    return [*installed, *_settings(state), *_lexicon(state), *_sources(state), *_case(state)]


def _installation() -> Iterator[Finding]:
    yield Finding("Installation", "jerat", "ok", f"{jerat.__version__} in {Path(jerat.__file__).parent}")
    found = tuple(int(part) for part in platform.python_version_tuple()[:2])
    fits = _PYTHON[0] <= found < _PYTHON[1]
    yield Finding(
        "Installation", "python", "ok" if fits else "fail", f"{platform.python_version()} ({platform.machine()})"
    )


def packages() -> Iterator[Finding]:
    """The file behind each top-level package. One that stands elsewhere than `jerat` is somebody else's."""
    home = Path(jerat.__file__).resolve().parent.parent
    for name in PACKAGES:
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            yield Finding("Packages", name, "fail", "is not installed, or is a folder without __init__.py")
            continue
        where = Path(spec.origin).resolve()
        if where.parent.parent == home:
            yield Finding("Packages", name, "ok", str(where))
        else:
            yield Finding(
                "Packages", name, "fail",
                f"{where} is not of jerat, which is in {home}: install jerat in an environment of its own",
            )  # fmt: skip


def _dependencies() -> Iterator[Finding]:
    try:
        required = metadata.requires("jerat") or []
    except metadata.PackageNotFoundError:
        yield Finding("Dependencies", "jerat", "fail", "runs from a folder and is not installed: pip install -e .")
        return
    for requirement in sorted(required, key=str.lower):
        if "extra ==" in requirement:
            continue
        name = re.split(r"[\s<>=!~;\[(]", requirement, maxsplit=1)[0]
        wanted = requirement.removeprefix(name)
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            yield Finding("Dependencies", name, "fail", f"is missing (wanted {wanted})")
            continue
        fits = _fits(version, wanted)
        yield Finding(
            "Dependencies", name, "ok" if fits else "fail", version + ("" if fits else f", and jerat wants {wanted}")
        )


def _fits(version: str, wanted: str) -> bool:
    """Whether `version` keeps to the bounds `>=` and `<` that pyproject.toml uses."""
    own = _numbers(version)
    for sign, bound in re.findall(r"(>=|<)\s*([\d.]+)", wanted):
        at_least = own >= _numbers(bound)
        if at_least != (sign == ">="):
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    numbers = [int(part) for part in re.match(r"[\d.]*", version)[0].split(".") if part]  # type: ignore[index]  # always matches
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _settings(state: State) -> Iterator[Finding]:
    from jerat.settings import CONFIG_VARIABLE, load_settings, unknown_variables

    for name in unknown_variables():
        yield Finding("Settings", name, "fail", "is no setting of jerat, and so not in force: is it misspelt?")
    try:
        settings = load_settings(case=state.case_dir)
    except JeratError as error:
        yield Finding("Settings", "settings", "fail", str(error))
        return
    file = os.environ.get(CONFIG_VARIABLE) or ("jerat.toml" if Path("jerat.toml").is_file() else "")
    yield Finding("Settings", "file", "ok", file or "none; the environment and the defaults are in force")
    if not settings.contact:
        yield Finding("Settings", "JERAT_CONTACT", "note", "is empty: name an address before you crawl sites of others")
    if settings.allow_loopback:
        yield Finding(
            "Settings", "JERAT_ALLOW_LOOPBACK", "note", "is on: crawls can reach this machine and its network"
        )


def _lexicon(state: State) -> Iterator[Finding]:
    """The analyst's folder that is read, and the weights of the risk that are in force."""
    from nlp.indicators import load_lexicon
    from nlp.risk import load_weights

    try:
        settings = state.settings
        folder = settings.lexicon_in_force
        if folder is not None:
            load_lexicon(folder)
        weights = load_weights(folder)
    except JeratError as error:
        yield Finding("Lexicon", "lexicon", "fail", str(error))
        return
    yield Finding("Lexicon", "lexicon", "ok", "that of jerat" + (f", and {folder}" if folder else ""))
    own = settings.case / "lexicon"
    if settings.lexicon is not None and own.is_dir():
        yield Finding("Lexicon", "lexicon of the case", "note", f"{own} is not read, since JERAT_LEXICON names another")
    path = folder / "weights.yaml" if folder is not None and (folder / "weights.yaml").is_file() else None
    source = f"of {path}" if path else "shipped with jerat"
    yield Finding("Lexicon", "weights", "ok", f"{source}, of {weights.date}: {weights.note}")


def _sources(state: State) -> Iterator[Finding]:
    """The declared sources, and what is wrong with the operator's own files."""
    from crawlers.catalogue import load_catalogue

    try:
        settings = state.settings
    except JeratError:
        return
    catalogue = load_catalogue(settings.sources_folder, must_exist=settings.sources is not None)
    own = sum(entry.own for entry in catalogue)
    said = f"{len(catalogue.entries)} declared, {len(catalogue.enabled())} switched on"
    yield Finding("Sources", "sources", "ok", said + (f", {own} of {settings.sources_folder}" if own else ""))
    for mistake in catalogue.mistakes:
        yield Finding("Sources", mistake.file.name, "fail", str(mistake))


def _case(state: State) -> Iterator[Finding]:
    try:
        settings = state.settings
    except JeratError:
        return
    folder = settings.case.absolute()
    if not (folder / "case.db").is_file():
        yield Finding(
            "Case", "case", "note", f"none at {folder} yet: `jerat crawl`, `jerat import` or `jerat demo` makes one"
        )
        return
    try:
        with state.open_case() as case:
            yield Finding("Case", "case", "ok", f"{folder}: {case.posts.count():,} posts")
            dead = case.dead_letters.count()
            said = f"{dead:,} could not be processed: `jerat doctor --dead`" if dead else "none"
            yield Finding("Case", "dead letters", "note" if dead else "ok", said)
            waiting = case.outbox.count()
            said = f"{waiting:,} posts wait to be indexed" if waiting else "empty"
            yield Finding("Case", "outbox", "note" if waiting else "ok", said)
            yield from _engine(state, case)
    except JeratError as error:
        yield Finding("Case", "case", "fail", str(error))


def _engine(state: State, case: Case) -> Iterator[Finding]:
    from pipelines.engine import open_engine

    try:
        engine = open_engine(state.settings, case)
    except JeratError as error:
        yield Finding("Search engine", "engine", "fail", str(error))
        return
    try:
        health = engine.health()
        yield Finding("Search engine", health.engine, "ok" if health.answers else "fail", health.detail)
        if not health.answers:
            return
        posts, waiting = case.posts.count(), case.outbox.count()
        missing = posts - health.documents - waiting
        said = f"{health.documents:,} of {posts:,} posts"
        if missing > 0:
            said += ": `jerat reindex` puts the others in"
        yield Finding("Search engine", "indexed", "fail" if missing > 0 else "ok", said)
    finally:
        engine.close()


def setting_rows(state: State) -> list[dict[str, Any]]:
    """Every setting with its variable, value (a secret masked), default and description."""
    from jerat.settings import PREFIX, Settings

    settings = state.settings
    rows = []
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        rows.append(
            {
                "variable": f"{PREFIX}{name.upper()}",
                "name": name,
                "value": _shown(value),
                "default": _shown(field.default),
                "default_in_force": value == field.default,
                "description": field.description or "",
            }
        )
    return rows


def _shown(value: object) -> str:
    if value is None:
        return "not set"
    if value == "":
        return "empty"
    return str(value)
