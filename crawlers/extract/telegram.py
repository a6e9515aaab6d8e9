"""Posts from the public previews of Telegram channels (`https://t.me/s/NAME`) and of single messages (`?embed=1`)."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import parse_qs, urljoin, urlsplit

from lxml import etree

from crawlers.extract.dates import read_date
from crawlers.extract.html_text import Rendered, parse, render
from crawlers.extract.origin import Origin
from jerat.model import Link, Message, Post, post_id

__all__ = ["Channel", "is_preview", "read_channel", "read_count"]

_HOME: Final = "https://t.me/"
_STYLE_URL: Final = re.compile(r"""background-image:\s*url\(\s*['"]?(.*?)['"]?\s*\)""", re.I)
_EMOJI_FILE: Final = re.compile(r"/([0-9A-F]{2}(?:[0-9A-F]{2})*)\.(?:png|webp|svg)", re.I)
_COUNT: Final = re.compile(r"([\d.,\s\u00a0]+)\s*([KMB]?)", re.I)
_SCALE: Final = {"": 1, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000}
_NATIVE: Final = re.compile(r"[\w+-]+/\d+")


@dataclass(slots=True)
class Channel:
    """A preview page. `older` is the address of the page before this one; `service` counts messages of the system."""

    name: str = ""
    title: str = ""
    posts: list[Post] = field(default_factory=list)
    older: str = ""
    service: int = 0
    problems: list[str] = field(default_factory=list)
    is_channel: bool = False
    """Whether the page is a preview at all, and not the page that only invites to open the messenger."""


def is_preview(markup: str) -> bool:
    """Whether the markup is that of a channel preview, of an embedded message, or of the page of a closed channel."""
    return "tgme_widget_message" in markup or "tgme_channel_info" in markup or "tgme_page_title" in markup


def read_channel(markup: str, origin: Origin, root: etree._Element | None = None) -> Channel:
    """All messages of a preview page, oldest first, as they stand there."""
    root = parse(markup) if root is None else root
    if root is None:
        return Channel()
    channel = Channel(name=_channel_name(root), title=_channel_title(root))
    channel.is_channel = bool(_by_class(root, "tgme_channel_history") or _by_class(root, "tgme_widget_message"))
    for element in _by_class(root, "tgme_widget_message"):
        if "service_message" in _classes(element) or _by_class(element, "tgme_widget_message_service"):
            channel.service += 1
            continue
        native = (element.get("data-post") or "").strip()
        if not _NATIVE.fullmatch(native):
            channel.problems.append(f"a message without a readable number: data-post={native[:80]!r}")
            continue
        channel.posts.append(_post(element, native, origin, channel))
    numbers = [int(post.native_id.rsplit("/", 1)[1]) for post in channel.posts]
    channel.older = _older(root, origin.url, min(numbers, default=0))
    return channel


def _post(element: etree._Element, native: str, origin: Origin, channel: Channel) -> Post:
    name, number = native.rsplit("/", 1)
    body = _body(element)
    links = _with_previews(element, body)
    forwarded_from, forwarded_url = _forwarded(element)
    return Post(
        id=post_id("telegram", f"{name.lower()}/{number}", ""),
        native_id=f"{name.lower()}/{number}",
        source=f"t.me/{name.lower()}",
        platform="telegram",
        url=f"{_HOME}{name}/{number}",
        fetched_at=origin.fetched_at,
        text=body.text,
        author=_author(element) or _owner(element) or channel.title,
        published_at=_published(element),
        media=_media(element),
        links=links,
        country_hint=origin.country_hint,
        message=Message(
            views=_views(element),
            forwarded_from=forwarded_from,
            forwarded_url=forwarded_url,
            reply_to=_reply(element),
            edited=_edited(element),
        ),
    )


# -- the parts of a message ------------------------------------------------------------------------------------------


def _body(element: etree._Element) -> Rendered:
    """Text, then a poll's question and options, then the names of documents; with the links of the text."""
    parts: list[Rendered] = []
    for block in _by_class(element, "tgme_widget_message_text"):
        inside = any("tgme_widget_message_text" in _classes(up) for up in block.iterancestors())
        reply = any("tgme_widget_message_reply" in _classes(up) for up in block.iterancestors())
        if not inside and not reply:
            parts.append(_text(block))
    for poll in _by_class(element, "tgme_widget_message_poll"):
        lines = [_text(one).text for one in _by_class(poll, "tgme_widget_message_poll_question")]
        lines += [_text(one).text for one in _by_class(poll, "tgme_widget_message_poll_option_text")]
        parts.append(Rendered("\n".join(line for line in lines if line)))
    if not any(part.text for part in parts):
        for one in _by_class(element, "tgme_widget_message_document_title"):
            parts.append(Rendered(_line(one)))
        for kind in ("contact", "location", "venue", "invoice", "game"):
            for one in _by_class(element, f"tgme_widget_message_{kind}"):
                parts.append(_text(one))
    return _joined(parts)


def _joined(parts: list[Rendered]) -> Rendered:
    text = ""
    links: list[Link] = []
    for part in parts:
        if not part.text:
            continue
        if text:
            text += "\n\n"
        links += [Link(url=link.url, start=link.start + len(text), end=link.end + len(text)) for link in part.links]
        text += part.text
    return Rendered(text, tuple(links))


def _text(element: etree._Element) -> Rendered:
    rendered = render(element, _HOME, words=_emoji, max_breaks=1000, paragraphs=False)
    kept = tuple(link for link in rendered.links if not _is_internal(link.url))
    return Rendered(rendered.text, kept)


def _is_internal(url: str) -> bool:
    """Hashtags are links to a search in the channel: they lead nowhere."""
    parts = urlsplit(url)
    return url.startswith(_HOME) and parts.query.startswith("q=") and parts.path in ("", "/")


def _emoji(element: etree._Element) -> str | None:
    """An emoji's character, where the markup only names its picture, whose file is called after its bytes in UTF-8."""
    if element.tag != "i" or "emoji" not in _classes(element) or "".join(element.itertext()).strip():
        return None
    match = _EMOJI_FILE.search(element.get("style") or "")
    if match is None:
        return None
    try:
        return bytes.fromhex(match[1]).decode("utf-8")
    except ValueError:
        return None


def _with_previews(element: etree._Element, body: Rendered) -> tuple[Link, ...]:
    """The links of the text, and those of link previews and buttons, which stand apart from it."""
    links = list(body.links)
    known = {link.url for link in links}
    for name in ("tgme_widget_message_link_preview", "tgme_widget_message_inline_button"):
        for preview in _by_class(element, name):
            url = urljoin(_HOME, preview.get("href") or "")
            if preview.get("href") and url.rstrip("/") not in {one.rstrip("/") for one in known}:
                links.append(Link(url=url))
                known.add(url)
    return tuple(links)


def _media(element: etree._Element) -> tuple[str, ...]:
    found: list[str] = []
    for one in element.iter(etree.Element):
        names = _classes(one)
        if one.tag in ("video", "audio"):
            found.append(one.get("src") or "")
        elif names & {"tgme_widget_message_photo_wrap", "tgme_widget_message_sticker", "tgme_widget_message_location"}:
            found += _STYLE_URL.findall(one.get("style") or "") or [one.get("data-webp") or ""]
        elif names & {"tgme_widget_message_video_thumb", "tgme_widget_message_roundvideo_thumb"}:
            player = one.getparent()
            if player is None or player.find(".//video") is None:  # too big to play there: its picture is all there is
                found += _STYLE_URL.findall(one.get("style") or "")
        elif one.tag == "source" and (
            one.getparent() is not None and "tgme_widget_message_tgsticker" in _classes(one.getparent())
        ):
            found.append(one.get("srcset") or "")
        elif "tgme_widget_message_document_wrap" in names:
            found.append(one.get("href") or "")
    addresses = (urljoin(_HOME, url.strip()) for url in found if url.strip() and not url.strip().startswith("data:"))
    return tuple(dict.fromkeys(addresses))


def _forwarded(element: etree._Element) -> tuple[str, str]:
    for one in _by_class(element, "tgme_widget_message_forwarded_from_name"):
        return _line(one), (one.get("href") or "").strip()
    for one in _by_class(element, "tgme_widget_message_forwarded_from"):
        return re.sub(r"^Forwarded from\s*", "", _line(one)), ""
    return "", ""


def _reply(element: etree._Element) -> str:
    for one in _by_class(element, "tgme_widget_message_reply"):
        if one.get("href"):
            return str(urljoin(_HOME, one.get("href") or ""))
    return ""


def _author(element: etree._Element) -> str:
    return next((_line(one) for one in _by_class(element, "tgme_widget_message_from_author")), "")


def _owner(element: etree._Element) -> str:
    return next((_line(one) for one in _by_class(element, "tgme_widget_message_owner_name")), "")


def _line(element: etree._Element) -> str:
    return " ".join(_text(element).text.split())


def _published(element: etree._Element) -> datetime | None:
    for one in _by_class(element, "tgme_widget_message_date"):
        for time in one.iter("time"):
            if moment := read_date(time.get("datetime")):
                return moment
    return None


def _views(element: etree._Element) -> int | None:
    for one in _by_class(element, "tgme_widget_message_views"):
        return read_count("".join(one.itertext()))
    return None


def read_count(text: str) -> int | None:
    """A count as Telegram shows it: `1.2K` is 1200; None where it is none."""
    match = _COUNT.fullmatch(text.strip())
    if match is None:
        return None
    digits, scale = re.sub(r"[\s\u00a0]", "", match[1]), _SCALE[match[2].upper()]
    digits = digits.replace(",", "" if scale == 1 else ".")
    if scale == 1:
        digits = digits.replace(".", "")
    try:
        return round(float(digits) * scale)
    except ValueError:
        return None


def _edited(element: etree._Element) -> bool:
    return any(
        re.search(r"\bedited\b", "".join(text for text in one.itertext()))
        for one in _by_class(element, "tgme_widget_message_meta")
    )


# -- the page --------------------------------------------------------------------------------------------------------


def _channel_name(root: etree._Element) -> str:
    for one in _by_class(root, "tgme_main"):
        if name := (one.get("data-url") or "").strip("/").removeprefix("s/"):
            return name.lower()
    for one in root.iter("meta"):
        if one.get("property") in ("al:ios:url", "al:android:url"):
            domain = parse_qs(urlsplit(one.get("content") or "").query).get("domain")
            if domain:
                return domain[0].lower()
    for one in _by_class(root, "tgme_widget_message"):
        if "/" in (one.get("data-post") or ""):
            return str(one.get("data-post")).split("/", 1)[0].lower()
    return ""


def _channel_title(root: etree._Element) -> str:
    for name in ("tgme_channel_info_header_title", "tgme_header_title", "tgme_page_title"):
        for one in _by_class(root, name):
            if title := _line(one):
                return title
    return ""


def _older(root: etree._Element, url: str, first: int) -> str:
    """The page before this one, by the page's own link; only a link that really leads back counts."""
    candidates = [one.get("href") for one in root.iterfind(".//link") if "prev" in (one.get("rel") or "").split()]
    for one in _by_class(root, "tme_messages_more"):
        candidates.append(one.get("href") or (f"?before={one.get('data-before')}" if one.get("data-before") else ""))
    for href in candidates:
        before = parse_qs(urlsplit(href or "").query).get("before", [""])[0]
        if href and before.isdecimal() and (not first or int(before) <= first):
            return str(urljoin(url, href))
    return ""


def _classes(element: etree._Element) -> set[str]:
    return set((element.get("class") or "").split())


def _by_class(root: etree._Element, name: str) -> list[etree._Element]:
    """The elements below `root`, or `root` itself, that have the class."""
    found: list[etree._Element] = root.xpath(
        "descendant-or-self::*[contains(concat(' ', normalize-space(@class), ' '), $name)]", name=f" {name} "
    )
    return found
