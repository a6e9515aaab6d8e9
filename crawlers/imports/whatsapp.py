"""A chat that WhatsApp exported as text (`WhatsApp Chat with ….txt`, `_chat.txt`)."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final
from zoneinfo import ZoneInfo

from crawlers.imports.chat import LeftOut, local_address, number_link, zone_of
from crawlers.imports.whatsapp_lines import (
    Header,
    Order,
    deleted_phrases,
    header_of,
    is_sealed_notice,
    local_time,
    orders_of,
)
from jerat.errors import InputError
from jerat.model import Link, Message, Post, post_id
from pipelines.intake import BadItem, ImportOptions, Read

__all__ = ["WhatsApp"]

_NAME: Final = re.compile(r"whatsapp|^_chat\b", re.I)
_COPY: Final = re.compile(r"\s*\(\d{1,3}\)$")
_ATTACHED: Final = re.compile(r"[\u200e\u200f]*<[^<>:]{2,40}: ([^<>/\\]{1,200}\.\w{2,5})>")
_FILE: Final = re.compile(r"^[\u200e\u200f]*([^\n/\\<>]{1,200}\.\w{2,5}) \([^()\n]{3,60}\)$", re.M)
_EDITED: Final = re.compile(r"\s*[\u200e\u200f]*<[^<>\n]{5,80}>\s*$")
_PLACEHOLDER: Final = re.compile(r"^[\u200e\u200f]*<[^<>\n]{3,60}>$")
_MARKS: Final = "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff"
_MAX_TEXT: Final = 2_000_000
_MAX_LINE: Final = 4_000_000
_SHORT: Final = 60
_WIDE: Final = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_ORDER_NAMES: Final = {"dmy": "day, month, year", "mdy": "month, day, year", "ymd": "year, month, day"}


class WhatsApp:
    """Reads the messages with words in them; what the app itself says, and pictures alone, are counted."""

    name = "whatsapp"

    def recognises(self, path: Path, head: bytes) -> bool:
        """By the beginning of its first lines, or by its name where it is a text."""
        text = _decoded(head)
        lines = [line for line in text.splitlines()[:50] if line.strip()]
        if lines and header_of(lines[0]) is not None:
            return True
        return path.suffix.lower() == ".txt" and bool(_NAME.search(path.stem)) and b"\0" not in head[:200]

    def read(self, path: Path, options: ImportOptions) -> Iterator[Read | BadItem]:
        """The posts of the chat, in its order. Raises InputError where no line begins as WhatsApp writes them."""
        zone = zone_of(options.time_zone)
        try:
            with path.open("rb") as stream:
                orders = orders_of(header for _, header, _ in _messages(stream, lambda _: None))
                stream.seek(0)
                if not orders:
                    first = next(
                        (line for line in map(str.strip, _decoded(stream.read(4000)).splitlines()) if line), ""
                    )
                    raise InputError(
                        f"{path}: no date and time that is known begins a message: {first[:80]!r}",
                        "WhatsApp writes `31/12/2025, 23.59 - Name: text` or `[31/12/25, 23:59:58] Name: text`, in the form of "
                        "the phone's region; export the chat again on a phone set to English",
                    )
                order = _chosen(orders, options, path.name)
                if not options.time_zone:
                    options.say(f"{path.name}: the times are taken as UTC; --time-zone names the zone of the phone")
                yield from self._posts(stream, path, order, options, zone)
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror or error}") from error

    def _posts(
        self, stream: IO[bytes], path: Path, order: Order | None, options: ImportOptions, zone: ZoneInfo
    ) -> Iterator[Read]:
        now, left_out = datetime.now(UTC), LeftOut()
        chat = _chat(path, options)
        alike: Counter[str] = Counter()
        for line, header, text in _messages(stream, options.advance):
            if not header.sender:
                left_out.add("lines of the app itself")
                continue
            body, media, edited = _body(text)
            if not body:
                left_out.add("messages without words (pictures, voice, deleted ones)")
                continue
            local = local_time(header, order) if order else None
            published = local.replace(tzinfo=zone).astimezone(UTC) if local is not None else None
            native = _identity(chat, header, body, alike)
            link = number_link(header.sender)
            yield Read(
                Post(
                    id=post_id("whatsapp", native, ""),
                    native_id=native,
                    source=chat,
                    platform="whatsapp",
                    url=local_address("whatsapp", chat, native),
                    fetched_at=now,
                    text=body,
                    author=header.sender,
                    published_at=published,
                    media=media,
                    links=(Link(url=link),) if link else (),
                    country_hint=options.country_hint,
                    message=Message(edited=True) if edited else None,
                    evidence=f"{path.name}:{line}",
                ),
                ()
                if published is not None
                else ("date is left out: day and month cannot be told apart; give --date-order",),
            )
        left_out.tell(path.name, options.say)


def _messages(stream: IO[bytes], advance: Callable[[int], object]) -> Iterator[tuple[int, Header, str]]:
    """Each message with the number of its first line; what stands before the first is left out."""
    header: Header | None = None
    begun, parts, size = 0, [], 0
    for number, line in _lines(stream, advance):
        found = header_of(line)
        if found is None:
            if header is not None and size < _MAX_TEXT:
                parts.append(line)
                size += len(line)
            continue
        if header is not None:
            yield begun, header, "\n".join(parts)
        header, begun, parts, size = found, number, [found.text], len(found.text)
    if header is not None:
        yield begun, header, "\n".join(parts)


def _lines(stream: IO[bytes], advance: Callable[[int], object]) -> Iterator[tuple[int, str]]:
    mark = stream.read(2)
    stream.seek(0)
    pieces = _pieces(stream, _WIDE[mark]) if mark in _WIDE else iter(lambda: stream.readline(_MAX_LINE), b"")
    for number, raw in enumerate(pieces, 1):
        advance(len(raw))
        yield number, raw.decode(_WIDE.get(mark, "utf-8"), "replace").rstrip("\r\n")


def _pieces(stream: IO[bytes], encoding: str) -> Iterator[bytes]:
    """The lines of a text of two bytes a character."""
    end, rest = "\n".encode(encoding), b""
    while block := stream.read(1 << 16):
        rest += block
        at = 0
        while (found := rest.find(end, at)) >= 0:
            if found % 2:  # the halves of two characters
                at = found + 1
                continue
            yield rest[: found + 2]
            rest, at = rest[found + 2 :], 0
        if len(rest) > _MAX_LINE:
            yield rest
            rest = b""
    if rest:
        yield rest


def _decoded(head: bytes) -> str:
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    return head.decode(encoding, "replace")


def _chosen(orders: tuple[Order, ...], options: ImportOptions, name: str) -> Order | None:
    """The order of the numbers in the dates: what the file tells, else what was asked for, else none."""
    asked = options.date_order
    if len(orders) == 1:
        if asked and asked != orders[0]:
            raise InputError(
                f"{name}: its dates cannot be {_ORDER_NAMES.get(asked, asked)}: they fit {_ORDER_NAMES[orders[0]]}",
                "leave --date-order away",
            )
        return orders[0]
    if asked in orders:
        return next(order for order in orders if order == asked)
    fits = " and ".join(f"{_ORDER_NAMES[order]} ({order})" for order in orders)
    options.say(f"{name}: the dates fit {fits}; the posts are taken without dates. --date-order says which it is")
    return None


def _chat(path: Path, options: ImportOptions) -> str:
    """The chat's name, by which its messages are told from those of another: that of the file, without the number of a copy."""
    stem = _COPY.sub("", path.stem).strip()
    return stem if stem and not stem.startswith("_chat") else options.source


def _body(text: str) -> tuple[str, tuple[str, ...], bool]:
    """The words of a message, the files that it names, and whether it was edited; no words where it only shows something."""
    media = [*_ATTACHED.findall(text), *_FILE.findall(text)]
    said = _FILE.sub("", _ATTACHED.sub("", text))
    marked = said.lstrip(" ").startswith("\u200e")
    said = said.strip(_MARKS + " \n")
    if _PLACEHOLDER.match(said) or said.lower().rstrip(".") in deleted_phrases():
        return "", tuple(media), False
    whole = _EDITED.sub("", said)
    # iOS sets a mark before what it says itself, such as "image omitted".
    own = len(whole) <= _SHORT and not any(char.isdigit() for char in whole)
    if marked and "\n" not in whole and (own or is_sealed_notice(whole)):
        return "", tuple(media), False
    return whole.strip(_MARKS + " \n"), tuple(media), whole != said


def _identity(chat: str, header: Header, body: str, alike: Counter[str]) -> str:
    """The same for the same message of the same chat, whenever it is exported: of chat, time, sender and text."""
    said = "\x1f".join((chat, header.stamp, header.sender, body)).encode("utf-8", "replace")
    key = hashlib.blake2b(said, digest_size=10).hexdigest()
    alike[key] += 1
    return key if alike[key] == 1 else f"{key}-{alike[key]}"
