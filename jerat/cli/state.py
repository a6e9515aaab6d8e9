"""What the commands share: the settings, the case, and the index behind it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jerat.cli.screen import Screen

if TYPE_CHECKING:  # imported where they are used: `jerat --help` has to be quick
    from pathlib import Path

    import typer

    from index.protocol import Index
    from jerat.case import Case
    from jerat.settings import Settings
    from nlp import Analyser

__all__ = ["State", "state_of"]


@dataclass
class State:
    """One call of `jerat`."""

    case_dir: Path | None = None
    debug: bool = False
    screen: Screen = field(default_factory=Screen)
    overrides: dict[str, Any] = field(default_factory=dict)
    """Settings that the command itself needs, such as loopback for the demo."""

    @cached_property
    def settings(self) -> Settings:
        """The settings in force, with the case that `--case` names. Warns of misspelt variables."""
        from jerat.settings import load_settings, unknown_variables

        for name in unknown_variables():
            self.screen.warn(f"{name} is set in the environment, and is no setting of jerat: `jerat doctor --settings`")
        level = "debug" if self.debug else None
        return load_settings(**{"case": self.case_dir, "log_level": level, **self.overrides})

    @cached_property
    def analyser(self) -> Analyser:
        """The nlp pipeline; takes about a second to load."""
        import nlp

        return nlp.load(self.settings.lexicon_in_force, self.settings.names)

    def open_case(self, *, create: bool = False) -> Case:
        """The case of this call."""
        from jerat.case import Case

        return Case(self.settings.case, create=create)

    @contextmanager
    def opened(self) -> Iterator[tuple[Case, Index]]:
        """The case and its index, up to date: what waits in the outbox is taken there first, or said to wait."""
        from pipelines.engine import open_engine

        with self.open_case() as case:
            index = open_engine(self.settings, case)
            try:
                index.ready()  # an index that had to be made anew queues all posts
                self.drain(case)
                yield case, index
            finally:
                index.close()

    def drain(self, case: Case) -> bool:
        """Take what waits to the engine; says so where it cannot be done, and returns whether all is searchable."""
        from pipelines.engine import drained

        dead = case.dead_letters.count()
        trouble = drained(self.settings, case)
        if trouble:
            self.screen.warn(f"{trouble}; they are kept, and the next command that reaches the engine takes them there")
        refused = case.dead_letters.count() - dead
        if refused:
            self.screen.warn(f"the search engine refused {refused} posts: `jerat doctor --dead` has its reasons")
        return not trouble and not refused


def state_of(context: typer.Context) -> State:
    """The state of the call that `context` belongs to."""
    state = context.obj
    assert isinstance(state, State)
    return state
