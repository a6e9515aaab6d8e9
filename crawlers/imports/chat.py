"""What the readers of chat exports share: times without a zone, addresses of what has none, and one sentence of account."""

import hashlib
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jerat.errors import InputError

__all__ = ["LeftOut", "local_address", "number_link", "telegram_identity", "unix_time", "zone_of"]

_FIRST, _LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_PHONE_DIGITS: Final = range(7, 16)
_PHONE_SIGNS: Final = frozenset("+0123456789 ()-.\u2011\u2010\u00a0\u202f\u2009")
_CHANNEL: Final = "t.me/"


def zone_of(name: str) -> ZoneInfo:
    """The zone of the option `--time-zone`; UTC where it is empty. Raises InputError where there is none of that name."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError(
            f"there is no time zone named {name!r}", "names are such as Asia/Jakarta, Asia/Phnom_Penh or UTC"
        ) from error


def unix_time(value: object) -> datetime | None:
    """The time of seconds or milliseconds since 1970, given as a number or as digits; None where it is none."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 17:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        seconds = value / 1000 if abs(value) >= 100_000_000_000 else value
        moment = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return moment if _FIRST <= moment <= _LAST else None


def local_address(*parts: str) -> str:
    """An address for what stands nowhere on the web: `file:` and its parts, quoted."""
    return "file:" + "/".join(quote(part, safe="") for part in parts)


def telegram_identity(source: str, chat: str, number: int, title: str) -> tuple[str, str, str]:
    """Native id, source and address of a message of an export.

    `source` of the form `t.me/NAME` (the option `--source`) says which public channel it is: the messages are then the same
    posts as crawled ones. Else `chat` is the chat's number, or empty where the export does not tell it.
    """
    if source.lower().startswith(_CHANNEL) and "/" not in source[len(_CHANNEL) :]:
        name = source[len(_CHANNEL) :].lower()
        return f"{name}/{number}", f"{_CHANNEL}{name}", f"https://t.me/{name}/{number}"
    if chat:
        return f"c/{chat}/{number}", f"{_CHANNEL}c/{chat}", f"https://t.me/c/{chat}/{number}"
    key = hashlib.blake2b(title.encode("utf-8", "replace"), digest_size=6).hexdigest()
    return f"export/{key}/{number}", title or source, local_address("telegram", title or source, str(number))


def number_link(name: str) -> str:
    """The address of a person whom the chat shows as a telephone number, else empty."""
    digits = "".join(char for char in name if char.isdigit())
    international = name.strip("\u200e\u200f\u202a\u202c\u2068\u2069 ~").startswith("+")
    plain = all(char in _PHONE_SIGNS or char in "\u200e\u200f\u202a\u202c\u2068\u2069~" for char in name)
    return f"https://wa.me/{digits}" if international and plain and len(digits) in _PHONE_DIGITS else ""


class LeftOut:
    """Counts what is no post, and says it in one sentence when the file is read."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def add(self, what: str) -> None:
        """One more of `what`, named in the plural: `service messages`."""
        self._counts[what] += 1

    def tell(self, name: str, say: Callable[[str], object]) -> None:
        """Say what was left out, if anything."""
        if self._counts:
            parts = "; ".join(f"{what}: {number:,}" for what, number in sorted(self._counts.items()))
            say(f"{name}: not taken as posts: {parts}")
