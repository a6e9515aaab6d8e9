"""`jerat sources candidates`, `accept` and `reject`: the places that posts name, and what is decided on them."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jerat.cli.state import State, state_of

if TYPE_CHECKING:
    from jerat.case import Case
    from pipelines.candidates import Ranked

__all__ = ["register"]

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document for programs.")]
Which = Annotated[
    str, typer.Argument(metavar="ADDRESS|N", help="The address, or its number in `jerat sources candidates`.")
]
Reason = Annotated[str, typer.Option(help="Why. Kept with the decision.")]
By = Annotated[str, typer.Option(help="Who decides. Default: the user of the system.")]


def register(group: typer.Typer) -> None:
    """Add the commands to the group `sources`."""
    group.command("candidates")(candidates)
    group.command("accept")(accept)
    group.command("reject")(reject)


def candidates(
    ctx: typer.Context,
    number: Annotated[int, typer.Option("-n", "--number", min=0, help="Rows to print; 0 is all of them.")] = 30,
    every: Annotated[
        bool, typer.Option("--all", help="Also those that were accepted or rejected, and known sources.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Channels, groups and pages that posts name, ranked by the risk of what names them (docs/versions.md has the formula).

    Copies of one advertisement count once. Posts that are set apart name none. `visit` tells whether jerat can read the
    place by itself: `jerat crawl --follow N` visits the best N. Groups and invitations it cannot.

    [bold]Example[/]

      jerat sources candidates
    """
    from jerat.cli.safe import one_line
    from jerat.cli.screen import counted

    state = state_of(ctx)
    with state.open_case() as case:
        rows = _ranked(state, case, every=every)
    shown = rows[:number] if number else rows
    if as_json:
        state.screen.json({"total": len(rows), "candidates": [_row(at, one) for at, one in enumerate(shown, 1)]})
        return
    cut = f", {len(shown)} shown" if len(shown) < len(rows) else ""
    state.screen.heading(f"{counted(len(rows), 'candidate')}{cut}")
    if shown:
        state.screen.table(
            ("n", "rank", "kind", "address", "posts", "risky", "visit", "example", "status"),
            [
                (
                    at,
                    f"{one.score:.2f}",
                    one.candidate.kind,
                    one_line(one.candidate.address, 200),
                    one.posts,
                    one.risky,
                    _visit(one),
                    one.example[:12],
                    one_line(_status(one), 120),
                )
                for at, one in enumerate(shown, 1)
            ],
            right=("n", "rank", "posts", "risky"),
            elastic="address",
        )
        state.screen.note(
            "`jerat sources accept N --reason …` declares it as a source; `reject` takes it from the list"
        )


def accept(
    ctx: typer.Context,
    which: Which,
    reason: Reason,
    name: Annotated[str, typer.Option(help="What the source is called in commands. Default: guessed.")] = "",
    kind: Annotated[str, typer.Option(help="The kind of spider. Default: guessed from the address, else auto.")] = "",
    by: By = "",
    as_json: Json = False,
) -> None:
    """Declare a candidate as a source of your own, in the folder `sources` of the case or the one of JERAT_SOURCES.

    [bold]Example[/]

      jerat sources accept 1 --reason 'repeats the lures of two others'
    """
    from crawlers.adding import declaration, write
    from crawlers.candidates import spider_of
    from jerat.cli.declared import catalogue_of
    from jerat.errors import InputError

    state = state_of(ctx)
    with state.open_case() as case:
        one = _chosen(state, case, which).candidate
        spider = spider_of(one.kind)
        if not spider and not kind:
            raise InputError(
                f"{one.address} ({one.kind}) cannot be read from outside",
                "import what a person saved of it: `jerat import --help`; --kind names a spider all the same",
            )
        if not reason.strip():
            raise InputError("a decision on a candidate needs a reason", "--reason 'WHY'")
        text = declaration(
            [one.address], catalogue_of(state), name=name.strip(), kind=kind.strip() or spider,
            note=f"named by posts of the case; accepted: {reason.strip()}",
        )  # fmt: skip
        file = write(state.settings.sources_folder, text)
        case.candidates.decide(one.address, "accepted", reason, by or _user(), source=file.stem)
    if as_json:
        state.screen.json({"address": one.address, "status": "accepted", "file": str(file), "declaration": text})
    else:
        state.screen.say(
            f"{one.address} is declared in {file}", f"look at what it brings: jerat sources test {file.stem}"
        )


def reject(ctx: typer.Context, which: Which, reason: Reason, by: By = "", as_json: Json = False) -> None:
    """Take a candidate from the list for good. It is not proposed again, whoever names it.

    [bold]Example[/]

      jerat sources reject https://t.me/somebody --reason 'a person, not a channel'
    """
    state = state_of(ctx)
    with state.open_case() as case:
        one = _chosen(state, case, which).candidate
        case.candidates.decide(one.address, "rejected", reason, by or _user())
    if as_json:
        state.screen.json({"address": one.address, "status": "rejected", "reason": reason.strip()})
    else:
        state.screen.say(f"{one.address} is rejected: {reason.strip()}")


def _ranked(state: State, case: Case, *, every: bool = False) -> list[Ranked]:
    from crawlers.candidates import declared_places
    from jerat.cli.declared import catalogue_of
    from pipelines.candidates import ranked

    return ranked(case, declared_places(catalogue_of(state)), every=every)


def _chosen(state: State, case: Case, which: str) -> Ranked:
    """The candidate by its number in the list, or by its address in any usual form. Raises InputError."""
    from jerat.errors import InputError

    if which.isascii() and which.isdecimal():
        rows = _ranked(state, case)
        if not 1 <= int(which) <= len(rows):
            raise InputError(
                f"there is no candidate {which}: the list has {len(rows)}", "jerat sources candidates -n 0"
            )
        return rows[int(which) - 1]
    wanted = f"https://t.me/{which[1:].lower()}" if which.startswith("@") else which.strip()
    forms = {wanted, f"https://{wanted}", f"{wanted}/", f"https://{wanted}/"}
    for one in _ranked(state, case, every=True):
        if one.candidate.address in forms:
            return one
    raise InputError(f"no post names {which}", "`jerat sources candidates --all` lists what posts name")


def _visit(one: Ranked) -> str:
    from crawlers.candidates import spider_of

    return "yes" if spider_of(one.candidate.kind) else "no"


def _status(one: Ranked) -> str:
    candidate = one.candidate
    if candidate.status != "open":
        return f"{candidate.status}: {candidate.reason}"
    return f"visited: {candidate.outcome}" if candidate.visited_at else "open"


def _row(at: int, one: Ranked) -> dict[str, Any]:
    from msgspec import to_builtins

    row: dict[str, Any] = to_builtins(one)
    candidate: dict[str, Any] = row.pop("candidate")
    return {"n": at} | candidate | row | {"visit": _visit(one) == "yes"}


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
