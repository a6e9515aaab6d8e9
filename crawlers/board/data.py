"""A page as the rules see it: its elements, and the data that stands in it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from lxml import etree

from crawlers.board.literals import read_literal
from crawlers.board.revive import revived
from crawlers.board.rules import BoardRules
from crawlers.board.selectors import compiled
from crawlers.extract.html_text import parse
from crawlers.extract.jsonld import read_json

__all__ = ["BoardPage", "assigned", "data_of", "opened"]

_ROOTS: Final = r"(?:(?:window|self|globalThis|this|global)\s*(?:\.\s*|\[\s*[\"']))?"
_MAX_SCRIPT: Final = 16_000_000
_MAX_TRIES: Final = 20


@dataclass(slots=True)
class BoardPage:
    """One page or answer. `root` is None where it is JSON; `data` is what JMESPath reads."""

    url: str
    markup: str
    root: etree._Element | None
    data: Any = None
    problems: list[str] = field(default_factory=list)
    """Data that was declared, is there, and cannot be read."""


def opened(markup: str, url: str, rules: BoardRules | None, root: etree._Element | None = None) -> BoardPage:
    """The page with its data. An answer that is JSON as a whole is data and nothing else."""
    if root is None:
        text = markup.lstrip("\ufeff \t\r\n")
        if text[:1] in ("{", "["):
            try:
                return BoardPage(url, markup, None, json.loads(text, strict=False))
            except (ValueError, RecursionError):
                pass
        root = parse(markup)
    page = BoardPage(url, markup, root)
    if rules is not None and rules.data and root is not None:
        page.data = {name: data_of(page, source) for name, source in rules.data.items()}
    return page


def data_of(page: BoardPage, source: str | tuple[str, ...]) -> Any:
    """The data of the first of the sources that gives some; None where there is none."""
    for one in (source,) if isinstance(source, str) else source:
        found = _assigned(page, one[4:].strip()) if one.startswith("var:") else _held(page, one)
        if found is not None:
            return found
    return None


def _held(page: BoardPage, selector: str) -> Any:
    for one in compiled(selector).find(page.root, None):
        text = one if isinstance(one, str) else "".join(one.itertext())
        if not text.strip():
            continue
        try:
            found = read_json(text)
            return revived(found) if not isinstance(one, str) and one.get("id") == "__NUXT_DATA__" else found
        except (ValueError, RecursionError) as error:
            page.problems.append(f"the data of {selector} cannot be read: {error}")
    return None


def _assigned(page: BoardPage, name: str) -> Any:
    if page.root is None:
        return None
    for script in page.root.iter("script"):
        for found in assigned("".join(script.itertext()), name, page.problems):
            return found
    return None


def assigned(script: str, name: str, problems: list[str]) -> Iterator[Any]:
    """The values that a script assigns to a variable, and that can be read."""
    last = name.removeprefix("window.")
    if last not in script or len(script) > _MAX_SCRIPT:
        return
    for number, match in enumerate(_assignment(last).finditer(script)):
        if number >= _MAX_TRIES:
            return
        try:
            found = read_literal(script, match.end())
        except (ValueError, OverflowError) as error:
            problems.append(f"what is assigned to {name} cannot be read without running it: {error}")
            continue
        if isinstance(found, (dict, list)) and found:
            yield found


@lru_cache(maxsize=256)
def _assignment(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w$.]){_ROOTS}{re.escape(name)}(?:[\"']\s*\])?\s*=(?!=)\s*")
