"""The history of a post on the screen: each version with its time and what changed, gone and back in between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from rich.text import Text

from jerat.cli.safe import one_line, safe

if TYPE_CHECKING:
    from jerat.cli.screen import Screen
    from jerat.exchange.history import Change, Piece, Step

__all__ = ["tell_history"]

_AROUND: Final = 60
"""Code points shown of what stayed, before and behind what changed."""
_LONG: Final = 1500
_SAID: Final = {"gone": "gone", "back": "there again", "moved": "moved"}


def tell_history(screen: Screen, steps: Sequence[Step]) -> None:
    """Print the steps, oldest first."""
    for step in steps:
        head = Text(f"  {step.at[:19].replace('T', ' ')}  ", "dim")
        if step.what != "version":
            head.append(_SAID[step.what], "bold yellow").append(
                f": {one_line(step.reason, 300)}" if step.reason else ""
            )
            screen.hanging(head, 4)
            continue
        head.append(f"version {step.version}", "bold")
        head.append(f"  risk {step.level}" if step.level else "", "dim").append(
            "  as it is now" if step.current else "", "dim"
        )
        screen.hanging(head, 4)
        for change in step.changes:
            for line in _lines(change):
                screen.hanging(Text("      ") + line, 8)


def _lines(change: Change) -> Iterator[Text]:
    name = Text(f"{change.field}: ", "cyan")
    if change.pieces:
        yield name + _pieces(change.pieces)
    elif change.removed or change.added:
        parts = [Text(f"[-{one_line(one, 120)}-]", "red") for one in change.removed]
        parts += [Text(f"{{+{one_line(one, 120)}+}}", "green") for one in change.added]
        yield name + Text(" ").join(parts)
    else:
        yield name + Text(" ").join(
            [
                *([Text(f"[-{one_line(change.before, 300)}-]", "red")] if change.before else []),
                *([Text(f"{{+{one_line(change.after, 300)}+}}", "green")] if change.after else []),
            ]
        )


def _pieces(pieces: Sequence[Piece]) -> Text:
    """What changed, in the marks of `git diff --word-diff`, with a few words around it."""
    line = Text()
    for number, piece in enumerate(pieces):
        text = " ".join(safe(piece.text).split()) or " "
        before, behind = piece.text[:1].isspace(), piece.text[-1:].isspace()
        if piece.op == "same":
            if len(text) > 2 * _AROUND + 5:
                begin = text[:_AROUND] if number else ""
                end = text[-_AROUND:] if number < len(pieces) - 1 else ""
                text = f"{begin} … {end}".strip()
            line.append((" " if before and text != " " else "") + text + (" " if behind and text != " " else ""), "dim")
        else:
            text = text if len(text) <= _LONG else f"{text[:_LONG]} … ({len(piece.text):,} characters)"
            mark = f"[-{text}-]" if piece.op == "out" else f"{{+{text}+}}"
            line.append(
                (" " if before else "") + mark + (" " if behind else ""), "red" if piece.op == "out" else "green"
            )
    return line
