"""Which candidates jerat can visit by itself, and which are no news: the places that posts name, as targets of a crawl."""

from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from crawlers.catalogue import Catalogue
from crawlers.kinds import KINDS
from crawlers.targets import Target
from jerat.case import Candidate, Case
from pipelines.candidates import Ranked, ranked

__all__ = ["NO_PREVIEW", "best", "declared_places", "spider_of", "target_of"]

NO_PREVIEW: Final = "no public preview"
"""The outcome of a visit to an address of Telegram that is a person, a group, or a closed channel."""
_SPIDERS: Final = {"telegram": "telegram", "site": "auto", "reddit": "reddit", "bluesky": "bluesky"}


def spider_of(kind: str) -> str:
    """The spider that visits candidates of a kind; empty for places that jerat cannot read from outside."""
    name = _SPIDERS.get(kind, "")
    return name if name == "auto" or name in KINDS else ""


def target_of(candidate: Candidate) -> Target | None:
    """The visit to a candidate; None where jerat cannot."""
    spider = spider_of(candidate.kind)
    return Target(candidate.address, spider) if spider else None


def declared_places(catalogue: Catalogue) -> frozenset[str]:
    """The addresses of declared sources in the forms in which candidates stand: those are known already."""
    found = set()
    for entry in catalogue:
        for url in entry.source.urls:
            if url.startswith("@"):
                found.add(f"https://t.me/{url[1:].lower()}")
                continue
            parts = urlsplit(url)
            host = parts.hostname or ""
            steps = [step for step in parts.path.split("/") if step and step != "s"]
            if host in ("t.me", "telegram.me") and steps:
                found.add(f"https://t.me/{steps[0].lower()}")
            else:
                bare = host.removeprefix("www.")
                found |= {f"{scheme}://{one}/" for scheme in ("http", "https") for one in (bare, f"www.{bare}")}
    return frozenset(found)


def best(case: Case, number: int, known: Collection[str] = ()) -> list[Ranked]:
    """The `number` most promising candidates that can be visited, were not yet, and are named by a risky post."""
    open_ones = (one for one in ranked(case, known) if not one.candidate.visited_at and one.risky)
    return [one for one in open_ones if spider_of(one.candidate.kind)][:number]
