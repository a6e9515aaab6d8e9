"""What a reply of an API gave, and the values in it, each of which may be of another type than its documentation says."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Final
from urllib.parse import urlsplit

from crawlers.extract.dates import read_date
from crawlers.extract.html_text import Rendered
from crawlers.extract.origin import Extraction
from jerat.model import Link

__all__ = [
    "Reply",
    "cursor_of",
    "dicts",
    "distinct",
    "handle",
    "ident",
    "inner",
    "joined",
    "moment",
    "string",
    "texts_after",
    "web",
]

_MAX_IDENT: Final = 500
_MAX_MEDIA: Final = 200


@dataclass(slots=True)
class Reply(Extraction):
    """An Extraction, and what the walk over the pages has to know of it."""

    items: int = 0
    """Items that the reply lists, whether posts or not."""
    covers: list[str] = field(default_factory=list)
    """The ids that the service gives the items, in order: what the page covers of its listing."""
    left_out: Counter[str] = field(default_factory=Counter)
    """Items that are no posts by rule: why, and how many."""
    gone: list[str] = field(default_factory=list)
    """Native ids of posts that the reply says were deleted or removed."""
    cursor: str = ""
    """Where the next page begins, as the reply itself says."""
    last: str = ""
    """The id of the last item."""
    broken: str = ""
    """Why the reply is none of the kind that was asked for, as a sentence; empty where it is one."""


def string(value: Any) -> str:
    """`value` if it is text, else nothing."""
    return value if isinstance(value, str) else ""


def ident(value: Any) -> str:
    """An id: a text without spaces around it, or a whole number; else nothing."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    text = str(value).strip()
    return text if len(text) <= _MAX_IDENT else ""


def cursor_of(value: Any) -> str:
    """Where a page begins: a text or a number, as long as it may be."""
    return str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def handle(value: Any) -> str:
    """A name on one line."""
    return " ".join(string(value).split())


def dicts(value: Any) -> Iterator[dict[str, Any]]:
    """The objects in a list."""
    return (one for one in value if isinstance(one, dict)) if isinstance(value, list) else iter(())


def inner(value: Any, *path: str) -> Any:
    """What stands at `path` in nested objects, or None."""
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def web(value: Any) -> str:
    """An address with http or https and a host; else nothing."""
    text = string(value).strip()
    if not text.lower().startswith(("http://", "https://")) or any(char.isspace() for char in text):
        return ""
    try:
        return text if urlsplit(text).hostname else ""
    except ValueError:
        return ""


def moment(value: Any) -> datetime | None:
    """A time: ISO 8601, or seconds since 1970, also with a fraction."""
    if isinstance(value, float):
        if not math.isfinite(value) or abs(value) > 1e11:
            return None
        value = int(value)
    return read_date(value) if isinstance(value, (str, int)) else None


def distinct(urls: Iterable[str]) -> tuple[str, ...]:
    """Each address once, without empty ones, and no more than anybody attaches to a post."""
    return tuple(islice(dict.fromkeys(url for url in urls if url), _MAX_MEDIA))


def joined(parts: list[Rendered]) -> Rendered:
    """The parts as paragraphs of one text, with the links where they then stand."""
    text = ""
    links: list[Link] = []
    for part in parts:
        if not part.text.strip():
            links += [Link(url=link.url) for link in part.links]
            continue
        if text:
            text += "\n\n"
        for link in part.links:
            apart = link.start == link.end
            links.append(
                Link(url=link.url)
                if apart
                else Link(url=link.url, start=link.start + len(text), end=link.end + len(text))
            )
        text += part.text
    return Rendered(text, tuple(links))


def texts_after(body: Rendered, *more: str) -> list[Rendered]:
    """`body`, and what else is shown with it, each once and not where the body says it already."""
    kept: dict[str, None] = {}
    for one in more:
        text = one.strip()
        if text and text not in body.text:
            kept[text] = None
    return [body, *(Rendered(text) for text in kept)]
