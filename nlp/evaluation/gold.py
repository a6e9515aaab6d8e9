r"""Gold posts for entities, from JSONL made anywhere or from marked text as people write it.

JSONL: `{"id", "text", "country_hint"?, "language"?, "entities": [{"kind", "value", "start"?, "end"?, "tricks"?, "optional"?,
"role"?, "bank"?}]}`, `value` being a text or a list of texts of which any is right.

Marked text: a line `--- ID LANGUAGE`, which may go on with `hint=CC` and `near-miss`, then the post, in which each expected
entity stands as `[[surface|kind|value]]`. More fields may follow: `role=`, `bank=`, `optional`, and the name of each trick by
which the surface is hidden. `value or value` means that either is right. `\u200b` and its like stand for characters that
nobody would see. Lines before the first `---` are comments. Offsets are counted here and never typed.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from jerat.errors import InputError
from jerat.model import ENTITY_KINDS

__all__ = ["TRICKS", "Expected", "Gold", "read_gold"]

TRICKS: Final = (
    "zero-width", "fullwidth", "circled", "keycap", "mathematical", "homoglyph", "separators", "digit-words",
    "at-dot", "alias", "broken-link", "split-handle", "character-swap",
)  # fmt: skip
"""How contacts are hidden; the names that marked text may use."""

_HEAD: Final = re.compile(r"^--- (\S+) (\S+)(?: hint=([A-Z]{2}))?( near-miss)?$", re.MULTILINE)
_MARK: Final = re.compile(r"\[\[([^|\]]*(?:\][^|\]]+)*)\|([^\]]*)\]\]")
_ESCAPE: Final = re.compile(r"\\u([0-9a-f]{4})")
_HINT: Final = 'Each line needs "id", "text" and "entities": [{"kind", "value", "start"?, "end"?}].'


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """An entity that has to be found. `end` 0 means that no span was given; `optional` ones count for nothing."""

    kind: str
    values: tuple[str, ...]
    start: int = 0
    end: int = 0
    tricks: tuple[str, ...] = ()
    optional: bool = False
    role: str = ""
    bank: str = ""


class Gold(msgspec.Struct, frozen=True, kw_only=True):
    """A post with all entities that stand in it. `near_miss` posts have no contact, and much that looks like one."""

    id: str
    text: str
    entities: tuple[Expected, ...]
    language: str = ""
    country_hint: str = ""
    near_miss: bool = False


def read_gold(path: Path) -> list[Gold]:
    """The gold posts of a file, JSONL or marked text. Raises InputError that names the line or the post."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}", "Give a file of gold posts.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8: {error}", "Save it as UTF-8.") from error
    posts = list(_lines(path, text) if text.lstrip().startswith("{") else _marked(path, text))
    if not posts:
        raise InputError(f"{path} has no posts", _HINT)
    return posts


def _lines(path: Path, text: str) -> Iterator[Gold]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield _from_object(msgspec.json.decode(line))
            except (msgspec.DecodeError, ValueError, TypeError, KeyError, AttributeError) as error:
                raise InputError(f"{path}, line {number}: {_why(error)}", _HINT) from error


def _why(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)


def _from_object(row: dict[str, Any]) -> Gold:
    text = row["text"]
    if not isinstance(text, str):
        raise TypeError("text is not a text")
    found = tuple(_expected(one, text) for one in row["entities"])
    near = row.get("near_miss", not any(one.kind not in _NO_CONTACT for one in found))
    return Gold(
        id=str(row["id"]), text=text, entities=found, language=row.get("language") or "",
        country_hint=(row.get("country_hint") or "").upper(), near_miss=bool(near),
    )  # fmt: skip


_NO_CONTACT: Final = frozenset({"location", "salary", "age", "organisation", "person"})


def _expected(one: dict[str, Any], text: str) -> Expected:
    values = one["value"] if isinstance(one["value"], list) else [one["value"]]
    start, end = int(one.get("start") or 0), int(one.get("end") or 0)
    if end and not 0 <= start < end <= len(text):
        raise ValueError(f"the span {start} to {end} is not inside the text")
    tricks = one.get("tricks") or ("hidden",) * bool(one.get("obfuscated"))
    return _known(Expected(
        kind=str(one["kind"]), values=tuple(map(str, values)), start=start, end=end, tricks=tuple(tricks),
        optional=bool(one.get("optional")), role=one.get("role") or "", bank=one.get("bank") or "",
    ))  # fmt: skip


def _known(expected: Expected) -> Expected:
    if expected.kind not in ENTITY_KINDS:
        raise ValueError(f"{expected.kind!r} is no kind of entity; there are {', '.join(ENTITY_KINDS)}")
    return expected


def _marked(path: Path, text: str) -> Iterator[Gold]:
    heads = list(_HEAD.finditer(text))
    for head, following in zip(heads, [*heads[1:], None], strict=False):
        body = text[head.end() + 1 : following.start() if following else len(text)].rstrip("\n")
        try:
            plain, entities = _unmarked(body)
        except ValueError as error:
            raise InputError(f"{path}, post {head[1]}: {error}", "See nlp/evaluation/gold.py for the marks.") from error
        yield Gold(
            id=head[1], language=head[2], country_hint=head[3] or "", near_miss=bool(head[4]),
            text=plain, entities=entities,
        )  # fmt: skip


def _unmarked(body: str) -> tuple[str, tuple[Expected, ...]]:
    """The post without its marks, and what they say."""
    parts: list[str] = []
    entities: list[Expected] = []
    at = length = 0
    for mark in _MARK.finditer(body):
        before, surface = _unescaped(body[at : mark.start()]), _unescaped(mark[1])
        start = length + len(before)
        entities.append(_from_mark(mark[2].split("|"), start, start + len(surface)))
        parts += (before, surface)
        length, at = start + len(surface), mark.end()
    parts.append(_unescaped(body[at:]))
    text = "".join(parts)
    if "[[" in text or "]]" in text or "\n--- " in f"\n{text}":
        raise ValueError("a mark is not closed, or a head line is not well formed")
    return text, tuple(entities)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def _from_mark(fields: list[str], start: int, end: int) -> Expected:
    kind, value, *more = [*fields, ""] if len(fields) == 1 else fields
    tricks, named = [], {}
    for word in filter(None, more):
        name, equals, rest = word.partition("=")
        if equals and name in ("role", "bank"):
            named[name] = rest
        elif word in TRICKS:
            tricks.append(word)
        elif word != "optional":
            raise ValueError(f"{word!r} is no trick")
    optional = "optional" in more
    if not value and not optional:
        raise ValueError(f"a {kind} has no value")
    return _known(Expected(
        kind=kind, values=tuple(value.split(" or ")), start=start, end=end, tricks=tuple(tricks), optional=optional,
        **named,
    ))  # fmt: skip
