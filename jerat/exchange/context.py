"""What the rest of a case says of a post: a figure of its own, beside the risk, which is of the text alone.

docs/context.md has the table of the strengths below and what it cannot tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal

import msgspec

from index.protocol import Document, Index, Request
from jerat.model import CONTACT_KINDS, Level
from nlp.fingerprint import similarity

__all__ = ["ALIKE", "Context", "ContextReason", "Contexts", "level_of"]

Why = Literal["contact", "near-duplicates", "source"]

ALIKE: Final = 0.6
"""Posts that share this much of their runs of words are near-duplicates."""

_RISKY: Final = "(level:[medium TO high] OR review:lure) NOT review:not"
_REVIEWED: Final = 0.9
"""Strength where a person decided that another post is a lure."""
_CONTACT: Final = ((1, 0.5), (2, 0.7), (5, 0.85))
"""Strength by the number of other posts with signs (medium or above) that name a contact."""
_DUPLICATES: Final = ((1, 0.2), (3, 0.35), (10, 0.5))
"""The same for near-duplicates, which are weak: they have the same text, and so the same signs."""
_SOURCE: Final = ((0.2, 0.15), (0.5, 0.3))
"""Strength by the share of a source's posts that have signs."""
_FEWEST: Final = 20
"""Posts that a source needs for its share to mean anything."""
_CLEAN: Final = 0.01
_CLEARED: Final = 0.3
"""What is left of the score where a person decided that posts with the contact are no lures, and no other that one is."""
_CALM: Final = 0.7
"""What is left of it in a source of which less than one post in 100 has signs."""
_LEVELS: Final[tuple[tuple[Level, float], ...]] = (("high", 0.8), ("medium", 0.5), ("low", 0.2))
_MOST: Final = 20
_FACET: Final = 1000
_FAMILY: Final = 200


class ContextReason(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that the case says. `posts` others of `of` have signs, and `lures` or `cleared` were reviewed as such.

    `strength` is what it adds, between 0 and 1; below 0 it takes away. `kind` and `value` are those of a contact.
    """

    why: Why
    posts: int
    of: int
    strength: float
    lures: int = 0
    cleared: int = 0
    kind: str = ""
    value: str = ""


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """The figure: 0 where the case says nothing of a post."""

    level: Level
    score: float
    reasons: tuple[ContextReason, ...]


def level_of(score: float) -> Level:
    """The level of a score of context."""
    return next((level for level, least in _LEVELS if score >= least), "none")


class Contexts:
    """Asks the index about posts, one after another, and remembers what it said of their sources."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._sources: dict[str, tuple[int, int]] = {}

    def of(self, document: Document) -> Context:
        """What the other posts say of this one. Posts that are set apart are not asked."""
        reasons = [*self._contacts(document), *self._duplicates(document), *self._source(document)]
        best: dict[Why, float] = {}
        for one in reasons:
            if one.strength > 0:  # several contacts of one advertisement are no independent witnesses
                best[one.why] = max(best.get(one.why, 0.0), one.strength)
        left = 1.0
        for strength in best.values():
            left *= 1 - strength
        score = 1 - left
        for one in reasons:
            if one.strength < 0:
                score *= 1 + one.strength
        score = round(score, 2)
        ranked = sorted(reasons, key=lambda one: -abs(one.strength))
        return Context(level=level_of(score), score=score, reasons=tuple(ranked))

    def _contacts(self, document: Document) -> Iterable[ContextReason]:
        named = {one.value: one.kind for one in document.entities if one.kind in CONTACT_KINDS}
        if not named:
            return
        values = list(named)[:_MOST]
        asked = " OR ".join(f"contact:{_quoted(value)}" for value in values)
        others = f"({asked}) AND {self._not_itself(document)}"
        if document.fingerprint:  # its own copies say no more than it does
            others += f" NOT fingerprint:{_quoted(document.fingerprint)}"
        found = self._by_contact(others, values)
        if not any(found.values()):
            return
        risky = self._by_contact(f"{others} AND {_RISKY}", values)
        lures = self._by_contact(f"{others} AND review:lure", values)
        cleared = self._by_contact(f"{others} AND review:not", values)
        for value in values:
            of, posts = found.get(value, 0), risky.get(value, 0)
            if not posts and not cleared.get(value):
                continue
            # A switchboard that many honest posts name tells little.
            strength = _step(_CONTACT, posts) * posts / of if posts else 0.0
            if lures.get(value):
                strength = max(strength, _REVIEWED)
            elif cleared.get(value):
                strength = _CLEARED - 1
            yield ContextReason(
                why="contact", posts=posts, of=of, strength=round(strength, 2), lures=lures.get(value, 0),
                cleared=cleared.get(value, 0), kind=named[value], value=value,
            )  # fmt: skip

    def _by_contact(self, query: str, values: list[str]) -> Mapping[str, int]:
        results = self._index.search(Request(query, size=0, facets=("contact",), facet_size=_FACET))
        counts = {bucket.value: bucket.count for bucket in results.facets["contact"]}
        if len(counts) < _FACET:
            return {value: counts.get(value, 0) for value in values}
        return {  # so many others beside them that some of ours may have fallen off the end
            value: counts[value] if value in counts else self._index.count(f"({query}) AND contact:{_quoted(value)}")
            for value in values
        }

    def _duplicates(self, document: Document) -> Iterable[ContextReason]:
        if not document.fingerprint:
            return
        query = f"fingerprint:{_quoted(document.fingerprint)} AND {self._not_itself(document)}"
        hits = self._index.search(Request(query, size=_FAMILY, sort="risk")).hits
        family = [hit.document for hit in hits if similarity(document.fingerprint, hit.document.fingerprint) >= ALIKE]
        lures = sum(one.review == "lure" for one in family)
        cleared = sum(one.review == "not" for one in family)
        posts = sum(one.review == "lure" or (one.level in ("medium", "high") and one.review != "not") for one in family)
        if not posts and not cleared:
            return
        strength = _REVIEWED if lures else _CLEARED - 1 if cleared else _step(_DUPLICATES, posts)
        yield ContextReason(
            why="near-duplicates",
            posts=posts,
            of=len(family),
            strength=round(strength, 2),
            lures=lures,
            cleared=cleared,
        )

    def _source(self, document: Document) -> Iterable[ContextReason]:
        source = document.source
        if source not in self._sources:
            query = f"source:{_quoted(source)}"
            self._sources[source] = (self._index.count(query), self._index.count(f"{query} AND {_RISKY}"))
        of, posts = self._sources[source]
        if not document.restricted:  # itself is among them
            of -= 1
            posts -= document.review == "lure" or (document.level in ("medium", "high") and document.review != "not")
        if of < _FEWEST:
            return
        share = posts / of
        strength = _CALM - 1 if share < _CLEAN else _step(_SOURCE, share)
        if strength:
            yield ContextReason(why="source", posts=posts, of=of, strength=round(strength, 2), value=source)

    @staticmethod
    def _not_itself(document: Document) -> str:
        return f"NOT id:{_quoted(document.id)}"


def _step(table: tuple[tuple[float, float], ...], number: float) -> float:
    return max((strength for least, strength in table if number >= least), default=0.0)


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
