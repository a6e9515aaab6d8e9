"""Posts from replies of the Bluesky API and of other servers of the AT protocol.

https://docs.bsky.app/docs/api/ (the lexicons `app.bsky.feed.*` and `com.atproto.repo.*`)
"""

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

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
from jerat.model import Link, Message, Post, post_id

__all__ = ["read_feed"]

_WEB: Final = "https://bsky.app"
_PICTURES: Final = "https://cdn.bsky.app/img/feed_fullsize/plain"
_POST: Final = "app.bsky.feed.post"
_LISTS: Final = ("feed", "posts", "records")
_URI: Final = re.compile(r"at://(?P<who>[^/\s]{1,300})/(?P<collection>[\w.]{1,300})/(?P<key>[^/\s?#]{1,512})")
_MAX_FACETS: Final = 1000
_MAX_TEXT: Final = 1_000_000
_MAX_DEPTH: Final = 4
_MAX_THREAD: Final = 20_000
_MISSING: Final = ("#notFoundPost", "#blockedPost")
_LOGGED_IN_ONLY: Final = "!no-unauthenticated"


def read_feed(data: Any, origin: Origin) -> Reply:
    """The posts of a feed, a search, a thread, or of records, in their order; `cursor` is where the next page begins.

    Of a repost the post itself is taken. A post whose author asks not to be shown to people without an account is left out.
    """
    reply = Reply()
    if not isinstance(data, dict):
        reply.broken = f"an object was expected, and {type(data).__name__} came"
        return reply
    reply.cursor = cursor_of(data.get("cursor"))
    for number, item in enumerate(_listed(data, reply), start=1):
        reply.items += 1
        try:
            _add(item, number, reply, origin)
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            reply.problems.append(f"item {number} of the reply cannot be read: {type(error).__name__}: {error}")
    return reply


def _listed(data: dict[str, Any], reply: Reply) -> Iterator[Any]:
    for name in _LISTS:
        if isinstance(data.get(name), list):
            yield from data[name]
            return
    if isinstance(data.get("thread"), dict):
        yield from _thread(data["thread"])
    elif "uri" in data and ("value" in data or "record" in data):
        yield data
    else:
        reply.broken = f"a list of posts was expected, and an object came: {', '.join(map(str, list(data)[:6]))}"


def _thread(top: dict[str, Any]) -> Iterator[Any]:
    """What was answered, from the first; the post itself; then the answers, each before those to it."""
    above: list[dict[str, Any]] = []
    node = top.get("parent")
    while isinstance(node, dict) and len(above) < _MAX_THREAD:
        above.append(node)
        node = node.get("parent")
    yield from reversed(above)
    waiting, given = [top], 0
    while waiting and given < _MAX_THREAD:
        node = waiting.pop()
        given += 1
        yield node
        waiting += reversed(list(dicts(node.get("replies"))))


def _add(item: Any, number: int, reply: Reply, origin: Origin) -> None:
    if not isinstance(item, dict):
        reply.problems.append(f"item {number} of the reply is no object but {type(item).__name__}")
        return
    view = item["post"] if isinstance(item.get("post"), dict) else item
    uri = ident(view.get("uri"))
    kind = string(item.get("$type")) or string(view.get("$type"))
    reply.covers.append(uri)
    if kind.endswith(_MISSING) or item.get("notFound") is True or item.get("blocked") is True:
        reply.left_out["deleted, or blocked by its author"] += 1
        return
    match = _URI.fullmatch(uri)
    record = view.get("record") if isinstance(view.get("record"), dict) else view.get("value")
    if match is None or not isinstance(record, dict):
        reply.problems.append(f"item {number} of the reply ({uri[:200]}) has no uri and record of a post")
        return
    if match["collection"] != _POST or string(record.get("$type")) not in (_POST, ""):
        reply.left_out["records that are no posts"] += 1
        return
    if any(label.get("val") == _LOGGED_IN_ONLY for label in dicts(inner(view, "author", "labels"))):
        reply.left_out["of authors who are shown only to people with an account"] += 1
        return
    if not isinstance(record.get("text"), str):
        reply.problems.append(f"item {number} of the reply ({uri}) has no text")
        return
    reply.posts.append(_post(view, record, match, _shared_by(item), origin))


def _post(view: dict[str, Any], record: dict[str, Any], uri: re.Match[str], shared_by: str, origin: Origin) -> Post:
    author = view.get("author")
    who = _name(author) or uri["who"]
    body = _body(record, view.get("embed") or record.get("embed"))
    times = [time for value in (record.get("createdAt"), view.get("indexedAt")) if (time := moment(string(value)))]
    return Post(
        id=post_id("bluesky", uri[0], ""),
        native_id=uri[0],
        source=origin.source,
        platform="bluesky",
        url=f"{_WEB}/profile/{quote(who, safe=':')}/post/{quote(uri['key'], safe='')}",
        fetched_at=origin.fetched_at,
        text=body.text,
        author=_author(author) or uri["who"],
        # The author's own word, unless it names a time at which the network had the post already.
        published_at=min(times, default=None),
        media=_media(view.get("embed") or record.get("embed"), _did(author) or uri["who"]),
        links=body.links,
        country_hint=origin.country_hint,
        message=Message(reply_to=_web_address(inner(record, "reply", "parent", "uri")), shared_by=shared_by),
    )


# -- people --------------------------------------------------------------------------------------------------------------


def _name(author: Any) -> str:
    """The handle, where it is known to be theirs; else the DID."""
    name = handle(inner(author, "handle"))
    return name if name and name != "handle.invalid" else _did(author)


def _did(author: Any) -> str:
    did = handle(inner(author, "did"))
    return did if did.startswith("did:") else ""


def _author(author: Any) -> str:
    who, shown = _name(author), handle(inner(author, "displayName"))
    if shown and who and shown != who:
        return f"{shown} (@{who})"
    return f"@{who}" if who else shown


def _shared_by(item: dict[str, Any]) -> str:
    reason = item.get("reason")
    return _author(inner(reason, "by")) if string(inner(reason, "$type")).endswith("#reasonRepost") else ""


def _web_address(uri: Any) -> str:
    """Where a person finds a record of the network; empty where it is no post."""
    match = _URI.fullmatch(ident(uri))
    if match is None or match["collection"] != _POST:
        return ""
    return f"{_WEB}/profile/{quote(match['who'], safe=':')}/post/{quote(match['key'], safe='')}"


# -- the parts of a post -------------------------------------------------------------------------------------------------


def _body(record: dict[str, Any], embed: Any, depth: int = 0) -> Rendered:
    """The text with its links; then the page, the words for the pictures, and the post that are embedded."""
    text = string(record.get("text"))
    body = Rendered(text, tuple(_links(text, record.get("facets"))))
    parts = [body]
    for part in _parts(embed):
        external, shown = part.get("external"), part.get("images")
        if isinstance(external, dict):
            url = web(external.get("uri"))
            told = texts_after(body, string(external.get("title")), string(external.get("description")))[1:]
            links = () if not url or any(link.url == url for link in body.links) else (Link(url=url),)
            parts.append(Rendered("\n".join(one.text for one in told), links))
        parts += texts_after(body, *(string(one.get("alt")) for one in dicts(shown)), string(part.get("alt")))[1:]
        if depth < _MAX_DEPTH:
            parts.append(_quoted(part.get("record"), depth))
    return joined(parts)


def _parts(embed: Any) -> Iterator[dict[str, Any]]:
    """An embed; of a post with media and a post, both."""
    if not isinstance(embed, dict):
        return
    if isinstance(embed.get("media"), dict):
        yield embed["media"]
        record = embed.get("record")
        yield {"record": record.get("record") if isinstance(record, dict) else None}
    else:
        yield embed


def _quoted(record: Any, depth: int) -> Rendered:
    """An embedded post, led by the name of its author; where only its address is known, that."""
    if not isinstance(record, dict):
        return Rendered("")
    url = _web_address(record.get("uri"))
    if not url:
        return Rendered("")
    name = _name(record.get("author"))
    url = _web_address(re.sub(r"^at://[^/]+", f"at://{name}", ident(record.get("uri")))) if name else url
    value = record.get("value")
    links = (Link(url=url),)
    if not isinstance(value, dict):
        return Rendered("", links)
    embeds = list(dicts(record.get("embeds")))
    inside = _body(value, embeds[0] if embeds else value.get("embed"), depth + 1)
    return joined([Rendered(f"@{name}:" if name else "", links), inside])


def _links(text: str, facets: Any) -> Iterator[Link]:
    """What stands behind words: spans count bytes of UTF-8 there, and code points here."""
    found = list(dicts(facets))[:_MAX_FACETS]
    if not found or len(text) > _MAX_TEXT:
        return
    places: dict[int, int] = {}
    at = 0
    for number, char in enumerate(text):
        places[at] = number
        at += len(char.encode("utf-8", "replace"))
    places[at] = len(text)
    for facet in found:
        start, end = (_whole(inner(facet, "index", name)) for name in ("byteStart", "byteEnd"))
        span = (places.get(start, -1), places.get(end, -1))
        for feature in dicts(facet.get("features")):
            url = web(feature.get("uri"))
            if not url and handle(feature.get("did")).startswith("did:"):
                url = f"{_WEB}/profile/{quote(handle(feature.get('did')), safe=':')}"
            if url and 0 <= span[0] < span[1]:
                yield Link(url=url, start=span[0], end=span[1])
            elif url:
                yield Link(url=url)


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def _media(embed: Any, did: str) -> tuple[str, ...]:
    """Pictures and videos. A bare record names a picture by its hash alone, and the network's own host serves it."""
    found: list[str] = []
    for part in _parts(embed):
        for one in dicts(part.get("images")):
            blob = ident(inner(one, "image", "ref", "$link"))
            made = f"{_PICTURES}/{did}/{blob}@jpeg" if blob.isalnum() and did.startswith("did:") else ""
            found.append(web(one.get("fullsize")) or web(one.get("thumb")) or made)
        found.append(web(part.get("playlist")) or (web(part.get("thumbnail"))))
    return distinct(found)
