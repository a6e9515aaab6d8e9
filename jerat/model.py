"""What crosses between rooms: frozen, typed values. Times are aware and in UTC; spans count Unicode code points."""

import hashlib
from datetime import UTC, datetime
from typing import Final, Literal

import msgspec

from jerat.errors import InputError

__all__ = [
    "CONTACT_KINDS",
    "ENTITY_KINDS",
    "LEVELS",
    "OFFER_KINDS",
    "POST_KINDS",
    "Analysis",
    "Decision",
    "Entity",
    "Field",
    "Finding",
    "Indicator",
    "Job",
    "Level",
    "Link",
    "Message",
    "Post",
    "PostKind",
    "Risk",
    "post_id",
    "utc",
]

Level = Literal["none", "low", "medium", "high"]
Decision = Literal["lure", "not", "unsure", "none"]
"""What a person decided on a post; `none` where nobody has, or it was taken back."""
PostKind = Literal["offer", "warning", "victim", "seeker", "question", "other"]

LEVELS: Final[tuple[Level, ...]] = ("none", "low", "medium", "high")
POST_KINDS: Final[tuple[PostKind, ...]] = ("offer", "warning", "victim", "seeker", "question", "other")

CONTACT_KINDS: Final = (
    "phone", "whatsapp", "telegram", "email", "url", "zalo", "viber", "signal", "wechat", "line", "kakao", "qq",
    "facebook", "instagram", "tiktok", "discord", "btc", "eth", "tron", "ltc", "doge", "bch", "xrp", "sol", "ton", "xmr",
    "bank_account",
)  # fmt: skip
"""Kinds of entity by which somebody can be reached or paid."""

OFFER_KINDS: Final = (
    "role", "sex", "language_asked", "typing_speed", "document", "transport", "lodging", "food", "debt", "working_hours",
    "contract", "licence",
)  # fmt: skip
"""Kinds of entity that say what an offer asks for and promises, besides place, pay and age."""

ENTITY_KINDS: Final = (*CONTACT_KINDS, "location", "salary", "age", "organisation", "person", *OFFER_KINDS)


class Field(msgspec.Struct, frozen=True):
    """One part of a post that is read besides its text: its title, a link's address, a job's place or pay."""

    name: str
    text: str


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """An address that stands behind words of a post. `start` and `end` slice `Post.text`; both 0 where it stands apart."""

    url: str
    start: int = 0
    end: int = 0


class Job(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a page says of a job in structured data (https://schema.org/JobPosting), each as text for people."""

    organisation: str = ""
    locations: tuple[str, ...] = ()
    salary: str = ""
    employment_type: tuple[str, ...] = ()
    valid_through: datetime | None = None
    direct_apply: bool | None = None
    contacts: tuple[str, ...] = ()
    """Addresses and numbers that stand outside the description: `tel:`, `mailto:`, messenger links, contact points."""


class Message(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a messenger shows around a message. `views` is as shown, so 1.2K is 1200."""

    views: int | None = None
    forwarded_from: str = ""
    forwarded_url: str = ""
    reply_to: str = ""
    edited: bool = False
    shared_by: str = ""
    """Who passed the post on to others, where it was found as passed on: the account that boosted or reposted it."""


class Post(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One advertisement or message as it stood at `fetched_at`.

    `id` is made by `post_id` and never depends on the time. `published_at` is None where the page gives no date that
    can be read. Raises InputError for times without a zone.
    """

    id: str
    source: str
    platform: str
    url: str
    fetched_at: datetime
    text: str
    title: str = ""
    author: str = ""
    published_at: datetime | None = None
    native_id: str = ""
    media: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    country_hint: str = ""
    """ISO 3166 country of the source, for national phone numbers; empty where unknown."""
    job: Job | None = None
    message: Message | None = None
    evidence: str = ""
    """Where the fetched bytes are kept (a WARC record or a file and line); empty until preserved."""

    def __post_init__(self) -> None:
        for name in ("fetched_at", "published_at"):
            moment = getattr(self, name)
            if moment is not None and moment.tzinfo is None:
                raise InputError(f"{name} of post {self.id} has no time zone: {moment.isoformat()}")

    def fields(self) -> tuple[Field, ...]:
        """All that is read besides `text`, so that contacts in titles, links and structured data are found too."""
        parts = [Field("title", self.title)]
        if self.job is not None:
            parts.append(Field("organisation", self.job.organisation))
            parts += [Field("location", place) for place in self.job.locations]
            parts.append(Field("salary", self.job.salary))
            parts += [Field("contact", contact) for contact in self.job.contacts]
        if self.message is not None:
            parts.append(Field("forwarded", self.message.forwarded_url))
        seen = self.text
        parts += [Field("link", link.url) for link in self.links if link.url not in seen]
        return tuple(part for part in parts if part.text)


class Finding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something read in a post: `text` is the surface, and equals the slice `start:end` of the field it stands in."""

    text: str
    start: int
    end: int
    field: str = "text"


class Entity(Finding, frozen=True, kw_only=True, omit_defaults=True):
    """A contact, place, pay, age or name. The forms of `value` by kind: docs/model.md."""

    kind: str
    value: str
    confidence: float
    """Between 0 and 1: how sure it is that the surface is of this kind and has this value."""
    country: str = ""
    """ISO 3166, of a location or of a phone number's plan."""
    lat: float | None = None
    lon: float | None = None
    geoname_id: int | None = None
    role: str = ""
    """Of a location: `hub`, `transit`, `origin` or `plain`."""
    usd_month_min: float | None = None
    usd_month_max: float | None = None
    bank: str = ""
    undone: tuple[str, ...] = ()
    """The disguises that were taken off before it could be read, such as `homoglyph` or `zero-width`."""


class Indicator(Finding, frozen=True, kw_only=True, omit_defaults=True):
    """A red flag that matched, and what it adds to the risk (in log-odds)."""

    indicator: str
    family: str
    weight: float


class Risk(msgspec.Struct, frozen=True, kw_only=True):
    """How strongly a post shows the signs of a lure. `score` is between 0 and 1."""

    level: Level
    score: float
    reasons: tuple[Indicator, ...] = ()


class Analysis(msgspec.Struct, frozen=True, kw_only=True):
    """All findings in one post. `language` is ISO 639-1 where there is one, else 639-3; `und` where it cannot be told."""

    id: str
    language: str
    kind: PostKind
    risk: Risk
    entities: tuple[Entity, ...]
    fingerprint: str
    versions: dict[str, str]


def post_id(platform: str, native_id: str, url: str) -> str:
    """The stable id of a post: 24 hexadecimal digits, of the platform and its own id, or else of the canonical URL."""
    key = f"{platform}\x1f{native_id}" if native_id else f"url\x1f{url}"
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def utc(moment: datetime) -> datetime:
    """`moment` in UTC; a time without a zone is taken as UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
