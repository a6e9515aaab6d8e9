"""Posts from a file with one JSON object a line, as other tools and colleagues write them."""

import gzip
import io
import json
import re
import sys
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final

import msgspec

from crawlers.imports.chat import local_address
from crawlers.imports.files import HEAD, opened, saved_at, unpacked
from jerat.model import Post, post_id, utc
from jerat.urls import canonical_url
from pipelines.intake import BadItem, ImportOptions, Read

__all__ = ["MAX_LINE", "Jsonl", "json_objects", "parse_object", "read_posts", "standard_input"]

MAX_LINE: Final = 64 * 1024 * 1024
_KEEP: Final = 2000
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_EARLIEST, _LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_MAX_ID: Final = 200
_MILLISECONDS: Final = 100_000_000_000


class Jsonl:
    """One JSON object a line, also gzipped."""

    name = "jsonl"

    def recognises(self, path: Path, head: bytes) -> bool:
        """By its first line, or by its name where that line is broken."""
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        if start.startswith(b"{"):
            line, end, _ = start.partition(b"\n")
            return isinstance(parse_object(line, ""), dict) if end or len(head) < HEAD else True
        return path.name.lower().removesuffix(".gz").endswith((".jsonl", ".ndjson", ".jl"))

    def read(self, path: Path, options: ImportOptions) -> Iterator[Read | BadItem]:
        """The posts of the file, in order; of a line without `fetched_at`, fetched when the file was written."""
        with opened(path, options.advance) as stream:
            yield from read_posts(unpacked(stream), path.name, options, saved_at(path))


def standard_input(options: ImportOptions) -> Iterator[Read | BadItem]:
    """The posts on standard input, which may be gzip."""
    stream: Any = sys.stdin.buffer
    peekable = stream if hasattr(stream, "peek") else io.BufferedReader(stream)
    return read_posts(unpacked(peekable), "stdin", options, datetime.now(UTC))


def json_objects(stream: IO[bytes], name: str) -> Iterator[tuple[int, dict[str, Any] | BadItem]]:
    """The JSON objects of `stream` with their line numbers, and a BadItem for each line that is none; empty ones are skipped.

    A line above 64 MiB is bad. Where the stream itself breaks (a gzip file cut short), the last BadItem says so.
    """
    number = 0
    while True:
        number += 1
        try:
            raw = stream.readline(MAX_LINE)
            too_long = len(raw) == MAX_LINE and not raw.endswith(b"\n")
            while too_long and (rest := stream.readline(MAX_LINE)) and not rest.endswith(b"\n"):
                pass
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            yield number, BadItem(f"{name}:{number}", f"the gzip file is broken from here on: {error}", fatal=True)
            return
        except OSError as error:
            yield (
                number,
                BadItem(f"{name}:{number}", f"cannot be read from here on: {error.strerror or error}", fatal=True),
            )
            return
        if not raw:
            return
        if too_long:
            yield number, BadItem(f"{name}:{number}", f"longer than {MAX_LINE} bytes", _shown(raw))
            continue
        line = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
        if line.strip():
            yield number, parse_object(line, f"{name}:{number}")


def parse_object(line: bytes, place: str) -> dict[str, Any] | BadItem:
    """The JSON object of one line that stands at `place`; lone surrogates in its strings stay as they are."""
    try:
        value = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        value = _lenient(line)
        if value is None:
            return BadItem(place, f"not JSON: {error}", _shown(line))
    except RecursionError:
        return BadItem(place, "nested too deeply", _shown(line))
    if not isinstance(value, dict):
        return BadItem(place, "not a JSON object", _shown(line))
    return value


def _lenient(line: bytes) -> Any:
    """JSON with lone surrogates in its strings, which is valid and which msgspec refuses; None where it is no JSON."""
    try:
        return json.loads(line.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _shown(line: bytes) -> str:
    return line[:_KEEP].decode("utf-8", "backslashreplace").rstrip("\r\n")


def read_posts(stream: IO[bytes], name: str, options: ImportOptions, fetched_at: datetime) -> Iterator[Read | BadItem]:
    """The posts of `stream`, in order.

    A line is `{"url", "text", "title"?, "author"?, "source"?, "platform"?, "published_at"?, "id"?, "country_hint"?}`,
    with `fetched_at` where the post was not fetched at the time that is given here; other keys are left alone.

    An `id` is kept as the id of the post; without one it is made from the URL. So the same line is the same post,
    however often it is imported.
    """
    for number, line in json_objects(stream, name):
        if isinstance(line, BadItem):
            yield line
            continue
        place = f"{name}:{number}"
        try:
            yield _post(line, place, options, fetched_at)
        except ValueError as error:
            yield BadItem(place, str(error), _shown(_encoded(line)))


def _encoded(line: dict[str, Any]) -> bytes:
    return json.dumps(line, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _post(line: dict[str, Any], place: str, options: ImportOptions, fetched_at: datetime) -> Read:
    notes: list[str] = []
    text, title, author = _text(line, "text"), _text(line, "title"), _text(line, "author")
    if not text.strip() and not title.strip():
        raise ValueError("has no text")
    url = _text(line, "url").strip()
    own = _identity(line)
    if not url and not own:
        raise ValueError("has neither url nor id, so it could not be told from other posts")
    source = _text(line, "source").strip() or options.source
    platform = _text(line, "platform").strip() or options.platform
    hint = (_text(line, "country_hint").strip() or options.country_hint).upper()
    if hint and not (len(hint) == 2 and hint.isascii() and hint.isalpha()):
        notes.append(f"country_hint {hint[:20]!r} is no ISO 3166 code, and was left out")
        hint = ""
    url = canonical_url(url) or local_address("post", own)
    post = Post(
        id=own or post_id(platform, "", url),
        source=source,
        platform=platform,
        url=url,
        title=title,
        text=text,
        author=author,
        published_at=_moment(line, "published_at", notes),
        fetched_at=_moment(line, "fetched_at", notes) or fetched_at,
        native_id=own,
        country_hint=hint,
        evidence=place,
    )
    return Read(post, tuple(notes))


def _text(line: dict[str, Any], key: str) -> str:
    value = line.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{key} is not a text")
    return _SURROGATE.sub("\ufffd", value)  # no file of the case can hold one


def _identity(line: dict[str, Any]) -> str:
    value = line.get("id")
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise ValueError("id is neither a text nor a whole number")
    text = str(value).strip()
    if len(text) > _MAX_ID or not text.isprintable():
        raise ValueError(f"id is longer than {_MAX_ID} characters, or not printable")
    return text


def _moment(line: dict[str, Any], key: str, notes: list[str]) -> datetime | None:
    value = line.get(key)
    if value is None or value == "":
        return None
    try:
        moment = _parsed(value)
    except (ValueError, OverflowError, OSError):
        moment = None
    if moment is None or not _EARLIEST <= moment <= _LATEST:
        notes.append(f"{key} {str(value)[:40]!r} cannot be read as a time, and was left out")
        return None
    return moment


def _parsed(value: object) -> datetime | None:
    """ISO 8601, or seconds or milliseconds since 1970; a time without a zone is taken as UTC."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.strip().isdigit() and len(value.strip()) in (10, 13):
        value = int(value)
    if isinstance(value, (int, float)):
        return datetime.fromtimestamp(value / 1000 if abs(value) >= _MILLISECONDS else value, UTC)
    if isinstance(value, str):
        return utc(datetime.fromisoformat(value.strip()))
    return None
