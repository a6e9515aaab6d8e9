"""`jerat review`: a person's decision on a post."""

from __future__ import annotations

import getpass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jerat.cli.state import State, state_of

if TYPE_CHECKING:
    from jerat.case import Case, Review

__all__ = ["register", "review_rows", "who"]


class _Decision(StrEnum):
    lure = "lure"
    not_ = "not"
    unsure = "unsure"
    none = "none"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("review")(review)


def review(
    ctx: typer.Context,
    post_id: Annotated[str | None, typer.Argument(metavar="ID", help="The id of the post, or its beginning.")] = None,
    decision: Annotated[
        _Decision | None, typer.Argument(help="What it is; `none` takes the former decision back.")
    ] = None,
    note: Annotated[str, typer.Option(help="Why, for whoever reads it later.")] = "",
    by: Annotated[str, typer.Option(metavar="NAME", help="Who decides. Default: the user of this machine.")] = "",
    restrict: Annotated[
        bool | None,
        typer.Option(
            "--restrict/--lift",
            help="Set the post apart, since somebody in it is in trouble; or lift that (docs/victims.md).",
        ),
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="List all decisions, the former ones among them.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document for programs.")] = False,
) -> None:
    """Keep what a person decided on a post. A later decision counts; the former stays in the history.

    [bold]Examples[/]

      jerat review 3f2a91c07b44 lure --note 'same number as in the March posts' --by 'R. S.'
      jerat review 3f2a91c07b44 --restrict
      jerat review --list
      jerat search 'level:high AND review:none'

    Decisions can be searched (`review:lure`, `review:none` where nobody has decided), stand in exports, count for the
    context of other posts, and `jerat train` learns from them.
    """
    from jerat.errors import InputError

    state = state_of(ctx)
    if list_:
        if post_id or decision or restrict is not None:
            raise InputError("--list lists all decisions, and takes no post", "jerat review --list")
        _list(state, as_json)
        return
    if post_id is None or (decision is None and restrict is None):
        raise InputError("a review names a post and what it is", "jerat review ID lure|not|unsure, or ID --restrict")
    _keep(state, post_id, decision.value if decision else "", note, by, restrict, as_json)


def _keep(state: State, wanted: str, decision: Any, note: str, by: str, restrict: bool | None, as_json: bool) -> None:
    from jerat.cli.commands.show import find

    with state.open_case() as case:
        before = find(case, wanted)
        restriction: Any = None if restrict is None else "yes" if restrict else "no"
        kept = case.reviews.add(before.post.id, decision, restricted=restriction, note=note, by=who(by))
        after = find(case, before.post.id)
        state.drain(case)
    if as_json:
        state.screen.json(
            {"review": kept, "post": after.post.id, "in_force": after.review, "restricted": after.restricted}
        )
        return
    said = []
    if decision:
        former = f", before: {before.review}" if before.review != "none" else ""
        said.append(f"review: {after.review}{former}")
    if restrict is not None or after.restricted != before.restricted:
        said.append("set apart" if after.restricted else "not set apart")
    state.screen.say(f"{after.post.id}  {'; '.join(said)}  by {kept.by or 'nobody named'}")


def who(by: str) -> str:
    """The name of who decides: as given, else the user of the machine."""
    if by.strip():
        return by.strip()
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container whose user has no name
        return ""


def review_rows(case: Case) -> list[dict[str, Any]]:
    """All decisions, oldest first, each with whether it is in force."""
    from msgspec import to_builtins

    last: dict[str, int] = {}
    every: list[Review] = list(case.reviews.all())
    for one in every:
        if one.decision:
            last[one.post_id] = one.id
    return [to_builtins(one) | {"in_force": last.get(one.post_id) == one.id} for one in every]


def _list(state: State, as_json: bool) -> None:
    from jerat.cli.cards import short_id
    from jerat.cli.screen import counted

    with state.open_case() as case:
        rows = review_rows(case)
    if as_json:
        state.screen.json({"reviews": rows})
        return
    state.screen.heading(counted(len(rows), "decision"))
    if rows:
        state.screen.table(
            ("when", "post", "decision", "in force", "by", "note"),
            [
                (
                    row["at"][:16].replace("T", " "),
                    short_id(row["post_id"]),
                    _said(row),
                    "yes" if row["in_force"] else "",
                    row["by"],
                    row["note"],
                )
                for row in rows
            ],
            elastic="note",
        )


def _said(row: dict[str, Any]) -> str:
    restriction = {"yes": "set apart", "no": "not set apart", "auto": "by its kind", None: ""}[row["restricted"]]
    return ", ".join(part for part in (row["decision"], restriction) if part)
