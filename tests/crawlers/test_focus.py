"""Links in the order of what they are worth: learnt while a site is crawled, and of no harm where there is nothing to learn."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.bench.run import bench, pages_until
from crawlers.bench.site import make_site
from crawlers.focus import Focus, family
from jerat.errors import JeratError


def _flat(_: str) -> float:
    return 0.05


def test_the_words_of_links_are_learnt() -> None:
    focus = Focus(_flat)
    for number in range(40):
        good = number % 2 == 0
        url = f"https://a.example/job/{number}"
        focus.found(url, "red lamp" if good else "blue chair", "https://a.example/list")
        focus.learn(url, 0.9 if good else 0.02)
    focus.found("https://a.example/job/100", "a red lamp", "https://a.example/list")
    focus.found("https://a.example/job/101", "a blue chair", "https://a.example/list")
    assert focus.estimate("https://a.example/job/100") > 2 * focus.estimate("https://a.example/job/101")


def test_the_list_and_the_neighbours_are_learnt() -> None:
    focus = Focus(_flat)
    for number in range(60):
        hot = number % 3 == 0
        url, page = f"https://a.example/job/{number}", f"https://a.example/{'hot' if hot else 'cold'}?page={number % 7}"
        focus.found(url, "same words", page)
        focus.learn(url, 0.8 if hot else 0.01)
    assert focus.estimate_list("https://a.example/hot?page=9") > 1.5 * focus.estimate_list(
        "https://a.example/cold?page=9"
    )
    unseen = focus.estimate_list("https://a.example/other")
    assert unseen > focus.estimate_list("https://a.example/cold?page=9"), "what nobody has seen is worth a look"
    focus.found("https://a.example/job/200", "related", "https://a.example/job/0")
    focus.found("https://a.example/job/201", "related", "https://a.example/job/1")
    assert focus.estimate("https://a.example/job/200") > focus.estimate("https://a.example/job/201")


def test_where_nothing_is_worth_more_the_estimates_do_not_matter() -> None:
    focus = Focus(lambda _: 0.01)
    chance = random.Random(1)
    for number in range(300):
        url = f"https://a.example/job/{number}"
        focus.found(url, f"word{chance.randrange(50)} job", f"https://a.example/list?page={number // 20}")
        focus.learn(url, 0.01)
    focus.found("https://a.example/job/999", "new words", "https://a.example/list?page=3")
    assert focus.estimate("https://a.example/job/999") < 0.05
    assert focus.estimate_list("https://a.example/list?page=99") < 0.25


def test_pages_of_one_list_are_one_family() -> None:
    assert family("https://a.example/jobs?page=2&q=x") == family("https://a.example/jobs?q=x")
    assert family("https://a.example/jobs/page/2") == family("https://a.example/jobs/")
    assert family("https://a.example/jobs?q=x") != family("https://a.example/jobs?q=y")


@given(st.lists(st.tuples(st.text(max_size=30), st.floats(0, 1)), max_size=30))
def test_whatever_stands_in_links(links: list[tuple[str, float]]) -> None:
    focus = Focus(lambda text: 1.0 if len(text) % 2 else 0.0)
    for number, (text, worth) in enumerate(links):
        focus.found(f"u{number}", text, f"https://a.example/{text}")
        focus.learn(f"u{number}", worth)
        focus.learn(f"u{number}", 0.0)
        assert 0 <= focus.estimate(f"u{number + 1}") <= 1
        assert 0 <= focus.estimate_list("https://a.example/") <= 1
    assert focus.told == len(links)


def test_the_made_site_is_what_it_is_said_to_be() -> None:
    site = make_site(7, 2000)
    assert site == make_site(7, 2000)
    assert 1950 <= len(site.pages) <= 2060
    jobs = [path for path in site.pages if path.startswith("/job/")]
    assert len(site.lures) == round(len(jobs) * 0.05)
    assert all(path.removeprefix("/job/").isdecimal() for path in jobs), "addresses tell nothing"
    reached, waiting = set(), ["/"]
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            waiting += [part.split('"')[0] for part in site.pages[path].split('href="')[1:]]
    assert reached == set(site.pages)


def test_pages_are_counted_until_the_lures_are_in() -> None:
    site = make_site(3, 100)
    order = [*sorted(site.lures), "/"]
    assert pages_until(site, ["/nothing", "/", "/", *order]) == 1 + -(-len(site.lures) * 8 // 10)
    with pytest.raises(JeratError):
        pages_until(site, ["/"])


def test_lures_are_found_sooner_than_breadth_first() -> None:
    (row,), _ = bench([5], pages=240)
    assert row.ratio >= 2


def test_a_site_without_lures_is_read_whole(new_site: Any, crawl: Any, tmp_path: Any) -> None:
    made = make_site(9, 80, share=0)
    site = new_site()
    site.pages = dict(made.pages)
    done = crawl(tmp_path, [site.base + "/"])
    assert done.reports[0]["status"] == "ok"
    assert len(done.posts) == sum(path.startswith("/job/") for path in made.pages)
    assert set(made.pages) <= set(site.asked)
