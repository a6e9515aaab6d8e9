"""Numbers set in ways that mean something else elsewhere: with strokes, with full stops, like a date.

They count where the text says right before that a number follows (`Tel: 650/253/1234`), and with strokes alone in the forms
that people use for numbers and not for dates: three, three and four digits in North America, `0123/456789` in Germany.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Final

from nlp.entities.digits import Atom
from nlp.entities.plans import Number, national, short

__all__ = ["unusual"]

_LABEL: Final = re.compile(
    r"(?:tel|telp|telf?|telephone|telepon|teléfono|telefone|phone|ph|mobile|cell|hp|fon|тел|телефон|电话|電話|手机|手機|전화|โทร"
    r"|sđt|đt|فون|هاتف)\.?(?:\s?(?:no|number|nr)\.?)?\s?[:：]\s{0,2}\(?\Z"
)
_BEHIND_LABEL: Final = ".:：(" + "".join(char for char in map(chr, range(0x3001)) if char.isspace())
_GAP: Final = re.compile(r"[ \-‐–.()]{0,3}/{0,2}[ \-‐–.()]{0,3}\Z")
_FOLLOWS: Final = re.compile(r"\s?[:%\d]|[.,/]\d|\s?[ap]m\b")
_AMERICAN: Final = frozenset({"US", "CA"})
_MOST: Final = 10
"""Runs of digits of a number."""


def unusual(
    lower: str, runs: Sequence[Atom], at: int, dates: Sequence[tuple[int, int]], order: Callable[[], list[str]]
) -> tuple[int, int, str, Number, int] | None:
    """(start, end, digits, number, runs taken) of a number so written that begins with `runs[at]`; None where none does."""
    first = runs[at]
    if first.end - first.start < 6 and (tiny := _tiny(lower, runs, at, order)):
        return tiny
    near = lower[first.end : first.end + 6]
    near_date = bisect_right(dates, (first.start, len(lower))) - 1 if dates else -1
    dated = near_date >= 0 and first.start < dates[near_date][1]
    if not (dated or "/" in near or near.startswith(". ")):
        return None
    near = near[:2]
    labelled = _labelled(lower, first.start)
    if not labelled and (dated or not near.startswith("/") or not 3 <= len(first.digits) <= 5):
        return None
    taken = [first]
    while at + len(taken) < len(runs) and len(taken) < _MOST:
        following = runs[at + len(taken)]
        if not _GAP.match(lower[taken[-1].end : following.start]):
            break
        taken.append(following)
    sizes = [len(run.digits) for run in taken]
    if (near_date >= 0 and dates[near_date] == (first.start, taken[-1].end)) or _FOLLOWS.match(lower, taken[-1].end):
        return None
    if len(taken) < 2 or not 7 <= sum(sizes) <= 15:
        return None
    digits = "".join(run.digits for run in taken)
    german = len(sizes) == 2 and first.digits[0] == "0" and 3 <= sizes[0] <= 5 and 5 <= sizes[1] <= 8
    if not (labelled or german or sizes == [3, 3, 4]):
        return None
    if labelled and first.digits[0] != "0" and max(sizes) >= 7 and "/" in near:
        return None  # two numbers, or one and the end of another
    for region in order():
        if not labelled and not german and region not in _AMERICAN:
            continue
        number = national(digits, region, named=True)
        if number is not None and number.valid:
            return first.start, taken[-1].end, digits, number, len(taken)
    return None


def _labelled(lower: str, start: int) -> bool:
    """Whether a label of a telephone number stands right before `start`."""
    head = lower[max(0, start - 28) : start].rstrip(_BEHIND_LABEL)
    return head[-1:].isalpha() and _LABEL.search(lower, max(0, start - 28), start) is not None


def _tiny(
    lower: str, runs: Sequence[Atom], at: int, order: Callable[[], list[str]]
) -> tuple[int, int, str, Number, int] | None:
    """A number of four to six digits, of one run or two, behind a label, in the first of the regions."""
    first = runs[at]
    taken = [first]
    digits = first.digits
    if at + 1 < len(runs) and lower[first.end : runs[at + 1].start] in (" ", "-"):
        taken.append(runs[at + 1])
        digits += runs[at + 1].digits
    if not 4 <= len(digits) <= 6 or _FOLLOWS.match(lower, taken[-1].end):
        return None
    if not _labelled(lower, first.start):
        return None
    for region in order()[:1]:
        if number := short(digits, region):
            return taken[0].start, taken[-1].end, digits, number, len(taken)
    return None
