"""The lines of an exported WhatsApp chat: where a message begins, and in which order its date has day, month and year.

The app writes them in the form of the phone's region; the zone is never told. What both Android (`DATE, TIME - NAME: `) and
iOS (`[DATE, TIME] NAME: `) write is read, and what is copied out of the browser (`[TIME, DATE] NAME: `).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final, Literal

import msgspec

from crawlers.data import load

__all__ = ["Header", "Order", "deleted_phrases", "header_of", "local_time", "orders_of"]

Order = Literal["dmy", "mdy", "ymd"]

_MARKS: Final = "\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069"
_ORDERS: Final[tuple[Order, ...]] = ("dmy", "mdy", "ymd")
_MAX_HEADER: Final = 80
_THAI_ERA: Final = 543
_FIRST, _LAST = 2009, 2100


class _Words(msgspec.Struct, forbid_unknown_fields=True):
    source: str
    am: tuple[str, ...]
    pm: tuple[str, ...]
    between: tuple[str, ...]
    deleted: tuple[str, ...]


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
    """What stands in the place of a message that was taken back, in lower case."""
    return frozenset(phrase.lower() for phrase in _words().deleted)


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s?") for word in sorted(words, key=len, reverse=True))


@cache
def _pattern() -> re.Pattern[str]:
    half = f"(?:{_either((*_words().am, *_words().pm))})"
    day = r"(\d{1,4})\s?[./\-年년]\s?(\d{1,2})\s?[./\-月월]\s?(\d{1,4})\s?[日일.]?"
    time = rf"({half}\s?)?(\d{{1,2}})[:.](\d{{2}})(?:[:.](\d{{2}}))?(?:\s?({half}))?(?:\s?น\.)?"
    between = rf"[,،]?\s?(?:(?:{_either(_words().between)})\s)?\s?"
    end = r"(?:\]\s?|\s-\s|,\s(?=[^\n]{1,80}?\s:\s))"
    first = rf"\[?{day}{between}{time}{end}"
    last = rf"\[{time}[,،]\s?{day}\]\s?"
    return re.compile(rf"[{_MARKS}]*(?:{first}|{last})", re.I)


_SENDER: Final = re.compile(r"([^\n:\"“”]{1,100}?)\s?:(?:\s|$)")
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
    if groups[0] is not None:
        numbers, (before, hour, minute, second, after) = groups[0:3], groups[3:8]
    else:
        (before, hour, minute, second, after), numbers = groups[8:13], groups[13:16]
    half = (before or after or "").strip().lower()
    hours = _hours(int(hour), half)
    if hours is None or int(minute) > 59 or int(second or 0) > 59:
        return None
    rest = line[match.end() :]
    bare = rest.lstrip("\u200e\u200f\u202a\u202b\u2068 ")
    named = _SENDER.match(bare)
    sender, text = (
        (named[1].strip("\u200e\u200f\u202a\u202c\u2068\u2069\u202f\u00a0 ~"), bare[named.end() :])
        if named
        else ("", bare)
    )
    stamp = match[0].strip(" -[],\u200e\u200f\ufeff")
    first, middle, last = (int(number) for number in numbers)
    return Header((first, middle, last), hours, int(minute), int(second or 0), sender, text, stamp)


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
    if year < 100:
        year += 2000
    elif _FIRST + _THAI_ERA <= year <= _LAST + _THAI_ERA:
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
