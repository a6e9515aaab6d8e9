"""The posts of many pages: which are handed on at once, and which wait until all pages were seen, as a crawl has it."""

import tempfile
from collections.abc import Iterator
from typing import Final

import msgspec

from crawlers.extract.links import distinct, site_of
from crawlers.extract.whole_page import WholePage
from jerat.model import Post
from jerat.urls import canonical_url

__all__ = ["Gathered"]

_IN_MEMORY: Final = 32 << 20
_MOST_REDIRECTS: Final = 200_000
_DISTINCT: Final = 5000


class _Waiting(msgspec.Struct, frozen=True, array_like=True):
    kind: str
    site: str
    post: Post


class Gathered:
    """Takes the pages of an archive in whatever order they stand there.

    A posting in a list waits for its own page, which may say more; so does the item of a feed. A plain page waits until its
    site is known: a site with JobPostings gives those, and not its other pages. What waits is kept on disk.
    """

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 -- closed by `rest`
        self._emitted: set[int] = set()
        self._listed: set[int] = set()
        self._structured: set[str] = set()
        self._fruitful: set[int] = set()
        self._redirects: dict[int, int] = {}
        self.left_out = 0
        """Plain pages of sites with postings."""

    def redirect(self, url: str, target: str) -> None:
        """Note that one address leads to another."""
        if len(self._redirects) < _MOST_REDIRECTS:
            self._redirects[_key(canonical_url(url))] = _key(canonical_url(target))

    def add(self, page: WholePage, url: str) -> Iterator[Post]:
        """The posts of a page that need not wait."""
        here, site = canonical_url(url), site_of(url)
        if page.posts and page.kind in ("jobs", "plain"):
            self._fruitful.add(_key(here))
        if page.kind == "jobs":
            self._structured.add(site)
        for post in page.posts:
            if page.kind in ("channel", "api"):
                yield post
            elif page.kind == "jobs" and (post.native_id or post.url == here or len(page.posts) == 1):
                self._emitted.add(_key(post.id))
                yield post
            elif page.kind != "jobs" or _key(post.id) not in self._listed:
                self._listed.add(_key(post.id))
                self._file.write(msgspec.json.encode(_Waiting(page.kind, site, post)) + b"\n")

    def rest(self) -> Iterator[Post]:
        """The posts that waited, when there is no further page."""
        decoder = msgspec.json.Decoder(_Waiting)
        plain: dict[str, list[Post]] = {}
        with self._file:
            self._file.seek(0)
            for line in self._file:
                one = decoder.decode(line)
                if one.kind == "jobs" and _key(one.post.id) in self._emitted:
                    continue
                if one.kind == "feed" and self._has_page(one.post.url):
                    continue
                if one.kind != "plain":
                    yield one.post
                elif one.site in self._structured:
                    self.left_out += 1
                else:
                    waiting = plain.setdefault(one.site, [])
                    waiting.append(one.post)
                    if len(waiting) >= _DISTINCT:
                        yield from _versions(plain.pop(one.site))
        for waiting in plain.values():
            yield from _versions(waiting)

    def _has_page(self, url: str) -> bool:
        key = _key(url)
        return key in self._fruitful or self._redirects.get(key, 0) in self._fruitful


def _versions(posts: list[Post]) -> Iterator[Post]:
    """The posts without those that stand under two addresses; several versions of one stay."""
    chosen = {post.id for post in distinct(list({post.id: post for post in posts}.values()))}
    yield from (post for post in posts if post.id in chosen)


def _key(text: str) -> int:
    """A number for a text, smaller than the text; not for keeping."""
    return hash(text)
