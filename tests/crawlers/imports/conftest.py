"""Reads a file that a test wrote, with the reader of its format."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from crawlers.imports.formats import reader_named, recognised
from jerat.model import Post
from pipelines.intake import BadItem, ImportOptions, Read


@dataclass
class Got:
    """What a file gave, and what was said of it."""

    format: str = ""
    posts: list[Post] = field(default_factory=list)
    bad: list[BadItem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    advanced: int = 0

    def by_url(self) -> dict[str, Post]:
        return {post.url: post for post in self.posts}

    def says(self, words: str) -> bool:
        return any(words in sentence for sentence in self.said)


def read_file(path: Path, _forced: str = "", **options: Any) -> Got:
    got = Got()

    def advance(number: int) -> None:
        got.advanced += number

    reader = reader_named(_forced) if _forced else recognised(path)
    got.format = reader.name
    for item in reader.read(path, replace(ImportOptions(path.name, say=got.said.append, advance=advance), **options)):
        if isinstance(item, Read):
            got.posts.append(item.post)
            got.notes += item.notes
        else:
            got.bad.append(item)
    return got


@pytest.fixture
def reads(tmp_path: Path) -> Callable[..., Got]:
    """Write bytes under a name, and read the file."""

    def read(name: str, content: bytes | str, **options: Any) -> Got:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_file(path, **options)

    return read
