"""The sentences that a query which cannot be understood is answered with."""

import difflib
from typing import Final

from index.fields import BY_NAME, FIELDS
from jerat.errors import QueryError

__all__ = ["fail", "unknown_field"]

_MEANT: Final = {
    "risk": "level` or `score", "date": "published", "time": "published", "pay": "usd_month", "salary": "usd_month",
    "wage": "usd_month", "org": "organisation", "organization": "organisation", "company": "organisation",
    "lang": "language", "location": "place", "city": "place", "hub": "role:hub` or `place", "channel": "source",
    "site": "source", "mail": "email", "wa": "whatsapp", "tg": "telegram", "body": "text", "content": "text",
    "name": "person", "bank": "bank_account", "bitcoin": "btc", "usdt": "tron", "link_url": "link", "type": "kind",
    "seen": "first_seen` or `last_seen", "flag": "indicator", "reason": "indicator",
}  # fmt: skip


def fail(query: str, position: int, sentence: str, hint: str = "") -> QueryError:
    """The error for a mistake at `position`, which the message points at."""
    shown = query[position : position + 20]
    place = (
        f"at character {position + 1}, `{shown}{'…' if len(query) > position + 20 else ''}`" if shown else "at its end"
    )
    return QueryError(f"the query cannot be understood {place}: {sentence}", query, position, hint)


def unknown_field(query: str, position: int, name: str) -> QueryError:
    """The error for a field that there is not: it names those that there are."""
    known = [field.name for field in FIELDS if field.query]
    close = difflib.get_close_matches(name.lower(), list(BY_NAME), n=2, cutoff=0.7)
    meant = _MEANT.get(name.lower()) or "` or `".join(close)
    suggestion = f" (did you mean `{meant}`?)" if meant else ""
    return QueryError(
        f"there is no field `{name}`, at character {position + 1}{suggestion}; the fields are: {', '.join(known)}",
        query,
        position,
        f'to search for the text itself, quote it: "{name}:…"',
    )
