"""A few posts, and an index that holds them in memory: what is tested here is what is made of them."""

from collections.abc import Iterator
from typing import Any

import pytest

from index.protocol import Document
from jerat.model import Entity, Indicator, Risk


class ListIndex:
    """The part of an index that lists need."""

    def __init__(self, documents: list[Document]) -> None:
        self.documents = documents
        self.counts: list[int] = []

    def scan(self, query: str = "*", *, restricted: bool = False) -> Iterator[Document]:
        yield from self.documents

    def count(self, query: str = "*", *, restricted: bool = False) -> int:
        return self.counts.pop(0) if self.counts else len(self.documents)


def entity(kind: str, value: str, **more: Any) -> Entity:
    return Entity(text=value, start=0, end=len(value), kind=kind, value=value, confidence=0.9, **more)


def document(number: int, *entities: Entity, **more: Any) -> Document:
    score = more.pop("score", 0.5)
    level = more.pop("level", "medium")
    reason = Indicator(text="gaji", start=0, end=4, indicator="pay", family="pay", weight=1.0)
    given: dict[str, Any] = {
        "id": f"id{number}",
        "number": number,
        "url": f"https://jobs.example/{number}",
        "title": "",
        "text": f"gaji besar {number}",
        "author": "",
        "source": "board",
        "platform": "web",
        "published_at": f"2026-01-{number:02d}T00:00:00+00:00" if number < 29 else None,
        "first_seen": "2026-02-01T00:00:00.000000Z",
        "last_seen": "2026-02-02T00:00:00.000000Z",
        "language": "id",
        "kind": "offer",
        "risk": Risk(level=level, score=score, reasons=(reason,)),
        "entities": tuple(entities),
    }
    return Document(**(given | more))


@pytest.fixture
def make_document() -> Any:
    return document


@pytest.fixture
def make_entity() -> Any:
    return entity


@pytest.fixture
def make_index() -> Any:
    return ListIndex
