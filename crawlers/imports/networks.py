"""The items of social networks as their own sites receive them: one function a network, item and envelope to what was seen.

The shapes are those of TikTok's web API, Instagram's two feeds, X's GraphQL and LinkedIn's Voyager, of 2022 to 2025.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from crawlers.extract.dates import read_date
from crawlers.imports.chat import unix_time
from crawlers.imports.dig import at, items_of, number, text
from jerat.model import Link

__all__ = ["NETWORKS", "Seen", "anything"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What an item says."""

    text: str
    native_id: str = ""
    url: str = ""
    author: str = ""
    """The name of the account, without `@`."""
    name: str = ""
    """The name that is shown."""
    title: str = ""
    published_at: datetime | None = None
    media: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    views: int | None = None
    shared_from: str = ""


Item = Mapping[str, object]


def _tiktok(data: Item, envelope: Item) -> Seen | None:
    """A video: its description, the words on it, and its cover."""
    own = text(data, "id", "aweme_id")
    author = text(data, "author.uniqueId", "author.unique_id", "author")
    # Words that the author set on the picture stand apart, and hold the contacts that the description hides.
    stickers = [
        word
        for sticker in items_of(data, "stickersOnItem")
        for word in items_of(sticker, "stickerText")
        if isinstance(word, str)
    ]
    said = text(data, "desc") or "\n".join(filter(None, (text(part, "desc") for part in items_of(data, "contents"))))
    body = "\n".join(filter(None, (said, " ".join(stickers))))
    if not body or at(data, "isAd") is True:
        return None
    return Seen(
        text=body,
        native_id=own,
        url=f"https://www.tiktok.com/@{author}/video/{own}" if own and author else "",
        author=author,
        name=text(data, "author.nickname", "nickname"),
        published_at=unix_time(at(data, "createTime")),
        media=_texts(
            text(data, "video.cover"), *(text(one, "imageURL.urlList.0") for one in items_of(data, "imagePost.images"))
        ),
        links=_bio(data),
        views=number(data, "stats.playCount", "statsV2.playCount"),
    )


def _bio(data: Item) -> tuple[Link, ...]:
    """The address in the author's profile, where the item brings it along."""
    address = text(data, "author.bioLink.link")
    return (Link(url=address if "://" in address else f"https://{address}"),) if address else ()


def _douyin(data: Item, envelope: Item) -> Seen | None:
    """A video of the Chinese sister network, whose items have the same shape."""
    seen = _tiktok(data, envelope)
    return seen and replace(seen, url=f"https://www.douyin.com/video/{seen.native_id}" if seen.native_id else "")


def _threads(data: Item, envelope: Item) -> Seen | None:
    """A post of Instagram's sister network, whose items have the same shape."""
    seen = _instagram(data, envelope)
    known = seen and seen.native_id and seen.author
    return seen and replace(seen, url=f"https://www.threads.net/@{seen.author}/post/{seen.native_id}" if known else "")


def _tiktok_comment(data: Item, envelope: Item) -> Seen | None:
    """A comment under a video."""
    body, own = text(data, "text"), text(data, "cid")
    if not body:
        return None
    author, video = text(data, "user.unique_id", "user.uniqueId"), text(data, "aweme_id")
    return Seen(
        text=body,
        native_id=f"comment/{own}" if own else "",
        url=text(data, "share_info.url").partition("?")[0]
        or (f"https://www.tiktok.com/video/{video}?comment={own}" if own else ""),
        author=author,
        name=text(data, "user.nickname"),
        published_at=unix_time(at(data, "create_time")),
    )


def _instagram(data: Item, envelope: Item) -> Seen | None:
    """A post or reel, in the form of the GraphQL feed or of the app's own."""
    code = text(data, "shortcode", "code")
    body = text(data, "edge_media_to_caption.edges.0.node.text", "caption.text", "caption")
    if not body or at(data, "ad_id") or at(data, "product_type") == "ad":
        return None
    pictures = [text(data, "display_url", "image_versions2.candidates.0.url")]
    pictures += [text(one, "image_versions2.candidates.0.url") for one in items_of(data, "carousel_media")]
    pictures += [text(one, "node.display_url") for one in items_of(data, "edge_sidecar_to_children.edges")]
    place = text(data, "location.name")
    return Seen(
        text=f"{body}\n{place}" if place and place not in body else body,
        native_id=code,
        url=f"https://www.instagram.com/p/{code}/" if code else "",
        author=text(data, "owner.username", "user.username"),
        name=text(data, "owner.full_name", "user.full_name"),
        published_at=unix_time(at(data, "taken_at_timestamp")) or unix_time(at(data, "taken_at")),
        media=_texts(*pictures),
        views=number(data, "video_view_count", "play_count", "view_count"),
    )


def _x(data: Item, envelope: Item) -> Seen | None:
    """A tweet, its long text, the addresses behind t.co; a retweet is what was retweeted, with who passed it on."""
    tweet = at(data, "tweet") if isinstance(at(data, "tweet"), dict) else data
    if at(data, "promotedMetadata") or at(tweet, "promotedMetadata"):
        return None
    inner = at(tweet, "legacy.retweeted_status_result.result")
    inner = at(inner, "tweet") or inner
    passed_on = ""
    if isinstance(inner, dict):
        passed_on, tweet = _handle(tweet), inner
    own = text(tweet, "rest_id", "legacy.id_str", "id")
    long = text(tweet, "note_tweet.note_tweet_results.result.text")
    entities = "note_tweet.note_tweet_results.result.entity_set" if long else "legacy.entities"
    body, links = _expanded(long or text(tweet, "legacy.full_text", "legacy.text", "full_text"), tweet, entities)
    if not body:
        return None
    author = _handle(tweet)
    media = [text(one, "media_url_https") for one in items_of(tweet, "legacy.extended_entities.media")]
    media += [text(one, "media_url_https") for one in items_of(tweet, "legacy.entities.media")]
    return Seen(
        text=body,
        native_id=own,
        url=f"https://x.com/{author or 'i'}/status/{own}" if own else "",
        author=author,
        name=text(tweet, "core.user_results.result.core.name", "core.user_results.result.legacy.name", "user.name"),
        published_at=_twitter_time(text(tweet, "legacy.created_at", "created_at")),
        media=_texts(*media),
        links=links,
        views=number(tweet, "views.count", "ext_views.count"),
        shared_from=f"@{passed_on}" if passed_on else "",
    )


def _handle(tweet: object) -> str:
    return text(
        tweet,
        "core.user_results.result.core.screen_name",
        "core.user_results.result.legacy.screen_name",
        "user.screen_name",
    )


def _expanded(body: str, tweet: object, entities: str) -> tuple[str, tuple[Link, ...]]:
    """The text with what t.co hides as links; the address of the tweet's own picture at its end means nothing."""
    for one in items_of(tweet, "legacy.entities.media"):
        body = body.replace(text(one, "url") or "\0", "").rstrip()
    links = []
    for one in items_of(tweet, f"{entities}.urls"):
        short, full = text(one, "url"), text(one, "expanded_url")
        start = body.find(short) if short else -1
        if full and start >= 0:
            links.append(Link(url=full, start=start, end=start + len(short)))
        elif full:
            links.append(Link(url=full))
    return body, tuple(links)


def _twitter_time(stamp: str) -> datetime | None:
    try:
        return datetime.strptime(stamp, "%a %b %d %H:%M:%S %z %Y").astimezone(UTC)
    except ValueError:
        return read_date(stamp)


def _linkedin(data: Item, envelope: Item) -> Seen | None:
    """An update. Its number tells its time: the upper bits are milliseconds since 1970."""
    body = text(data, "commentary.text.text", "commentary.text", "commentary.commentaryText.text")
    urn = text(
        data, "updateMetadata.urn", "metadata.backendUrn", "preDashEntityUrn", "entityUrn", "updateUrn", "dashEntityUrn"
    )
    kind, own = _activity(urn)
    if not body or (not own and not urn):
        return None
    target = text(data, "actor.navigationContext.actionTarget").partition("?")[0]
    link = text(
        data, "content.articleComponent.navigationContext.actionTarget", "content.navigationContext.actionTarget"
    )
    milliseconds = int(own) >> 22 if own else 0
    return Seen(
        text=body,
        native_id=own,
        url=f"https://www.linkedin.com/feed/update/urn:li:{kind}:{own}" if own else "",
        author=target.rstrip("/").rpartition("/")[2],
        name=text(data, "actor.name.text", "actor.name"),
        published_at=unix_time(milliseconds),
        media=_texts(*_vectors(at(data, "content"))),
        links=(Link(url=link),) if link.startswith("http") else (),
        title=text(data, "content.articleComponent.title.text"),
    )


def _activity(urn: str) -> tuple[str, str]:
    for kind in ("activity", "ugcPost", "share"):
        _, found, rest = urn.partition(f"urn:li:{kind}:")
        digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
        if found and digits and len(digits) < 21:
            return kind, digits
    return "", ""


def _vectors(content: object) -> Iterator[str]:
    """Pictures: an address in two parts, the last of which is by size."""
    for image in (*items_of(content, "images"), *items_of(content, "imageComponent.images")):
        for path in ("attributes.0.vectorImage", "attributes.0.detailData.vectorImage"):
            root, last = text(image, f"{path}.rootUrl"), ""
            for artifact in items_of(image, f"{path}.artifacts"):
                last = text(artifact, "fileIdentifyingUrlPathSegment") or last
            if root and last:
                yield root + last


def anything(data: Item, envelope: Item) -> Seen | None:
    """An item of another network: the text, address, author and time under the names that such items commonly use."""
    body = text(
        data, "text", "caption.text", "caption", "desc", "description", "body", "content", "message.text", "message"
    )
    title = text(data, "title", "subject", "headline")
    if not body and not title:
        return None
    moment = next(
        (found for key in ("created_at", "createTime", "create_time", "taken_at", "timestamp", "created", "date")
         if (found := unix_time(at(data, key)) or read_date(at(data, key))) is not None),
        None,
    )  # fmt: skip
    address = text(data, "url", "permalink", "link", "share_url") or text(envelope, "source_url")
    return Seen(
        text=body,
        title=title,
        native_id=text(data, "id", "code", "pk"),
        url=address if address.startswith("http") else "",
        author=text(data, "author.username", "author.uniqueId", "user.username", "author.name", "username", "author"),
        published_at=moment,
    )


def _texts(*found: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in found if one))


NETWORKS: Final[dict[str, Callable[[Item, Item], Seen | None]]] = {
    "tiktok.com": _tiktok,
    "douyin.com": _douyin,
    "tiktok-comments": _tiktok_comment,
    "tiktok.com-comments": _tiktok_comment,
    "instagram.com": _instagram,
    "threads.net": _threads,
    "threads.com": _threads,
    "x.com": _x,
    "linkedin.com": _linkedin,
}
"""By the `source_platform` of the envelope."""
