"""Posts and comments from replies of the Reddit API: listings, searches, threads.

https://www.reddit.com/dev/api/ and https://github.com/reddit-archive/reddit/wiki/JSON
"""

import html
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urljoin, urlsplit, urlunsplit

from lxml import etree

from crawlers.extract.html_text import Rendered
from crawlers.extract.origin import Origin
from crawlers.extract.reply import (
    Reply,
    cursor_of,
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
from crawlers.extract.rich import rich
from jerat.model import Link, Message, Post, post_id

__all__ = ["read_listing"]

_WEB: Final = "https://www.reddit.com"
_GONE: Final = frozenset({"[removed]", "[deleted]", "[removed by reddit]", "[ removed by reddit ]"})
_PICTURES: Final = (".jpg", ".jpeg", ".png", ".gif", ".gifv", ".webp", ".mp4")
_MAX_THINGS: Final = 100_000
_MANY: Final = "further comments, which Reddit lists apart"


def read_listing(data: Any, origin: Origin) -> Reply:
    """The posts of a listing, or the post and the comments of a thread, in their order; `cursor` is its `after`.

    What was removed or deleted is no post, for its text is gone; `gone` has the names of such.
    """
    reply = Reply()
    first = data[0] if isinstance(data, list) and data else data
    reply.cursor = cursor_of(inner(first, "data", "after"))
    for number, thing in enumerate(_things(data, reply), start=1):
        reply.items += 1
        try:
            _add(thing, number, reply, origin)
        except (ValueError, TypeError, AttributeError, RecursionError, etree.LxmlError) as error:
            reply.problems.append(f"item {number} of the reply cannot be read: {type(error).__name__}: {error}")
    return reply


def _things(data: Any, reply: Reply) -> Iterator[Any]:
    """What the listings hold, each comment before the answers to it."""
    listings = data if isinstance(data, list) else [data]
    known = [one for one in listings if isinstance(inner(one, "data", "children"), list)]
    if not known:
        what = ", ".join(map(str, list(data)[:6])) if isinstance(data, dict) else type(data).__name__
        reply.broken = f"a listing was expected, and something else came: {what}"
    for listing in known:
        waiting, given = list(reversed(listing["data"]["children"])), 0
        while waiting and given < _MAX_THINGS:
            thing = waiting.pop()
            given += 1
            yield thing
            answers = inner(thing, "data", "replies", "data", "children")
            waiting += reversed(answers) if isinstance(answers, list) else []


def _add(thing: Any, number: int, reply: Reply, origin: Origin) -> None:
    kind, about = string(inner(thing, "kind")), inner(thing, "data")
    if not isinstance(about, dict):
        reply.problems.append(f"item {number} of the reply is no post: {type(thing).__name__}")
        return
    if kind == "more":
        count = about.get("count")
        reply.left_out[_MANY] += count if isinstance(count, int) and 0 < count < 10**9 else 1
        return
    if kind not in ("t1", "t3"):
        reply.left_out[f"items of the kind {kind[:20] or 'unknown'}, no posts"] += 1
        return
    key = ident(about.get("id"))
    if not key.isalnum():
        reply.problems.append(f"item {number} of the reply has no id")
        return
    reply.covers.append(f"{kind}_{key}")
    body = string(about.get("selftext" if kind == "t3" else "body")).strip()
    if body.lower() in _GONE or about.get("removed_by_category") or about.get("removed") is True:
        reply.left_out["removed or deleted"] += 1
        reply.gone.append(f"{kind}_{key}")
        return
    post = (_submission if kind == "t3" else _comment)(about, f"{kind}_{key}", origin)
    if post is None:
        reply.problems.append(f"item {number} of the reply ({kind}_{key}) has neither title nor text")
    else:
        reply.posts.append(post)


def _submission(about: dict[str, Any], name: str, origin: Origin) -> Post | None:
    title = handle(html.unescape(string(about.get("title"))))
    body = _body(about)
    if not title and not body.text:
        return None
    url = _permalink(about) or f"{_WEB}/comments/{name[3:]}"
    media = _media(about)
    target = _target(about)
    apart = () if not target or target in media or _same(target, url) else (Link(url=target),)
    known = {link.url for link in body.links}
    parent = _parent(about)
    return Post(
        id=post_id("reddit", name, ""),
        native_id=name,
        source=origin.source,
        platform="reddit",
        url=url,
        fetched_at=origin.fetched_at,
        title=title,
        text=body.text,
        author=_author(about),
        published_at=moment(about.get("created_utc")),
        media=media,
        links=(*body.links, *(link for link in apart if link.url not in known)),
        country_hint=origin.country_hint,
        message=Message(
            edited=_edited(about),
            forwarded_from=handle(inner(parent, "subreddit_name_prefixed")) if parent else "",
            forwarded_url=_permalink(parent) if parent else "",
        ),
    )


def _comment(about: dict[str, Any], name: str, origin: Origin) -> Post | None:
    body = _written(about, "body")
    if not body.text:
        return None
    link, above = ident(about.get("link_id")).removeprefix("t3_"), ident(about.get("parent_id"))
    thread = f"{_WEB}/comments/{link}" if link.isalnum() else ""
    own = _permalink(about) or (f"{thread}/_/{name[3:]}" if thread else f"{_WEB}/api/info?id={name}")
    answered = f"{thread}/_/{above[3:]}" if thread and above.startswith("t1_") and above[3:].isalnum() else thread
    return Post(
        id=post_id("reddit", name, ""),
        native_id=name,
        source=origin.source,
        platform="reddit",
        url=own,
        fetched_at=origin.fetched_at,
        text=body.text,
        author=_author(about),
        published_at=moment(about.get("created_utc")),
        media=_hosted(about),
        links=body.links,
        country_hint=origin.country_hint,
        message=Message(edited=_edited(about), reply_to=answered),
    )


# -- the parts -----------------------------------------------------------------------------------------------------------


def _author(about: dict[str, Any]) -> str:
    name = handle(about.get("author"))
    return "" if name.lower() in _GONE else name


def _edited(about: dict[str, Any]) -> bool:
    value = about.get("edited")
    return value is True or (isinstance(value, (int, float)) and value > 0)


def _permalink(about: Any) -> str:
    """The address for people, on Reddit whatever host was asked."""
    link = string(inner(about, "permalink")).strip()
    if not link:
        return ""
    try:
        parts = urlsplit(urljoin(_WEB, html.unescape(link)))
    except ValueError:
        return ""
    return urlunsplit(("https", "www.reddit.com", parts.path, "", "")) if parts.path.strip("/") else ""


def _written(about: dict[str, Any], field: str) -> Rendered:
    """What a person wrote, as the page shows it: the HTML that Reddit makes of it, or, where that is missing, as written."""
    made = string(about.get(f"{field}_html"))
    if made.strip():
        # Without raw_json=1 the HTML comes escaped.
        return rich(made if "<" in made else html.unescape(made), _WEB)
    return Rendered(html.unescape(string(about.get(field))).strip())


def _body(about: dict[str, Any]) -> Rendered:
    """The text, the options of a poll, the captions of a gallery, and the post that was crossposted."""
    body = _written(about, "selftext")
    options = "\n".join(
        text for one in dicts(inner(about, "poll_data", "options")) if (text := handle(one.get("text")))
    )
    captions = [handle(one.get("caption")) for one in dicts(inner(about, "gallery_data", "items"))]
    parts = texts_after(body, options, *captions)
    parent = _parent(about)
    if parent is not None and string(parent.get("selftext")).strip().lower() not in _GONE:
        written, title = _written(parent, "selftext"), handle(html.unescape(string(parent.get("title"))))
        own = handle(html.unescape(string(about.get("title"))))
        link = _permalink(parent)
        parts.append(Rendered(title if title != own else "", (Link(url=link),) if link else ()))
        parts.append(written)
    return joined(parts)


def _parent(about: dict[str, Any]) -> dict[str, Any] | None:
    return next(dicts(about.get("crosspost_parent_list")), None)


def _target(about: dict[str, Any]) -> str:
    """Where a link post leads."""
    if about.get("is_self") is True:
        return ""
    url = html.unescape(string(about.get("url_overridden_by_dest")) or string(about.get("url")))
    try:
        return web(urljoin(_WEB, url)) if url.strip() else ""
    except ValueError:
        return ""


def _same(url: str, permalink: str) -> bool:
    """Whether a link leads only to the post itself."""
    return urlsplit(url).path.rstrip("/") == urlsplit(permalink).path.rstrip("/") and "reddit.com" in url


def _media(about: dict[str, Any]) -> tuple[str, ...]:
    found = []
    target = _target(about)
    if target and (urlsplit(target).path.lower().endswith(_PICTURES) or urlsplit(target).hostname == "i.redd.it"):
        found.append(target)
    for where in (about, _parent(about)):
        for name in ("media", "secure_media"):
            video = web(inner(where, name, "reddit_video", "fallback_url"))
            found.append(video.partition("?")[0])  # what follows changes with every reply
        found += _hosted(where) if where is not None else ()
    return distinct(found)


def _hosted(about: dict[str, Any]) -> tuple[str, ...]:
    """Pictures of a gallery, in its order, and those within the text, whose order differs from reply to reply."""
    held = about.get("media_metadata")
    if not isinstance(held, dict):
        return ()
    order = [ident(one.get("media_id")) for one in dicts(inner(about, "gallery_data", "items"))]
    found = []
    for key in dict.fromkeys([*order, *sorted(map(str, held))]):
        one = held.get(key)
        size = inner(one, "s")
        address = string(inner(size, "gif")) or string(inner(size, "u")) or string(inner(size, "mp4"))
        video = string(inner(one, "dashUrl")).partition("?")[0] if not address else ""
        found.append(web(html.unescape(address)) or web(html.unescape(video)))
    return tuple(url for url in found if url)
