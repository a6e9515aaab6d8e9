"""Viber: numbers in E.164."""

from pathlib import Path

from nlp.context import recogniser
from nlp.entities.links import Link
from nlp.entities.messenger import Messenger, e164

__all__ = ["Viber", "address"]


def address(link: Link) -> str:
    """The number behind `viber://chat?number=`; empty for its other addresses."""
    return e164(link.query.get("number", "")) if link.scheme == "viber" or link.host == "viber.me" else ""


@recogniser("viber")
class Viber(Messenger):
    """Viber."""

    def __init__(self, lexicon: Path | None = None) -> None:
        super().__init__("viber", address, "e164", lexicon)
