"""What both engines promise, one test for both."""

from collections.abc import Callable

import pytest

from index.protocol import Bucket, Document, Index, Request
from jerat.errors import QueryError
from jerat.model import Entity, Indicator

Make = Callable[..., Document]
MakeEntity = Callable[..., Entity]


def fill(engine: Index, *documents: Document, seq: int = 1) -> None:
    assert engine.put([(seq + at, document) for at, document in enumerate(documents)]) == []
    engine.refresh()


def found(engine: Index, query: str, **options: object) -> list[int]:
    """The numbers of all hits, in order, page by page, checked against the total, the count and the scan."""
    numbers: list[int] = []
    after = None
    while True:
        results = engine.search(Request(query, size=3, after=after, **options))  # type: ignore[arg-type]
        numbers += [hit.document.number for hit in results.hits]
        after = results.next
        if after is None:
            break
    assert len(numbers) == results.total == engine.count(query)
    assert sorted(numbers) == [document.number for document in engine.scan(query)]
    return numbers


def test_an_empty_index_answers(engine: Index) -> None:
    results = engine.search(Request(facets=("language", "contact"), histogram="month"))
    assert (results.total, results.hits, results.next) == (0, (), None)
    assert results.facets == {"language": (), "contact": ()}
    assert results.histogram == ()
    assert (engine.count(), list(engine.scan()), list(engine.ids()), engine.get("x")) == (0, [], [], None)
    assert engine.health().answers


def test_a_document_comes_back_exactly(engine: Index, document: Make, entity: MakeEntity) -> None:
    whole = document(
        7,
        title="t\u200bitle \U0001f525",
        text='q"uo\\te\n\t\x00 西港 ' + "x" * 40_000,
        author="a",
        campaign="c1",
        published_at="2026-03-04T05:06:07.123456+00:00",
        score=0.1234567890123,
        level="low",
        entities=(entity("location", "Bavet, KH", country="KH", lat=11.07, lon=106.18, role="hub"),),
    )
    fill(engine, whole)
    assert engine.get(whole.id) == whole
    assert engine.search(Request()).hits[0].document == whole
    assert list(engine.scan()) == [whole]
    assert list(engine.ids()) == [whole.id]


def test_words_phrases_and_boolean_operators(engine: Index, document: Make) -> None:
    fill(
        engine,
        document(1, title="Lowongan admin", text="kerja di Kamboja, gaji besar"),
        document(2, text="kerja besar di gaji Kamboja"),
        document(3, text="西港招聘客服"),
        document(4, title="Kerja", text="rumah"),
    )
    assert sorted(found(engine, "KERJA")) == [1, 2, 4]
    assert sorted(found(engine, "kerja kamboja")) == [1, 2]
    assert found(engine, '"gaji besar"') == [1]
    assert sorted(found(engine, "rumah OR lowongan")) == [1, 4]
    assert sorted(found(engine, "kerja -lowongan")) == [2, 4]
    assert sorted(found(engine, "kerja NOT (rumah OR lowongan)")) == [2]
    assert sorted(found(engine, "+kerja +besar")) == [1, 2]
    assert found(engine, "招聘") == [3]
    assert found(engine, "港聘") == []
    assert sorted(found(engine, "NOT kerja")) == [3]
    assert sorted(found(engine, "title:kerja")) == [4]
    assert sorted(found(engine, "text:(kerja AND besar)")) == [1, 2]
    assert sorted(found(engine, "kamb*")) == [1, 2]
    assert sorted(found(engine, "*")) == sorted(found(engine, "*:*")) == sorted(found(engine, "")) == [1, 2, 3, 4]
    assert sorted(found(engine, "kamboja rumah OR besar")) == [1, 2]  # OR binds closer than a space


def test_no_phrase_reaches_from_one_value_into_the_next(engine: Index, document: Make, entity: MakeEntity) -> None:
    fill(engine, document(1, entities=(entity("organisation", "Golden Star"), entity("organisation", "Fortune Group"))))
    assert found(engine, 'organisation:"golden star"') == [1]
    assert found(engine, 'organisation:"star fortune"') == []
    assert found(engine, '"star fortune"') == []


def test_contacts_are_found_as_people_write_them(engine: Index, document: Make, entity: MakeEntity) -> None:
    fill(
        engine,
        document(1, text="hubungi", entities=(entity("whatsapp", "+6281234567890", "0812-3456-7890", country="ID"),)),
        document(2, text="chat", entities=(entity("telegram", "kerja_kh"), entity("telegram", "+AbCdEf123"))),
        document(
            3, text="mail", entities=(entity("email", "hr@firm.example"), entity("url", "https://firm.example/Jobs"))
        ),
        document(4, text="bare", entities=(entity("phone", "+85512345678"), entity("tron", "TXyzAbC"))),
        document(5, text="Hubungi t.me/kerja_kh atau +855 12 345 678"),
    )
    for query in (
        "whatsapp:+6281234567890",
        'whatsapp:"+62 812-3456-7890"',
        "whatsapp:+62 812-3456-7890",
        "whatsapp:6281234567890",
        "whatsapp:081234567890",
        "whatsapp:https://wa.me/6281234567890",
        "whatsapp:+6281*",
        "contact:+6281234567890",
        "wa.me/6281234567890",
        "https://wa.me/6281234567890",
        "+62 812-3456-7890",
        "0812-3456-7890",
        "6281234567890",
    ):
        assert found(engine, query) == [1], query
    for query in (
        "telegram:@Kerja_KH",
        "telegram:kerja_kh",
        "telegram:https://t.me/kerja_kh",
        "telegram:t.me/s/kerja_kh?before=3",
        "telegram:kerja*",
        "contact:@kerja_kh",
    ):
        assert found(engine, query) == [2], query
    for query in ("t.me/kerja_kh", "kerja_kh", "https://t.me/kerja_kh"):
        assert 2 in found(engine, query), query
    assert found(engine, "telegram:+AbCdEf123") == found(engine, "telegram:https://t.me/joinchat/AbCdEf123") == [2]
    assert found(engine, "telegram:+abcdef123") == []
    assert (
        found(engine, "email:HR@firm.example") == found(engine, "hr@firm.example") == found(engine, "email:hr*") == [3]
    )
    assert found(engine, "link:firm.example/Jobs/") == found(engine, "link:https://www.firm.example/Jobs") == [3]
    assert found(engine, "tron:TXyzAbC") == [4]
    assert sorted(found(engine, "+855 12 345 678")) == [4, 5]
    assert sorted(found(engine, "phone:*")) == [4]
    assert sorted(found(engine, "NOT contact:*")) == [5]


def test_places_are_found_by_any_name(engine: Index, document: Make, entity: MakeEntity) -> None:
    place = entity("location", "Sihanoukville, KH", "西港", country="KH", lat=10.63, lon=103.5, role="hub")
    fill(engine, document(1, text="西港招聘", entities=(place,)), document(2, text="Jakarta"))
    for query in (
        "sihanoukville",
        "place:Sihanoukville",
        'place:"sihanoukville, kh"',
        "place:sihan*",
        "country:kh",
        "country:KH",
        "role:hub",
        "place:*",
        "text:西港",
    ):
        assert found(engine, query) == [1], query


def test_ranges_and_levels(engine: Index, document: Make, entity: MakeEntity) -> None:
    pay = entity("salary", "800-1500 USD month", usd_month_min=800.0, usd_month_max=1500.0)
    fill(
        engine,
        document(1, published_at="2026-01-01T00:00:00+00:00", score=0.5, level="medium", entities=(pay,)),
        document(2, published_at="2026-06-30T23:59:59.999999+00:00", score=0.9, level="high"),
        document(3, published_at="2026-07-01T00:00:00+00:00", score=0.0, level="none"),
        document(4, score=0.2, level="low"),
    )
    expected = {
        "published:[2026-01-01 TO 2026-06-30]": [1, 2],
        "published:{2026-01-01 TO 2026-07-01}": [2],
        "published:2026-06": [2],
        "published:2026": [1, 2, 3],
        "published:>2026-06-30": [3],
        "published:>=2026-06-30": [2, 3],
        "published:<2026-06-30": [1],
        "published:<=2026-06": [1, 2],
        "published:[* TO 2026-01-01]": [1],
        "published:[2026-07-01T00:00 TO *]": [3],
        "published:2026-07-01T00:00:00Z": [3],
        "published:*": [1, 2, 3],
        "-published:*": [4],
        "score:>0.5": [2],
        "score:>=0.5": [1, 2],
        "score:[0.2 TO 0.5]": [1, 4],
        "score:{0.2 TO 0.5}": [],
        "score:0": [3],
        "level:>=medium": [1, 2],
        "level:high": [2],
        "level:<low": [3],
        "level:[low TO medium]": [1, 4],
        "level:(high OR low)": [2, 4],
        "usd_month:>=800": [1],
        "usd_month:>1,500": [],
        "usd_month_max:<=1500": [1],
        "usd_month:*": [1],
        "number:>=3": [3, 4],
        "number:>2.5": [3, 4],
        "number:{2 TO 4}": [3],
        "first_seen:2026-01-01": [1, 2, 3, 4],
    }
    assert {query: sorted(found(engine, query)) for query in expected} == expected


def test_wildcards_hold_for_every_script_and_sign(engine: Index, document: Make, entity: MakeEntity) -> None:
    fill(
        engine,
        document(1, text="กัมพูชา งาน", entities=(entity("wechat", "a.b*c+(d)"),)),
        document(2, text="работа Камбоджа"),
        document(3, text="\U00020000\U00020001x"),
    )
    assert found(engine, "กัมพ*") == [1]
    assert found(engine, "камб*") == [2]
    assert found(engine, r"wechat:a.b\*c*") == found(engine, 'wechat:"a.b*c+(d)"') == found(engine, "wechat:a.*") == [1]
    assert found(engine, "wechat:a.bx*") == []
    assert found(engine, "\U00020000\U00020001*") == [3]


def test_orders_are_total_and_pages_join_up(engine: Index, document: Make) -> None:
    made = []
    for number in range(1, 24):
        date = None if number % 5 == 0 else f"2026-02-{1 + number % 3:02}T00:00:00+00:00"
        made.append(
            document(
                number,
                id=f"{(number * 7919) % 1000:024x}",
                title="kerja" if number % 4 == 0 else "",
                text="kerja " * (number % 3),
                published_at=date,
                score=(number % 3) / 4,
            )
        )
    fill(engine, *made)
    newest_first = sorted(made, key=lambda d: d.id)
    newest_first.sort(key=lambda d: d.published_at or "", reverse=True)
    assert found(engine, "*", sort="date") == found(engine, "*") == [d.number for d in newest_first]
    by_risk = sorted(newest_first, key=lambda d: -d.risk.score)
    assert found(engine, "*", sort="risk") == [d.number for d in by_risk]

    def rank(d: Document) -> int:
        return 3 * ("kerja" in d.title) + 2 * ("kerja" in d.text)

    assert found(engine, "kerja") == [d.number for d in sorted(newest_first, key=lambda d: -rank(d)) if rank(d)]


def test_ids_that_begin_alike_keep_their_order(engine: Index, document: Make) -> None:
    made = [document(number, id="the same first sixteen bytes " + "zyxwvutsrq"[number]) for number in range(10)]
    fill(engine, *made)
    for sort in ("relevance", "date", "risk"):
        assert found(engine, "*", sort=sort) == list(range(9, -1, -1))


def test_pages_stay_as_they_were_while_posts_arrive(engine: Index, document: Make) -> None:
    fill(
        engine,
        *(document(number, text="kerja", published_at=f"2026-01-{number:02}T00:00:00Z") for number in range(1, 11)),
    )
    for sort in ("date", "relevance"):
        first = engine.search(Request("kerja", size=4, sort=sort))
        numbers = [hit.document.number for hit in first.hits]
        count = engine.count()
        fill(
            engine,
            *(
                document(count + at, text="kerja", title="kerja", published_at="2026-12-01T00:00:00Z")
                for at in range(1, 4)
            ),
            seq=count + 1,
        )
        after = first.next
        while after:
            page = engine.search(Request("kerja", size=4, sort=sort, after=after))
            assert page.total == first.total
            numbers += [hit.document.number for hit in page.hits]
            after = page.next
        assert len(numbers) == len(set(numbers)) == first.total == count


def test_page_tokens_that_do_not_fit_are_refused(engine: Index, document: Make) -> None:
    fill(engine, *(document(number, text="kerja") for number in range(1, 4)))
    token = engine.search(Request("kerja", size=1)).next
    assert token
    for request in (
        Request("other", after=token),
        Request("kerja", sort="date", after=token),
        Request("kerja", after="rubbish"),
        Request("kerja", after="ü"),
        Request("kerja", after=""),
        Request("kerja", after=token[:-4]),
    ):
        with pytest.raises(QueryError, match="page token"):
            engine.search(request)
    with pytest.raises(QueryError, match="between 0 and 1000"):
        engine.search(Request(size=5000))


def test_facets_count_hits_and_settle_ties_by_value(engine: Index, document: Make, entity: MakeEntity) -> None:
    made = []
    for number in range(1, 41):
        contacts = [entity("telegram", f"user{number % 20:02}"), entity("phone", "+85510000000")]
        place = (
            entity("location", "Bavet, KH", country="KH")
            if number % 2
            else entity("location", "Tachileik, MM", country="MM")
        )
        reason = Indicator(indicator="typing-test", family="selection", weight=1.0, text="x", start=0, end=1)
        made.append(
            document(
                number,
                text="kerja" if number <= 30 else "lain",
                language=("id", "zh", "th")[number % 3],
                level="high" if number % 4 else "low",
                reasons=(reason, reason),
                entities=(*contacts, place, place),
                published_at=f"2026-{1 + number % 2:02}-15T00:00:00Z",
            )
        )
    fill(engine, *made[:20])
    fill(engine, *made[20:], seq=21)
    names = ("language", "telegram", "phone", "place", "country", "level", "indicator", "contact", "family")
    results = engine.search(Request("kerja", size=0, facets=names, facet_size=5, histogram="month"))
    assert results.hits == ()
    assert results.total == 30
    assert results.facets["language"] == (Bucket("id", 10), Bucket("th", 10), Bucket("zh", 10))
    assert [(b.value, b.count) for b in results.facets["telegram"]] == [(f"user0{n}", 2) for n in range(1, 6)]
    assert results.facets["phone"] == (Bucket("+85510000000", 30),)
    assert results.facets["place"] == (Bucket("Bavet, KH", 15), Bucket("Tachileik, MM", 15))
    assert results.facets["country"] == (Bucket("KH", 15), Bucket("MM", 15))
    assert results.facets["level"] == (Bucket("high", 23), Bucket("low", 7))
    assert results.facets["indicator"] == (Bucket("typing-test", 30),)
    assert results.facets["family"] == (Bucket("selection", 30),)
    assert [b.value for b in results.facets["contact"]] == ["+85510000000", "user01", "user02", "user03", "user04"]
    assert results.histogram == (Bucket("2026-01-01", 15), Bucket("2026-02-01", 15))
    for name in names:
        for bucket in results.facets[name]:
            assert engine.count(f'kerja {name}:"{bucket.value}"') == bucket.count, (name, bucket)
    with pytest.raises(QueryError, match=r"no facet `colour`.*language"):
        engine.search(Request(facets=("colour",)))


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ("day", ["2025-12-31", "2026-01-01", "2026-02-28"]),
        ("week", ["2025-12-29", "2026-02-23"]),
        ("month", ["2025-12-01", "2026-01-01", "2026-02-01"]),
        ("year", ["2025-01-01", "2026-01-01"]),
    ],
)
def test_histograms_follow_the_calendar(engine: Index, document: Make, interval: str, expected: list[str]) -> None:
    dates = ["2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z", "2026-02-28T12:00:00+00:00", None]
    fill(engine, *(document(number, published_at=date) for number, date in enumerate(dates)))
    buckets = engine.search(Request(histogram=interval)).histogram  # type: ignore[arg-type]
    assert [bucket.value for bucket in buckets] == expected
    assert sum(bucket.count for bucket in buckets) == 3


def test_dates_of_other_ages_are_kept(engine: Index, document: Make) -> None:
    dates = ["0001-01-01T00:00:00+00:00", "1969-07-20T20:17:40Z", "9999-12-31T23:59:59Z", None]
    fill(engine, *(document(number, published_at=date) for number, date in enumerate(dates)))
    assert found(engine, "*", sort="date") == [2, 1, 0, 3]
    assert found(engine, "published:<1970") == [1, 0]
    assert engine.search(Request(histogram="week")).histogram[0].value == "0001-01-01"


def test_what_came_later_is_never_overwritten(engine: Index, document: Make) -> None:
    engine.put([(5, document(1, text="second"))])
    assert engine.put([(3, document(1, text="first"))]) == []
    engine.refresh()
    assert engine.search(Request()).hits[0].document.text == "second"
    engine.put([(5, document(1, text="again"))])
    engine.put([(6, document(2, text="x")), (9, document(2, text="newest")), (7, document(2, text="y"))])
    engine.refresh()
    assert sorted(d.text for d in engine.scan()) == ["again", "newest"]
    assert engine.count() == 2


def test_a_removed_post_stays_removed(engine: Index, document: Make) -> None:
    post = document(1, text="gone")
    engine.put([(1, post), (2, document(2, text="stays"))])
    engine.put([], [(4, post.id), (5, "never was here")])
    assert engine.put([(3, post)]) == []
    engine.refresh()
    assert list(engine.ids()) == [document(2).id]
    assert engine.get(post.id) is None
    engine.put([], [(1, document(2).id)])  # older than the document: says nothing
    engine.put([(6, post)])
    engine.refresh()
    assert engine.count() == 2


def test_a_document_that_cannot_be_held_is_refused_alone(engine: Index, document: Make) -> None:
    failures = engine.put(
        [
            (1, document(1, text="fine")),
            (2, document(2, id="i" * 300)),
            (3, document(3, published_at="no date")),
            (4, document(4, text="half \ud800 pair")),
            (5, document(5, score=float("nan"))),
            (6, document(6, id="")),
        ]
    )
    engine.refresh()
    assert [failure.id for failure in failures] == [
        document(2, id="i" * 300).id,
        document(3).id,
        document(4).id,
        document(5).id,
        "",
    ]
    assert all(failure.reason for failure in failures)
    assert found(engine, "*") == [1]


def test_long_words_and_odd_white_space_do_no_harm(engine: Index, document: Make, entity: MakeEntity) -> None:
    fill(
        engine,
        document(1, text="x" * 100_000 + " kerja", entities=(entity("url", "https://x.example/" + "y" * 40_000),)),
        document(2, text="satu\u00a0dua\u3000tiga\u2028empat\x1cfive"),
        document(3, text="a" * 99 + "b" + "c" * 200),
    )
    assert found(engine, "kerja") == [1]
    assert found(engine, '"satu dua tiga empat five"') == [2]
    assert found(engine, "a" * 99 + "b" + "d" * 200) == [3]  # words count to a hundred code points
    assert found(engine, "link:x.example*") == []
    assert found(engine, "link:*") == [1]


def test_clear_drops_all_and_the_index_goes_on(engine: Index, document: Make) -> None:
    fill(engine, document(1), document(2))
    engine.put([], [(9, document(1).id)])
    engine.clear()
    assert engine.count() == 0
    fill(engine, document(1))
    assert engine.count() == 1


def test_scan_streams_past_every_page_size(engine: Index, document: Make) -> None:
    fill(engine, *(document(number, text="kerja") for number in range(1, 1203)))
    stream = engine.scan("kerja")
    first = next(stream)
    engine.put([(5000, document(5000, text="kerja"))])
    engine.refresh()
    assert [first.number, *(d.number for d in stream)] == list(range(1, 1203))
    assert engine.count("kerja") == 1203
    assert len(set(engine.ids())) == 1203


def test_highlights_are_asked_for(engine: Index, document: Make) -> None:
    fill(engine, document(1, title="Lowongan kerja", text="gaji"))
    assert engine.search(Request("kerja")).hits[0].highlights == ()
    [shown] = engine.search(Request("kerja", highlight=True)).hits[0].highlights
    assert (shown.field, shown.snippet, shown.spans) == ("title", "Lowongan kerja", ((9, 14),))


@pytest.mark.parametrize("query", ["(", "nofield:x", "*x", "🔥", "kerja AND"])
def test_bad_queries_are_refused_by_every_method(engine: Index, query: str) -> None:
    for ask in (lambda: engine.search(Request(query)), lambda: engine.count(query), lambda: list(engine.scan(query))):
        with pytest.raises(QueryError):
            ask()


def test_large_queries_are_taken(engine: Index, document: Make) -> None:
    fill(engine, document(1, text="kerja"))
    assert found(engine, " OR ".join([f"kata{n}" for n in range(290)] + ["kerja"])) == [1]
    assert found(engine, "(" * 10 + "kerja" + ")" * 10) == [1]
    assert found(engine, "NOT (NOT (NOT (NOT (NOT (NOT kerja)))))") == [1]
