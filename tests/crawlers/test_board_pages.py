"""Pages of boards by declared selectors: every field compared with what the page says, read here in another way."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from lxml import html

from crawlers.board.data import opened
from crawlers.board.fields import read_local
from crawlers.board.known import recognised
from crawlers.board.read import next_number, read_detail, read_list
from crawlers.board.rules import BoardRules, Dates, Pages, check
from crawlers.extract.jobposting import job_posts
from crawlers.extract.origin import Origin
from crawlers.failures import made_by_scripts

SOURCES = Path(__file__).resolve().parent.parent.parent / "crawlers" / "sources"
FETCHED = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def _origin(url: str) -> Origin:
    return Origin("sample", url, FETCHED, "")


def _shipped(name: str) -> BoardRules:
    return msgspec.convert(yaml.safe_load((SOURCES / f"{name}.yaml").read_text("utf-8"))["board"], BoardRules)


def _rules(**parts: Any) -> BoardRules:
    return msgspec.convert(parts, BoardRules)


def _words(markup: str) -> list[str]:
    return re.findall(r"\w+", html.fromstring(f"<div>{re.sub('<', ' <', markup)}</div>").text_content())


# -- the saved pages -----------------------------------------------------------------------------------------------------


@pytest.mark.shared
def test_a_page_of_seek_is_read_from_its_state(shared_data: Path) -> None:
    markup = (shared_data / "pages/jobs/seek_job.html").read_text("utf-8")
    said = re.sub(r":undefined\b", ":null", markup[markup.index("SEEK_REDUX_DATA = ") + 18 :])
    job = json.JSONDecoder().raw_decode(said)[0]["jobdetails"]["result"]["job"]
    url = f"https://au.seek.com/job/{job['id']}"
    for rules in (_shipped("jobstreet-id"), _shipped("jobstreet-id-search"), None):
        found = (
            read_detail(opened(markup, url, rules), rules, _origin(url)).post
            if rules is not None
            else recognised(markup, _origin(url)).post
        )
        assert found is not None
        assert found.job is not None
        assert (found.title, found.url, found.native_id) == (job["title"], url, job["id"])
        assert found.published_at == datetime.fromisoformat(job["listedAt"]["dateTimeUtc"])
        assert found.job.valid_through == datetime.fromisoformat(job["expiresAt"]["dateTimeUtc"])
        assert found.job.organisation == job["advertiser"]["name"]
        assert found.job.locations == (job["location"]["label"],)
        assert found.job.employment_type == (job["workTypes"]["label"],)
        assert (found.job.salary, found.job.contacts) == ("", ())
        assert re.findall(r"\w+", found.text) == _words(job["content"])
        assert "<" not in found.text
        assert "&nbsp;" not in found.text


@pytest.mark.shared
def test_the_list_of_jobstreet_gives_every_item(shared_data: Path) -> None:
    markup = (shared_data / "pages/jobs/jobstreet_id_listing.html").read_text("utf-8")
    root = html.fromstring(markup)

    def named(card: Any, name: str) -> list[str]:
        return [" ".join(one.text_content().split()) for one in card.iter() if one.get("data-automation") == name]

    cards = [one for one in root.iter("article") if one.get("data-job-id")]
    expected = [
        (
            f"https://id.jobstreet.com/id/job/{card.get('data-job-id')}",
            named(card, "jobTitle")[0],
            "".join(named(card, "jobCompany")),
            ", ".join(named(card, "jobLocation")),
            "".join(named(card, "jobSalary")),
        )
        for card in cards
    ]
    rules = _shipped("jobstreet-id")
    url = "https://id.jobstreet.com/id/backend-jobs"
    listing = read_list(opened(markup, url, rules), rules)
    drafts = [item.draft for item in listing.items]
    assert [(one.url, one.title, one.organisation, ", ".join(one.locations), one.salary) for one in drafts] == expected
    assert len(expected) == 32
    assert {one.employment_type for one in drafts} <= {("Full time",), ("Kontrak",), ("Kontrak/Temporer",)}
    assert listing.next == f"{url}?page=2"
    # without a declaration too
    assert [post.url for post in recognised(markup, _origin(url)).posts] == [one[0] for one in expected]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["backend", "devops"])
def test_recorded_answers_of_a_search_are_lists(shared_data: Path, name: str) -> None:
    text = (shared_data / f"api/jobstreet/{name}_page_1_modified.json").read_text("utf-8")
    jobs = json.loads(text)["data"]
    rules = _shipped("jobstreet-id-search")
    url = "https://id.jobstreet.com/api/jobsearch/v5/search?keywords=x&page=1"
    for drafts in (
        [item.draft for item in read_list(opened(text, url, rules), rules).items],
        [item.draft for item in recognised(text, _origin(url)).items],
    ):
        assert [one.native_id for one in drafts] == [job["id"] for job in jobs]
        for draft, job in zip(drafts, jobs, strict=True):
            assert draft.url.endswith(f"/job/{job['id']}")
            assert draft.title == " ".join(job["title"].split())
            assert draft.organisation == job.get("companyName", job["advertiser"]["description"])
            assert draft.locations == tuple(dict.fromkeys(one["label"] for one in job["locations"]))
            assert draft.salary == " ".join(job["salaryLabel"].split())
            assert draft.employment_type == tuple(job["workTypes"])
            assert draft.published_at == datetime.fromisoformat(job["listingDate"])
            said = [*job.get("bulletPoints", []), job["teaser"]]
            assert "".join(draft.text.text.split()) == "".join(" ".join(said).split())


@pytest.mark.shared
def test_jobify_is_read_list_and_page(shared_data: Path) -> None:
    rules = _shipped("jobify")
    markup = (shared_data / "pages/jobs/jobify_listing.html").read_text("utf-8")
    listing = read_list(opened(markup, "https://jobify.works/jobs", rules), rules)
    links = dict.fromkeys(re.findall(r'href="(/jobs/\d+)"', markup))
    assert [item.href for item in listing.items] == [f"https://jobify.works{link}" for link in links]
    shown = [" ".join(one.text_content().split()) for one in html.fromstring(markup).find_class("job-salary")]
    assert [item.draft.salary for item in listing.items] == shown
    assert all(item.draft.title and item.draft.locations and item.draft.employment_type for item in listing.items)

    markup = (shared_data / "pages/jobs/jobify_detail.html").read_text("utf-8")
    url = "https://jobify.works/jobs/1183"
    found = read_detail(opened(markup, url, rules), rules, _origin(url), listing.items[0].draft)
    post = found.post
    assert found.missing == []
    assert post is not None
    assert post.job is not None
    whole = re.search(r'<h3 class="job-title"[^>]*>\s*(.*?) \((JB-\d+)\)', markup)
    assert whole is not None
    assert (post.title, post.native_id) == (whole[1], whole[2])

    def labelled(name: str) -> str:
        match = re.search(rf"<strong[^>]*>{name}:</strong>(.*?)</span>", markup, re.S)
        assert match is not None
        return " ".join(match[1].split())

    assert post.job.salary == labelled("Salary")
    assert post.job.employment_type == (labelled("Job Type"),)
    assert post.job.locations == (labelled("Location"),)
    assert post.published_at is not None
    assert f"{post.published_at:%B} {post.published_at.day}, {post.published_at.year}" == labelled("Published date")
    assert post.job.valid_through is not None
    assert f"{post.job.valid_through:%B %d, %Y}" == labelled("Closing date")
    assert [re.search(rf'q\.{key}="(.*?)"', markup)[1] for key in ("mobile", "email")] == list(post.job.contacts)  # type: ignore[index]
    content = html.fromstring(markup).find_class("job-content")[0]
    expected = _words(html.tostring(content, encoding="unicode").split("How to apply")[0])
    assert re.findall(r"\w+", post.text) == expected
    # without a declaration the same advertisement, and nothing of the list, whose state is empty
    known = recognised(markup, _origin(url)).post
    assert known is not None
    assert (known.url, known.title, known.job and known.job.salary) == (post.url, post.title, post.job.salary)


@pytest.mark.shared
def test_a_page_that_is_made_by_scripts_gives_nothing(shared_data: Path) -> None:
    markup = (shared_data / "pages/jobs/camhr.html").read_text("utf-8")
    found = recognised(markup, _origin("https://www.camhr.com/a/job/1"))
    assert (found.post, found.items) == (None, [])
    assert made_by_scripts(markup), "so that a run without posts names the browser"


# -- rules ---------------------------------------------------------------------------------------------------------------

PAGE = """<html><head><title>x</title></head><body><h1> Typist &amp; <b>Chat</b> support </h1>
<div class=ad><p>Type <b>fast</b>.</p><p>Call <a href="https://wa.me/85512000111">us</a>.<script>no()</script></p></div>
<ul class=where><li>Bavet</li><li>Svay Rieng</li></ul><span class=pay>Salary: $ 800 - 1,500</span>
<time datetime="2026-11-03T09:00">yesterday</time><i class=until>04/05/2026</i><img src="/a.png">
<img src="data:image/png;base64,AA"></body></html>"""


def test_every_kind_of_field_and_selector() -> None:
    rules = _rules(
        detail={
            "fields": {
                "title": ["css:.nothing", "css:h1"],
                "text": "css:.ad",
                "locations": {"select": "css:.where li", "join": ", "},
                "salary": {"select": "css:.pay", "match": r"Salary:\s*(.*)"},
                "published_at": "css:time",
                "valid_through": "xpath://i[@class='until']",
                "media": "css:img",
                "native_id": "xpath:count(//li)",
                "organisation": "css:.company",
            }
        },
        dates={"order": "dmy", "zone": "+07:00"},
    )
    assert check(rules) == []
    url = "https://board.example/ad/7?utm_source=x"
    found = read_detail(opened(PAGE, url, rules), rules, _origin(url))
    post = found.post
    assert found.missing == ["organisation"]
    assert post is not None
    assert post.job is not None
    assert post.title == "Typist & Chat support"
    assert post.text == "Type fast.\n\nCall us."
    assert [(link.url, post.text[link.start : link.end]) for link in post.links] == [
        ("https://wa.me/85512000111", "us")
    ]
    assert post.job.locations == ("Bavet, Svay Rieng",)
    assert post.job.salary == "$ 800 - 1,500"
    assert post.published_at == datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
    assert post.job.valid_through == datetime(2026, 5, 4, tzinfo=UTC)
    assert post.media == ("https://board.example/a.png",)
    assert post.native_id == "2"
    assert post.job.contacts == ("https://wa.me/85512000111",)
    assert post.url == "https://board.example/ad/7"


def test_rules_win_and_structured_data_fills_the_gaps(ld: Any) -> None:
    markup = ld(
        title="Posting", description="Its own words, which are enough.", datePosted="2026-10-01",
        hiringOrganization={"name": "Sample Co"}, baseSalary="900 USD",
    ).replace("<h1>", "<p class=t>Shown title</p><h1>")  # fmt: skip
    rules = _rules(detail={"fields": {"title": "css:.t", "text": "css:.gone", "salary": "css:.gone"}})
    found = read_detail(opened(markup, "https://b.example/1", rules), rules, _origin("https://b.example/1"))
    assert found.missing == ["text", "salary"]
    assert found.post is not None
    assert found.post.job is not None
    assert found.post.title == "Shown title"
    assert found.post.text == "Its own words, which are enough."
    assert (found.post.job.organisation, found.post.job.salary) == ("Sample Co", "900 USD")
    assert found.post.published_at == datetime(2026, 10, 1, tzinfo=UTC)
    assert found.post.id == job_posts(markup, _origin("https://b.example/1")).posts[0].id, "one advertisement, one post"


def test_a_page_without_title_and_text_is_no_post() -> None:
    rules = _rules(detail={"fields": {"title": "css:.t", "text": "css:.b", "salary": "css:p"}})
    markup = (
        "<body><p>Please log in to go on. There is much to read here for those who have an account with us.</p></body>"
    )
    assert read_detail(opened(markup, "https://b.example/1", rules), rules, _origin("https://b.example/1")).post is None


def test_lists_of_markup_and_of_data() -> None:
    markup = (
        '<base href="/en/"><div class=c><a href="job/1?ref=a#x">One</a></div><div class=c><a href="job/1?ref=b">Again</a></div>'
        '<div class=c><a href="javascript:void(0)">No way</a></div><div class=c></div><a class=n href="?page=2">more</a>'
    )
    rules = _rules(
        list={
            "items": "css:.c", "link": "css:a::attr(href)", "keep_query": False, "next": "css:.n::attr(href)",
            "fields": {"title": "css:a"},
        },
    )  # fmt: skip
    listing = read_list(opened(markup, "https://b.example/jobs", rules), rules)
    assert [(item.href, item.draft.url, item.draft.title) for item in listing.items] == [
        ("https://b.example/en/job/1?ref=a#x", "https://b.example/en/job/1", "One"),
        ("", "", "No way"),
    ]
    assert (listing.matched, listing.next) == (4, "https://b.example/en/?page=2")
    rules = _rules(
        list={
            "items": "jmespath:hits", "link": "jmespath:join('', ['/ad/', to_string(no)])",
            "fields": {"title": "jmespath:name", "locations": "jmespath:at[].city", "salary": "jmespath:pay"},
        },
    )  # fmt: skip
    answer = json.dumps(
        {"hits": [{"no": 1, "name": "<b>A</b> &amp; B", "at": [{"city": "X"}, {"city": "Y"}], "pay": 800}, {"no": 2}]}
    )
    items = read_list(opened(answer, "https://b.example/api", rules), rules).items
    assert [item.href for item in items] == ["https://b.example/ad/1", "https://b.example/ad/2"]
    assert (items[0].draft.title, items[0].draft.locations, items[0].draft.salary) == ("A & B", ("X", "Y"), "800")


@pytest.mark.parametrize(
    ("block", "path", "said"),
    [
        ({}, "", "neither"),
        ({"detail": {"fields": {}}}, "detail.fields", "no field"),
        ({"detail": {"fields": {"title": "h1"}}}, "detail.fields.title", "does not begin with"),
        ({"detail": {"fields": {"title": "css:h1[["}}}, "detail.fields.title", "no CSS selector"),
        ({"detail": {"fields": {"title": ["css:h1", "xpath://h1["]}}}, "detail.fields.title", "no XPath"),
        ({"detail": {"fields": {"title": "xpath:nosuch(1)"}}}, "detail.fields.title", "no XPath"),
        ({"detail": {"fields": {"text": "jmespath:a[?"}}}, "detail.fields.text", "no JMESPath"),
        ({"detail": {"fields": {"text": "jmespath:"}}}, "detail.fields.text", "nothing behind"),
        ({"detail": {"fields": {"text": {"select": "css:p", "match": "("}}}}, "detail.fields.text.match", "regular"),
        ({"list": {"items": "css:li", "fields": {"salary": "css:b"}}}, "list.fields", "title or a text"),
        ({"list": {"items": [], "fields": {"title": "css:b"}}}, "list.items", "no selector"),
        ({"list": {"items": "css:li"}, "detail": {"fields": {"title": "css:h1"}}}, "list.link", "reached"),
        ({"data": {"s": "var:1x"}, "detail": {"fields": {"title": "css:h1"}}}, "data.s", "no variable"),
        ({"data": {"s": "jmespath:a"}, "detail": {"fields": {"title": "css:h1"}}}, "data.s", "var:"),
        ({"dates": {"zone": "Asia"}, "detail": {"fields": {"title": "css:h1"}}}, "dates.zone", "offset"),
    ],
)  # fmt: skip
def test_mistakes_in_rules_are_told_with_their_place(block: dict[str, Any], path: str, said: str) -> None:
    wrong = check(_rules(**block))
    assert [place for place, sentence in wrong if said in sentence] == [path], wrong


def test_numbers_of_pages() -> None:
    assert next_number("https://b.example/jobs?q=a+b", Pages("page")) == "https://b.example/jobs?q=a+b&page=2"
    assert next_number("https://b.example/jobs?page=7&q=a", Pages("page")) == "https://b.example/jobs?q=a&page=8"
    assert (
        next_number("https://b.example/jobs?from=x", Pages("from", first=0, step=20))
        == "https://b.example/jobs?from=20"
    )


@pytest.mark.parametrize(
    ("text", "order", "zone", "moment"),
    [
        ("03/04/2026", "dmy", "", datetime(2026, 4, 3, tzinfo=UTC)),
        ("03/04/2026", "mdy", "", datetime(2026, 3, 4, tzinfo=UTC)),
        ("03/04/2026", "", "", None),
        ("3.4.26", "dmy", "", datetime(2026, 4, 3, tzinfo=UTC)),
        ("03/04/2026 09:30", "dmy", "+07:00", datetime(2026, 4, 3, 2, 30, tzinfo=UTC)),
        ("2026-04-03T09:30:00Z", "dmy", "+07:00", datetime(2026, 4, 3, 9, 30, tzinfo=UTC)),
        ("2026-04-03 09:30 +08:00", "", "+07:00", datetime(2026, 4, 3, 1, 30, tzinfo=UTC)),
        ("2026-04-03", "", "+07:00", datetime(2026, 4, 3, tzinfo=UTC)),
        ("3 hari yang lalu", "dmy", "+07:00", None),
        ("13/13/2026", "dmy", "", None),
    ],
)
def test_dates_by_the_order_and_zone_of_a_board(text: str, order: str, zone: str, moment: datetime | None) -> None:
    assert read_local(text, Dates(order, zone)) == moment


def test_job_like_data_is_recognised_and_other_data_is_not() -> None:
    job = {
        "id": 41,
        "jobTitle": "Typist",
        "company": {"name": "Sample Co"},
        "description": f"<p>{'Many words. ' * 10}</p>",
    }
    next_data = json.dumps(
        {"props": {"pageProps": {"job": job, "seo": {"title": "Typist at Sample", "description": "d" * 90}}}}
    )
    script = f'<script id="__NEXT_DATA__" type="application/json">{next_data}</script>'
    found = recognised(f"<h1>Typist</h1>{script}", _origin("https://b.example/jobs/41-typist"))
    assert found.post is not None
    assert (found.post.title, found.post.job and found.post.job.organisation) == ("Typist", "Sample Co")
    assert found.post.text == " ".join(["Many words."] * 10)
    listed = {
        "jobs": [{"id": f"j{n}", "title": f"Role {n}", "companyName": "Co", "slug": f"role-{n}"} for n in range(3)]
    }
    links = "".join(f'<a href="/jobs/role-{n}">x</a>' for n in range(3))
    found = recognised(
        f"{links}<script>window.__INITIAL_STATE__={json.dumps(listed)}</script>", _origin("https://b.example/jobs")
    )
    assert [post.url for post in found.posts] == [f"https://b.example/jobs/role-{n}" for n in range(3)]
    many = {"jobs": [{"id": f"n{n}", "title": "Role", "companyName": f"Co {n}"} for n in range(2000)]}
    links = "".join(f'<a href="/jobs/n{n}">x</a>' for n in range(4000))
    found = recognised(
        f"{links}<script>window.__INITIAL_STATE__={json.dumps(many)}</script>", _origin("https://b.example/")
    )
    assert len({post.url for post in found.posts}) == 2000
    shop = {"products": [{"id": n, "name": f"Shoe {n}", "price": 10, "description": "d" * 90} for n in range(5)]}
    found = recognised(f"<script>window.__INITIAL_STATE__={json.dumps(shop)}</script>", _origin("https://b.example/"))
    assert (found.post, found.posts) == (None, [])
