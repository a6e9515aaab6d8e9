"""HTML of posts on social networks and forums: emoji that are pictures become words, and what is no part of it is left out."""

from collections.abc import Callable

from lxml import etree

from crawlers.extract.html_text import Rendered, parse, render, render_html
from crawlers.extract.reply import web
from jerat.model import Link

__all__ = ["by_class", "classes", "picture_words", "rich"]


def rich(
    markup: str,
    base: str,
    *,
    skip: Callable[[etree._Element], bool] | None = None,
    drop_link: Callable[[etree._Element], bool] | None = None,
) -> Rendered:
    """The text of a post's HTML with its links, which are resolved against `base`.

    `skip` leaves elements out with all that is in them; of a link for which `drop_link` holds only the words are kept.
    """
    if "<" not in markup:
        return render_html(markup, base)
    root = parse(f"<html><body><div>{markup}</div></body></html>")
    if root is None:
        return Rendered("")
    if drop_link is not None:
        for link in root.iter("a"):
            if link.get("href") and drop_link(link):
                del link.attrib["href"]
    shown = render(root, base, skip=skip, words=picture_words)
    return Rendered(
        shown.text, tuple(Link(url=one.url, start=one.start, end=one.end) for one in shown.links if _leads(one))
    )


def _leads(link: Link) -> bool:
    return bool(web(link.url)) or link.url.lower().startswith(("mailto:", "tel:", "whatsapp:", "tg:", "viber:"))


def picture_words(element: etree._Element) -> str | None:
    """What stands for a picture in a line of text: an emoji by its alternative text; None for every other element."""
    if element.tag != "img" or not classes(element) & {"emoji", "custom-emoji", "emojione"}:
        return None
    return element.get("alt") or element.get("title") or ""


def classes(element: etree._Element) -> set[str]:
    """The classes of an element."""
    return set((element.get("class") or "").split())


def by_class(root: etree._Element, name: str) -> list[etree._Element]:
    """The elements below `root`, or `root` itself, that have the class."""
    return [one for one in root.iter(etree.Element) if name in classes(one)]
