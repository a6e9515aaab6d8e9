"""Phone numbers in E.164: those that are named as a phone, or stand under no messenger's name."""

from collections.abc import Iterator
from pathlib import Path

from nlp.context import Context, Match, recogniser
from nlp.entities.numbers import Numbers, numbers

__all__ = ["Phone"]


@recogniser("phone")
class Phone:
    """Phones. National numbers are read by the text's language, a country it names, or the hint, in that order."""

    def __init__(self, lexicon: Path | None = None) -> None:
        self.numbers: Numbers = numbers(lexicon)

    def recognise(self, context: Context) -> Iterator[Match]:
        """The phones in the text."""
        for called in self.numbers.read(context):
            number = called.number
            if number is None or (called.kinds and "phone" not in called.kinds and set(called.kinds) != {"none"}):
                continue
            sure = 0.98 if called.signed else 0.95 if called.kinds else 0.85
            yield Match(
                kind="phone",
                value=number.e164,
                start=called.start,
                end=called.end,
                confidence=sure if number.valid else 0.6,
                country=number.region,
                undone=called.undone,
            )
