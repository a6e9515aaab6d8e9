"""What must hold of a declaration: its keys and types, and what no type says. Every mistake is told, each with its line."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, cast

import msgspec
import phonenumbers

from crawlers.board.rules import BoardRules, check
from crawlers.catalogue_file import Document
from crawlers.catalogue_keys import keys, keys_of, struct_of
from crawlers.catalogue_urls import url_problem
from crawlers.declared import Source
from crawlers.kinds import KINDS

__all__ = ["Mistake", "checked", "did_you_mean"]

_Path = tuple[str | int, ...]

_YES: Final = {"yes": True, "on": True, "no": False, "off": False}
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
_AT: Final = re.compile(r" - at `\$(?P<path>.*)`$")
_STEPS: Final = re.compile(r"\.(\w+)|\[(\d+)\]")
_STAND_INS: Final[dict[str, Any]] = {"name": "unnamed", "title": "unnamed", "kind": "auto"}
"""For what is missing or wrong, so that the rest is examined all the same."""
_ALLOWED: Final = {
    "kind": ", ".join(("auto", *KINDS)),
    "country": "two capital letters (ISO 3166) of a country, such as ID or KH; leave it out where the offers are of many",
    "languages": "a list of language codes, such as [id, en] or [zh-Hant]",
    "urls": "a list: [https://jobs.example/list, https://jobs.example/more]",
    "board": "the keys that docs/sources.md lists for boards",
    "verified": "`unverified`, or the keys `on` (a day) and `how`",
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a file of declarations, where, and what is allowed there. `source` is empty where none has a name."""

    file: Path
    line: int
    source: str
    problem: str
    allowed: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else str(self.file)
        whose = f" source {self.source}:" if self.source else ""
        return f"{where}:{whose} {self.problem}" + (f"; allowed: {self.allowed}" if self.allowed else "")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` (did you mean …?)` with the words nearest to `word`, or nothing where none is near."""
    near = get_close_matches(word.lower(), list(known), n=3, cutoff=0.6)
    return f"did you mean {' or '.join(near)}?" if near else ""


def checked(document: Document, file: Path) -> Source | list[Mistake]:
    """The source that a document declares, or all that is wrong with it, in the order of the lines."""
    raw = document.value
    if not isinstance(raw, dict):
        form = "a list" if isinstance(raw, list) else "a text"
        allowed = "`key: value` lines; several sources in one file are separated by lines of `---`"
        return [Mistake(file, document.line, "", f"a declaration is not {form}", allowed)]
    name = raw.get("name")
    source = name if isinstance(name, str) else ""
    found = _Check(document)
    values = found.converted(raw)
    made = Source(**(_STAND_INS | values))
    found.rules(made)
    if not found.problems:
        return made
    return [
        Mistake(file, line, source, problem, allowed)
        for line, problem, allowed in sorted(found.problems, key=lambda one: one[0])
    ]


class _Check:
    """One declaration under examination."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._wrong: set[str | int] = set()
        self.problems: list[tuple[int, str, str]] = []

    def add(self, path: _Path, problem: str, allowed: str = "") -> None:
        self.problems.append((self._document.line_of(path), problem, allowed))

    # -- keys and types --------------------------------------------------------------------------------------------

    def converted(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """The values as the schema has them; what does not fit is noted and left out."""
        known = self._known(raw, (), ())
        values: dict[str, Any] = {}
        for field in msgspec.structs.fields(Source):
            value = known.get(field.name)
            if value is None:
                if field.required:
                    self.add((), f"`{field.name}` is missing", _said(field.name))
                continue
            if struct_of(field.type) is not None and isinstance(value, dict):
                value = _plain(self._known(value, (field.name,), (field.name,)))
            elif field.type is bool:
                value = _YES.get(value, value) if isinstance(value, str) else value
            try:
                values[field.name] = msgspec.convert(value, field.type, strict=False)
            except msgspec.ValidationError as error:
                self._wrong.add(field.name)
                self._mismatch(str(error), field.name)
        return values

    def _known(self, raw: Mapping[str, Any], path: _Path, names: tuple[str, ...]) -> dict[str, Any]:
        """What stands under keys that there are, without those that have no value."""
        begin = ".".join(names)
        allowed = keys_of(begin)
        kept = {}
        for key, value in raw.items():
            if key in allowed:
                if value is not None:
                    kept[key] = _YES.get(value, value) if _is_bool(begin, key) and isinstance(value, str) else value
                continue
            near = did_you_mean(key, allowed)
            where = f" in `{begin}`" if begin else ""
            self.add(
                (*path, key), f"there is no key `{key}`{where}" + (f": {near}" if near else ""), ", ".join(allowed)
            )
        return kept

    def _mismatch(self, message: str, name: str) -> None:
        """A type that does not fit, in our words."""
        at = _AT.search(message)
        steps = (name, *_steps(at["path"] if at else ""))
        plain = ".".join(str(step) for step in steps if isinstance(step, str))
        shown = plain + "".join(f", entry {step + 1}" for step in steps if isinstance(step, int))
        bare = _AT.sub("", message)
        if missing := re.fullmatch(r"Object missing required field `(\w+)`", bare):
            whole = f"{plain}.{missing[1]}"
            self.add(steps, f"`{whole}` is missing", _said(whole))
            return
        self.add(steps, f"`{shown}` {_in_words(bare)}", _said(plain))

    # -- what no type says -------------------------------------------------------------------------------------------

    def rules(self, source: Source) -> None:
        """What must hold between the values, where each of them is of its type."""
        for path, problem, allowed in _rules(source):
            if not (path and path[0] in self._wrong):
                self.add(path, problem, allowed)


def _rules(source: Source) -> Iterator[tuple[_Path, str, str]]:
    kinds = ("auto", *KINDS)
    if source.kind not in kinds:
        near = did_you_mean(source.kind, kinds)
        yield ("kind",), f"there is no kind `{source.kind}`" + (f": {near}" if near else ""), ", ".join(kinds)
    if source.name.endswith("\n"):
        yield ("name",), "`name` ends with a new line", _said("name")
    if source.country is not None and source.country not in phonenumbers.SUPPORTED_REGIONS:
        yield ("country",), f"`{source.country}` is no country", _said("country")
    for at, language in enumerate(source.languages):
        if not _LANGUAGE.fullmatch(language):
            yield ("languages", at), f"`{language}` is no code of a language", _said("languages")
    yield from _addresses(source)
    if not source.enabled and not (source.terms.strip() or source.note.strip()):
        yield ("enabled",), "it is switched off, and neither `terms` nor `note` says why", "a sentence with the reason"
    if not source.enabled and not source.instead.strip():
        yield ("enabled",), "it is switched off, and `instead` is missing", _said("instead")
    days = [("robots", source.robots), ("verified", source.verified)]
    for key, part in days:
        on = cast("date | None", getattr(part, "on", None))
        if on is not None and on > datetime.now(UTC).date():
            yield (key, "on"), f"`{key}.on` lies in the future", "the day on which it was"
    if source.board is not None and source.kind not in ("board", "browser"):
        said = f"`board` is of the kinds board and browser, and this source is of the kind {source.kind}"
        yield ("board",), said, "kind: board"
    elif source.board is not None:
        yield from _board(source.board)


def _addresses(source: Source) -> Iterator[tuple[_Path, str, str]]:
    if not source.urls:
        yield ("urls",), "`urls` is missing", _ALLOWED["urls"]
    for at, url in enumerate(source.urls):
        problem, allowed = url_problem(source.kind, url)
        if problem:
            yield ("urls", at), f"`urls`, entry {at + 1}: {problem}", allowed
        if url in source.urls[:at]:
            yield ("urls", at), f"`urls`, entry {at + 1} stands there twice", "each address once"


def _board(raw: dict[str, object]) -> Iterator[tuple[_Path, str, str]]:
    """What the crawler of boards has to say of the block."""
    try:
        rules = msgspec.convert(raw, BoardRules)
    except msgspec.ValidationError as error:
        at = _AT.search(str(error))
        steps = _steps(at["path"] if at else "")
        bare = _AT.sub("", str(error))
        where = ".".join(["board", *(str(step) for step in steps)])
        if unknown := re.fullmatch(r"Object contains unknown field `(.*)`", bare):
            allowed = _board_keys(steps)
            near = did_you_mean(unknown[1], allowed)
            said = f"there is no key `{unknown[1]}` in `{where}`" + (f": {near}" if near else "")
            yield ("board", *steps, unknown[1]), said, ", ".join(allowed)
        else:
            yield ("board", *steps), f"`{where}` {_in_words(bare)}", _said("board")
        return
    for path, problem in check(rules):
        inner = path.split(".") if path else []
        yield ("board", *inner), f"`{'.'.join(('board', *inner))}`: {problem}", ""


def _board_keys(steps: _Path) -> list[str]:
    struct: type[msgspec.Struct] | None = BoardRules
    for step in steps:
        inner = {field.encode_name: field.type for field in msgspec.structs.fields(struct)} if struct else {}
        struct = struct_of(inner.get(str(step)))
    return [field.encode_name for field in msgspec.structs.fields(struct)] if struct else []


def _steps(path: str) -> _Path:
    """The steps of a path as msgspec writes it, such as `.urls[2]`."""
    return tuple(word or int(number) for word, number in _STEPS.findall(path))


def _plain(part: dict[str, Any]) -> dict[str, Any]:
    """`posts: {min: 3}` says what `posts: 3` does."""
    posts = part.get("posts")
    return part | {"posts": posts["min"]} if isinstance(posts, dict) and posts.keys() == {"min"} else part


def _is_bool(begin: str, key: str) -> bool:
    known = keys()[f"{begin}.{key}" if begin else key]
    return known.default in ("true", "false")


def _said(name: str) -> str:
    return _ALLOWED.get(name) or (keys()[name].meaning if name in keys() else "")


def _in_words(message: str) -> str:
    """What msgspec says of a value, for people who write YAML."""
    message = message.replace(" | null`", "`")
    if "matching regex" in message:
        return "has not the right form"
    if match := re.fullmatch(r"Expected `(\w+)`, got `(\w+)`", message):
        names = {
            "str": "a text",
            "int": "a whole number",
            "float": "a number",
            "bool": "true or false",
            "array": "a list",
        }
        names |= {"object": "a group of keys", "null": "nothing"}
        return f"must be {names.get(match[1], match[1])}, and is {names.get(match[2], match[2])}"
    if match := re.fullmatch(r"Expected `\w+` (>=|<=) (\S+)", message):
        return f"must be {'at least' if match[1] == '>=' else 'at most'} {match[2]}"
    if match := re.fullmatch(r"Expected `\w+` of length >= (\d+)", message):
        return f"must have at least {match[1]} characters" if match[1] != "1" else "is empty"
    if "date" in message:
        return "is no day"
    return f"does not fit: {message}"
