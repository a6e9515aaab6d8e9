"""User names: what follows a messenger's name, and bare `@name`. One reading of a text for all messengers."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from nlp.context import Context
from nlp.data import rows
from nlp.entities.links import links
from nlp.entities.names import DATA, Name, bordered
from nlp.entities.numbers import Called, Numbers, numbers
from nlp.entities.spans import Spans

__all__ = ["FORMS", "Handle", "Handles", "handles", "reserved"]

FORMS: Final[dict[str, re.Pattern[str]]] = {
    "telegram": re.compile(r"(?!.*__)[a-z][a-z0-9_]{3,30}[a-z0-9]"),
    "wechat": re.compile(r"[a-z_][a-z0-9_-]{4,19}|\d{5,12}|[a-z0-9_-]{6,20}"),
    "line": re.compile(r"[a-z0-9][a-z0-9._-]{2,19}"),
    "kakao": re.compile(r"[a-z0-9][a-z0-9._-]{3,19}"),
    "qq": re.compile(r"[1-9]\d{4,11}"),
    "facebook": re.compile(r"[a-z0-9][a-z0-9.]{4,49}"),
    "instagram": re.compile(r"[a-z0-9_][a-z0-9._]{2,29}"),
    "tiktok": re.compile(r"[a-z0-9_][a-z0-9._]{1,23}"),
    "discord": re.compile(r"[a-z0-9_.]{2,32}(?:#\d{4})?"),
    "signal": re.compile(r"[a-z_][a-z0-9_]{2,31}\.\d{2,6}"),
    "zalo": re.compile(r"(?!)"),
    "viber": re.compile(r"(?!)"),
    "whatsapp": re.compile(r"(?!)"),
    "none": re.compile(r"\S+"),
}
"""The form of an id of each kind, in lower case."""

_NO_ID: Final = frozenset({"bank", "phone", "digit", "times", "plus", "word"})
"""Kinds of names that no id stands under."""
_SEPARATORS: Final = re.compile(r"[\s:：=\-–—→>➡👉⬇➚➔➤▶►⇒⥆↗,，.|()（）\[\]【】「」『』《》#*~/&+\"'“”’!➕]{0,10}")
_WORD: Final = re.compile(r"[^\W\d_]{1,24}\.?")
_BEGINS: Final = frozenset("@_abcdefghijklmnopqrstuvwxyz0123456789")
_ID: Final = re.compile(r"@?[a-z0-9_][a-z0-9._\-]{0,40}(?:#\d{4})?")
_SPACED: Final = re.compile(r"@?\s?[a-z0-9_](?:([ .\-*·])[a-z0-9_])(?:\1[a-z0-9_.]){3,30}(?![a-z0-9_])")
# A name whose underscores stand apart or are spelt: `@ bos _ muda _88`, `kerja (underscore) malam`.
_APART: Final = re.compile(
    r"@?\s?[a-z][a-z0-9]{0,20}(?:(?:\s?_\s?|\s?[(\[]\s?(?:underscore|_)\s?[)\]]\s?|\sunderscore\s)[a-z0-9]{1,20}){1,6}"
    r"(?![a-z0-9_@])"
)
_ITALICS: Final = re.compile(r"(?:\A|\|) _\|.*_ (?:\||\Z)")
_UNDERSCORE: Final = re.compile(r"\s?[(\[]?\s?(?:underscore|_)\s?[)\]]?\s?")
_AT: Final = re.compile(r"@\s?([a-z][a-z0-9_]{3,31})(?![a-z0-9_@/]|\((?:[a-z0-9\"')]|\Z)|\.[a-z0-9]|-[a-z])")
_NOT_BEFORE_AT: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_@./")
_AT_SHORT: Final = re.compile(_AT.pattern.replace("{3,31}", "{1,31}"))
_JOINT: Final = re.compile(
    r"\s{0,2}(?:[/&+|、,]|or|and|dan|atau|hoặc|và|y|ou|и|или|และ|หรือ|或|和|및|또는|أو|و)\s{0,2}\Z"
)
_JOINED: Final = re.compile(r"_|[-.][a-z0-9]")
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_DASH: Final = re.compile(r"\s[-–—]\s\Z")
_LINE_END: Final = re.compile(r"\s{0,2}(?:\n|\Z|[,;|/])")
_COLON: Final = re.compile(r"[:：=→➡👉>]|\bid\b|\bis\b|号|號|아이디|ไอดี|「|【|\[|adalah")


class ReservedRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of reserved.yaml."""

    service: str
    source: str
    words: list[str]


class Handle(msgspec.Struct, frozen=True):
    """An id of the kind, in lower case and without the sign before it; `start` and `end` hold the sign too."""

    kind: str
    value: str
    start: int
    end: int
    confidence: float
    undone: tuple[str, ...] = ()


@cache
def reserved(lexicon: Path | None = None) -> dict[str, frozenset[str]]:
    """By service: first parts of its addresses that are no names of anybody."""
    return {row.service: frozenset(row.words) for row in rows(DATA / "reserved.yaml", ReservedRow, lexicon)}


class Handles:
    """Reads the handles of a text once."""

    def __init__(self, lexicon: Path | None = None) -> None:
        self.numbers: Numbers = numbers(lexicon)
        self.table = self.numbers.names
        self.reserved = reserved(lexicon)

    def read(self, context: Context) -> list[Handle]:
        """The handles of the text."""
        found = context.cache.get("handles")
        if found is None:
            found = context.cache["handles"] = self._read(context)
        return found

    def by_kind(self, context: Context) -> tuple[dict[str, list[Handle]], dict[str, list[Called]]]:
        """The handles of the text by their kind, and its numbers by the kinds that they stand under."""
        found = context.cache.get("contacts")
        if found is None:
            ids: dict[str, list[Handle]] = {}
            for handle in self.read(context):
                ids.setdefault(handle.kind, []).append(handle)
            numbers: dict[str, list[Called]] = {}
            for called in self.numbers.read(context):
                for kind in dict.fromkeys(called.kinds):
                    numbers.setdefault(kind, []).append(called)
            found = context.cache["contacts"] = (ids, numbers)
        return found

    def _read(self, context: Context) -> list[Handle]:
        lower = context.lower
        signs = "@" in lower
        found = [name for name in self.numbers.names_in(context) if name.kind not in _NO_ID]
        if not found and not signs:
            return []
        taken = [(link.start, link.end) for link in links(context)]
        taken += [(match.start, match.end) for match in context.kinds("email")]
        taken += [(called.start, called.end) for called in self.numbers.read(context)]
        out: list[Handle] = []
        covered = Spans(taken)
        for name, target in zip(found, self._targets(lower, found), strict=True):
            got = self._after(context, name, *target, covered)
            if got is not None:
                out.append(got)
        if signs:
            out += self._bare(context, covered, out)
        return [handle for handle in out if handle.kind != "none"]

    @staticmethod
    def _targets(lower: str, found: list[Name]) -> list[tuple[int, Name | None]]:
        """For each name: where what it names may begin, and the name after that. Joined names share it."""
        targets: list[tuple[int, Name | None]] = [(0, None)] * len(found)
        follow = len(found)
        for index in range(len(found) - 1, -1, -1):
            name = found[index]
            if index + 1 < len(found) and found[index + 1].start != name.start:
                follow = index + 1
            if follow >= len(found):
                targets[index] = (name.end, None)
                continue
            other = found[follow]
            gap = lower[name.end : other.start] if other.start - name.end <= 8 else "x"
            joined = _JOINT.match(gap) or (other.kind == name.kind and not gap.strip())
            targets[index] = targets[follow] if joined else (name.end, other)
        return targets

    def _after(self, context: Context, name: Name, at: int, other: Name | None, covered: Spans) -> Handle | None:
        """The id that follows the name at `at`, where one does; `other` is the name that comes next."""
        lower = context.lower
        kind = name.kind
        said = ""
        weak = name.weak
        origin = at
        for _ in range(5):
            match = _SEPARATORS.match(lower, at)
            stop = match.end() if match else at
            gap = lower[at:stop]
            if ("\n" in gap and not (_COLON.search(said + gap) and gap.count("\n") == 1)) or "\n\n" in gap:
                return None
            if gap.strip(" ") in (".", ",") and " " in gap and not said:
                return None
            said += gap
            at = stop
            filler = self._filler(lower, at)
            if not filler or at - origin > 40:
                break
            said += lower[at:filler]
            at = filler
        if at >= len(lower) or at in covered:
            return None
        if other is not None and other.start == at and not other.weak:
            return None
        return self._id(context, kind, name, origin, at, said, weak)

    def _filler(self, lower: str, at: int) -> int:
        """Where the filler word at `at` ends; 0 where there is none."""
        fillers = self.table.fillers
        match = _WORD.match(lower, at)
        if match is None:
            return 0
        word = match[0]
        if bordered(word[0]):
            stop = match.end()
            if stop < len(lower) and (
                lower[stop].isdigit()
                or _JOINED.match(lower, stop)
                or (word[-1] == "." and lower[stop].isascii() and lower[stop].isalpha())
            ):
                return 0
            return stop if word in fillers or word.rstrip(".") in fillers else 0
        for size in range(min(len(word), 8), 0, -1):
            if word[:size] in fillers:
                return at + size
        return 0

    def _id(
        self, context: Context, kind: str, name: Name, origin: int, at: int, said: str, weak: bool
    ) -> Handle | None:
        lower = context.lower
        if lower[at] not in _BEGINS and not lower[at].isspace():
            return None
        undone = (*(("split",) if name.split else ()), *context.undone(name.start, name.end))
        spaced = _SPACED.match(lower, at)
        if spaced and FORMS[kind].fullmatch(value := _joined(spaced)):
            # A single letter each; words of one letter do not follow one another otherwise.
            return Handle(kind, value, at, spaced.end(), 0.85, (*undone, "spaced"))
        if (apart := self._apart(lower, at)) is not None and FORMS[kind].fullmatch(apart[0]):
            return Handle(kind, apart[0], at, apart[1], 0.85, (*undone, "spaced"))
        match = _ID.match(lower, at)
        if match is None:
            return None
        text = match[0].rstrip(".-")
        end = at + len(text)
        sign = text.startswith("@")
        value = text.lstrip("@")
        if not sign and at and lower[at - 1] == "@":
            return None
        if lower[end : end + 3] == "://" or lower[end : end + 1] == "@" or (end < len(lower) and bordered(lower[end])):
            return None
        if kind in ("telegram", "wechat", "qq") and "." in value:
            value = value.partition(".")[0]
            end = at + sign + len(value)
        if kind == "telegram" and "-" in value:
            return None
        if (
            not FORMS[kind].fullmatch(value)
            or value in self.table.not_ids
            or value in self.reserved.get(kind, frozenset())
        ):
            return None
        if lower[name.start : name.end] == "q" and (len(value) < 6 or not _HAN.search(lower)):
            return None
        colon = bool(_COLON.search(said))
        telling = any(char.isdigit() or char == "_" for char in value)
        separated = bool(said.strip()) or sign
        if not colon and len(value) >= 6 and _DASH.search(said) and _LINE_END.match(lower, end):
            colon = True
        if value.replace("-", "").isdigit():
            value = value.replace("-", "")
        foreign = not lower[name.start].isascii()
        if value.isdigit() and (
            kind in ("telegram", "facebook", "instagram", "tiktok", "discord", "signal") or len(value) < 5
        ):
            return None
        if value.isdigit() and kind in ("line", "kakao") and len(value) < 6 and not colon:
            return None
        if value.isdigit() and not separated and weak:
            return None
        if value.isdigit() and {"pay", "unit"} & self.numbers.beside(context, at, end):
            return None
        if weak and not (sign or colon or (telling and (at > origin or foreign))):
            return None
        if weak and not sign and not telling and len(value) < 5:
            return None
        if not (
            sign
            or colon
            or telling
            or (foreign and len(value) >= 5 and (at == origin or separated or lower[origin:at].isspace()))
        ):
            return None
        if foreign and not (sign or colon or telling) and self._sentence(lower, end):
            return None
        if kind == "facebook" and not sign and not telling and self._titled(context.text, end):
            return None
        if (
            colon
            and not sign
            and not telling
            and self._sentence(lower, end)
            and kind in ("telegram", "facebook", "line", "discord", "signal", "instagram", "tiktok")
        ):
            return None
        return Handle(kind, value, at, end, 0.97 if sign or colon else 0.9, undone)

    @staticmethod
    def _apart(lower: str, at: int) -> tuple[str, int] | None:
        """The name at `at` whose underscores stand apart or are spelt, and where it ends."""
        match = _APART.match(lower, at)
        if match is None:
            return None
        # One underscore with a space on one side only may as well be the end of italics.
        gaps = [gap[0] for gap in _UNDERSCORE.finditer(match[0])]
        loose = sum(gap != "_" for gap in gaps)
        if loose == 0 or (loose == 1 and "_ " in gaps) or _ITALICS.search("|".join(gaps)):
            return None
        return _UNDERSCORE.sub("_", match[0]).lstrip("@ "), match.end()

    @staticmethod
    def _titled(text: str, end: int) -> bool:
        """Whether a capitalised word follows: a display name, and no id."""
        return bool(re.match(r" [A-ZÀ-Þ]", text[end : end + 2]))

    def _sentence(self, lower: str, end: int) -> bool:
        """Whether a sentence of Latin words goes on after the word."""
        words = re.match(r" ([a-z]+) ([a-z]+) [a-z]", lower[end : end + 40])
        return words is not None and not standing_name(words[1])

    def _bare(self, context: Context, taken: Spans, out: list[Handle]) -> list[Handle]:
        """`@name` that no name stands right before."""
        lower = context.lower
        known = {at: handle for handle in out for at in range(handle.start, handle.start + 3)}
        found = self.numbers.names_in(context)
        extra: list[Handle] = []
        previous: Handle | None = None
        for match in _signs(lower):
            start = match.start()
            value = match[1].rstrip("_")  # the end of italics
            end = match.start(1) + len(value)
            if start in taken:
                continue
            covered = known.get(start) or known.get(start + 1)
            if covered is not None:
                previous = covered
                continue
            if value in self.reserved["telegram"]:
                continue
            if (apart := self._apart(lower, start)) is not None:
                value, end = apart
            before = self.numbers.naming.before(context, found, start)
            after = self.numbers.naming.after(context, found, end)
            kinds = [kind for kind in (after or before) if kind in FORMS and kind not in ("whatsapp", "zalo", "viber")]
            if (
                not kinds
                and previous is not None
                and re.fullmatch(
                    r"\s{0,2}(?:[/,&|、;]|or|and|dan|atau|и|或|和|및|หรือ|\n)?\s{0,2}", lower[previous.end : start]
                )
            ):
                kinds = [previous.kind]
            if not kinds and match.start(1) > start + 1 and apart is None:
                continue  # `CEO @ Company`
            confidence = 0.95 if kinds else 0.6
            for kind in kinds or ["telegram"]:
                if FORMS[kind].fullmatch(value) and "__" not in value:
                    previous = Handle(kind, value, start, end, confidence)
                    extra.append(previous)
        return extra


def _signs(lower: str) -> Iterator[re.Match[str]]:
    """Each `@name`; where underscores stand apart, those of which only the beginning is one too."""
    apart = " _" in lower or "_ " in lower or "underscore" in lower
    pattern = _AT_SHORT if apart else _AT
    at = lower.find("@")
    while at >= 0:
        if (not at or lower[at - 1] not in _NOT_BEFORE_AT) and (match := pattern.match(lower, at)):
            yield match
        at = lower.find("@", at + 1)


def _joined(spaced: re.Match[str]) -> str:
    """An id of which each character stands alone; a dot is one of them where spaces part them."""
    return re.sub(r"[^a-z0-9_.]" if spaced[1] == " " else r"[^a-z0-9_]", "", spaced[0]).rstrip(".")


def standing_name(word: str) -> bool:
    """Whether a word after an id begins another contact, so that no sentence goes on."""
    return word in (
        "or",
        "and",
        "atau",
        "dan",
        "wa",
        "whatsapp",
        "telegram",
        "viber",
        "line",
        "phone",
        "call",
        "email",
        "ig",
        "fb",
        "hp",
        "telp",
    )


@cache
def handles(lexicon: Path | None = None) -> Handles:
    """The reader with what the analyst's folder adds, made once."""
    return Handles(lexicon)
