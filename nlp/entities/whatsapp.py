"""WhatsApp: numbers in E.164. An invitation to a group is an address (`url`), for it names nobody."""

from pathlib import Path

from nlp.context import recogniser
from nlp.entities.links import Link
from nlp.entities.messenger import Messenger, e164

__all__ = ["Whatsapp", "address"]

_HOSTS = frozenset({"wa.me", "api.whatsapp.com", "web.whatsapp.com", "whatsapp.com", "wa.link"})


def address(link: Link) -> str:
    """The number behind an address of WhatsApp; empty for groups, channels and its other pages."""
    if link.scheme == "whatsapp" or link.host in _HOSTS:
        number = link.query.get("phone", "")
        if not number and link.host == "wa.me" and link.parts:
            number = link.parts[0]
            if number.lstrip("+").strip()[:1].isalpha():
                return ""
        return e164(number)
    return ""


@recogniser("whatsapp")
class Whatsapp(Messenger):
    """WhatsApp."""

    def __init__(self, lexicon: Path | None = None) -> None:
        super().__init__("whatsapp", address, "e164", lexicon)
