"""A declared source: what a YAML file in `crawlers/sources/`, or in the operator's own folder, says of it.

Read and checked by `crawlers.catalogue`; handed to the spiders as a whole. docs/sources.md explains every key.
"""

from datetime import date, timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

__all__ = ["BrowserRules", "Expect", "Politeness", "RobotsException", "Source", "Verified", "seconds_of"]

Name = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{1,60}$")]
Country = Annotated[str, Meta(pattern=r"^[A-Z]{2}$")]
Span = Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,3}[mhd]$")]

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def seconds_of(span: str) -> float:
    """The seconds of a span such as `30m`, `6h` or `1d`."""
    return timedelta(**{_UNITS[span[-1]]: int(span[:-1])}).total_seconds()


class Expect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a run must bring, or it has failed: a site that changed its markup must not look like a quiet day."""

    posts: Annotated[int, Meta(ge=0)] = 1
    """Posts of each address in a run, new or known; 0 where it may well have none (a search, a quiet tag).
    `posts: {min: 3}` says the same as `posts: 3`."""


class Politeness(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How gently a site is read. Nothing here goes below the floor of the settings."""

    delay: Annotated[float, Meta(ge=0, le=600)] = 0
    """Seconds between two requests, at least; the setting JERAT_DELAY where that is longer."""
    pages: Annotated[int, Meta(ge=0)] = 0
    """Pages of one run, at most; 0 leaves it to JERAT_MAX_PAGES."""


class RobotsException(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The operator's written decision to read what robots.txt forbids, where the law allows one. Told in every run."""

    by: Annotated[str, Meta(min_length=1)]
    """Who decided, by name."""
    on: date
    """The day of the decision, as 2026-11-24."""
    reason: Annotated[str, Meta(min_length=10)]
    """Why, and on which legal ground, in a sentence."""


class Verified(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When and how it was last seen that the declaration brings what stands on the site."""

    on: date
    """The day, as 2026-11-24."""
    how: Annotated[str, Meta(min_length=5)]
    """Against what it was compared: a page, and of which month."""


class BrowserRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a browser does on a page before it is read (the kind `browser`). Selectors are CSS."""

    wait_for: str = ""
    """What must be there before the page is read."""
    click: tuple[str, ...] = ()
    """What is clicked wherever it stands, such as `see more`; besides the words that jerat knows."""
    scrolls: Annotated[int, Meta(ge=0, le=200)] = 10
    """Times that the end of the page is asked for, at most, while more comes."""
    screenshot: bool = False
    """Whether a picture of the whole page is kept with the evidence."""


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One declared source."""

    name: Name
    """What it is called in commands and stands as in posts: small letters, digits and hyphens, 2 to 61 of them."""
    title: Annotated[str, Meta(min_length=1)]
    """What it is called by people."""
    kind: str
    """The spider, as `jerat crawl --kind` names it, or `auto`: then the address tells, or the first page."""
    urls: tuple[Annotated[str, Meta(min_length=1)], ...] = ()
    """Where it begins: addresses with http:// or https://, or `@NAME` of a Telegram channel."""
    country: Country | None = None
    """Two capital letters (ISO 3166) of the offers, for national phone numbers; absent where they are of many."""
    languages: tuple[str, ...] = ()
    """Of the offers, as `id`, `km` or `zh-Hant` (BCP 47)."""
    cadence: Span = "1d"
    """How often `jerat crawl --due` visits it: a number with m, h or d, such as 30m, 6h or 1d."""
    politeness: Politeness = Politeness()
    """How gently it is read; nothing here goes below the floor of the settings."""
    expect: Expect = Expect()
    """What a run must bring, or it has failed."""
    enabled: bool = True
    """Whether it is crawled; one that is switched off says why (`terms` or `note`), and what serves `instead`."""
    terms: str = ""
    """What its terms of use say of automated access, with the date on which they were read."""
    instead: str = ""
    """Where it is switched off: the way to import what a person saved by hand."""
    robots: RobotsException | None = None
    """The operator's written decision to read what robots.txt forbids, where the law allows one."""
    verified: Verified | Literal["unverified"] = "unverified"
    """When and how it was last seen to bring what stands on the site, or `unverified`."""
    images: bool = False
    """Whether pictures are fetched with the posts."""
    board: dict[str, object] | None = None
    """The selectors of the kind `board`."""
    browser: BrowserRules = BrowserRules()
    """What a browser does on a page before it is read (the kind `browser`)."""
    note: str = ""
    """What else a colleague should know."""
