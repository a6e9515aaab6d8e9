"""Licences of those who recruit for work abroad, as `AUTHORITY NUMBER`."""

import re
from collections.abc import Iterator
from typing import Final

from nlp.context import Context, Match
from nlp.entities.offer.table import Hit, Table

__all__ = ["read"]

_GAP: Final = re.compile(
    r"(?:[\s.:：#(\-–/]|no\b|no\.|number|nomor|nomer|nombor|license|licence|lisensi|lic\b|regn?\b|registration|reg\.|izin|certificate"
    r"|id\b|เลขที่|ที่|số|號|号|码|碼|第|为|是|নং|नं|نمبر|번호|အမှတ်){0,8}"
)
_CODE: Final = re.compile(r"[A-Za-zĐ0-9\u0e00-\u0e2e]{1,12}(?:[-/.][A-Za-zĐ0-9\u0e00-\u0e2e]{1,10}){0,6}")
_SHORT: Final = frozenset({"BMET-RL", "DoFE", "OEP", "SLBFE", "HK-EA", "DOLAB", "NEA"})
"""Authorities whose numbers may have two or three digits."""
_NEVER: Final = frozenset({"eMigrate", "NEA", "BP2MI"})
"""Names that also stand alone in addresses and news: with them a number needs letters beside the digits."""


def read(context: Context, hits: dict[str, list[Hit]], table: Table) -> Iterator[Match]:
    """The licence numbers behind the name of who gave them."""
    lower, text = context.lower, context.text
    reach = -1
    for start, end, value, _ in hits["licence"]:
        if start < reach:
            continue
        gap = _GAP.match(lower, end, min(len(lower), end + 40))
        at = gap.end() if gap else end
        code = _CODE.match(text, at, min(len(text), at + 60))
        if code is None:
            continue
        number = code[0].strip("-/.")
        digits = sum(char.isdecimal() for char in number)
        if digits < (2 if value in _SHORT else 3) or (value in _NEVER and digits == len(number)) or digits > 14:
            continue
        if re.fullmatch(r"(?:19|20)\d\d(?:-\d\d-\d\d)?", number):
            continue
        reach = at + len(number)
        yield Match(kind="licence", value=f"{value} {number.upper()}", start=start, end=reach, confidence=0.9)
