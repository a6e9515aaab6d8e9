"""Posts from schema.org JobPosting (https://schema.org/JobPosting)."""

import hashlib
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from crawlers.extract.contacts import contact_links, contact_nodes
from crawlers.extract.dates import read_date
from crawlers.extract.html_text import Rendered, parse, render, render_html
from crawlers.extract.jsonld import Node, structured
from crawlers.extract.links import canonical_link, same_site
from crawlers.extract.origin import Extraction, Origin
from crawlers.extract.places import place_lines
from crawlers.extract.salary import salary_text
from crawlers.extract.values import as_list, one_line, strings
from jerat.model import Job, Post, post_id
from jerat.urls import canonical_url

__all__ = ["job_posts"]

_MARK = "JobPosting"


def job_posts(markup: str, origin: Origin, root: etree._Element | None = None) -> Extraction:
    """One post for each JobPosting of the page; the same posting in two syntaxes is one post.

    `root` is the parsed document, where the caller has it already.
    """
    if _MARK not in markup:
        return Extraction()
    root = parse(markup) if root is None else root
    if root is None:
        return Extraction()
    found = structured(root, markup, origin.url, _MARK)
    result = Extraction(problems=list(found.problems))
    drafts = _merged([_draft(node, origin) for node in found.nodes])
    page = canonical_link(root, origin.url)
    alone = len(drafts) == 1
    taken: dict[str, int] = {}
    for draft in drafts:
        address = draft["url"] or page
        taken[address] = taken.get(address, 0) + 1
    for draft in drafts:
        address = draft["url"] or page
        result.posts.append(_post(draft, address, origin, root if alone else None, shared=taken[address] > 1))
    return result


def _draft(node: Node, origin: Origin) -> dict[str, Any]:
    element = node.get("_element")
    title = one_line(node.get("title")) or one_line(node.get("name"))
    body = _description(node, element, origin.url)
    return {
        "title": title,
        "body": body,
        "url": _own_address(node, origin.url),
        "organisation": one_line(node.get("hiringOrganization")),
        "locations": place_lines(node),
        "salary": salary_text(node.get("baseSalary"), node.get("estimatedSalary"), node.get("salaryCurrency")),
        "employment_type": tuple(strings(node.get("employmentType"))),
        "published_at": _first_date(node.get("datePosted")) or _first_date(node.get("datePublished")),
        "valid_through": _first_date(node.get("validThrough")),
        "direct_apply": _truth(node.get("directApply")),
        "contacts": tuple(
            dict.fromkeys(
                [*contact_nodes(node), *(contact_links(element) if isinstance(element, etree._Element) else ())]
            )
        ),
        "identifier": _identifier(node.get("identifier")),
        "media": tuple(url for one in as_list(node.get("image")) if "://" in (url := _joined(origin.url, _image(one)))),
    }


def _description(node: Node, element: Any, base: str) -> Rendered:
    """The description, from the element itself in microdata, for extruct gives its words without their lines."""
    if isinstance(element, etree._Element):
        scoped = element.xpath(".//*[contains(concat(' ', normalize-space(@itemprop), ' '), ' description ')]")
        own = [one for one in scoped if _scope(one) is element and not one.get("content")]
        if own:
            parts = [render(one, base) for one in own]
            if len(parts) == 1:
                return parts[0]
            return Rendered("\n\n".join(part.text for part in parts if part.text))
    texts = [text for one in as_list(node.get("description")) if (text := _string(one))]
    if len(texts) == 1:
        return render_html(texts[0], base)
    if texts:
        return Rendered("\n\n".join(render_html(text, base).text for text in texts))
    extra = [
        one_line(node.get(key)) for key in ("responsibilities", "qualifications", "experienceRequirements", "skills")
    ]
    return Rendered("\n\n".join(text for text in extra if text))


def _joined(base: str, address: str) -> str:
    """The whole address; empty where it is none."""
    try:
        return urljoin(base, address) if address else ""
    except ValueError:
        return ""


def _scope(element: etree._Element) -> etree._Element | None:
    parent = element.getparent()
    while parent is not None and parent.get("itemscope") is None:
        parent = parent.getparent()
    return parent


def _string(value: Any) -> str:
    return value if isinstance(value, str) else one_line(value)


def _own_address(node: Node, page: str) -> str:
    """The address of the posting itself, where it names one on the same site; structured data may point anywhere."""
    for key in ("url", "mainEntityOfPage", "@id", "sameAs"):
        for value in as_list(node.get(key)):
            text = (
                value
                if isinstance(value, str)
                else one_line(value.get("@id") or value.get("url"))
                if isinstance(value, dict)
                else ""
            )
            if not text or text.startswith(("#", "_:")):
                continue
            try:
                address = urljoin(page, text.strip())
            except ValueError:
                continue
            if address.startswith(("http://", "https://")) and same_site(address, page) and "#" not in address[:-1]:
                return canonical_url(address)
    return ""


def _identifier(value: Any) -> str:
    if isinstance(value, dict):
        return one_line(value.get("value")) or one_line(value.get("name"))
    return one_line(value)


def _image(value: Any) -> str:
    return one_line(value.get("url") or value.get("contentUrl")) if isinstance(value, dict) else one_line(value)


def _first_date(value: Any) -> Any:
    return next((moment for one in as_list(value) if (moment := read_date(_string(one))) is not None), None)


def _truth(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(one_line(value).rsplit("/", 1)[-1].lower())


def _merged(drafts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The postings, each once: what one syntax leaves out is taken from the other."""
    kept: list[dict[str, Any]] = []
    for draft in drafts:
        if not draft["title"] and not draft["body"].text:
            continue
        twin = next((one for one in kept if _same(one, draft)), None)
        if twin is None:
            kept.append(draft)
            continue
        for key, value in draft.items():
            if key == "body":
                if len(value.text) > len(twin["body"].text) * 1.5:
                    twin["body"] = value
            elif key == "contacts":
                twin[key] = tuple(dict.fromkeys((*twin[key], *value)))
            elif twin[key] in ("", (), None):
                twin[key] = value
    return kept


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    if one["url"] and other["url"] and one["url"] != other["url"]:
        return False
    if one["identifier"] and other["identifier"] and one["identifier"] != other["identifier"]:
        return False
    if one["url"] and one["url"] == other["url"] and one["identifier"] and one["identifier"] == other["identifier"]:
        return True
    if one["title"].casefold() != other["title"].casefold():
        return False
    first, second = (" ".join(draft["body"].text.split())[:80].casefold() for draft in (one, other))
    return not first or not second or first.startswith(second[:60]) or second.startswith(first[:60])


def _post(draft: dict[str, Any], address: str, origin: Origin, root: etree._Element | None, *, shared: bool) -> Post:
    body: Rendered = draft["body"]
    contacts = draft["contacts"]
    if root is not None:
        contacts = tuple(dict.fromkeys((*contacts, *contact_links(root))))
    native = ""
    if shared:  # several postings on one address: told apart by what they name themselves, or else by what they are
        told = draft["identifier"] or "\x1f".join(
            (draft["title"], draft["organisation"], *draft["locations"], body.text[:200])
        )
        native = f"{address}#{draft['identifier'] or hashlib.blake2b(told.encode(), digest_size=6).hexdigest()}"
    return Post(
        id=post_id("web", native, address),
        native_id=native,
        source=origin.source,
        platform="web",
        url=address,
        fetched_at=origin.fetched_at,
        title=draft["title"],
        text=body.text,
        links=body.links,
        published_at=draft["published_at"],
        media=draft["media"],
        country_hint=origin.country_hint,
        job=Job(
            organisation=draft["organisation"],
            locations=draft["locations"],
            salary=draft["salary"],
            employment_type=draft["employment_type"],
            valid_through=draft["valid_through"],
            direct_apply=draft["direct_apply"],
            contacts=contacts,
        ),
    )
