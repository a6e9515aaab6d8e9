"""Values of structured data, which come as text, number, list or node where one of them was meant."""

from collections.abc import Iterator
from typing import Any

from crawlers.extract.html_text import render_html

__all__ = ["as_list", "nodes", "one_line", "strings"]


def as_list(value: Any) -> list[Any]:
    """`value` itself if it is a list, else a list of it; empty for None."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """The nodes in `value`."""
    return (one for one in as_list(value) if isinstance(one, dict))


def one_line(value: Any) -> str:
    """A text without markup and without line ends: of a string, a number, or a node that has a name or a value."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, (str, int, float)):
        text = str(value)
        return " ".join((render_html(text).text if "<" in text or "&" in text else text).split())
    if isinstance(value, list):
        return next((text for text in map(one_line, value) if text), "")
    if isinstance(value, dict):
        return next(
            (text for key in ("@value", "name", "legalName", "value", "@id") if (text := one_line(value.get(key)))), ""
        )
    return ""


def strings(value: Any) -> list[str]:
    """Every text in `value`, each once, in order."""
    return list(dict.fromkeys(text for one in as_list(value) if (text := one_line(one))))
