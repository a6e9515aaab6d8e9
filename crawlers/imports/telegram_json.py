"""`result.json`, the machine-readable export of Telegram Desktop: of one chat, or of a whole account.

The format: https://core.telegram.org/import-export, and the exports of Telegram Desktop 2 to 6. It is read as a stream.
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final

import ijson
from ijson.common import IncompleteJSONError, JSONError, ObjectBuilder

from crawlers.imports.chat import LeftOut, telegram_identity, unix_time, zone_of
from crawlers.imports.dig import at, items_of, number, text
from jerat.errors import InputError
from jerat.model import Link, Message, Post, post_id
from pipelines.intake import BadItem, ImportOptions, Read

__all__ = ["TelegramJson"]

_SIGNS: Final = (
    b'"from_id"',
    b'"date_unixtime"',
    b'"text_entities"',
    b'"actor_id"',
    b'"left_chats"',
    b'"forwarded_from"',
)
_TYPES: Final = (b'"public_channel"', b'"private_channel"', b'"public_supergroup"', b'"private_supergroup"')
_CHATS: Final = ("", "chats.list.item", "left_chats.list.item")
_MEDIA: Final = ("photo", "file", "thumbnail")
_EVERY: Final = 200


@dataclass(slots=True)
class _Chat:
    """What stands before the messages of a chat."""

    name: str = ""
    type: str = ""
    id: str = ""


class TelegramJson:
    """Reads the messages with words in them; pictures alone and service messages are counted."""

    name = "telegram-json"

    def recognises(self, path: Path, head: bytes) -> bool:
        """By the keys of the export, whatever the file is called."""
        start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
        return start.startswith(b"{") and (
            (b'"messages"' in head and any(sign in head for sign in (*_SIGNS, *_TYPES)))
            or (b'"personal_information"' in head and (b'"about"' in head or b'"chats"' in head))
        )

    def read(self, path: Path, options: ImportOptions) -> Iterator[Read | BadItem]:
        """The posts of the export, in its order. Raises InputError where it cannot be opened."""
        zone_of(options.time_zone)
        left_out = LeftOut()
        try:
            with path.open("rb") as stream:
                if stream.read(3) != codecs.BOM_UTF8:  # an editor set it there
                    stream.seek(0)
                yield from _messages(stream, path.name, options, left_out)
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
        left_out.tell(path.name, options.say)


def _messages(stream: IO[bytes], name: str, options: ImportOptions, left_out: LeftOut) -> Iterator[Read | BadItem]:
    now = datetime.now(UTC)
    chat, builder, inside, depth, seen, told = _Chat(), None, "", 0, 0, 0
    try:
        for prefix, event, value in ijson.parse(stream, use_float=True):
            if builder is not None:
                builder.event(event, value)
                depth += (event in ("start_map", "start_array")) - (event in ("end_map", "end_array"))
                if depth == 0:
                    item, builder = builder.value, None
                    seen += 1
                    if seen % _EVERY == 0:
                        options.advance(stream.tell() - told)
                        told = stream.tell()
                    found = _item(item, chat, f"{name}#{seen}", options, now, left_out)
                    if found is not None:
                        yield found
                continue
            if event == "start_map" and prefix.endswith("messages.item"):
                parent = prefix.removesuffix("messages.item").rstrip(".")
                if parent in _CHATS:
                    builder, depth = ObjectBuilder(), 1
                    builder.event(event, value)
                continue
            if event == "start_map" and prefix in _CHATS:
                chat, inside = _Chat(), prefix
            elif event in ("string", "number"):
                key = prefix[len(inside) + 1 :] if inside and prefix.startswith(inside) else prefix
                if key in ("name", "type", "id"):
                    setattr(chat, key, str(value))
            elif event not in ("map_key", "end_map", "start_array", "end_array", "null", "start_map"):
                continue
    except IncompleteJSONError as error:
        yield BadItem(
            f"{name}#{seen + 1}", f"the file is cut off or broken from here on: {_first_line(error)}", fatal=True
        )
    except JSONError as error:
        yield BadItem(f"{name}#{seen + 1}", f"no JSON from here on: {_first_line(error)}", fatal=True)
    options.advance(stream.tell() - told)


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__


def _item(
    item: object, chat: _Chat, place: str, options: ImportOptions, now: datetime, left_out: LeftOut
) -> Read | BadItem | None:
    own = number(item, "id")
    if not isinstance(item, dict) or own is None:
        return BadItem(place, "a message without a number", repr(item)[:2000])
    if item.get("type") not in ("message", None):
        left_out.add("service messages")
        return None
    body, links = _body(item)
    if not body.strip():
        left_out.add("messages without words (pictures, stickers, voice)")
        return None
    notes: list[str] = []
    published = _moment(item, "date", options)
    if published is None:
        notes.append("date cannot be read as a time, and was left out")
    native, source, url = telegram_identity(options.source, chat.id.removeprefix("-100"), own, chat.name)
    channel = chat.type.endswith("channel")
    sender = text(item, "author") or (chat.name if channel else "") or text(item, "from")
    reply = number(item, "reply_to_message_id")
    post = Post(
        id=post_id("telegram", native, ""),
        native_id=native,
        source=source,
        platform="telegram",
        url=url,
        fetched_at=now,
        text=body,
        author=sender,
        published_at=published,
        media=_media(item),
        links=links,
        country_hint=options.country_hint,
        message=Message(
            forwarded_from=text(item, "forwarded_from", "saved_from"),
            reply_to=f"{url.rpartition('/')[0]}/{reply}" if reply is not None else "",
            edited=any(text(item, key) not in ("", "1970-01-01T00:00:00") for key in ("edited",)),
        ),
        evidence=place,
    )
    return Read(post, tuple(notes))


def _moment(item: object, key: str, options: ImportOptions) -> datetime | None:
    """The seconds since 1970 where the export has them; older ones have the local time of whoever exported."""
    known = unix_time(at(item, f"{key}_unixtime"))
    if known is not None:
        return known
    try:
        local = datetime.fromisoformat(text(item, key))
    except ValueError:
        return None
    return (local.replace(tzinfo=zone_of(options.time_zone)) if local.tzinfo is None else local).astimezone(UTC)


def _body(item: dict[str, object]) -> tuple[str, tuple[Link, ...]]:
    """The text with the addresses behind its words, then what a poll, a list, a contact or a place says, then buttons."""
    said = item.get("text")
    parts = said if isinstance(said, list) else [said]
    if not any(_plain(part) for part in parts):
        parts = list(items_of(item, "text_entities"))
    body, links = "", []
    for part in parts:
        words = _plain(part)
        href = text(part, "href") if isinstance(part, dict) else ""
        if words and href:
            links.append(Link(url=href, start=len(body), end=len(body) + len(words)))
        body += words
    lines = [
        *(_listed(item, "poll.question", "poll.answers"), _listed(item, "todo_list.title", "todo_list.answers")),
        *(_contact(item), text(item, "place_name"), text(item, "address")),
        *(text(at(item, "invoice_information"), key) for key in ("title", "description")),
    ]
    for line in lines:
        if line:
            body = f"{body}\n{line}" if body.strip() else line
    for row in items_of(item, "inline_bot_buttons"):
        for button in row if isinstance(row, list) else ():
            address = text(button, "data") if text(button, "type") == "url" else ""
            links += [Link(url=address)] if address else []
    return body, tuple(links)


def _plain(part: object) -> str:
    value = part.get("text") if isinstance(part, dict) else part
    if isinstance(value, list):  # questions of polls are texts with entities, too
        return "".join(_plain(one) for one in value if not isinstance(one, list))
    return value if isinstance(value, str) else ""


def _listed(item: object, heading: str, answers: str) -> str:
    """A poll or a list to tick off: its heading and what stands below, a line each."""
    question = _plain(at(item, heading))
    below = [said for answer in items_of(item, answers) if (said := _plain(answer))]
    return "\n".join([question, *below]) if question or below else ""


def _contact(item: object) -> str:
    known = at(item, "contact_information")
    return " ".join(filter(None, (text(known, "first_name"), text(known, "last_name"), text(known, "phone_number"))))


def _media(item: dict[str, object]) -> tuple[str, ...]:
    """The files of the export; those that it left out are named in brackets there."""
    named = (text(item, key) for key in _MEDIA)
    return tuple(name for name in named if name and not name.startswith("("))
