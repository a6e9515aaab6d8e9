"""The fields of the index, described once: the schema of tantivy, the mapping of Elasticsearch, the fields of the query
language, the facets and the docs are all made from `FIELDS`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import Final, Literal

from index.protocol import Document
from jerat.model import CONTACT_KINDS, LEVELS, OFFER_KINDS, Entity

__all__ = ["BY_NAME", "FIELDS", "UNDATED", "Field", "Kind", "View", "contact_field", "micros"]

Kind = Literal["words", "keyword", "date", "number", "whole"]
Value = str | float | int

UNDATED: Final = -(2**62)
"""The `published` of a post without a date: behind every date that there is, so undated posts come last."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class View:
    """A document, with its entities by kind, so that each field need not look through all of them.

    Contacts of earlier versions are among them: a contact once given is a lead, also where it was taken away since.
    """

    __slots__ = ("by_kind", "document", "entities")

    def __init__(self, document: Document) -> None:
        self.document = document
        self.entities = (*document.entities, *document.former)
        self.by_kind: dict[str, list[Entity]] = {}
        for entity in self.entities:
            self.by_kind.setdefault(entity.kind, []).append(entity)


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    `values` gives what a document has in it. `weight` above 0 makes a field of words one that bare words are looked for
    in; a match there counts as much. `facet` is the label of a facet, empty where there is none. `ordered` gives the
    values of a keyword field in rising order, where ranges over it make sense. `help` is a phrase for people.
    """

    name: str
    kind: Kind
    values: Callable[[View], Iterable[Value]]
    help: str
    many: bool = False
    weight: int = 0
    facet: str = ""
    ordered: tuple[str, ...] = ()
    query: bool = True


def micros(moment: str | datetime | None) -> int | None:
    """An ISO time, or an aware one, in microseconds since 1970; None for None. Raises ValueError if it is no time."""
    if moment is None:
        return None
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    delta = at - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


_RENAMED: Final = {"url": "link", "role": "job"}


def contact_field(kind: str) -> str:
    """The field of a kind of entity: its own name, but `link` for addresses, since `url` is that of the post, and `job`
    for what people are wanted for, since `role` is that of a place.
    """
    return _RENAMED.get(kind, kind)


def _of_kind(*kinds: str) -> Callable[[View], list[Value]]:
    if len(kinds) == 1:
        return lambda view: _unique(entity.value for entity in view.by_kind.get(kinds[0], ()))
    wanted = frozenset(kinds)
    return lambda view: _unique(entity.value for entity in view.entities if entity.kind in wanted)


def _of_locations(read: Callable[[Entity], str]) -> Callable[[View], list[Value]]:
    return lambda view: _unique(read(entity) for entity in view.by_kind.get("location", ()))


def _unique(values: Iterable[Value]) -> list[Value]:
    return [value for value in dict.fromkeys(values) if value != ""]


def _one(value: Value | None) -> tuple[Value, ...]:
    return () if value is None or value == "" else (value,)


def _pay(*ends: str) -> Callable[[View], list[Value]]:
    def read(view: View) -> list[Value]:
        figures = (getattr(entity, end) for entity in view.by_kind.get("salary", ()) for end in ends)
        return _unique(float(figure) for figure in figures if figure is not None and isfinite(figure))

    return read


_FINDINGS: Final = frozenset({*CONTACT_KINDS, "location", "organisation", "person"})

_OFFER_HELP: Final = {
    "role": "what people are wanted for, as `customer-service`",
    "sex": "the sex asked for: female, male or any",
    "language_asked": "languages asked for, as `zh`",
    "typing_speed": 'typing speed asked for, as `"25 wpm"`',
    "document": "papers asked for or given, as `passport` or `tourist-visa`",
    "transport": "the way there, as promised: ticket-paid, pick-up, transport-provided",
    "lodging": "lodging, where it is promised: provided",
    "food": "food, where it is promised: provided, three-meals",
    "debt": "money that binds: advance, debt-paid, deducted-from-salary",
    "working_hours": 'working time, as `"12 h/day"` or `08:00-20:00`',
    "contract": 'how long one is bound, as `"12 months"`',
    "licence": 'licences of recruiters, as `"POEA 123-LB-045678"`',
}

_CONTACTS: Final = tuple(
    Field(
        contact_field(kind),
        "keyword",
        _of_kind(kind),
        f"contacts of the kind {kind}" if kind != "url" else "web addresses given in posts (`url` is that of the post)",
        many=True,
        facet="Links" if kind == "url" else kind.replace("_", " ").capitalize(),
    )
    for kind in CONTACT_KINDS
)

_OFFER: Final = tuple(
    Field(
        contact_field(kind), "keyword", _of_kind(kind), _OFFER_HELP[kind], many=True,
        facet="Jobs" if kind == "role" else kind.replace("_", " ").capitalize(),
    )
    for kind in OFFER_KINDS
)  # fmt: skip

FIELDS: Final[tuple[Field, ...]] = (
    Field("title", "words", lambda v: _one(v.document.title), "words of the title", weight=3),
    Field("text", "words", lambda v: _one(v.document.text), "words of the text", weight=2),
    Field("findings", "words", _of_kind(*_FINDINGS), "words of what was found: contacts, places, names", True, weight=1),
    Field("author", "words", lambda v: _one(v.document.author), "who posted it, as the page says"),
    Field("organisation", "words", _of_kind("organisation"), "companies and other bodies named", many=True),
    Field("person", "words", _of_kind("person"), "people named", many=True),
    Field("id", "keyword", lambda v: _one(v.document.id), "the id of a post"),
    Field("url", "keyword", lambda v: _one(v.document.url), "the address of the post"),
    Field("source", "keyword", lambda v: _one(v.document.source), "the source that the post came from", facet="Sources"),
    Field("platform", "keyword", lambda v: _one(v.document.platform), "the platform of the source", facet="Platforms"),
    Field("language", "keyword", lambda v: _one(v.document.language), "the language, as `id`, `zh`, `th`", facet="Languages"),
    Field("kind", "keyword", lambda v: _one(v.document.kind), "offer, warning, victim, seeker, question, other", facet="Kinds"),
    Field(
        "level", "keyword", lambda v: _one(v.document.risk.level), "the level of the risk: none, low, medium or high",
        facet="Risk", ordered=LEVELS,
    ),
    Field(
        "indicator", "keyword", lambda v: _unique(r.indicator for r in v.document.risk.reasons), "red flags that matched",
        many=True, facet="Indicators",
    ),
    Field(
        "family", "keyword", lambda v: _unique(r.family for r in v.document.risk.reasons), "families of red flags that matched",
        many=True, facet="Families",
    ),
    Field(
        "country", "keyword", _of_locations(lambda e: e.country), "countries of the places named, as `KH`",
        many=True, facet="Countries",
    ),
    Field(
        "place", "keyword", _of_locations(lambda e: e.value), "places named, as `Sihanoukville` or `\"Bavet, KH\"`",
        many=True, facet="Places",
    ),
    Field(
        "role", "keyword", _of_locations(lambda e: e.role), "what a place named is: hub, transit, origin or plain",
        many=True, facet="Roles of places",
    ),
    Field("contact", "keyword", _of_kind(*CONTACT_KINDS), "contacts of any kind", many=True, facet="Contacts"),
    *_CONTACTS,
    *_OFFER,
    Field(
        "review", "keyword", lambda v: (v.document.review,), "what a person decided: lure, not, unsure; none where nobody has",
        facet="Reviews",
    ),
    Field(
        "restricted", "keyword", lambda v: ("yes" if v.document.restricted else "no",),
        "yes for posts that are set apart, which are found only where they are asked for",
    ),
    Field(
        "gone", "keyword", lambda v: ("no" if v.document.gone_at is None else "yes",),
        "yes for posts that were found to be no longer there, no for all others", facet="Gone",
    ),
    Field(
        "fingerprint", "keyword", lambda v: _one(v.document.fingerprint),
        "what near-duplicates have in common: the fingerprint of a post finds those of it",
    ),
    Field("campaign", "keyword", lambda v: _one(v.document.campaign), "the campaign it belongs to", facet="Campaigns"),
    Field("published", "date", lambda v: _one(micros(v.document.published_at)), "when it was published, in UTC"),
    Field("first_seen", "date", lambda v: _one(micros(v.document.first_seen)), "when jerat first saw it"),
    Field("last_seen", "date", lambda v: _one(micros(v.document.last_seen)), "when jerat last saw it"),
    Field("gone_at", "date", lambda v: _one(micros(v.document.gone_at)), "when it was found to be no longer there"),
    Field("score", "number", lambda v: (v.document.risk.score,), "the score of the risk, between 0 and 1"),
    Field(
        "usd_month", "number", _pay("usd_month_min", "usd_month_max"), "pay in US dollars a month, either end of a range",
        many=True,
    ),
    Field("usd_month_min", "number", _pay("usd_month_min"), "the lower end of the pay in US dollars a month", many=True),
    Field("usd_month_max", "number", _pay("usd_month_max"), "the upper end of the pay in US dollars a month", many=True),
    Field("versions", "whole", lambda v: (v.document.versions,), "how many versions of it are kept: 1 where it never changed"),
    Field("number", "whole", lambda v: (v.document.number,), "the rank of arrival in the case"),
)  # fmt: skip

BY_NAME: Final[dict[str, Field]] = {field.name: field for field in FIELDS}
