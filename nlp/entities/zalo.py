"""Zalo: numbers in E.164."""

from pathlib import Path

from nlp.context import recogniser
from nlp.entities.links import Link
from nlp.entities.messenger import Messenger, e164
from nlp.entities.plans import national

__all__ = ["Zalo", "address"]


def address(link: Link) -> str:
    """The number behind `zalo.me/NUMBER`, read in Vietnam where it has no country code; empty for groups."""
    parts = link.parts
    if link.host not in ("zalo.me", "chat.zalo.me") or not parts or not parts[0].lstrip("+").isdecimal():
        return ""
    found = national(parts[0], "VN", True)
    return found.e164 if found else e164(parts[0])


@recogniser("zalo")
class Zalo(Messenger):
    """Zalo."""

    def __init__(self, lexicon: Path | None = None) -> None:
        super().__init__("zalo", address, "e164", lexicon)
