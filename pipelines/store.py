"""The last step: post, findings, and the places it names are kept in the case, and queued for the index, at once."""

import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Self

from jerat.case import Case, Change
from jerat.errors import CaseError, Rejected
from pipelines.context import Dropped, context_of
from pipelines.enrich import Enriched
from pipelines.named import named_places

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

__all__ = ["Store", "stored"]

_STEP: Final = "store"


def stored(case: Case, enriched: Sequence[Enriched]) -> list[Change | Rejected]:
    """What became of each: all in one transaction, or one by one where a single one would undo the others."""
    try:
        with case.transaction():
            changes: list[Change | Rejected] = list(case.posts.put([(one.post, one.analysis) for one in enriched]))
            for one in enriched:
                if places := named_places(one.post, one.analysis):
                    case.candidates.name(one.post.id, places)
            return changes
    except (
        ValueError,
        TypeError,
        OverflowError,
        sqlite3.DataError,
        sqlite3.IntegrityError,
        sqlite3.InterfaceError,
    ) as error:
        if len(enriched) == 1:
            return [Rejected(_STEP, f"the case cannot hold it: {type(error).__name__}: {error}")]
        return [change for one in enriched for change in stored(case, [one])]


class Store:
    """The step as a Scrapy item pipeline."""

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def process_item(self, item: Enriched) -> Enriched:
        """Keep the post; counted as new, changed or the same. A case that cannot be written is noted as `context.broken`."""
        context = context_of(self._crawler)
        try:
            (change,) = stored(context.case, [item])
        except CaseError as error:
            context.broken = context.broken or str(error)
            raise Dropped(str(error)) from error
        if isinstance(change, Rejected):
            context.reject(item.post, change)
            raise Dropped(change.reason)
        context.count(f"posts_{change}")
        context.worth.append((item.post.url, item.analysis.risk.score))
        if item.analysis.risk.level in ("medium", "high"):
            context.count("risky")
        return item
