"""What the block `board:` of a declared source says: where things stand on a board's lists and on its single pages."""

import re
from collections.abc import Iterator
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from crawlers.board.selectors import compiled

__all__ = [
    "BoardRules",
    "Dates",
    "DetailRules",
    "FieldRule",
    "Fields",
    "ListRules",
    "Pages",
    "Rule",
    "check",
    "choices",
]

_VARIABLE: Final = re.compile(r"var:\s*[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*\s*")
_ZONE: Final = re.compile(r"[+-](?:0\d|1[0-4]):[0-5]\d")


class FieldRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A selector with what is done to its finds. A plain selector, or several of which the first that finds something
    counts, may stand in its place."""

    select: str | tuple[str, ...]
    match: str = ""
    """A regular expression; its first group, or else its whole match, is what counts. Finds without a match do not."""
    join: str | None = None
    """Put between the finds, which become one: `Jakarta Pusat` and `Jakarta Raya` are one place."""


Rule = str | tuple[str, ...] | FieldRule
"""How one field is found."""


class Fields(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where the fields of a post stand. All may be left out: what a page does not say is not made up."""

    title: Rule = ()
    text: Rule = ()
    """The advertisement. Several finds are put together, a paragraph each."""
    organisation: Rule = ()
    locations: Rule = ()
    salary: Rule = ()
    employment_type: Rule = ()
    published_at: Rule = ()
    valid_through: Rule = ()
    contacts: Rule = ()
    """Numbers, addresses and links by which the advertiser is reached. Where there is no rule, the page's contact links."""
    native_id: Rule = ()
    author: Rule = ()
    media: Rule = ()


class Pages(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A list whose further pages have a number in their address."""

    parameter: Annotated[str, Meta(pattern=r"^[\w.\[\]-]+$")]
    """The name of the parameter in the query."""
    first: Annotated[int, Meta(ge=0)] = 1
    """What it says on the first page, where the address does not tell."""
    step: Annotated[int, Meta(ge=1, le=1000)] = 1
    """What is added for the next page: 1, or the size of a page where the parameter counts advertisements."""
    most: Annotated[int, Meta(ge=1, le=1000)] = 50
    """Pages of one list that are read, at most."""


class Dates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a board writes its dates. Names of months are known in the languages of the region."""

    order: Annotated[str, Meta(pattern=r"^(dmy|mdy|ymd)?$")] = ""
    """Of numeric dates such as 03/04/2026, which are read only if this is said, or if their order is certain."""
    zone: str = ""
    """Of times without one, such as `+07:00`."""


class ListRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A page that lists advertisements, or a JSON answer that does."""

    items: str | tuple[str, ...]
    """Each advertisement of the list. Everything below is looked for inside of one."""
    link: Rule = ()
    """The address of its page."""
    keep_query: bool = True
    """Whether parameters of that address name the page. If not, they are left off, for they name the way to it."""
    next: str | tuple[str, ...] = ()
    """The address of the next page of the list; looked for in the whole page."""
    pages: Pages | None = None
    fields: Fields = Fields()


class DetailRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The page of one advertisement."""

    fields: Fields


class BoardRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole block. At least one of `list` and `detail` must be there."""

    data: dict[Annotated[str, Meta(pattern=r"^\w+$")], str | tuple[str, ...]] = {}
    """Data inside of pages, by a name that JMESPath begins with: `var:window.NAME` for what a script assigns, or a `css:` or
    `xpath:` selector of the element that holds JSON. An answer that is JSON as a whole needs none of it."""
    list: ListRules | None = None
    detail: DetailRules | None = None
    dates: Dates = Dates()
    hosts: tuple[Annotated[str, Meta(pattern=r"^[a-z0-9.-]+$")], ...] = ()
    """Other hosts to which links of the lists may lead."""


def choices(rule: Rule) -> tuple[str, ...]:
    """The selectors of a rule, the best first."""
    if isinstance(rule, FieldRule):
        rule = rule.select
    return (rule,) if isinstance(rule, str) else tuple(rule)


def check(rules: BoardRules) -> list[tuple[str, str]]:
    """What is wrong with the rules: the path of the key inside of the block, such as `detail.fields.title`, and a sentence."""
    wrong: list[tuple[str, str]] = []
    if rules.list is None and rules.detail is None:
        wrong.append(("", "neither `list` nor `detail` is there: nothing can be read"))
    for name, source in rules.data.items():
        for one in (source,) if isinstance(source, str) else source:
            if not one.startswith("var:"):
                wrong += _selector(f"data.{name}", one)
                if one.startswith("jmespath:"):
                    wrong.append((f"data.{name}", "data is found by `var:`, `css:` or `xpath:`"))
            elif not _VARIABLE.fullmatch(one):
                wrong.append((f"data.{name}", f"{one!r} names no variable, such as `var:window.STATE`"))
    if rules.dates.zone and not _ZONE.fullmatch(rules.dates.zone):
        wrong.append(("dates.zone", f"{rules.dates.zone!r} is no offset such as +07:00"))
    for path, rule in _rules(rules):
        for one in choices(rule):
            wrong += _selector(path, one)
        if isinstance(rule, FieldRule):
            try:
                re.compile(rule.match)
            except (re.error, RecursionError, OverflowError) as error:
                wrong.append((f"{path}.match", f"{rule.match!r} is no regular expression: {error}"))
            if not choices(rule):
                wrong.append((path, "there is no selector"))
    if rules.list is not None:
        if not choices(rules.list.items):
            wrong.append(("list.items", "there is no selector"))
        if rules.detail is not None and not choices(rules.list.link):
            wrong.append(("list.link", "there is no selector: without it no page of an advertisement can be reached"))
        if rules.detail is None and not (choices(rules.list.fields.title) or choices(rules.list.fields.text)):
            wrong.append(("list.fields", "without `detail` the list must give at least a title or a text"))
    if rules.detail is not None and not any(choices(rule) for _, rule in _fields("", rules.detail.fields)):
        wrong.append(("detail.fields", "there is no field"))
    return wrong


def _selector(path: str, text: str) -> list[tuple[str, str]]:
    try:
        compiled(text)
    except ValueError as error:
        return [(path, str(error))]
    return []


def _rules(rules: BoardRules) -> Iterator[tuple[str, Any]]:
    if rules.list is not None:
        for name in ("items", "link", "next"):
            yield f"list.{name}", getattr(rules.list, name)
        yield from _fields("list.fields", rules.list.fields)
    if rules.detail is not None:
        yield from _fields("detail.fields", rules.detail.fields)


def _fields(path: str, fields: Fields) -> Iterator[tuple[str, Rule]]:
    for name in Fields.__struct_fields__:
        yield f"{path}.{name}", getattr(fields, name)
