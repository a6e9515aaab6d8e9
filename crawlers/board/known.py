"""Pages whose data is in a known form: read without a declaration, by `known.yaml`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Annotated, Any, Final
from urllib.parse import unquote, urljoin, urlsplit

import msgspec
import yaml
from lxml import etree
from msgspec import Meta

from crawlers.board.data import BoardPage, data_of, opened
from crawlers.board.draft import Draft, post_of
from crawlers.board.fields import read_local
from crawlers.board.read import Item, read_detail, read_list
from crawlers.board.rules import BoardRules, Dates, check
from crawlers.extract.html_text import Rendered, render_html
from crawlers.extract.links import canonical_link, same_site
from crawlers.extract.origin import Origin
from crawlers.extract.values import as_list, one_line
from jerat.errors import DataError
from jerat.model import Post
from jerat.urls import canonical_url

__all__ = ["Recognised", "recognised", "rules_of"]

_MAX_NODES: Final = 200_000
_MAX_JOBS: Final = 2000
_MAX_LINKS: Final = 5000
_MAX_HEADS: Final = 20
_MIN_TEXT: Final = 60
_MAX_TITLE: Final = 300
_TOKENS: Final = re.compile(r"[^/?&=#]+")


class _Board(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    source: str
    needs: tuple[str, ...]
    board: BoardRules


class _Known(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    boards: tuple[_Board, ...]
    states: Annotated[tuple[str, ...], Meta(min_length=1)]
    source: str
    keys: dict[str, tuple[str, ...]]
    names: tuple[str, ...]
    telling: tuple[str, ...]


@dataclass(slots=True)
class Recognised:
    """What a page gave: the advertisement that it is, or those that it lists."""

    post: Post | None = None
    items: list[Item] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    """The advertisements of `items`, as far as the list tells."""


@cache
def _known() -> _Known:
    name = "known.yaml"
    try:
        raw = yaml.load(files("crawlers.board").joinpath(name).read_text("utf-8"), Loader=yaml.CSafeLoader)
        known = msgspec.convert(raw, _Known)
    except (OSError, yaml.YAMLError, msgspec.ValidationError) as error:
        raise DataError(f"the data file crawlers/board/{name} cannot be used: {error}") from error
    wrong = [f"{board.name}: {path}: {said}" for board in known.boards for path, said in check(board.board)]
    if wrong:
        raise DataError(f"the data file crawlers/board/{name} cannot be used: {'; '.join(wrong)}")
    return known


def rules_of(markup: str) -> BoardRules | None:
    """The rules of the board that a page is of, where it is a known one."""
    return next((board.board for board in _known().boards if any(sign in markup for sign in board.needs)), None)


def recognised(markup: str, origin: Origin, root: etree._Element | None = None) -> Recognised:
    """What the data of a page says of jobs; empty where it has none that is known."""
    rules = rules_of(markup)
    if rules is not None:
        page = opened(markup, origin.url, rules, root)
        detail = read_detail(page, rules, origin)
        if detail.post is not None and detail.post.text:
            return Recognised(detail.post)
        listing = read_list(page, rules)
        if listing.items:
            return _listed(listing.items, origin)
    page = opened(markup, origin.url, None, root)
    if page.root is not None and "<script" not in markup and "data-page" not in markup:
        return Recognised()
    for state in _states(page):
        found = _of_state(state, page, origin)
        if found.post is not None or found.items:
            return found
    return Recognised()


def _listed(items: list[Item], origin: Origin) -> Recognised:
    return Recognised(items=items, posts=[post_of(one.draft, origin, page=canonical_url(origin.url)) for one in items])


def _states(page: BoardPage) -> Iterator[Any]:
    if page.root is None:
        yield page.data
        return
    for source in _known().states:
        if source.startswith("var:") and source.rsplit(".", 1)[-1] not in page.markup:
            continue
        state = data_of(page, source)
        if state is not None:
            yield state


def _of_state(state: Any, page: BoardPage, origin: Origin) -> Recognised:
    drafts: list[Draft] = []
    seen: set[tuple[str, str, str]] = set()
    links = _links(page)
    for node in _nodes(state):
        draft = _job(node, page, links)
        if draft is None:
            continue
        key = (draft.title, draft.organisation, draft.native_id)
        if key not in seen:
            seen.add(key)
            drafts.append(draft)
        if len(drafts) >= _MAX_JOBS:
            break
    whole = [draft for draft in drafts if len(draft.text.text) >= _MIN_TEXT]
    heads = _heads(page)
    own = next((draft for draft in whole if _is_about(draft, page, heads)), None)
    if own is not None:
        own.url = canonical_link(page.root, origin.url) if page.root is not None else canonical_url(origin.url)
        return Recognised(post_of(own, origin, page=own.url))
    listed = [draft for draft in drafts if draft.url or draft.text.text]
    if len(listed) < 2:
        return Recognised()
    return _listed([Item(draft.url, draft) for draft in listed], origin)


def _nodes(state: Any) -> Iterator[dict[str, Any]]:
    """Every node, outer ones first, each once."""
    stack, seen, count = [state], set(), 0
    while stack and count < _MAX_NODES:
        value = stack.pop()
        count += 1
        if not isinstance(value, (dict, list)) or id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, dict):
            yield value
        inner = list(value.values()) if isinstance(value, dict) else value
        stack += [one for one in reversed(inner) if isinstance(one, (dict, list))]


def _job(node: dict[str, Any], page: BoardPage, links: dict[str, str]) -> Draft | None:
    """The advertisement that a node is; None where it is none."""
    plain = {re.sub(r"[_\-\s]", "", str(key)).lower(): value for key, value in node.items() if _says(value)}
    keys = _known().keys

    def first(name: str) -> Any:
        return next((plain[key] for key in keys[name] if key in plain), None)

    title = first("title")
    if not isinstance(title, str) or not title.strip() or len(title) > _MAX_TITLE:
        return None
    if not any(key in plain for name in _known().telling for key in keys[name]):
        return None
    parts = [first("text"), *(plain[key] for key in keys["more_text"] if key in plain)]
    texts = [render_html(part, page.url).text for part in parts if isinstance(part, str)]
    draft = Draft(
        title=one_line(title),
        text=Rendered("\n\n".join(dict.fromkeys(text for text in texts if text))),
        organisation=_name(first("organisation")),
        locations=tuple(dict.fromkeys(text for one in as_list(first("locations")) if (text := _name(one)))),
        salary=_name(first("salary")),
        employment_type=tuple(text for one in as_list(first("employment_type")) if (text := _name(one))),
        published_at=read_local(_name(first("published_at")), Dates()),
        valid_through=read_local(_name(first("valid_through")), Dates()),
        contacts=tuple(dict.fromkeys(text for key in keys["contacts"] if (text := _name(plain.get(key))))),
        native_id=_name(first("native_id")),
    )
    draft.url = _address(_name(first("address")), draft.native_id, page, links)
    return draft


def _says(value: Any) -> bool:
    return value is not None and value not in ("", [], {}) and not isinstance(value, bool)


def _name(value: Any) -> str:
    if isinstance(value, dict):
        plain = {str(key).replace("_", "").lower(): inner for key, inner in value.items()}
        return next((text for key in _known().names if (text := _name(plain.get(key)))), "")
    if isinstance(value, list):
        return next((text for one in value if (text := _name(one))), "")
    return one_line(value)


def _address(given: str, native_id: str, page: BoardPage, links: dict[str, str]) -> str:
    """The address of an advertisement: given, or that of the page's link that has its slug or number."""
    if given.startswith(("http://", "https://", "/")):
        try:
            address = urljoin(page.url, given)
            return canonical_url(address) if same_site(address, page.url) else ""
        except ValueError:
            return ""
    return next((links[name] for name in (given, native_id) if len(name) > 1 and name in links), "")


def _links(page: BoardPage) -> dict[str, str]:
    """The first link of the page that has a word as a step of its address, by that word."""
    found: dict[str, str] = {}
    if page.root is None:
        return found
    for link in islice(page.root.iterfind(".//a[@href]"), _MAX_LINKS):
        try:
            address = urljoin(page.url, (link.get("href") or "").strip())
            words = _TOKENS.findall(unquote(address)) if same_site(address, page.url) else []
        except ValueError:
            continue
        for word in words:
            if word not in found:
                found[word] = canonical_url(address)
    return found


def _heads(page: BoardPage) -> list[str]:
    """The title and the first headings of a page."""
    if page.root is None:
        return []
    title = page.root.find(".//title")
    heads = [*islice(page.root.iter("h1"), _MAX_HEADS), *([title] if title is not None else [])]
    return [" ".join("".join(one.itertext()).split()).casefold() for one in heads]


def _is_about(draft: Draft, page: BoardPage, heads: list[str]) -> bool:
    """Whether the page as a whole is this advertisement: its address or its heading says so."""
    parts = urlsplit(page.url)
    own = re.compile(rf"(?<![^\W_]){re.escape(draft.native_id)}(?![^\W_])") if draft.native_id else None
    if own is not None and own.search(unquote(f"{parts.path}?{parts.query}")):
        return True
    return any(draft.title.casefold() in text for text in heads)
