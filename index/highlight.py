"""Shows where a query matched, on the original text: the same for both engines, since neither does it."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Final, Literal

from index.fields import contact_field
from index.protocol import Document, Highlight, WordBreaker
from index.query.bind import matches_of
from index.query.tree import Match, Tree, Value
from index.text import indexed, word_texts
from index.values import stored_keys
from jerat.model import CONTACT_KINDS, OFFER_KINDS, Entity

__all__ = ["MAX_SNIPPETS", "SNIPPET", "highlight"]

SNIPPET: Final = 160
"""Code points of a snippet, about: it is cut between words where there are any near."""

MAX_SNIPPETS: Final = 3

_READ: Final = 200_000
_SLACK: Final = 20
_Span = tuple[int, int]


def highlight(tree: Tree, document: Document, words: WordBreaker) -> tuple[Highlight, ...]:
    """The parts of the title and the text in which the query matched, with the places of the matches."""
    leaves = list(matches_of(tree))
    found: list[Highlight] = []
    fields: tuple[tuple[Literal["title", "text"], str], ...] = (("title", document.title), ("text", document.text))
    for field, whole in fields:
        text = whole[:_READ]
        spans = {*_word_spans(field, text, leaves, words), *_entity_spans(field, document, leaves, words)}
        merged = _merge(sorted(span for span in spans if 0 <= span[0] < span[1] <= len(text)))
        snippets = _snippets(text, merged)
        found += [
            Highlight(field, text[start:end], start, tuple((a - start, b - start) for a, b in inside))
            for start, end, inside in snippets
        ]
    return tuple(found)


def _word_spans(field: str, text: str, leaves: Sequence[Tree], words: WordBreaker) -> Iterator[_Span]:
    wanted = [leaf for leaf in leaves if isinstance(leaf, Match) and field in leaf.fields]
    if not wanted or not text:
        return
    broken = _indexed(text, words)
    places: dict[str, list[int]] = {}
    for at, (word, _, _) in enumerate(broken):
        places.setdefault(word, []).append(at)
    for leaf in wanted:
        size = len(leaf.words)
        for at in places.get(leaf.words[0], ()) if size else ():
            if tuple(word for word, _, _ in broken[at : at + size]) == leaf.words:
                yield broken[at][1], broken[at + size - 1][2]
        if leaf.prefix:
            for word, start, end in broken:
                if word.startswith(leaf.prefix):
                    yield start, end


def _indexed(text: str, words: WordBreaker) -> list[tuple[str, int, int]]:
    """The words as they are indexed, with their places."""
    return [(plain, word.start, word.end) for word in words(text) if (plain := indexed(word))]


def _entity_spans(field: str, document: Document, leaves: Sequence[Tree], words: WordBreaker) -> Iterator[_Span]:
    """Findings are shown where they stand, also where the text has another name or a disguise: 西港 for Sihanoukville."""
    values = [leaf for leaf in leaves if isinstance(leaf, Value)]
    matches = [leaf for leaf in leaves if isinstance(leaf, Match) and "findings" in leaf.fields]
    for entity in document.entities if values or matches else ():
        if entity.field != field:
            continue
        if any(_is_value(entity, leaf) for leaf in values):
            yield entity.start, entity.end
        elif matches and entity.kind not in ("salary", "age"):
            held = word_texts(entity.value, words)
            if any(_holds(leaf, held) for leaf in matches):
                yield entity.start, entity.end
    for reason in document.risk.reasons if values else ():
        wanted = {"indicator": reason.indicator, "family": reason.family}
        if reason.field == field and any(
            leaf.field in wanted and wanted[leaf.field].casefold() in leaf.keys for leaf in values
        ):
            yield reason.start, reason.end


def _is_value(entity: Entity, leaf: Value) -> bool:
    if entity.kind == "location":
        held = {"place": entity.value, "country": entity.country, "role": entity.role}.get(leaf.field)
        keys = stored_keys(leaf.field, held) if held else ()
    elif entity.kind in OFFER_KINDS:
        keys = stored_keys(leaf.field, entity.value) if leaf.field == contact_field(entity.kind) else ()
    elif entity.kind in CONTACT_KINDS and leaf.field in ("contact", contact_field(entity.kind)):
        keys = stored_keys(entity.kind, entity.value)
    else:
        return False
    return any(key.startswith(leaf.keys) if leaf.prefix else key in leaf.keys for key in keys)


def _holds(leaf: Match, held: list[str]) -> bool:
    size = len(leaf.words)
    if leaf.prefix and not any(word.startswith(leaf.prefix) for word in held):
        return False
    return any(tuple(held[at : at + size]) == leaf.words for at in range(len(held) - size + 1))


def _merge(spans: Sequence[_Span]) -> list[_Span]:
    merged: list[_Span] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _snippets(text: str, spans: Sequence[_Span]) -> list[tuple[int, int, list[_Span]]]:
    """Windows that hold the most matches first come, in the order of the text, none overlapping another."""
    windows: list[tuple[int, int, list[_Span]]] = []
    starts = [start for start, _ in spans]
    at = 0
    while at < len(spans):
        first = spans[at]
        room = max(0, SNIPPET - (first[1] - first[0]))
        behind = windows[-1][1] if windows else 0
        start = max(behind, _edge(text, first[0] - room // 3, -1))
        end = max(first[1], _edge(text, start + SNIPPET, 1))
        stop = bisect_right(starts, end - 1, lo=at)
        inside = list(spans[at:stop])
        end = max(end, inside[-1][1])
        windows.append((start, end, inside))
        at = max(stop, bisect_left(starts, end))
    best = sorted(windows, key=lambda window: (-len(window[2]), window[0]))[:MAX_SNIPPETS]
    return sorted(best, key=lambda window: window[0])


def _edge(text: str, at: int, step: int) -> int:
    """A place near `at` where no word is cut, looking outwards; `at` itself where there is none."""
    if at <= 0 or at >= len(text):
        return max(0, min(at, len(text)))
    for place in range(at, at + step * _SLACK, step):
        if not 0 < place < len(text):
            return max(0, min(place, len(text)))
        if text[place].isspace() or text[place - 1].isspace():
            return place
    return at
