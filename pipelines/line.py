"""The same steps without Scrapy, in batches, for imports."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal, Self

from jerat.case import Case
from jerat.errors import Rejected
from jerat.model import Analysis, Post
from jerat.settings import Settings
from pipelines.analyser import Analyser
from pipelines.context import RunContext
from pipelines.enrich import Enriched, analysed_all
from pipelines.identify import identified
from pipelines.store import stored
from pipelines.validate import validated

__all__ = ["Line", "Outcome"]

_BATCH: Final = 256


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one post. `analysis` is None and `reason` says why where it is dead."""

    post: Post
    change: Literal["new", "changed", "same", "dead"]
    analysis: Analysis | None = None
    reason: str = ""


class Line:
    """Takes posts through validate, enrich and store, and the counts of a run along."""

    def __init__(self, case: Case, analyser: Analyser, settings: Settings, run_id: int | None = None) -> None:
        self._context = RunContext(case, settings, analyser, run_id)

    @classmethod
    def of_run(cls, context: RunContext) -> Self:
        """One that goes on with the counts of a run."""
        line = cls(context.case, context.analyser, context.settings)
        line._context = context
        return line

    def feed(self, posts: Iterable[Post]) -> Iterator[Outcome]:
        """One outcome for each post, in order, streaming; what was yielded is on disk."""
        source = iter(posts)
        while batch := list(islice(source, _BATCH)):
            outcomes = self._batch(batch)
            self._context.flush()
            yield from outcomes

    def _batch(self, batch: list[Post]) -> list[Outcome]:
        outcomes: dict[int, Outcome] = {}
        sound: list[tuple[int, Post]] = []
        for place, post in enumerate(batch):
            try:
                sound.append((place, identified(self._context.case, validated(post, self._context.settings.max_text))))
            except Rejected as rejection:
                outcomes[place] = self._dead(post, rejection)
        enriched: list[tuple[int, Enriched]] = []
        results = analysed_all([post for _, post in sound], self._context.analyser)
        for (place, post), result in zip(sound, results, strict=True):
            if isinstance(result, Enriched):
                enriched.append((place, result))
            else:
                outcomes[place] = self._dead(post, result[1])
        changes = stored(self._context.case, [one for _, one in enriched])
        for (place, one), change in zip(enriched, changes, strict=True):
            if isinstance(change, Rejected):
                outcomes[place] = self._dead(one.post, change)
            else:
                self._context.count(f"posts_{change}")
                if one.analysis.risk.level in ("medium", "high"):
                    self._context.count("risky")
                outcomes[place] = Outcome(one.post, change, one.analysis)
        return [outcomes[place] for place in range(len(batch))]

    def _dead(self, post: Post, rejection: Rejected) -> Outcome:
        self._context.reject(post, rejection)
        return Outcome(post, "dead", None, rejection.reason)
