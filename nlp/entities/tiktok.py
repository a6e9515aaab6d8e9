"""TikTok: user names in lower case."""

from pathlib import Path

from nlp.context import recogniser
from nlp.entities.handles import FORMS
from nlp.entities.links import Link
from nlp.entities.messenger import Messenger

__all__ = ["Tiktok", "address"]


def address(link: Link) -> str:
    """The user behind an address of TikTok; empty for its other pages."""
    parts = [part.lower() for part in link.parts]
    if link.host in ("tiktok.com", "m.tiktok.com") and parts and parts[0].startswith("@"):
        name = parts[0][1:]
        return name if FORMS["tiktok"].fullmatch(name) else ""
    return ""


@recogniser("tiktok")
class Tiktok(Messenger):
    """TikTok."""

    def __init__(self, lexicon: Path | None = None) -> None:
        super().__init__("tiktok", address, "digits", lexicon)
