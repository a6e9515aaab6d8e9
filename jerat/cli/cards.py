"""Posts as people read them: the head line, the words that matched, contacts and places, reasons."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from rich.padding import Padding
from rich.text import Text

from jerat.cli.safe import one_line, safe
from jerat.cli.screen import LEVEL_STYLE
from jerat.model import CONTACT_KINDS

if TYPE_CHECKING:
    from rich.console import RenderableType

    from index.protocol import Document, Highlight, Hit
    from jerat.model import Entity, Finding, Indicator

__all__ = ["day", "facts", "fit", "hit_lines", "marked", "reasons_line", "short_id"]

_MARK: Final = "bold underline"
_SNIPPET: Final = 220
_FACTS: Final = 8
_INDENT: Final = 5
_TITLE: Final = 64
_ORDER: Final = {kind: rank for rank, kind in enumerate((*CONTACT_KINDS, "location", "salary", "age"))}


def day(document: Document) -> str:
    """When the post was published, or else first seen, as a date for people."""
    return document.published_at[:10] if document.published_at else f"seen {document.first_seen[:10]}"


def marked(text: str, findings: Iterable[Finding], style: str = _MARK) -> Text:
    """`text`, made safe, with the findings in it marked. Only those of the field `text` are."""
    shown = Text(safe(text))
    for finding in findings:
        if finding.field == "text":
            shown.stylize(style, finding.start, finding.end)
    return shown


def fit(text: str, cells: int, style: str = "bold") -> Text:
    """`text` on one line, cut with `…` where it is wider than `cells` columns of a terminal."""
    line = Text(one_line(text, cells), style)
    line.truncate(cells, overflow="ellipsis")
    return line


def facts(entities: Iterable[Entity], limit: int = _FACTS) -> Text:
    """Contacts, places and pay on one line, each once; what does not fit is counted."""
    unique = {(entity.kind, entity.value): entity for entity in entities}
    ranked = sorted(unique.values(), key=lambda entity: _ORDER.get(entity.kind, len(_ORDER)))
    line = Text()
    for entity in ranked[:limit]:
        if line:
            line.append("  ")
        if entity.kind == "location":
            line.append(one_line(entity.value, 60), "magenta" if entity.role in ("hub", "transit") else "")
            if entity.role in ("hub", "transit"):
                line.append(f" ({entity.role})", "dim")
        else:
            line.append(f"{entity.kind} ", "dim")
            line.append(one_line(entity.value, 80), "bold" if entity.kind in CONTACT_KINDS else "")
    if len(ranked) > limit:
        line.append(f"  and {len(ranked) - limit} more", "dim")
    return line


def reasons_line(reasons: Sequence[Indicator], limit: int = 6) -> Text:
    """The indicators that matched, heaviest first, each once, with the words of the post; those that weigh against last."""
    best: dict[str, Indicator] = {}
    for reason in sorted(reasons, key=lambda reason: -reason.weight):
        best.setdefault(reason.indicator, reason)
    line = Text()
    for reason in list(best.values())[:limit]:
        if line:
            line.append("; ")
        line.append(reason.indicator, "" if reason.weight >= 0 else "green")
        if reason.text.strip():
            line.append(f" “{one_line(reason.text, 40)}”", "italic")
    if len(best) > limit:
        line.append(f"; and {len(best) - limit} more", "dim")
    return line


def hit_lines(hit: Hit, rank: int, *, fancy: bool) -> list[RenderableType]:
    """One hit as a few lines, indented below the first one."""
    document = hit.document
    risk = document.risk
    head = Text(f"{rank:>3}  ")
    score = "    " if risk.level == "none" else f"{risk.score:.2f}"
    head.append(f"{risk.level.upper():<6} {score}", LEVEL_STYLE.get(risk.level, ""))
    head.append(f"  {document.kind}", "cyan" if document.kind == "offer" else "dim")
    if document.review != "none":
        head.append(f"  reviewed: {document.review}", "bold green")
    if document.restricted:
        head.append("  set apart", "bold")
    if document.gone_at:
        head.append(f"  gone {document.gone_at[:10]}", "yellow")
    head.append(f"  {document.language}  ", "dim")
    head.append_text(fit(document.title or document.text, _TITLE))
    lines = []
    where = Text()
    where.append(f"{day(document)}  {one_line(document.source, 40)}  ", "dim")
    where.append(one_line(document.url, 160), "blue")
    lines.append(where)
    body = _snippets(hit.highlights) or Text(one_line(document.text, _SNIPPET))
    if document.title or hit.highlights:
        lines.append(body)
    found = facts(document.entities)
    if found:
        lines.append(found)
    if risk.level != "none" and risk.reasons:
        lines.append(Text("signs: ", "dim") + reasons_line(risk.reasons))
    lines.append(Text(f"jerat show {short_id(document.id)}", "dim"))
    return [head, *(Padding(line, (0, 0, 0, _INDENT)) if fancy else Text(" " * _INDENT) + line for line in lines)]


def short_id(post_id: str) -> str:
    """An id as people copy it: half of our own ids is enough; those that came from elsewhere stay whole."""
    return post_id[:12] if re.fullmatch(r"[0-9a-f]{24}", post_id) else shlex.quote(one_line(post_id))


def _snippets(highlights: Sequence[Highlight]) -> Text:
    line = Text()
    for highlight in highlights[:2]:
        if highlight.field != "text":
            continue
        shown = Text(safe(highlight.snippet).replace("\n", " "))
        for start, end in highlight.spans:
            shown.stylize(_MARK, start, end)
        if line:
            line.append(" … ", "dim")
        if highlight.start > 0 and not line:
            line.append("… ", "dim")
        line.append_text(shown)
    return line
