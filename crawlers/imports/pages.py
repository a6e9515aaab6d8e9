"""What the readers of saved pages share: where a page came from, and its posts with their provenance."""

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from crawlers.extract.dates import read_date
from crawlers.extract.links import source_of
from crawlers.extract.origin import Origin
from jerat.model import Post
from pipelines.intake import ImportOptions

__all__ = ["moment_of", "origin_of", "placed"]


def origin_of(url: str, fetched_at: datetime, options: ImportOptions) -> Origin:
    """The origin of a page, named after its site, but where a person named the source."""
    source = options.source if options.source_named else source_of(url) or options.source
    return Origin(source, url, fetched_at, options.country_hint)


def moment_of(text: str, otherwise: datetime) -> datetime:
    """The time of an archive, such as `2026-11-24T03:15:00Z`; `otherwise` where it cannot be read or believed."""
    moment = read_date(text)
    return moment if moment is not None and moment <= datetime.now(UTC) else otherwise


def placed(posts: Iterator[Post], place: str, options: ImportOptions) -> Iterator[Post]:
    """The posts with `place` as their evidence, and with the source that a person named."""
    for post in posts:
        if options.source_named:
            yield msgspec.structs.replace(post, evidence=place, source=options.source)
        else:
            yield msgspec.structs.replace(post, evidence=place)
