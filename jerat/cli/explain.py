"""The reasons of a risk in words for people, with where each comes from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jerat.cli.safe import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jerat.cli.phrases import Phrases
    from jerat.cli.screen import Screen
    from jerat.model import Indicator

__all__ = ["Reason", "reasons", "tell_reasons"]

_QUOTES = 4


@dataclass(frozen=True, slots=True)
class Reason:
    """One indicator that matched: what it means, the words of the post, its summed weight, and its source."""

    indicator: str
    family: str
    meaning: str
    quotes: tuple[str, ...]
    weight: float
    source: str


def reasons(found: Sequence[Indicator], language: str, lexicon: Path | None = None) -> list[Reason]:
    """The indicators in `found`, each once, heaviest first; those that weigh against the risk come last."""
    from nlp.indicators import explain, load_lexicon

    known = load_lexicon(lexicon)
    grouped: dict[str, list[Indicator]] = {}
    for one in found:
        grouped.setdefault(one.indicator, []).append(one)
    rows = []
    for name, matches in grouped.items():
        told = explain(name, language, known)
        quotes = dict.fromkeys(one_line(match.text, 50) for match in matches if match.text.strip())
        weight = sum(match.weight for match in matches)
        rows.append(Reason(name, matches[0].family, told.text, tuple(quotes), weight, told.source))
    return sorted(rows, key=lambda row: -row.weight)


def tell_reasons(screen: Screen, told: Sequence[Reason], say: Phrases, *, weights: bool = False) -> None:
    """Print reasons as a list; those that speak for an honest offer are marked so."""
    from rich.text import Text

    for reason in told:
        line = Text("  - " if reason.weight >= 0 else "  + ", "bold" if reason.weight >= 0 else "bold green")
        line.append(reason.meaning)
        if reason.weight < 0:
            line.append(f" ({say.against})", "green")
        if reason.quotes:
            line.append(": " + ", ".join(f"“{quote}”" for quote in reason.quotes[:_QUOTES]), "italic")
        source = one_line(reason.source).replace("(unverified)", f"({say.unchecked})")
        named = f"{reason.indicator} {reason.weight:+.2f}; " if weights else ""
        screen.hanging(line, 4)
        screen.hanging(Text(f"      {named}{say.source}: {source}", "dim"), 6)
