"""QQ: the digits of the id."""

from pathlib import Path

from nlp.context import recogniser
from nlp.entities.links import Link
from nlp.entities.messenger import Messenger

__all__ = ["Qq", "address"]


def address(link: Link) -> str:
    """The id behind the addresses by which QQ opens a chat."""
    value = link.query.get("uin", "") if link.host in ("wpa.qq.com", "im") or link.scheme == "mqqapi" else ""
    return value if value.isdecimal() else ""


@recogniser("qq")
class Qq(Messenger):
    """QQ."""

    def __init__(self, lexicon: Path | None = None) -> None:
        super().__init__("qq", address, "digits", lexicon)
