"""A list page or the page of an advertisement, with the rules of its board: what stands there, and what is missing."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml import etree

from crawlers.board.data import BoardPage
from crawlers.board.draft import Draft, of_post, post_of
from crawlers.board.fields import addresses, fields_of, finds
from crawlers.board.rules import BoardRules, Pages, choices
from crawlers.board.selectors import compiled
from crawlers.extract.contacts import contact_links
from crawlers.extract.html_text import Rendered
from crawlers.extract.jobposting import job_posts
from crawlers.extract.links import canonical_link
from crawlers.extract.origin import Origin
from crawlers.extract.page import page_post
from jerat.model import Post
from jerat.urls import canonical_url

__all__ = ["Detail", "Item", "Listing", "next_number", "read_detail", "read_list"]


@dataclass(slots=True)
class Item:
    """One advertisement of a list: the address of its page as a browser would ask for it, and what the list says of it."""

    href: str
    draft: Draft
    missing: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Listing:
    """A list page. `matched` counts the items, also those of which nothing could be read; `next` is an address or empty."""

    items: list[Item] = field(default_factory=list)
    matched: int = 0
    next: str = ""
    empty: bool = False
    """Whether the list is there, as data, and has nothing in it."""


@dataclass(slots=True)
class Detail:
    """The page of an advertisement. `missing` names the fields that are declared and that the rules did not find."""

    post: Post | None
    missing: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_list(page: BoardPage, rules: BoardRules) -> Listing:
    """The items of a list, in order, each address once."""
    listing = rules.list
    if listing is None:
        return Listing()
    result = Listing()
    seen: set[str] = set()
    base = _base(page)
    for one in finds(listing.items, page.root, page.data):
        result.matched += 1
        element, data = (one, None) if isinstance(one, etree._Element) else (None, one)
        draft, missing = fields_of(listing.fields, element, data, base, rules.dates)
        href = next(iter(addresses(finds(listing.link, element, data), base)), "")
        if not href and element is not None and choices(listing.link) and element.tag == "a":
            href = next(iter(addresses([element], base)), "")
        draft.url = _own(href, listing.keep_query) if href else ""
        if (not href and not draft.says) or (draft.url and draft.url in seen):
            continue
        seen.add(draft.url)
        result.items.append(Item(href, draft, missing))
    result.empty = not result.matched and any(compiled(one).empty(page.data) for one in choices(listing.items))
    result.next = next(iter(addresses(finds(listing.next, page.root, page.data), base)), "")
    return result


def read_detail(page: BoardPage, rules: BoardRules, origin: Origin, listed: Draft | None = None) -> Detail:
    """The post of a page. The rules win; what they miss comes from a JobPosting of the page, then from the list.

    Where a text is declared and stands nowhere, the main text of the page is taken. No post where the rules and the
    structured data find neither title nor text: the page is not what it was declared to be.
    """
    if rules.detail is None:
        return Detail(None)
    draft, missing = fields_of(rules.detail.fields, page.root, page.data, _base(page), rules.dates)
    declared = [name for name in rules.detail.fields.__struct_fields__ if choices(getattr(rules.detail.fields, name))]
    result = Detail(None, missing, [name for name in declared if name not in missing], list(page.problems))
    structured = job_posts(page.markup, origin, page.root) if page.root is not None else None
    if structured is not None:
        result.problems += structured.problems
        if len(structured.posts) == 1:
            draft.fill(of_post(structured.posts[0]))
    if not draft.says:
        return result
    if not draft.text.text and page.root is not None and "text" in missing:
        plain = page_post(page.markup, origin, page.root)
        if plain.posts:
            draft.text = Rendered(plain.posts[0].text)
    if not choices(rules.detail.fields.contacts) and page.root is not None:
        draft.contacts = tuple(dict.fromkeys((*draft.contacts, *contact_links(page.root))))
    if listed is not None:
        draft.fill(listed)
    draft.url = (
        canonical_link(page.root, origin.url) if page.root is not None else (draft.url or canonical_url(origin.url))
    )
    if listed is not None and listed.url and _same_page(draft.url, listed.url):
        draft.url = listed.url
    result.post = post_of(draft, origin, page=draft.url)
    return result


def _same_page(one: str, other: str) -> bool:
    """Whether two addresses differ in parameters only: the list's rules say which of them name the page."""
    return urlsplit(one)[:3] == urlsplit(other)[:3] and not urlsplit(other).query


def next_number(url: str, pages: Pages) -> str:
    """The address of the next page of a list, by its number."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    said = next((value for name, value in query if name == pages.parameter), "")
    number = int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else pages.first
    kept = [(name, value) for name, value in query if name != pages.parameter]
    query_next = urlencode([*kept, (pages.parameter, str(number + pages.step))])
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query_next, ""))


def _own(href: str, keep_query: bool) -> str:
    return canonical_url(href if keep_query else href.split("#")[0].split("?")[0])


def _base(page: BoardPage) -> Any:
    from urllib.parse import urljoin

    element = page.root.find(".//base") if page.root is not None else None
    href = (element.get("href") or "").strip() if element is not None else ""
    try:
        return urljoin(page.url, href) if href else page.url
    except ValueError:
        return page.url
