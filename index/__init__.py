"""The search index: one protocol, two engines, one query language."""

from index.facets import DEFAULT_FACETS, FACETS
from index.outbox import DrainReport, drain
from index.protocol import (
    Bucket,
    Document,
    Health,
    Highlight,
    Hit,
    Index,
    PutFailure,
    Request,
    Results,
    Sort,
    Word,
    WordBreaker,
)
from jerat.case import Case
from jerat.settings import Settings

__all__ = [
    "DEFAULT_FACETS",
    "FACETS",
    "Bucket",
    "Document",
    "DrainReport",
    "Health",
    "Highlight",
    "Hit",
    "Index",
    "PutFailure",
    "Request",
    "Results",
    "Sort",
    "Word",
    "WordBreaker",
    "drain",
    "open_index",
]


def open_index(settings: Settings, case: Case, words: WordBreaker) -> Index:
    """The engine that the settings name. It is reached when it is first used, and its index is made then.

    Where there was no index yet, or one of another format, all posts of the case are queued, so that the next `drain`
    fills it.
    """
    if settings.index == "embedded:":
        from index.embedded import EmbeddedIndex

        return EmbeddedIndex(case.search_dir, words, lambda: _queue_all(case))
    from index.elastic import ElasticIndex  # its client takes half a second to import

    return ElasticIndex.connect(settings, words, lambda: _queue_all(case))


def _queue_all(case: Case) -> None:
    if case.posts.count():
        case.outbox.add_all()
