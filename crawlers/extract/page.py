"""A post from a page without structured data: its main text by trafilatura, and nothing where it is a list or a form."""

import re
import unicodedata
from collections import Counter
from datetime import datetime
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

import trafilatura
from lxml import etree

from crawlers.extract.contacts import contact_links, is_furniture
from crawlers.extract.dates import labelled_date, read_date
from crawlers.extract.html_text import clean_markup, parse, render
from crawlers.extract.links import canonical_link, page_links, shape
from crawlers.extract.origin import Extraction, Origin
from crawlers.extract.values import one_line
from jerat.model import Link, Post, post_id

__all__ = ["page_post"]

_MIN_LETTERS: Final = 60
"""A page that says less than this is no advertisement. Thai or Chinese say in 60 characters what English says in 200."""
_MIN_LETTERS_WITH_CONTACT: Final = 20
"""A line and a number to call are one all the same."""
_MAX_LINK_SHARE: Final = 0.5
_LETTERS_PER_CARD: Final = 200
_CARDS: Final = 5
_FEW_CARDS: Final = 2
# A line that may say how to reach somebody is kept, also where trafilatura takes it for furniture.
_REACHES: Final = re.compile(r"(?:\d[\s().-]{0,2}){7,}|@\w{4,}|\w@\w+\.\w|https?://|\b(?:wa|t|line|zalo|m)\.me/", re.I)
_MAX_LABEL: Final = 120
_MAX_LABEL_PARTS: Final = 4
_SITE_SUFFIX: Final = re.compile(r"\s+[|–—·»]\s+[^|–—·»]{1,40}$")


def page_post(markup: str, origin: Origin, root: etree._Element | None = None) -> Extraction:
    """The post that a detail page is; no post, and no problem, where the page is a list or says next to nothing."""
    root = parse(markup) if root is None else root
    if root is None:
        return Extraction()
    own = _own_text(root)
    if _is_list(root, own, origin.url):
        return Extraction()
    title, author, text, problems = _read(markup, origin.url)
    heading = _title(root) or title
    # trafilatura drops what is around the text, but at times lines and contacts too: it is asked only where much is around.
    if len(text) * 1.25 < len(own) < len(text) * 4:
        own = _with_contacts(text, own)
    text = own.removeprefix(heading).lstrip()
    letters = sum(unicodedata.category(char)[0] in "LMN" for char in text)
    if letters < (_MIN_LETTERS_WITH_CONTACT if _REACHES.search(text) else _MIN_LETTERS):
        return Extraction(problems=problems)
    address = canonical_link(root, origin.url)
    post = Post(
        id=post_id("web", "", address),
        source=origin.source,
        platform="web",
        url=address,
        fetched_at=origin.fetched_at,
        title=heading,
        text=text,
        author=author,
        published_at=_stated_date(root),
        links=tuple(Link(url=contact) for contact in contact_links(root)),
        country_hint=origin.country_hint,
    )
    return Extraction([post], problems)


def _read(markup: str, url: str) -> tuple[str, str, str, list[str]]:
    try:
        found = trafilatura.bare_extraction(
            clean_markup(markup),
            url=url,
            with_metadata=True,
            include_comments=False,
            favor_recall=True,
        )
    except Exception as error:  # hostile markup reaches far into it
        return "", "", "", [f"trafilatura cannot read the page: {type(error).__name__}: {error}"]
    if found is None:
        return "", "", "", []
    data = found if isinstance(found, dict) else found.as_dict()
    lines = (" ".join(line.split()) for line in str(data.get("text") or "").splitlines())
    text = "\n".join(line for line in lines if line)
    return str(data.get("title") or ""), str(data.get("author") or ""), text, []


def _own_text(root: etree._Element) -> str:
    """The words of the page without its furniture, and without blocks that are mostly links."""
    found = (root.xpath(path) for path in ("//main", "//*[@role='main']", "//article"))
    best = next((elements[0] for elements in found if len(elements) == 1), None)
    start = root.find("body") if best is None else best
    start = root if start is None else start

    def skip(element: etree._Element) -> bool:
        if element is start:
            return False
        if element.tag in ("form", "button", "input", "label") or is_furniture(element):
            return True
        return element.tag in ("ul", "ol", "div", "section", "table") and _mostly_links(element)

    return render(start, skip=skip).text


def _mostly_links(element: etree._Element) -> bool:
    links = element.findall(".//a")
    if len(links) < 4:
        return False
    whole = len("".join("".join(element.itertext()).split()))
    linked = sum(len("".join("".join(link.itertext()).split())) for link in links)
    return linked > whole * _MAX_LINK_SHARE


def _is_list(root: etree._Element, own: str, url: str) -> bool:
    """Whether the page leads to pages like each other and says little besides."""
    if urlsplit(url).path in ("", "/") and not urlsplit(url).query:
        return True
    shapes = Counter(shape(link.url) for link in page_links(root, url) if link.score >= 0 and link.url != url)
    del shapes[shape(url)]  # other pages like this one are what a detail page links to under "similar"
    cards = max([*shapes.values(), sum(1 for one in root.iter("article") if one.find(".//a") is not None)])
    if cards >= _CARDS and len(own) < cards * _LETTERS_PER_CARD:
        return True
    return cards >= _FEW_CARDS and _linked_share(root) > _MAX_LINK_SHARE


def _linked_share(root: etree._Element) -> float:
    """How much of the words outside the furniture are links."""
    start = root.find("body")
    start = root if start is None else start

    def skip(element: etree._Element) -> bool:
        return element is not start and is_furniture(element)

    shown = render(start, skip=skip)
    linked = sum(link.end - link.start for link in shown.links)
    return linked / max(1, len(shown.text))


def _with_contacts(text: str, own: str) -> str:
    flat = "".join(text.split())
    missing = [line for line in own.splitlines() if _REACHES.search(line) and "".join(line.split()) not in flat]
    return "\n".join([text, *dict.fromkeys(missing)]) if missing else text


def _title(root: etree._Element) -> str:
    headings = [" ".join("".join(one.itertext()).split()) for one in root.iter("h1") if not is_furniture(one)]
    named = [text for text in headings if text]
    if len(named) == 1:
        return named[0]
    for one in root.iter("meta"):
        if one.get("property") == "og:title" and one_line(one.get("content")):
            return one_line(one.get("content"))
    title = root.find(".//title")
    text = " ".join("".join(title.itertext()).split()) if title is not None else ""
    lesser = (" ".join("".join(one.itertext()).split()) for one in root.iter("h2", "h3") if not is_furniture(one))
    heading = max(
        (one for one in lesser if one and re.match(re.escape(one) + r"\s*[|–—·»:-]", text)), key=len, default=""
    )
    return heading or _SITE_SUFFIX.sub("", text)


def _stated_date(root: etree._Element) -> datetime | None:
    """The date that the page states in its markup; a guess from its words would be worse than none."""
    names = {
        "article:published_time",
        "datepublished",
        "date",
        "dc.date",
        "dcterms.created",
        "pubdate",
        "og:published_time",
    }
    for one in root.iter("meta"):
        name = (one.get("property") or one.get("name") or one.get("itemprop") or "").lower()
        if name in names and (moment := read_date(one.get("content"))):
            return moment
    times = (one for one in root.iter("time") if not any(map(is_furniture, one.iterancestors())))
    written = (one.get("datetime") or "".join(one.itertext()) for one in times)
    stated = next((moment for text in written if (moment := read_date(text.strip()))), None)
    return stated or _labelled(root)


def _labelled(root: etree._Element) -> datetime | None:
    """A date that stands behind a label such as "Posted on", in an element of its own."""
    for one in root.iter("div", "span", "p", "li", "td", "small", "dd", "time", "em", "strong", "b", "h5", "h6"):
        if len(one) > _MAX_LABEL_PARTS:
            continue
        text = "".join(islice(one.itertext(), 2 * _MAX_LABEL_PARTS + 2))
        if (
            len(text) <= _MAX_LABEL
            and (moment := labelled_date(text))
            and not any(map(is_furniture, one.iterancestors()))
        ):
            return moment
    return None
