"""The lexicon: indicators by family, the signals of a post's kind, and the scopes, read from YAML and checked.

An analyst's folder adds files or overrides entries by id. A file with a mistake is refused as a whole, with the file,
the entry and the mistake in the message, and what was in force before stays in force.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal, TypeVar

import msgspec
import yaml

from jerat.errors import DataError

__all__ = [
    "Concept",
    "Example",
    "IndicatorEntry",
    "Lexicon",
    "Scope",
    "Signal",
    "Source",
    "Term",
    "load_lexicon",
    "shipped",
]

T = TypeVar("T")
HERE: Final = Path(__file__).parent
LANGUAGES: Final = (
    "id", "ms", "en", "zh", "th", "vi", "my", "km", "lo", "tl", "hi", "ur", "bn", "ko", "ja", "pt", "ru", "sw", "am",
)  # fmt: skip

OWN_SHAPE: Final = ("weights.yaml", "facts.yaml", "kinds.yaml")
"""Files beside the lexicon that other modules read."""

Terms = dict[str, dict[str, tuple[str, ...]]]
"""language -> source id -> terms."""


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a term or an indicator comes from. `attested`: it was read there. `unverified`: nobody has checked it."""

    title: str
    mark: Literal["attested", "unverified"]


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text that must match the indicator, and one that looks alike and must not."""

    lang: str
    match: str
    near: str


class IndicatorEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One red flag, or one sign of honesty, as it stands in a family's file."""

    id: str
    strength: float
    gloss: str
    source: str
    reason: dict[str, str]
    negatable: bool = False
    """A negation before it ("no agency fee") takes it away."""
    rule: str = ""
    """Name of the function in `rules.py` that finds it; empty where terms alone do."""
    parameters: dict[str, float | str | tuple[str, ...]] = {}
    terms: Terms = {}
    near: tuple[tuple[str, ...], ...] = ()
    """Groups of concepts; it is found where all of a group stand near each other, in any order, in one sentence."""
    reach: int = 32
    """How far apart, in characters, the concepts of a group may stand; a third of that in Chinese, Japanese, Korean."""
    examples: tuple[Example, ...] = ()
    family: str = ""


class Signal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Words that tell what kind of post it is, and how strongly (0 to 3)."""

    id: str
    kind: Literal["offer", "warning", "victim", "seeker", "question", "other"]
    weight: float
    gloss: str
    terms: Terms
    reason: dict[str, str] = {}
    report: bool = False
    """What stands in the same sentence is reported, not offered."""


class Concept(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Words of one idea. Alone they say nothing; `near` of an indicator names the ideas that must stand together."""

    id: str
    gloss: str
    terms: Terms


class Scope(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Words that turn round what stands beside them, within `reach` characters on `side`."""

    id: str
    side: Literal["before", "after"]
    reach: int
    gloss: str
    terms: Terms


class _Family(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    family: str
    gloss: str
    indicators: tuple[IndicatorEntry, ...]


class _Concepts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    concepts: tuple[Concept, ...]


class _Kinds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    signals: tuple[Signal, ...]


class _Scopes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    scopes: tuple[Scope, ...]


class Term(msgspec.Struct, frozen=True):
    """One term of the automaton: `owner` is the id of an indicator, a signal, a scope or a concept."""

    text: str
    owner: str
    lang: str
    source: str


class Lexicon(msgspec.Struct, frozen=True):
    """All entries by id. `families` keeps the glosses."""

    indicators: dict[str, IndicatorEntry]
    signals: dict[str, Signal]
    scopes: dict[str, Scope]
    sources: dict[str, Source]
    families: dict[str, str]
    concepts: dict[str, Concept]

    def terms(self) -> Iterator[Term]:
        """Every term as it is written in the files."""
        entries: list[IndicatorEntry | Signal | Scope | Concept] = [*self.indicators.values()]
        entries += [*self.signals.values(), *self.scopes.values(), *self.concepts.values()]
        for entry in entries:
            for lang, by_source in entry.terms.items():
                for source, texts in by_source.items():
                    for text in texts:
                        yield Term(text, entry.id, lang, source)


def load_lexicon(folder: Path | None = None) -> Lexicon:
    """The shipped lexicon, with the files of `folder` laid over it. Raises DataError naming file, entry and mistake."""
    base = shipped()
    return base if folder is None else _overlay(base, _files(folder))


@lru_cache(maxsize=1)
def shipped() -> Lexicon:
    """The lexicon that comes with jerat."""
    return _overlay(Lexicon({}, {}, {}, {}, {}, {}), _files(HERE))


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise DataError(f"The lexicon folder {folder} is not a folder", "Give the folder that holds the YAML files.")
    # Sources first: every other file refers to them; then concepts, which indicators name.
    paths = [path for path in folder.rglob("*.yaml") if path.name not in OWN_SHAPE]
    return sorted(paths, key=lambda path: (path.name != "sources.yaml", path.name != "concepts.yaml", path.name))


def _overlay(base: Lexicon, paths: Iterable[Path]) -> Lexicon:
    indicators, signals, scopes = dict(base.indicators), dict(base.signals), dict(base.scopes)
    sources, families, concepts = dict(base.sources), dict(base.families), dict(base.concepts)
    for path in paths:
        raw = _read(path)
        if raw is None:
            continue
        if path.name == "sources.yaml":
            sources.update(_convert(raw, dict[str, Source], path))
        elif "signals" in raw:
            for signal in _convert(raw, _Kinds, path).signals:
                _check_terms(path, signal.id, signal.terms, sources)
                signals[signal.id] = signal
        elif "scopes" in raw:
            for scope in _convert(raw, _Scopes, path).scopes:
                _check_terms(path, scope.id, scope.terms, sources)
                scopes[scope.id] = scope
        elif "concepts" in raw:
            for concept in _convert(raw, _Concepts, path).concepts:
                _check_terms(path, concept.id, concept.terms, sources)
                concepts[concept.id] = concept
        elif "indicators" in raw:
            family = _convert(raw, _Family, path)
            families[family.family] = family.gloss
            for entry in family.indicators:
                _check_entry(path, entry, sources, concepts)
                indicators[entry.id] = msgspec.structs.replace(entry, family=family.family)
        else:
            raise DataError(
                f"{path.name}: holds neither indicators, signals, scopes nor concepts, but {', '.join(map(str, raw))}",
                _HINT,
            )
    return Lexicon(indicators, signals, scopes, sources, families, concepts)


def _read(path: Path) -> dict[str, object] | None:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 -- a safe loader, in C
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DataError(f"{path.name}: cannot be read as YAML: {' '.join(str(error).split())}", _HINT) from error
    if isinstance(raw, list):
        return None  # a list of entries belongs to another room: places, wages, contacts
    if not isinstance(raw, dict):
        raise DataError(f"{path.name}: must be a mapping at the top, not {type(raw).__name__}", _HINT)
    return raw


_HINT: Final = "The lexicon that was in force stays in force; nlp/indicators/pay.yaml shows the form of an entry."


def _convert(raw: object, shape: type[T], path: Path) -> T:
    try:
        return msgspec.convert(raw, shape)
    except msgspec.ValidationError as error:
        raise DataError(f"{path.name}: {_place(raw, str(error))}", _HINT) from error


def _place(raw: object, message: str) -> str:
    """The message with the entry's own id in place of its number: `$.indicators[3]` says little to a person."""
    found = re.search(r"\$\.(indicators|signals|scopes|concepts)\[(\d+)\]", message)
    if found and isinstance(raw, dict):
        entry = raw[found[1]][int(found[2])]
        if isinstance(entry, dict) and "id" in entry:
            return f"entry {entry['id']}: {message}"
    return message


def _check_entry(path: Path, entry: IndicatorEntry, sources: dict[str, Source], concepts: dict[str, Concept]) -> None:
    where = f"{path.name}: entry {entry.id}"
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry.id):
        raise DataError(f"{where}: an id is lower-case words joined by hyphens", _HINT)
    if not 0 < entry.strength <= 1:
        raise DataError(f"{where}: strength must be above 0 and at most 1, not {entry.strength}", _HINT)
    if "en" not in entry.reason:
        raise DataError(f"{where}: reason has no English text", _HINT)
    if entry.source not in sources:
        raise DataError(f"{where}: source {entry.source} is not in sources.yaml", _HINT)
    if not entry.terms and not entry.rule and not entry.near:
        raise DataError(f"{where}: has neither terms nor a rule", _HINT)
    unknown = [name for group in entry.near for name in group if name not in concepts]
    if unknown or not all(entry.near):
        raise DataError(f"{where}: near names what is no concept: {', '.join(unknown) or 'an empty group'}", _HINT)
    _check_terms(path, entry.id, entry.terms, sources)


def _check_terms(path: Path, owner: str, terms: Terms, sources: dict[str, Source]) -> None:
    for lang, by_source in terms.items():
        for source, texts in by_source.items():
            where = f"{path.name}: entry {owner}, {lang}"
            if source not in sources:
                raise DataError(f"{where}: source {source} is not in sources.yaml", _HINT)
            for text in texts:
                if not any(part.strip(" ~") for part in text.split("…")):
                    raise DataError(f"{where}: a term is empty", _HINT)
