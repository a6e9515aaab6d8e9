"""Makes what people type safe for luqum: what is meant as syntax stays, everything else is escaped.

An address, a phone number, a heading such as `Gaji: 1000` or a smiley is text, not syntax, and is searched as text.
"""

import re
from dataclasses import dataclass
from typing import Final

from index.fields import BY_NAME
from index.query.messages import fail, unknown_field

__all__ = ["MAX_DEPTH", "MAX_LENGTH", "Safe", "scan"]

MAX_LENGTH: Final = 10_000
MAX_DEPTH: Final = 16

_FIELD: Final = re.compile(r"([A-Za-z_]\w*):", re.ASCII)
_ADDRESS: Final = re.compile(r"(?:[a-z][a-z0-9+.-]{1,20}://|mailto:|tel:|sms:|tg:)[^\s\"]+", re.I)
_PHONE: Final = re.compile(r"\+\d(?:[\s().-]{0,2}\d){6,14}(?![\d*])")
_RANGE: Final = re.compile(r"([\[{])\s*(\"[^\"]*\"|[^\s\"\]}]+)\s+TO\s+(\"[^\"]*\"|[^\s\"\]}]+)\s*([\]}])")
_COMPARE: Final = re.compile(r"[<>]=?")
_OPERATORS: Final = frozenset({"AND", "OR", "NOT"})
_QUOTES: Final = {'"': '"', "“": "”", "„": "“", "«": "»", "「": "」"}
_END: Final = re.compile(r"[\s()\"]")


@dataclass(frozen=True, slots=True)
class Safe:
    """A query in luqum's syntax. `origin[i]` is where its character `i` stands in the query as typed."""

    text: str
    origin: tuple[int, ...]


class _Scanner:
    def __init__(self, query: str) -> None:
        self.query = query
        self.at = 0
        self.out: list[str] = []
        self.origin: list[int] = []
        self.open: list[int] = []

    def emit(self, text: str, origin: int) -> None:
        """Write `text`; its characters stand one by one from `origin` on, as far as the query reaches."""
        last = len(self.query)
        self.out.append(text)
        self.origin += [min(origin + step, last) for step in range(len(text))]

    def literal(self, text: str, origin: int) -> None:
        """Write `text` as one term of luqum, a star at its end kept as the wildcard."""
        escaped = False
        for step, char in enumerate(text):
            star = char == "*" and not escaped
            if char == "\\" and not escaped and step + 1 < len(text):
                escaped = True
                continue
            safe = star or (char.isascii() and char.isalnum()) or (not char.isascii() and char.isprintable())
            self.emit(char if safe else "\\" + char, origin + step)
            escaped = False

    def phrase(self, text: str, origin: int) -> None:
        """Write `text` as one quoted phrase."""
        inside = re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)
        self.emit('"' + re.sub(r'(["\\])', r"\\\1", inside) + '"', origin)

    def run(self) -> Safe:
        query = self.query
        while self.at < len(query):
            char = query[self.at]
            if char.isspace():
                self.emit(" ", self.at)
                self.at += 1
            elif char == "(":
                self.open.append(self.at)
                if len(self.open) > MAX_DEPTH:
                    raise fail(query, self.at, f"parentheses can stand at most {MAX_DEPTH} deep")
                self.emit(char, self.at)
                self.at += 1
            elif char == ")":
                if not self.open:
                    raise fail(
                        query, self.at, "this parenthesis closes nothing that was opened", "remove it, or quote it"
                    )
                self.open.pop()
                self.emit(char, self.at)
                self.at += 1
            else:
                self.operand()
        if self.open:
            raise fail(query, self.open[-1], "this parenthesis is not closed", "add `)`, or quote the parenthesis")
        return Safe("".join(self.out), tuple(self.origin))

    def operand(self) -> None:
        query, start = self.query, self.at
        word = query[start : self.end(start)]
        if word in _OPERATORS:
            self.emit(word, start)
            self.at += len(word)
        elif word == "*:*":
            self.emit("*", start)
            self.at += 3
        elif query[start] in "+-" and not _PHONE.match(query, start):
            self.sign(start)
        elif _ADDRESS.match(query, start):
            self.value(start)
        else:
            field = _FIELD.match(query, start)
            if field is None:
                self.value(start)
            else:
                self.field(field)

    def sign(self, start: int) -> None:
        """`+word` and `-word`; signs that stand alone, as dashes do, are punctuation."""
        following = self.query[start + 1 : start + 2]
        if following and not following.isspace() and following != ")":
            self.emit(self.query[start], start)
        self.at = start + 1

    def field(self, match: re.Match[str]) -> None:
        query, name, after = self.query, match[1], match.end()
        following = query[after : after + 1]
        known = name.lower() in BY_NAME and BY_NAME[name.lower()].query
        if not known:
            if not following or following.isspace() or following in "):/":
                self.value(match.start(), after)  # a heading in pasted text
                return
            raise unknown_field(query, match.start(), name)
        rest = after + len(query[after:]) - len(query[after:].lstrip())
        if rest >= len(query) or query[rest] == ")":
            raise fail(query, match.start(), f"there is nothing after `{name}:`", f"for any value, `{name}:*`")
        self.emit(f"{name.lower()}:", match.start())
        self.at = rest
        compare = _COMPARE.match(query, rest)
        if compare:
            self.emit(compare[0], rest)
            self.at = compare.end()
            if self.at >= len(query) or query[self.at].isspace():
                raise fail(query, rest, f"there is nothing to compare `{name}` with", f"for example `{name}:>=1`")
            self.value(self.at)
        elif query[rest] in "[{":
            self.range(rest)
        elif query[rest] != "(":
            self.value(rest)

    def range(self, start: int) -> None:
        match = _RANGE.match(self.query, start)
        if match is None:
            raise fail(
                self.query,
                start,
                "this range cannot be read",
                "a range is written `[LOW TO HIGH]`, `*` for an open end",
            )
        self.emit(match[1], start)
        for group in (2, 3):
            bound = match[group]
            self.phrase(bound[1:-1] if bound[0] == '"' else bound, match.start(group))
            if group == 2:
                self.emit(" TO ", match.end(2))
        self.emit(match[4], match.start(4))
        self.at = match.end()

    def value(self, start: int, end: int | None = None) -> None:
        """A phrase, a phone number, an address or a word."""
        query = self.query
        if end is None and query[start] in _QUOTES:
            self.quoted(start)
            return
        phone = _PHONE.match(query, start) if end is None else None
        address = _ADDRESS.match(query, start) if end is None else None
        if phone:
            self.phrase(phone[0], start)
            self.at = phone.end()
        elif address:
            text = address[0]
            while text.endswith(")") and text.count(")") > text.count("("):
                text = text[:-1]
            self.literal(text, start)
            self.at = start + len(text)
        else:
            stop = self.end(start) if end is None else end
            if stop == start:
                raise fail(query, start, f"`{query[start]}` cannot stand here", "quote it to search for it")
            self.literal(query[start:stop], start)
            self.at = stop
        self.no_suffix()

    def quoted(self, start: int) -> None:
        query, closing = self.query, _QUOTES[self.query[start]]
        stop = start + 1
        while stop < len(query) and query[stop] != closing:
            stop += 2 if query[stop] == "\\" else 1
        if stop >= len(query):
            raise fail(query, start, "this quotation mark is not closed", "close it, or remove it")
        self.phrase(query[start + 1 : stop], start)
        self.at = stop + 1
        self.no_suffix()

    def no_suffix(self) -> None:
        """After a phrase, `~2` and `^2` are syntax of Lucene that jerat does not have."""
        sign = self.query[self.at : self.at + 1]
        if sign and sign in "~^" and self.query[self.at - 1] in _QUOTES.values():
            raise fail(self.query, self.at, f"`{sign}` is not known here", "search for the words without it")

    def end(self, start: int) -> int:
        found = _END.search(self.query, start)
        return found.start() if found else len(self.query)


def scan(query: str) -> Safe:
    """Make a query safe. Raises QueryError where syntax was begun and cannot be understood."""
    if len(query) > MAX_LENGTH:
        raise fail(query, MAX_LENGTH, f"a query has at most {MAX_LENGTH} characters, and this one has {len(query)}")
    return _Scanner(query).run()
