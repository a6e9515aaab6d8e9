"""The sex that is asked for: `female`, `male`, or `any` where the text says that both may come."""

import re
from collections.abc import Iterator
from typing import Final

from nlp.context import Context, Match
from nlp.entities.offer.table import Hit, Table

__all__ = ["read"]

_JOINT: Final = re.compile(
    r"\s?(?:[/&,+、|]|and|or|dan|atau|hoặc|và|和|或|หรือ|และ|နှင့်|និង|ឬ|ຫຼື|ແລະ|o|at|या|और|یا|اور|অথবা|ও|및|또는|や|または|ou|e|y|u|и|или"
    r"|na|au|እና|ወይም|و|أو)\s?"
)


def read(context: Context, hits: dict[str, list[Hit]], table: Table) -> Iterator[Match]:
    """The sexes asked for. Single words count only in a post that recruits; two that are joined are `any`."""
    lower = context.lower
    recruits = "cue" in hits
    last: Match | None = None
    for start, end, value, weak in hits["sex"]:
        if weak and not recruits:
            continue
        if last is not None and start < last.end:
            continue
        if last is not None and last.value not in (value, "any") and _JOINT.fullmatch(lower[last.end : start]):
            last = Match(kind="sex", value="any", start=last.start, end=end, confidence=0.9)
            continue
        if last is not None:
            yield last
        last = Match(kind="sex", value=value, start=start, end=end, confidence=0.7 if weak else 0.9)
    if last is not None:
        yield last
