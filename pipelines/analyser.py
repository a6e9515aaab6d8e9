"""What the pipelines need of nlp, so that a test can give something smaller."""

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from jerat.model import Analysis, Field

__all__ = ["Analyser"]


class Analyser(Protocol):
    """What this step needs of `nlp.Analyser`."""

    def analyse(self, text: str, *, id: str = "", fields: tuple[Field, ...] = (), country_hint: str = "") -> Analysis:
        """All findings in one text."""

    def pipe(self, inputs: Iterable[Any], batch_size: int = 64) -> Iterator[Analysis]:
        """The same for many, in order."""
