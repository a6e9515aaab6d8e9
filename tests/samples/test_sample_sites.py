"""The sample sites: what they promise to hold, and that their pages hold it."""

import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

import extruct
import lxml.html
import phonenumbers
import pytest
from lxml import etree

from jerat.model import CONTACT_KINDS
from jerat.samples import SamplePost, SampleSite, Served, Sites, load, serve

ALL = [(site, post) for site in load() for post in site.posts]
IDS = [f"{site.form}-{post.slug or post.number}" for site, post in ALL]


@pytest.fixture(scope="module")
def sites() -> Iterator[Sites]:
    with serve() as served:
        yield served


def get(url: str) -> tuple[bytes, str]:
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=10) as answer:
        return answer.read(), answer.headers["Content-Type"]


def site_of(sites: Sites, form: str) -> Served:
    return next(site for site in sites.sites if site.form == form)


def tree(page: bytes, charset: str = "utf-8") -> lxml.html.HtmlElement:
    return lxml.html.fromstring(page.decode({"windows-874": "cp874"}.get(charset, charset)))


def squeeze(text: str) -> str:
    return "".join(text.split())


def test_there_is_enough_and_of_many_kinds() -> None:
    posts = [post for _, post in ALL]
    assert len(posts) >= 68
    assert len({post.language for post in posts} - {"und"}) >= 12
    assert 0.25 <= sum(post.lure for post in posts) / len(posts) <= 0.5
    assert {"offer", "warning", "victim", "seeker", "question", "other"} == {post.kind for post in posts}
    assert all(post.kind == "offer" for post in posts if post.lure)
    honest_languages = {post.language for post in posts if post.kind == "offer" and not post.lure}
    assert len(honest_languages) >= 8, "an honest job in a language shows that the language is not what is judged"


@pytest.mark.parametrize(("site", "post"), ALL, ids=IDS)
def test_expectations_are_well_formed(site: SampleSite, post: SamplePost) -> None:
    assert post.date.tzinfo is not None
    assert len(set(post.contacts)) == len(post.contacts)
    for contact in post.contacts:
        kind, value = contact.split(":", 1)
        assert kind in CONTACT_KINDS
        if value.startswith("+") and kind != "telegram":
            assert phonenumbers.is_valid_number(phonenumbers.parse(value)), value
    for place in post.places:
        name, country = place.rsplit(", ", 1)
        assert name
        assert len(country) == 2
        assert country.isupper()


def test_addresses_are_told_apart() -> None:
    paths = Counter((site.name, site.path(post)) for site, post in ALL)
    assert max(paths.values()) == 1


def test_every_post_stands_on_a_page_that_can_be_reached(sites: Sites) -> None:
    """Follow the links of every site from its start, and find the text of each post."""
    for site in sites.sites:
        seen, waiting, texts = {site.url}, [site.url], []
        while waiting:
            page, content_type = get(waiting.pop())
            if "html" not in content_type:
                continue
            charset = "utf-8" if "charset" in content_type else page.split(b'charset="')[1].split(b'"')[0].decode()
            document = tree(page, charset)
            texts.append(squeeze(document.text_content()))
            for link in document.xpath("//a/@href"):
                target = site.base + link if link.startswith("/") else link
                if target.startswith(site.base) and target not in seen and "/admin/" not in target:
                    seen.add(target)
                    waiting.append(target)
        for expected in sites.posts:
            if expected.site == site.name:
                assert any(squeeze(expected.post.text) in text for text in texts), expected.path


def test_pages_say_that_they_are_invented_and_load_nothing_from_elsewhere(sites: Sites) -> None:
    for site in sites.sites:
        page, _ = get(site.url)
        document = tree(page)
        assert "nvented" in document.text_content() or "rekaan" in document.text_content()
        for address in document.xpath("//script/@src | //img/@src | //link[@rel='stylesheet']/@href | //iframe/@src"):
            pytest.fail(f"{site.url} loads {address}")
        assert b"url('http" not in page


def test_robots_and_sitemaps_lead_to_every_job_and_keep_the_draft(sites: Sites) -> None:
    board = site_of(sites, "jobposting")
    robots = get(board.base + "/robots.txt")[0].decode()
    assert "Disallow: /admin/" in robots
    index = etree.fromstring(get(robots.split("Sitemap: ")[1].strip())[0])
    maps = index.xpath("//*[local-name()='loc']/text()")
    assert len(maps) > 1
    listed = [loc for each in maps for loc in etree.fromstring(get(each)[0]).xpath("//*[local-name()='loc']/text()")]
    assert sorted(urlsplit(loc).path for loc in listed) == sorted(p.path for p in sites.posts if p.site == board.name)
    assert b"JobPosting" in get(board.base + "/admin/draf")[0], "robots.txt must have something to keep away from"


def test_structured_data_are_read_by_others_too(sites: Sites) -> None:
    board = site_of(sites, "jobposting")
    markups = Counter[str]()
    for expected in sites.posts:
        if expected.site != board.name or expected.post.broken:
            continue
        page, _ = get(board.base + expected.path)
        text = page.decode("cp874" if expected.post.charset == "windows-874" else "utf-8")
        found = extruct.extract(text, syntaxes=["json-ld", "microdata", "rdfa"], uniform=True)
        postings = [(syntax, item) for syntax, items in found.items() for item in items if "JobPosting" in str(item)]
        assert postings, expected.path
        assert squeeze(expected.post.title) in squeeze(str(postings)), expected.path
        markups[expected.post.markup] += 1
    assert set(markups) == {"json-ld", "microdata", "rdfa"}


def test_the_hard_cases_are_there(sites: Sites) -> None:
    posts = [post for _, post in ALL]
    assert sum(post.broken for post in posts) == 1
    assert {post.charset for post in posts} == {"utf-8", "windows-874", "gbk"}
    assert {post.escapes for post in posts} == {0, 1, 2}
    assert any(post.valid_through is not None for post in posts)
    assert [post.photo for post in posts if not post.text] == [True]
    board = site_of(sites, "jobposting")
    page, content_type = get(board.base + next(p.path for p in sites.posts if p.post.charset == "windows-874"))
    assert content_type == "text/html"
    with pytest.raises(UnicodeDecodeError):
        page.decode()


def test_the_channel_pages_backwards_to_its_first_message(sites: Sites) -> None:
    channel = site_of(sites, "telegram")
    url, numbers, pages = channel.url, list[int](), 0
    while url:
        document = tree(get(url)[0])
        numbers += [int(post.rsplit("/", 1)[1]) for post in document.xpath("//div[@data-post]/@data-post")]
        more = document.xpath("//a[contains(@class, 'js-messages_more')]/@href")
        url = channel.base + more[0] if more else ""
        pages += 1
    assert pages > 2
    assert sorted(numbers) == [p.post.number for p in sites.posts if p.site == channel.name]


def test_a_page_that_is_not_there_is_404(sites: Sites) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404") as raised:
        get(sites.sites[0].base + "/nothing")
    raised.value.close()


def test_the_servers_are_gone_afterwards() -> None:
    before = _serving()
    with serve() as served:
        urls = list(served.urls.values())
        assert len(_serving()) == len(before) + len(urls)
        assert {urlsplit(url).hostname for url in urls} == {"127.0.0.1"}
        assert len({urlsplit(url).port for url in urls}) == len(urls)
    assert _serving() == before
    for url in urls:
        with pytest.raises(urllib.error.URLError):
            get(url)


def _serving() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name.startswith("sample")}
