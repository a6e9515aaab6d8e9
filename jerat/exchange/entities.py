"""Entity lists: who and what occurs in posts, how often, where and when. Analysts live on these."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

import msgspec

from index.protocol import Document
from jerat.errors import InputError
from jerat.model import CONTACT_KINDS, ENTITY_KINDS, LEVELS, Entity, Level

__all__ = ["SORTS", "EntityRow", "EntitySort", "collect", "kinds_of"]

EntitySort = Literal["posts", "last", "risk", "value"]
SORTS: Final[tuple[EntitySort, ...]] = ("posts", "last", "risk", "value")


class EntityRow(msgspec.Struct, frozen=True, kw_only=True):
    """One entity over all posts that name it, or did so in an earlier version. `posts` is the number of distinct posts,
    not of mentions; `former` of them named it in an earlier version alone (contacts only).

    `first_seen` and `last_seen` are the dates of the earliest and latest of them: published, else first fetched, UTC.
    `level` and `score` are the highest risk among them; `places` the places they name, most frequent first.
    """

    kind: str
    value: str
    posts: int
    sources: tuple[str, ...]
    first_seen: str
    last_seen: str
    level: Level
    score: float
    places: tuple[str, ...]
    country: str = ""
    role: str = ""
    lat: float | None = None
    lon: float | None = None
    former: int = 0
    post_ids: tuple[str, ...] = ()


@dataclass(slots=True)
class _Tally:
    example: Entity
    first: str
    last: str
    level: Level = "none"
    score: float = 0.0
    former: int = 0
    ids: list[str] = field(default_factory=list)
    sources: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)

    def add(self, document: Document, when: str, places: Iterable[str]) -> None:
        self.first, self.last = min(self.first, when), max(self.last, when)
        self.score = max(self.score, document.risk.score)
        self.level = max(self.level, document.risk.level, key=LEVELS.index)
        self.ids.append(document.id)
        self.sources[document.source] += 1
        self.places.update(places)

    def row(self) -> EntityRow:
        example = self.example
        own = example.value if example.kind == "location" else ""
        return EntityRow(
            kind=example.kind,
            value=example.value,
            posts=len(self.ids),
            sources=_ranked(self.sources),
            first_seen=self.first,
            last_seen=self.last,
            level=self.level,
            score=self.score,
            places=tuple(place for place in _ranked(self.places) if place != own),
            country=example.country,
            role=example.role,
            lat=example.lat,
            lon=example.lon,
            former=self.former,
            post_ids=tuple(self.ids),
        )


def kinds_of(words: Iterable[str]) -> tuple[str, ...]:
    """The kinds that `words` name: each a kind, several parted by commas, or `contact` for all kinds of contact.

    Empty for no words, which means every kind. Raises InputError naming the kinds there are.
    """
    kinds: dict[str, None] = {}
    for word in (part.strip().lower() for given in words for part in given.split(",")):
        if word in ("contact", "contacts"):
            kinds.update(dict.fromkeys(CONTACT_KINDS))
        elif word in ENTITY_KINDS:
            kinds[word] = None
        elif word:
            raise InputError(f"there is no kind {word!r} of entity", f"there are: contact, {', '.join(ENTITY_KINDS)}")
    return tuple(kinds)


def collect(
    documents: Iterable[Document], kinds: Iterable[str] = (), sort: EntitySort = "posts"
) -> tuple[list[EntityRow], int]:
    """The entities of `kinds` (empty: all) in `documents`, and how many documents there were.

    Documents are read one by one; what is held grows with the number of entities and their posts, not with the texts.
    """
    wanted = frozenset(kinds)
    tallies: dict[tuple[str, str], _Tally] = {}
    read = 0
    for document in documents:
        read += 1
        when = document.published_at or document.first_seen
        places = {entity.value for entity in document.entities if entity.kind == "location"}
        former = {(entity.kind, entity.value) for entity in document.former}
        for entity in _once((*document.entities, *document.former)):
            if wanted and entity.kind not in wanted:
                continue
            tally = tallies.setdefault((entity.kind, entity.value), _Tally(entity, when, when))
            tally.add(document, when, places)
            tally.former += (entity.kind, entity.value) in former
    rows = [tally.row() for tally in tallies.values()]
    rows.sort(key=lambda row: (row.kind, row.value))
    if sort == "posts":
        rows.sort(key=lambda row: (-row.posts, -row.score))
    elif sort == "risk":
        rows.sort(key=lambda row: (-LEVELS.index(row.level), -row.score, -row.posts))
    elif sort == "last":
        rows.sort(key=lambda row: row.last_seen, reverse=True)
    return rows, read


def _once(entities: Iterable[Entity]) -> Iterator[Entity]:
    """Each kind and value once, however often the post says it."""
    return iter({(entity.kind, entity.value): entity for entity in reversed(tuple(entities))}.values())


def _ranked(counts: Counter[str]) -> tuple[str, ...]:
    return tuple(value for value, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])))
