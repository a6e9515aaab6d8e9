"""The sample sites, crawled into both engines: the same queries bring the same posts, facets and order."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

import index
from index import Index, Request
from jerat.case import Case
from jerat.samples import load, serve
from jerat.settings import load_settings
from pipelines.engine import open_engine

pytestmark = pytest.mark.elasticsearch

QUERIES = [
    "*",
    "gaji",
    "Kamboja",
    "kamboja",
    "KAMBOJA",
    "lowongan OR loker",
    "gaji AND tiket",
    "gaji -kamboja",
    "+tiket +mess",
    "NOT gaji",
    '"tanpa pengalaman"',
    '"customer service"',
    "scam*",
    "รับสมัคร",
    "แอดมิน",
    "招聘",
    "直招 AND 客服",
    "包机票",
    "캄보디아",
    "텔레그램",
    "カンボジア",
    "Мьявади",
    "оператор",
    "việc nhẹ",
    "chăm sóc khách hàng",
    "မြဝတီ",
    "ភ្នំពេញ",
    "ສາມຫຼ່ຽມຄຳ",
    "डेटा",
    "বেতন",
    "language:id",
    "language:(th OR vi)",
    "level:high",
    "level:(high OR medium) AND language:id",
    "kind:warning",
    "kind:offer AND level:none",
    "platform:telegram",
    'place:"Sihanoukville, KH"',
    "country:KH",
    "telegram:hrd_kps_official",
    "telegram:*",
    'whatsapp:"+6281200012345"',
    "email:hrd*",
    "score:[0.5 TO 1]",
    "published:[2026-11-10 TO 2026-11-15]",
    "published:>=2026-11-18",
    "title:kamboja",
    "(gaji OR salary) AND (visa OR tiket) AND NOT kind:warning",
    "title:gaji^3 OR text:tiket",
    "zzzznothing",
]


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory, elasticsearch_url: str) -> Iterator[tuple[Index, Index]]:
    folder: Path = tmp_path_factory.mktemp("two")
    name = f"jerat-test-{uuid4().hex[:12]}"
    embedded = load_settings(case=folder / "case", index="embedded:")
    elastic = load_settings(case=folder / "case", index=elasticsearch_url, index_name=name)
    bare = {name: value for name, value in os.environ.items() if not name.startswith("JERAT_")}
    with serve() as sites:
        done = subprocess.run(
            [Path(sys.executable).with_name("jerat"), "--case", folder / "case", "crawl", *sites.urls.values()],
            env=bare | {"JERAT_ALLOW_LOOPBACK": "1"}, capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
    with Case(folder / "case") as case:
        one, other = open_engine(embedded, case), open_engine(elastic, case)
        try:
            for engine in (one, other):
                engine.clear()
                case.outbox.add_all()
                report = index.drain(case, engine)
                assert not report.error
                engine.refresh()
            yield one, other
        finally:
            other.clear()
            one.close()
            other.close()


def test_both_hold_all_posts(engines: tuple[Index, Index]) -> None:
    one, other = engines
    expected = sum(bool(post.text) for site in load() for post in site.posts)
    assert one.count(restricted=True) == other.count(restricted=True) >= expected
    assert one.count() == other.count() < expected, "posts of victims are set apart"
    assert sorted(one.ids()) == sorted(other.ids())


@pytest.mark.parametrize("query", QUERIES)
def test_the_same_query_brings_the_same_posts(engines: tuple[Index, Index], query: str) -> None:
    one, other = (engine.search(Request(query, size=200)) for engine in engines)
    assert one.total == other.total == len(one.hits)
    assert {hit.document.id for hit in one.hits} == {hit.document.id for hit in other.hits}
    assert {hit.document for hit in one.hits} == {hit.document for hit in other.hits}
    assert [d.id for d in engines[0].scan(query)] == [d.id for d in engines[1].scan(query)]
    assert (query == "zzzznothing") == (one.total == 0)


@pytest.mark.parametrize("sort", ["date", "risk"])
@pytest.mark.parametrize("query", ["*", "gaji", "level:high"])
def test_the_same_order_page_by_page(engines: tuple[Index, Index], query: str, sort: index.Sort) -> None:
    orders = []
    for engine in engines:
        order, after = list[str](), None
        while True:
            page = engine.search(Request(query, size=7, sort=sort, after=after))
            order += [hit.document.id for hit in page.hits]
            after = page.next
            if after is None:
                break
        assert len(order) == len(set(order)) == page.total
        orders.append(order)
    assert orders[0] == orders[1]


@pytest.mark.parametrize("query", ["*", "gaji", "kind:offer AND level:high"])
def test_the_same_facets_and_histogram(engines: tuple[Index, Index], query: str) -> None:
    request = Request(query, facets=tuple(index.FACETS), facet_size=50, histogram="day")
    one, other = (engine.search(request) for engine in engines)
    assert one.facets == other.facets
    assert one.histogram == other.histogram
    assert any(one.facets.values())


def test_the_same_highlights(engines: tuple[Index, Index]) -> None:
    request = Request("kamboja OR แอดมิน OR 直招", size=200, highlight=True)
    one, other = ({hit.document.id: hit.highlights for hit in engine.search(request).hits} for engine in engines)
    assert one == other
    assert any(one.values())
