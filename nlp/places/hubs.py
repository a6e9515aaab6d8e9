"""Hubs and the towns on the way to them, as data.

A row of hubs/*.yaml:
- `id`, `name` (English), `country` (ISO 3166), `kind`, `role` (`hub`, a place known for compounds, or `transit`: a town
  on the way, or a large city where an ordinary job is the likelier reading), `lat`, `lon`, `precision_km`, and
  `coordinate`: the source of the coordinate, `own` where it is general knowledge (a hint for a map, no more);
- `attested`: names that stand in one of `sources`; `unverified`: spellings that nobody has checked against a source;
- `needs_context`: true, or those of the names that are ordinary words or too short to stand alone;
- `from`, `until`: when the place was in use, where known (`2026-01`); `geoname_id`; `note`.
"""

from pathlib import Path
from typing import Final, Literal

import msgspec

from jerat.errors import DataError
from nlp import data

__all__ = ["Hub", "Source", "hubs", "sources"]

_ROOM: Final = Path(__file__).parent
Kind = Literal[
    "hub_city",
    "compound",
    "casino",
    "sez",
    "transit_town",
    "border_crossing",
    "big_city",
    "province",
    "region",
    "district",
]


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a source id stands for. `checked` is when it was last looked at."""

    id: str
    title: str
    checked: str
    url: str = ""


class Hub(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"since": "from"}):
    """A place known for compounds, or a town on the way to one."""

    id: str
    name: str
    country: str
    kind: Kind
    role: Literal["hub", "transit"]
    lat: float
    lon: float
    precision_km: float
    coordinate: str
    sources: tuple[str, ...]
    attested: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    needs_context: bool | tuple[str, ...] = False
    geoname_id: int | None = None
    since: str = ""
    until: str = ""
    note: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """All names, each once, the attested first; the English name stands alone only where the lists hold it."""
        return tuple(dict.fromkeys((*self.attested, *self.unverified)))

    @property
    def value(self) -> str:
        """The value of an entity: `Sihanoukville, KH`."""
        return f"{self.name}, {self.country}"

    def alone(self, name: str) -> bool:
        """Whether `name` may be read as this place without another sign near it."""
        return not self.needs_context if isinstance(self.needs_context, bool) else name not in self.needs_context


def sources() -> dict[str, Source]:
    """The sources by id."""
    return {source.id: source for source in data.rows(_ROOM / "sources.yaml", Source)}


def hubs(lexicon: Path | None = None) -> list[Hub]:
    """All rows; an analyst's `hubs.yaml` adds rows, and takes the place of those with the same id.

    Raises DataError where a row does not fit, or names a source that sources.yaml does not have.
    """
    known = sources()
    found: dict[str, Hub] = {}
    for path in sorted((_ROOM / "hubs").glob("*.yaml")):
        for hub in data.rows(path, Hub, lexicon):
            if hub.id in found:
                raise DataError(f"{path}: the id {hub.id!r} stands in two files")
            missing = [source for source in (*hub.sources, hub.coordinate) if source not in known]
            if missing and lexicon is None:
                raise DataError(f"{path}: {hub.id}: sources.yaml has no source {', '.join(missing)}")
            found[hub.id] = hub
    if lexicon is not None:
        for path in sorted(lexicon.rglob("hubs.yaml")):
            found.update((hub.id, hub) for hub in data.rows(path, Hub))
    return list(found.values())
