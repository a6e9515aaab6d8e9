"""The text of a post with the words marked that gave reasons, each with the number of its reason."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from jerat.cli.safe import safe

if TYPE_CHECKING:
    from rich.text import Text

    from jerat.model import Indicator

__all__ = ["isolated", "numbered"]

_LONG: Final = 1200
"""Characters of a text above which only the lines with marks are shown."""
_AROUND: Final = 160
_MARK: Final = "bold underline"


def numbered(text: str, reasons: Iterable[Indicator], numbers: Mapping[str, int]) -> Text:
    """`text`, made safe, with the reasons in it marked and numbered; a long one in excerpts around the marks.

    `numbers` gives the number of each indicator; those without one are not marked.
    """
    from rich.text import Text

    spans = sorted(
        {(one.start, _whole(text, one.end), numbers[one.indicator])
         for one in reasons if one.field == "text" and one.indicator in numbers and one.start < one.end}
    )  # fmt: skip
    clean = safe(text)
    shown = Text()
    for head, tail in _parts(text, [(start, end) for start, end, _ in spans]):
        if head > 0:
            shown.append("… " if not shown else "\n… ", "dim")
        at = head
        inside = [span for span in spans if head <= span[0] and span[1] <= tail]
        for end in sorted({span[1] for span in inside}):
            piece = Text(clean[at:end])
            for start, stop, _ in inside:
                if start < end and stop > at:
                    piece.stylize(_MARK, max(0, start - at), min(end, stop) - at)
            shown.append_text(piece)
            for _, stop, number in inside:
                if stop == end:
                    shown.append(f"[{number}]", "cyan")
            at = end
        shown.append(clean[at:tail])
        if tail < len(text):
            shown.append(" …", "dim")
    return shown


def _whole(text: str, end: int) -> int:
    """`end`, moved behind marks that belong to the last letter, which a number would tear off it."""
    while end < len(text) and unicodedata.category(text[end]) in ("Mn", "Mc", "Me"):
        end += 1
    return end


def _parts(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is shown of `text`: all of it, or what stands around the marks."""
    if len(text) <= _LONG:
        return [(0, len(text))]
    parts: list[tuple[int, int]] = []
    for start, end in spans or [(0, 0)]:
        head, tail = _edge(text, start - _AROUND, -1), _edge(text, end + _AROUND, 1)
        if parts and head <= parts[-1][1]:
            parts[-1] = (parts[-1][0], max(tail, parts[-1][1]))
        else:
            parts.append((head, tail))
    return parts


def _edge(text: str, at: int, step: int) -> int:
    """The next white space from `at` on, within some twenty characters, so that no word is cut."""
    at = max(0, min(len(text), at))
    for place in range(at, at + 20 * step, step):
        if not 0 < place < len(text):
            return max(0, min(len(text), place))
        if text[place].isspace():
            return place
    return at


def isolated(text: str) -> str:
    """`text`, set off where it is written from right to left, so that it does not reorder the line around it."""
    if any(unicodedata.bidirectional(char) in ("R", "AL") for char in text):
        return f"\u2068{text}\u2069"
    return text
