"""Compares analyses with gold posts.

An entity is found where kind and value are equal and the spans overlap (or no span is given); strictly, where the spans are
the same too. Each finding answers one expected entity at most. Values are compared as numbers in pay and ages, without
accents in names of places, without http or https and a last slash in addresses; else as they are.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from jerat.model import CONTACT_KINDS, Analysis, Entity
from nlp.evaluation.gold import Expected, Gold

__all__ = ["SCORED", "Count", "Mistake", "Report", "evaluate"]

SCORED: Final = (*CONTACT_KINDS, "location", "salary", "age")
"""The kinds that are compared. Names have corpora of their own."""

_CONTACTS: Final = frozenset(CONTACT_KINDS)
_AROUND: Final = 30


class Count(msgspec.Struct):
    """Found, wrongly found, missed; `exact` are those found with the very span."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    exact: int = 0

    @property
    def precision(self) -> float:
        """Share of the findings that are right; 1 where nothing was found."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Share of the expected that was found; 1 where nothing is expected."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        total = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / total if total else 1.0

    @property
    def strict_f1(self) -> float:
        """F1 where only findings with the very span count as right."""
        total = 2 * self.right + self.wrong + self.missed
        return 2 * self.exact / total if total else 1.0

    def add(self, other: "Count") -> None:
        """Count `other` too."""
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


class Mistake(msgspec.Struct, frozen=True):
    """One miss or false alarm: `sort` is missed or wrong, `around` the text with the surface between ⟦ and ⟧."""

    post: str
    sort: str
    kind: str
    value: str
    tricks: tuple[str, ...]
    around: str


class Report(msgspec.Struct):
    """Counts by kind, over contacts by language, plain or hidden, and trick; near-miss posts with a false contact."""

    posts: int
    kinds: dict[str, Count]
    languages: dict[str, Count]
    hiding: dict[str, Count]
    tricks: dict[str, Count]
    near_misses: int
    near_misses_with_contacts: int
    roles_right: int
    roles: int
    mistakes: list[Mistake]

    @property
    def contacts(self) -> Count:
        """All contacts together (micro)."""
        total = Count()
        for kind in CONTACT_KINDS:
            if kind in self.kinds:
                total.add(self.kinds[kind])
        return total


def evaluate(posts: Sequence[Gold], analyses: Iterable[Analysis]) -> Report:
    """Compare analyses with the gold posts; both in the same order. Findings in other fields than the text are left out.

    A false contact counts as hidden where its span touches a hidden expected contact, else as plain.
    """
    tables: dict[str, defaultdict[str, Count]] = {
        name: defaultdict(Count) for name in ("kinds", "languages", "hiding", "tricks")
    }
    near = near_false = roles = roles_right = 0
    mistakes: list[Mistake] = []
    for post, analysis in zip(posts, analyses, strict=True):
        found = [one for one in analysis.entities if one.field == "text" and one.kind in SCORED]
        pairs, missed, wrong = _match(post.entities, found)
        for expected, entity in pairs:
            exact = expected.end == 0 or (expected.start, expected.end) == (entity.start, entity.end)
            _count(tables, post, expected.kind, expected.tricks, Count(right=1, exact=int(exact)))
            if expected.role:
                roles += 1
                roles_right += expected.role == entity.role
        for expected in missed:
            _count(tables, post, expected.kind, expected.tricks, Count(missed=1))
            mistakes.append(_mistake(post, "missed", expected, " or ".join(expected.values)))
        for entity in wrong:
            tricks = next((one.tricks for one in post.entities if one.tricks and _touch(one, entity)), ())
            _count(tables, post, entity.kind, tricks, Count(wrong=1))
            mistakes.append(_mistake(post, "wrong", entity, entity.value, tricks))
        if post.near_miss:
            near += 1
            near_false += any(one.kind in _CONTACTS for one in wrong)
    ordered = {kind: tables["kinds"][kind] for kind in SCORED if kind in tables["kinds"]}
    return Report(
        len(posts), ordered, dict(sorted(tables["languages"].items())), dict(sorted(tables["hiding"].items())),
        dict(sorted(tables["tricks"].items())), near, near_false, roles_right, roles, mistakes,
    )  # fmt: skip


def _count(
    tables: dict[str, defaultdict[str, Count]], post: Gold, kind: str, tricks: Sequence[str], count: Count
) -> None:
    tables["kinds"][kind].add(count)
    if kind in _CONTACTS:
        tables["languages"][post.language or "und"].add(count)
        tables["hiding"]["hidden" if tricks else "plain"].add(count)
        for trick in tricks:
            tables["tricks"][trick].add(count)


def _match(
    gold: Sequence[Expected], found: Sequence[Entity]
) -> tuple[list[tuple[Expected, Entity]], list[Expected], list[Entity]]:
    """Pairs that answer each other (the very span first), what was missed, and what is wrong."""
    left = list(found)
    pairs: list[tuple[Expected, Entity]] = []
    missed: list[Expected] = []
    waiting = [one for one in gold if one.kind in SCORED and not one.optional]
    for overlap in (False, True):
        again = []
        for expected in waiting:
            answer = next((one for one in left if _answers(expected, one, overlap)), None)
            if answer is None:
                again.append(expected)
            else:
                left.remove(answer)
                pairs.append((expected, answer))
        waiting = again
    missed = waiting
    optional = [one for one in gold if one.optional]
    wrong = [one for one in left if not any(_excused(expected, one) for expected in optional)]
    return pairs, missed, wrong


def _answers(expected: Expected, entity: Entity, overlap: bool) -> bool:
    if expected.kind != entity.kind:
        return False
    near = _touch(expected, entity) if overlap else (expected.start, expected.end) == (entity.start, entity.end)
    return near and _same(expected.kind, entity.value, expected.values)


def _touch(expected: Expected, entity: Entity) -> bool:
    return expected.end == 0 or (entity.start < expected.end and expected.start < entity.end)


def _excused(expected: Expected, entity: Entity) -> bool:
    return _touch(expected, entity) and (expected.kind == entity.kind or entity.kind in _CONTACTS)


def _same(kind: str, value: str, right: Sequence[str]) -> bool:
    own = _plain(kind, value)
    return any(own == _plain(kind, one) for one in right)


def _plain(kind: str, value: str) -> str:
    if kind == "url":
        return re.sub(r"^https?://", "", value).rstrip("/")
    if kind == "location":
        letters = unicodedata.normalize("NFKD", value)
        return "".join(char for char in letters if not unicodedata.combining(char)).casefold()
    if kind in ("salary", "age"):
        return re.sub(r"\d+(?:\.\d+)?", lambda match: f"{float(match[0]):.6g}", value)
    return value


def _mistake(
    post: Gold, sort: str, one: Expected | Entity, value: str, tricks: tuple[str, ...] | None = None
) -> Mistake:
    hidden = one.tricks if isinstance(one, Expected) else tricks or ()
    before, after = post.text[max(0, one.start - _AROUND) : one.start], post.text[one.end : one.end + _AROUND]
    around = f"{before}⟦{post.text[one.start : one.end]}⟧{after}" if one.end else post.text[: 2 * _AROUND]
    return Mistake(post.id, sort, one.kind, value, hidden, " ".join(around.split()))
