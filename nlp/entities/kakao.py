"""KakaoTalk: ids in lower case, and the codes of its open chats."""

from pathlib import Path

from nlp.context import recogniser
from nlp.entities.links import Link
from nlp.entities.messenger import Messenger

__all__ = ["Kakao", "address"]


def address(link: Link) -> str:
    """The code of an open chat (`open.kakao.com/o/CODE`) or the id of a channel (`pf.kakao.com/ID`)."""
    parts = link.parts
    if link.host == "open.kakao.com" and len(parts) > 1 and parts[0] in ("o", "me"):
        return parts[1].lower()
    if link.host == "pf.kakao.com" and parts:
        return parts[0].lower()
    return ""


@recogniser("kakao")
class Kakao(Messenger):
    """KakaoTalk."""

    def __init__(self, lexicon: Path | None = None) -> None:
        super().__init__("kakao", address, "digits", lexicon)
