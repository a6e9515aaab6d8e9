"""Mastodon: statuses in every form, the recorded replies, and walks over an instance with its faults and limits."""

import html
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from crawlers.extract.mastodon import read_statuses
from crawlers.extract.origin import Origin
from crawlers.spiders.mastodon import MastodonSpider
from jerat.model import Post, post_id

ORIGIN = Origin("x", "https://one.example/api/v1/timelines/tag/kerja", datetime(2026, 11, 23, tzinfo=UTC))


def status(number: int, base: str = "https://one.example", **more: Any) -> dict[str, Any]:
    return {
        "id": str(number),
        "created_at": "2026-11-20T10:00:00.500Z",
        "visibility": "public",
        "language": "id",
        "uri": f"{base}/users/contoh/statuses/{number}",
        "url": f"{base}/@contoh/{number}",
        "content": f"<p>Lowongan nomor {number}</p>",
        "account": {"username": "contoh", "acct": "contoh", "display_name": "Contoh HR", "url": f"{base}/@contoh"},
        "media_attachments": [],
        "tags": [],
        **more,
    }


def one(data: Any) -> Post:
    reply = read_statuses([data], ORIGIN)
    assert not reply.problems
    (post,) = reply.posts
    return post


def test_the_whole_of_a_status() -> None:
    post = one(
        status(
            7,
            spoiler_text="Kerja luar negeri",
            content='<p>Gaji <b>besar</b>, tanya <span class="h-card"><a href="https://two.example/@bos" class="u-url mention">@<span>bos</span></a></span></p>'  # noqa: E501
            '<p>Klik <a href="https://t.me/contoh_hr"><span class="invisible">https://</span><span>t.me/contoh_hr</span></a> '
            '<a href="https://one.example/tags/loker" class="hashtag" rel="tag">#<span>loker</span></a><br>😀 selesai</p>',
            poll={"options": [{"title": "Ya"}, {"title": "Tidak"}, "x"]},
            media_attachments=[
                {
                    "type": "image",
                    "url": "https://files.example/a.png",
                    "preview_url": "x",
                    "description": "Poster gaji 1200 USD",
                },
                {
                    "type": "image",
                    "url": "https://one.example/cache/b.png",
                    "remote_url": "https://two.example/b.png",
                    "description": None,
                },
            ],
            card={"url": "https://wa.me/85510000000", "title": "Chat"},
            edited_at="2026-11-20T11:00:00Z",
            in_reply_to_id="5",
        )
    )
    assert post.text == (
        "Kerja luar negeri\n\nGaji besar, tanya @bos\n\nKlik https://t.me/contoh_hr #loker\n😀 selesai\n\nYa\nTidak"
        "\n\nPoster gaji 1200 USD"
    )
    assert [(link.url, post.text[link.start : link.end]) for link in post.links] == [
        ("https://two.example/@bos", "@bos"),
        ("https://t.me/contoh_hr", "https://t.me/contoh_hr"),
        ("https://wa.me/85510000000", ""),
    ]
    assert post.media == ("https://files.example/a.png", "https://two.example/b.png")
    assert (post.author, post.url) == ("Contoh HR (@contoh@one.example)", "https://one.example/@contoh/7")
    assert post.published_at == datetime(2026, 11, 20, 10, 0, 0, 500_000, tzinfo=UTC)
    assert post.message is not None
    assert (post.message.edited, post.message.reply_to) == (True, "https://one.example/api/v1/statuses/5")
    assert post.id == post_id("mastodon", "https://one.example/users/contoh/statuses/7", "")


def test_a_boost_is_the_original_and_says_who_shared_it() -> None:
    boost = status(9, content="", reblog=status(3, base="https://two.example"))
    reply = read_statuses([boost], ORIGIN)
    (post,) = reply.posts
    assert post.url == "https://two.example/@contoh/3"
    assert post.author == "Contoh HR (@contoh@two.example)"
    assert post.message is not None
    assert post.message.shared_by == "Contoh HR (@contoh@one.example)"
    assert reply.last == "9"


def test_one_post_through_two_instances() -> None:
    account = {
        "username": "contoh",
        "acct": "contoh@one.example",
        "display_name": "Contoh HR",
        "url": "https://one.example/@contoh",
    }
    here, there = one(status(3)), one({**status(3), "id": "99", "account": account})
    assert (here.id, here.text, here.author, here.media, here.links) == (
        there.id,
        there.text,
        there.author,
        there.media,
        there.links,
    )


def test_what_is_quoted_is_read_with_its_author() -> None:
    post = one(status(4, content="<p>Masih buka</p>", quote={"state": "accepted", "quoted_status": status(2)}))
    assert post.text == "Masih buka\n\n@contoh:\n\nLowongan nomor 2"
    assert [link.url for link in post.links] == ["https://one.example/@contoh/2"]
    hidden = one(status(4, content="<p>Masih buka</p>", quote={"quoted_status": status(2, visibility="private")}))
    assert hidden.text == "Masih buka"


@pytest.mark.parametrize("visibility", ["private", "direct", "limited", None, 5])
def test_only_what_is_public(visibility: Any) -> None:
    reply = read_statuses([status(1, visibility=visibility), status(2, visibility="unlisted")], ORIGIN)
    assert [post.native_id[-1] for post in reply.posts] == ["2"]
    assert reply.left_out == {"not public": 1}


def test_one_bad_status_is_told_and_the_rest_goes_on() -> None:
    bad: list[Any] = [None, 5, "x", [], {}, {"id": 1, "uri": 7}, status(1, content=None), status(1, content={"a": 1})]
    reply = read_statuses([*bad, status(2)], ORIGIN)
    assert [post.native_id[-1] for post in reply.posts] == ["2"]
    assert len(reply.problems) == len(bad)
    odd = status(
        3,
        account="x",
        media_attachments={"a": 1},
        poll=[],
        card="x",
        quote="x",
        created_at=10**40,
        url="javascript:alert(1)",
    )
    post = one(odd)
    assert (post.author, post.media, post.published_at, post.url) == (
        "",
        (),
        None,
        "https://one.example/users/contoh/statuses/3",
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)


@given(st.sampled_from(sorted(status(1))), JSON)
def test_no_value_of_any_type_breaks_it(name: str, value: Any) -> None:
    reply = read_statuses([status(1, **{name: value}), status(2)], ORIGIN)
    assert reply.posts[-1].native_id.endswith("/2")
    assert len(reply.posts) + len(reply.problems) + reply.left_out.total() >= 2


@given(JSON)
def test_no_reply_breaks_it(value: Any) -> None:
    reply = read_statuses(value, ORIGIN)
    assert reply.posts == []


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("https://one.example/tags/loker", "/api/v1/timelines/tag/loker?limit=40"),
        ("one.example/tags/lowongan%20kerja", "/api/v1/timelines/tag/lowongan%20kerja?limit=40"),
        ("https://one.example", "/api/v1/timelines/public?limit=40"),
        ("https://one.example/public", "/api/v1/timelines/public?limit=40"),
        ("https://one.example/public/local", "/api/v1/timelines/public?local=true&limit=40"),
        ("https://one.example/web/timelines/tag/x", "/api/v1/timelines/tag/x?limit=40"),
        ("https://one.example/@contoh", "/api/v1/accounts/lookup?acct=contoh"),
        ("https://one.example/@contoh@two.example", "/api/v1/accounts/lookup?acct=contoh%40two.example"),
        ("https://one.example/@contoh/with_replies", "/api/v1/accounts/lookup?acct=contoh"),
        ("https://one.example/@contoh/117020", "/api/v1/statuses/117020"),
        ("https://one.example/api/v1/timelines/tag/x?local=true", "/api/v1/timelines/tag/x?local=true&limit=40"),
        ("https://one.example/api/v1/accounts/5/statuses?limit=20", "/api/v1/accounts/5/statuses?limit=20"),
        ("@contoh@one.example", "/api/v1/accounts/lookup?acct=contoh"),
        ("https://one.example/settings/profile", ""),
    ],
)
def test_addresses(typed: str, asked: str) -> None:
    spider = MastodonSpider(url=typed)
    assert spider.entrance(spider.url) == (f"https://one.example{asked}" if asked else "")


# -- the recorded replies ------------------------------------------------------------------------------------------------


def _recorded(folder: Path) -> list[tuple[str, Any]]:
    found = []
    for file in sorted((folder / "api" / "mastodon").rglob("*.yaml")):
        for pair in yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)["interactions"]:
            path = urlsplit(pair["request"]["uri"]).path
            listing = re.fullmatch(
                r"/api/v1/(timelines/\w+(/\w+)?|accounts/\d+/statuses|trends/statuses|statuses/\d+)", path
            )
            if pair["request"]["method"] != "GET" or not listing or pair["response"]["status"]["code"] != 200:
                continue
            body = pair["response"]["body"].get("string") or b""
            try:
                found.append((pair["request"]["uri"], json.loads(body)))
            except ValueError:  # some were recorded packed, and not kept whole
                continue
    return found


def _squeezed(markup: str) -> str:
    return "".join(html.unescape(re.sub(r"<[^>]*>", "", markup)).split())


def test_every_recorded_timeline_and_status(shared_data: Path) -> None:
    seen = 0
    for uri, data in _recorded(shared_data):
        originals = [one.get("reblog") or one for one in (data if isinstance(data, list) else [data])]
        wanted = [one for one in originals if one["visibility"] in ("public", "unlisted")]
        reply = read_statuses(data, Origin("x", uri, datetime(2026, 11, 23, tzinfo=UTC)))
        assert not reply.problems
        assert reply.left_out.total() == len(originals) - len(wanted)
        assert [post.native_id for post in reply.posts] == [one["uri"] for one in wanted]
        for post, one_status in zip(reply.posts, wanted, strict=True):
            seen += 1
            assert post.url == one_status["url"]
            assert post.published_at == datetime.fromisoformat(one_status["created_at"])
            assert f"@{one_status['account']['username']}" in post.author
            shown = [one_status["spoiler_text"], one_status["content"]]
            shown += [option["title"] for option in (one_status.get("poll") or {}).get("options", ())]
            shown += [item["description"] or "" for item in one_status["media_attachments"]]
            text = "".join(post.text.split())
            assert text.startswith("".join(_squeezed(part) for part in shown))
            assert bool(one_status.get("quote")) or text == "".join(_squeezed(part) for part in shown)
            assert len(post.media) == len(one_status["media_attachments"])
            assert all(post.text[link.start : link.end] or link.start == link.end == 0 for link in post.links)
    assert seen > 100


# -- an instance, with its faults ------------------------------------------------------------------------------------------


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
