"""Walks over an instance of Mastodon: its pages, faults and limits, and whom a token is shown to."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from mastodon_things import status


class Instance:
    """Answers as an instance does: pages by max_id, with the header Link."""

    def __init__(self, site: Any, page: Any) -> None:
        self.site, self.page = site, page
        self.failures: dict[str, list[Any]] = {}
        self.tags: dict[str, list[dict[str, Any]]] = {}
        self.headers: dict[str, dict[str, str]] = {}
        site.pages["/api/*"] = self.answer

    def tag(self, name: str, numbers: range, **more: Any) -> str:
        self.tags[name] = [status(number, self.site.base, **more) for number in reversed(numbers)]
        return f"{self.site.base}/tags/{name}"

    def answer(self, path: str) -> Any:
        parts = urlsplit(path)
        name = parts.path.rsplit("/", 1)[1]
        waiting = self.failures.get(name, [])
        found = waiting.pop(0) if waiting else None
        if found is not None:
            return found
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        rows = [one for one in self.tags[name] if int(one["id"]) < int(query.get("max_id", 10**9))][
            : int(query["limit"])
        ]
        link = (
            f'<https://wrong.example{parts.path}?limit=40&max_id={rows[-1]["id"]}>; rel="next", <x>; rel="prev"'
            if rows
            else ""
        )
        headers = {"Link": link} if link else {}
        return self.page(
            json.dumps(rows), headers={**headers, **self.headers.get(name, {})}, content_type="application/json"
        )

    def asked(self, name: str) -> list[str]:
        return [path for path in self.site.asked if f"/tag/{name}?" in path]


@pytest.fixture(scope="module")
def crawled(new_site: Callable[[], Any], crawl: Any, page_type: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    page = page_type
    starts: dict[str, str] = {}
    instances: dict[str, Instance] = {}

    def fresh(name: str) -> Instance:
        instances[name] = Instance(new_site(), page)
        return instances[name]

    starts["paged"] = fresh("paged").tag("paged", range(1, 101))
    starts["empty"] = fresh("empty").tag("empty", range(0))
    instance = fresh("cut")
    starts["cut"] = instance.tag("cut", range(101, 201))
    instance.failures["cut"] = [
        None,
        *(page(json.dumps([status(1)])[:-50], content_type="application/json") for _ in range(3)),
    ]
    instance = fresh("mended")
    starts["mended"] = instance.tag("mended", range(201, 251))
    instance.failures["mended"] = [page("no", status=500), page("no", status=502)]
    instance = fresh("html")
    starts["html"] = instance.tag("html", range(251, 301))
    instance.failures["html"] = [page("<html><body>maintenance</body></html>", content_type="application/json")]
    instance = fresh("limited")
    starts["limited"] = instance.tag("limited", range(301, 401))
    soon = (datetime.now(UTC) + timedelta(seconds=1)).isoformat().replace("+00:00", "Z")
    instance.headers["limited"] = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": soon}
    instance = fresh("spent")
    starts["spent"] = instance.tag("spent", range(401, 501))
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    instance.headers["spent"] = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": later}
    instance = fresh("toomany")
    starts["toomany"] = instance.tag("toomany", range(501, 601))
    instance.failures["toomany"] = [None, page("{}", status=429, headers={"Retry-After": "3600"})]
    instance = fresh("busy")
    starts["busy"] = instance.tag("busy", range(1101, 1201))
    instance.failures["busy"] = [None, page('{"error": "Too busy now"}', content_type="application/json")]
    instance = fresh("patient")
    starts["patient"] = instance.tag("patient", range(1201, 1301))
    wait = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1"}
    instance.failures["patient"] = [None, page("{}", status=429, headers=wait)]
    instance = fresh("later")
    starts["later"] = instance.tag("later", range(1401, 1501))
    instance.failures["later"] = [None, page("{}", status=429, headers={"X-RateLimit-Reset": later})]
    instance = fresh("robots")
    starts["robots"] = instance.tag("robots", range(1301, 1303))
    instance.site.pages["/robots.txt"] = page("User-agent: *\nDisallow: /api/\n", content_type="text/plain")
    instance = fresh("locked")
    starts["locked"] = instance.tag("locked", range(601, 603))
    refusal = json.dumps({"error": "This method requires an authenticated user"})
    instance.failures["locked"] = [page(refusal, status=422, content_type="application/json")]
    instance = fresh("hostile")
    odd = [
        status(701, instance.site.base, content="<p>\ud800 lone</p>"),
        None,
        {"id": 10**50},
        status(702, instance.site.base),
    ]
    instance.site.pages["/api/v1/timelines/tag/hostile*"] = page(json.dumps(odd), content_type="text/html")
    starts["hostile"] = f"{instance.site.base}/tags/hostile"
    instance = fresh("circle")
    same = json.dumps([status(number, instance.site.base) for number in (801, 802)])
    instance.site.pages["/api/v1/timelines/tag/circle*"] = lambda path: page(same, content_type="application/json")
    starts["circle"] = f"{instance.site.base}/tags/circle"
    instance = fresh("account")
    instance.tag("statuses", range(901, 951))
    found = json.dumps({"id": "5", "acct": "contoh"})
    instance.site.pages["/api/v1/accounts/lookup*"] = page(found, content_type="application/json")
    starts["account"] = f"{instance.site.base}/@contoh"
    instance = fresh("nested")
    instance.site.pages["/api/v1/timelines/tag/nested*"] = page("[" * 100_000, content_type="application/json")
    starts["nested"] = f"{instance.site.base}/tags/nested"
    instance = fresh("mass")
    mass = json.dumps([status(number, instance.site.base) for number in range(10_000, 10_300)])
    instance.site.pages["/api/v1/timelines/tag/mass?limit=40"] = page(mass, content_type="application/json")
    instance.site.pages["/api/v1/timelines/tag/mass*"] = page("[]", content_type="application/json")
    starts["mass"] = f"{instance.site.base}/tags/mass"
    secret = "token-of-the-locked-one"
    instance = fresh("keyed")
    starts["keyed"] = instance.tag("keyed", range(1001, 1003))
    thief = new_site()
    instance = fresh("stolen")
    instance.site.pages["/api/v1/timelines/tag/stolen*"] = page(status=302, headers={"Location": f"{thief.base}/api/x"})
    starts["stolen"] = f"{instance.site.base}/tags/stolen"
    hosts = [urlsplit(starts[name]).netloc for name in ("keyed", "stolen", "locked")]
    result = crawl(
        tmp_path_factory.mktemp("mastodon") / "case",
        list(starts.values()),
        kind="mastodon",
        mastodon_token=" ".join(f"{host}={secret}" for host in hosts),
    )
    result.by_name = dict(zip(starts, result.reports, strict=True))
    result.instances, result.thief, result.secret = instances, thief, secret
    return result


def _count(crawled: Any, name: str) -> tuple[str, int]:
    report = crawled.by_name[name]
    return report["status"], report["posts_new"] + report["posts_same"] + report["posts_changed"]


@pytest.mark.parametrize(
    ("name", "status_wanted", "posts", "words"),
    [
        ("paged", "ok", 100, ""),
        ("empty", "failed", 0, "no post in 1 page"),
        ("cut", "failed", 40, "JSON that is cut or broken"),
        ("mended", "ok", 50, ""),
        ("html", "failed", 0, "HTML came where JSON was asked for"),
        ("limited", "ok", 100, "rate limit"),
        ("spent", "failed", 40, "allows no more requests"),
        ("toomany", "failed", 40, "come back after 3600 s"),
        ("busy", "failed", 40, "the server says 'Too busy now'"),
        ("patient", "ok", 100, ""),
        ("later", "failed", 40, "a run waits 120 s at most"),
        ("robots", "failed", 0, "robots.txt forbids"),
        ("locked", "failed", 0, "the token in JERAT_MASTODON_TOKEN"),
        ("hostile", "ok", 2, ""),
        ("circle", "ok", 2, "leads back"),
        ("account", "ok", 50, ""),
        ("nested", "failed", 0, "nested too deeply"),
        ("mass", "ok", 300, ""),
        ("keyed", "ok", 2, ""),
        ("stolen", "failed", 0, ""),
    ],
)
def test_how_each_walk_ended(crawled: Any, name: str, status_wanted: str, posts: int, words: str) -> None:
    assert _count(crawled, name) == (status_wanted, posts), crawled.by_name[name]
    assert words in crawled.by_name[name]["reason"]


def test_the_faults_of_ours_are_none(crawled: Any) -> None:
    assert not [letter for letter in crawled.dead if "fault in jerat" in letter.reason]


def test_the_posts_are_those_of_the_instance(crawled: Any) -> None:
    base = crawled.instances["paged"].site.base
    mine = {url: post for url, post in crawled.posts.items() if url.startswith(base)}
    assert set(mine) == {f"{base}/@contoh/{number}" for number in range(1, 101)}
    assert all(post.text == f"Lowongan nomor {url.rsplit('/', 1)[1]}" for url, post in mine.items())
    assert {post.source for post in mine.values()} == {f"{base.removeprefix('http://')}/tags/paged"}


def test_a_token_is_shown_to_its_host_alone(crawled: Any) -> None:
    shown = [headers.get("Authorization") for headers in crawled.instances["keyed"].site.headers]
    assert shown[0] is None, "robots.txt needs none"
    assert set(shown[1:]) == {f"Bearer {crawled.secret}"}
    assert crawled.thief.asked
    assert not any("Authorization" in headers for headers in crawled.thief.headers)
    assert not any("Authorization" in headers for headers in crawled.instances["paged"].site.headers)
    assert crawled.secret not in crawled.stderr + str(crawled.reports) + str(crawled.dead)
