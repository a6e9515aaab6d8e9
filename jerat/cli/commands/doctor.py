"""`jerat doctor`: is this installation sound, and does the engine answer?"""

from __future__ import annotations

from typing import Annotated, Any

import typer

from jerat.cli.state import State, state_of

__all__ = ["register"]

_VERSIONS = "Dependencies"
_STYLE = {"ok": "green", "note": "cyan", "fail": "bold red"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)


def doctor(
    ctx: typer.Context,
    settings: Annotated[bool, typer.Option("--settings", help="List every setting: value, default, meaning.")] = False,
    dead: Annotated[
        bool, typer.Option("--dead", help="List the dead letters: what could not be processed, and why.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document for programs.")] = False,
) -> None:
    """Examine the installation, the settings, the case and the search engine; the exit code is 1 where something fails.

    [bold]Examples[/]

      jerat doctor
      jerat doctor --settings
      jerat doctor --dead
    """
    state = state_of(ctx)
    if settings:
        _settings(state, as_json)
    elif dead:
        _dead(state, as_json)
    else:
        _examine(state, as_json)


def _examine(state: State, as_json: bool) -> None:
    from rich.text import Text

    from jerat.cli.examine import examine
    from jerat.cli.safe import one_line

    findings = examine(state)
    failed = [finding for finding in findings if finding.state == "fail"]
    if as_json:
        state.screen.json({"ok": not failed, "findings": findings})
    else:
        area = ""
        versions = [f"{one.name} {one.detail}" for one in findings if one.area == _VERSIONS and one.state == "ok"]
        for finding in findings:
            if finding.area != area:
                area = finding.area
                state.screen.heading(area)
                if area == _VERSIONS and versions:
                    state.screen.hanging(Text("  ok   ", "green") + Text(one_line(", ".join(versions))), 7)
            if finding.area == _VERSIONS and finding.state == "ok":
                continue
            mark = {"ok": "ok", "note": "--", "fail": "FAIL"}[finding.state]
            state.screen.hanging(
                Text(f"  {mark:<5}", _STYLE[finding.state]) + Text(one_line(f"{finding.name}: {finding.detail}")), 7
            )
        state.screen.say("")
        state.screen.say(
            Text(f"{len(failed)} failed: {', '.join(finding.name for finding in failed)}", "bold red")
            if failed
            else Text("all is well", "green")
        )
    if failed:
        raise typer.Exit(1)


def _settings(state: State, as_json: bool) -> None:
    from rich.text import Text

    from jerat.cli.examine import setting_rows

    rows = setting_rows(state)
    if as_json:
        state.screen.json({"settings": rows})
        return
    for row in rows:
        state.screen.say(
            Text(row["variable"], "bold") + Text(f" = {row['value']}", "" if row["default_in_force"] else "yellow")
        )
        default = "" if row["default_in_force"] else f" Default: {row['default']}."
        state.screen.say(Text(f"    {row['description']}{default}", "dim"))


def _dead(state: State, as_json: bool) -> None:
    from jerat.cli.screen import counted

    with state.open_case() as case:
        letters = list(case.dead_letters.list())
    if as_json:
        state.screen.json({"dead_letters": [_fields(letter) for letter in letters]})
        return
    state.screen.heading(counted(len(letters), "dead letter"))
    if letters:
        state.screen.table(
            ("when", "source", "step", "reason", "where"),
            elastic="where",
            rows=[
                (letter.at[:16].replace("T", " "), letter.source, letter.step, letter.reason, letter.url)
                for letter in letters
            ],
        )


def _fields(letter: Any) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(letter)
