"""What an honest offer would have said, and a post does not: the entries of `honest.yaml`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec

from jerat.model import Analysis

__all__ = ["Expected", "expected", "missing"]


class Expected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that an honest offer says."""

    id: str
    text: dict[str, str]
    unless: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    when: tuple[str, ...] = ()


@cache
def expected() -> tuple[Expected, ...]:
    """All of them."""
    import yaml

    raw = yaml.safe_load(files("jerat.cli").joinpath("honest.yaml").read_text("utf-8"))
    return msgspec.convert(raw, tuple[Expected, ...])


def missing(analysis: Analysis) -> list[Expected]:
    """What is missing in an offer that shows some signs; nothing for other posts, or where there are no signs."""
    if analysis.risk.level == "none" or analysis.kind not in ("offer", "other"):
        return []
    found = {reason.indicator for reason in analysis.risk.reasons}
    named = {entity.kind for entity in analysis.entities}
    return [
        one
        for one in expected()
        if not found & set(one.unless) and not named & set(one.entities) and (not one.when or found & set(one.when))
    ]
