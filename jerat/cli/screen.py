"""Where output goes: for people with rich, plain lines when piped, one JSON document for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from jerat.cli.safe import one_line, safe
from jerat.exchange.safe_json import json_safe

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.progress import Progress
    from rich.text import Text

    from jerat.errors import JeratError

__all__ = ["LEVEL_STYLE", "Screen", "counted", "dumps"]

_GAP: Final = 2
_LEAST: Final = 12
LEVEL_STYLE: Final = {"high": "bold red", "medium": "bold yellow", "low": "cyan", "none": "dim"}


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 post`, `2 posts`, `1,000 entities`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def dumps(value: Any, *, indent: int = 0) -> str:
    """`value`, of builtin types and msgspec structs, as JSON that steers no terminal; lone surrogates as escapes."""
    import msgspec

    try:
        encoded = msgspec.json.encode(value)
        document = (msgspec.json.format(encoded, indent=indent) if indent else encoded).decode()
    except UnicodeEncodeError:
        document = json.dumps(msgspec.to_builtins(value), ensure_ascii=True, indent=indent or None)
    return json_safe(document)


class Screen:
    """Standard output and standard error."""

    def __init__(self) -> None:
        self._out: Console | None = None
        self._err: Console | None = None

    @property
    def out(self) -> Console:
        """Standard output."""
        if self._out is None:
            self._out = _console(sys.stdout)
        return self._out

    @property
    def err(self) -> Console:
        """Standard error."""
        if self._err is None:
            self._err = _console(sys.stderr)
        return self._err

    @property
    def fancy(self) -> bool:
        """Whether a person looks at standard output, so that colours and boxes help."""
        return self.out.is_terminal

    def say(self, *lines: RenderableType) -> None:
        """Print; a str is our own words, what strangers wrote comes as Text made by `safe`."""
        for line in lines:
            self.out.print(line, soft_wrap=not self.fancy)

    def hanging(self, line: Text, indent: int) -> None:
        """Print one line; where it is too long for the terminal, it goes on `indent` columns from the left."""
        from rich.table import Table

        if not self.fancy:
            self.say(line)
            return
        grid = Table.grid()
        grid.add_column(width=indent, no_wrap=True)
        grid.add_column(overflow="fold")
        grid.add_row(line[:indent], line[indent:])
        self.out.print(grid)

    def heading(self, text: str) -> None:
        """A title above a part of the output."""
        from rich.text import Text

        self.say(Text(text, style="bold"))

    def json(self, value: Any) -> None:
        """Print one JSON document."""
        sys.stdout.write(dumps(value, indent=2) + "\n")
        sys.stdout.flush()

    def table(
        self,
        columns: Sequence[str],
        rows: Iterable[Sequence[Any]],
        *,
        right: Sequence[str] = (),
        elastic: str = "",
        tabs: bool = True,
    ) -> None:
        """A table; tab-separated lines when piped, but where `tabs` is false. Cells are made safe here.

        On a terminal the column `elastic` gets what room the others leave, cut with `…`, or is left out.
        """
        from rich.text import Text

        if tabs and not self.fancy:
            for row in (columns, *rows):  # rich would make spaces of the tabs
                self.out.file.write("\t".join(one_line(str(cell)) for cell in row) + "\n")
            return
        from rich.cells import cell_len
        from rich.table import Table

        lines = [[one_line(str(cell)) for cell in row] for row in rows]
        widths = [
            max(cell_len(text) for text in (name, *(line[at] for line in lines))) for at, name in enumerate(columns)
        ]
        room = self.out.width - sum(
            width + _GAP for name, width in zip(columns, widths, strict=True) if name != elastic
        )
        room -= _GAP
        kept = [at for at, name in enumerate(columns) if name != elastic or room >= _LEAST]
        table = Table(box=None, padding=(0, _GAP, 0, 0), header_style="bold dim")
        for at in kept:
            name = columns[at]
            if name == elastic:
                table.add_column(name, no_wrap=True, overflow="ellipsis", max_width=room)
            else:
                table.add_column(name, justify="right" if name in right else "left", overflow="fold", no_wrap=room >= 0)
        for line in lines:
            table.add_row(*(Text(line[at]) for at in kept))
        self.out.print(table)

    def progress(self, *, counted: bool = True, sized: bool = False) -> Progress:
        """A progress bar on standard error, seen only on a terminal and gone when done; where `sized`, of bytes."""
        from rich.progress import (
            BarColumn,
            DownloadColumn,
            MofNCompleteColumn,
            Progress,
            SpinnerColumn,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        columns = [SpinnerColumn(), TextColumn("{task.description}", markup=False)]
        if sized:
            columns += [BarColumn(), DownloadColumn(binary_units=True), TimeRemainingColumn()]
        elif counted:
            columns += [BarColumn(), MofNCompleteColumn()]
        columns.append(TimeElapsedColumn())
        return Progress(*columns, console=self.err, transient=True, disable=not self.err.is_terminal)

    def note(self, text: str) -> None:
        """One sentence on standard error, beside the output."""
        self._tell(text, "dim")

    def warn(self, text: str) -> None:
        """One sentence on standard error about something that needs attention."""
        self._tell(f"Warning: {text}", "yellow")

    def error(self, error: JeratError) -> None:
        """What went wrong and what to do, on standard error; in a query, with the place marked."""
        from jerat.errors import QueryError

        self._tell(f"Error: {error}", "bold red")
        if isinstance(error, QueryError) and error.position >= 0 and "\n" not in error.query:
            from rich.cells import cell_len

            query = safe(error.query)
            self._tell(f"  {query}", "")
            self._tell("  " + " " * cell_len(query[: error.position]) + "^", "bold red")
        if error.hint:
            self._tell(f"  {error.hint}", "")

    def _tell(self, text: str, style: str) -> None:
        from rich.text import Text

        self.err.print(Text(safe(text), style=style), soft_wrap=not self.err.is_terminal)


def _console(stream: Any) -> Console:
    from rich.console import Console

    return Console(file=stream, markup=False, highlight=False, emoji=False)
