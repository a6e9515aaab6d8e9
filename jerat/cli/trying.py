"""What a source would bring: one look at its pages, of which nothing is kept in the case."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jerat.cli.safe import one_line
from jerat.cli.screen import counted

if TYPE_CHECKING:
    from crawlers.run import RunReport
    from crawlers.targets import Target
    from jerat.case import DeadLetter, Record
    from jerat.cli.screen import Screen
    from jerat.cli.state import State

__all__ = ["Trial", "missing", "tried"]

_BUDGET: Final = re.compile(r"stopped after \d+ pages: \w+ allows no more(; )?")
"""What a run says whose pages are spent; here that was asked for."""
_TEXT: Final = 300
_SHOWN: Final = 5
_SHORT: Final = 80
_EXPECTED: Final = {
    "title": "no title",
    "author": "no author",
    "published": "no date",
    "contacts": "no contact",
    "places": "no place",
}


class Trial:
    """What a look at a source gave."""

    def __init__(self, reports: Sequence[RunReport], records: Sequence[Record], dead: Sequence[DeadLetter]) -> None:
        self.reports = reports
        self.records = records
        self.dead = dead

    @property
    def ok(self) -> bool:
        """Whether each address gave what it should."""
        return all(report.status == "ok" and not report.faults for report in self.reports)

    def document(self) -> dict[str, Any]:
        """The whole for programs."""
        from dataclasses import asdict

        return {
            "ok": self.ok,
            "pages": sum(report.pages for report in self.reports),
            "addresses": [
                {"address": one.address, "status": one.status, "reason": one.reason, "pages": one.pages}
                for one in self.reports
            ],
            "posts": [
                {"missing": missing(record), "post": record.post, "analysis": record.analysis}
                for record in self.records
            ],
            "dead_letters": [asdict(letter) for letter in self.dead],
        }

    def show(self, screen: Screen) -> None:
        """The whole for people: each post field by field, what all of them lack, and what stands in the way."""
        for number, record in enumerate(self.records[:_SHOWN], 1):
            _post(screen, number, record)
        if len(self.records) > _SHOWN:
            screen.say(f"and {counted(len(self.records) - _SHOWN, 'post')} more: --json has them all", "")
        if self.records:
            _coverage(screen, self.records)
        told = " ".join(report.reason for report in self.reports if report.status == "failed")
        dead = [letter for letter in self.dead if letter.reason not in told]
        for letter in dead[:_SHOWN]:
            screen.warn(f"{letter.step}: {letter.reason} ({letter.url})")
        if len(dead) > _SHOWN:
            screen.warn(f"and {counted(len(dead) - _SHOWN, 'thing')} more that could not be used")
        for report in self.reports:
            pages = counted(report.pages, "page")
            if report.status == "failed":
                screen.warn(f"{report.address}: {pages}; {report.reason}")
            else:
                said = f"; {report.reason}" if report.reason else ""
                screen.say(one_line(f"{report.address}: {pages}, {counted(report.posts, 'post')}{said}"))


def tried(state: State, targets: Sequence[Target], pages: int) -> Trial:
    """Read at most `pages` pages of each address, the first alone where it has posts, with all guards of a crawl."""
    from dataclasses import replace

    from msgspec.structs import replace as changed

    from crawlers.declared import Expect
    from crawlers.run import crawl
    from jerat.case import Case

    asked = []
    for target in targets:
        if target.declared is not None:  # its expectation is of a whole run; here it is told what one look gives
            least = Expect(posts=min(target.declared.expect.posts, 1))
            target = replace(target, declared=changed(target.declared, expect=least, images=False))  # noqa: PLW2901
        asked.append(target)
    settings = state.settings
    with tempfile.TemporaryDirectory(prefix="jerat-") as folder:
        aside = settings.model_copy(
            update={
                "case": Path(folder),
                "index": "embedded:",
                "max_pages": pages,
                "lexicon": settings.lexicon_in_force,
            }
        )
        with Case(Path(folder)) as case:
            reports = [
                replace(report, reason=_BUDGET.sub("", report.reason))
                for report in crawl(aside, case, asked, trial=True)
            ]
            records = list(case.posts.all())
            dead = list(case.dead_letters.list())
    return Trial(reports, records, dead)


def missing(record: Record) -> list[str]:
    """What an investigator would want of a post and does not get, in words."""
    from jerat.model import CONTACT_KINDS

    post, analysis = record.post, record.analysis
    kinds = {entity.kind for entity in analysis.entities}
    there = {
        "title": bool(post.title) or post.message is not None,  # messages have none
        "author": bool(post.author or (post.job and post.job.organisation)),
        "published": post.published_at is not None,
        "contacts": bool(kinds & set(CONTACT_KINDS)),
        "places": "location" in kinds or bool(post.job and post.job.locations),
    }
    found = [words for name, words in _EXPECTED.items() if not there[name]]
    return found + ([f"a text of only {len(post.text)} characters"] if len(post.text) < _SHORT else [])


def _post(screen: Screen, number: int, record: Record) -> None:
    from rich.text import Text

    from jerat.cli.cards import facts
    from jerat.cli.screen import LEVEL_STYLE

    post, analysis = record.post, record.analysis
    screen.say(Text(f"Post {number}", "bold"))
    lines: list[tuple[str, Text]] = []

    def add(name: str, value: object, style: str = "") -> None:
        if value:
            lines.append((name, Text(one_line(str(value), 2 * _TEXT), style)))

    add("address", post.url, "blue")
    add("title", post.title)
    add("author", post.author)
    add("published", post.published_at.isoformat(" ", "minutes") if post.published_at else "")
    if record.restricted:
        add("text", "set apart: it seems to be of somebody in trouble", "dim")
    else:
        add("text", f"{one_line(post.text, _TEXT)} ({counted(len(post.text), 'character')})")
    if post.job is not None:
        for name in ("organisation", "locations", "salary", "employment_type", "valid_through", "contacts"):
            value = getattr(post.job, name)
            add(name.replace("_", " "), ", ".join(value) if isinstance(value, tuple) else value)
    if post.message is not None:
        add("forwarded", post.message.forwarded_from)
        add("views", post.message.views)
    add("pictures", counted(len(post.media), "address", "addresses") if post.media else "")
    add("links", counted(len(post.links), "link") if post.links else "")
    add("language", analysis.language)
    risk = analysis.risk
    add("risk", f"{risk.level} {risk.score:.2f}, {analysis.kind}", LEVEL_STYLE.get(risk.level, ""))
    if analysis.entities and not record.restricted:
        lines.append(("names", facts(analysis.entities)))
    lacks = missing(record)
    add("missing", ", ".join(lacks), "yellow")
    for name, value in lines:
        screen.hanging(Text(f"  {name:<16}", "dim") + value, 18)
    screen.say("")


def _coverage(screen: Screen, records: Sequence[Record]) -> None:
    """How many of the posts have what is wanted of them."""
    lacks = [missing(record) for record in records]
    parts = [f"{name} in {sum(words not in one for one in lacks):,}" for name, words in _EXPECTED.items()]
    screen.say(f"{counted(len(records), 'post')}; {', '.join(parts)}")
