"""Posts that are set apart: how a command is asked for them, and what is said of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

if TYPE_CHECKING:
    from jerat.cli.phrases import Phrases
    from jerat.cli.screen import Screen
    from jerat.help import Hotline
    from jerat.model import Analysis, Entity

__all__ = ["RESTRICTED", "Restricted", "help_lines", "help_of", "help_rows", "note_restricted"]

RESTRICTED: Final = (
    "Posts in which somebody asks for help are set apart, so that no list of them is made by accident; "
    "share them only with those who can help (docs/victims.md)."
)

Restricted = Annotated[
    bool,
    typer.Option("--restricted", help="Also posts that are set apart, since somebody in them asks for help."),
]


def note_restricted(screen: Screen, query: str, *, restricted: bool) -> None:
    """Say why posts are missing, or that they are here, where the query or the option names them."""
    if restricted:
        screen.note(RESTRICTED)
    elif "kind:victim" in query or "restricted:" in query:
        screen.note("Posts in which somebody asks for help are set apart: --restricted shows them, too.")


def help_of(language: str, entities: Sequence[Entity], home: str = "") -> list[Hotline]:
    """Whom to ask, by the language of a post and the countries of the places that it names."""
    from jerat.help import help_for

    return help_for(language, home, (one.country for one in entities if one.kind == "location" and one.country))


def help_lines(screen: Screen, found: Sequence[Hotline], lang: str, say: Phrases) -> None:
    """Print hotlines as a list."""
    from rich.text import Text

    for one in found:
        line = Text("  - ") + Text(one.named(lang)) + Text(": ")
        # With hyphens, for a number that is torn at the end of a line is easily misread.
        parts = [phone.replace(" ", "-") for phone in one.phones]
        parts += [f"{phone.replace(' ', '-')} ({say.from_abroad})" for phone in one.from_abroad]
        parts += [f"WhatsApp {phone.replace(' ', '-')}" for phone in one.whatsapp]
        parts += [one.url] if one.url else []
        line.append(", ".join(parts), "bold")
        line.append(f" ({say.unchecked})" if one.mark == "unverified" else f" ({one.seen})", "dim")
        screen.hanging(line, 4)
    screen.hanging(Text(f"  {say.help_note}", "dim"), 2)


def help_rows(found: Sequence[Hotline], lang: str) -> list[dict[str, Any]]:
    """Hotlines for programs."""
    return [
        {
            "id": one.id, "name": one.named(lang), "for": one.reach, "countries": one.countries, "phones": one.phones,
            "from_abroad": one.from_abroad, "whatsapp": one.whatsapp, "url": one.url, "source": one.source,
            "seen": one.seen, "mark": one.mark, "checked": one.checked,
        }
        for one in found
    ]  # fmt: skip


def help_for_analysis(analysis: Analysis, home: str = "") -> list[Hotline]:
    """Whom to ask about a post that was read."""
    return help_of(analysis.language, analysis.entities, home)
