"""A job board of some 2,000 pages on loopback, of which one advertisement in twenty is a lure: made from a seed.

Categories with lists of twenty titles a page, pages of advertisements with JobPosting data and links to related ones. The
lures are spread unevenly: most in a few categories, the rest anywhere; a part of them has titles that tell nothing, and
honest jobs have titles with the words of lures. Addresses are numbers.
"""

import json
import random
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any, Final

import yaml

__all__ = ["BenchSite", "make_site"]

_CATEGORIES: Final = 14
_ON_A_LIST: Final = 20
_RELATED: Final = 5


@dataclass(frozen=True, slots=True)
class BenchSite:
    """The pages by path, and the paths of the lures."""

    pages: dict[str, str]
    lures: frozenset[str]


@dataclass(slots=True)
class _Job:
    path: str
    title: str
    text: str
    category: int
    lure: bool
    agent: int


@cache
def _words() -> dict[str, Any]:
    text = files("crawlers.bench").joinpath("words.yaml").read_text("utf-8")
    found: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return found


def make_site(seed: int, pages: int = 2000, share: float = 0.05) -> BenchSite:
    """The site of a seed; `pages` in all, of whose advertisements the `share` are lures."""
    chance = random.Random(seed)  # noqa: S311 -- no secret
    number = round(pages * 0.945)
    jobs = _jobs(chance, number, share)
    found: dict[str, str] = {}
    by_category: dict[int, list[_Job]] = {}
    for job in jobs:
        by_category.setdefault(job.category, []).append(job)
    links = "".join(f'<li><a href="/category/{name}">Category {name}</a></li>' for name in sorted(by_category))
    found["/"] = _page("Jobs", f"<ul>{links}</ul>")
    for name, own in by_category.items():
        last = (len(own) + _ON_A_LIST - 1) // _ON_A_LIST
        for at in range(last):
            part = own[at * _ON_A_LIST : (at + 1) * _ON_A_LIST]
            path = f"/category/{name}" + (f"?page={at + 1}" if at else "")
            paging = "".join(
                f'<a href="/category/{name}{f"?page={other + 1}" if other else ""}">{other + 1}</a> '
                for other in (at - 1, at + 1)
                if 0 <= other < last
            )
            found[path] = _page(f"Category {name}", f"<ul>{links}</ul><ol>{_cards(part)}</ol><p>{paging}</p>")
    for job in jobs:
        found[job.path] = _detail(job, _related(chance, job, jobs, by_category))
    return BenchSite(found, frozenset(job.path for job in jobs if job.lure))


def _jobs(chance: random.Random, number: int, share: float) -> list[_Job]:
    words = _words()
    hot = chance.sample(range(_CATEGORIES), 3)
    numbers = chance.sample(range(10_000, 99_999), number)
    lures = set(chance.sample(range(number), round(number * share)))
    jobs = []
    for at in range(number):
        lure = at in lures
        category = chance.choice(hot) if lure and chance.random() < 0.75 else chance.randrange(_CATEGORIES)
        kinds = ("telling", "mild", "bland") if lure else ("honest", "surface", "bland")
        (kind,) = chance.choices(kinds, (0.35, 0.35, 0.3) if lure else (0.8, 0.1, 0.1))
        title = chance.choice(words[kind])
        text = chance.choice(words["lure_texts" if lure else "honest_texts"]).format(
            hub=chance.choice(words["hubs"]), pay=chance.randrange(7, 30) * 100 if lure else chance.randrange(3, 30),
            handle=f"contoh_{chance.randrange(1000, 9999)}", title=title, place=chance.choice(words["places"]),
        )  # fmt: skip
        agent = chance.randrange(100, 106) if lure else chance.randrange(60)
        jobs.append(_Job(f"/job/{numbers[at]}", title, text, category, lure, agent))
    return jobs


def _related(chance: random.Random, job: _Job, jobs: list[_Job], by_category: dict[int, list[_Job]]) -> list[_Job]:
    """Of the same agent now and then, mostly of the same category, and any."""
    found: dict[str, _Job] = {}
    while len(found) < _RELATED:
        drawn = chance.random()
        if drawn < 0.2:
            other = chance.choice([one for one in jobs if one.agent == job.agent])
        elif drawn < 0.8:
            other = chance.choice(by_category[job.category])
        else:
            other = chance.choice(jobs)
        if other is not job or drawn < 0.01:
            found[other.path] = other
    return list(found.values())


def _cards(jobs: list[_Job]) -> str:
    return "".join(f'<li><a href="{job.path}">{escape(job.title)}</a></li>' for job in jobs)


def _detail(job: _Job, related: list[_Job]) -> str:
    data = {
        "@context": "https://schema.org", "@type": "JobPosting", "title": job.title, "description": job.text,
        "datePosted": "2026-11-01", "hiringOrganization": {"@type": "Organization", "name": f"Company {job.agent}"},
    }  # fmt: skip
    head = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    body = f"<h1>{escape(job.title)}</h1><p>{escape(job.text)}</p><h2>Related</h2><ul>{_cards(related)}</ul>"
    return _page(job.title, f'{body}<p><a href="/category/{job.category}">more</a></p>', head)


def _page(title: str, body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>{escape(title)}</title>{head}</head><body>{body}</body></html>"
