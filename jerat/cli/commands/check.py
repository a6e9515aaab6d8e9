"""`jerat check`: one post, explained to a person."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jerat.cli.state import State, state_of

if TYPE_CHECKING:
    from jerat.cli.explain import Reason
    from jerat.cli.phrases import Phrases
    from jerat.model import Analysis, Entity

__all__ = ["register"]

_REASONS = 9
_HONEST = 2


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
    """Explain one post: what it is, how risky and why, whom it names, what is missing, where help is. Nothing is kept.

    [bold]Examples[/]

      jerat check 'Dicari CS Kamboja, gaji $1000, tiket dan visa ditanggung, TG @contoh_admin'
      jerat check --lang id < pesan.txt
    """
    from jerat.cli.phrases import phrases

    state = state_of(ctx)
    phrases(lang)  # a wrong language is told before the second that loading takes
    post = _read(text or [])
    home = country.strip().upper()
    analysis = state.analyser.analyse(post, country_hint=home)
    if as_json:
        state.screen.json(_document(state, analysis, lang, home))
    else:
        _show(state, post, analysis, lang, home)


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


def _document(state: State, analysis: Analysis, lang: str, home: str) -> dict[str, Any]:
    """The analysis, with what a person is told of it."""
    import msgspec

    from jerat.cli.explain import reasons
    from jerat.cli.honest import missing
    from jerat.cli.restricted import help_of, help_rows

    told = reasons(analysis.risk.reasons, lang, state.settings.lexicon_in_force)
    found: dict[str, Any] = msgspec.to_builtins(analysis)
    return found | {
        "why": [
            {
                "indicator": one.indicator, "family": one.family, "meaning": one.meaning, "quotes": one.quotes,
                "weight": round(one.weight, 2), "source": one.source,
            }
            for one in told
        ],
        "missing": [{"id": one.id, "text": one.text.get(lang) or one.text["en"]} for one in missing(analysis)],
        "help": help_rows(help_of(analysis.language, analysis.entities, home), lang),
    }  # fmt: skip


def _show(state: State, post: str, analysis: Analysis, lang: str, home: str) -> None:
    from rich.padding import Padding
    from rich.text import Text

    from jerat.cli.explain import reasons, tell_numbered
    from jerat.cli.honest import missing
    from jerat.cli.marking import numbered
    from jerat.cli.phrases import phrases
    from jerat.cli.restricted import help_lines, help_of
    from jerat.cli.screen import LEVEL_STYLE
    from nlp.risk import load_weights

    screen, say, risk = state.screen, phrases(lang), analysis.risk
    aid = help_of(analysis.language, analysis.entities, home)
    if analysis.kind == "victim":
        screen.hanging(Text(say.help_first, "bold"), 0)
        help_lines(screen, aid, lang, say)
        screen.say("")
    width = max(len(say.is_), len(say.risk)) + 2
    levels = {name: f"{least:.2f}" for name, least in load_weights(state.settings.lexicon_in_force).levels.items()}
    screen.say(
        Text(f"{say.is_:<{width}}", "dim")
        + Text(say.kinds[analysis.kind], "bold")
        + Text(f" ({say.language}: {analysis.language})"),
        Text(f"{say.risk:<{width}}", "dim")
        + Text(f"{risk.level.upper()} {risk.score:.2f}", LEVEL_STYLE[risk.level])
        + Text(f"  {_meaning(analysis, say)}"),
    )
    screen.hanging(Text(" " * width) + Text(say.number.format(**levels), "dim"), width)
    screen.say("")
    told, more = _weightiest(reasons(risk.reasons, lang, state.settings.lexicon_in_force))
    body = numbered(post.strip("\n") if not told else post, risk.reasons, _numbers(told))
    body.rstrip()
    screen.say(Padding(body, (0, 2)) if screen.fancy else body, "")
    if told:
        screen.heading(say.why)
        tell_numbered(screen, told, say)
        if more:
            screen.say(Text(f"  {say.more.format(number=more)}", "dim"))
        screen.say("")
    screen.heading(say.names)
    _names(state, analysis.entities, say)
    if lacking := missing(analysis):
        screen.say("")
        screen.heading(say.missing)
        screen.hanging(Text("  " + "; ".join(one.text.get(lang) or one.text["en"] for one in lacking)), 2)
    if analysis.kind != "victim":
        screen.say("")
        screen.heading(say.help)
        help_lines(screen, aid, lang, say)
    screen.say("")
    if analysis.kind != "victim":
        screen.hanging(Text(say.advice), 0)
    screen.say(Text(say.kept, "dim"))


def _meaning(analysis: Analysis, say: Phrases) -> str:
    """What the level means in a post of this kind."""
    red = any(one.family not in ("kind", "honesty") for one in analysis.risk.reasons)
    if red and analysis.kind in ("warning", "victim") and analysis.risk.level in ("none", "low"):
        return say.reported
    return say.levels[analysis.risk.level]


def _weightiest(told: list[Reason]) -> tuple[list[Reason], int]:
    """As many reasons as fit on a screen, both what speaks for the risk and what weighs against; how many are left."""
    red = sorted((one for one in told if one.weight >= 0), key=lambda one: one.family != "kind")
    honest = sorted((one for one in told if one.weight < 0), key=lambda one: one.weight)
    room = max(_REASONS - min(len(honest), _HONEST), 0)
    kept = [*red[:room], *honest[: max(_HONEST, _REASONS - len(red))]]
    return kept, len(told) - len(kept)


def _numbers(told: list[Reason]) -> dict[str, int]:
    return {one.indicator: number for number, one in enumerate(told, 1)}


def _names(state: State, entities: tuple[Entity, ...], say: Phrases) -> None:
    """What was found, one line for each group, each value once."""
    from rich.text import Text

    from jerat.cli.marking import isolated
    from jerat.cli.safe import one_line
    from jerat.model import CONTACT_KINDS

    unique = {(entity.kind, entity.value): entity for entity in entities}
    groups: dict[str, list[Text]] = {}
    for (kind, value), entity in unique.items():
        group = {"location": say.places, "salary": say.pay}.get(kind, say.others)
        group = say.contacts if kind in CONTACT_KINDS else group
        line = Text(f"{kind} ", "dim") if kind in CONTACT_KINDS or group == say.others else Text()
        line.append(one_line(value), "bold")
        notes = [entity.role if entity.role not in ("", "plain") else "", *entity.undone]
        written = one_line(entity.text, 40)
        if written and written not in value and value not in written:
            notes.append(f"“{isolated(written)}”")
        if shown := ", ".join(note for note in notes if note):
            line.append(f" ({shown})", "dim")
        groups.setdefault(group, []).append(line)
    if not groups:
        state.screen.say(f"  {say.nothing}")
    width = max(map(len, (say.contacts, say.places, say.pay, say.others))) + 4
    for group in (say.contacts, say.places, say.pay, say.others):
        if group in groups:
            head = Text(f"{f'  {group}':<{width}}", "dim")
            state.screen.hanging(head + Text("; ").join(groups[group]), width)
