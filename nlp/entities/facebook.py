"""Facebook and its Messenger: ids in lower case."""

from pathlib import Path

from nlp.context import recogniser
from nlp.entities.handles import FORMS, reserved
from nlp.entities.links import Link
from nlp.entities.messenger import Messenger

__all__ = ["Facebook", "address"]

_HOSTS = frozenset(
    {
        "facebook.com",
        "m.facebook.com",
        "web.facebook.com",
        "fb.com",
        "fb.me",
        "m.me",
        "mbasic.facebook.com",
        "id-id.facebook.com",
        "messenger.com",
    }
)


def address(link: Link) -> str:
    """The page or person behind an address of Facebook; empty for groups, posts and its other pages."""
    if link.host not in _HOSTS:
        return ""
    parts = [part.lower() for part in link.parts]
    if parts and parts[0] == "profile.php":
        return link.query.get("id", "") if link.query.get("id", "").isdecimal() else ""
    if len(parts) >= 2 and parts[0] == "t" and link.host == "messenger.com":
        return parts[1]
    if len(parts) >= 3 and parts[0] in ("people", "pages"):
        return parts[2] if parts[2].isdecimal() else ""
    if (
        not parts
        or parts[0] in reserved()["facebook"]
        or (len(parts) > 1 and parts[1] in ("posts", "videos", "photos", "permalink"))
    ):
        return ""
    return parts[0] if FORMS["facebook"].fullmatch(parts[0]) else ""


@recogniser("facebook")
class Facebook(Messenger):
    """Facebook and its Messenger."""

    def __init__(self, lexicon: Path | None = None) -> None:
        super().__init__("facebook", address, "digits", lexicon)
