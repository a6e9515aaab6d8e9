"""The lines of an exported WhatsApp chat: where a message begins, and in which order its date has day, month and year.

The app writes them in the form of the phone's region; the zone is never told. What both Android (`DATE, TIME - NAME: `) and
iOS (`[DATE, TIME] NAME: `) write is read, with the time before the date where the region has it so (Vietnam), and what is
copied out of the browser (`[TIME, DATE] NAME: `). In Arabic, Persian and Hebrew marks of direction stand between the figures.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final, Literal

import msgspec

from crawlers.data import load
from crawlers.extract.dates import month_number

__all__ = ["Header", "Order", "deleted_phrases", "header_of", "is_sealed_notice", "local_time", "orders_of"]

Order = Literal["dmy", "mdy", "ymd"]

_MARKS: Final = "\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069"
_ORDERS: Final[tuple[Order, ...]] = ("dmy", "mdy", "ymd")
_MAX_HEADER: Final = 80
_THAI_ERA: Final = 543
_FIRST, _LAST = 2009, 2100
_DAY_PARTS: Final = 9
"""Groups of the pattern in which a date may stand."""
_GAP: Final = rf"[\s{_MARKS}]{{0,3}}"


class _Words(msgspec.Struct, forbid_unknown_fields=True):
    source: str
    am: tuple[str, ...]
    pm: tuple[str, ...]
    between: tuple[str, ...]
    deleted: tuple[str, ...]
    sealed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """The beginning of a message: three numbers of its date as they stand, its time, and what is behind."""

    numbers: tuple[int, int, int]
    hour: int
    minute: int
    second: int
    sender: str
    """Empty for what the app itself says."""
    text: str
    stamp: str
    """Date and time as written, digits in ASCII."""


@cache
def _words() -> _Words:
    return load("whatsapp.yaml", _Words)


@cache
def deleted_phrases() -> frozenset[str]:
    """What stands in the place of a message that was taken back, or of a call, in lower case."""
    return frozenset(phrase.lower() for phrase in _words().deleted)


def is_sealed_notice(text: str) -> bool:
    """Whether it is the app's own word that nobody else can read the chat."""
    lowered = text.lower()
    return any(phrase in lowered for phrase in _words().sealed)


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s?") for word in sorted(words, key=len, reverse=True))


@cache
def _pattern() -> re.Pattern[str]:
    half = f"(?:{_either((*_words().am, *_words().pm))})"
    figures = rf"(\d{{1,4}}){_GAP}[./\-年년]{_GAP}(\d{{1,2}}){_GAP}[./\-月월]{_GAP}(\d{{1,4}}){_GAP}[日일.]?"
    month = r"([^\W\d_][^\d,:;\[\]]{1,15}?)\.?"  # whether it is one is told by its name
    year = r"(\d{4}|\d{2})"
    named = rf"(\d{{1,2}})\.?[\s-]{month}[\s,-]{{1,2}}{year}|{month}\s(\d{{1,2}}),?\s{year}"
    day = f"(?:{figures}|{named})"
    time = rf"({half}{_GAP})?(\d{{1,2}})[:.](\d{{2}})(?:[:.](\d{{2}}))?(?:{_GAP}({half}))?(?:\s?น\.)?"
    between = rf"[,،]?{_GAP}(?:(?:{_either(_words().between)})\s)?\s?"
    dash = r"\s[-–—]\s"
    first = rf"\[?{day}{between}{time}{_GAP}(?:\]\s?|{dash}|,\s(?=[^\n]{{1,80}}?\s:\s))"
    last = rf"\[?{time}(?:[,،]{_GAP}|\s){day}(?:\]\s?|{dash})"
    return re.compile(rf"[{_MARKS}]*(?:{first}|{last})", re.I)


_SENDER: Final = re.compile(r"([^\n:\"“”]{1,100}?)\s?:(?:\s|$)")
_DIRECTION: Final = re.compile(f"[{_MARKS}]")
_SPACES: Final = re.compile(r"[\u00a0\u202f\u2009\u2007]")


def _ascii(text: str) -> str:
    """One for one: digits of all scripts in ASCII, and narrow spaces as spaces."""
    return _SPACES.sub(
        " ", "".join(str(int(char)) if char.isdecimal() and not char.isascii() else char for char in text)
    )


def header_of(line: str) -> Header | None:
    """The header with which `line` begins, or None where the line goes on with the message before it."""
    head = _ascii(line[:_MAX_HEADER])
    match = _pattern().match(head)
    if match is None:
        return None
    groups = match.groups()
    if groups[_DAY_PARTS + 1] is not None:
        numbers, (before, hour, minute, second, after) = _day(groups[:_DAY_PARTS]), groups[_DAY_PARTS : _DAY_PARTS + 5]
    else:
        rest_of = groups[_DAY_PARTS + 5 :]
        (before, hour, minute, second, after), numbers = rest_of[:5], _day(rest_of[5:])
    half = (before or after or "").strip().lower()
    hours = _hours(int(hour), half)
    if hours is None or not all(numbers[:2]) or int(minute) > 59 or int(second or 0) > 59:
        return None
    rest = line[match.end() :]
    bare = rest.lstrip("\u200e\u200f\u202a\u202b\u2068 ")
    named = _SENDER.match(bare)
    sender, text = (
        (named[1].strip("\u200e\u200f\u202a\u202c\u2068\u2069\u202f\u00a0 ~"), bare[named.end() :])
        if named
        else ("", bare)
    )
    stamp = _DIRECTION.sub("", match[0]).strip(" -–—[],")
    return Header(numbers, hours, int(minute), int(second or 0), sender, text, stamp)


def _day(parts: tuple[str | None, ...]) -> tuple[int, int, int]:
    """The three numbers as they stand; where the month is named, year, month and day."""
    first, second, third, day, month, year, month_first, day_second, year_last = parts
    if first is not None:
        return int(first), int(second or 0), int(third or 0)
    number = month_number(month or month_first or "") or 0
    return _full_year(int(year or year_last or 0)), number, int(day or day_second or 0)


def _full_year(year: int) -> int:
    """Of two figures: in Thailand those of the Buddhist calendar (69 is 2569, which is 2026), for the app is of 2009."""
    if year >= 100:
        return year
    return year + 2500 if year >= _FIRST + _THAI_ERA - 2500 else year + 2000


def _hours(hour: int, half: str) -> int | None:
    if not half:
        return hour if hour < 24 else None
    if hour > 12:  # some phones write the half of the day beside 24 hours
        return hour if hour < 24 else None
    squeezed = re.sub(r"\s", "", half)
    late = any(squeezed == re.sub(r"\s", "", word.lower()) for word in _words().pm)
    return hour % 12 + (12 if late else 0)


def local_time(header: Header, order: Order) -> datetime | None:
    """The time of a message, without a zone; None where the numbers are no date in that order."""
    first, second, third = header.numbers
    if order == "ymd":
        year, month, day = first, second, third
    elif order == "dmy":
        day, month, year = first, second, third
    else:
        month, day, year = first, second, third
    year = _full_year(year)
    if _FIRST + _THAI_ERA <= year <= _LAST + _THAI_ERA:
        year -= _THAI_ERA
    if not _FIRST <= year <= _LAST:
        return None
    try:
        return datetime(year, month, day, header.hour, header.minute, header.second)  # noqa: DTZ001 -- made aware by the caller
    except ValueError:
        return None


def orders_of(headers: Iterable[Header]) -> tuple[Order, ...]:
    """The orders that fit all dates of a chat, best first: one only where the file tells which.

    Messages stand in the order of their times, so that the order of the numbers with the fewest steps back is the right
    one; two remain where both fit alike, as in a chat of one day.
    """
    fits: dict[Order, int] = dict.fromkeys(_ORDERS, 0)
    last: dict[Order, datetime] = {}
    dates = 0
    for header in headers:
        dates += 1
        for order in list(fits):
            moment = local_time(header, order)
            if moment is None:
                del fits[order]
                continue
            fits[order] += order in last and moment.date() < last[order].date()
            last[order] = moment
    if not dates or not fits:
        return ()
    if len(fits) > 1:
        fits.pop("ymd", None)  # years of two digits stand first only where nothing else fits
    best = min(fits.values())
    return tuple(order for order, back in fits.items() if back == best)
