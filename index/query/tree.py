"""What a query means, as a small tree of frozen values: the same for both engines, for highlights and for matching."""

from dataclasses import dataclass

__all__ = ["And", "Everything", "Exists", "Match", "Not", "Or", "Span", "Text", "Tree", "Value"]


@dataclass(frozen=True, slots=True)
class Everything:
    """`*`: all posts."""


@dataclass(frozen=True, slots=True)
class Text:
    """Text to look for in fields of words, as typed, before it is broken into words. `fields` is empty for all of them."""

    fields: tuple[str, ...]
    text: str
    prefix: bool = False
    position: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    """The words, as a phrase, in one of the fields; and with `prefix`, a word that begins so in the same field."""

    fields: tuple[str, ...]
    words: tuple[str, ...]
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """A keyword field that has one of the keys; with `prefix`, a key that begins with one of them."""

    field: str
    keys: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A number, or a date in microseconds since 1970, between two bounds; None is open."""

    field: str
    low: float | int | None
    high: float | int | None
    include_low: bool = True
    include_high: bool = True


@dataclass(frozen=True, slots=True)
class Exists:
    """Posts that have anything in the field."""

    field: str


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of them."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The posts that it does not match."""

    part: "Tree"


Tree = Everything | Text | Match | Value | Span | Exists | And | Or | Not
