"""Pages with JobPostings and the posts that they must give: `pages/NAME.html` with `pages/NAME.json`, both written by hand."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from crawlers.extract.html_text import render_html
from crawlers.extract.jobposting import job_posts
from crawlers.extract.jsonld import read_json
from crawlers.extract.origin import Origin
from crawlers.extract.salary import salary_text
from jerat.model import Post, post_id

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))
ORIGIN = Origin("127.0.0.1:8000", "http://127.0.0.1:8000/x/1", datetime(2026, 11, 23, tzinfo=UTC))


def said(post: Post) -> dict[str, Any]:
    assert post.job is not None
    stamp = None if post.published_at is None else post.published_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "url": post.url,
        "title": post.title,
        "text": post.text,
        "published_at": stamp,
        "organisation": post.job.organisation,
        "locations": list(post.job.locations),
        "salary": post.job.salary,
        "employment_type": list(post.job.employment_type),
        "valid_through": post.job.valid_through,
        "direct_apply": post.job.direct_apply,
        "contacts": list(post.job.contacts),
        "links": [[link.url, post.text[link.start : link.end]] for link in post.links],
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_page(page: Path) -> None:
    expected = json.loads(page.with_suffix(".json").read_text("utf-8"))
    found = job_posts(page.read_text("utf-8"), ORIGIN)
    assert found.problems == []
    got = [said(post) for post in found.posts]
    assert [{key: one[key] for key in wanted} for one, wanted in zip(got, expected, strict=True)] == expected


def test_pages_are_there() -> None:
    assert len(PAGES) >= 6


def test_the_id_is_that_of_the_address() -> None:
    page = (Path(__file__).parent / "pages" / "graph_refs.html").read_text("utf-8")
    assert job_posts(page, ORIGIN).posts[0].id == post_id("web", "", "http://127.0.0.1:8000/job/typist-77")


def test_postings_that_share_an_address_have_ids_of_their_own() -> None:
    one = '{"@type":"JobPosting","title":"%s","description":"Words of %s"}'
    page = f'<script type="application/ld+json">[{one % ("A", "A")},{one % ("B", "B")}]</script>'
    posts = job_posts(page, ORIGIN).posts
    assert len({post.id for post in posts}) == 2
    assert [post.id for post in posts] == [post.id for post in job_posts(page, ORIGIN).posts]


def test_broken_json_is_a_problem_and_not_an_error() -> None:
    found = job_posts('<script type="application/ld+json">{"@type":"JobPosting","title":"x</script>', ORIGIN)
    assert found.posts == []
    assert "JSON-LD" in found.problems[0]


def test_one_broken_script_does_not_hide_the_next() -> None:
    page = '<script type="application/ld+json">{"JobPosting</script><script type="application/ld+json">{"@type":"JobPosting","title":"T"}</script>'  # noqa: E501
    assert [post.title for post in job_posts(page, ORIGIN).posts] == ["T"]


@pytest.mark.parametrize("depth", [50, 5000, 200_000])
def test_deep_nesting_is_bounded(depth: int) -> None:
    page = (
        '<script type="application/ld+json">{"@type":"JobPosting","title":"T","x":'
        + "[" * depth
        + "]" * depth
        + "}</script>"
    )
    found = job_posts(page, ORIGIN)
    assert found.posts or found.problems


def test_references_in_circles_end() -> None:
    page = (
        '<script type="application/ld+json">[{"@type":"JobPosting","@id":"#a","title":"T","hiringOrganization":{"@id":"#b"}},'
        '{"@type":"Organization","@id":"#b","name":"O","parent":{"@id":"#b"},"job":{"@id":"#a"}}]</script>'
    )
    (post,) = job_posts(page, ORIGIN).posts
    assert post.job is not None
    assert post.job.organisation == "O"


@given(st.text(max_size=400))
def test_any_text_in_a_script_is_read_or_refused(text: str) -> None:
    job_posts(f'<script type="application/ld+json">JobPosting {text}</script>', ORIGIN)
    try:  # noqa: SIM105
        read_json(text)
    except ValueError:
        pass


@given(st.text(alphabet="<>&;abp/ \n\"'=#ltgampr", max_size=300))
def test_any_markup_renders_and_its_links_slice_it(markup: str) -> None:
    rendered = render_html(markup + '<a href="/x">y</a>', "http://h.example/")
    for link in rendered.links:
        assert rendered.text[link.start : link.end] == rendered.text[link.start : link.end].strip()


@pytest.mark.parametrize(
    ("base", "text"),
    [
        ("USD 900", "USD 900"),
        (900, "900"),
        ({"currency": "USD", "value": 900}, "900 USD"),
        ({"currency": "USD", "value": {"value": "900", "unitText": "MONTH"}}, "900 USD per month"),
        (
            {"currency": "USD", "value": {"minValue": 900, "maxValue": 900, "unitText": "per month"}},
            "900 USD per month",
        ),
        ({"currency": "IDR", "minValue": 5, "maxValue": 8}, "5 - 8 IDR"),
        ({"currency": "USD", "value": {"minValue": 0, "maxValue": 0}}, ""),
        ({"currency": "USD", "value": {"minValue": 700, "unitText": "WEEK"}}, "700 USD per week"),
        ({"@type": "PriceSpecification", "price": 3, "priceCurrency": "USD"}, "3 USD"),
        ({"@type": "PriceSpecification", "minPrice": 700, "maxPrice": 900, "priceCurrency": "USD"}, "700 - 900 USD"),
        (None, ""),
        ([], ""),
        (True, ""),
    ],
)
def test_salary(base: Any, text: str) -> None:
    assert salary_text(base) == text


@pytest.mark.shared
def test_the_saved_page_of_a_big_board(shared_data: Path) -> None:
    markup = (shared_data / "pages/jobs/indeed_job.html").read_text("utf-8")
    origin = Origin("x", "https://au.indeed.com/viewjob?jk=54f1f8af68d722d2&from=serp", ORIGIN.fetched_at)
    (post,) = job_posts(markup, origin).posts
    assert post.url == "https://au.indeed.com/viewjob?jk=54f1f8af68d722d2"
    wanted = {
        "title": "Senior DevOps Engineer",
        "published_at": "2026-08-06T07:39:35Z",
        "organisation": "PaperCut Software",
        "locations": ["Camberwell, VIC, 3124, AU"],
        "salary": "130000 - 160000 AUD per year",
        "employment_type": ["FULL_TIME"],
        "direct_apply": True,
    }
    assert {key: said(post)[key] for key in wanted} == wanted
    lines = post.text.splitlines()
    assert lines[0] == "Company Description"
    assert lines[-1] == "Apply now - the coffees are on us!"
    script = re.search(r'<script type="application/ld\+json">(.*?)</script>', markup, re.S)
    assert script is not None
    whole = html.document_fromstring(json.loads(script[1])["description"]).text_content()
    assert "".join(post.text.split()) == "".join(whole.split())


def test_what_stands_behind_the_end_of_the_page_is_read() -> None:
    markup = (
        "<html><body><p>x</p></BODY ></html>\n"
        '<script type="application/ld+json">{"@type": "JobPosting", "title": "Late", "description": "said"}</script>'
    )
    found = job_posts(markup, ORIGIN)
    assert [post.title for post in found.posts] == ["Late"]
