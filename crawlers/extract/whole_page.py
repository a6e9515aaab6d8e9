"""What a page is, of which nobody said it: postings, the messages of a channel, the items of a feed, or one post as a whole."""

import json
from dataclasses import dataclass
from typing import Final, Literal

from lxml import etree

from crawlers.board.known import recognised
from crawlers.extract.api_reply import reply_posts
from crawlers.extract.decode import decode, looks_binary
from crawlers.extract.feed import feed_posts, read_feed
from crawlers.extract.html_text import parse
from crawlers.extract.jobposting import job_posts
from crawlers.extract.origin import Extraction, Origin
from crawlers.extract.page import page_post
from crawlers.extract.sitemap import gunzipped, read_addresses
from crawlers.extract.telegram import is_preview, read_channel

__all__ = ["WholePage", "not_html", "read_body", "whole_page"]

Kind = Literal["jobs", "plain", "channel", "feed", "api", "list", "other", ""]

_JSON_TYPES: Final = ("application/json", "application/ld+json", "text/json", "application/activity+json")


@dataclass(slots=True)
class WholePage(Extraction):
    """What a page gave, and what it is: `list` for what has no posts by itself, `other` for no page at all, and why.

    Empty where it is a page that cannot be read.
    """

    kind: Kind = ""


def whole_page(markup: str, origin: Origin, root: etree._Element | None = None, *, plain: bool = True) -> WholePage:
    """Every JobPosting, or else what the page's own data says of jobs, or else, where `plain`, the page as one post."""
    found = job_posts(markup, origin, root)
    if not found.posts:  # perhaps the page keeps its data where its scripts find it
        known = recognised(markup, origin, root)
        found.posts += [known.post] if known.post is not None else known.posts
    if found.posts:
        return WholePage(found.posts, found.problems, "jobs")
    if not plain:
        return WholePage([], found.problems)
    one = page_post(markup, origin, root)
    return WholePage(one.posts, found.problems + one.problems, "plain" if one.posts else "list")


def not_html(body: bytes, content_type: str, markup: str) -> str:
    """Why what came is no page; empty where it is one. `markup` is `body` as text."""
    kind = content_type.split(";")[0].strip().lower()
    if not body.strip():
        return "the page is empty"
    if looks_binary(body) or (
        kind
        and not kind.startswith(("text/", "application/xhtml", "application/xml", "application/octet"))
        and "<" not in markup[:500]
    ):
        return f"not HTML, but {kind or 'bytes of an unknown kind'}"
    return ""


def read_body(body: bytes, content_type: str, origin: Origin, limit: int) -> WholePage:
    """The posts of a body that was fetched at `origin.url` or saved from there, whatever it is.

    `limit` bounds the bytes that a body which is gzip by itself unpacks to. A page that is none of what can be read gives no
    posts and a problem that says what it is.
    """
    try:
        body = gunzipped(body, limit)
    except ValueError as error:
        return WholePage(problems=[str(error)])
    listed = read_addresses(body, lambda _: 0, 1)
    if listed is not None:
        if listed.kind != "feed":
            return WholePage(problems=[listed.problem] if listed.problem else [], kind="list")
        found = feed_posts(body, origin)
        return WholePage(found.posts, [*found.problems, *([listed.problem] if listed.problem else [])], "feed")
    markup = decode(body, content_type)
    kind = content_type.split(";")[0].strip().lower()
    if kind in _JSON_TYPES or markup.lstrip("\ufeff \t\r\n)]}',")[:1] in ("{", "["):
        return _json(body, markup, origin)
    if problem := not_html(body, content_type, markup):
        return WholePage(problems=[problem], kind="other")
    try:
        return _html(markup, origin)
    except (RecursionError, ValueError, etree.LxmlError) as error:
        return WholePage(problems=[f"the page cannot be read: {type(error).__name__}: {error}"])


def _html(markup: str, origin: Origin) -> WholePage:
    root = parse(markup)
    if root is None:
        return WholePage(problems=["nothing in it can be read as HTML"], kind="other")
    if is_preview(markup):
        channel = read_channel(markup, origin, root)
        if channel.is_channel or channel.posts:
            return WholePage(channel.posts, channel.problems, "channel")
    return whole_page(markup, origin, root)


def _json(body: bytes, markup: str, origin: Origin) -> WholePage:
    try:
        data = json.loads(markup)
    except (ValueError, RecursionError) as error:
        return WholePage(problems=[f"JSON that cannot be read: {error}"], kind="other")
    reply = reply_posts(data, origin)
    if reply is not None:
        return WholePage(reply.posts, reply.problems, "api")
    feed = read_feed(body, "application/json", origin)
    if feed is not None:
        return WholePage(feed.posts, feed.problems, "feed")
    try:
        known = recognised(markup, origin)
    except (RecursionError, ValueError, etree.LxmlError) as error:
        return WholePage(problems=[f"the page cannot be read: {type(error).__name__}: {error}"])
    posts = [known.post] if known.post is not None else known.posts
    return WholePage(posts, kind="jobs" if posts else "list")
