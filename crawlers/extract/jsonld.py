"""schema.org data of a page in its three syntaxes, as plain dictionaries of one form."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import jstyleson  # type: ignore[import-untyped]
from extruct.rdfa import RDFaExtractor  # type: ignore[import-untyped]
from extruct.w3cmicrodata import MicrodataExtractor  # type: ignore[import-untyped]
from lxml import etree

__all__ = ["Node", "Structured", "read_json", "structured", "types_of"]

Node = dict[str, Any]

_SCHEMA: Final = re.compile(r"^(?:https?://(?:www\.)?schema\.org/|schema:)", re.I)
_WRAPPING: Final = re.compile(
    r"^\s*(?://\s*|/\*\s*)?(?:<!--|<!\[CDATA\[)(?:\s*\*/)?|(?://\s*|/\*\s*)?(?:-->|\]\]>)(?:\s*\*/)?\s*$"
)
_QUOTE: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\'")
_BAD_ESCAPE: Final = re.compile(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})')
_MAX_DEPTH: Final = 60
_MAX_LEAVES: Final = 100
_MAX_NODES: Final = 200_000


@dataclass(slots=True)
class Structured:
    """The nodes of a page, those at the top first found first; `problems` are the parts that could not be read."""

    nodes: list[Node] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def structured(root: etree._Element, markup: str, url: str, wanted: str) -> Structured:
    """All nodes of the type `wanted` in the document, from JSON-LD, microdata and RDFa in this order.

    `markup` is its source, which tells cheaply which of the syntaxes are used at all.
    """
    found = Structured()
    for script in root.iterfind(".//script"):
        kind = (script.get("type") or "").lower()
        if "ld+json" not in kind:
            continue
        text = "".join(script.itertext())
        try:
            data = read_json(text)
        except ValueError as error:
            if wanted.lower() in text.lower():
                found.problems.append(f"JSON-LD that cannot be read, even repaired: {error}")
            continue
        found.nodes += _of_type(_resolved(data), wanted)
    if "itemscope" in markup and wanted in markup:
        found.nodes += _from_extruct(found, "microdata", root, markup, url, wanted)
    if "typeof" in markup and wanted in markup and root.xpath(f".//*[contains(@typeof, '{wanted}')]"):
        found.nodes += _from_extruct(found, "RDFa", root, markup, url, wanted)
    return found


def _from_extruct(
    found: Structured, syntax: str, root: etree._Element, markup: str, url: str, wanted: str
) -> list[Node]:
    """What one extruct extractor finds. It may fail on hostile markup in any way, and the page's other parts still count."""
    try:
        if syntax == "microdata":
            items = MicrodataExtractor(add_html_node=True).extract_items(root, base_url=url)
            data: Any = [_from_microdata(item) for item in items]
        else:
            data = _graph(RDFaExtractor().extract(markup, base_url=url, expanded=True))
    except RecursionError:
        found.problems.append(f"{syntax} that is nested too deeply")
        return []
    except Exception as error:
        found.problems.append(f"{syntax} that cannot be read: {type(error).__name__}: {error}")
        return []
    nodes = _of_type(data, wanted)
    if syntax == "RDFa":
        _from_elements(nodes, root, wanted)
    return nodes


def _from_elements(nodes: list[Node], root: etree._Element, wanted: str) -> None:
    """What extruct's RDFa loses: the lines of a description, and the machine's form of a time."""
    elements = root.xpath(f".//*[contains(@typeof, '{wanted}')]")
    titled = {title: element for element in elements if (title := _rdfa_title(element))}
    for node in nodes:
        if len(elements) == len(nodes) == 1:
            _from_element(node, elements[0])
        elif len(titled) == len(elements):  # it tells not which node is which element, but their titles do
            element = titled.get(" ".join(str(node.get("title", node.get("name", ""))).split()))
            if element is not None:
                _from_element(node, element)


def _rdfa_title(element: etree._Element) -> str:
    for one in element.iterfind(".//*[@property]"):
        if _SCHEMA.sub("", one.get("property") or "") in ("title", "name"):
            return " ".join((one.get("content") or "".join(one.itertext())).split())
    return ""


def _from_element(node: Node, posting: etree._Element) -> None:
    for element in posting.iterfind(".//*[@property]"):
        name = _SCHEMA.sub("", element.get("property") or "")
        if element.tag == "time" and element.get("datetime"):
            node[name] = element.get("datetime")
        elif name == "description" and element.get("content") is None:
            node[name] = etree.tostring(element, encoding="unicode", method="html", with_tail=False)


def read_json(text: str) -> Any:
    """The JSON in a script element; comments, wrappings, control characters, commas too many and escaped quotes are repaired.

    Raises ValueError where that does not help.
    """
    text = _WRAPPING.sub("", text.strip().lstrip("\ufeff")).strip()
    text = _WRAPPING.sub("", text).strip().rstrip(";").strip()
    if not text:
        return []
    first: ValueError | None = None
    for repair in (
        lambda: text,
        lambda: jstyleson.dispose(text),
        lambda: _QUOTE.sub(r"\1'", jstyleson.dispose(text)),
        lambda: _BAD_ESCAPE.sub(r"\\\\", jstyleson.dispose(text)),
        lambda: re.sub(r",(\s*[}\]])", r"\1", text),
        lambda: html.unescape(text),
        lambda: jstyleson.dispose(html.unescape(text)),
    ):
        try:
            return _documents(repair())
        except RecursionError:
            raise ValueError("nested too deeply") from None
        except ValueError as error:
            first = first or error
        except Exception as error:  # jstyleson fails in its own ways on broken text
            first = first or ValueError(str(error))
    raise first or ValueError("empty")


def _documents(text: str) -> Any:
    decoder = json.JSONDecoder(strict=False)
    value, end = decoder.raw_decode(text)
    values = [value]
    while rest := text[end:].lstrip(" \t\r\n,;"):
        value, used = decoder.raw_decode(rest)
        values.append(value)
        text, end = rest, used
    return values[0] if len(values) == 1 else values


def _walk(data: Any) -> Iterator[Node]:
    """Every dictionary in `data`, outer ones first; bounded in depth and number."""
    stack: list[tuple[Any, int]] = [(data, 0)]
    seen = 0
    while stack:
        value, depth = stack.pop()
        seen += 1
        if seen > _MAX_NODES:
            return
        if isinstance(value, dict):
            yield value
            inner: list[Any] = list(value.values())
        elif isinstance(value, list):
            inner = value
        else:
            continue
        if depth < _MAX_DEPTH:
            stack += [(child, depth + 1) for child in reversed(inner) if isinstance(child, (dict, list))]


def types_of(node: Node) -> set[str]:
    """The types of a node without the prefix of schema.org."""
    given = node.get("@type", node.get("type", ()))
    names = given if isinstance(given, list) else [given]
    return {_SCHEMA.sub("", name).strip() for name in names if isinstance(name, str)}


def _of_type(data: Any, wanted: str) -> list[Node]:
    return [node for node in _walk(data) if wanted in types_of(node) and len(node) > 1]


def _resolved(data: Any) -> Any:
    """JSON-LD with plain keys, where `{"@id": ...}` alone stands for the node of that id elsewhere in the script."""
    by_id: dict[str, Node] = {}
    for node in _walk(data):
        for key in [key for key in node if _SCHEMA.match(key)]:
            node.setdefault(_SCHEMA.sub("", key), node[key])
        identity = node.get("@id")
        if isinstance(identity, str) and len(node) > 1:
            by_id.setdefault(identity, node)
    for node in list(_walk(data)):
        for key, value in node.items():
            if isinstance(value, dict) and set(value) == {"@id"}:
                node[key] = _shallow(by_id.get(str(value["@id"]), value))
            elif isinstance(value, list):
                node[key] = [
                    _shallow(by_id.get(str(one["@id"]), one)) if isinstance(one, dict) and set(one) == {"@id"} else one
                    for one in value
                ]
    return data


def _shallow(node: Node) -> Node:
    """A copy that leads nowhere: references may go in circles, and three steps are enough for a posting."""
    return {key: _leaf(value) for key, value in node.items()}


def _leaf(value: Any, depth: int = 2) -> Any:
    if isinstance(value, dict):
        kept = value.items() if depth else [item for item in value.items() if not isinstance(item[1], (dict, list))]
        return {key: _leaf(inner, depth - 1) for key, inner in kept}
    if isinstance(value, list):
        return [_leaf(one, depth) for one in value[:_MAX_LEAVES] if not isinstance(one, list)]
    return value


def _from_microdata(item: Any) -> Any:
    """An item of extruct's microdata as a JSON-LD node; its element stands under `_element`."""
    if isinstance(item, list):
        return [_from_microdata(one) for one in item]
    if not isinstance(item, dict) or "properties" not in item:
        return item
    node: Node = {"@type": item.get("type", "")}
    if item.get("id"):
        node["@id"] = item["id"]
    for name, value in item["properties"].items():
        node[_SCHEMA.sub("", name)] = _from_microdata(value)
    if item.get("htmlNode") is not None:
        node["_element"] = item["htmlNode"]
    return node


def _graph(nodes: list[Node]) -> list[Node]:
    """RDFa in expanded JSON-LD as nested nodes with plain keys and plain values."""
    by_id = {str(node.get("@id", number)): node for number, node in enumerate(nodes)}

    def plain(value: Any, depth: int) -> Any:
        if isinstance(value, list):
            values = [plain(one, depth) for one in value]
            return values[0] if len(values) == 1 else values
        if not isinstance(value, dict):
            return value
        if "@value" in value:
            return value["@value"]
        if set(value) == {"@id"}:
            target = by_id.get(str(value["@id"]))
            return node(target, depth + 1) if target is not None and depth < 5 else value["@id"]
        return node(value, depth + 1)

    def node(raw: Node, depth: int) -> Node:
        return {
            _SCHEMA.sub("", key): value if key in ("@id", "@type") else plain(value, depth)
            for key, value in raw.items()
        }

    return [node(raw, 0) for raw in nodes]
