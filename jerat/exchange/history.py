"""The history of a post: its versions with what changed, and when it was gone, back, or moved."""

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal

import msgspec

from jerat.case import Event, Version
from jerat.model import Entity, Post

__all__ = ["Change", "Piece", "Step", "differences", "history"]

_MOST: Final = 40_000
"""Pairs of like words up to which words are compared; beyond it lines are, and beyond that many pairs of lines the whole."""
_UNSPACED: Final = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff"
_WORDS: Final = re.compile(rf"\s+|[{_UNSPACED}]|[^\W{_UNSPACED}]+|[^\w\s]|_")


class Piece(msgspec.Struct, frozen=True):
    """A part of a text: in both versions (`same`), only in the one before (`out`), or only in this one (`in`)."""

    op: Literal["same", "out", "in"]
    text: str


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is other than in the version before. `pieces`, put together without `out`, are the text as it is now."""

    field: str
    before: str = ""
    after: str = ""
    pieces: tuple[Piece, ...] = ()
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


class Step(msgspec.Struct, frozen=True):
    """One step. Of a `version`, `changes` says what is other than in the one before; of the rest `reason` says why."""

    at: str
    what: Literal["version", "gone", "back", "moved"]
    version: int = 0
    current: bool = False
    changes: tuple[Change, ...] = ()
    reason: str = ""
    level: str = ""
    """The risk of that version: none, low, medium or high; empty where no analysis of it was kept."""


def history(versions: Sequence[Version], events: Iterable[Event] = ()) -> list[Step]:
    """All steps in the order of time."""
    steps = []
    before: Version | None = None
    for version in versions:
        changes = () if before is None else tuple(_changes(before, version))
        level = version.analysis.risk.level if version.analysis is not None else ""
        steps.append(
            Step(version.fetched_at, "version", version.number, current=version.current, changes=changes, level=level)
        )
        before = version
    steps += [Step(event.at, event.what, reason=event.reason) for event in events]
    return sorted(steps, key=lambda step: step.at)


def _changes(before: Version, after: Version) -> Iterator[Change]:
    for name, old, new in _fields(before.post, after.post):
        if " ".join(old.split()) != " ".join(new.split()):
            yield Change(name, old, new)
    if before.post.text != after.post.text:
        yield Change("text", pieces=tuple(differences(before.post.text, after.post.text)))
    for name, was, now in (
        ("media", before.post.media, after.post.media),
        ("links", _links(before.post), _links(after.post)),
        ("findings", _named(before), _named(after)),
    ):
        removed, added = _apart(was, now)
        if removed or added:
            yield Change(name, removed=removed, added=added)


def _fields(old: Post, new: Post) -> Iterator[tuple[str, str, str]]:
    yield "title", old.title, new.title
    yield "author", old.author, new.author
    jobs = [post.job for post in (old, new)]
    for name in ("organisation", "salary"):
        one, other = (getattr(job, name) if job is not None else "" for job in jobs)
        yield {"organisation": "employer", "salary": "pay"}[name], one, other
    for name in ("locations", "employment_type", "contacts"):
        one, other = ("; ".join(getattr(job, name)) if job is not None else "" for job in jobs)
        yield {"locations": "places", "employment_type": "employment", "contacts": "apply"}[name], one, other


def _links(post: Post) -> tuple[str, ...]:
    return tuple(link.url for link in post.links)


def _named(version: Version) -> tuple[str, ...]:
    def told(entity: Entity) -> str:
        return f"{entity.kind} {entity.value}"

    return tuple(told(entity) for entity in version.analysis.entities) if version.analysis is not None else ()


def _apart(was: Iterable[str], now: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    old, new = dict.fromkeys(was), dict.fromkeys(now)
    return tuple(one for one in old if one not in new), tuple(one for one in new if one not in old)


def differences(before: str, after: str) -> Iterator[Piece]:
    """The pieces of `after` and what `before` had in their place, word by word; line by line where the texts are long."""
    for cut in (_WORDS.findall, _lines, _whole):
        old, new = cut(before), cut(after)
        if _work(old, new) <= _MOST:
            break
    start = next(
        (at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new))
    )
    if start:
        yield Piece("same", "".join(new[:start]))
    matcher = difflib.SequenceMatcher(str.isspace, old[start:], new[start:], autojunk=False)
    for op, a, b, c, d in matcher.get_opcodes():
        if op == "equal":
            yield Piece("same", "".join(new[start + c : start + d]))
            continue
        if b > a:
            yield Piece("out", "".join(old[start + a : start + b]))
        if d > c:
            yield Piece("in", "".join(new[start + c : start + d]))


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _whole(text: str) -> list[str]:
    return [text] if text else []


def _work(old: list[str], new: list[str]) -> int:
    """How many pairs of like parts there are, blanks aside: texts that repeat themselves would take hours."""
    one, other = Counter(old), Counter(new)
    return sum(count * other[part] for part, count in one.items() if not part.isspace())
