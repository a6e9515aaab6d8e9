"""WeChat: ids in lower case; a number under its name as the digits that were written."""

from pathlib import Path

from nlp.context import recogniser
from nlp.entities.links import Link
from nlp.entities.messenger import Messenger

__all__ = ["Wechat", "address"]


def address(link: Link) -> str:
    """The id behind `weixin://dl/chat?ID`; empty for all else, for WeChat's other addresses name nobody."""
    if link.scheme == "weixin" and link.host == "dl" and link.url.partition("?")[2]:
        return link.url.partition("?")[2].lower()[:20]
    return ""


@recogniser("wechat")
class Wechat(Messenger):
    """WeChat."""

    def __init__(self, lexicon: Path | None = None) -> None:
        super().__init__("wechat", address, "digits", lexicon)
