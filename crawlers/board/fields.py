"""One field of a post, by its rule: what the selectors find, made into a line, a text, a date or a list."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from lxml import etree

from crawlers.board.draft import Draft
from crawlers.board.rules import Dates, FieldRule, Fields, Rule, choices
from crawlers.board.selectors import compiled
from crawlers.extract.contacts import contact_links
from crawlers.extract.dates import labelled_date, read_date
from crawlers.extract.html_text import Rendered, render, render_html
from crawlers.extract.values import one_line
from jerat.model import Link

__all__ = ["addresses", "fields_of", "finds", "plain", "read_local"]

_NUMERIC: Final = re.compile(r"(?<!\d)(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?!\d)")
_CLOCK: Final = re.compile(r"\d{1,2}:\d{2}|T\d{2}")
_ZONED: Final = re.compile(r"(?i)(?:Z|UTC|GMT|WIB|WITA|WIT|ICT|MYT|SGT|PHT|น\.?|[+-]\d{2}:?\d{2})\s*$|^\d{10,13}$")
_SPACED: Final = re.compile(r"\s+([,;:])")
_MAX_MATCHED: Final = 20_000


def finds(rule: Rule, element: etree._Element | None, data: Any) -> list[Any]:
    """What the first selector of the rule finds that finds anything."""
    for one in choices(rule):
        found = compiled(one).find(element, data)
        if isinstance(rule, FieldRule) and found and (rule.match or rule.join is not None):
            found = _treated(found, rule)
        if found:
            return found
    return []


def _treated(found: list[Any], rule: FieldRule) -> list[Any]:
    texts: list[Any] = [text for one in found if (text := plain(one))]
    if rule.match:
        matches = [re.search(rule.match, text[:_MAX_MATCHED]) for text in texts]
        texts = [text for one in matches if one and (text := (one[1] if one.re.groups else one[0]) or "")]
    if rule.join is not None and texts:
        return [rule.join.join(dict.fromkeys(texts))]
    return texts


def plain(value: Any) -> str:
    """A find as one line: the words of an element, a text, a number, or what names a node of data."""
    if isinstance(value, etree._Element):
        text = render(value).text if value.tag != "meta" else value.get("content") or ""
        return _SPACED.sub(r"\1", " ".join(text.split()))
    return one_line(str(value)) if isinstance(value, str) else one_line(value)


def fields_of(
    rules: Fields, element: etree._Element | None, data: Any, base: str, dates: Dates
) -> tuple[Draft, list[str]]:
    """What the rules find in an element, or in data, and the names of the fields that are declared and gave nothing."""
    draft = Draft()
    missing = []
    for name in Fields.__struct_fields__:
        rule: Rule = getattr(rules, name)
        if not choices(rule):
            continue
        value = _READERS[name](finds(rule, element, data), base, dates)
        if value:
            setattr(draft, name, Rendered(*value) if name == "text" else value)
        else:
            missing.append(name)
    return draft, missing


def addresses(found: list[Any], base: str) -> list[str]:
    """The addresses in finds: of links and pictures, and texts; only http and https, each once and in order."""
    made: dict[str, None] = {}
    for one in found:
        if isinstance(one, etree._Element):
            text = (
                one.get("href")
                or one.get("data-src")
                or one.get("src")
                or one.get("content")
                or one.get("action")
                or ""
            )
            inner = one.find(".//*[@href]") if not text else None
            text = inner.get("href") or "" if inner is not None else text
        elif isinstance(one, dict):
            text = one_line(one.get("url") or one.get("href") or one.get("src"))
        else:
            text = str(one)
        try:
            address = urljoin(base, text.strip()) if text.strip() else ""
            if urlsplit(address).scheme in ("http", "https") and urlsplit(address).hostname:
                made[address] = None
        except ValueError:
            continue
    return list(made)


def read_local(text: str, dates: Dates) -> datetime | None:
    """A date as the board writes it, in UTC. A time without a zone is in the zone of the board; a day alone is that day."""
    text = text.strip()
    if dates.order and (match := _NUMERIC.search(text)) and read_date(text) is None:
        parts = dict(zip(dates.order, (match[1], match[3], match[4]), strict=True))
        if len(parts["y"]) == 2:
            parts["y"] = f"20{parts['y']}"
        text = f"{text[: match.start()]}{parts['y']}-{parts['m']}-{parts['d']}{text[match.end() :]}".strip()
    moment = read_date(text) or labelled_date(text)
    if moment is not None and dates.zone and _CLOCK.search(text) and not _ZONED.search(text):
        hours, minutes = int(dates.zone[1:3]), int(dates.zone[4:6])
        shift = timedelta(hours=hours, minutes=minutes)
        moment = moment - shift if dates.zone[0] == "+" else moment + shift
    return moment.astimezone(UTC) if moment is not None else None


def _line(found: list[Any], base: str, dates: Dates) -> str:
    return next((text for one in found if (text := plain(one))), "")


def _lines(found: list[Any], base: str, dates: Dates) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for one in found if (text := plain(one))))


def _text(found: list[Any], base: str, dates: Dates) -> tuple[str, tuple[Link, ...]] | None:
    """Elements and data a paragraph each; bits of text between tags, which `::text` gives, a line each."""
    outer = [one for one in found if not (isinstance(one, etree._Element) and _inside(one, found))]
    whole, links = "", []
    for one in outer:
        bit = isinstance(one, str) and hasattr(one, "getparent")
        if isinstance(one, etree._Element):
            part = render(one, base)
        elif bit:
            part = Rendered(" ".join(one.split()))
        else:
            part = render_html(one, base) if isinstance(one, str) else Rendered(plain(one))
        if not part.text:
            continue
        whole += ("\n" if bit else "\n\n") if whole else ""
        links += [Link(url=link.url, start=link.start + len(whole), end=link.end + len(whole)) for link in part.links]
        whole += part.text
    return (whole, tuple(links)) if whole else None


def _inside(element: etree._Element, found: list[Any]) -> bool:
    others = {one for one in found if isinstance(one, etree._Element)}
    return any(parent in others for parent in element.iterancestors())


def _date(found: list[Any], base: str, dates: Dates) -> datetime | None:
    for one in found:
        stated = one.get("datetime") or one.get("content") if isinstance(one, etree._Element) else None
        for text in (stated, plain(one)):
            if text and (moment := read_local(text, dates)):
                return moment
    return None


def _contacts(found: list[Any], base: str, dates: Dates) -> tuple[str, ...]:
    made: dict[str, None] = {}
    for one in found:
        if isinstance(one, etree._Element):
            links = contact_links(one)
            made |= dict.fromkeys(links or ([text] if (text := plain(one)) else []))
        elif text := plain(one):
            made[text] = None
    return tuple(made)


def _media(found: list[Any], base: str, dates: Dates) -> tuple[str, ...]:
    return tuple(addresses(found, base))


_READERS: Final[dict[str, Callable[[list[Any], str, Dates], Any]]] = {
    "title": _line,
    "text": _text,
    "organisation": _line,
    "locations": _lines,
    "salary": _line,
    "employment_type": _lines,
    "published_at": _date,
    "valid_through": _date,
    "contacts": _contacts,
    "native_id": _line,
    "author": _line,
    "media": _media,
}
