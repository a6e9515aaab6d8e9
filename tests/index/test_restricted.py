"""Posts that are set apart: no question finds or counts them on either engine, unless it asks for them."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from index.entry import make_entry
from index.facets import FACETS
from index.protocol import Bucket, Document, Index, Request, WordBreaker
from index.query import understand
from index.query.match import matches
from jerat.errors import QueryError
from jerat.model import Entity

Make = Callable[..., Document]
MakeEntity = Callable[..., Entity]

QUERIES = (
    "*", "", "kerja", '"minta tolong"', "restricted:yes", "kind:victim", "NOT kerja", "kerja OR restricted:yes",
    "NOT restricted:no", "telegram:keluarga", "id:000000000000000000000001", "number:[0 TO 9]", "restricted:*",
    "* OR kind:victim", "-telegram:nobody", "published:[2020-01-01 TO *]",
)  # fmt: skip


def fill(engine: Index, document: Make, entity: MakeEntity) -> None:
    victim = document(
        1, kind="victim", restricted=True, title="kerja", text="minta tolong, dipaksa kerja", source="hidden",
        entities=(entity("telegram", "keluarga"), entity("location", "Bavet, KH", country="KH")),
        published_at="2026-01-01T00:00:00+00:00",
    )  # fmt: skip
    offer = document(
        2, text="kerja di kamboja", entities=(entity("telegram", "agen"),), published_at="2026-01-02T00:00:00+00:00"
    )
    assert engine.put([(1, victim), (2, offer)]) == []
    engine.refresh()


@pytest.mark.parametrize("query", QUERIES)
def test_no_question_finds_a_post_that_is_set_apart(
    engine: Index, document: Make, entity: MakeEntity, query: str
) -> None:
    fill(engine, document, entity)
    results = engine.search(Request(query, facets=tuple(FACETS), histogram="day"))
    assert {hit.document.number for hit in results.hits} <= {2}
    assert results.total == len(results.hits) == engine.count(query)
    assert [one.number for one in engine.scan(query)] == [hit.document.number for hit in results.hits]
    shown = {bucket.value for buckets in results.facets.values() for bucket in buckets}
    assert not shown & {"hidden", "keluarga", "Bavet, KH", "KH", "victim"}
    assert Bucket("2026-01-01", 1) not in results.histogram


def test_they_are_found_where_they_are_asked_for(engine: Index, document: Make, entity: MakeEntity) -> None:
    fill(engine, document, entity)
    results = engine.search(Request("kerja", facets=("kind", "contact"), restricted=True))
    assert sorted(hit.document.number for hit in results.hits) == [1, 2]
    assert results.facets["kind"] == (Bucket("offer", 1), Bucket("victim", 1))
    assert engine.count("kerja", restricted=True) == 2
    assert [one.number for one in engine.scan(restricted=True)] == [1, 2]
    assert engine.count("restricted:yes", restricted=True) == 1


def test_one_post_is_not_given_away_by_its_id(engine: Index, document: Make, entity: MakeEntity) -> None:
    fill(engine, document, entity)
    wanted = document(1).id
    assert engine.get(wanted) is None
    held = engine.get(wanted, restricted=True)
    assert held is not None
    assert held.restricted
    assert engine.get(document(2).id) is not None


def test_the_index_can_still_be_kept_in_step_with_the_case(engine: Index, document: Make, entity: MakeEntity) -> None:
    fill(engine, document, entity)
    assert sorted(engine.ids()) == [document(1).id, document(2).id]
    assert engine.health().documents == 2


def test_a_page_of_one_question_does_not_go_on_in_the_other(engine: Index, document: Make) -> None:
    assert engine.put([(number, document(number, restricted=number > 3)) for number in range(1, 7)]) == []
    engine.refresh()
    first = engine.search(Request(size=2, restricted=True))
    assert (first.total, len(first.hits)) == (6, 2)
    with pytest.raises(QueryError, match="another query"):
        engine.search(Request(size=2, after=first.next))
    second = engine.search(Request(size=4, after=first.next, restricted=True))
    assert (second.total, len(second.hits), second.next) == (6, 4, None)


def test_setting_apart_and_lifting_it_is_seen_at_once(engine: Index, document: Make) -> None:
    for seq, (restricted, count) in enumerate(((False, 1), (True, 0), (False, 1)), 1):
        engine.put([(seq, document(1, restricted=restricted))])
        engine.refresh()
        assert engine.count() == count


def test_reviews_are_searchable(engine: Index, document: Make) -> None:
    posts = [document(1, review="lure"), document(2, review="not"), document(3), document(4, review="unsure")]
    assert engine.put(list(enumerate(posts, 1))) == []
    engine.refresh()
    for query, wanted in (("review:lure", [1]), ("review:none", [3]), ("NOT review:none", [1, 2, 4])):
        assert [one.number for one in engine.scan(query)] == wanted, query
    assert {bucket.value for bucket in engine.search(Request(facets=("review",))).facets["review"]} == {
        "lure", "none", "not", "unsure",
    }  # fmt: skip


def test_near_duplicates_share_a_band_of_their_fingerprint(engine: Index, document: Make) -> None:
    import nlp

    texts = [
        "Dibutuhkan admin online di Kamboja, gaji besar, tiket dan mes ditanggung, hubungi kami segera ya kak",
        "Dibutuhkan admin online di Kamboja, gaji besar, tiket dan mes ditanggung, hubungi kami segera ya",
        "Lowongan perawat di rumah sakit umum, syarat ijazah dan surat izin, melamar lewat situs resmi kami",
    ]
    prints = [nlp.analyse(text).fingerprint for text in texts]
    assert prints[0] != prints[1]
    posts = [(at, document(at, text=text, fingerprint=prints[at - 1])) for at, text in enumerate(texts, 1)]
    assert engine.put(posts) == []
    engine.refresh()
    assert [one.number for one in engine.scan(f'fingerprint:"{prints[0]}"')] == [1, 2]
    assert [one.number for one in engine.scan(f'fingerprint:"{prints[2]}"')] == [3]


@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet='kerja:*()"-+ ORNATDestricyv[]12', max_size=40))
def test_whatever_is_typed(words: WordBreaker, document: Make, query: str) -> None:
    entry = make_entry(document(1, text="kerja", restricted=True), words)
    try:
        tree = understand(query, words)
    except QueryError:
        return
    assert not matches(tree, entry)
