"""Which pairs of letters are flags."""

from typing import Final

from nlp.normalise.table import DATA

__all__ = ["is_flag"]

_REGIONS: Final = frozenset(
    code
    for line in (DATA / "regions.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for code in line.split()
)


def is_flag(letters: str) -> bool:
    """Whether two capital letters, as regional indicators, are shown as a flag."""
    return letters in _REGIONS
