"""The first step: a post is what the model promises, and its text is such that everything behind can hold it."""

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Self

import msgspec

from jerat.errors import Rejected
from jerat.model import Job, Link, Message, Post
from pipelines.context import Dropped, context_of
from pipelines.identify import identified

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

__all__ = ["NO_TEXT", "Validate", "validated"]

NO_TEXT: Final = "no text: nothing in it can be searched or analysed"
_STEP: Final = "validate"
_MAX_TITLE: Final = 1000
_MAX_AUTHOR: Final = 300
_MAX_URL: Final = 8000
_MAX_LINKS: Final = 2000
_EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
_AHEAD: Final = timedelta(days=2)
# One for one, so that the spans of links still fit: what is no character, and what no terminal or database should get.
_UNWANTED: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def validated(post: Post, max_text: int) -> Post:
    """`post`, cleaned. Raises Rejected where it cannot be kept.

    A control character becomes a space and a lone surrogate U+FFFD, one for one, so that spans keep their places. A date of
    before 1990, or more than two days ahead, is taken away, for it is wrong.
    A post that has neither text nor title (a picture without a caption) is rejected: it stands in the dead letters with
    its media addresses.
    """
    if not post.id:
        raise Rejected(_STEP, "no id")
    if not post.url or len(post.url) > _MAX_URL:
        raise Rejected(
            _STEP, "no address" if not post.url else f"an address of {len(post.url)} characters; {_MAX_URL} are allowed"
        )
    if len(post.text) > max_text:
        raise Rejected(_STEP, f"a text of {len(post.text)} characters; JERAT_MAX_TEXT allows {max_text}")
    text, title = _clean(post.text), _line(post.title, _MAX_TITLE)
    if not text.strip() and not title:
        raise Rejected(_STEP, NO_TEXT)
    return msgspec.structs.replace(
        post,
        text=text,
        title=title,
        url=_clean(post.url),
        source=_line(post.source, _MAX_TITLE),
        author=_line(post.author, _MAX_AUTHOR),
        published_at=_plausible(post.published_at),
        links=tuple(_link(link, len(text)) for link in post.links[:_MAX_LINKS] if link.url),
        media=tuple(_clean(url) for url in post.media if len(url) <= _MAX_URL),
        job=None if post.job is None else _job(post.job),
        message=None if post.message is None else _message(post.message),
    )


def _clean(text: str) -> str:
    return _UNWANTED.sub(lambda match: " " if match[0] < "\ud800" else "\ufffd", text)


def _line(text: str, limit: int) -> str:
    line = " ".join(_clean(text).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _plausible(moment: datetime | None) -> datetime | None:
    if moment is None or not _EARLIEST <= moment <= datetime.now(UTC) + _AHEAD:
        return None
    return moment.astimezone(UTC)


def _link(link: Link, length: int) -> Link:
    if 0 <= link.start <= link.end <= length:
        return Link(url=_clean(link.url), start=link.start, end=link.end)
    return Link(url=_clean(link.url))


def _job(job: Job) -> Job:
    return msgspec.structs.replace(
        job,
        organisation=_line(job.organisation, _MAX_TITLE),
        locations=tuple(_line(place, _MAX_TITLE) for place in job.locations),
        salary=_line(job.salary, _MAX_TITLE),
        employment_type=tuple(_line(kind, _MAX_TITLE) for kind in job.employment_type),
        contacts=tuple(_line(contact, _MAX_TITLE) for contact in job.contacts),
    )


def _message(message: Message) -> Message:
    return msgspec.structs.replace(
        message,
        forwarded_from=_line(message.forwarded_from, _MAX_TITLE),
        forwarded_url=_clean(message.forwarded_url),
        reply_to=_clean(message.reply_to),
    )


class Validate:
    """The step as a Scrapy item pipeline."""

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def process_item(self, item: Any) -> Post:
        """The cleaned post; one that cannot be kept goes to the dead letters."""
        context = context_of(self._crawler)
        if not isinstance(item, Post):
            context.dead(_STEP, f"no post, but {type(item).__name__}", item=repr(item)[:10_000])
            raise Dropped("no post")
        try:
            return identified(context.case, validated(item, context.settings.max_text))
        except Rejected as rejection:
            context.reject(item, rejection)
            raise Dropped(rejection.reason) from None
