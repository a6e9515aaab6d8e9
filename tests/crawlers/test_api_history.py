"""Two runs over the same listings: what was edited is a new version, what was deleted is gone, what is not listed is not."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from jerat.case import Case

DID = "did:plc:contoh"


class Service:
    """A listing, and the addresses by which single posts are looked up. `listed` and `known` map numbers to texts."""

    start = "/"

    def __init__(self, site: Any, page: Any) -> None:
        self.site, self.page = site, page
        self.listed: dict[int, str] = {}
        self.known: dict[int, str] = {}
        self.site.pages["/*"] = self.answer

    def reply(self, data: Any, status: int = 200) -> Any:
        return self.page(json.dumps(data), status=status, content_type="application/json")

    def answer(self, path: str) -> Any:
        raise NotImplementedError


class Mastodon(Service):
    start = "/tags/loker"

    def status(self, number: int, text: str) -> dict[str, Any]:
        url = f"{self.site.base}/@contoh/{number}"
        account = {"acct": "contoh", "username": "contoh", "url": f"{self.site.base}/@contoh"}
        return {
            "id": str(number),
            "uri": url,
            "url": url,
            "content": f"<p>{text}</p>",
            "visibility": "public",
            "account": account,
        }

    def answer(self, path: str) -> Any:
        if "/statuses/" in path:
            number = int(path.rsplit("/", 1)[1])
            found = self.known.get(number)
            return self.reply(self.status(number, found)) if found else self.reply({"error": "Record not found"}, 404)
        rows = [] if "max_id" in path else [self.status(*each) for each in self.listed.items()]
        return self.reply(rows) if "/timelines/" in path else self.page("nothing", 404)


class Bluesky(Service):
    start = "/profile/contoh.example"

    def view(self, number: int, text: str) -> dict[str, Any]:
        uri = f"at://{DID}/app.bsky.feed.post/{number}"
        record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": "2026-11-20T10:00:00Z"}
        return {
            "uri": uri,
            "author": {"did": DID, "handle": f"h{urlsplit(self.site.base).port}.example"},
            "record": record,
        }

    def answer(self, path: str) -> Any:
        if "getPosts" in path:
            number = int(parse_qs(urlsplit(path).query)["uris"][0].rsplit("/", 1)[1])
            return self.reply({"posts": [self.view(number, self.known[number])] if number in self.known else []})
        return (
            self.reply({"feed": [{"post": self.view(*each)} for each in self.listed.items()]})
            if "xrpc" in path
            else self.page("", 404)
        )


class Reddit(Service):
    start = "/r/contoh/new"

    def thing(self, number: int, text: str) -> dict[str, Any]:
        about = {
            "id": f"x{number}",
            "title": "Judul",
            "selftext": text,
            "permalink": f"/r/c/comments/x{number}/",
            "is_self": True,
        }
        return {"kind": "t3", "data": about}

    def answer(self, path: str) -> Any:
        if path.startswith("/api/info"):
            number = int(parse_qs(urlsplit(path).query)["id"][0].removeprefix("t3_x"))
            rows = [self.thing(number, self.known.get(number, "[removed]"))]
        elif path.startswith("/r/"):
            rows = [self.thing(*each) for each in self.listed.items()]
        else:
            return self.page("nothing", 404)
        return self.reply({"kind": "Listing", "data": {"children": rows, "after": None}})


class Discourse(Service):
    start = "/t/topik/7"

    def post(self, number: int, text: str) -> dict[str, Any]:
        about = {"id": number, "cooked": f"<p>{text}</p>", "post_number": number, "post_type": 1, "username": "contoh"}
        return {**about, "topic_id": 7, "topic_slug": "topik", "created_at": "2026-11-20T10:00:00Z"}

    def answer(self, path: str) -> Any:
        if path.startswith("/posts/"):
            number = int(path.rsplit("/", 1)[1].removesuffix(".json"))
            if number not in self.known:
                return self.reply({"errors": ["The requested resource could not be found."]}, 404)
            return self.reply(self.post(number, self.known[number]))
        rows = [self.post(*each) for each in self.listed.items()]
        topic = {
            "id": 7,
            "title": "Topik",
            "slug": "topik",
            "post_stream": {"posts": rows, "stream": list(self.listed)},
        }
        return self.reply(topic) if path.startswith("/t/") else self.page("nothing", 404)


KINDS: dict[str, type[Service]] = {"mastodon": Mastodon, "bluesky": Bluesky, "reddit": Reddit, "discourse": Discourse}


@pytest.fixture(scope="module")
def twice(
    new_site: Callable[[], Any], crawl: Any, page_type: Any, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Any, Any, dict[str, bool]]]:
    """The reports of two runs of each service, and which texts are gone after the second."""
    folder = tmp_path_factory.mktemp("twice") / "case"
    services = {kind: service(new_site(), page_type) for kind, service in KINDS.items()}
    texts = {kind: {number: f"Lowongan {kind} nomor {number}" for number in range(1, 6)} for kind in KINDS}
    for kind, service in services.items():
        service.listed, service.known = dict(texts[kind]), dict(texts[kind])
    targets = [(service.site.base + service.start, kind) for kind, service in services.items()]
    first = crawl(folder, targets)
    for kind, service in services.items():
        service.listed = {**texts[kind], 2: f"Lowongan {kind} nomor 2, gaji naik"}
        del service.listed[4], service.listed[5], service.known[4]
    second = crawl(folder, targets)
    with Case(folder) as case:
        gone = {record.post.text: record.gone_at is not None for record in case.posts.all()}
    return {
        kind: (one, two, {text: value for text, value in gone.items() if kind in text})
        for kind, one, two in zip(KINDS, first.reports, second.reports, strict=True)
    }


@pytest.mark.parametrize("kind", KINDS)
def test_edited_deleted_and_merely_not_listed(kind: str, twice: Any) -> None:
    first, second, gone = twice[kind]
    assert (first["status"], first["posts_new"], first["gone"]) == ("ok", 5, 0), first
    counts = {name: second[name] for name in ("posts_new", "posts_changed", "posts_same", "gone")}
    assert (second["status"], counts) == ("ok", {"posts_new": 0, "posts_changed": 1, "posts_same": 3, "gone": 1}), (
        second
    )
    assert gone == {
        f"Lowongan {kind} nomor 1": False,
        f"Lowongan {kind} nomor 2, gaji naik": False,
        f"Lowongan {kind} nomor 3": False,
        f"Lowongan {kind} nomor 4": True,
        f"Lowongan {kind} nomor 5": False,
    }
