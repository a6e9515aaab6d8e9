"""The versions of a post: what makes one, and what stands in earlier ones alone."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import msgspec

from jerat.model import CONTACT_KINDS, Analysis, Entity, Post
from jerat.urls import canonical_url

__all__ = ["Version", "content_of", "former_contacts"]

_CONTACTS: Final = frozenset(CONTACT_KINDS)
# The host and the query of a picture's address change with the server that happens to answer; these name it anew each time.
_RESTLESS_HOSTS: Final = ("telegram-cdn.org", "cdn-telegram.org", "telesco.pe")


@dataclass(frozen=True, slots=True)
class Version:
    """One version. `current` is that which is said now; `analysis` is None where a jerat of before kept none."""

    number: int
    fetched_at: str
    current: bool
    post: Post
    analysis: Analysis | None


def content_of(post: Post) -> str:
    """A hash of what the post says: another hash makes another version.

    White space, the place of links in the text, signatures in the addresses of pictures, the day up to which a posting
    holds (many boards move it with every fetch), views, and when and where it was fetched are no part of it.
    """
    job = post.job
    said = (
        _flat(post.title),
        _flat(post.text),
        _flat(post.author),
        [_still(url) for url in post.media],
        sorted({canonical_url(link.url) for link in post.links}),
        None
        if job is None
        else (
            _flat(job.organisation),
            [_flat(place) for place in job.locations],
            _flat(job.salary),
            job.employment_type,
            job.contacts,
        ),
    )
    return hashlib.blake2b(msgspec.json.encode(said), digest_size=16).hexdigest()


def former_contacts(versions: Iterable[Version], now: Analysis) -> tuple[Entity, ...]:
    """The contacts that stand in other versions than the current one alone, each once, the latest mention of it."""
    known = {(entity.kind, entity.value) for entity in now.entities}
    found: dict[tuple[str, str], Entity] = {}
    for version in versions:
        for entity in version.analysis.entities if version.analysis is not None and not version.current else ():
            if entity.kind in _CONTACTS and (entity.kind, entity.value) not in known:
                found[entity.kind, entity.value] = entity
    return tuple(found.values())


def _flat(text: str) -> str:
    return " ".join(text.split())


def _still(url: str) -> str:
    """The part of a picture's address that stays."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return url
    return "" if host.endswith(_RESTLESS_HOSTS) else parts.path
