"""The facets, described once for both engines, and the tie rule that makes their order the same on both."""

from collections.abc import Iterable
from typing import Final

from index.fields import FIELDS
from index.protocol import Bucket
from jerat.errors import QueryError

__all__ = ["DEFAULT_FACETS", "FACETS", "INTERVALS", "MAX_FACET_SIZE", "MAX_INTERVALS", "check_facets", "ranked"]

FACETS: Final[dict[str, str]] = {field.name: field.facet for field in FIELDS if field.facet}
"""Names of facets, and their labels for people."""

DEFAULT_FACETS: Final = ("level", "kind", "language", "country", "place", "platform", "source", "indicator", "contact")
"""Those that a search shows where none is named."""

INTERVALS: Final = {
    "day": "published_day",
    "week": "published_week",
    "month": "published_month",
    "year": "published_year",
}
"""The histogram's intervals, and the fields that hold the ISO date on which a post's interval begins (weeks: Monday)."""

MAX_FACET_SIZE: Final = 1000
MAX_INTERVALS: Final = 50_000


def check_facets(names: Iterable[str], size: int) -> None:
    """Raises QueryError for a facet that there is not, or for a size out of bounds."""
    for name in names:
        if name not in FACETS:
            raise QueryError(f"there is no facet `{name}`; there are: {', '.join(FACETS)}")
    if not 1 <= size <= MAX_FACET_SIZE:
        raise QueryError(f"a facet shows between 1 and {MAX_FACET_SIZE} values, not {size}")


def ranked(buckets: Iterable[tuple[str, int]], size: int) -> tuple[Bucket, ...]:
    """The first `size` values: the most frequent first, and equal counts in the order of the values."""
    best = sorted(buckets, key=lambda bucket: (-bucket[1], bucket[0]))[:size]
    return tuple(Bucket(value, count) for value, count in best)
