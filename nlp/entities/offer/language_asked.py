"""The languages that the work asks for, as ISO 639 codes; none that the text says are not needed."""

import re
from collections.abc import Iterator
from typing import Final

from nlp.context import Context, Match
from nlp.entities.offer.table import Hit, Table

__all__ = ["read"]

_ASKS: Final = frozenset({"before", "after"})
_BETWEEN: Final = re.compile(
    r"[\s:：,/&()（）、.\-]{0,3}(?:(?:bahasa|in|the|and|or|dan|atau|ภาษา|tiếng|và|ភាសា|ພາສາ|和|或|и|e|y|na|ng|em)\s?){0,2}"
)
_JOINT: Final = re.compile(
    r"\s?(?:[/&,+、]|and|or|dan|atau|hoặc|và|和|或|หรือ|และ|и|или|e|ou|y|o|또는|및|و|أو|और|یا|au|na)\s?(?:bahasa |tiếng |ภาษา|the )?"  # noqa: E501 -- letters of double width
)


def read(context: Context, hits: dict[str, list[Hit]], table: Table) -> Iterator[Match]:
    """The languages beside a word that asks for them, and those joined to such a one."""
    lower = context.lower
    words = hits["language_asked"]
    asking = [hit for hit in words if hit.value in _ASKS]
    names = [hit for hit in words if hit.value not in _ASKS]
    if not names or not asking:
        return
    before = {hit.end for hit in asking if hit.value == "before"}
    after = {hit.start for hit in asking if hit.value == "after"}
    asked: list[bool] = []
    for start, end, _, _ in names:
        asked.append(
            any(at <= start and start - at <= 16 and _BETWEEN.fullmatch(lower[at:start]) for at in before)
            or any(end <= at and at - end <= 3 and not lower[end:at].strip(" :(-") for at in after)
        )
    for index in range(1, len(names)):  # `bisa Mandarin / Inggris`
        if asked[index - 1] and not asked[index] and _JOINT.fullmatch(lower[names[index - 1].end : names[index].start]):
            asked[index] = True
    for index in range(len(names) - 2, -1, -1):  # `English or Mandarin speaker`
        if asked[index + 1] and not asked[index] and _JOINT.fullmatch(lower[names[index].end : names[index + 1].start]):
            asked[index] = True
    for hit, is_asked in zip(names, asked, strict=True):
        if not is_asked or table.negated(lower, hit.start, hit.end):
            continue
        lead = max((at for at in before if at <= hit.start and hit.start - at <= 16), default=hit.start)
        first = next((one.start for one in asking if one.end == lead and one.value == "before"), hit.start)
        if first != hit.start and table.negated(lower, first, hit.end):
            continue
        yield Match(kind="language_asked", value=hit.value, start=hit.start, end=hit.end, confidence=0.8)
