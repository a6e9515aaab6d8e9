"""Ways to reach somebody that stand around a posting: `tel:` and `mailto:` links, messengers, contact points."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from lxml import etree

from crawlers.extract.linkdata import link_words
from crawlers.extract.values import as_list, nodes, one_line

__all__ = ["contact_links", "contact_nodes", "is_furniture"]

_FURNITURE: Final = frozenset({"header", "footer", "nav", "aside"})
_FURNITURE_CLASS: Final = re.compile(
    r"(?i)(?:^|[\s_-])(?:footer|header|topbar|top-bar|navbar|nav|menu|breadcrumbs?|sidebar|share|sharing|social|cookie"
    r"|related|similar)"
    r"(?:$|[\s_-])"
)
_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
_HEADING_STEPS: Final = 6
_SHARING: Final = re.compile(r"(?i)/share(?:/|\?|$)|/sharer|/intent/|^/msg/text")


def is_furniture(element: etree._Element) -> bool:
    """Whether an element belongs to the site and not to what the page is about: header, footer, menu, share buttons."""
    if element.tag in _FURNITURE:
        return not (
            element.tag == "header" and element.getparent() is not None and element.getparent().tag == "article"
        )
    marks = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('role') or ''}"
    return element.tag not in ("body", "html", "main", "article") and bool(_FURNITURE_CLASS.search(marks))


def contact_links(root: etree._Element) -> list[str]:
    """The contacts in links below `root`, without those in its furniture, each once and in order."""
    found: dict[str, None] = {}
    pruned: set[etree._Element] = set()
    last_heading: dict[etree._Element, str] = {}  # of what was seen so far in an element
    for element in root.iter(etree.Element):
        parent = element.getparent()
        if (parent is not None and parent in pruned) or (element is not root and is_furniture(element)):
            pruned.add(element)
        elif element.tag in _HEADINGS:
            words = " ".join("".join(element.itertext()).split())[:100].lower().rstrip(" :!：")
            last_heading |= dict.fromkeys(islice(element.iterancestors(), _HEADING_STEPS), words)
        elif element.tag in ("a", "area"):
            contact = _contact(element.get("href") or "")
            if contact and not _is_own(element, last_heading):
                found[contact] = None
    return list(found)


def _is_own(link: etree._Element, last_heading: dict[etree._Element, str]) -> bool:
    """Whether the nearest heading above a link says that the site itself is reached there: "Contact us".

    Inside an `article`, or an item of structured data, "us" is who wrote it.
    """
    above = link.iterancestors()
    words = next((last_heading[one] for one in islice(above, _HEADING_STEPS) if one in last_heading), "")
    return words in _own_headings() and not any(
        one.tag == "article" or one.get("itemscope") is not None for one in link.iterancestors()
    )


@cache
def _own_headings() -> frozenset[str]:
    return frozenset(link_words().own_headings)


@cache
def _hosts() -> frozenset[str]:
    return frozenset(link_words().contact_hosts)


def _contact(href: str) -> str:
    href = href.strip()
    try:
        parts = urlsplit(href)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    scheme = parts.scheme.lower()
    if scheme == "tel":
        number = unquote(parts.path or parts.netloc).strip()
        return f"tel:{number}" if re.search(r"\d{3}", re.sub(r"\D", "", number)) else ""
    if scheme == "mailto":
        address = unquote(parts.path).strip()
        return address if "@" in address else ""
    if scheme in link_words().contact_schemes:
        return href
    if scheme in ("http", "https", "") and host in _hosts():
        return "" if _is_sharing(host, parts.path, parts.query) else f"https:{href}" if href.startswith("//") else href
    return ""


def _is_sharing(host: str, path: str, query: str) -> bool:
    """Links that send this page to one's own friends reach nobody."""
    if _SHARING.search(path):
        return True
    if host in ("wa.me", "api.whatsapp.com"):
        return not path.strip("/").removeprefix("send") and not parse_qs(query).get("phone")
    return not path.strip("/")


def contact_nodes(posting: dict[str, Any]) -> list[str]:
    """The contacts that structured data gives for a posting and its organisation, each once and in order."""
    found: dict[str, None] = {}
    for node in _around(posting):
        for key in ("telephone", "faxNumber"):
            for value in as_list(node.get(key)):
                text = re.sub(r"(?i)^tel:\s*", "", one_line(value))
                if re.search(r"\d", text):
                    found[f"tel:{text}"] = None
        for value in as_list(node.get("email")):
            text = re.sub(r"(?i)^mailto:\s*", "", one_line(value))
            if text:
                found[text] = None
        for key in ("url", "sameAs", "contactUrl"):
            for value in as_list(node.get(key)):
                if contact := _contact(one_line(value)):
                    found[contact] = None
        if node.get("contactType") is not None and isinstance(node.get("identifier"), (str, int)):
            found[one_line(node.get("identifier"))] = None
    return list(found)


def _around(posting: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield posting
    for key in ("applicationContact", "contactPoint"):
        yield from nodes(posting.get(key))
    for organisation in nodes(posting.get("hiringOrganization")):
        yield organisation
        for key in ("contactPoint", "contactPoints", "applicationContact"):
            yield from nodes(organisation.get(key))
    for place in nodes(posting.get("jobLocation")):
        yield place
        yield from nodes(place.get("address"))
