"""All messengers and networks whose addresses name somebody: such an address is their contact, and no `url`."""

from collections.abc import Callable
from typing import Final

from nlp.entities import (
    discord,
    facebook,
    instagram,
    kakao,
    line,
    qq,
    signal,
    telegram,
    tiktok,
    viber,
    wechat,
    whatsapp,
    zalo,
)
from nlp.entities.links import Link

__all__ = ["MESSENGERS", "claimed"]

MESSENGERS: Final[dict[str, Callable[[Link], str]]] = {
    module.__name__.rpartition(".")[2]: module.address
    for module in (
        telegram,
        whatsapp,
        zalo,
        viber,
        signal,
        wechat,
        line,
        kakao,
        qq,
        facebook,
        instagram,
        tiktok,
        discord,
    )
}
"""By kind: what reads the messenger's own addresses."""

# Pages of Telegram's own that name nobody are no contacts of any kind.
_NOBODY: Final = frozenset({"t.me", "telegram.me", "telegram.dog", "wa.me"})


def claimed(link: Link) -> bool:
    """Whether an address belongs to a messenger, so that it is not a `url`."""
    return link.host in _NOBODY or any(read(link) for read in MESSENGERS.values())
