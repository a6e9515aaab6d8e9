"""The query language: luqum reads it, and here its tree becomes ours."""

import math
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Final

from luqum import tree as lucene  # type: ignore[import-untyped]
from luqum.exceptions import ParseError  # type: ignore[import-untyped]
from luqum.thread import parse as read  # type: ignore[import-untyped]

from index.fields import BY_NAME, UNDATED, Field
from index.query.messages import fail
from index.query.scan import MAX_DEPTH, MAX_LENGTH, Safe, scan
from index.query.tree import And, Everything, Exists, Not, Or, Span, Text, Tree, Value
from index.query.values import read_date, read_number
from index.values import query_keys

__all__ = ["MAX_DEPTH", "MAX_LENGTH", "MAX_TERMS", "MIN_PREFIX", "parse"]

MAX_TERMS: Final = 300
MIN_PREFIX: Final = 2

_CONTACT: Final = re.compile(
    r"(?:https?://|tg://|mailto:|t\.me/|telegram\.me/|wa\.me/)\S+|@[A-Za-z0-9_.]{3,}|[^\s@]+@[^\s@]+\.[^\s@]+"
    r"|\+?\d[\d\s().-]{6,}", re.IGNORECASE
)  # fmt: skip
_STAR: Final = re.compile(r"(?<!\\)(?:\\\\)*\*")
_POSITION: Final = re.compile(r"position (\d+)")


def parse(query: str) -> Tree:
    """The meaning of a query; an empty one is everything.

    Raises QueryError with the position of what cannot be understood, and with the fields where one is unknown.
    """
    safe = scan(query)
    if not safe.text.strip():
        if query.strip():
            raise fail(query, 0, "there is nothing here to search for")
        return Everything()
    try:
        found = read(safe.text)
    except ParseError as error:
        raise _syntax(query, safe, str(error)) from None
    return _Reader(query, safe).tree(found, None, 0)


def _syntax(query: str, safe: Safe, message: str) -> Exception:
    match = _POSITION.search(message)
    if match is None or "end" in message.rpartition(" at ")[2]:
        last = query.split()[-1].lstrip("(") if query.split() else ""
        position = query.rfind(last) if last else len(query)
        return fail(query, position, f"something must follow `{last}`", "to search for the word itself, quote it")
    position = safe.origin[min(int(match[1]), len(safe.origin) - 1)]
    for operator in ("AND", "OR"):
        if query.startswith(operator, position):
            return fail(
                query, position, f"something must stand before `{operator}`", f'for the word itself, "{operator}"'
            )
    if query.startswith(")", position):
        return fail(query, position, "something must stand before this parenthesis")
    return fail(query, position, "this cannot stand here", 'to search for it as text, put it in quotation marks: "…"')


class _Reader:
    def __init__(self, query: str, safe: Safe) -> None:
        self.query = query
        self.safe = safe
        self.terms = 0

    def place(self, item: lucene.Item) -> int:
        position = item.pos if isinstance(item.pos, int) else 0
        return self.safe.origin[min(position, len(self.safe.origin) - 1)]

    def tree(self, item: lucene.Item, field: Field | None, depth: int) -> Tree:
        if depth > MAX_DEPTH:
            raise fail(self.query, self.place(item), f"a query can be nested at most {MAX_DEPTH} deep")
        match item:
            case lucene.OrOperation():
                return Or(tuple(self.tree(part, field, depth + 1) for part in _operands(item)))
            case lucene.AndOperation() | lucene.UnknownOperation():
                return And(tuple(self.tree(part, field, depth + 1) for part in _operands(item)))
            case lucene.Not() | lucene.Prohibit():
                return Not(self.tree(item.a, field, depth + 1))
            case lucene.Plus():
                return self.tree(item.a, field, depth + 1)
            case lucene.Group() | lucene.FieldGroup():
                return self.tree(item.expr, field, depth + 1)
            case lucene.SearchField():
                if field is not None:
                    raise fail(self.query, self.place(item), f"a field cannot stand inside `{field.name}:(…)`")
                named = BY_NAME.get(str(item.name))
                if named is None:  # such as `1":1"`, which looked like text at first
                    raise fail(self.query, self.place(item), f"there is no field `{item.name}`")
                return self.tree(item.expr, named, depth + 1)
            case lucene.Range():
                low, high = _plain(item.low), _plain(item.high)
                return self.span(item, field, low, high, bool(item.include_low), bool(item.include_high))
            case lucene.From():
                return self.span(item, field, _plain(item.a), "*", bool(item.include), True)
            case lucene.To():
                return self.span(item, field, "*", _plain(item.a), True, bool(item.include))
            case lucene.Phrase():
                return self.term(item, field, _plain(item), prefix=False, quoted=True)
            case lucene.Word():
                return self.word(item, field)
        raise fail(self.query, self.place(item), "this is not part of the query language", "quote it to search for it")

    def word(self, item: lucene.Word, field: Field | None) -> Tree:
        raw = str(item.value)
        if raw == "*":
            return Everything() if field is None else Exists(field.name)
        star = _STAR.search(raw)
        if star is None:
            return self.term(item, field, _plain(item), prefix=False)
        if star.end() != len(raw):
            raise fail(
                self.query,
                self.place(item),
                "a star can stand only at the end of a word, since words are looked up by how they begin",
                "for the sign itself, write `\\*` or quote it",
            )
        stem = _unescape(raw[: star.end() - 1])
        if len(unicodedata.normalize("NFKC", stem).strip()) < MIN_PREFIX:
            raise fail(self.query, self.place(item), f"before a star stand at least {MIN_PREFIX} characters")
        return self.term(item, field, stem, prefix=True)

    def term(self, item: lucene.Item, field: Field | None, text: str, *, prefix: bool, quoted: bool = False) -> Tree:
        self.terms += 1
        if self.terms > MAX_TERMS:
            raise fail(self.query, self.place(item), f"a query has at most {MAX_TERMS} words and phrases")
        place = self.place(item)
        if field is None:
            plain = Text((), text, prefix, place)
            if prefix or not _CONTACT.fullmatch(text.strip()):
                return plain
            keys = query_keys("contact", text)
            return Or((plain, Value("contact", keys))) if keys else plain
        if field.kind == "words":
            return Text((field.name,), text, prefix, place)
        if field.kind == "keyword":
            keys = query_keys(field.name, text)
            if not keys:
                raise fail(self.query, place, f"`{text}` is nothing that `{field.name}` could be")
            if field.ordered and not prefix and keys[0] not in field.ordered:
                raise fail(self.query, place, f"`{field.name}` is one of {', '.join(field.ordered)}")
            if prefix and max(map(len, keys)) < MIN_PREFIX:
                raise fail(self.query, place, f"before a star stand at least {MIN_PREFIX} characters")
            return Value(field.name, tuple(key for key in keys if not prefix or len(key) >= MIN_PREFIX), prefix)
        if prefix:
            raise fail(self.query, place, f"`{field.name}` takes no star", self.example(field))
        return self.span(item, field, text, text, True, True)

    def span(
        self, item: lucene.Item, field: Field | None, low: str, high: str, include_low: bool, include_high: bool
    ) -> Tree:
        place = self.place(item)
        if field is None:
            raise fail(self.query, place, "a range needs a field", "for example published:[2026-01-01 TO 2026-06-30]")
        if field.ordered:
            return self.levels(field, place, low, high, include_low, include_high)
        if field.kind in ("words", "keyword"):
            raise fail(self.query, place, f"`{field.name}` holds text, and so takes no range")
        if low.strip() == high.strip() == "*":
            return Exists(field.name)
        if field.kind == "date":
            first, last = self.date(field, place, low), self.date(field, place, high)
            # Dates name whole days: after a day is after its end, and up to a day is up to its end.
            from_ = UNDATED + 1 if first is None else first[0] if include_low else first[1] + 1
            to = None if last is None else last[1] if include_high else last[0] - 1
            return Span(field.name, from_, to)
        least, most = self.number(field, place, low), self.number(field, place, high)
        if field.kind == "whole":
            return Span(field.name, _whole(least, include_low, math.ceil), _whole(most, include_high, math.floor))
        return Span(field.name, least, most, include_low, include_high)

    def levels(self, field: Field, place: int, low: str, high: str, include_low: bool, include_high: bool) -> Tree:
        order = field.ordered
        for bound in (low.lower(), high.lower()):
            if bound != "*" and bound not in order:
                raise fail(self.query, place, f"`{field.name}` is one of {', '.join(order)}")
        first = 0 if low == "*" else order.index(low.lower()) + (not include_low)
        last = len(order) - 1 if high == "*" else order.index(high.lower()) - (not include_high)
        return Value(field.name, order[first : last + 1])

    def date(self, field: Field, place: int, text: str) -> tuple[int, int] | None:
        if text.strip() == "*":
            return None
        try:
            return read_date(text)
        except (ValueError, OverflowError):
            raise fail(self.query, place, f"`{text}` is no date", self.example(field)) from None

    def number(self, field: Field, place: int, text: str) -> float | None:
        if text.strip() == "*":
            return None
        try:
            return read_number(text)
        except (ValueError, OverflowError):
            raise fail(self.query, place, f"`{text}` is no number", self.example(field)) from None

    @staticmethod
    def example(field: Field) -> str:
        if field.kind == "date":
            return f"for example {field.name}:2026-06, {field.name}:>=2026-06-30 or {field.name}:[2026-01-01 TO *]"
        return f"for example {field.name}:>=1 or {field.name}:[1 TO *]"


def _whole(bound: float | None, include: bool, inwards: Callable[[float], int]) -> int | None:
    """The whole number that is the bound, itself included."""
    if bound is None:
        return None
    step = 1 if inwards is math.ceil else -1
    whole = inwards(bound)
    whole += step if not include and whole == bound else 0
    return max(-(2**62), min(2**62, whole))


def _operands(item: lucene.Item) -> Iterator[lucene.Item]:
    """The operands of an operation, and of the same operation among them: luqum nests `a b c` to the right."""
    waiting = [item]
    while waiting:
        current = waiting.pop()
        if type(current) is type(item):
            waiting += reversed(current.children)
        else:
            yield current


def _plain(item: lucene.Item) -> str:
    value = str(item.value)
    return _unescape(value[1:-1] if isinstance(item, lucene.Phrase) else value)


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)
