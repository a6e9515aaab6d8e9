"""WARC, the format of web archives (ISO 28500): the answers in it are read as if they had been crawled."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

import msgspec

from crawlers.extract.whole_page import read_body
from crawlers.imports.files import opened, saved_at
from crawlers.imports.gather import Gathered
from crawlers.imports.http_body import TooLarge, dechunked, unpacked_body
from crawlers.imports.pages import moment_of, origin_of, placed
from crawlers.imports.warc_records import Damage, HttpHead, Record, http_head, records
from jerat.model import Post
from pipelines.intake import BadItem, ImportOptions, Read

__all__ = ["Archive", "Warc"]

_READ: Final = frozenset({"response", "resource", "conversion", "metadata"})
_MOST_KNOWN: Final = 500_000
_HEAD_ROOM: Final = 1 << 16
_PAGES: Final = ("text/html", "application/xhtml", "text/xml", "application/xml", "application/rss", "application/atom",
                 "application/json", "application/ld+json", "application/activity+json", "application/feed+json", "text/json",
                 "application/octet-stream", "application/rdf")  # fmt: skip


class Warc:
    """One WARC file, gzipped or not."""

    name = "warc"

    def recognises(self, path: Path, head: bytes) -> bool:
        """By the first line of its first record."""
        return head.lstrip(b"\r\n").startswith((b"WARC/1.", b"WARC/0."))

    def read(self, path: Path, options: ImportOptions) -> Iterator[Read | BadItem]:
        """The posts of its pages: those with a page of their own at once, the others at the end."""
        archive = Archive(options)
        yield from archive.file(path, path.name)
        yield from archive.rest()


@dataclass(slots=True)
class Archive:
    """One or several WARC files that belong together."""

    options: ImportOptions
    titles: dict[str, str] = field(default_factory=dict)
    """Titles of pages by their address, where the archive has them apart."""
    _gathered: Gathered = field(default_factory=Gathered)
    _known: dict[str, tuple[Path, int]] = field(default_factory=dict)
    _counts: Counter[str] = field(default_factory=Counter)
    _name: str = ""

    def file(self, path: Path, name: str) -> Iterator[Read | BadItem]:
        """The posts of one file that need not wait for others. `name` is what it is called in the evidence."""
        self._name = self._name or name
        limit = self.options.max_bytes + _HEAD_ROOM
        with opened(path, self.options.advance) as stream:
            for record in records(stream, limit):
                if isinstance(record, Damage):
                    yield BadItem(f"{name}#{record.place}", record.reason, fatal=record.fatal)
                else:
                    yield from self._record(record, path, name)

    def rest(self) -> Iterator[Read | BadItem]:
        """The posts that waited until all files were read; and an account of what was none."""
        for post in self._gathered.rest():
            yield Read(post)
        counts = self._counts
        if self._gathered.left_out:
            counts["other pages of sites with job postings"] += self._gathered.left_out
        if counts:
            parts = ", ".join(f"{number:,} {what}" for what, number in sorted(counts.items()))
            self.options.say(f"{self._name}: not taken as posts: {parts}")

    # -- records ---------------------------------------------------------------------------------------------------

    def _record(self, record: Record, path: Path, name: str) -> Iterator[Read | BadItem]:
        if not record.url.lower().startswith(("http://", "https://")):
            return
        if record.kind == "revisit":
            yield from self._revisit(record, path, name)
        elif record.kind in _READ:
            yield from self._answer(record, record, path, name)

    def _revisit(self, record: Record, path: Path, name: str) -> Iterator[Read | BadItem]:
        """The same body as an earlier record has: that one is read once more, as what stood at this address at this time."""
        where = self._known.get(record.digest)
        if where is None:
            self._counts["visits whose body is in another file"] += 1
            return
        with opened(where[0]) as stream:
            stream.seek(where[1])
            first = next(iter(records(stream, self.options.max_bytes + _HEAD_ROOM)), None)
        if isinstance(first, Record):
            yield from self._answer(record, first, path, name)

    def _answer(self, record: Record, kept: Record, path: Path, name: str) -> Iterator[Read | BadItem]:
        """`record` says where and when, `kept` holds the body; they are one but for a revisit."""
        place = f"{name}#{record.place}"
        head = (
            http_head(kept.block) if kept.kind == "response" else HttpHead(200, {"content-type": kept.content_type}, 0)
        )
        if head is None:
            yield BadItem(place, "an answer whose head cannot be read", record.url)
            return
        if 300 <= head.status < 400 and head.headers.get("location"):
            self._gathered.redirect(record.url, _joined(record.url, head.headers["location"]))
            return
        kind = head.headers.get("content-type", "").split(";")[0].strip().lower()
        if not 200 <= head.status < 300 or not (kind.startswith(_PAGES) or (not kind and kept.kind != "metadata")):
            what = (
                f"answers with HTTP {head.status}" if not 200 <= head.status < 300 else "pictures, scripts and the like"
            )
            self._counts[what] += 1
            return
        if record is kept and record.digest and record.offset >= 0 and len(self._known) < _MOST_KNOWN:
            self._known.setdefault(record.digest, (path, record.offset))
        body, problem = self._body(kept, head)
        if body is None:
            yield BadItem(place, problem, record.url)
            return
        origin = origin_of(record.url, moment_of(record.date, saved_at(path)), self.options)
        page = read_body(body, head.headers.get("content-type", ""), origin, self.options.max_bytes)
        if page.kind == "other":
            self._counts["pictures, scripts and the like"] += 1
            return
        for sentence in (*([problem] if problem else ()), *page.problems):
            yield BadItem(place, sentence, record.url, minor=True)
        if not page.posts and not page.problems:
            self._counts["lists and pages that say next to nothing"] += 1
        page.posts[:] = self._titled(placed(iter(page.posts), place, self.options))
        yield from map(Read, self._gathered.add(page, record.url))

    def _titled(self, posts: Iterator[Post]) -> Iterator[Post]:
        for post in posts:
            title = self.titles.get(post.url, "") if not post.title else ""
            yield msgspec.structs.replace(post, title=title) if title else post

    def _body(self, record: Record, head: HttpHead) -> tuple[bytes | None, str]:
        """The body as it was meant, or None and why it cannot be had; with one that came in part, what was wrong."""
        limit = self.options.max_bytes
        too_large = f"larger than the {limit:,} bytes that JERAT_MAX_RESPONSE allows, packed or unpacked"
        if record.length > limit + _HEAD_ROOM:
            return None, too_large
        body, problem = record.block[head.body :], ""
        if "chunked" in head.headers.get("transfer-encoding", "").lower():
            body, whole = dechunked(body)
            problem = "" if whole else "the answer was cut short; what came was read"
        try:
            body, broken = unpacked_body(body, head.headers.get("content-encoding", ""), limit)
        except TooLarge:
            return None, too_large
        return body, problem or broken


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        return location
