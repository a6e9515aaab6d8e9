"""LINE: ids in lower case, without the sign before those of official accounts."""

from pathlib import Path

from nlp.context import recogniser
from nlp.entities.links import Link
from nlp.entities.messenger import Messenger

__all__ = ["Line", "address"]


def address(link: Link) -> str:
    """The id behind `line.me/ti/p/~ID`, `line.me/R/ti/p/@ID` and `lin.ee/CODE`; empty for groups."""
    parts = link.parts
    if link.host == "lin.ee" and parts:
        return parts[0].lower()
    if link.scheme == "line" or link.host in ("line.me", "page.line.me", "liff.line.me"):
        if link.host == "page.line.me" and parts:
            return parts[0].lower().lstrip("@")
        lower = [part.lower() for part in ([link.host, *parts] if link.scheme == "line" else parts)]
        if "p" in lower[:-1]:
            return lower[lower.index("p") + 1].lstrip("@~")
    return ""


@recogniser("line")
class Line(Messenger):
    """LINE."""

    def __init__(self, lexicon: Path | None = None) -> None:
        super().__init__("line", address, "digits", lexicon)
