"""Public previews of Telegram channels, page by page from the newest message to the oldest."""

from collections.abc import Iterable
from typing import Any, ClassVar
from urllib.parse import urlsplit, urlunsplit

from scrapy.http import Response

from crawlers.extract.telegram import read_channel
from crawlers.spiders.base import JeratSpider

__all__ = ["ChannelWalk", "TelegramSpider", "preview_address"]

_HOSTS = frozenset({"t.me", "telegram.me", "telegram.dog", "www.t.me"})


def preview_address(url: str) -> str:
    """The address of the preview where `url` is that of a channel (`t.me/NAME`); a single message stays one, embedded."""
    parts = urlsplit(url)
    if (parts.hostname or "") not in _HOSTS:
        return url
    steps = [step for step in parts.path.split("/") if step]
    if not steps or steps[0] == "s":
        return url
    if len(steps) == 1:
        return urlunsplit((parts.scheme, parts.netloc, f"/s/{steps[0]}", parts.query, ""))
    if len(steps) == 2 and steps[1].isdecimal() and "embed" not in parts.query:
        return urlunsplit((parts.scheme, parts.netloc, parts.path, "embed=1&mode=tme", ""))
    return url


class ChannelWalk(JeratSpider):
    """Reads a preview and follows the page's own way to older messages. The first page decides whether there is one."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.heard: dict[str, set[int]] = {}
        """The numbers of the messages that the pages showed, by the beginning of their addresses."""
        self.misheard = False
        """Whether a part of a page could not be read: then nothing is known of what is not there."""

    def parse_channel(self, response: Response, seen: frozenset[str] = frozenset()) -> Iterable[Any]:
        """The messages of one page, newest first, then the page before it."""
        response.meta["depth"] = (
            0  # depth counts links, and a channel is one long line of pages: only the budget ends it
        )
        markup = self.read(response)
        origin = self.origin(response)
        channel = read_channel(markup, origin)
        for problem in channel.problems:
            self.dead_page("parse", response.url, problem)
        self.misheard |= bool(channel.problems or response.meta.get("jerat_cut"))
        for post in channel.posts:
            begin, _, number = post.url.rpartition("/")
            self.heard.setdefault(f"{begin}/", set()).add(int(number))
        if not channel.is_channel and not channel.posts:
            self.notes.append(_no_preview(channel.title))
            if seen:
                self.dead_page("parse", response.url, "an older page of the channel has no messages in its markup")
            return
        if channel.posts and not seen:
            self.name_source(channel.posts[0].source)
        numbers = frozenset(post.native_id for post in channel.posts)
        if not channel.posts:
            self.notes.append(
                f"the channel's page has {channel.service} service messages and no other"
                if channel.service
                else "the channel's page is empty"
            )
        # A page that only repeats the one before would lead in a circle.
        fresh = [post for post in reversed(channel.posts) if post.native_id not in seen]
        yield from self.take(fresh)
        if channel.older and (fresh or channel.service) and not self.full:
            yield self.page(channel.older, self.parse_channel, cb_kwargs={"seen": numbers})

    def found_gone(self) -> Iterable[tuple[str, str]]:
        """Known messages whose number lies between those of the pages, which follow each other without a gap."""
        for begin, numbers in () if self.misheard else self.heard.items():
            for known, url in self.context.case.presence.below(begin):
                number = url.removeprefix(begin)
                if number.isdecimal() and min(numbers) < int(number) < max(numbers) and int(number) not in numbers:
                    yield known, f"message {number} is missing between those that are there"
        yield from super().found_gone()


def _no_preview(title: str) -> str:
    if title:
        return f"the page names {title!r} but shows no messages: its owner has no public preview, or it is a group or a person"
    return "no channel preview: there is no such channel, or it is private"


class TelegramSpider(ChannelWalk):
    """`scrapy crawl telegram -a url=https://t.me/s/NAME`, or another host that shows the same markup."""

    name = "telegram"
    kind: ClassVar[str] = "telegram"

    def __init__(self, url: str = "", source: str = "", **arguments: Any) -> None:
        if url and "://" not in url and "/" not in url:
            url = f"https://t.me/s/{url.lstrip('@')}"
        address = preview_address(url if "://" in url or not url else f"https://{url}")
        super().__init__(url=address, source=source or _channel_source(address), **arguments)

    async def start(self) -> Any:
        """The newest page."""
        if self.url:
            yield self.page(self.url, self.parse_channel, dont_filter=True)


def _channel_source(url: str) -> str:
    parts = urlsplit(url)
    steps = [step for step in parts.path.split("/") if step and step != "s"]
    return f"t.me/{steps[0].lower()}" if (parts.hostname or "") in _HOSTS and steps else ""
