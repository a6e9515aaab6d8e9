"""The reasons of a risk in words for people, with where each comes from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jerat.cli.safe import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jerat.model import Indicator

__all__ = ["Reason", "reasons"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One indicator that matched: what it means, the words of the post, its summed weight, and its source."""

    indicator: str
    family: str
    meaning: str
    quotes: tuple[str, ...]
    weight: float
    source: str
    attested: bool


def reasons(found: Sequence[Indicator], language: str, lexicon: Path | None = None) -> list[Reason]:
    """The indicators in `found`, each once, heaviest first; those that weigh against the risk come last."""
    from nlp.indicators import explain

    grouped: dict[str, list[Indicator]] = {}
    for one in found:
        grouped.setdefault(one.indicator, []).append(one)
    rows = []
    for name, matches in grouped.items():
        told = explain(name, language, lexicon)
        quotes = dict.fromkeys(one_line(match.text, 50) for match in matches if match.text.strip())
        rows.append(
            Reason(
                name, matches[0].family, told.reason, tuple(quotes), sum(match.weight for match in matches),
                told.source, told.attested,
            )  # fmt: skip
        )
    return sorted(rows, key=lambda row: -row.weight)
