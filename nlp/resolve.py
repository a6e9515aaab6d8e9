"""Which of several readings of the same characters stays."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Final
from urllib.parse import urlsplit

from jerat.model import OFFER_KINDS, Entity
from nlp.context import Context, Match, component

__all__ = ["RANKS", "entities", "resolve", "settle"]

RANKS: Final = {
    # By rank: where two readings overlap, the lower number stays; of one rank, the longer, then the surer.
    "telegram": 0, "whatsapp": 0, "zalo": 0, "viber": 0, "signal": 0, "wechat": 0, "line": 0, "kakao": 0, "qq": 0,
    "facebook": 0, "instagram": 0, "tiktok": 0, "discord": 0,  # named by the text or by a link of their own
    "btc": 0, "eth": 0, "tron": 0, "ltc": 0, "doge": 0, "bch": 0, "xrp": 0, "sol": 0, "ton": 0,
    "xmr": 0,  # a checksum that fits is no accident
    "email": 1,  # its domain would be a url, its name may be a number
    "url": 2,  # numbers and places inside an address are names of pages
    "bank_account": 3,  # named by a bank; its digits may look like a phone
    "phone": 4,  # valid in a numbering plan, which one figure of pay in a hundred is too
    "salary": 5,  # has a currency or a word for pay beside it
    "age": 6,
    "location": 7,  # a word that may be part of anything above
    "organisation": 8,
    "person": 9,
    **dict.fromkeys(OFFER_KINDS, 10),  # words that may be part of anything above, and of one another
}  # fmt: skip
_LAST: Final = 11

_OWN_HOSTS: Final = {
    "telegram": ("t.me", "telegram.me", "telegram.dog", "telegram.org"),
    "whatsapp": ("wa.me", "whatsapp.com"),
    "zalo": ("zalo.me",),
    "viber": ("viber.com", "viber.click"),
    "signal": ("signal.me", "signal.group"),
    "wechat": ("weixin.qq.com", "u.wechat.com"),
    "line": ("line.me", "lin.ee"),
    "kakao": ("kakao.com",),
    "qq": ("qq.com",),
    "facebook": ("facebook.com", "fb.com", "fb.me", "m.me", "messenger.com"),
    "instagram": ("instagram.com", "instagr.am", "ig.me"),
    "tiktok": ("tiktok.com",),
    "discord": ("discord.gg", "discord.com", "discordapp.com"),
}
"""A link to one of these hosts is the messenger's contact and not an address besides."""

_INSIDE_URL: Final = frozenset(kind for kind, rank in RANKS.items() if rank < RANKS["url"])
_OFFER: Final = frozenset(OFFER_KINDS)
_BESIDE: Final = frozenset({"location", "organisation", "person", "age", "salary"})
_MANY: Final = 256
"""Readings that hang together, above which only the plain rule is kept, so that the time stays linear."""


@component("resolve", version=1)
def resolve(context: Context) -> None:
    """Settle the overlaps among the entities of the context, and drop those that cross a border of a segment."""
    if context.entities:
        fits = [match for match in context.entities if context.holds(match.start, match.end)]
        context.entities = settle(fits)


def settle(matches: Iterable[Match]) -> list[Match]:
    """The readings that stay, by their place. The same value at several places stays at each.

    Two readings of the same characters both stay where both are true: a number under two messengers (`WA/Zalo 09…`), a
    contact in the query of a url that is not its own, a place in the name of an organisation.
    """
    found = sorted(matches, key=_place)
    if all(after.start >= match.end for match, after in pairwise(found)):
        return found
    settled: list[Match] = []
    group: list[Match] = []
    reach = -1
    for match in found:
        if group and match.start >= reach:
            settled += _settle_group(group)
            group = []
            reach = -1
        group.append(match)
        reach = max(reach, match.end)
    settled += _settle_group(group)
    return settled


def _place(match: Match) -> tuple[int, int]:
    return match.start, -match.end


def entities(context: Context) -> tuple[Entity, ...]:
    """The entities of the context with their original surfaces, by field and place."""
    found = []
    for match in context.entities:
        place = context.surface(match.start, match.end)
        if place is None:
            continue
        text, start, end, field = place
        undone = context.undone(match.start, match.end)
        if match.undone:
            undone = (*match.undone, *[name for name in undone if name not in match.undone])
        found.append(
            Entity(
                text=text, start=start, end=end, field=field, kind=match.kind, value=match.value,
                confidence=match.confidence, country=match.country, lat=match.lat, lon=match.lon,
                geoname_id=match.geoname_id, role=match.role, usd_month_min=match.usd_month_min,
                usd_month_max=match.usd_month_max, bank=match.bank, undone=undone,
            )
        )  # fmt: skip
    return tuple(found)


def _settle_group(group: list[Match]) -> list[Match]:
    """Those that stay of readings that hang together by overlaps."""
    if len(group) < 2:
        return group
    order = sorted(
        group, key=lambda m: (RANKS.get(m.kind, _LAST), m.start - m.end, -m.confidence, m.start, m.kind, m.value)
    )
    stay: list[Match] = []
    if len(group) > _MANY:
        stay = _apart(order)
    else:
        for match in order:
            if all(other.end <= match.start or match.end <= other.start or _both(other, match) for other in stay):
                stay.append(match)
    return sorted(stay, key=lambda match: (match.start, match.end))


def _both(first: Match, second: Match) -> bool:
    """Whether two overlapping readings, the first of lower or equal rank, are both true."""
    if first.kind == second.kind:
        return False
    same = (first.start, first.end) == (second.start, second.end)
    if RANKS.get(first.kind) == 0 and (RANKS.get(second.kind) == 0 or second.kind == "phone"):
        return same  # `HP/WA 08…`: the phone recogniser leaves out numbers that are named only as a messenger's
    if second.kind == "url" and first.kind in _INSIDE_URL:
        return second.start < first.start and first.end <= second.end and not _own(second.value, first)
    if second.kind in _OFFER:  # `包吃住` is both; `visa Kamboja` names a place and a paper
        return first.kind in _OFFER or (first.kind in _BESIDE and not same)
    if first.kind == "location" and second.kind == "organisation":
        return not same and second.start <= first.start and first.end <= second.end
    return False


def _own(url: str, contact: Match) -> bool:
    """Whether a url is nothing but the contact: a link of the messenger, or `mailto:` and the like."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return True
    if not host or (contact.kind == "email" and parts.username is not None):
        return True
    return any(host == own or host.endswith("." + own) for own in _OWN_HOSTS.get(contact.kind, ()))


def _apart(order: list[Match]) -> list[Match]:
    """The first of each overlap, in the given order; near linear, for the characters taken are few or of few readings."""
    stay: list[Match] = []
    taken: set[int] = set()
    for match in order:
        covered = range(match.start, match.end)
        if match.start not in taken and taken.isdisjoint(covered):
            taken.update(covered)
            stay.append(match)
    return stay
