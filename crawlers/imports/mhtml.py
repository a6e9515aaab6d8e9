"""MHTML (RFC 2557): a page with its parts in one file, as Chrome, Internet Explorer and Word save it."""

import email
import email.errors
import email.header
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO, Final

from crawlers.extract.decode import decode
from crawlers.imports.files import opened, saved_at
from crawlers.imports.html import SavedPage, address_of, page_items
from jerat.errors import InputError
from pipelines.intake import BadItem, ImportOptions, Read

__all__ = ["Mhtml"]

_BEGIN: Final = re.compile(
    rb"(?i)^(?:From|MIME-Version|Snapshot-[\w-]+|Subject|Date|Content-[\w-]+|X-[\w-]+|Message-ID):"
)
_RELATED: Final = re.compile(rb"(?i)content-type:\s*(?:multipart/(?:related|alternative|mixed)|text/html)")
_MAX_LINE: Final = 1 << 20
_MAX_HEAD: Final = 1 << 18
_PAGES: Final = ("text/html", "application/xhtml+xml")


@dataclass(slots=True)
class _Part:
    """A part of the file that is a page. `whole` is whether its end was there."""

    message: Message
    body: bytes
    whole: bool


class Mhtml:
    """Keeps only the parts that are pages: pictures may be as large as they like."""

    name = "mhtml"

    def recognises(self, path: Path, head: bytes) -> bool:
        """By its first headers."""
        return bool(_BEGIN.match(head.lstrip())) and bool(_RELATED.search(head[:8192]))

    def read(self, path: Path, options: ImportOptions) -> Iterator[Read | BadItem]:
        """The posts of the page. Raises InputError where the file cannot be opened, or has no page in it."""
        with opened(path, options.advance) as stream:
            top, parts = _parts(stream, path, options.max_bytes)
        if not parts:
            raise InputError(f"{path} has no page in it: no part of it is HTML", "save the page again as MHTML or HTML")
        url = _first_web(top.get("Snapshot-Content-Location"), top.get("Content-Location"), top.get("Content-Base"))
        main = next((part for part in parts if url and _location(part) == url), parts[0])
        url = url or _first_web(_location(main), main.message.get("Content-Base"))
        if not main.whole:
            yield BadItem(path.name, "the file ends inside the page: what came of it was read", fatal=True)
        moment = _date(top) or saved_at(path)
        items = list(page_items(_page(main, url, moment, _subject(top)), path.name, options))
        frames = [part for part in parts if part is not main and _first_web(_location(part))]
        if not any(isinstance(item, Read) for item in items) and frames:
            for part in frames:  # a page may be no more than a frame around another
                items += page_items(_page(part, _location(part), moment, ""), path.name, options)
        yield from items


def _page(part: _Part, url: str, moment: datetime, title: str) -> SavedPage:
    kind = part.message.get_content_type()
    charset = part.message.get_content_charset()
    content_type = f"{kind}; charset={charset}" if charset else kind
    if not url:
        url, _ = address_of(decode(part.body, content_type))
    return SavedPage(part.body, url, moment, content_type, title)


def _parts(stream: IO[bytes], path: Path, limit: int) -> tuple[Message, list[_Part]]:
    """The head of the file, and its pages, decoded. Raises InputError where a page is larger than `limit` bytes."""
    top, _ = _head(stream, frozenset())
    boundaries = _boundary(top)
    if not boundaries:  # the page itself, without parts
        body, whole, _ = _body(stream, frozenset(), limit, path)
        return top, [_decoded(top, body, whole)] if top.get_content_type() in _PAGES else []
    parts: list[_Part] = []
    _, _, more = _body(stream, boundaries, 0, path)
    while more:
        head, ended = _head(stream, boundaries)
        boundaries |= _boundary(head)
        is_page = head.get_content_type() in _PAGES and not ended
        if ended:
            continue
        body, whole, more = _body(stream, boundaries, limit if is_page else 0, path)
        if is_page:
            parts.append(_decoded(head, body, whole))
    return top, parts


def _head(stream: IO[bytes], boundaries: frozenset[bytes]) -> tuple[Message, bool]:
    """The headers that stand here; and whether a boundary stood there instead of their end."""
    found = bytearray()
    while (line := stream.readline(_MAX_LINE)).strip():
        if line.rstrip() in boundaries:
            return email.message_from_bytes(bytes(found), policy=email.policy.compat32), True
        if len(found) < _MAX_HEAD:
            found += line
    return email.message_from_bytes(bytes(found), policy=email.policy.compat32), False


def _boundary(head: Message) -> frozenset[bytes]:
    name = head.get_boundary()
    mark = f"--{name}".encode("latin-1", "replace") if name else b""
    return frozenset({mark, mark + b"--"}) if mark else frozenset()


def _body(stream: IO[bytes], boundaries: frozenset[bytes], limit: int, path: Path) -> tuple[bytes, bool, bool]:
    """What stands here up to the next boundary; whether there was one, and whether a part follows it.

    Nothing is kept where `limit` is 0.
    """
    found = bytearray()
    while line := stream.readline(_MAX_LINE):
        if line.startswith(b"--") and line.rstrip() in boundaries:
            return bytes(found), True, True
        if limit:
            found += line
            if len(found) > 2 * limit:  # base64 takes a third more, quoted-printable up to three times as much
                raise InputError(
                    f"{path}: the page in it has more than the {limit:,} bytes that JERAT_MAX_RESPONSE allows"
                )
    return bytes(found), not boundaries, False


def _decoded(head: Message, body: bytes, whole: bool) -> _Part:
    """A part without its Content-Transfer-Encoding; what is broken in it is left as it stands."""
    head.set_payload(body.decode("latin-1"))
    if (head.get("Content-Transfer-Encoding") or "").strip().lower() not in ("quoted-printable", "base64"):
        return _Part(head, body, whole)
    payload = head.get_payload(decode=True)
    return _Part(head, payload if isinstance(payload, bytes) else body, whole)


def _location(part: _Part) -> str:
    return re.sub(r"\s+", "", str(part.message.get("Content-Location") or ""))


def _first_web(*values: object) -> str:
    texts = (re.sub(r"\s+", "", str(value or "")) for value in values)
    return next((text for text in texts if text.lower().startswith(("http://", "https://"))), "")


def _date(top: Message) -> datetime | None:
    try:
        moment = parsedate_to_datetime(str(top.get("Date") or ""))
    except (ValueError, TypeError):
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment if datetime(1995, 1, 1, tzinfo=UTC) <= moment <= datetime.now(UTC) else None


def _subject(top: Message) -> str:
    try:
        parts = email.header.decode_header(str(top.get("Subject") or ""))
        return " ".join("".join(_word(text, charset) for text, charset in parts).split())
    except (ValueError, LookupError, email.errors.HeaderParseError):
        return ""


def _word(text: str | bytes, charset: str | None) -> str:
    return text if isinstance(text, str) else text.decode(charset or "utf-8", "replace")
