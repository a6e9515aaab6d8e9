"""Walks over a server that speaks Reddit's API: its pages, faults and limits, and whom a token is shown to."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from reddit_things import comment, listing, submission


@pytest.fixture(scope="module")
def crawled(new_site: Callable[[], Any], crawl: Any, page_type: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    page = page_type
    starts: dict[str, str] = {}
    sites: dict[str, Any] = {}

    def reply(data: Any, **more: Any) -> Any:
        return page(json.dumps(data), content_type="application/json", **more)

    def subreddit(
        name: str, total: int, suffix: str = ".json", failures: dict[str, Any] | None = None, **more: Any
    ) -> None:
        site = sites[name] = new_site()

        def answer(path: str) -> Any:
            query = {key: values[0] for key, values in parse_qs(urlsplit(path).query).items()}
            at = int(query["count"]) if "after" in query else 0
            if failures and str(at) in failures:
                return failures[str(at)]
            rows = [
                submission(f"{name}{number}", selftext=f"Isi {number}") for number in range(at, min(at + 100, total))
            ]
            after = rows[-1]["data"]["name"] if at + 100 < total else None
            return reply(listing(*rows, after=after), **more)

        site.pages[f"/r/contoh/new{suffix}*"] = answer
        starts[name] = f"{site.base}/r/contoh/new"

    subreddit("paged", 250)
    subreddit("bare", 30, suffix="?")
    subreddit("blocked", 30, failures={"0": page("<html><body>whoa there, pardner!</body></html>", status=403)})
    subreddit("cut", 250, failures={"100": page('{"kind": "Listing", "data": {"chil', content_type="application/json")})
    subreddit(
        "limited", 150, headers={"x-ratelimit-remaining": "0.0", "x-ratelimit-reset": "1", "x-ratelimit-used": "100"}
    )
    subreddit("spent", 250, headers={"x-ratelimit-remaining": "0.0", "x-ratelimit-reset": "580"})
    site = sites["private"] = new_site()
    site.pages["/r/*"] = reply({"reason": "private", "message": "Forbidden", "error": 403}, status=403)
    starts["private"] = f"{site.base}/r/rahasia"
    site = sites["nothing"] = new_site()
    site.pages["/search*"] = reply(listing())
    starts["nothing"] = f"{site.base}/search?q=loker"
    site = sites["thread"] = new_site()
    site.pages["/r/contoh/comments/aaa/judul.json*"] = reply(
        [listing(submission("aaa")), listing(comment("c1"), comment("c2"))]
    )
    starts["thread"] = f"{site.base}/r/contoh/comments/aaa/judul/"
    site = sites["circle"] = new_site()
    site.pages["/r/*"] = reply(listing(submission("circle1"), after="t3_circle1"))
    starts["circle"] = f"{site.base}/r/contoh"
    site = sites["keyed"] = new_site()
    site.pages["/r/*"] = reply(listing(submission("keyed1", title="\ud83d lone")))
    starts["keyed"] = f"{site.base}/r/contoh"
    result = crawl(
        tmp_path_factory.mktemp("reddit") / "case",
        list(starts.values()),
        kind="reddit",
        reddit_token=f"{urlsplit(starts['keyed']).netloc}=a-token-of-its-own",
    )
    result.by_name = dict(zip(starts, result.reports, strict=True))
    result.sites = sites
    return result


@pytest.mark.parametrize(
    ("name", "status", "posts", "words"),
    [
        ("paged", "ok", 250, ""),
        ("bare", "ok", 30, ""),
        ("blocked", "failed", 0, "set JERAT_REDDIT_TOKEN"),
        ("cut", "failed", 100, "cut or broken"),
        ("limited", "ok", 150, "rate limit"),
        ("spent", "failed", 100, "allows no more requests for 580 s"),
        ("private", "failed", 0, "private"),
        ("nothing", "failed", 0, "no post in 1 page"),
        ("thread", "ok", 3, ""),
        ("circle", "ok", 1, "leads back"),
        ("keyed", "ok", 1, ""),
    ],
)
def test_how_each_walk_ended(crawled: Any, name: str, status: str, posts: int, words: str) -> None:
    report = crawled.by_name[name]
    assert (report["status"], report["posts_new"] + report["posts_same"] + report["posts_changed"]) == (
        status,
        posts,
    ), report
    assert words in report["reason"]


def test_the_token_goes_to_its_server_alone(crawled: Any) -> None:
    shown = {name: {headers.get("Authorization") for headers in site.headers} for name, site in crawled.sites.items()}
    assert shown.pop("keyed") == {None, "Bearer a-token-of-its-own"}
    assert set().union(*shown.values()) == {None}
    assert not [letter for letter in crawled.dead if "fault in jerat" in letter.reason]
