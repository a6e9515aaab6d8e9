"""Posts from replies of Discourse forums: the topics of a list or a search, the posts of a topic, and single posts.

https://docs.discourse.org/
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urljoin, urlsplit

from lxml import etree

from crawlers.extract.html_text import Rendered, parse
from crawlers.extract.origin import Origin
from crawlers.extract.reply import Reply, dicts, handle, ident, inner, moment, string, web
from crawlers.extract.rich import classes, rich
from jerat.model import Message, Post, post_id

__all__ = ["Topic", "TopicList", "read_posts", "read_topics"]

_SHOWN_TYPES: Final = (1, 2)
"""Posts, and words of moderators; the others are notices of the forum, and whispers among its staff."""
_MAX_STREAM: Final = 100_000
_MAX_PICTURES: Final = 200


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as a list names it. `posts` are the ids that a search found in it; empty where all are meant."""

    id: str
    slug: str = ""
    title: str = ""
    posts: tuple[str, ...] = ()


@dataclass(slots=True)
class TopicList:
    """The topics of one page. `more` is the next, as the reply says; a search says only whether there is one."""

    topics: list[Topic] = field(default_factory=list)
    more: str = ""
    goes_on: bool = False
    private: int = 0
    problems: list[str] = field(default_factory=list)


def read_topics(data: Any) -> TopicList | None:
    """The topics in a reply: of a list, or of a search; None where it is neither."""
    if isinstance(data, list) and data and all(isinstance(one, dict) and "results" in one for one in data):
        listed: list[Any] = [
            row for one in data for row in (one["results"] if isinstance(one["results"], list) else [])
        ]
        return _topics(listed, TopicList())
    if not isinstance(data, dict):
        return None
    if isinstance(data.get("grouped_search_result"), dict) or ("posts" in data and "topics" in data):
        return _found(data)
    inside = data.get("topic_list")
    if not isinstance(inside, dict) or not isinstance(inside.get("topics"), list):
        return None
    return _topics(inside["topics"], TopicList(more=string(inside.get("more_topics_url"))))


def _topics(rows: list[Any], found: TopicList) -> TopicList:
    for number, row in enumerate(rows, start=1):
        key = _number(inner(row, "id"))
        if not key:
            found.problems.append(f"topic {number} of the list has no readable id")
        elif inner(row, "archetype") == "private_message":
            found.private += 1
        else:
            found.topics.append(Topic(key, _slug(inner(row, "slug")), handle(inner(row, "title"))))
    return found


def _found(data: dict[str, Any]) -> TopicList:
    """What a search found: the posts, each in its topic; or topics whose title alone matched."""
    found = _topics(data["topics"] if isinstance(data.get("topics"), list) else [], TopicList())
    known = {topic.id: topic for topic in found.topics}
    hits: dict[str, list[str]] = {}
    for post in dicts(data.get("posts")):
        topic, key = _number(post.get("topic_id")), _number(post.get("id"))
        if topic and key:
            hits.setdefault(topic, []).append(key)
        else:
            found.problems.append("a post that the search found has no readable id")
    if hits:
        found.topics = [
            Topic(
                topic,
                known[topic].slug if topic in known else "",
                known[topic].title if topic in known else "",
                tuple(keys),
            )
            for topic, keys in hits.items()
        ]
    about = data.get("grouped_search_result")
    found.goes_on = bool(inner(about, "more_full_page_results") or inner(about, "more_posts")) and bool(found.topics)
    return found


def read_posts(data: Any, base: str, origin: Origin, topic: Topic | None = None) -> tuple[Reply, list[str]]:
    """The posts of a topic, the newest of a forum, or the one that `data` is; and the ids of those that did not come with it.

    `base` is the forum's address. Deleted and hidden posts are none: their text is gone, or kept from the public.
    """
    reply = Reply()
    stream = inner(data, "post_stream", "stream")
    rows = list(_listed(data, reply))
    about = Topic(
        _number(inner(data, "id")) if "post_stream" in (data if isinstance(data, dict) else {}) else "",
        _slug(inner(data, "slug")),
        handle(inner(data, "title")),
    )
    topic = topic if topic is not None and not about.title else about
    for number, row in enumerate(rows, start=1):
        reply.items += 1
        try:
            _add(row, number, reply, base, origin, topic)
        except (ValueError, TypeError, AttributeError, RecursionError, etree.LxmlError) as error:
            reply.problems.append(f"post {number} of the reply cannot be read: {type(error).__name__}: {error}")
    here = set(reply.covers)
    ids = [_number(one) for one in stream[:_MAX_STREAM]] if isinstance(stream, list) else []
    return reply, [key for key in dict.fromkeys(ids) if key and key not in here]


def _listed(data: Any, reply: Reply) -> Iterator[Any]:
    for rows in (inner(data, "post_stream", "posts"), inner(data, "latest_posts"), inner(data, "posts")):
        if isinstance(rows, list):
            yield from rows
            return
    if isinstance(data, dict) and "topic_id" in data and ("cooked" in data or "raw" in data):
        yield data
        return
    what = ", ".join(map(str, list(data)[:6])) if isinstance(data, dict) else type(data).__name__
    reply.broken = f"posts of a topic were expected, and something else came: {what}"


def _add(row: Any, number: int, reply: Reply, base: str, origin: Origin, topic: Topic) -> None:
    key = _number(inner(row, "id"))
    if not key:
        reply.problems.append(f"post {number} of the reply has no readable id")
        return
    reply.covers.append(key)
    native = f"{base.partition('://')[2]}/{key}"
    if string(row.get("deleted_at")) or row.get("user_deleted") is True:
        reply.left_out["deleted"] += 1
        reply.gone.append(native)
        return
    if row.get("hidden") is True:
        reply.left_out["hidden by the forum"] += 1
        reply.gone.append(native)
        return
    if row.get("post_type", 1) not in _SHOWN_TYPES:
        reply.left_out["notices of the forum"] += 1
        return
    cooked, raw = string(row.get("cooked")), string(row.get("raw"))
    if not cooked.strip() and not raw.strip():
        reply.problems.append(f"post {number} of the reply ({key}) has no text")
        return
    reply.posts.append(_post(row, key, native, cooked, raw, base, origin, topic))


def _post(
    row: dict[str, Any], key: str, native: str, cooked: str, raw: str, base: str, origin: Origin, topic: Topic
) -> Post:
    within = _number(row.get("topic_id")) or topic.id
    place = _number(row.get("post_number"))
    slug = _slug(row.get("topic_slug")) or topic.slug or "-"
    thread = f"{base}/t/{slug}/{within}" if within else ""
    url = f"{thread}/{place}" if thread and place else f"{base}/p/{key}"
    answered = _number(row.get("reply_to_post_number"))
    made, changed = moment(string(row.get("created_at"))), moment(string(row.get("updated_at")))
    root = parse(f"<html><body><div>{cooked}</div></body></html>") if cooked.strip() else None
    body = rich(cooked, f"{base}/", skip=_is_apart) if root is not None else Rendered(raw.strip())
    title = handle(row.get("topic_title")) or topic.title
    version = row.get("version")
    return Post(
        id=post_id("discourse", native, ""),
        native_id=native,
        source=origin.source,
        platform="discourse",
        url=url,
        fetched_at=origin.fetched_at,
        title=title if place == "1" else "",
        text=body.text,
        author=_author(row),
        published_at=made,
        media=_media(root, base) if root is not None else (),
        links=body.links,
        country_hint=origin.country_hint,
        message=Message(
            reply_to=f"{thread}/{answered}"
            if thread and answered
            else thread
            if thread and place not in ("", "1")
            else "",
            edited=bool(made and changed and changed > made and not (isinstance(version, int) and version <= 1)),
        ),
    )


# -- the parts -----------------------------------------------------------------------------------------------------------


def _number(value: Any) -> str:
    """An id of Discourse, which is a whole number."""
    text = ident(value)
    return text if text.isascii() and text.isdecimal() and len(text) < 20 else ""


def _slug(value: Any) -> str:
    return quote(handle(value)[:300], safe="-_~.%")


def _author(row: dict[str, Any]) -> str:
    user, name = handle(row.get("username")), handle(row.get("name")) or handle(row.get("display_username"))
    return f"{name} (@{user})" if name and user and name.lower() != user.lower() else (f"@{user}" if user else name)


def _is_apart(element: etree._Element) -> bool:
    """What stands around the words: the name and size under a picture, the votes under a poll, the picture of who is quoted."""
    names = classes(element)
    if element.tag == "div" and "meta" in names and "lightbox" in classes_above(element):
        return True
    return bool(names & {"poll-info", "informations", "quote-controls", "expand-quote"})


def classes_above(element: etree._Element) -> set[str]:
    """The classes of the element that holds this one."""
    parent = element.getparent()
    return classes(parent) if parent is not None else set()


def _media(root: etree._Element, base: str) -> tuple[str, ...]:
    """Pictures at their full size, then videos and sounds; not emoji, faces, or signs of other sites."""
    found: list[str] = []
    for one in root.iter("img", "a", "source", "video", "audio"):
        names = classes(one)
        if one.tag == "a":
            found.append(str(one.get("href") or "") if names & {"lightbox", "attachment"} else "")
        elif one.tag == "img":
            dull = names & {"emoji", "avatar", "site-icon", "favicon", "emojione"}
            boxed = any("lightbox" in classes(up) for up in one.iterancestors())
            found.append("" if dull or boxed else str(one.get("src") or ""))
        else:
            found.append(str(one.get("src") or ""))
    resolved = []
    for address in found[: _MAX_PICTURES * 10]:
        try:
            resolved.append(web(urljoin(f"{base}/", address.strip())) if address.strip() else "")
        except ValueError:
            continue
    return tuple(dict.fromkeys(url for url in resolved if url and urlsplit(url).path not in ("", "/")))[:_MAX_PICTURES]
