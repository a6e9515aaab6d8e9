"""HTML to the text that a person would read, with the places of its links."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from lxml import etree
from lxml import html as lxml_html

from jerat.model import Link

__all__ = ["Rendered", "clean_markup", "parse", "render", "render_html", "visible"]

_HIDDEN: Final = frozenset(
    {"script", "style", "template", "noscript", "head", "svg", "iframe", "object", "canvas", "select"}
)
_PARAGRAPHS: Final = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "blockquote", "pre", "section", "article"}
)
_LINES: Final = frozenset(
    {
        "div",
        "li",
        "tr",
        "dt",
        "dd",
        "address",
        "header",
        "footer",
        "main",
        "aside",
        "nav",
        "form",
        "figure",
        "figcaption",
        "fieldset",
        "option",
        "hr",
        "body",
        "html",
        "details",
        "summary",
        "caption",
        "thead",
        "tbody",
    }
)
_CELLS: Final = frozenset({"td", "th"})
_SPACE: Final = re.compile(r"[ \t\r\n\f\v\u00a0]+")
_LT: Final = r"&(?:amp;)*(?:lt|#60|#x3c);"
_GT: Final = r"&(?:amp;)*(?:gt|#62|#x3e);"
_END: Final = re.compile(r"</(?:body|html)\s*>", re.I)
_ESCAPED_TAG: Final = re.compile(
    rf"{_LT}/?[a-zA-Z](?:[^<>&]|&(?!(?:amp;)*(?:lt|gt|#60|#62|#x3c|#x3e);)){{0,300}}?{_GT}", re.I
)
_TAG: Final = re.compile(r"<[a-zA-Z/][^<>]*>")
_ENTITY: Final = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,6}|#[xX][0-9a-fA-F]{2,5});")
# NUL and other control characters end the parser or the database, and mean nothing in a text.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_MAX_ELEMENT_DEPTH: Final = 400


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text, and the links in it: `Link.start` and `Link.end` slice `text`."""

    text: str
    links: tuple[Link, ...] = ()


def clean_markup(markup: str) -> str:
    """`markup` without control characters and lone surrogates, which no parser and no database takes."""
    return _CONTROL.sub(" ", markup).encode("utf-8", "replace").decode("utf-8")


def parse(markup: str) -> lxml_html.HtmlElement | None:
    """The document, or None where there is nothing in it. Broken markup is read as browsers do, as far as lxml can."""
    # What stands behind the end belongs to the page, too, as in browsers; the parser would drop it.
    cleaned = _END.sub("", clean_markup(markup))
    if not cleaned.strip():
        return None
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=False, recover=True)
    try:
        root = lxml_html.document_fromstring(cleaned.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return root if isinstance(root.tag, str) else None


def render_html(markup: str, base: str = "") -> Rendered:
    """The text of a fragment of HTML, or of a plain text, as structured data gives it: escaped once, twice, or not at all.

    Relative links are resolved against `base`.
    """
    markup = clean_markup(markup)
    for _ in range(3):
        if _TAG.search(markup) or not _ESCAPED_TAG.search(markup):
            break
        markup = html.unescape(markup)
    if not _TAG.search(markup):
        return Rendered(_plain(markup))
    if "\n" in markup and not re.search(r"(?i)<(br|p|div|li|tr|h\d|ul|ol|pre)\b", markup):
        markup = markup.replace("\n", "<br>")  # its lines stand in plain text, and only some words are marked up
    root = parse(f"<html><body><div>{markup}</div></body></html>")
    rendered = Rendered("") if root is None else render(root, base)
    if _ENTITY.search(rendered.text) and not rendered.links:
        return Rendered(_plain(rendered.text))
    return rendered


def _plain(text: str) -> str:
    for _ in range(2):
        if not _ENTITY.search(text):
            break
        text = html.unescape(text)
    lines = (_SPACE.sub(" ", line).strip() for line in clean_markup(text).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Writer:
    """Puts words together with the white space that lies between them, so that every offset is final when written."""

    def __init__(self, max_breaks: int) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.breaks = 0
        self.space = False
        self.max_breaks = max_breaks

    def need(self, breaks: int) -> None:
        self.breaks = max(self.breaks, breaks)

    def newline(self) -> None:
        self.breaks += 1

    def words(self, text: str) -> None:
        if not text:
            return
        collapsed = _SPACE.sub(" ", text)
        if collapsed.startswith(" "):
            self.space = True
        body = collapsed.strip(" ")
        if body:
            self._gap()
            self._put(body)
            self.space = collapsed.endswith(" ")

    def raw(self, text: str) -> None:
        for number, line in enumerate(text.replace("\r\n", "\n").split("\n")):
            if number:
                self.newline()
            if line.strip():
                self._gap()
                self._put(line.rstrip())

    def _gap(self) -> None:
        if self.length:
            if self.breaks:
                self._put("\n" * min(self.breaks, self.max_breaks))
            elif self.space:
                self._put(" ")
        self.breaks, self.space = 0, False

    def _put(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def at(self) -> int:
        """Where the next word will start."""
        if not self.length:
            return 0
        return self.length + (min(self.breaks, self.max_breaks) if self.breaks else int(self.space))


def visible(element: etree._Element) -> bool:
    """Whether an element is markup that a browser shows."""
    if not isinstance(element.tag, str) or element.tag.lower() in _HIDDEN or element.get("hidden") is not None:
        return False
    style = (element.get("style") or "").replace(" ", "").lower()
    return "display:none" not in style and "visibility:hidden" not in style


def render(
    root: etree._Element,
    base: str = "",
    *,
    skip: Callable[[etree._Element], bool] | None = None,
    words: Callable[[etree._Element], str | None] | None = None,
    max_breaks: int = 2,
    paragraphs: bool = True,
) -> Rendered:
    """The text under `root`: block elements and `<br>` become lines, and at most `max_breaks` line ends stand in a row.

    `skip` leaves elements out; `words` may give an element's text in place of its content.
    """
    writer = _Writer(max_breaks)
    links: list[tuple[str, int, int]] = []

    def walk(element: etree._Element, depth: int, preformatted: bool) -> None:
        if not visible(element) or (skip is not None and skip(element)):
            return
        tag = element.tag.lower()
        given = words(element) if words is not None else None
        if given is not None:
            writer.words(given)
            return
        if tag == "br":
            writer.newline()
            return
        block = (2 if paragraphs and tag in _PARAGRAPHS else 1) if tag in _PARAGRAPHS or tag in _LINES else 0
        if block:
            writer.need(block)
        elif tag in _CELLS:
            writer.space = True
        start = writer.at()
        put = writer.raw if preformatted or tag == "pre" else writer.words
        put(element.text or "")
        if depth < _MAX_ELEMENT_DEPTH:
            for child in element:
                walk(child, depth + 1, preformatted or tag == "pre")
                put(child.tail or "")
        else:
            writer.words(" ".join(element.xpath(".//*/text()")))
        if tag == "a" and element.get("href"):
            target = _target(element.get("href") or "", base)
            if target and writer.length > start:
                links.append((target, start, writer.length))
        if block:
            writer.need(block)
        elif tag in _CELLS:
            writer.space = True

    walk(root, 0, False)
    text = "".join(writer.parts)
    return Rendered(text, tuple(Link(url=url, start=start, end=end) for url, start, end in links))


def _target(href: str, base: str) -> str:
    href = href.strip()
    if not href or href.startswith("#") or href.lower().startswith(("javascript:", "data:")):
        return ""
    try:
        return urljoin(base, href) if base else href
    except ValueError:
        return ""
