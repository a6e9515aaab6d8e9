"""When the addresses of a source are visited next, and how they have fared: from the declaration and the runs of the case.

After a run that went well the next is due when the cadence has passed; a tenth of it, an hour at most, is given away, so
that a cron job a day finds a source of a day due. After failures it is tried again sooner and then ever later: a quarter of
the cadence, a half, one, two, four of them, a week at most where the cadence itself is not longer. A run that was stopped
by hand or killed counts as a failure that is due at once, the first time.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Final, Literal

from crawlers.catalogue import Catalogue
from crawlers.declared import Source, seconds_of
from crawlers.targets import Target, of_source
from jerat.case import KILLED, Case, Run

__all__ = ["Health", "Place", "State", "due", "health", "places"]

State = Literal["off", "held", "never", "running", "ok", "failing", "killed"]

_SLACK: Final = timedelta(hours=1)
_LONGEST: Final = timedelta(days=7)
_FIRST_AGAIN: Final = 0.25
_MOST_TIMES: Final = 4.0
_USUAL_OF: Final = 5
_INTERRUPTED: Final = (KILLED, "stopped by hand")


@dataclass(frozen=True, slots=True)
class Place:
    """One address of a source. `runs` are its last ones, newest first, and `due_at` is None while one is under way."""

    target: Target
    runs: tuple[Run, ...]
    state: State
    failures: int
    """Runs that failed since the last one that went well."""
    failing_since: str
    due_at: datetime | None

    @property
    def last(self) -> Run | None:
        """The newest run."""
        return self.runs[0] if self.runs else None

    @property
    def usual(self) -> int | None:
        """Posts that the runs before the last one brought, in the middle; None where none of them went well."""
        good = [run.posts for run in self.runs[1:] if run.status == "ok"][:_USUAL_OF]
        return int(median(good)) if good else None


@dataclass(frozen=True, slots=True)
class Health:
    """How a source fares, over all its addresses."""

    source: Source
    own: bool
    file: str
    state: State
    places: tuple[Place, ...]
    reason: str

    @property
    def last(self) -> Run | None:
        """The newest run of any of its addresses."""
        runs = [place.last for place in self.places if place.last is not None]
        return max(runs, key=lambda run: run.id, default=None)

    @property
    def posts(self) -> int | None:
        """Posts of the last run of each address."""
        runs = [place.last for place in self.places if place.last is not None]
        return sum(run.posts for run in runs) if runs else None

    @property
    def usual(self) -> int | None:
        """Posts that runs before brought."""
        known = [place.usual for place in self.places if place.usual is not None]
        return sum(known) if known else None

    @property
    def expected(self) -> int:
        """Posts that the declaration expects."""
        return self.source.expect.posts * len(self.places)

    @property
    def failing_since(self) -> str:
        """When the first of the failures began that go on."""
        return min((place.failing_since for place in self.places if place.failing_since), default="")

    @property
    def due_at(self) -> datetime | None:
        """When the first of its addresses is due; None where it is off, or under way."""
        if self.state in ("off", "held"):
            return None
        return min((place.due_at for place in self.places if place.due_at is not None), default=None)


def places(case: Case | None, source: Source, now: datetime | None = None) -> list[Place]:
    """The addresses of a source with what the case knows of them. Without a case nothing was visited."""
    moment = now or datetime.now(UTC)
    return [_place(case, target, source, moment) for target in of_source(source)]


def health(case: Case | None, catalogue: Catalogue) -> list[Health]:
    """All declared sources, in the order of their names."""
    found = []
    for entry in catalogue:
        every = tuple(places(case, entry.source))
        held = catalogue.held.get(entry.source.name)
        state: State = "held" if held is not None else _state(entry.source, every)
        reason = str(held) if held is not None else _reason(entry.source, every)
        found.append(Health(entry.source, entry.own, str(entry.file), state, every, reason))
    return found


def due(case: Case, sources: list[Source], now: datetime | None = None) -> tuple[list[Target], datetime | None]:
    """The targets whose time has come, the longest overdue first; and when the next one comes."""
    moment = now or datetime.now(UTC)
    waiting = [place for source in sources for place in places(case, source, moment) if place.due_at is not None]
    waiting.sort(key=lambda place: place.due_at or moment)
    ready = [place for place in waiting if place.due_at is not None and place.due_at <= moment]
    later = [place.due_at for place in waiting if place.due_at is not None and place.due_at > moment]
    targets = [
        Target(place.target.address, place.target.kind, place.target.declared, place.last.id if place.last else 0)
        for place in ready
    ]
    return targets, min(later, default=None)


def _place(case: Case | None, target: Target, source: Source, moment: datetime) -> Place:
    runs = tuple(case.runs.history(source.name, target.address)) if case is not None else ()
    if not runs or case is None:
        return Place(target, (), "never", 0, "", moment)
    if case.runs.alive(runs[0]):
        _, failures, since = _failures(runs[1:])
        return Place(target, runs, "running", failures, since, None)
    state, failures, since = _failures(runs)
    due_at = _due(runs[0], failures, timedelta(seconds=seconds_of(source.cadence)), killed=_interrupted(runs[0]))
    return Place(target, runs, state, failures, since, due_at)


def _failures(runs: tuple[Run, ...]) -> tuple[State, int, str]:
    """How the last run went, how many failed in a row, and since when."""
    number = next((at for at, run in enumerate(runs) if run.status == "ok"), len(runs))
    if not runs or not number:
        return "ok", 0, ""
    killed = runs[0].status == "running" or runs[0].reason.startswith(KILLED)
    return "killed" if killed else "failing", number, runs[number - 1].started_at


def _interrupted(run: Run) -> bool:
    """Whether it was not the site that ended the run."""
    return run.status == "running" or run.reason.startswith(_INTERRUPTED)


def _due(last: Run, failures: int, cadence: timedelta, *, killed: bool) -> datetime:
    began: datetime = datetime.fromisoformat(last.started_at)
    if not failures:
        return began + cadence - min(cadence / 10, _SLACK)
    times = failures - 1 if killed else failures
    if not times:
        return began
    again = cadence * min(_FIRST_AGAIN * 2 ** min(times - 1, 20), _MOST_TIMES)
    wait: timedelta = min(again, max(_LONGEST, cadence))
    return began + wait


def _state(source: Source, every: tuple[Place, ...]) -> State:
    """The state of the source: that of its address that fares worst."""
    if not source.enabled:
        return "off"
    ranked: tuple[State, ...] = ("running", "failing", "killed", "ok", "never")
    return next((state for state in ranked if any(place.state == state for place in every)), "never")


def _reason(source: Source, every: tuple[Place, ...]) -> str:
    if not source.enabled:
        return f"{source.terms or source.note} Instead: {source.instead}"
    bad = [place for place in every if place.state in ("failing", "killed") and place.last is not None]
    said = []
    for place in bad:
        reason = place.last.reason if place.last is not None and place.last.reason else KILLED
        said.append(f"{place.target.address}: {reason}" if len(every) > 1 else reason)
    return "; ".join(said)
