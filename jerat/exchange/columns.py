"""The columns of the lists that are exported, and what stands in each."""

from collections.abc import Iterable
from typing import Final

from index.fields import contact_field
from index.protocol import Document
from jerat.exchange.entities import EntityRow
from jerat.exchange.tables import Cell
from jerat.model import CONTACT_KINDS, ENTITY_KINDS

__all__ = ["ENTITY_COLUMNS", "POST_COLUMNS", "entity_cells", "post_cells"]

_OTHER_KINDS: Final = tuple(kind for kind in ENTITY_KINDS if kind not in (*CONTACT_KINDS, "location"))

POST_COLUMNS: Final[dict[str, str]] = {
    "id": "the id of the post, for `jerat show`",
    "url": "where it stands, or stood",
    "title": "its title, where it has one",
    "text": "its text",
    "author": "who posted it, as the page says",
    "source": "the board, channel or file it came from",
    "platform": "the platform of that source",
    "published_at": "when it was published, UTC; empty where the page gives no date that can be read",
    "first_seen": "when it was first fetched, UTC",
    "last_seen": "when it was last fetched, UTC",
    "gone_at": "when it was found to be no longer there, UTC; empty while it is, as far as is known",
    "versions": "how many versions of it are kept",
    "language": "the language of the text, ISO 639; `und` where it cannot be told",
    "kind": "what the post is: offer, warning, victim, seeker, question, other",
    "level": "the level of the risk: none, low, medium, high",
    "score": "the score of the risk, between 0 and 1",
    "review": "what a person decided: lure, not, unsure; none where nobody has",
    "restricted": "yes where the post is set apart (docs/victims.md), which is exported only where it is asked for",
    "reasons": "the indicators that matched",
    "reason_texts": "the words of the post that they matched",
    "former_contacts": "contacts that stand in earlier versions alone, as `KIND VALUE`",
    "hubs": "the places named that are known for compounds",
    "locations": "all places named",
} | {
    contact_field(kind): f"{'contacts' if kind in CONTACT_KINDS else 'values'} of kind {kind}"
    for kind in (*CONTACT_KINDS, *_OTHER_KINDS)
}

ENTITY_COLUMNS: Final[dict[str, str]] = {
    "kind": "the kind of entity",
    "value": "its value in the one form of docs/model.md",
    "posts": "how many posts name it",
    "former": "how many of those named it in an earlier version, and do not any more",
    "sources": "how many sources those posts come from",
    "first_seen": "the date of the earliest of those posts (published, else first fetched), UTC",
    "last_seen": "the date of the latest",
    "level": "the highest level of risk among those posts",
    "score": "the highest score of risk among those posts",
    "places": "the places that those posts name, most frequent first",
    "country": "ISO 3166 country of a place, or of a phone number's plan",
    "role": "of a place: hub, transit, origin, plain",
    "lat": "latitude of a place, degrees",
    "lon": "longitude of a place, degrees",
    "source_names": "those sources",
    "post_ids": "those posts, for `jerat show`",
}


def post_cells(document: Document) -> list[Cell]:
    """The cells of one post, in the order of POST_COLUMNS; several values in one cell are parted by ` | `."""
    values: dict[str, dict[str, None]] = {}
    hubs: dict[str, None] = {}
    for entity in document.entities:
        values.setdefault(entity.kind, {})[entity.value] = None
        if entity.kind == "location" and entity.role == "hub":
            hubs[entity.value] = None
    reasons = document.risk.reasons
    return [
        document.id,
        document.url,
        document.title,
        document.text,
        document.author,
        document.source,
        document.platform,
        document.published_at,
        document.first_seen,
        document.last_seen,
        document.gone_at,
        document.versions,
        document.language,
        document.kind,
        document.risk.level,
        round(document.risk.score, 4),
        document.review,
        "yes" if document.restricted else "no",
        _joined(dict.fromkeys(reason.indicator for reason in reasons)),
        _joined(dict.fromkeys(reason.text for reason in reasons if reason.text)),
        _joined(dict.fromkeys(f"{entity.kind} {entity.value}" for entity in document.former)),
        _joined(hubs),
        _joined(values.get("location", ())),
        *(_joined(values.get(kind, ())) for kind in (*CONTACT_KINDS, *_OTHER_KINDS)),
    ]


def entity_cells(row: EntityRow) -> list[Cell]:
    """The cells of one entity, in the order of ENTITY_COLUMNS."""
    return [
        row.kind,
        row.value,
        row.posts,
        row.former,
        len(row.sources),
        row.first_seen,
        row.last_seen,
        row.level,
        round(row.score, 4),
        _joined(row.places),
        row.country,
        row.role,
        row.lat,
        row.lon,
        _joined(row.sources),
        _joined(row.post_ids),
    ]


def _joined(values: Iterable[str]) -> str:
    # A bar, since in some countries spreadsheets part cells by semicolons.
    return " | ".join(values)
