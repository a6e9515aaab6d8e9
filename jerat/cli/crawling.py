"""What is seen of a crawl: how far each run is, and a summary that names what failed and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from jerat.cli.safe import one_line
from jerat.cli.screen import counted

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from crawlers.recorder import Progress
    from crawlers.run import RunReport
    from crawlers.targets import Target
    from jerat.case import Case
    from jerat.cli.screen import Screen

__all__ = ["Watching", "bars", "failed", "report_row", "summary"]

_EVERY: Final = 60.0
"""Seconds between two lines that say how far a run is, where there is no terminal."""
_NAME: Final = 24
_SHORT_NAME: Final = 16
_WIDE: Final = 100
"""Columns of a terminal from which on a run has room for its whole name beside what it found."""
_SHOWN: Final = 10


def bars(screen: Screen) -> Bars:
    """A line for each run, on a terminal only and gone when all is done."""
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = [
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        TextColumn("{task.fields[far]}", markup=False),
        TimeElapsedColumn(),
    ]
    return Progress(*columns, console=screen.err, transient=True, disable=not screen.err.is_terminal)


@dataclass
class Watching:
    """Shows how far the runs are. Where nobody looks at a terminal, a plain line a minute says it."""

    screen: Screen
    lines: Bars
    targets: Sequence[Target]
    _tasks: dict[str, TaskID] = field(default_factory=dict)
    _began: dict[str, float] = field(default_factory=dict)
    _told: dict[str, float] = field(default_factory=dict)
    _done: set[str] = field(default_factory=set)
    _whole: TaskID | None = None

    def __post_init__(self) -> None:
        self._whole = self.lines.add_task(f"{counted(len(self.targets), 'run')} to make", total=None, far="")

    def __call__(self, now: Progress) -> None:
        """A page or a post came, or a run has ended."""
        key = now.target or now.source
        began = self._began.setdefault(key, monotonic())
        if now.ended:
            self._done.add(key)
        if self.lines.disable:
            if monotonic() - self._told.setdefault(key, began) >= _EVERY:
                self._told[key] = monotonic()
                far = _far(now, began).replace("  ", ", ")
                self.screen.err.print(one_line(f"{now.source}: {far} so far"), soft_wrap=True)
            return
        if key not in self._tasks:
            self._tasks[key] = self.lines.add_task("", total=None, far="")
        most = _NAME if self.screen.err.width >= _WIDE else _SHORT_NAME
        width = min(most, max([len(self._label(now)), *(len(target.label) for target in self.targets)]))
        name = one_line(self._label(now), width).ljust(width)
        room = max(self.screen.err.width - width - 12, 20)
        self.lines.update(self._tasks[key], description=name, far=_far(now, began)[:room])
        if now.ended:  # it stands in the summary; the screen is for those that run
            self.lines.update(self._tasks[key], visible=False)
        if self._whole is not None:
            said = f"{len(self._done)} of {counted(len(self.targets), 'run')} done"
            self.lines.update(self._whole, description=said, visible=len(self.targets) > 1)

    def _label(self, now: Progress) -> str:
        known = next((target for target in self.targets if target.address == now.target), None)
        return known.label if known is not None and known.declared is not None else now.source


def _far(now: Progress, began: float) -> str:
    minutes = (monotonic() - began) / 60
    parts = [counted(now.pages, "page"), counted(now.posts, "post")]
    parts += [f"{now.risky:,} risky"] if now.risky else []
    parts += [counted(now.errors, "error")] if now.errors else []
    parts += [f"{now.dead:,} dead"] if now.dead else []
    parts += [f"{now.pages / minutes:,.0f}/min"] if minutes > 0.05 else []
    return "  ".join(parts)


def failed(report: RunReport) -> bool:
    """Whether a run did not do what it was asked for: it failed, or a fault of jerat lost a post of it."""
    return report.status == "failed" or report.faults > 0


def report_row(case: Case, report: RunReport) -> dict[str, Any]:
    """A report for programs, with its first dead letters."""
    from dataclasses import asdict

    letters = list(case.dead_letters.list(report.run_id))[:_SHOWN] if report.dead and report.run_id else []
    dead = [{"step": one.step, "reason": one.reason, "url": one.url} for one in letters]
    seconds = {"seconds": round(report.seconds, 1), "posts": report.posts, "failed": failed(report)}
    return asdict(report) | seconds | {"dead_letters": dead}


def summary(screen: Screen, case: Case, reports: Sequence[RunReport]) -> None:
    """What each run brought, then what failed and why, then what could not be kept."""
    if screen.fancy and len(reports) > 0:
        _table(screen, reports)
    else:
        for report in reports:
            screen.say(one_line(_line(report)))
    for report in reports:
        if report.status == "failed":
            screen.warn(f"{report.target}: {report.reason or 'gave no posts'}")
        elif report.status == "skipped":
            screen.note(f"{report.target}: left alone, {report.reason}")
        elif report.reason:  # what the run has to say though it went well
            screen.say(
                f"{report.target}: {one_line(report.reason)}" if screen.fancy else f"  {one_line(report.reason)}"
            )
        if report.faults:
            said = counted(report.faults, "post or page was", "posts or pages were")
            screen.warn(f"{report.target}: {said} lost to a fault of jerat; they stand in the dead letters")
    _dead(screen, case, reports)


def _table(screen: Screen, reports: Sequence[RunReport]) -> None:
    heads = ("source", "pages", "new", "changed", "known", "gone", "risky", "dead", "errors", "time", "outcome")
    narrow = screen.out.width < 100
    left_out = {"gone", "known", "changed", "errors"} if narrow else set()
    for name, value in (("gone", "gone"), ("changed", "posts_changed"), ("known", "posts_same"), ("errors", "errors")):
        if name in left_out and any(getattr(report, value) for report in reports):
            left_out.discard(name)
    rows = []
    for report in reports:
        outcome = "FAILED" if failed(report) else report.status
        cells = (
            report.target, report.pages, report.posts_new, report.posts_changed, report.posts_same, report.gone,
            report.risky, report.dead, report.errors, _clock(report.seconds), outcome,
        )  # fmt: skip
        rows.append([f"{cell:,}" if isinstance(cell, int) else cell for cell in cells])
    kept = [at for at, head in enumerate(heads) if head not in left_out]
    screen.table(
        [heads[at] for at in kept],
        [[row[at] for at in kept] for row in rows],
        right=heads[1:-1],
        elastic="source",
    )


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _line(report: RunReport) -> str:
    if report.status == "skipped":
        return f"{report.target}: left alone"
    parts = [counted(report.pages, "page"), counted(report.posts_new, "new post")]
    parts += [f"{report.posts_changed:,} changed"] if report.posts_changed else []
    parts += [f"{report.posts_same:,} known"] if report.posts_same else []
    parts += [f"{report.gone:,} gone"] if report.gone else []
    parts += [f"{report.risky:,} risky"] if report.risky else []
    parts += [counted(report.dead, "dead letter")] if report.dead else []
    parts += [counted(report.errors, "error")] if report.errors else []
    return f"{report.target}: {', '.join(parts)}"


def _dead(screen: Screen, case: Case, reports: Sequence[RunReport]) -> None:
    """The dead letters of the runs: the same reason once, with how many there are and where one of them is."""
    kinds: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], str] = {}
    for report in reports:
        for letter in case.dead_letters.list(report.run_id) if report.dead and report.run_id else ():
            if report.status == "failed" and letter.reason in report.reason:
                continue  # it is the reason of the whole run, and was told
            kinds[letter.step, letter.reason] += 1
            first.setdefault((letter.step, letter.reason), letter.url)
    for (step, reason), number in kinds.most_common(_SHOWN):
        where = f"{first[step, reason]}" + (f" and {number - 1:,} more" if number > 1 else "")
        screen.warn(f"dead letter, {step}: {reason} ({where})")
    others = sum(number for _, number in kinds.most_common()[_SHOWN:])
    if others:
        screen.warn(f"and {counted(others, 'dead letter')} more with other reasons")
    if kinds:
        screen.warn("`jerat doctor --dead` lists the dead letters of the case")
