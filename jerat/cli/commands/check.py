"""`jerat check`: one post, explained to a person."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from jerat.cli.state import State, state_of

if TYPE_CHECKING:
    from jerat.model import Analysis

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check")(check)


def check(
    ctx: typer.Context,
    text: Annotated[
        list[str] | None, typer.Argument(help="The post; `-`, or nothing, reads it from standard input.")
    ] = None,
    lang: Annotated[str, typer.Option(help="The language of the explanation: en or id.")] = "en",
    country: Annotated[
        str, typer.Option(metavar="CC", help="ISO 3166 country of the post, for national phone numbers.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the analysis as one JSON document.")] = False,
) -> None:
    """Explain one post: what it is, how risky and why, which contacts and places it names. Nothing is kept.

    [bold]Examples[/]

      jerat check 'Dicari CS Kamboja, gaji $1000, tiket dan visa ditanggung, TG @contoh_admin'
      jerat check --lang id < pesan.txt
    """
    from jerat.cli.phrases import phrases

    state = state_of(ctx)
    phrases(lang)  # a wrong language is told before the second that loading takes
    post = _read(text or [])
    analysis = state.analyser.analyse(post, country_hint=country.strip().upper())
    if as_json:
        state.screen.json(analysis)
    else:
        _show(state, post, analysis, lang)


def _read(words: list[str]) -> str:
    from jerat.errors import InputError

    if words and words != ["-"]:
        return " ".join(words)
    if sys.stdin.isatty():
        sys.stderr.write("Paste the post, then press Ctrl-D on a line of its own:\n")
    text = sys.stdin.buffer.read().decode("utf-8", "replace").removeprefix("\ufeff")
    if not text.strip():
        raise InputError("there is no text to check", "jerat check 'the text of the post'")
    return text


def _show(state: State, post: str, analysis: Analysis, lang: str) -> None:
    from rich.padding import Padding
    from rich.text import Text

    from jerat.cli.cards import marked
    from jerat.cli.explain import reasons, tell_reasons
    from jerat.cli.phrases import phrases
    from jerat.cli.safe import one_line
    from jerat.cli.screen import LEVEL_STYLE

    screen, say, risk = state.screen, phrases(lang), analysis.risk
    width = max(len(say.is_), len(say.risk)) + 2
    screen.say(
        Text(f"{say.is_:<{width}}", "dim") + Text(f"{say.kinds[analysis.kind]} ({say.language}: {analysis.language})"),
        Text(f"{say.risk:<{width}}", "dim")
        + Text(f"{risk.level.upper()} {risk.score:.2f}", LEVEL_STYLE[risk.level])
        + Text(f"  {say.levels[risk.level]}"),
        "",
    )
    body = marked(post.strip("\n") if not risk.reasons else post, [*risk.reasons])
    screen.say(Padding(body, (0, 2)) if screen.fancy else body, "")
    told = reasons(risk.reasons, lang, state.settings.lexicon)
    if told:
        screen.heading(say.why)
        tell_reasons(screen, told, say)
        screen.say("")
    screen.heading(say.names)
    unique = {(entity.kind, entity.value): entity for entity in analysis.entities}
    for (kind, value), entity in unique.items():
        line = Text(f"  {kind:<13}", "dim") + Text(one_line(value), "bold")
        notes = [entity.role if entity.role != "plain" else "", *(f"{undone}" for undone in entity.undone)]
        if one_line(entity.text) != value:
            notes.append(f"“{one_line(entity.text, 60)}”")
        line.append("  " + ", ".join(note for note in notes if note), "dim")
        screen.say(line)
    if not unique:
        screen.say(f"  {say.nothing}")
    screen.say("", Text(say.advice), Text(say.kept, "dim"))
