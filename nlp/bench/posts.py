"""Invented posts of about 60 words, or as much in scripts without spaces: lures, ordinary offers, warnings and small talk."""

import random
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec

from nlp import data

__all__ = ["posts"]

_FILE: Final = Path(__file__).with_name("posts.yaml")
_SEED: Final = 20261123


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A post in which every `{number}` becomes nine digits and every `{name}` a handle."""

    language: str
    kind: str
    text: str


@cache
def _templates() -> list[Template]:
    return data.rows(_FILE, Template)


def posts(count: int) -> list[str]:
    """So many posts, the same each time: all templates in turn, with numbers and handles that differ."""
    return list(islice(_posts(), count))


def _posts() -> Iterator[str]:
    chance = random.Random(_SEED)  # noqa: S311 -- which digits stand in a sample
    while True:
        for template in _templates():
            number = f"8{chance.randrange(10**7, 10**8)}"
            name = "".join(chance.choices("abcdeghiklmnoprstu", k=8)) + f"_{chance.randrange(100)}"
            yield template.text.replace("{number}", number).replace("{name}", name)
