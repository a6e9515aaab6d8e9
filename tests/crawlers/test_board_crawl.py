"""Whole crawls of declared boards on loopback: lists, paging, single pages, and sites that are not as declared any more."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jerat.case import Case
from jerat.model import Post

CHECKOUT = Path(__file__).resolve().parent.parent.parent
LONG = "Words of an advertisement that go on for a while, so that there is something to read. "

_CRAWL = """
import json, sys
from dataclasses import asdict
from pathlib import Path
import msgspec
from crawlers.declared import Source
from crawlers.run import crawl
from crawlers.targets import of_address, of_source
from jerat.case import Case
from jerat.settings import load_settings
asked = json.loads(sys.argv[1])
targets = []
for one in asked["targets"]:
    targets += [of_address(one[0], one[1])] if isinstance(one, list) else of_source(msgspec.convert(one, Source))
with Case(Path(asked["case"])) as case:
    reports = crawl(load_settings(), case, targets)
print(json.dumps([asdict(one) for one in reports]))
"""

RULES: dict[str, Any] = {
    "list": {
        "items": "css:.card",
        "link": "css:a::attr(href)",
        "keep_query": False,
        "pages": {"parameter": "page"},
        "fields": {"title": "css:a", "salary": "css:.pay"},
    },
    "detail": {"fields": {"title": "css:h1", "text": "css:.text", "organisation": "css:.who"}},
}


@dataclass
class Board:
    """One crawl: the report, the posts of its host by path, and its dead letters."""

    report: dict[str, Any]
    posts: dict[str, Post]
    reasons: list[str]
    asked: list[str]


def _card(path: str, title: str = "Listed", pay: str = "") -> str:
    return f'<div class="card"><a href="{path}?ref=list">{title}</a><span class="pay">{pay}</span></div>'


def _detail(number: int, **left_out: bool) -> str:
    parts = {
        "h1": f"<h1>Role {number}</h1>",
        "text": f'<div class="text">{LONG}{number}</div>',
        "who": '<p class="who">Co</p>',
    }
    return "".join(markup for name, markup in parts.items() if name not in left_out)


@pytest.fixture(scope="module")
def boards(new_site: Callable[[], Any], page_type: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Board]:
    """Every case of this module, crawled by one process."""
    sites: dict[str, Any] = {}
    targets: list[Any] = []

    def site(
        name: str, pages: dict[str, Any], start: str = "/jobs", board: dict[str, Any] | None = None, **keys: Any
    ) -> None:
        sites[name] = new_site()
        sites[name].pages = pages
        url = sites[name].base + start
        if board is None:
            targets.append([url, "board"])
        else:
            targets.append({"name": name, "title": name, "kind": "board", "urls": [url], "board": board, **keys})

    def listed(path: str) -> Any:
        number = int(path.rsplit("page=", 1)[1]) if "page=" in path else 1
        cards = (
            "".join(_card(f"/ad/{n}", pay=f"{n} USD") for n in range(number * 3 - 2, number * 3 + 1))
            if number < 4
            else ""
        )
        return page_type(f"<title>list {number}</title>{cards}")

    site("paged", {"/jobs*": listed, **{f"/ad/{n}?ref=list": _detail(n) for n in range(1, 10)}}, board=RULES)
    linked = {**RULES, "list": {**RULES["list"], "next": "css:.next::attr(href)", "pages": None}}
    site("linked", {
        "/jobs": _card("/ad/1") + '<a class="next" href="/jobs/2">more</a>',
        "/jobs/2": _card("/ad/1") + _card("/ad/2") + '<a class="next" href="/jobs">round</a>',
        "/ad/*": lambda path: page_type(_detail(int(path[4]))),
    }, board=linked)  # fmt: skip
    site("changed", {"/jobs": "<ul><li>a new make</li></ul>"}, board=RULES)
    site("captcha", {"/jobs": '<div class="g-recaptcha">are you one</div>'}, board=RULES)
    site("no-links", {"/jobs": '<div class="card"><b data-to="/ad/1">moved</b></div>'}, board=RULES)
    site(
        "new-detail",
        {"/jobs": _card("/ad/1") + _card("/ad/2"), "/ad/*": f"<h1>Role</h1><article>{LONG * 3}</article>"},
        board=RULES,
    )
    site(
        "walled",
        {"/jobs": _card("/ad/1", "Typist", "900 USD"), "/ad/*": '<form><input type="password"></form>'},
        board=RULES,
    )
    site("misses", {
        "/jobs": "".join(_card(f"/ad/{n}") for n in range(1, 5)),
        "/ad/*": lambda path: page_type(_detail(int(path[4]), who=True) if path[4] != "4" else _detail(4, text=True)),
    }, board=RULES)  # fmt: skip
    site(
        "gone", {"/jobs": _card("/ad/1", "Still listed", "700 USD") + _card("/ad/2"), "/ad/2*": _detail(2)}, board=RULES
    )
    site("detail-start", {"/ad/7": _detail(7)}, "/ad/7", board=RULES)
    site("budget", {"/jobs": "".join(_card(f"/ad/{n}", f"T{n}") for n in range(6)),
            "/ad/*": lambda path: page_type(_detail(int(path[4])))},
         board=RULES, politeness={"pages": 3})  # fmt: skip
    site("empty-allowed", {"/jobs": "<p>nothing today</p>"}, board=RULES, expect={"posts": 0})

    def answer(path: str) -> Any:
        number = int(path.rsplit("page=", 1)[1])
        hits = (
            [{"id": f"{number}{n}", "t": f"Role {number}{n}", "d": f"<p>{LONG}</p>"} for n in range(2)]
            if number < 4
            else []
        )
        return page_type(json.dumps({"hits": hits}), content_type="application/json")

    search = {
        "list": {
            "items": "jmespath:hits", "pages": {"parameter": "page", "most": 2},
            "fields": {"title": "jmespath:t", "text": "jmespath:d", "native_id": "jmespath:id"},
        }
    }  # fmt: skip
    site("api", {"/search*": answer}, "/search?page=1", board=search)
    hollow = page_type('{"hits": [], "total": 0}', content_type="application/json")
    site("hollow", {"/search*": hollow}, "/search?page=1", board=search, expect={"posts": 0})
    site("hollow-but-expected", {"/search*": hollow}, "/search?page=1", board=search)
    abroad = _card("https://elsewhere.invalid/ad/1", "Abroad") + _card("/ad/1")
    site("abroad", {"/jobs": abroad, "/ad/1?ref=list": _detail(1)}, board=RULES)
    job = {"id": 5, "jobTitle": "Known", "companyName": "Co", "description": LONG * 2, "salary": "900 USD"}
    state = f"<script>window.__INITIAL_STATE__={json.dumps({'job': job})}</script>"
    site("known", {"/ad/5": f"<title>Known</title>{state}"}, "/ad/5")
    site("unknown", {"/": "<p>words</p>"}, "/")
    site(
        "shell",
        {"/": '<div id="app"><nav><a href="/x">One</a> <a href="/y">Two</a> <a href="/z">Three</a></nav></div>'},
        "/",
    )

    folder = tmp_path_factory.mktemp("boards") / "case"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JERAT_")} | {
        "JERAT_ALLOW_LOOPBACK": "1"
    }
    done = subprocess.run(
        [sys.executable, "-c", _CRAWL, json.dumps({"case": str(folder), "targets": targets})],
        env=environment, capture_output=True, text=True, timeout=120, check=False, cwd=CHECKOUT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    assert "Traceback" not in done.stderr
    reports = json.loads(done.stdout.splitlines()[-1])
    with Case(folder) as case:
        posts = [record.post for record in case.posts.all()]
        dead = list(case.dead_letters.list())
    return {
        name: Board(
            report,
            {
                post.url.removeprefix(one.base): post
                for post in posts
                if post.source in (name, one.base.removeprefix("http://"))
            },
            [letter.reason for letter in dead if letter.run_id == report["run_id"]],
            one.asked,
        )
        for (name, one), report in zip(sites.items(), reports, strict=True)
    }


def test_lists_are_walked_by_number_until_they_are_empty(boards: dict[str, Board]) -> None:
    board = boards["paged"]
    assert board.report["status"] == "ok", board.report["reason"]
    assert set(board.posts) == {f"/ad/{n}" for n in range(1, 10)}
    for n in range(1, 10):
        post = board.posts[f"/ad/{n}"]
        assert post.job is not None
        assert (post.title, post.text, post.source) == (f"Role {n}", f"{LONG}{n}", "paged")
        assert (post.job.organisation, post.job.salary) == ("Co", f"{n} USD"), "what only the list says is kept"
    assert [path for path in board.asked if path.startswith("/jobs")] == [
        "/jobs",
        "/jobs?page=2",
        "/jobs?page=3",
        "/jobs?page=4",
    ]
    assert not board.reasons


def test_lists_that_lead_in_a_circle_end(boards: dict[str, Board]) -> None:
    board = boards["linked"]
    assert set(board.posts) == {"/ad/1", "/ad/2"}
    assert sorted(board.asked) == ["/ad/1?ref=list", "/ad/2?ref=list", "/jobs", "/jobs/2", "/robots.txt"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("changed", "`list.items` (css:.card) matches nothing: the site may have changed its markup"),
        ("captcha", "a captcha"),
        ("no-links", "`list.link` (css:a::attr(href)) finds no address in 1 items"),
    ],
)
def test_a_list_that_is_not_as_declared_fails_and_names_the_selector(
    boards: dict[str, Board], name: str, said: str
) -> None:
    board = boards[name]
    assert (board.report["status"], board.posts) == ("failed", {})
    assert said in board.report["reason"] or name == "no-links"
    assert any(said in reason for reason in board.reasons), board.reasons


def test_pages_that_are_not_as_declared_fail_the_run_and_lose_nothing(boards: dict[str, Board]) -> None:
    board = boards["new-detail"]
    assert board.report["status"] == "failed"
    assert "`detail.fields.text` (css:.text) finds nothing on any of 2 pages" in board.report["reason"]
    assert {post.title for post in board.posts.values()} == {"Role"}
    assert all(LONG.strip() in post.text for post in board.posts.values()), "the main text, where the rules miss it"


def test_a_wall_before_the_pages_is_told_and_the_list_is_kept(boards: dict[str, Board]) -> None:
    board = boards["walled"]
    assert board.report["status"] == "failed"
    assert any("a login form" in reason for reason in board.reasons)
    post = board.posts["/ad/1"]
    assert (post.title, post.job and post.job.salary) == ("Typist", "900 USD")


def test_missing_fields_are_counted_and_the_run_goes_on(boards: dict[str, Board]) -> None:
    board = boards["misses"]
    assert board.report["status"] == "ok"
    assert len(board.posts) == 4
    assert "organisation on 3 of 4, text on 1 of 4 pages" in board.report["reason"]


def test_a_page_that_does_not_come_leaves_what_the_list_says(boards: dict[str, Board]) -> None:
    board = boards["gone"]
    assert board.report["status"] == "ok"
    assert board.posts["/ad/1"].title == "Still listed"
    assert board.posts["/ad/2"].title == "Role 2"
    assert any("404" in reason for reason in board.reasons)


def test_a_single_page_may_be_the_start(boards: dict[str, Board]) -> None:
    assert [post.title for post in boards["detail-start"].posts.values()] == ["Role 7"]


def test_what_the_budget_does_not_allow_is_kept_as_listed(boards: dict[str, Board]) -> None:
    board = boards["budget"]
    assert len([path for path in board.asked if path.startswith("/ad/")]) == 2
    assert len(board.posts) == 6
    assert sum(bool(post.text) for post in board.posts.values()) == 2
    assert "stopped after 3 pages" in board.report["reason"]


def test_an_empty_list_is_no_success_even_where_nothing_must_come(boards: dict[str, Board]) -> None:
    """The selector of the items cannot tell an empty day from a new make, so it says so."""
    assert "matches nothing" in boards["empty-allowed"].report["reason"]


def test_answers_of_an_api_are_lists_without_pages_of_their_own(boards: dict[str, Board]) -> None:
    board = boards["api"]
    assert board.report["status"] == "ok"
    assert board.report["posts_new"] == 4
    assert [path for path in board.asked if "search" in path] == ["/search?page=1", "/search?page=2"]


def test_a_list_of_data_that_is_empty_is_told_from_one_that_is_not_there(boards: dict[str, Board]) -> None:
    assert boards["hollow"].report["status"] == "ok"
    assert boards["hollow-but-expected"].report["status"] == "failed"
    for name in ("hollow", "hollow-but-expected"):
        assert "has nothing in it" in boards[name].report["reason"]
        assert not boards[name].reasons


def test_links_to_other_hosts_are_not_followed_without_leave(boards: dict[str, Board]) -> None:
    board = boards["abroad"]
    assert "https://elsewhere.invalid/ad/1" in board.posts
    assert "1 links lead to elsewhere.invalid" in board.report["reason"]


def test_without_a_declaration_known_data_is_read_and_nothing_else(boards: dict[str, Board]) -> None:
    post = boards["known"].posts["/ad/5"]
    assert post.job is not None
    assert (post.title, post.text, post.job.salary) == ("Known", (LONG * 2).strip(), "900 USD")
    assert boards["unknown"].report["status"] == "failed"
    assert "--kind jobposting, page or browser" in boards["unknown"].report["reason"]
    assert "scripts put more on 1 of them: --kind browser reads such pages" in boards["shell"].report["reason"]
