"""What all messengers have in common: an address of theirs, an id under their name, a number under their name."""

from collections.abc import Callable, Iterator
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

    def recognise(self, context: Context) -> Iterator[Match]:
        """The messenger's contacts in the text."""
        kind = self.kind
        if self.link is not None:
            for link in links(context):
                if value := self.link(link):
                    yield Match(
                        kind=kind, value=value, start=link.start, end=link.end, confidence=0.99, undone=link.undone
                    )
        for handle in self.handles.read(context):
            if handle.kind == kind:
                yield Match(
                    kind=kind,
                    value=handle.value,
                    start=handle.start,
                    end=handle.end,
                    confidence=handle.confidence,
                    undone=handle.undone,
                )
        for called in self.handles.numbers.read(context):
            if kind in called.kinds and called.number is not None:
                written = self.number == "digits" and not called.signed
                yield Match(
                    kind=kind,
                    value=called.digits if written else called.number.e164,
                    start=called.start,
                    end=called.end,
                    confidence=0.97 if called.number.valid else 0.7,
                    country=called.number.region,
                    undone=called.undone,
                )
