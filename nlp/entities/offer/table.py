"""The words of all kinds of the offer, in one automaton; one row of a file is one value of its kind."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from nlp.data import rows
from nlp.entities.names import bordered, standing
from nlp.trie import Trie

__all__ = ["Hit", "Table", "table"]

_DATA: Final = Path(__file__).parent.parent / "data" / "offer"
_BY_LANGUAGE: Final = ("role", "sex", "document", "transport", "lodging", "food", "debt")
_PLURAL: Final = frozenset({"en", "es", "pt"})
_PLAIN: Final = ("language_asked", "typing_speed", "working_hours", "contract", "licence", "employer")


class ValueRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of a file whose words stand by language. `weak` words count only in a post that recruits."""

    value: str
    source: str
    words: dict[str, list[str]] = {}
    weak: dict[str, list[str]] = {}


class PlainRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of a file whose words stand in one list."""

    value: str
    source: str
    words: list[str]
    country: str = ""


class CueRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of posts that recruit."""

    source: str
    words: list[str]


class NotRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What says that a thing is not asked for, or not given."""

    source: str
    before: list[str]
    after: list[str]


class Hit(NamedTuple):
    """A word in the text: which value of the kind it tells."""

    start: int
    end: int
    value: str
    weak: bool


class Table:
    """All words. Kinds of hits: those of the files, and `cue`."""

    def __init__(self, lexicon: Path | None = None) -> None:
        uses: dict[str, dict[tuple[str, str, bool], None]] = {}
        for kind in _BY_LANGUAGE:
            for row in rows(_DATA / f"{kind}.yaml", ValueRow, lexicon):
                for weak, words in ((False, row.words), (True, row.weak)):
                    for language, found in words.items():
                        for word in found:
                            uses.setdefault(word.lower(), {})[kind, row.value, weak] = None
                            if kind == "role" and language in _PLURAL and word[-1:].isalpha() and word[-1:] != "s":
                                uses.setdefault(word.lower() + "s", {})[kind, row.value, weak] = None
        for kind in _PLAIN:
            for plain in rows(_DATA / f"{kind}.yaml", PlainRow, lexicon):
                for word in plain.words:
                    uses.setdefault(word.lower(), {})[kind, plain.value, False] = None
        for cue in rows(_DATA / "cues.yaml", CueRow, lexicon):
            for word in cue.words:
                uses.setdefault(word.lower(), {})["cue", "", False] = None
        self._trie = Trie((word, tuple(entries)) for word, entries in uses.items())
        nots = rows(_DATA / "not.yaml", NotRow, lexicon)
        self._before = tuple({word.lower() for row in nots for word in row.before})
        self._after = tuple({word.lower() for row in nots for word in row.after})

    def find(self, lower: str) -> dict[str, list[Hit]]:
        """The hits by kind, ascending; those inside a longer one of their kind are left out."""
        found: dict[str, list[Hit]] = {}
        size = len(lower)
        for start, end, uses in self._trie.find(lower):
            # Most are a part of a longer word, which `standing` would say too.
            if end < size and bordered(lower[end]) and bordered(lower[end - 1]):
                continue
            if not standing(lower, start, end):
                continue
            for kind, value, weak in uses:
                hits = found.get(kind)
                if hits is None:
                    hits = found[kind] = []
                # The automaton reports by the end: only what came before can lie inside this one.
                while hits and hits[-1].start >= start and hits[-1].end < end:
                    hits.pop()
                hits.append(Hit(start, end, value, weak))
        return found

    def negated(self, lower: str, start: int, end: int) -> bool:
        """Whether the words right before or right after say that the thing is not asked for, or not given."""
        head = lower[max(0, start - 24) : start].rstrip(" ")
        if head.endswith(self._before) and any(
            head.endswith(word) and standing(head, len(head) - len(word), len(head)) for word in self._before
        ):
            return True
        tail = lower[end : end + 28].lstrip(" )")
        return tail.startswith(self._after) and any(
            tail.startswith(word) and standing(tail, 0, len(word)) for word in self._after
        )


def within(hits: list[Hit], start: int, end: int) -> Iterator[Hit]:
    """The hits that lie inside `start:end`."""
    return (hit for hit in hits if start <= hit.start and hit.end <= end)


@cache
def table(lexicon: Path | None = None) -> Table:
    """The words with what the analyst's folder adds, read once."""
    return Table(lexicon)
