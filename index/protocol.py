"""What an engine does: one protocol, spoken by `embedded.py` (tantivy) and `elastic.py` (Elasticsearch)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, Self

import msgspec

from jerat.case import Record
from jerat.model import Decision, Entity, Level, PostKind, Risk

__all__ = [
    "Bucket",
    "Document",
    "Health",
    "Highlight",
    "Hit",
    "Index",
    "PutFailure",
    "Request",
    "Results",
    "Sort",
    "Word",
    "WordBreaker",
]

Sort = Literal["relevance", "date", "risk"]


class Word(msgspec.Struct, frozen=True):
    """One indexed word: `text` as it is matched (normalised, lower case), `start:end` its place in the original."""

    text: str
    start: int
    end: int


WordBreaker = Callable[[str], Sequence[Word]]
"""The one text analysis of both engines, for posts and for queries; given by the caller, for index knows no nlp."""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A post as the index holds it, and as `jerat search --json` prints it."""

    id: str
    number: int
    url: str
    title: str
    text: str
    author: str
    source: str
    platform: str
    published_at: str | None
    first_seen: str
    last_seen: str
    language: str
    kind: PostKind
    risk: Risk
    entities: tuple[Entity, ...]
    campaign: str | None = None
    fingerprint: str = ""
    review: Decision = "none"
    restricted: bool = False
    """Set apart, since somebody in it is in trouble: out of every answer that does not ask for such posts."""
    gone_at: str | None = None
    """When it was found to be no longer there; None while it is, as far as is known."""
    versions: int = 1
    """How many versions of it the case has."""
    former: tuple[Entity, ...] = ()
    """Contacts that stand in earlier versions alone: the post is found by them, too. Their spans are of the texts of then."""

    @classmethod
    def of(cls, record: Record) -> Self:
        """The document of a post of the case."""
        post, analysis = record.post, record.analysis
        return cls(
            id=post.id,
            number=record.number,
            url=post.url,
            title=post.title,
            text=post.text,
            author=post.author,
            source=post.source,
            platform=post.platform,
            published_at=None if post.published_at is None else post.published_at.isoformat(),
            first_seen=record.first_seen,
            last_seen=record.last_seen,
            language=analysis.language,
            kind=analysis.kind,
            risk=analysis.risk,
            entities=analysis.entities,
            fingerprint=analysis.fingerprint,
            review=record.review,
            restricted=record.restricted,
            gone_at=record.gone_at,
            versions=record.versions,
            former=record.former,
        )

    @property
    def level(self) -> Level:
        """The level of the risk."""
        return self.risk.level


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked. `after` is `Results.next` of the page before; `facets` are names of `index.facets.FACETS`.

    Posts that are set apart (docs/victims.md) are neither found nor counted, unless `restricted` asks for them, too.
    """

    query: str = "*"
    size: int = 20
    sort: Sort = "relevance"
    after: str | None = None
    facets: tuple[str, ...] = ()
    facet_size: int = 10
    histogram: Literal["", "day", "week", "month", "year"] = ""
    highlight: bool = False
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class Highlight:
    """A part of the original text of `field`, `start` its offset there; `spans` are the matches, counted in `snippet`."""

    field: Literal["title", "text"]
    snippet: str
    start: int
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A post that matched."""

    document: Document
    score: float
    highlights: tuple[Highlight, ...] = ()


@dataclass(frozen=True, slots=True)
class Bucket:
    """A value of a facet and how many of the hits have it; of a histogram, the ISO date the interval begins."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Results:
    """`total` is exact, and that of the first page on all pages; `next` is None on the last page."""

    total: int
    hits: tuple[Hit, ...]
    facets: dict[str, tuple[Bucket, ...]] = field(default_factory=dict)
    histogram: tuple[Bucket, ...] = ()
    next: str | None = None


@dataclass(frozen=True, slots=True)
class PutFailure:
    """A document that the engine refused for good."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the engine answers. `detail` is one sentence for people; `version` empty where it does not tell."""

    engine: Literal["embedded", "elasticsearch"]
    answers: bool
    version: str
    documents: int
    detail: str


class Index(Protocol):
    """A search index. All methods raise IndexUnavailable where the engine does not answer; queries raise QueryError.

    Posts that are set apart are left out of every answer, unless `restricted` asks for them, too: so says
    `index.query.understand`, through which every query of both engines goes.
    """

    def ready(self) -> None:
        """Make sure that there is an index of this format; where one was made, the case's posts are queued for it."""

    def put(
        self, documents: Sequence[tuple[int, Document]], removed: Sequence[tuple[int, str]] = ()
    ) -> list[PutFailure]:
        """Put whole documents, and take out removed ids, each with its outbox `seq`; durable on return.

        Never overwrites what came with a higher `seq`, so two processes may drain at once.
        """

    def refresh(self) -> None:
        """Make all that was put visible to searches."""

    def search(self, request: Request) -> Results:
        """One page of hits, with facets. Paging by `next` is stable while posts arrive."""

    def scan(self, query: str = "*", *, restricted: bool = False) -> Iterator[Document]:
        """Every hit, streamed in the order of arrival, without a cap."""

    def count(self, query: str = "*", *, restricted: bool = False) -> int:
        """How many posts match; equals what `scan` yields."""

    def get(self, post_id: str, *, restricted: bool = False) -> Document | None:
        """The document with this id, or None."""

    def ids(self) -> Iterable[str]:
        """The ids of all documents, those that are set apart among them: to keep the index in step with the case."""

    def clear(self) -> None:
        """Drop everything; the index is derived and can be rebuilt from the case."""

    def health(self) -> Health:
        """How the engine does; does not raise."""

    def close(self) -> None:
        """Let go of files and connections."""
