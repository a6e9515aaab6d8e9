"""Instagram: user names in lower case."""

from pathlib import Path

from nlp.context import recogniser
from nlp.entities.handles import FORMS, reserved
from nlp.entities.links import Link
from nlp.entities.messenger import Messenger

__all__ = ["Instagram", "address"]


def address(link: Link) -> str:
    """The user behind an address of Instagram; empty for posts and its other pages."""
    parts = [part.lower() for part in link.parts]
    if link.host == "ig.me" and len(parts) > 1 and parts[0] == "m":
        return parts[1]
    if (
        link.host not in ("instagram.com", "instagr.am", "m.instagram.com")
        or not parts
        or parts[0] in reserved()["instagram"]
    ):
        return ""
    name = parts[0].lstrip("@")
    return name if FORMS["instagram"].fullmatch(name) else ""


@recogniser("instagram")
class Instagram(Messenger):
    """Instagram."""

    def __init__(self, lexicon: Path | None = None) -> None:
        super().__init__("instagram", address, "digits", lexicon)
