"""What the steps of a run share: the case, the settings, the analyser, and the counts of the run."""

from collections import deque
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakKeyDictionary

import msgspec
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from jerat.case import Case, DeadLetter
from jerat.errors import CaseError, Rejected
from jerat.model import Post
from jerat.settings import Settings
from pipelines.analyser import Analyser

__all__ = ["Dropped", "RunContext", "attach", "context_of", "has_context"]

_MAX_ITEM: Final = 4_000_000
_MOST_TOLD: Final = 20_000


@dataclass(slots=True)
class RunContext:
    """One run. `run_id` is its row in `case.runs`, or None where nobody keeps one."""

    case: Case
    settings: Settings
    analyser: Analyser
    run_id: int | None = None
    counts: dict[str, int] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)
    """What was counted in the whole run; `counts` is what the run's row has still to be told."""

    worth: deque[tuple[str, float]] = field(default_factory=lambda: deque(maxlen=_MOST_TOLD))
    """The addresses of posts that were kept, with the score of each: for a spider that learns from it, which takes them."""
    _promises: dict[str, float] = field(default_factory=dict)

    round_at: str = ""
    """When the call began that this run is one of; empty where it is alone."""
    more_to_come: bool = False
    """Whether another run of the same source follows in the call: only the last one looks for what none has met."""

    broken: str = ""
    """Why the case takes nothing more, such as a full disk; the run ends then."""

    @property
    def risky(self) -> int:
        """Posts kept in this run whose risk is medium or high."""
        return self.totals.get("risky", 0)

    def promise_of(self, text: str) -> float:
        """How much the words of a link promise, 0 to 1: the score that they would have as a post."""
        known = self._promises.get(text)
        if known is None:
            if len(self._promises) >= _MOST_TOLD:
                self._promises.clear()
            try:
                known = self.analyser.analyse(text).risk.score
            except Exception:  # whatever a site writes into its links, the run goes on
                known = 0.0
            self._promises[text] = known
        return known

    def count(self, name: str, number: int = 1) -> None:
        """Add to a count of the run: names as in `Runs.count`. A row in the case follows at `flush`."""
        self.counts[name] = self.counts.get(name, 0) + number
        self.totals[name] = self.totals.get(name, 0) + number

    @property
    def posts(self) -> int:
        """Posts kept in this run, whether new, changed or known."""
        return sum(self.totals.get(f"posts_{change}", 0) for change in ("new", "changed", "same"))

    def flush(self) -> None:
        """Write the counts to the run's row."""
        counts = {name: number for name, number in self.counts.items() if number}
        if counts and self.run_id is not None:
            try:
                self.case.runs.count(self.run_id, counts)
            except CaseError as error:
                self.broken = self.broken or str(error)
        self.counts.clear()

    def dead(self, step: str, reason: str, *, source: str = "", url: str = "", item: str = "") -> None:
        """Keep what could not be processed."""
        letter = DeadLetter(step=step, reason=reason, source=source, url=url, item=item[:_MAX_ITEM], run_id=self.run_id)
        try:
            self.case.dead_letters.add(letter)
        except CaseError as error:
            self.broken = self.broken or str(error)
            return
        self.count("dead")

    def reject(self, post: Post, rejection: Rejected) -> None:
        """Keep a post that a step cannot take, whole."""
        self.dead(rejection.step, rejection.reason, source=post.source, url=post.url, item=as_json(post))


class Dropped(DropItem):
    """A post that is in the dead letters already: Scrapy need not warn of it."""

    def __init__(self, message: str) -> None:
        super().__init__(message, log_level="DEBUG")


def as_json(post: Post) -> str:
    """A post as JSON; lone surrogates, which JSON in UTF-8 cannot hold, as question marks."""
    try:
        return msgspec.json.encode(post).decode()
    except (ValueError, TypeError, UnicodeEncodeError):
        return repr(post)


_CONTEXTS: Final[WeakKeyDictionary[Crawler, RunContext]] = WeakKeyDictionary()


def attach(crawler: Crawler, context: RunContext) -> None:
    """Give a crawler its run: the item pipelines and the spiders find it with `context_of`."""
    _CONTEXTS[crawler] = context


def has_context(crawler: Crawler) -> bool:
    """Whether the crawler was given its run."""
    return crawler in _CONTEXTS


def context_of(crawler: Crawler) -> RunContext:
    """The run of a crawler. Raises RuntimeError where `attach` was forgotten."""
    try:
        return _CONTEXTS[crawler]
    except KeyError:
        raise RuntimeError("this crawler has no run: crawlers.recorder.Recorder must be among its extensions") from None
