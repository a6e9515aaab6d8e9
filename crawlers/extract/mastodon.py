"""Posts from replies of the Mastodon API, which other servers of the fediverse speak too.

https://docs.joinmastodon.org/entities/Status/
"""

from typing import Any, Final
from urllib.parse import urlsplit

from lxml import etree

from crawlers.extract.html_text import Rendered
from crawlers.extract.origin import Origin
from crawlers.extract.reply import (
    Reply,
    dicts,
    distinct,
    handle,
    ident,
    inner,
    joined,
    moment,
    string,
    texts_after,
    web,
)
from crawlers.extract.rich import classes, rich
from jerat.model import Link, Message, Post, post_id

__all__ = ["read_statuses"]

_PUBLIC: Final = frozenset({"public", "unlisted"})
_LISTS: Final = ("statuses", "ancestors", "descendants")
_MAX_NESTED: Final = 3


def read_statuses(data: Any, origin: Origin) -> Reply:
    """The public statuses of a timeline, of a search or a thread, or the one status that `data` is, in their order.

    Of a status that was boosted the original is taken. `last` is the id of the last status, by which an instance pages.
    """
    reply = Reply()
    for number, status in enumerate(_listed(data, reply), start=1):
        reply.items += 1
        try:
            _add(status, number, reply, origin)
        except (ValueError, TypeError, AttributeError, RecursionError, etree.LxmlError) as error:
            reply.problems.append(f"status {number} of the reply cannot be read: {type(error).__name__}: {error}")
    return reply


def _listed(data: Any, reply: Reply) -> list[Any]:
    if isinstance(data, list):
        return data
    if not isinstance(data, dict):
        reply.broken = f"a list of statuses was expected, and {type(data).__name__} came"
        return []
    if "account" in data and ("content" in data or "reblog" in data):
        return [data]
    named = [name for name in _LISTS if isinstance(data.get(name), list)]
    if not named:
        reply.broken = f"a list of statuses was expected, and an object came: {', '.join(map(str, list(data)[:6]))}"
    return [status for name in named for status in data[name]]


def _add(status: Any, number: int, reply: Reply, origin: Origin) -> None:
    if not isinstance(status, dict):
        reply.problems.append(f"status {number} of the reply is no object but {type(status).__name__}")
        return
    reply.last = ident(status.get("id")) or reply.last
    reply.covers.append(ident(status.get("id")))
    shared_by = ""
    if isinstance(status.get("reblog"), dict):
        shared_by = _author(status.get("account"), origin)
        status = status["reblog"]
    visibility = status.get("visibility", "public")
    if visibility not in _PUBLIC:
        reply.left_out["not public"] += 1
        return
    url = web(status.get("url")) or web(status.get("uri"))
    native = _native(status)
    if not native:
        reply.problems.append(f"status {number} of the reply has neither uri nor url")
        return
    if not isinstance(status.get("content"), str):
        reply.problems.append(f"status {number} of the reply ({native[:200]}) has no content that is text")
        return
    reply.posts.append(_post(status, native, url or origin.url, shared_by, origin))


def _native(status: dict[str, Any]) -> str:
    """The name that a status has on every instance: its uri, which was `tag:…` in old versions."""
    return ident(status.get("uri")) or ident(status.get("url"))


def _post(status: dict[str, Any], native: str, url: str, shared_by: str, origin: Origin) -> Post:
    body = _body(status, url)
    return Post(
        id=post_id("mastodon", native, ""),
        native_id=native,
        source=origin.source,
        platform="mastodon",
        url=url,
        fetched_at=origin.fetched_at,
        text=body.text,
        author=_author(status.get("account"), origin),
        published_at=moment(string(status.get("created_at"))),
        media=_media(status),
        links=_with_card(status, body),
        country_hint=origin.country_hint,
        message=Message(
            reply_to=_reply_to(status, origin),
            edited=bool(string(status.get("edited_at"))),
            shared_by=shared_by,
        ),
    )


# -- the parts of a status -------------------------------------------------------------------------------------------


def _body(status: dict[str, Any], base: str, depth: int = 0) -> Rendered:
    """The warning above it, the text, the options of a poll, what its pictures show, and what it quotes."""
    content = rich(string(status.get("content")), base, drop_link=_is_tag)
    warning = handle(status.get("spoiler_text"))
    options = "\n".join(text for one in dicts(inner(status, "poll", "options")) if (text := handle(one.get("title"))))
    shown = [string(one.get("description")) for one in dicts(status.get("media_attachments"))]
    parts = [Rendered(warning), *texts_after(content, options, *shown)]
    quoted = inner(status, "quote", "quoted_status")
    if isinstance(quoted, dict) and depth < _MAX_NESTED and quoted.get("visibility", "public") in _PUBLIC:
        parts.append(_quoted(quoted, base, depth))
    return joined(parts)


def _quoted(status: dict[str, Any], base: str, depth: int) -> Rendered:
    inside = _body(status, web(status.get("url")) or base, depth + 1)
    name = handle(inner(status, "account", "acct"))
    links = (Link(url=url),) if (url := web(status.get("url"))) else ()
    if not inside.text:
        return Rendered("", links)
    led = f"@{name}:" if name else ""
    return joined([Rendered(led, links), inside]) if led else Rendered(inside.text, (*inside.links, *links))


def _is_tag(link: etree._Element) -> bool:
    """Tags are links to a list on the instance."""
    return "hashtag" in classes(link) or "tag" in (link.get("rel") or "").split()


def _with_card(status: dict[str, Any], body: Rendered) -> tuple[Link, ...]:
    url = web(inner(status, "card", "url"))
    known = {link.url.rstrip("/") for link in body.links}
    return (*body.links, Link(url=url)) if url and url.rstrip("/") not in known else body.links


def _media(status: dict[str, Any]) -> tuple[str, ...]:
    """The addresses of the attachments where they were first put: an instance's copy has another on each instance."""
    found = (
        web(one.get("remote_url")) or web(one.get("url")) or web(one.get("preview_url"))
        for one in dicts(status.get("media_attachments"))
    )
    return distinct(found)


def _author(account: Any, origin: Origin) -> str:
    """`Name (@user@instance)`; an account of the instance that was asked gets the instance's name too."""
    if not isinstance(account, dict):
        return ""
    acct, name = handle(account.get("acct")) or handle(account.get("username")), handle(account.get("display_name"))
    if acct and "@" not in acct:
        acct = f"{acct}@{_host(web(account.get('url')) or origin.url)}"
    if not acct:
        return name
    return f"{name} (@{acct})" if name and name != acct.split("@")[0] else f"@{acct}"


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.rsplit("@", 1)[-1].lower()
    except ValueError:
        return ""


def _reply_to(status: dict[str, Any], origin: Origin) -> str:
    """An instance gives only its own number of the status that was answered."""
    number = ident(status.get("in_reply_to_id"))
    if not number.isascii() or not number.isalnum():
        return ""
    parts = urlsplit(origin.url)
    return f"{parts.scheme}://{parts.netloc}/api/v1/statuses/{number}"
