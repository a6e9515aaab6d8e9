"""The reasons of a risk in words for people, with where each comes from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jerat.cli.safe import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jerat.cli.phrases import Phrases
    from jerat.cli.screen import Screen
    from jerat.model import Indicator

__all__ = ["Reason", "reasons", "tell_numbered", "tell_reasons"]

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
    """Print reasons as a list; those that speak for an honest offer are marked so. Sources are named in short."""
    from rich.text import Text

    for reason in told:
        line = Text("  - " if reason.weight >= 0 else "  + ", "bold" if reason.weight >= 0 else "bold green")
        line.append(reason.meaning)
        if reason.weight < 0:
            line.append(f" ({say.against})", "green")
        if reason.quotes:
            line.append(": " + ", ".join(f"“{quote}”" for quote in reason.quotes[:_QUOTES]), "italic")
        named = f"{reason.indicator} {reason.weight:+.2f}; " if weights else ""
        screen.hanging(line, 4)
        screen.hanging(Text(f"      {named}{say.source}: {_short(reason.source, say)}", "dim"), 6)
    if any(_short(reason.source, say) != reason.source for reason in told):
        screen.say(Text(f"  {say.full}", "dim"))


def _short(source: str, say: Phrases) -> str:
    """The name of a source: without the addresses and the further sources that docs/references.md has."""
    whole = one_line(source)
    name = re.split(r" \(|;", whole, maxsplit=1)[0]
    return f"{name.partition(',')[0]} ({say.unchecked})" if whole.endswith("(unverified)") else name


def tell_numbered(screen: Screen, told: Sequence[Reason], say: Phrases) -> None:
    """Print reasons one on a line, with the numbers by which they are marked in the text; their sources come last."""
    from rich.text import Text

    from jerat.cli.marking import isolated

    width = len(str(len(told))) + 5
    sources: dict[str, list[int]] = {}
    for number, reason in enumerate(told, 1):
        line = Text(f"{f'  [{number}]':<{width}}", "cyan")
        line.append(reason.meaning, "" if reason.weight >= 0 else "green")
        if reason.weight < 0:
            line.append(f" ({say.against})", "green")
        if reason.quotes:
            quotes = ", ".join(f"“{isolated(quote)}”" for quote in reason.quotes[:_QUOTES])
            line.append(f": {quotes}", "italic")
        screen.hanging(line, width)
        if reason.source:
            sources.setdefault(_short(reason.source, say), []).append(number)
    if sources:
        listed = "; ".join(
            f"{''.join(f'[{number}]' for number in numbers)} {name}" for name, numbers in sources.items()
        )
        screen.hanging(Text(f"  {say.sources}: {listed}. {say.full}", "dim"), 4)
