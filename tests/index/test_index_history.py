"""Posts that are gone, and contacts that earlier versions had: on both engines."""

from collections.abc import Callable

from index.protocol import Bucket, Document, Index, Request
from jerat.model import Entity

Make = Callable[..., Document]
MakeEntity = Callable[..., Entity]


def _found(engine: Index, query: str) -> list[int]:
    numbers = sorted(hit.document.number for hit in engine.search(Request(query)).hits)
    assert numbers == sorted(document.number for document in engine.scan(query))
    assert engine.count(query) == len(numbers)
    return numbers


def test_posts_that_are_gone_stay_and_can_be_told_apart(engine: Index, document: Make) -> None:
    engine.put(
        [
            (1, document(1, text="kerja")),
            (2, document(2, text="kerja", gone_at="2026-11-20T10:00:00.000000Z")),
            (3, document(3, text="kerja", versions=3)),
        ]
    )
    engine.refresh()
    assert _found(engine, "kerja") == [1, 2, 3]
    assert _found(engine, "gone:yes") == [2]
    assert _found(engine, "gone:no") == [1, 3]
    assert _found(engine, "kerja NOT gone:yes") == [1, 3]
    assert _found(engine, "gone_at:[2026-11-20 TO 2026-11-21]") == [2]
    assert _found(engine, "gone_at:*") == [2]
    assert _found(engine, "versions:[2 TO *]") == [3]
    assert engine.search(Request(facets=("gone",))).facets["gone"] == (Bucket("no", 2), Bucket("yes", 1))
    engine.put([(4, document(2, text="kerja"))])  # it is back
    engine.refresh()
    assert _found(engine, "gone:yes") == []
    assert _found(engine, "gone_at:*") == []


def test_a_contact_of_an_earlier_version_still_finds_the_post(
    engine: Index, document: Make, entity: MakeEntity
) -> None:
    whole = document(
        1,
        text="hubungi @baru_contoh",
        entities=(entity("telegram", "baru_contoh"),),
        former=(entity("telegram", "lama_contoh"), entity("phone", "+85500000001")),
    )
    engine.put([(1, whole), (2, document(2, text="lain"))])
    engine.refresh()
    assert engine.get(whole.id) == whole
    for query in (
        "telegram:lama_contoh",
        "telegram:baru_contoh",
        "phone:+85500000001",
        "contact:lama_contoh",
        "lama_contoh",
    ):
        assert _found(engine, query) == [1], query
    facets = engine.search(Request(facets=("telegram", "contact"))).facets
    assert {bucket.value for bucket in facets["telegram"]} == {"lama_contoh", "baru_contoh"}
    assert len(facets["contact"]) == 3
    assert _found(engine, "text:lama_contoh") == []  # what it says now is the text of now
