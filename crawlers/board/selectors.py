"""One selector: `css:`, `xpath:` or `jmespath:`, and what it finds in an element or in data."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import jmespath  # type: ignore[import-untyped]
from cssselect import SelectorError
from jmespath.exceptions import JMESPathError  # type: ignore[import-untyped]
from lxml import etree
from parsel.csstranslator import HTMLTranslator

__all__ = ["PREFIXES", "Selector", "compiled"]

PREFIXES: Final = ("css:", "xpath:", "jmespath:")
_TRANSLATOR: Final = HTMLTranslator()
# So that a selector may use re:test() and the like.
_NAMESPACES: Final = {"re": "http://exslt.org/regular-expressions"}


@dataclass(frozen=True, slots=True)
class Selector:
    """A selector that parses. `on_data` says whether it reads data (JMESPath) and not markup."""

    text: str
    on_data: bool
    run: Any

    def find(self, element: etree._Element | None, data: Any) -> list[Any]:
        """What it finds, in order: elements and texts in markup, values in data. Empty where it finds nothing."""
        if self.on_data:
            if data is None:
                return []
            try:
                found = self.run.search(data)
            except (JMESPathError, ValueError, TypeError, RecursionError, AttributeError):
                return []  # a function that got a value of another type than it takes: nothing of that kind is there
            return [one for one in (found if isinstance(found, list) else [found]) if _says(one)]
        if element is None:
            return []
        try:
            found = self.run(element)
        except (etree.XPathError, ValueError, RecursionError):
            return []
        if isinstance(found, list):
            return [one for one in found if isinstance(one, etree._Element) or (isinstance(one, str) and one.strip())]
        if isinstance(found, float) and found == found and not found.is_integer():
            return [str(found)]
        if isinstance(found, float):
            return [str(int(found))] if found == found and abs(found) < 1e15 else []
        return [found] if isinstance(found, str) and found.strip() else []

    def empty(self, data: Any) -> bool:
        """Whether it reads data, and finds a list there that has nothing in it."""
        try:
            return self.on_data and data is not None and self.run.search(data) == []
        except (JMESPathError, ValueError, TypeError, RecursionError, AttributeError):
            return False


def _says(value: Any) -> bool:
    return value is not None and value is not False and value not in ("", [], {})


@lru_cache(maxsize=2048)
def compiled(text: str) -> Selector:
    """The selector that `text` is. Raises ValueError with a sentence where it is none."""
    prefix, colon, expression = text.partition(":")
    expression = expression.strip()
    if not colon or f"{prefix}:" not in PREFIXES:
        raise ValueError(f"{text!r} does not begin with one of {' '.join(PREFIXES)}")
    if not expression:
        raise ValueError(f"{text!r} has nothing behind its prefix")
    if prefix == "jmespath":
        try:
            return Selector(text, True, jmespath.compile(expression))
        except (JMESPathError, ValueError) as error:
            raise ValueError(f"{text!r} is no JMESPath: {_short(error)}") from error
    try:
        path = _TRANSLATOR.css_to_xpath(expression) if prefix == "css" else expression
    except (SelectorError, ValueError, NotImplementedError) as error:
        raise ValueError(f"{text!r} is no CSS selector: {_short(error)}") from error
    try:
        run = etree.XPath(path, namespaces=_NAMESPACES)
        run(etree.Element("html"))  # names of functions and prefixes are looked up only when it runs
    except (etree.XPathError, etree.XMLSyntaxError, ValueError) as error:
        raise ValueError(f"{text!r} is no XPath: {_short(error)}") from error
    return Selector(text, False, run)


def _short(error: Exception) -> str:
    return re.sub(r"\s+", " ", str(error)).strip()[:200]
