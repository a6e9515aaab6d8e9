"""Word lists and tables as data: YAML or CSV beside the code, checked against a schema, added to by an analyst.

A data file is a list of entries (YAML) or rows under a header (CSV). An analyst's folder (`JERAT_LEXICON`) may hold a
file of the same name, in any subfolder or none: its entries are added, and where an entry has the `id` of one of ours, it
takes its place.
"""

import csv
import hashlib
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
import yaml

from jerat.errors import DataError

__all__ = ["digest", "document", "rows"]

T = TypeVar("T")

_ROOM: Final = Path(__file__).parent
_SUFFIXES: Final = (".yaml", ".yml", ".csv", ".npz")
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def rows(path: Path, schema: type[T], lexicon: Path | None = None) -> list[T]:
    """The entries of a data file, each as `schema` (a msgspec Struct), with what the analyst's folder adds or overrides.

    CSV cells are text: numbers in the schema are read from it, and an empty cell takes the schema's default. Raises
    DataError with the file, the entry (its number and id) and the mistake.
    """
    entries = _read(path, schema)
    for extra in _extras(path, lexicon):
        entries = _merge(entries, _read(extra, schema))
    return entries


def document(path: Path, schema: type[T]) -> T:
    """A YAML file as a whole, as `schema`. Raises DataError with the file and the mistake."""
    try:
        return msgspec.convert(_yaml(path), schema)
    except msgspec.ValidationError as error:
        raise DataError(f"{path}: {error}") from None


def digest(lexicon: Path | None = None) -> str:
    """12 hexadecimal digits that change with any data file of nlp or of the analyst's folder."""
    state = hashlib.blake2b(digest_size=6)
    for root in (_ROOM, lexicon):
        if root is None:
            continue
        for path in sorted(p for p in root.rglob("*") if p.suffix in _SUFFIXES):
            state.update(path.relative_to(root).as_posix().encode("utf-8", "surrogateescape") + b"\0")
            state.update(path.read_bytes())
    return state.hexdigest()


def _extras(path: Path, lexicon: Path | None) -> list[Path]:
    if lexicon is None:
        return []
    if not lexicon.is_dir():
        raise DataError(
            f"the lexicon folder {lexicon} does not exist", hint="Set JERAT_LEXICON to a folder, or unset it."
        )
    return sorted(found for found in lexicon.rglob(path.name) if found.is_file())


def _merge(base: list[T], extra: Iterable[T]) -> list[T]:
    merged = list(base)
    places = {key: at for at, entry in enumerate(merged) if (key := getattr(entry, "id", None))}
    for entry in extra:
        key = getattr(entry, "id", None)
        if key and key in places:
            merged[places[key]] = entry
        else:
            if key:
                places[key] = len(merged)
            merged.append(entry)
    return merged


def _read(path: Path, schema: type[T]) -> list[T]:
    if path.suffix == ".csv":
        return _read_csv(path, schema)
    raw = _yaml(path)
    if raw is None:
        return []
    if not isinstance(raw, list):
        raise DataError(f"{path}: the file must be a list of entries, and is a {type(raw).__name__}")
    return _unique(path, [_convert(path, number, entry, schema, strict=True) for number, entry in enumerate(raw, 1)])


def _read_csv(path: Path, schema: type[T]) -> list[T]:
    text = _text(path)
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("#")]
    found = []
    reader = csv.DictReader(io.StringIO("".join(lines)), strict=True)
    try:
        for number, row in enumerate(reader, 1):
            if None in row:
                raise DataError(f"{path}: row {number} has more cells than the header")
            cells = {name: cell for name, cell in row.items() if cell}
            found.append(_convert(path, number, cells, schema, strict=False))
    except csv.Error as error:
        raise DataError(f"{path}: line {reader.line_num}: {error}") from None
    return _unique(path, found)


def _convert(path: Path, number: int, entry: Any, schema: type[T], *, strict: bool) -> T:
    try:
        return msgspec.convert(entry, schema, strict=strict)
    except msgspec.ValidationError as error:
        name = f" ({entry['id']})" if isinstance(entry, dict) and "id" in entry else ""
        raise DataError(f"{path}: entry {number}{name}: {error}") from None


def _unique(path: Path, entries: list[T]) -> list[T]:
    seen: dict[str, int] = {}
    for number, entry in enumerate(entries, 1):
        key = getattr(entry, "id", None)
        if not key:
            continue
        if key in seen:
            raise DataError(f"{path}: entry {number} has the id {key!r} of entry {seen[key]}")
        seen[key] = number
    return entries


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: byte {error.start} is not UTF-8", hint="Save the file as UTF-8.") from None


def _yaml(path: Path) -> Any:
    try:
        return yaml.load(_text(path), Loader=_LOADER)  # noqa: S506 -- a safe loader, in C where there is one
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" line {mark.line + 1}, column {mark.column + 1}:" if mark is not None else ""
        raise DataError(f"{path}:{where} {getattr(error, 'problem', None) or error}") from None
