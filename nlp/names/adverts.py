"""Invented advertisements with names marked, filled from lists: what the corpora of news and talk do not have."""

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from nlp import data
from nlp.names.corpora import Sentence

__all__ = ["adverts"]

_PATH: Final = Path(__file__).parent / "adverts.yaml"
_SLOT: Final = re.compile(r"\{(PER|ORG|LOC)\}")


class Adverts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The posts of a language, with slots, and what fills them."""

    language: str
    persons: tuple[str, ...]
    organisations: tuple[str, ...]
    places: tuple[str, ...]
    posts: tuple[str, ...]


def adverts(chance: random.Random, times: int) -> Iterator[Sentence]:
    """Every post `times` over, its slots filled by `chance`; a line of it is a sentence, as when a post is read."""
    for entry in data.rows(_PATH, Adverts):
        names = {"PER": entry.persons, "ORG": entry.organisations, "LOC": entry.places}
        for post in entry.posts:
            for _ in range(times):
                for line in post.split("\n"):
                    yield _filled(line, names, chance)


def _filled(line: str, names: dict[str, tuple[str, ...]], chance: random.Random) -> Sentence:
    text = ""
    marked: list[tuple[int, int, str]] = []
    at = 0
    shouts = line.upper() == line and line.lower() != line
    for slot in _SLOT.finditer(line):
        text += line[at : slot.start()]
        name = chance.choice(names[slot[1]])
        marked.append((len(text), len(text) + len(name), slot[1]))
        text += name.upper() if shouts else name
        at = slot.end()
    return Sentence(text + line[at:], tuple(marked))
