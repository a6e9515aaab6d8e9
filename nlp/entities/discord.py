"""Discord: user names and the codes of invitations, in lower case."""

from pathlib import Path

from nlp.context import recogniser
from nlp.entities.links import Link
from nlp.entities.messenger import Messenger

__all__ = ["Discord", "address"]


def address(link: Link) -> str:
    """The code of an invitation, or the number of a user."""
    parts = [part.lower() for part in link.parts]
    if link.host == "discord.gg" and parts:
        return parts[0]
    if link.host in ("discord.com", "discordapp.com") and len(parts) > 1 and parts[0] in ("invite", "users"):
        return parts[1]
    return ""


@recogniser("discord")
class Discord(Messenger):
    """Discord."""

    def __init__(self, lexicon: Path | None = None) -> None:
        super().__init__("discord", address, "digits", lexicon)
