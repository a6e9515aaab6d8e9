"""The declarations that come with jerat: whole, honest about what nobody has read or seen, and proven where they say so."""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawlers.catalogue import Entry, load_catalogue
from crawlers.declared import Verified
from crawlers.spiders.base import JeratSpider
from crawlers.spiders.bluesky import BlueskySpider
from crawlers.spiders.discourse import DiscourseSpider
from crawlers.spiders.mastodon import MastodonSpider
from crawlers.spiders.reddit import RedditSpider
from crawlers.targets import of_source
from jerat.settings import Settings

CATALOGUE = load_catalogue()
ENTRIES = list(CATALOGUE)

# The saved page that each claim of `verified` rests on, and the address at which it stood.
PAGES = {
    "indeed-id": ("pages/jobs/indeed_job.html", "/viewjob"),
    "jobify": ("pages/jobs/jobify_detail.html", "/jobs/contoh-1"),
    "jobstreet-id": ("pages/jobs/jobstreet_id_listing.html", "/id/jobs"),
    "jobstreet-id-search": ("api/jobstreet/backend_page_1_modified.json", "/search"),
}


def test_all_of_them_are_sound() -> None:
    assert not CATALOGUE.mistakes, [str(mistake) for mistake in CATALOGUE.mistakes]
    assert len(ENTRIES) >= 35
    assert len([entry for entry in ENTRIES if entry.source.enabled]) >= 25
    assert {"mastodon", "bluesky", "reddit", "discourse", "board", "jobposting"} <= {one.source.kind for one in ENTRIES}
    countries = {entry.source.country for entry in ENTRIES}
    assert {"ID", "MY", "PH", "SG", "TH", "HK", "VN", "KH", "AE", None} <= countries


@pytest.mark.parametrize(
    "host",
    [
        *("jobstreet", "jobsdb", "glints", "kalibrr", "karir.com", "loker.id", "jobify", "camhr", "bongthom"),
        *("vietnamworks", "topcv", "jobthai", "indeed", "jora", "bayt", "naukrigulf", "mycareersfuture"),
    ],
)
def test_the_boards_of_the_region_are_among_them(host: str) -> None:
    hosts = [urlsplit(url).hostname or "" for entry in ENTRIES for url in entry.source.urls]
    assert any(host in one for one in hosts)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.source.name)
def test_each_says_what_is_known_of_it(entry: Entry) -> None:
    source = entry.source
    assert entry.file.stem == source.name
    assert source.terms, "what its terms say, or that they were not read"
    assert source.languages
    assert source.enabled or "jerat import" in source.instead or "sources add" in source.instead
    assert of_source(source)
    assert all(urlsplit(url).scheme == "https" for url in source.urls if not url.startswith("@"))
    assert source.robots is None, "an exception is the operator's to make"
    if isinstance(source.verified, Verified):
        assert date(2026, 11, 1) <= source.verified.on <= date(2026, 12, 31)
        assert re.search(r"saved|recorded", source.verified.how)


def test_addresses_of_interfaces_are_understood_by_their_spiders(monkeypatch: pytest.MonkeyPatch) -> None:
    spiders = {one.name: one for one in (MastodonSpider, BlueskySpider, RedditSpider, DiscourseSpider)}
    monkeypatch.setattr(JeratSpider, "context", SimpleNamespace(settings=Settings()))
    asked = [(entry.source.kind, url) for entry in ENTRIES for url in entry.source.urls if entry.source.kind in spiders]
    assert {kind for kind, _ in asked} == spiders.keys()
    for kind, url in asked:
        assert spiders[kind](url=url).entrance(url), f"{url} is nothing that the kind {kind} reads"


@pytest.mark.shared
def test_what_is_called_verified_gives_posts_of_its_saved_page(
    shared_data: Path, tmp_path: Path, new_site: Callable[[], Any], crawl_sources: Callable[..., list[dict[str, Any]]]
) -> None:
    site = new_site()
    claims = [entry.source.name for entry in ENTRIES if isinstance(entry.source.verified, Verified)]
    asked = {}
    for name in claims:
        page = PAGES.get(re.sub(r"^indeed-..$", "indeed-id", name))
        if page is None:
            pytest.fail(f"{name} is called verified, and PAGES names no saved page for it")
        file, path = page
        site.pages[path] = (shared_data / file).read_text("utf-8")
        asked[name] = [site.base + path]
    assert {"indeed-id"} <= set(asked)
    for report in crawl_sources(tmp_path, asked):
        brought = sum(report[count] for count in ("posts_new", "posts_changed", "posts_same"))
        assert brought, json.dumps(report)
        assert not report["faults"]
