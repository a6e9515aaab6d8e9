"""Which digits are a number by which somebody can be called, and which are a date, a price, an order or an identity."""

import itertools
import re
from collections.abc import Callable
from typing import Final

from nlp.entities.digits import Atom
from nlp.entities.names import bordered
from nlp.entities.plans import Number

__all__ = ["EXTENSION", "dates", "sound"]

_DATE: Final = re.compile(
    r"(?<!\d)(?:(?:19|20)\d{2}\s?[-–/]\s?(?:19|20)\d{2}(?!\d)|(?:19|20)\d{2}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}(?!\d)|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d{2}(?!\d)"
    r"|\d{1,2}[:.]\d{2}(?::\d{2})?\s?(?:am|pm)?\s?(?:[-–—~至到]|to|s/d|sampai|đến|ถึง)\s?\d{1,2}[:.]\d{2}(?!\d)|\d{1,2}:\d{2}(?::\d{2})?(?!\d))"
)
_DATE_SIGNS: Final = "-–/.年:"
"""What stands behind the first digits of a date or a time, with a space before it or without."""
_COMPACT_DATE: Final = re.compile(
    r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[0-2]\d[0-5]\d(?:[0-5]\d)?)?"
)
EXTENSION: Final = re.compile(
    r"\s{0,2}[,(]?\s?(?:ext(?:ension)?|extn|int|x|#|доб|转|轉|分机|分機|내선|内線|poste|ramal|ต่อ)\.?[\s:：]{0,2}\d{1,7}(?!\d)\)?"
)
_CODE_TAIL: Final = re.compile(r"-(?!wa|tg|wp)[a-z](?:[a-z0-9]{0,3})(?![a-z0-9])|-[a-z]?\d(?![\d/-])")
"""Behind the digits of an order or a document: 0812345678-AB, 89123456789-1."""
_GLUED_BEFORE: Final = "#$€£¥₫฿₱₹₩@_&=%/\\^"
_MONEY: Final = "$€£¥₫฿₱₹₩៛₭₽৳"


def dates(lower: str, runs: list[Atom]) -> list[tuple[int, int]]:
    """The spans of dates and times of day."""
    spans: list[tuple[int, int]] = []
    reach = -1
    for run in runs:
        if run.start < reach or len(run.digits) > 4:
            continue
        sign = lower[run.end : run.end + 2].lstrip()[:1]
        if sign and sign in _DATE_SIGNS and (match := _DATE.match(lower, run.start)):
            reach = match.end()
            spans.append(match.span())
    return spans


def sound(
    lower: str,
    group: list[Atom],
    used: int,
    begin: int,
    number: Number,
    plus: bool,
    kinds: list[str],
    beside: Callable[[int, int], set[str]],
) -> bool:
    """Whether the digits are a number that can be called, and no price, date, identity or order number.

    `group` are the runs that may belong together, the first `used` of them the number; `beside` tells what the words right
    before and right behind a range say of it.
    """
    taken = group[:used]
    end = taken[-1].end
    before = lower[begin - 1] if begin else ""
    after = lower[end] if end < len(lower) else ""
    if before and (before in _MONEY or (before in "#=" and not kinds)):
        return False
    if after and (
        after in "@_°"
        or after == "%"
        or (bordered(after) and not EXTENSION.match(lower, end) and lower[end : end + 2] not in ("wa", "tg"))
    ):
        return False
    if after == ":" and not plus and lower[end + 1 : end + 2].isdigit():
        return False  # a day and a time of it
    if (
        after in (".", ",", "-", "/")
        and end + 1 < len(lower)
        and lower[end + 1].isdigit()
        and not plus
        and not kinds
        and used == len(group)
    ):
        follow = re.match(r"[.,\-/]\d+", lower[end : end + 12])
        if follow and after in ".,":
            return False
    if not plus and set(kinds) <= {"phone"} and used == len(group) and _CODE_TAIL.match(lower, end):
        return False
    said = beside(begin, end)
    if "other" in said and set(kinds) <= {"phone"}:
        return False
    if "account" in said and not plus and "bank" not in kinds:
        return kinds != [] and "phone" in kinds
    if plus:
        return (number.valid or not {"pay", "unit"} & said) and not _thousands(lower, taken)
    if kinds:
        return not (_thousands(lower, taken) and {"pay"} & said)
    digits = "".join(atom.digits for atom in taken)
    if before and (before in _GLUED_BEFORE or (before in ".," and begin > 1 and lower[begin - 2].isdigit())):
        return False
    if ("pay" in said and (len(digits) < 10 or digits[0] != "0")) or ("unit" in said and len(digits) < 10):
        return False
    if (
        _thousands(lower, taken)
        or _COMPACT_DATE.fullmatch(digits)
        or _COMPACT_DATE.fullmatch(taken[0].digits)
        or len(set(digits)) < 3
    ):
        return False
    gaps = [lower[a.end : b.start] for a, b in itertools.pairwise(taken)]
    if len(taken) == 2 and (
        gaps[0] == "." and ((len(taken[0].digits) <= 3 and taken[0].digits[0] != "0") or taken[0].digits == "0")
    ):
        return False  # a decimal: coordinates, amounts
    if len(taken) == 2 and digits[0] != "0" and max(len(atom.digits) for atom in taken) <= 5:
        return False  # a range
    if len(taken) == 4 and gaps == ["."] * 3 and all(len(atom.digits) <= 3 for atom in taken):
        return False  # an address of the internet protocol
    if len(taken) > 6 and max(len(atom.digits) for atom in taken) <= 2 and gaps.count("\n"):
        return False
    if used < len(group):
        gap = lower[end : group[used].start]
        money = lower[group[used].end : group[used].end + 1]
        if len(group[used].digits) >= 3 and len(gap) == 1 and not (money and money in _MONEY):
            return False  # a longer number of another sort: of identity, of an account, of a card
    return True


def _thousands(lower: str, taken: list[Atom]) -> bool:
    """10.000.000 and 1,500,000."""
    if len(taken) < 2 or taken[0].digits[0] == "0" or len(taken[0].digits) > 3:
        return False
    return all(len(atom.digits) == 3 for atom in taken[1:]) and all(
        lower[a.end : b.start] in (".", ",", "'") for a, b in itertools.pairwise(taken)
    )
