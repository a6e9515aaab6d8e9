"""The program `jerat`: its commands, its global options, and how it tells of errors."""

import logging
import os
import sys
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from jerat import __version__
from jerat.cli.commands import (
    analyse,
    bench,
    check,
    crawl,
    demo,
    doctor,
    entities,
    evaluate,
    export,
    import_,
    reindex,
    review,
    search,
    show,
    sources,
    train,
)
from jerat.cli.screen import Screen
from jerat.cli.state import State
from jerat.errors import JeratError

__all__ = ["app", "main"]

_ANYWHERE: Final = {"--case": True, "--debug": False}
_STOPPED: Final = 130
_BROKEN_PIPE: Final = 141


class _Group(TyperGroup):
    """Commands in the order in which a newcomer needs them; errors as one sentence; `--case` also behind a command."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, _hoisted(args))

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except JeratError as error:
            Screen().error(error)
            raise typer.Exit(error.exit_code) from error


def _hoisted(args: list[str]) -> list[str]:
    """`args` with the global options first, wherever they stood before `--`."""
    front: list[str] = []
    rest: list[str] = []
    at = 0
    while at < len(args):
        word = args[at]
        if word == "--":
            rest += args[at:]
            break
        name = word.partition("=")[0]
        if name not in _ANYWHERE:
            rest.append(word)
        else:
            front.append(word)
            if _ANYWHERE[name] and "=" not in word and at + 1 < len(args):
                at += 1
                front.append(args[at])
        at += 1
    return front + rest


app = typer.Typer(
    cls=_Group,
    name="jerat",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"jerat {__version__}\n")
        raise typer.Exit


@app.callback()
def jerat(
    ctx: typer.Context,
    case: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The case folder. Default: the setting JERAT_CASE, else ./case."),
    ] = None,
    debug: Annotated[
        bool, typer.Option("--debug", help="Log what is done, and show the traceback of an unexpected error.")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Finds job advertisements that show signs of recruiting for scam compounds, and makes them searchable.

    Begin with `jerat demo`. Each command explains itself: `jerat search --help`.
    """
    ctx.obj = State(case, debug=debug)
    _log(debug)


def _log(debug: bool) -> None:
    """Warnings reach standard error without this; Scrapy brings a handler of its own."""
    if debug:
        logging.basicConfig(level=logging.DEBUG, format="%(levelname)s %(name)s: %(message)s")


for _module in (
    demo,
    check,
    crawl,
    sources,
    import_,
    search,
    show,
    review,
    train,
    entities,
    export,
    analyse,
    evaluate,
    bench,
    reindex,
    doctor,
):
    _module.register(app)


def main() -> None:
    """Run `jerat` with the arguments of the process, and end the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except KeyboardInterrupt:
        Screen().warn("stopped; what was kept stays kept")
        sys.exit(_STOPPED)
    except BrokenPipeError:
        # The reader has gone, as `head` does. Nothing may be flushed into the pipe when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(_BROKEN_PIPE)
    except Exception as error:
        if "--debug" in sys.argv or os.environ.get("JERAT_LOG_LEVEL", "").lower() == "debug":
            raise
        Screen().error(
            JeratError(
                f"an unexpected error, {type(error).__name__}: {error}",
                "this is a mistake in jerat: please report it with what `--debug` shows",
            )
        )
        sys.exit(1)
