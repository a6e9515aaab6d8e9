"""What all messengers have in common: an address of theirs, an id under their name, a number under their name."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from nlp.context import Context, Match
from nlp.entities.handles import Handles, handles
from nlp.entities.links import Link, links
from nlp.entities.plans import international

__all__ = ["Messenger", "e164"]

Read = Callable[[Link], str]


def e164(text: str) -> str:
    """The number in E.164 that an address holds; empty where the digits are none."""
    digits = "".join(char for char in text if char.isdecimal())
    if digits.startswith("00"):
        digits = digits[2:]
    number = international(digits) if digits.isascii() and digits else None
    return number.e164 if number else ""


class Messenger:
    """A recogniser of one messenger's contacts.

    `link` gives the value that an address of the messenger holds, or nothing. A number under the messenger's name is
    given in E.164 (`number="e164"`) or as the digits that were written (`"digits"`), where ids are free words.
    """

    def __init__(self, kind: str, link: Read | None, number: Literal["e164", "digits"], lexicon: Path | None) -> None:
        self.kind = kind
        self.link = link
        self.number = number
        self.handles: Handles = handles(lexicon)

    def recognise(self, context: Context) -> list[Match]:
        """The messenger's contacts in the text."""
        kind = self.kind
        found: list[Match] = []
        if self.link is not None:
            for link in links(context):
                if value := self.link(link):
                    found.append(
                        Match(
                            kind=kind, value=value, start=link.start, end=link.end, confidence=0.99, undone=link.undone
                        )
                    )
        ids, numbers = self.handles.by_kind(context)
        for handle in ids.get(kind, ()):
            found.append(
                Match(
                    kind=kind,
                    value=handle.value,
                    start=handle.start,
                    end=handle.end,
                    confidence=handle.confidence,
                    undone=handle.undone,
                )
            )
        for called in numbers.get(kind, ()):
            number = called.number
            if number is not None:
                written = self.number == "digits" and not called.signed
                found.append(
                    Match(
                        kind=kind,
                        value=called.digits if written else number.e164,
                        start=called.start,
                        end=called.end,
                        confidence=0.97 if number.valid else 0.7,
                        country=number.region,
                        undone=called.undone,
                    )
                )
        return found
