"""Employers that are named with their legal form, as `organisation`: `PT Contoh Jaya`, `Sample Trading Co., Ltd.`."""

import re
from collections.abc import Iterator
from typing import Final

from nlp.context import Context, Match
from nlp.entities.offer.table import Hit, Table

__all__ = ["read"]

_UPPER: Final = "A-ZÀ-ÖØ-ÞĀĂĐĨŨƠƯẠ-Ỹ"
_WORD: Final = rf"[{_UPPER}0-9][\w'’&\-]{{0,30}}"
_NAME: Final = rf"{_WORD}(?:\s(?:(?:&|dan|and|of|de|và)\s)?{_WORD}){{0,5}}"
_BEFORE: Final[dict[str, re.Pattern[str]]] = {
    "latin": re.compile(rf"\s{{0,2}}[“\"«]?({_NAME})[”\"»]?(?:,?\s(?:Tbk|MTV))?"),
    "cyrillic": re.compile(
        r"\s{0,2}(?:[«\"“„]([^«»\"“”\n]{2,60})[»\"”]|([А-ЯЁA-Z][\w\-]{1,30}(?:\s[А-ЯЁA-Z][\w\-]{1,30}){0,4}))"
    ),
    "thai": re.compile(r"\s{0,2}([^\n,;:()]{2,60}?)\s?จำกัด(?:\s?\(มหาชน\))?"),
    "hangul": re.compile(r"\s{0,2}([가-힣A-Za-z0-9&]{2,30})"),
    "kanji": re.compile(r"\s{0,2}([\u3041-\u30ff\u4e00-\u9fffA-Za-z0-9&・ー]{2,30})"),
}
_BEHIND: Final = re.compile(rf"(?<![\w&])({_NAME}(?:\s?\([A-Z][\w ]{{1,20}}\))?),?\s\Z")
_HAN: Final = re.compile(r"[\u4e00-\u9fffA-Za-z0-9（）()·]{2,24}\Z")
_HAN_LEAD: Final = re.compile(
    r".*(?:我们是|我是|我司是|公司名称|公司名|名称|招聘单位|招聘公司|招聘|单位|公司|由|在|为|是|来自|加入|隶属于|隶属)"
)
_KANA_END: Final = re.compile(r"[\u30a0-\u30ff\u4e00-\u9fffA-Za-z0-9&・ー]{2,24}\Z")
_HANGUL_END: Final = re.compile(r"([가-힣A-Za-z0-9&]{2,20})\s?\Z")
_FORMS: Final = re.compile(
    r"(?:co(?:mpany|\.)?,?\s?)?(?:ltd|limited|llc|l\.l\.c|inc|corp|corporation|pvt\.?\s?(?:ltd|limited)|private limited|sdn\.?\s?bhd|pte\.?\s?ltd|fze|fzco"  # noqa: E501 -- letters of double width
    r"|fz-llc|fz llc|jsc|gmbh|plc|s\.a\.c?\.?|s\.r\.l|ltda|tbk)\.?(?![a-z])"
)
_PLACES: Final = 64


def read(context: Context, hits: dict[str, list[Hit]], table: Table) -> Iterator[Match]:
    """The names with their legal forms."""
    text, lower = context.text, context.lower
    reach = -1
    for start, end, value, _ in hits["employer"]:
        if start < reach:
            continue
        found = _after_form(text, start, end) if value == "before" else _before_form(text, lower, start, end)
        if found is None or found[0] < reach:
            continue
        first, reach = found
        name = " ".join(text[first:reach].split()).strip(" ,")
        yield Match(kind="organisation", value=name, start=first, end=reach, confidence=0.9)


def _after_form(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The range of a form and the name behind it."""
    form = text[start:end]
    if form[0].isascii() or form[0] in "Ccтt":
        if form.rstrip(".").lower() in ("pt", "cv", "ud") and not form[:2].isupper():
            return None
        sort = "latin"
    else:
        lead = form[0]
        sort = (
            "cyrillic" if "\u0400" <= lead <= "\u04ff" else "thai" if "\u0e00" <= lead <= "\u0e7f"
            else "hangul" if "\uac00" <= lead <= "\ud7a3" or lead in "(㈜" else "kanji" if "\u4e00" <= lead <= "\u9fff" else "latin"  # noqa: E501 -- letters of double width
        )  # fmt: skip
    if form.startswith("(주"):
        sort = "hangul"
    if sort == "cyrillic" and not form.isupper():
        return None
    match = _BEFORE[sort].match(text, end, min(len(text), end + 90))
    if match is None:
        return None
    stop = match.end()
    forms = _FORMS.match(text[stop : stop + 24].lower().lstrip(" ,"))
    if forms and sort == "latin":
        tail = text[stop : stop + 24]
        stop += len(tail) - len(tail.lstrip(" ,")) + forms.end()
    return start, stop


def _before_form(text: str, lower: str, start: int, end: int) -> tuple[int, int] | None:
    """The range of a name and the form behind it."""
    window = max(0, start - _PLACES)
    if "\u4e00" <= text[start] <= "\u9fff" and text[start] != "株":
        match = _HAN.search(text, window, start)
        if match is None:
            return None
        first = match.start()
        if lead := _HAN_LEAD.match(text, first, start):
            first = lead.end()
        return (first, end) if start - first >= 2 else None
    if text[start] in "株주":
        pattern = _KANA_END if text[start] == "株" else _HANGUL_END
        found = pattern.search(text, window, start)
        return (found.start(), end) if found else None
    while start > window and (lower[start - 5 : start] == " co., " or lower[start - 4 : start] in ("co. ", "co.,")):
        start -= 4
    if (co := re.search(r"(?:co(?:mpany|\.)?,?|pvt\.?|private|sdn\.?|pte\.?)\s?\Z", lower[window:start])) is not None:
        start = window + co.start()
    match = _BEHIND.search(text, window, start)
    if match is None:
        return None
    forms = _FORMS.match(lower, start, min(len(lower), start + 40))
    stop = max(end, forms.end()) if forms else end
    return (match.start(1), stop) if forms or end - start > 2 else None
