"""Telegram: user names in lower case, invitations as `+HASH`, numbers under its name in E.164."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from nlp.context import Context, recogniser
from nlp.entities.handles import reserved
from nlp.entities.links import Link, links
from nlp.entities.messenger import Messenger, e164

__all__ = ["Telegram", "address"]

_HOSTS = frozenset({"t.me", "telegram.me", "telegram.dog"})
_HASH = re.compile(r"[A-Za-z0-9_-]{10,40}")
_NAME = re.compile(r"(?!.*__)[a-z][a-z0-9_]{2,30}[a-z0-9]")


def address(link: Link) -> str:
    """The user name or the invitation behind an address of Telegram; empty for its other pages."""
    if link.scheme == "tg":
        values = link.query
        if link.host in ("resolve", "join"):
            name, number, invite = values.get("domain", ""), values.get("phone", ""), values.get("invite", "")
            return _name(name) if name else f"+{invite}" if _HASH.fullmatch(invite) else e164(number)
        return ""
    if link.host.endswith(".t.me") and link.host.count(".") == 2:
        return _name(link.host.partition(".")[0])
    if link.host not in _HOSTS:
        return ""
    parts = link.parts
    if not parts:
        return ""
    first = parts[0]
    if first in ("s", "c") and len(parts) > 1 and first == "s":
        first = parts[1]
    elif first.lower() == "joinchat" and len(parts) > 1:
        return f"+{parts[1]}" if _HASH.fullmatch(parts[1]) else ""
    elif first.startswith(("+", " ")):
        rest = first[1:].strip()
        if rest.isdecimal() and 7 <= len(rest) <= 15:
            return e164(rest)
        return f"+{rest}" if _HASH.fullmatch(rest) else ""
    return _name(first)


def _name(text: str) -> str:
    name = text.lower().lstrip("@")
    return name if _NAME.fullmatch(name) and name not in reserved()["telegram"] else ""


@recogniser("telegram")
class Telegram(Messenger):
    """Telegram."""

    def __init__(self, lexicon: Path | None = None) -> None:
        super().__init__("telegram", address, "e164", lexicon)
        numbers = self.handles.numbers
        # The first messenger reads for all of them; step by step, which is faster on many texts.
        reads = (links, numbers.names_in, numbers.atoms_in, numbers.read, self.handles.read)
        self.phases = (*(partial(_fill, read) for read in reads), self.recognise)


def _fill(read: Callable[[Context], object], context: Context) -> None:
    read(context)  # what it finds is kept in the context
