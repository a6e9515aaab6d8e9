"""The second step: what nlp finds in a post is put beside it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Self

import msgspec

import nlp
from jerat.errors import Rejected
from jerat.model import Analysis, Post
from pipelines.analyser import Analyser
from pipelines.context import Dropped, context_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

__all__ = ["Enrich", "Enriched", "analysed", "analysed_all"]

_STEP: Final = "enrich"


class Enriched(msgspec.Struct, frozen=True):
    """A post with its analysis."""

    post: Post
    analysis: Analysis


def analysed(post: Post, analyser: Analyser) -> Enriched:
    """`post` with its findings. Raises Rejected where the analyser fails on it."""
    try:
        analysis = analyser.analyse(post.text, id=post.id, fields=post.fields(), country_hint=post.country_hint)
    except Exception as error:  # a fault of the analyser must not lose the post, nor end the run
        raise Rejected(_STEP, f"the analysis failed: {type(error).__name__}: {error}") from error
    return Enriched(post, analysis)


def analysed_all(posts: list[Post], analyser: Analyser) -> Iterator[Enriched | tuple[Post, Rejected]]:
    """Each of `posts` with its findings, in order, in one batch; where that fails, one by one, to find which it was."""
    done = 0
    try:
        inputs = (
            nlp.Input(id=post.id, text=post.text, fields=post.fields(), country_hint=post.country_hint)
            for post in posts
        )
        for post, analysis in zip(posts, analyser.pipe(inputs), strict=True):
            yield Enriched(post, analysis)
            done += 1
    except Exception:  # the batch tells not which post it was
        for post in posts[done:]:
            try:
                yield analysed(post, analyser)
            except Rejected as rejection:
                yield post, rejection


class Enrich:
    """The step as a Scrapy item pipeline."""

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def process_item(self, item: Post) -> Enriched:
        """The post with its findings; one that the analyser fails on goes to the dead letters."""
        context = context_of(self._crawler)
        try:
            return analysed(item, context.analyser)
        except Rejected as rejection:
            context.reject(item, rejection)
            raise Dropped(rejection.reason) from None
