"""The words beside a name that tell whether and how it is a place (cues.yaml)."""

from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from nlp import data

__all__ = ["Cues", "cues"]

_FILE: Final = Path(__file__).parent / "cues.yaml"


class Cyrillic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Endings that are dropped from an inflected name, and those that are then tried."""

    drop: tuple[str, ...]
    add: tuple[str, ...]


class Cues(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"at": "at", "from_": "from"}):
    """What the keys mean stands in cues.yaml; `_unspaced` lists hold strings of scripts without spaces."""

    at: frozenset[str]
    from_: frozenset[str]
    to: frozenset[str]
    at_after: frozenset[str]
    from_after: frozenset[str]
    from_before_unspaced: tuple[str, ...]
    from_after_unspaced: tuple[str, ...]
    at_before_unspaced: tuple[str, ...]
    at_after_unspaced: tuple[str, ...]
    via: frozenset[str]
    via_after: frozenset[str]
    via_before_unspaced: tuple[str, ...]
    via_after_unspaced: tuple[str, ...]
    not_before: frozenset[str]
    not_after: frozenset[str]
    not_before_unspaced: tuple[str, ...]
    not_after_unspaced: tuple[str, ...]
    hangul_particles: frozenset[str]
    suffixes: dict[str, tuple[str, ...]]
    prefixes: dict[str, tuple[str, ...]]
    cyrillic: Cyrillic
    job: frozenset[str]
    job_unspaced: tuple[str, ...]
    hub_countries: frozenset[str]
    doubtful_countries: frozenset[str]
    capital_countries: frozenset[str]
    first_names: frozenset[str]
    ordinary: frozenset[str]
    never: frozenset[str]
    never_unspaced: frozenset[str]


@cache
def cues() -> Cues:
    """The file, read once."""
    return data.document(_FILE, Cues)
