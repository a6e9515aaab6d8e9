"""The two engines under one contract, with a word breaker of the tests' own."""

import os
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from index.embedded import EmbeddedIndex
from index.protocol import Document, Index, Word
from jerat.errors import IndexUnavailable
from jerat.model import Entity, Risk
from jerat.settings import Settings

_WORD = re.compile(r"[\u2e80-\u9fff]|[^\W\u2e80-\u9fff]+(?:[.@'][^\W\u2e80-\u9fff]+)*")


def break_words(text: str) -> Sequence[Word]:
    return [Word(match[0].lower(), match.start(), match.end()) for match in _WORD.finditer(text)]


def make_document(number: int = 1, **given: Any) -> Document:
    score = given.pop("score", 0.0)
    level = given.pop("level", "none")
    reasons = given.pop("reasons", ())
    plain: dict[str, Any] = {
        "id": f"{number:024x}",
        "number": number,
        "url": f"https://board.example/post/{number}",
        "title": "",
        "text": "",
        "author": "",
        "source": "board",
        "platform": "web",
        "published_at": None,
        "first_seen": "2026-01-01T00:00:00.000000Z",
        "last_seen": "2026-01-02T00:00:00.000000Z",
        "language": "id",
        "kind": "offer",
        "entities": (),
    }
    return Document(**{**plain, "risk": Risk(level=level, score=score, reasons=reasons), **given})


def make_entity(kind: str, value: str, text: str = "", start: int = 0, **given: Any) -> Entity:
    surface = text or value
    return Entity(kind=kind, value=value, text=surface, start=start, end=start + len(surface), confidence=1.0, **given)


@pytest.fixture
def words() -> Callable[[str], Sequence[Word]]:
    return break_words


@pytest.fixture
def document() -> Callable[..., Document]:
    return make_document


@pytest.fixture
def entity() -> Callable[..., Entity]:
    return make_entity


def server() -> str:
    """The real Elasticsearch. That there is none is a failure, unless it was asked for."""
    url = os.environ.get("JERAT_TEST_ELASTICSEARCH", "")
    if not url:
        if os.environ.get("JERAT_TEST_WITHOUT_ELASTICSEARCH") == "1":
            pytest.skip("JERAT_TEST_WITHOUT_ELASTICSEARCH=1 asked for tests without Elasticsearch")
        pytest.fail(
            "JERAT_TEST_ELASTICSEARCH names no server: `scripts/test` and `scripts/elasticsearch` start one; "
            "JERAT_TEST_WITHOUT_ELASTICSEARCH=1 leaves its tests out"
        )
    return url


@pytest.fixture
def elastic_settings() -> Iterator[Settings]:
    """Settings with an index of the test's own on the real server, dropped at the end."""
    settings = Settings(index=server(), index_name=f"test-{uuid.uuid4().hex[:12]}")
    yield settings
    from index.elastic_client import Client

    client = Client(settings)
    for name in client.call(lambda c: c.indices.get(index=f"{settings.index_name}*")).body:
        client.call(lambda c, name=name: c.indices.delete(index=name))  # type: ignore[misc]
    client.close()


@pytest.fixture
def elastic(elastic_settings: Settings) -> Iterator[Index]:
    from index.elastic import ElasticIndex

    index = ElasticIndex.connect(elastic_settings, break_words)
    yield index
    index.close()


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Index]:
    index = EmbeddedIndex(tmp_path / "search", break_words)
    yield index
    index.close()


@pytest.fixture(params=["embedded", pytest.param("elastic", marks=pytest.mark.elasticsearch)])
def engine(request: pytest.FixtureRequest) -> Index:
    """An empty index; every test that takes it runs on both engines."""
    found: Index = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def unavailable() -> type[IndexUnavailable]:
    return IndexUnavailable
