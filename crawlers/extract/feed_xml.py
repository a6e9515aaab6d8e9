"""RSS in all its versions, and Atom. Read without entities of its own, whatever its encoding is called."""

import re
from html.entities import name2codepoint
from typing import Final

from lxml import etree

from crawlers.extract.dates import read_date
from crawlers.extract.decode import decode
from crawlers.extract.feed_item import MAX_ITEMS, Feed, Item, absolute, best_body, pictures, plain_or_markup
from crawlers.extract.html_text import Rendered, clean_markup
from crawlers.extract.reply import distinct

__all__ = ["read_xml_feed"]

_ITEMS: Final = ("item", "entry")
_TEXTS: Final = ("encoded", "content", "content_encoded", "body", "description", "summary")
"""Names of the elements that may hold the text; the longest is taken."""
_DATES: Final = ("pubDate", "published", "date", "issued", "created", "updated", "modified")
_MEDIA: Final = "http://search.yahoo.com/mrss"
_ATOM: Final = ("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#")
_ROOTS: Final = frozenset({"rss", "feed", "rdf", "channel"})
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]{0,500}\?>")
_DOCTYPE: Final = re.compile(r"<!DOCTYPE[^>\[]{0,1000}>", re.I)
_OWN_ENTITIES: Final = re.compile(r"<!DOCTYPE[^>]{0,1000}\[|<!ENTITY", re.I)
# The groups are atomic: else a thousand comments could be shared out among the parts in endlessly many ways.
_HEAD: Final = re.compile(
    r"^(?>\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)*+<(?:\w+:)?(\w+)", re.S | re.I
)
_NAMED: Final = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_OF_XML: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
_BARE: Final = re.compile(r"&(?![A-Za-z][A-Za-z0-9]{0,31};|#\d{1,7};|#[xX][0-9a-fA-F]{1,6};)")
_CDATA: Final = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|$))", re.S)
_LINKS: Final = ("next", "prev-archive")
_MAIL: Final = re.compile(r"\S+@\S+\s*\((.+)\)")


def read_xml_feed(body: bytes, content_type: str, url: str) -> Feed | None:
    """The feed in `body`; None where it is none. XML that declares entities of its own is not read."""
    text = _from_its_start(_decoded(body, content_type))
    head = _HEAD.match(text[:20_000])
    if head is None or head[1].lower() not in _ROOTS:
        return None
    if _OWN_ENTITIES.search(text[:100_000]):
        return Feed(problems=["XML that declares entities of its own is not read"])
    root, problem = _tree(_DOCTYPE.sub("", _DECLARATION.sub("", text), count=1), url)
    if root is None or _name(root).lower() not in _ROOTS:
        return None if root is not None else Feed(problems=[problem or "XML in which nothing can be read"])
    feed = Feed(problems=[problem] if problem else [])
    elements = [one for one in root.iter(etree.Element) if _name(one) in _ITEMS]
    feed.count = len(elements)
    if len(elements) > MAX_ITEMS:
        feed.problems.append(f"{len(elements) - MAX_ITEMS:,} items beyond the first {MAX_ITEMS:,} were left out")
    editor = _author_of_all(root)
    for number, element in enumerate(elements[:MAX_ITEMS], start=1):
        try:
            item = _item(element, url, editor)
        except (ValueError, TypeError, AttributeError, RecursionError, etree.LxmlError) as error:
            feed.problems.append(f"item {number} of the feed cannot be read: {type(error).__name__}: {error}")
            continue
        if item is None:
            feed.problems.append(f"item {number} of the feed has neither title nor text")
        else:
            feed.items.append(item)
    feed.older = _older(root, url)
    return feed


# -- from bytes to a tree ------------------------------------------------------------------------------------------------


def _decoded(body: bytes, content_type: str) -> str:
    if body[:2] in (b"<\x00", b"\x00<"):  # UTF-16 that says so only in UTF-16
        return body.decode("utf-16-le" if body[:1] == b"<" else "utf-16-be", "replace")
    return decode(body, content_type)


def _from_its_start(text: str) -> str:
    """Without what a server complained of before the feed begins."""
    at = text[:5000].find("<?xml")
    return text[at:] if at > 0 and "<" not in text[:at] else text


def _tree(text: str, url: str) -> tuple[etree._Element | None, str]:
    """The root, and what was wrong: read as it stands if it is sound, else as far as it can be."""
    markup = "".join(
        part if part.startswith("<![CDATA[") else _mended(part) for part in _CDATA.split(clean_markup(text))
    )
    data = markup.strip().encode("utf-8")
    for recover in (False, True):
        parser = etree.XMLParser(
            encoding="utf-8", resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, recover=recover
        )
        try:
            root = etree.fromstring(data, parser, base_url=url)
        except (etree.XMLSyntaxError, ValueError) as error:
            problem = f"XML that is broken or cut short, read as far as it goes: {getattr(error, 'msg', error)}"
            continue
        return root, problem if recover else ""
    return None, problem


def _mended(text: str) -> str:
    """Entities of HTML, which XML does not know, as numbers; and every other `&` that begins none as itself."""

    def numbered(match: re.Match[str]) -> str:
        name = match[1]
        if name in _OF_XML:
            return match[0]
        return f"&#{name2codepoint[name]};" if name in name2codepoint else f"&amp;{name};"

    return _NAMED.sub(numbered, _BARE.sub("&amp;", text))


def _name(element: etree._Element) -> str:
    return str(etree.QName(element).localname) if isinstance(element.tag, str) else ""


def _space(element: etree._Element) -> str:
    return str(etree.QName(element).namespace or "")


# -- an item -------------------------------------------------------------------------------------------------------------


def _item(element: etree._Element, url: str, editor: str) -> Item | None:
    parts: dict[str, list[etree._Element]] = {}
    for child in element.iterchildren(etree.Element):
        name = _name(child)
        if not _space(child).startswith(_MEDIA):
            parts.setdefault(name, []).append(child)
    about = str(element.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about") or "")
    identity = _words(parts, "guid") or _words(parts, "id") or about.strip()
    address = _address(parts, url) or _permalink(parts, identity)
    base = address or url
    markups = [(_inner(one), one.base or base) for name in _TEXTS for one in parts.get(name, ())]
    body = max((best_body([markup], at) for markup, at in markups), key=lambda one: len(one.text), default=Rendered(""))
    if not body.text:
        body = best_body(_described(element), base)
    title = _title(parts)
    if not title and not body.text:
        return None
    shown = [picture for markup, at in markups for picture in pictures([markup], at)]
    dates = (read_date("".join(one.itertext()).strip()) for name in _DATES for one in parts.get(name, ()))
    return Item(
        title=title,
        body=body,
        address=address,
        identity=identity,
        author=_author(parts) or editor,
        published_at=next((moment for moment in dates if moment), None),
        media=distinct((*_attached(element, parts), *shown)),
    )


def _title(parts: dict[str, list[etree._Element]]) -> str:
    for one in parts.get("title", ()):
        plain = _space(one) in _ATOM and (one.get("type") or "text") in ("text", "text/plain")
        if title := plain_or_markup(_inner(one), plain=plain):
            return title
    return ""


def _address(parts: dict[str, list[etree._Element]], url: str) -> str:
    for link in parts.get("link", ()):
        if (link.get("rel") or "alternate") == "alternate":
            address = absolute(str(link.get("href") or link.text or ""), link.base or url)
            if address and address != url:
                return address
    return ""


def _permalink(parts: dict[str, list[etree._Element]], identity: str) -> str:
    """The id as an address, unless the feed says that it is none."""
    denied = any((one.get("isPermaLink") or "").strip().lower() == "false" for one in parts.get("guid", ()))
    return absolute(identity, "") if identity.startswith(("http://", "https://")) and not denied else ""


def _words(parts: dict[str, list[etree._Element]], name: str) -> str:
    return " ".join(" ".join(str(part) for part in parts[name][0].itertext()).split()) if name in parts else ""


def _inner(element: etree._Element) -> str:
    """The content as markup: escaped in RSS and `type="html"`, as elements in `type="xhtml"`."""
    if len(element):
        inner = (str(etree.tostring(one, encoding="unicode")) for one in element)
        return f"{element.text or ''}{''.join(inner)}"
    return str(element.text or "")


def _author(parts: dict[str, list[etree._Element]]) -> str:
    for one in (*parts.get("creator", ()), *parts.get("author", ())):
        named = next((child for child in one if _name(child) == "name"), None)
        words = " ".join("".join((one if named is None else named).itertext()).split())
        mail = _MAIL.fullmatch(words)  # ann@lowongan.example (Ann)
        if words:
            return mail[1] if mail else words
    return ""


def _author_of_all(root: etree._Element) -> str:
    """In Atom, that of the feed is the author of each entry that names none."""
    if _space(root) not in _ATOM:
        return ""
    return _author({"author": [one for one in root.iterchildren(etree.Element) if _name(one) == "author"]})


def _described(element: etree._Element) -> list[str]:
    """What is said of the media, where an item has no text of its own."""
    return [_inner(one) for one in _of_media(element, "description")]


def _of_media(element: etree._Element, *names: str) -> list[etree._Element]:
    return [one for one in element.iter(etree.Element) if _name(one) in names and _space(one).startswith(_MEDIA)]


def _attached(element: etree._Element, parts: dict[str, list[etree._Element]]) -> list[str]:
    """Enclosures, and media, also those in a group."""
    found = [(one.get("url") or "", one) for one in parts.get("enclosure", ())]
    found += [(one.get("href") or "", one) for one in parts.get("link", ()) if one.get("rel") == "enclosure"]
    for one in _of_media(element, "content", "thumbnail"):
        found.append((one.get("url") or "", one))
    return [url for address, one in found if (url := absolute(str(address), one.base or ""))]


def _older(root: etree._Element, url: str) -> str:
    """The page with older items (RFC 5005), which feeds in RSS name by a link of Atom."""
    channels = [root, *(one for one in root.iterchildren(etree.Element) if _name(one) == "channel")]
    links = [one for channel in channels for one in channel.iterchildren(etree.Element) if _name(one) == "link"]
    for rel in _LINKS:
        for one in links:
            if rel in (one.get("rel") or "").split() and (address := absolute(one.get("href") or "", one.base or url)):
                return address
    return ""
