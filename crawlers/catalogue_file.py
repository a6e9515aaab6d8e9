"""Reads YAML written by hand: every value knows its line, and what YAML can do to harm is refused.

Aliases, tags, merge keys and keys given twice are mistakes here, and nothing is guessed of a word: `NO` is Norway and no
truth value. Numbers and truth values are told from words where the schema wants them, and inside the keys in `typed`.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

__all__ = ["MAX_BYTES", "BadFile", "Document", "documents", "text_of"]

Path_ = tuple[str | int, ...]

MAX_BYTES: Final = 256 * 1024
"""Of a file of declarations. One of them has a few hundred."""
_MAX_DEPTH: Final = 12
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOTHING: Final = ("", "~", "null", "Null", "NULL")
_INTEGER: Final = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT: Final = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{0,18}")


class BadFile(Exception):  # noqa: N818 -- it names what the file is
    """A file that cannot be read, from `line` on; 0 where it is the file as a whole."""

    def __init__(self, problem: str, line: int = 0, allowed: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line
        self.allowed = allowed


@dataclass(slots=True)
class Document:
    """One YAML document: text, lists and mappings, and the line of each value by its path."""

    value: Any
    line: int
    lines: dict[Path_, int] = field(default_factory=dict)

    def line_of(self, path: Path_) -> int:
        """The line of a value, or of the nearest that holds it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, self.line)


def text_of(path: Path) -> str:
    """The text of a file. Raises BadFile where it is none that can be read, or too large."""
    try:
        if not path.is_file():
            raise BadFile("is no file")
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise BadFile(f"cannot be read: {error.strerror}") from None
    if len(raw) > MAX_BYTES:
        raise BadFile(f"is larger than {MAX_BYTES // 1024} KiB", allowed="a declaration has some ten lines")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadFile(f"byte {error.start + 1} is not UTF-8", line, "save the file as UTF-8") from None


def documents(text: str, typed: Collection[str] = ()) -> Iterator[Document]:
    """The documents of a YAML text, which lines of `---` separate; empty ones are left out.

    Those before a mistake are given. Raises BadFile with the line of the mistake.
    """
    try:
        events = iter(yaml.parse(text, Loader=_LOADER))
        for event in events:
            if not isinstance(event, DocumentStartEvent):
                continue
            first = next(events)
            found = Document(None, _line(first))
            found.value = _Reader(events, found.lines, typed).value(first, ())
            if found.value is not None:
                yield found
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = str(getattr(error, "problem", None) or error).splitlines()[0]
        if mark is None and "position" in vars(error):  # a character that YAML does not allow
            mark_line = text.count("\n", 0, int(vars(error)["position"])) + 1
        else:
            mark_line = mark.line + 1 if mark is not None else 0
        tab = "\t" in _line_of_text(text, mark_line)
        allowed = "indent with spaces: the line has a tab" if tab else "docs/sources.md shows how a file is written"
        raise BadFile(f"is no YAML: {problem}", mark_line, allowed) from None


class _Reader:
    """Makes values of the events of one document."""

    def __init__(self, events: Iterator[Event], lines: dict[Path_, int], typed: Collection[str]) -> None:
        self._events = events
        self._lines = lines
        self._typed = typed

    def value(self, event: Event, path: Path_) -> Any:
        """The value that begins with `event`."""
        line = _line(event)
        self._lines.setdefault(path, line)
        if len(path) > _MAX_DEPTH:
            raise BadFile(f"is nested deeper than {_MAX_DEPTH} levels", line)
        if isinstance(event, AliasEvent):
            raise BadFile("holds an alias (*)", line, "write the value out")
        if getattr(event, "tag", None) not in (None, "!"):
            raise BadFile(f"holds a tag ({event.tag})", line, "write plain values")  # type: ignore[attr-defined]
        if isinstance(event, ScalarEvent):
            return self._scalar(event, path)
        if isinstance(event, SequenceStartEvent):
            found: list[Any] = []
            while not isinstance(item := next(self._events), SequenceEndEvent):
                found.append(self.value(item, (*path, len(found))))
            return found
        assert isinstance(event, MappingStartEvent)
        return self._mapping(path)

    def _mapping(self, path: Path_) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(key := next(self._events), MappingEndEvent):
            line = _line(key)
            if not isinstance(key, ScalarEvent):
                raise BadFile("has a key that is no word", line, "write `key: value`")
            if key.value in found:
                first = self._lines[(*path, key.value)]
                raise BadFile(f"has the key `{key.value}` twice, first in line {first}", line, "keep one of them")
            self._lines[(*path, key.value)] = line
            found[key.value] = self.value(next(self._events), (*path, key.value))
        return found

    def _scalar(self, event: ScalarEvent, path: Path_) -> Any:
        word = event.value
        if event.style:  # in quotes, or a block of text
            return word
        if word in _NOTHING:
            return None
        if not path or path[0] not in self._typed:
            return word
        if word in ("true", "false"):
            return word == "true"
        if _INTEGER.fullmatch(word):
            return int(word)
        return float(word) if _FLOAT.fullmatch(word) else word


def _line(event: Event) -> int:
    mark: Any = event.start_mark
    return int(mark.line) + 1


def _line_of_text(text: str, line: int) -> str:
    lines = text.split("\n")
    return lines[line - 1] if 0 < line <= len(lines) else ""
