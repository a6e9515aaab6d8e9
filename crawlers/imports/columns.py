"""Which column of a table is what: by its heading, then by what stands in it, or by the person's word."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import msgspec

from crawlers.data import load
from crawlers.imports.days import DateReader
from jerat.errors import InputError

__all__ = ["FIELDS", "Mapping", "column_pairs", "has_heading", "heading_below", "mapped", "names_columns"]

FIELDS: Final = (
    "text", "title", "url", "author", "date", "fetched", "contact", "location", "salary", "company", "id", "platform", "source",
    "country",
)  # fmt: skip
"""Our names of what a column may hold."""
_ALIASES: Final = {
    "published_at": "date",
    "published": "date",
    "fetched_at": "fetched",
    "link": "url",
    "phone": "contact",
    "contacts": "contact",
    "place": "location",
    "locations": "location",
    "pay": "salary",
    "organisation": "company",
    "country_hint": "country",
    "description": "text",
}
_SEVERAL: Final = frozenset({"text", "contact", "location"})
"""Fields that several columns may hold together."""
_URL: Final = re.compile(r"(?i)(?:https?://|www\.)\S+|=HYPERLINK\(\"https?://.*")
_REACHES: Final = re.compile(
    r"(?:\+?\d[\s().-]{0,2}){8,15}|\S+@\S+\.\w+|@\w{4,32}|(?i:https?://)?(?:t|wa|line)\.me/\S+"
)
_FIGURE: Final = re.compile(r"[\d\s.,:/+$€£¥-]*\d[\d\s.,:/+-]*$")
_LONG: Final = 25
_HEADING: Final = 80
_MOST: Final = 0.6


class _Names(msgspec.Struct, forbid_unknown_fields=True):
    source: str
    fields: dict[str, dict[str, tuple[str, ...]]]


@dataclass(slots=True)
class Mapping:
    """The columns of each of our fields, by number from 0, and how each came to be it."""

    columns: dict[str, list[int]] = field(default_factory=dict)
    headings: list[str] = field(default_factory=list)
    how: dict[int, str] = field(default_factory=dict)

    @property
    def unused(self) -> list[int]:
        """Columns with a heading that are nothing."""
        used = {number for numbers in self.columns.values() for number in numbers}
        return [number for number in range(len(self.headings)) if number not in used]

    def label(self, number: int) -> str:
        """What a column is called on the screen."""
        heading = self.headings[number] if number < len(self.headings) else ""
        return heading or f"column {number + 1}"


def column_pairs(text: str) -> tuple[tuple[str, str], ...]:
    """The pairs in `text=Deskripsi,url=Link`. Raises InputError for a name that is none of ours."""
    pairs = []
    for part in re.split(r",(?=\s*\w+\s*=)", text) if text.strip() else ():
        name, sign, column = part.partition("=")
        name = name.strip().lower()
        name = _ALIASES.get(name, name)
        if not sign or not column.strip() or name not in FIELDS:
            raise InputError(
                f"--columns cannot be read at {part.strip()!r}",
                f"write text=Deskripsi,url=Link with names out of {', '.join(FIELDS)}",
            )
        pairs.append((name, column.strip()))
    return tuple(pairs)


def has_heading(rows: Sequence[Sequence[str]], given: Sequence[tuple[str, str]] = ()) -> bool:
    """Whether the first row names the columns: `given` are those that a person named."""
    if not rows:
        return False
    first = [cell.strip() for cell in rows[0]]
    named = [cell for cell in first if cell]
    if any(not column.isdecimal() and _plain(column) in map(_plain, named) for _, column in given):
        return True
    if not named or any(_URL.match(cell) or len(cell) > _HEADING or _FIGURE.match(cell) for cell in named):
        return False
    known = sum(bool(_field_of(cell)) for cell in named)
    if known * 2 >= len(named) or (known and len(named) == len(set(named)) == len(first)):
        return True
    # None is a word that is known: it is a heading if what stands below it looks otherwise.
    below = [[row[number].strip() for row in rows[1:50] if number < len(row)] for number in range(len(first))]
    return len(set(named)) == len(first) and any(
        len(values) >= 2
        and (
            max(_share(values, _URL), _share(values, _FIGURE)) > _MOST
            or _average(values) > max(40, 3 * len(first[number]))
        )
        for number, values in enumerate(below)
    )


def heading_below(rows: Sequence[Sequence[str]]) -> int:
    """The number of the row, among the first ten, that names at least two columns by known words; 0 where it is the first.

    Reports begin with their title, and lists with who made them.
    """
    return next((number for number, row in enumerate(rows[:10]) if names_columns(row)), 0)


def names_columns(row: Sequence[str]) -> bool:
    """Whether a row is a heading beyond doubt: it has known names of two fields at least, and no address."""
    named = [field_of for cell in row if (field_of := _field_of(cell.strip())) is not None and field_of[0] >= 1000]
    return len({name for _, name in named}) >= 2 and not any(_URL.match(cell.strip()) for cell in row)


def mapped(headings: Sequence[str], rows: Sequence[Sequence[str]], given: Sequence[tuple[str, str]] = ()) -> Mapping:
    """The columns by `given` first, then by `headings` (empty where there are none), then by the values in `rows`.

    Raises InputError where `given` names a column that there is not, or where no column can be the text or the title.
    """
    width = max(len(headings), max((len(row) for row in rows), default=0))
    found = Mapping(headings=[heading.strip() for heading in headings])
    values = [
        [row[number].strip() for row in rows if number < len(row) and row[number].strip()] for number in range(width)
    ]
    for name, column in given:
        number = _column(column, found.headings, width)
        found.columns.setdefault(name, []).append(number)
        found.how[number] = "given"
    _by_heading(found, values, {name for name, _ in given})
    _by_values(found, values)
    if not found.columns.get("text") and not found.columns.get("title"):
        seen = ", ".join(found.label(number) for number in range(min(width, 20)))
        raise InputError(
            f"no column looks like the text of a post; the columns are: {seen}", "--columns text=NAME says which it is"
        )
    return found


def _column(column: str, headings: list[str], width: int) -> int:
    for same in (lambda one: one == column, lambda one: _plain(one) == _plain(column)):
        matching = [number for number, heading in enumerate(headings) if heading and same(heading)]
        if matching:
            return matching[0]
    if column.isdecimal() and 1 <= int(column) <= width:
        return int(column) - 1
    seen = ", ".join(heading or f"column {number + 1}" for number, heading in enumerate(headings)) or f"1 to {width}"
    raise InputError(f"the table has no column {column!r}", f"its columns are: {seen}")


def _plain(heading: str) -> str:
    """A heading without case, marks and signs: `Post_URL ` is `post url`."""
    text = unicodedata.normalize("NFKC", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)).casefold()
    kept = (char if unicodedata.category(char)[0] in "LMN" else " " for char in text)
    return " ".join("".join(kept).split())


@cache
def _known() -> dict[str, str]:
    languages = load("columns.yaml", _Names).fields
    if set(languages) != set(FIELDS):
        raise InputError(f"crawlers/data/columns.yaml has the fields {sorted(languages)} and not {sorted(FIELDS)}")
    return {_plain(name): field_name for field_name, by in languages.items() for names in by.values() for name in names}


@cache
def _field_of(heading: str) -> tuple[int, str] | None:
    """The field of a heading, with a rank: 1000 and more where it is a known name as a whole."""
    plain = _plain(heading)
    if not plain:
        return None
    whole = _known().get(plain)
    if whole is not None:
        return 1000 + len(plain), whole
    best: tuple[int, str] | None = None
    for name, field_name in _known().items():
        inside = f" {name} " in f" {plain} " if plain.isascii() or " " in plain else len(name) > 1 and name in plain
        if inside and len(name) > 2 - (not name.isascii()) and (best is None or len(name) > best[0]):
            best = len(name), field_name
    return best


def _by_heading(found: Mapping, values: list[list[str]], settled: set[str]) -> None:
    ranked: dict[str, list[tuple[int, int]]] = {}
    for number, heading in enumerate(found.headings):
        named = _field_of(heading)
        if named is None or number in found.how or number >= len(values):
            continue
        rank, name = named
        name = _corrected(name, values[number])
        if name and name not in settled:
            ranked.setdefault(name, []).append((rank, number))
    for name, numbers in ranked.items():
        found.columns[name] = _chosen(name, numbers, values)
        found.how |= dict.fromkeys(found.columns[name], "by its heading")


def _chosen(name: str, numbers: list[tuple[int, int]], values: list[list[str]]) -> list[int]:
    """Of the columns that have a heading of one field, with their ranks, those that are it."""
    whole = [number for rank, number in numbers if rank >= 1000]
    if name in ("contact", "location"):
        return sorted(number for _, number in numbers)
    if name in _SEVERAL and whole:
        return sorted(whole)
    if name == "url":  # that of the post differs in each row; that of its group or its picture's folder does not
        return [max(numbers, key=lambda pair: (_distinct(values[pair[1]]), pair[0] >= 1000, -pair[1]))[1]]
    if name in ("date", "fetched"):  # hours apart from the day are none
        return [max(numbers, key=lambda pair: (_dated(values[pair[1]]), pair[0] >= 1000, -pair[1]))[1]]
    if whole:
        return [min(whole)]
    return [max(numbers)[1]] if name not in _SEVERAL else sorted(number for _, number in numbers)


def _dated(values: list[str]) -> float:
    reader = DateReader("dmy")
    return sum(reader.read(value) is not None for value in values[:100]) / len(values[:100]) if values else 0.0


def _distinct(values: list[str]) -> float:
    return round(len(set(values)) / len(values), 1) if values else 0.0


def _corrected(name: str, values: list[str]) -> str:
    """What a column is where its values say otherwise than its heading."""
    if not values:
        return name
    links = _share(values, _URL)
    if name in ("source", "id", "text", "title", "author") and links > 0.9:
        return "url" if len(set(values)) > len(values) * 0.5 else ""
    if name == "url" and links < 0.2:
        return ""
    if name == "country" and any(len(value) != 2 for value in values):
        return "location"
    return name


def _by_values(found: Mapping, values: list[list[str]]) -> None:
    free = [number for number in range(len(values)) if number not in found.how and values[number]]

    def take(name: str, numbers: list[int]) -> None:
        if numbers and name not in found.columns:
            found.columns[name] = numbers
            found.how.update(dict.fromkeys(numbers, "by its values"))
            free[:] = [number for number in free if number not in numbers]

    take("url", [number for number in free if _share(values[number], _URL) > _MOST][:1])
    if not any(found.headings):  # without headings, what is not plain from its values stays unused
        take("date", [number for number in free if _dated(values[number]) > 0.8][:1])
        reached = (number for number in free if _share(values[number], _REACHES) > _MOST)
        take("contact", [number for number in reached if _average(values[number]) < 60])
    worded = [number for number in free if _share(values[number], _URL) < _MOST and _lettered(values[number])]
    longest = max(worded, key=lambda number: _average(values[number]), default=None)
    if longest is not None and (_average(values[longest]) >= _LONG or not any(found.headings)):
        take("text", [longest])


def _lettered(values: list[str]) -> bool:
    letters = sum(sum(char.isalpha() for char in value) for value in values[:100])
    return letters * 2 > sum(len(value) for value in values[:100])


def _share(values: list[str], pattern: re.Pattern[str]) -> float:
    return sum(bool(pattern.match(value)) for value in values) / len(values) if values else 0.0


def _average(values: list[str]) -> float:
    return sum(map(len, values)) / len(values) if values else 0.0
