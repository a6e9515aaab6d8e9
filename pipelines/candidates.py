"""Candidates in the order in which one should look at them: by the risk of what names them.

The rank of a candidate is s1/1 + s2/2 + s3/3 + …, where s1 ≥ s2 ≥ … are the highest scores of its groups: posts that are
near-duplicates of each other are one group, so that 500 copies of one advertisement count as one. Posts too short to
tell count as one group for each source.
"""

from collections.abc import Collection, Sequence
from typing import Final

import msgspec

from jerat.case import Candidate, Case, Mention
from nlp.fingerprint import similarity

__all__ = ["Ranked", "ranked", "score_of"]

_ALIKE: Final = 0.6
_MOST: Final = 200
"""Groups that are told apart; those of lesser score change next to nothing."""


class Ranked(msgspec.Struct, frozen=True):
    """A candidate with its rank. `posts` name it, `risky` of them are of medium or high risk, `example` is the worst."""

    candidate: Candidate
    score: float
    posts: int
    risky: int
    groups: int
    sources: int
    example: str


def ranked(case: Case, known: Collection[str] = (), *, every: bool = False) -> list[Ranked]:
    """The candidates on which nobody has decided, the most promising first; with `every` all that were ever named.

    Those that are sources of the case already, or stand in `known` (addresses), are left out.
    """
    mentions = case.candidates.mentions()
    sources = case.candidates.known_sources()
    found = []
    for one in case.candidates.all():
        of = mentions.get(one.id, [])
        if not of or (not every and (one.status != "open" or (not one.visited_at and _known(one, sources, known)))):
            continue
        score, groups = score_of(of)
        worst = max(of, key=lambda mention: mention.score)
        risky = sum(mention.level in ("medium", "high") for mention in of)
        found.append(Ranked(one, score, len(of), risky, groups, len({mention.source for mention in of}), worst.post_id))
    return sorted(found, key=lambda one: (-one.score, -one.posts, one.candidate.id))


def score_of(mentions: Sequence[Mention]) -> tuple[float, int]:
    """The rank, and how many groups of posts it rests on."""
    groups: list[Mention] = []
    seen: set[str] = set()
    for mention in sorted(mentions, key=lambda one: -one.score):
        key = mention.fingerprint or f"short {mention.source}"
        if key in seen or len(groups) >= _MOST:
            continue
        seen.add(key)
        if mention.fingerprint and any(similarity(mention.fingerprint, one.fingerprint) >= _ALIKE for one in groups):
            continue
        groups.append(mention)
    return sum(one.score / rank for rank, one in enumerate(groups, 1)), len(groups)


def _known(one: Candidate, sources: Collection[str], known: Collection[str]) -> bool:
    name = one.address.split("://", 1)[1].rstrip("/").removeprefix("www.")
    return name in sources or one.address in sources or one.address in known or f"@{name.split('/')[-1]}" in sources
