"""`messages.html`, the export of Telegram Desktop for people: one page of up to 1,000 messages."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Final

from lxml import etree

from crawlers.extract.decode import decode
from crawlers.extract.html_text import Rendered, parse, render
from crawlers.imports.chat import LeftOut, telegram_identity, zone_of
from jerat.errors import InputError
from jerat.model import Link, Message, Post, post_id
from pipelines.intake import BadItem, ImportOptions, Read

__all__ = ["TelegramHtml"]

_ID: Final = re.compile(r"message(-?\d{1,18})")
_DATE: Final = re.compile(
    r"(\d{1,2})\.(\d{1,2})\.(\d{4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s+UTC([+-]\d{2}):?(\d{2}))?"
)
_MAX_BYTES: Final = 256 * 1024 * 1024
_TAIL: Final = 4096
_BASE: Final = "https://t.me/"


class TelegramHtml:
    """Reads the messages with words in them; pictures alone and service messages are counted."""

    name = "telegram-html"

    def recognises(self, path: Path, head: bytes) -> bool:
        """By the markup of the export."""
        return b"<" in head[:200] and (
            (b'class="page_header' in head and b'class="message ' in head)
            or (b"tgme" not in head and b'id="message' in head and b"pull_right date details" in head)
        )

    def read(self, path: Path, options: ImportOptions) -> Iterator[Read | BadItem]:
        """The posts of the page, in its order. Raises InputError where it cannot be opened."""
        zone_of(options.time_zone)
        try:
            if path.stat().st_size > _MAX_BYTES:
                raise InputError(f"{path} has more than {_MAX_BYTES:,} bytes, and an export's page has a few millions")
            raw = path.read_bytes()
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
        root = parse(decode(raw))
        options.advance(len(raw))
        if root is None:
            raise InputError(f"{path}: nothing in it can be read as HTML")
        left_out = LeftOut()
        yield from _messages(root, path.name, options, left_out)
        left_out.tell(path.name, options.say)
        if b"</html" not in raw[-_TAIL:].lower():
            yield BadItem(path.name, "the file is cut off: the end of its page is missing", fatal=True)


def _messages(root: etree._Element, name: str, options: ImportOptions, left_out: LeftOut) -> Iterator[Read | BadItem]:
    now = datetime.now(UTC)
    header = _first(root, "page_header")
    chat = _line(_first(header, "bold") if header is not None else None)
    sender = ""
    for element in _each(root, "message"):
        match = _ID.fullmatch(element.get("id") or "")
        if "service" in _classes(element) or (match and match[1].startswith("-")):
            left_out.add("service messages")
            continue
        place = f"{name}#{element.get('id') or '?'}"
        body = _child(element, "body")
        if match is None or body is None:
            yield BadItem(place, "a message without a number", _line(element)[:2000])
            continue
        named = _child(body, "from_name")
        sender = _own_words(named) if named is not None else sender
        said, links = _said(body)
        if not said.strip():
            left_out.add("messages without words (pictures, stickers, voice)")
            continue
        published = _moment(_child(body, "date"), options)
        native, source, url = telegram_identity(options.source, "", int(match[1]), chat)
        post = Post(
            id=post_id("telegram", native, ""),
            native_id=native,
            source=source,
            platform="telegram",
            url=url,
            fetched_at=now,
            text=said,
            author=_line(_child(body, "signature")).rstrip(", ") or sender,
            published_at=published,
            media=_media(body),
            links=links + _buttons(element),
            country_hint=options.country_hint,
            message=Message(forwarded_from=_forwarded(body), reply_to=_reply(body, url)),
            evidence=place,
        )
        yield Read(post, () if published is not None else ("date cannot be read as a time, and was left out",))


# -- parts -----------------------------------------------------------------------------------------------------------


def _said(body: etree._Element) -> tuple[str, tuple[Link, ...]]:
    """The text, of a forwarded message too; then what a poll, a contact or a place says."""
    parts = [_rendered(one) for one in _each(body, "text")]
    for kind in ("media_poll", "media_contact", "media_location", "media_venue"):
        parts += [_rendered(one) for one in _each(body, kind)]
    said, links = "", []
    for part in parts:
        if not part.text:
            continue
        said += "\n" if said else ""
        links += [Link(url=link.url, start=link.start + len(said), end=link.end + len(said)) for link in part.links]
        said += part.text
    return said, tuple(links)


def _rendered(element: etree._Element) -> Rendered:
    found = render(element, "", max_breaks=1000, paragraphs=False)
    return Rendered(found.text, tuple(link for link in found.links if "://" in link.url or ":" in link.url[:12]))


def _moment(element: etree._Element | None, options: ImportOptions) -> datetime | None:
    match = _DATE.search((element.get("title") or "") if element is not None else "")
    if match is None:
        return None
    day, month, year, hour, minute = (int(match[place]) for place in range(1, 6))
    try:
        local = datetime(year, month, day, hour, minute, int(match[6] or 0), tzinfo=zone_of(options.time_zone))
        if match[7]:
            hours = int(match[7])
            offset = timedelta(hours=hours, minutes=int(match[8]) * (-1 if match[7][0] == "-" else 1))
            local = local.replace(tzinfo=timezone(offset))
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _forwarded(body: etree._Element) -> str:
    inner = _first(body, "forwarded")
    named = _child(inner, "from_name") if inner is not None else None
    return _own_words(named) if named is not None else ""


def _reply(body: etree._Element, url: str) -> str:
    for link in _each(body, "reply_to"):
        for anchor in link.iter("a"):
            match = re.fullmatch(r"(?:messages\d*\.html)?#go_to_message(\d+)", anchor.get("href") or "")
            if match:
                return f"{url.rpartition('/')[0]}/{match[1]}"
    return ""


def _media(body: etree._Element) -> tuple[str, ...]:
    wraps = (anchor.get("href") or "" for wrap in _each(body, "media_wrap") for anchor in wrap.iter("a"))
    return tuple(dict.fromkeys(href for href in wraps if href and "://" not in href and not href.startswith("#")))


def _buttons(element: etree._Element) -> tuple[Link, ...]:
    """Where the buttons below a message lead."""
    anchors = (anchor.get("href") or "" for button in _each(element, "bot_button") for anchor in button.iter("a"))
    return tuple(Link(url=href) for href in dict.fromkeys(anchors) if "://" in href)


def _own_words(element: etree._Element) -> str:
    """The name, without the date that stands inside it where a message was forwarded."""
    return " ".join(f"{element.text or ''} {' '.join(child.tail or '' for child in element)}".split())


def _classes(element: etree._Element) -> list[str]:
    return (element.get("class") or "").split()


def _each(root: etree._Element, name: str) -> list[etree._Element]:
    return [one for one in root.iter("div", "a", "span") if name in _classes(one)]


def _first(root: etree._Element | None, name: str) -> etree._Element | None:
    return next(iter(_each(root, name)), None) if root is not None else None


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next((one for one in element if isinstance(one.tag, str) and name in _classes(one)), None)


def _line(element: etree._Element | None) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""
