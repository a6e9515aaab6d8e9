"""The component that reads the rest of an offer: one pass over the words, then each kind that has any."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from nlp.context import Context, Match, recogniser
from nlp.entities.offer import contract, employer, language_asked, licence, plain, sex, typing_speed, working_hours
from nlp.entities.offer.table import Hit, Table, table
from nlp.entities.stepwise import Stepwise

__all__ = ["Offer"]

Read = Callable[[Context, dict[str, list[Hit]], Table], Iterable[Match]]

_KINDS: Final[dict[str, Read]] = {
    "role": plain.role, "document": plain.document, "transport": plain.transport, "lodging": plain.lodging,
    "food": plain.food, "debt": plain.debt, "sex": sex.read, "language_asked": language_asked.read,
    "typing_speed": typing_speed.read, "working_hours": working_hours.read, "contract": contract.read,
    "licence": licence.read, "employer": employer.read,
}  # fmt: skip
"""By the file whose words call it."""


@recogniser("offer")
class Offer(Stepwise):
    """What an offer asks for and promises besides contacts, places, pay and age."""

    def __init__(self, lexicon: Path | None = None) -> None:
        self.table: Table = table(lexicon)
        super().__init__("offer", self._words, self._kinds)

    def _words(self, context: Context) -> dict[str, list[Hit]] | None:
        return self.table.find(context.lower) or None

    def _kinds(self, context: Context, hits: dict[str, list[Hit]]) -> Iterator[Match]:
        """The findings, kind by kind."""
        for kind in hits:
            read = _KINDS.get(kind)
            if read is not None:
                yield from read(context, hits, self.table)
