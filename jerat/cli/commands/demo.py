"""`jerat demo`: the whole way, on sample sites that come with jerat."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from jerat.cli.state import State, state_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.protocol import Document
    from jerat.case import Case

__all__ = ["register"]

_FOLDER: Final = Path("demo-case")
_PORTS: Final = "demo-ports.json"
_RISKY: Final = 6
_CONTACTS: Final = 8
_HUBS: Final = 10


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(ctx: typer.Context) -> None:
    """Crawl the sample sites that come with jerat into a case, and show what was found.

    The sites are served on this machine only, and everything in them is invented. The case is ./demo-case, or the one that
    `--case` names. A second run finds the same posts, and says that they are known.

    [bold]Example[/]

      jerat demo
    """
    state = state_of(ctx)
    # Never the case of a running investigation, unless it is named: the samples would stand among real posts.
    state.case_dir = state.case_dir or _FOLDER
    folder = state.case_dir
    state.overrides["allow_loopback"] = True
    screen = state.screen
    with state.open_case(create=True) as case:
        whole = _crawl(state, case)
    with state.opened() as (_, index):
        documents = list(index.scan("*"))
        apart = index.count("*", restricted=True) - len(documents)
    screen.say("")
    _tell(state, documents, apart)
    _next(state, documents, folder)
    if not whole:
        raise typer.Exit(1)


def _crawl(state: State, case: Case) -> bool:
    from jerat.cli.commands.crawl import crawl_targets
    from jerat.samples import serve

    remembered = case.path / _PORTS
    try:
        ports = json.loads(remembered.read_text("utf-8"))
    except (OSError, ValueError):
        ports = {}
    with serve(ports) as sites:
        remembered.write_text(json.dumps(sites.ports), "utf-8")
        for site in sites.sites:
            state.screen.say(f"{site.title}: {site.url}")
        return crawl_targets(state, case, [site.url for site in sites.sites])


def _tell(state: State, documents: Sequence[Document], apart: int) -> None:
    from rich.text import Text

    from jerat.cli.cards import facts, fit
    from jerat.cli.explain import reasons
    from jerat.cli.screen import LEVEL_STYLE
    from jerat.exchange.entities import collect
    from jerat.model import CONTACT_KINDS, LEVELS

    screen = state.screen
    languages = Counter(document.language for document in documents)
    levels = Counter(document.level for document in documents)
    screen.heading(f"{len(documents) + apart} posts in {len(languages)} languages")
    screen.hanging(Text("  " + ", ".join(f"{name} {count}" for name, count in languages.most_common())), 2)
    screen.say("  risk: " + ", ".join(f"{level} {levels[level]}" for level in reversed(LEVELS)))
    if apart:
        screen.say(f"  {apart} of them set apart: somebody in trouble speaks there, and no list shows them unasked")
    screen.say("")

    risky = sorted((d for d in documents if d.level in ("high", "medium")), key=lambda d: -d.risk.score)
    shown = f", {_RISKY} of them shown" if len(risky) > _RISKY else ""
    screen.heading(f"{len(risky)} posts that somebody should read{shown}")
    for document in risky[:_RISKY]:
        line = Text("  ") + Text(f"{document.level:<7}{document.risk.score:.2f}", LEVEL_STYLE[document.level])
        line.append(f"  {document.language}  ", "dim").append_text(fit(document.title or document.text, 64))
        screen.say(line)
        for reason in [
            one for one in reasons(document.risk.reasons, "en", state.settings.lexicon_in_force) if one.weight > 0
        ][:3]:
            quote = f": “{reason.quotes[0]}”" if reason.quotes else ""
            screen.hanging(Text(f"      - {reason.meaning}") + Text(quote, "italic"), 8)
        found = facts(document.entities, 6)
        if found:
            screen.hanging(Text("      ") + found, 6)
    screen.say("")

    contacts, _ = collect(documents, CONTACT_KINDS)
    often = sorted(contacts, key=lambda row: (-row.posts, -row.score))
    screen.heading(f"Contacts that occur most, {min(len(often), _CONTACTS)} of {len(often)}")
    screen.table(
        ("", "kind", "contact", "posts", "sources", "highest risk", "beside"),
        [
            (
                "",
                row.kind,
                row.value,
                row.posts,
                len(row.sources),
                f"{row.level} {row.score:.2f}",
                "; ".join(row.places),
            )
            for row in often[:_CONTACTS]
        ],
        right=("posts", "sources"),
        elastic="beside",
        tabs=False,
    )
    places, _ = collect(documents, ("location",))
    hubs = [row for row in places if row.role in ("hub", "transit")]
    screen.say("")
    screen.heading("Hubs and transit towns that are named")
    named = "; ".join(f"{row.value} ({row.role}, {row.posts})" for row in hubs[:_HUBS])
    screen.hanging(Text(f"  {named or 'none'}"), 2)


def _next(state: State, documents: Sequence[Document], folder: Path) -> None:
    from rich.text import Text

    from jerat.cli.cards import short_id

    jerat = f"jerat --case {shlex.quote(str(folder))}"
    commands = [
        (f"{jerat} search 'level:high'", "the risky posts, with facets"),
        (f"{jerat} entities --kind contact", "the contacts that they name"),
        (f"{jerat} export entities --kind contact --output contacts.xlsx", "the same for a spreadsheet"),
    ]
    risky = max(documents, key=lambda document: document.risk.score, default=None)
    if risky is not None:
        commands.insert(1, (f"{jerat} show {short_id(risky.id)}", "one post with everything about it"))
    state.screen.say("")
    state.screen.heading("What to type next")
    for command, what in commands:
        state.screen.say(Text(f"  # {what}", "dim"), Text(f"  {command}"))
