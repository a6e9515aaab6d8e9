"""Links of a page: which stay on the site, which lead to advertisements, and which are one page under many names."""

import re
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from typing import Final
from urllib.parse import parse_qsl, unquote, urldefrag, urljoin, urlsplit

import tldextract
from lxml import etree

from crawlers.extract.contacts import is_furniture
from crawlers.extract.linkdata import link_words
from jerat.model import Post
from jerat.urls import canonical_url, host_of

__all__ = [
    "PageLink",
    "canonical_link",
    "distinct",
    "page_links",
    "promise",
    "same_site",
    "shape",
    "site_of",
    "source_of",
]

# The list of suffixes that comes with tldextract: nothing is fetched.
_SUFFIXES: Final = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
_WORDS: Final = re.compile(r"[^\W_]+")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_DATE_PATH: Final = re.compile(r"/(?:19|20)\d\d/\d{1,2}(?:/\d{1,2})?/?$|[?&](?:date|day|month|year|week)=", re.I)
_DETAIL_END: Final = re.compile(r"[/=-]\d{3,}|[a-z0-9]+(?:-[a-z0-9]+){3,}|[0-9a-f]{12,}", re.I)
_PAGE_PARAM: Final = re.compile(r"(?i)^(?:page|p|pg|paged|pn|start|offset|from|cp)$")
_MAX_URL: Final = 2000
_PORTS: Final = {"http": 80, "https": 443}
_FILLERS: Final = frozenset(
    {
        "us",
        "me",
        "my",
        "our",
        "policy",
        "of",
        "use",
        "and",
        "conditions",
        "service",
        "php",
        "html",
        "htm",
        "aspx",
        "form",
    }
)


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link to a page of the same site. A higher `score` promises more."""

    url: str
    """The canonical form, by which one page under many names is known."""
    score: int
    href: str = ""
    """The address as it stands in the page, which is what a browser would ask for."""
    text: str = ""
    """The words of the link."""


def same_site(url: str, other: str) -> bool:
    """Whether two addresses belong to one site: one registrable domain, or the same host and port where there is none."""
    try:
        one, two = urlsplit(url), urlsplit(other)
        if (one.hostname, one.port or _PORTS.get(one.scheme)) == (two.hostname, two.port or _PORTS.get(two.scheme)):
            return bool(one.hostname)
        domain = _domain(one.hostname or "")
        return bool(domain) and domain == _domain(two.hostname or "")
    except ValueError:
        return False


def site_of(url: str) -> str:
    """The registrable domain of an address, or its host and port where there is none; the same for all pages of a site."""
    try:
        parts = urlsplit(url)
        return _domain(parts.hostname or "") or f"{parts.hostname}:{parts.port or _PORTS.get(parts.scheme)}"
    except ValueError:
        return ""


def source_of(url: str) -> str:
    """What a site is called as a source: its host, and the port where that is an odd one."""
    host = host_of(url).removeprefix("www.")
    try:
        port = urlsplit(url).port
    except ValueError:
        return host
    return f"{host}:{port}" if port not in (None, 80, 443) else host


@cache
def _domain(host: str) -> str:
    try:
        ip_address(host)
    except ValueError:
        return str(_SUFFIXES(host).top_domain_under_public_suffix)
    return ""


def canonical_link(root: etree._Element, url: str) -> str:
    """The address that the page gives itself, where that is on the same site and no mere front page; else `url`."""
    for element in root.iterfind(".//link"):
        if "canonical" in (element.get("rel") or "").lower().split():
            try:
                address = urljoin(url, (element.get("href") or "").strip())
                front = urlsplit(address).path.strip("/") == "" and not urlsplit(address).query
            except ValueError:
                continue
            if same_site(address, url) and not (front and urlsplit(url).path.strip("/")):
                return canonical_url(address)
    return canonical_url(url)


def page_links(root: etree._Element, url: str) -> list[PageLink]:
    """The links to pages of the same site, each address once, the most promising first."""
    base = _base(root, url)
    found: dict[str, int] = {}
    written: dict[str, str] = {}
    words: dict[str, str] = {}
    for element in root.iter("a", "area", "link"):
        relation = (element.get("rel") or "").lower().split()
        if element.tag == "link" and not {"next", "prev"} & set(relation):
            continue
        if {"alternate", "search"} & set(relation):
            continue
        href = _address(element.get("href") or "", base)
        if not href or not same_site(href, url):
            continue
        address = canonical_url(href)
        written.setdefault(address, href)
        anchor = " ".join("".join(element.itertext()).split())[:120] if element.tag == "a" else ""
        if len(anchor) > len(words.get(address, "")):
            words[address] = anchor
        score = promise(address, anchor)
        if "next" in relation:
            score = max(score, 6)
        if "nofollow" in relation:
            score -= 1
        if score > -5 and any(is_furniture(parent) for parent in list(element.iterancestors())[:6]):
            score -= 2
        found[address] = max(score, found.get(address, -99))
    ranked = sorted(found.items(), key=lambda item: -item[1])
    return [
        PageLink(address, score, written[address], words.get(address, "")) for address, score in ranked if score > -5
    ]


def _base(root: etree._Element, url: str) -> str:
    element = root.find(".//base")
    href = (element.get("href") or "").strip() if element is not None else ""
    try:
        return urljoin(url, href) if href else url
    except ValueError:
        return url


def _address(href: str, base: str) -> str:
    href = href.strip()
    if not href or href.startswith("#") or len(href) > _MAX_URL:
        return ""
    try:
        address = urljoin(base, href)
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    return urldefrag(address).url


@cache
def _word_sets() -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]:
    words = link_words()
    return frozenset(words.detail), frozenset(words.listing), frozenset(words.dull), frozenset(words.files)


def promise(url: str, anchor: str = "") -> int:
    """How likely an address leads to an advertisement: 10 and more for a detail page of a board, -5 or less for no page."""
    parts = urlsplit(url)
    detail, listing, dull, files = _word_sets()
    path = unquote(parts.path)
    if path.rsplit(".", 1)[-1].lower() in files and "." in path.rsplit("/", 1)[-1]:
        return -9
    words = {word.lower() for word in _WORDS.findall(_CAMEL.sub(" ", f"{path} {parts.query}"))}
    score = 0
    tail = f"{path.rstrip('/').rsplit('/', 1)[-1]}?{parts.query}"
    specific = bool(_DETAIL_END.search(f"/{tail}"))
    if words & detail:
        score += 10 if specific else 5
    elif specific:
        score += 3
    if words & listing:
        score += 2
    if any(_PAGE_PARAM.match(key) for key, _ in parse_qsl(parts.query)) or re.search(r"/page/\d+", path):
        score += 3
    score -= _dullness(path, parts.query, dull)
    if _DATE_PATH.search(url):
        score -= 4
    if anchor and {word.lower() for word in _WORDS.findall(anchor)} & detail:
        score += 1
    if path.count("/") > 12 or _repeats(path):
        score -= 20
    return score


def _dullness(path: str, query: str, dull: frozenset[str]) -> int:
    """9 for a part of the path that is dull as a whole (`/about-us`), 2 for a dull word inside (`/it-support-agent`)."""
    inside = 0
    for step in path.split("/"):
        found = {word.lower() for word in _WORDS.findall(_CAMEL.sub(" ", step))}
        if found & dull:
            if not found - dull - _FILLERS:
                return 9
            inside = 2
    names = {key.lower() for key, _ in parse_qsl(query, keep_blank_values=True)}
    return 9 if names & dull else inside


def _repeats(path: str) -> bool:
    """`/a/b/a/b/a/b`: relative links gone wrong, without end."""
    parts = [part for part in path.split("/") if part]
    return any(parts.count(part) >= 4 for part in set(parts))


def distinct(posts: list[Post]) -> list[Post]:
    """`posts` without those that stand under two addresses, of which one only has more parameters (`?f=2&t=10`, `?t=10`)."""
    kept: dict[tuple[str, str, str], list[Post]] = {}
    for post in sorted(posts, key=lambda one: len(one.url)):
        same = kept.setdefault((post.url.split("?")[0], post.title, post.text), [])
        own = set(parse_qsl(urlsplit(post.url).query, keep_blank_values=True))
        if not any(set(parse_qsl(urlsplit(one.url).query, keep_blank_values=True)) < own for one in same):
            same.append(post)
    chosen = {post.id for same in kept.values() for post in same}
    return [post for post in posts if post.id in chosen]


def shape(url: str) -> str:
    """What pages of one make have in common: the path with its numbers and last part blanked, and the names of parameters."""
    parts = urlsplit(url)
    steps = [re.sub(r"\d+", "0", step) for step in parts.path.split("/")]
    if len(steps) > 2 and steps[-1]:
        steps[-1] = "*"
    names = ",".join(sorted({key for key, _ in parse_qsl(parts.query, keep_blank_values=True)}))
    return f"{parts.hostname}{'/'.join(steps)}?{names}"
