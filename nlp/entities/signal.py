"""Signal: numbers in E.164, and user names such as `name.01`."""

from pathlib import Path

from nlp.context import recogniser
from nlp.entities.links import Link
from nlp.entities.messenger import Messenger, e164

__all__ = ["Signal", "address"]


def address(link: Link) -> str:
    """The number behind `signal.me/#p/+NUMBER`; empty for groups and encrypted user names."""
    if link.host == "signal.me" and link.path.startswith("#p/"):
        return e164(link.path[3:])
    return ""


@recogniser("signal")
class Signal(Messenger):
    """Signal."""

    def __init__(self, lexicon: Path | None = None) -> None:
        super().__init__("signal", address, "e164", lexicon)
