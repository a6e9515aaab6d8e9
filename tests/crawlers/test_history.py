"""Two crawls of sites that changed in between: versions, what is gone, what came back, what has moved."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawlers.extract.closed import closing_line
from jerat.case import Case, Record

_WORDS = (
    "We look for a careful typist in an office near the river, five days a week, with meals and a desk of your own. "
    "Night work is paid by the hour. "
)


def _job(ld: Callable[..., str], name: str, **more: Any) -> str:
    return ld(**{"title": f"Typist {name}", "description": f"<p>{_WORDS}</p><p>Ask for {name}.</p>", **more})


def _list(names: list[str]) -> str:
    return "".join(f'<a href="/job/{name}-sample-typist-office">{name}</a> ' for name in names)


def _path(name: str) -> str:
    return f"/job/{name}-sample-typist-office"


def _records(folder: Path) -> dict[str, Record]:
    with Case(folder) as case:
        return {record.post.url.split("/", 3)[3]: record for record in reversed(list(case.posts.all()))}


def _plain(number: int) -> str:
    return (
        f"<html><body><h1>Ad {number}</h1><main><p>{_WORDS}{_WORDS}</p>"
        f"<p>Ask @sample_desk_{number} for the way.</p></main></body></html>"
    )


def _message(number: int, text: str) -> str:
    return (
        f'<div class="tgme_widget_message" data-post="Sample_Jobs/{number}"><div class="tgme_widget_message_text">{text}</div>'
        f'<a class="tgme_widget_message_date" href="x"><time datetime="2026-11-20T10:00:00+00:00"></time></a></div>'
    )


def _channel(there: set[int], path: str) -> str:
    before = int(path.rpartition("before=")[2]) if "before=" in path else 1000
    numbers = [number for number in sorted(there) if number < before][-20:]
    more = f'<a class="tme_messages_more" href="/s/Sample_Jobs?before={numbers[0]}"></a>' if numbers[0] > 1 else ""
    shown = "".join(_message(number, f"Message {number} of the channel") for number in numbers)
    return f'<main><section class="tgme_channel_history">{more}{shown}</section></main>'


@pytest.fixture(scope="module")
def twice(
    new_site: Any, crawl: Any, ld: Any, page_type: Any, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("twice") / "case"
    site, other = new_site(), new_site()
    names = ["text", "pay", "look", "removed", "front", "toList", "says", "past", "moved", "moved2", "forbidden", "down",
             "still", "banner", "elsewhere", "wall", "login"]  # fmt: skip
    site.pages = {"/": _list(names)} | {_path(name): _job(ld, name) for name in names}
    site.pages[_path("pay")] = _job(ld, "pay", baseSalary="500 USD")
    other.pages = {"/": _list(["text"]), _path("text"): _job(ld, "text")}
    failing, empty, channel, cut = new_site(), new_site(), new_site(), new_site()
    for one in (failing, empty):
        one.pages = {"/": _list(["a", "b"]), _path("a"): _job(ld, "a"), _path("b"): _job(ld, "b")}
    plain = new_site()
    plain.pages = {"/": "".join(f'<a href="/ads/{number}">Ad {number}</a>' for number in range(101, 106))}
    plain.pages |= {f"/ads/{number}": _plain(number) for number in range(101, 106)}
    numbered = [f"n{number}" for number in range(25)]
    cut.pages = {"/": _list(numbered)} | {_path(name): _job(ld, name) for name in numbered}
    there = set(range(1, 61))
    channel.pages["/s/Sample_Jobs*"] = lambda path: page_type(_channel(there, path))
    starts = [f"{one.base}/" for one in (site, other, failing, empty)] + [f"{channel.base}/s/Sample_Jobs"]
    first = crawl(folder, [*starts, f"{cut.base}/", f"{plain.base}/"])
    before = _records(folder)

    gone = {"removed", "front", "toList", "says", "past", "moved2", "forbidden", "down", "still", "banner",
            "elsewhere", "wall", "login"}  # fmt: skip
    site.pages["/"] = _list([name for name in names if name not in gone] + ["newhome2", "fresh"])
    site.pages[_path("fresh")] = ld(
        title="Cook", description="Another thing altogether: pots, pans and a stove in town."
    )
    site.pages[_path("text")] = ld(title="Typist text", description=f"<p>{_WORDS}</p><p>Ask for nobody any more.</p>")
    site.pages[_path("pay")] = _job(ld, "pay", baseSalary="1500 USD")
    site.pages[_path("look")] = _job(ld, "look").replace("<p>", "<div class=new><p>").replace("<body>", "<body id=x>")
    del site.pages[_path("removed")]
    redirect = {"front": "/", "toList": "/list", "moved": _path("newhome"), "moved2": _path("newhome2"),
                "elsewhere": _path("fresh"), "login": "/login?next=x"}  # fmt: skip
    for name, where in redirect.items():
        site.pages[_path(name)] = page_type("", 301, {"Location": where})
    site.pages["/list"] = _list(["text", "pay", "look"])
    site.pages["/login?next=x"] = "<form><input type=password></form>"
    site.pages[_path("newhome")] = _job(ld, "moved")
    site.pages[_path("newhome2")] = _job(ld, "moved2")
    site.pages[_path("says")] = "<html><title>Typist</title><body><p>This job is no longer available.</p></body></html>"
    site.pages[_path("past")] = _job(ld, "past", validThrough="2026-01-02")
    site.pages[_path("forbidden")] = page_type("no", 403)
    site.pages[_path("down")] = page_type("oops", 503)
    site.pages[_path("banner")] = _job(ld, "banner").replace("<h1>", "<p>Applications are closed</p><h1>")
    site.pages[_path("wall")] = "<title>Just a moment...</title><div class=cf-challenge>job not found</div>"
    failing.pages = {"*": page_type("down", 503)}
    empty.pages = {"/": "<p>We are moving house.</p>"}
    there -= {33, 45, 60}
    over = (
        "<html><body><h1>Ad</h1><main><p>This ad has been removed.</p><p>Look at our others in town.</p></main></body>"
    )
    plain.pages |= {"/ads/102": over, "/ads/103": over, "/ads/104": _plain(104).replace("river", "lake")}
    plain.pages["/"] = "".join(f'<a href="/ads/{number}">Ad {number}</a>' for number in (101, 102, 104, 105))
    second = crawl(folder, [*starts, f"{plain.base}/"])
    after = _records(folder)
    with Case(folder) as case:
        events = {record.post.url.split("/", 3)[3]: case.presence.events(record.post.id) for record in case.posts.all()}
        versions = {
            record.post.url.split("/", 3)[3] + record.post.source: case.posts.history(record.post.id)
            for record in case.posts.all()
        }

    site.pages[_path("removed")] = _job(ld, "removed")
    site.pages["/"] = _list([*names[:3], "removed", "fresh"])
    there |= {33}
    there -= {12}
    cut.pages |= {"/": _list(numbered[20:] + [f"m{n}" for n in range(20)])} | {
        _path(f"m{n}"): _job(ld, f"m{n}") for n in range(20)
    }
    for name in numbered[:20]:
        del cut.pages[_path(name)]
    limited = crawl(folder, [f"{cut.base}/", starts[4]], limit=20, max_pages="15")
    third = crawl(folder, [starts[0], starts[4], f"{cut.base}/"], max_pages="30")
    return {"first": first, "limited": limited, "second": second, "third": third, "before": before,
            "after": after, "events": events,
            "versions": versions, "last": _records(folder), "folder": folder, "site": site}  # fmt: skip


def test_changed_words_and_pay_are_versions_and_looks_are_none(twice: dict[str, Any]) -> None:
    after = twice["after"]
    source = twice["second"].reports[0]["source"]
    assert [report["status"] for report in twice["second"].reports[:2]] == ["ok", "ok"]
    texts = [version.post.text for version in twice["versions"][_path("text")[1:] + source]]
    assert [text.rsplit("\n", 1)[-1] for text in texts] == ["Ask for text.", "Ask for nobody any more."]
    pays = [version.post.job.salary for version in twice["versions"][_path("pay")[1:] + source]]
    assert "500" in pays[0]
    assert "1500" in pays[1]
    assert after[_path("look")[1:]].versions == 1


def test_the_same_text_on_another_site_is_another_post(twice: dict[str, Any]) -> None:
    source = twice["second"].reports[1]["source"]
    assert len(twice["versions"][_path("text")[1:] + source]) == 1
    with Case(twice["folder"]) as case:
        assert sum(record.post.url.endswith(_path("text")) for record in case.posts.all()) == 2


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("removed", "HTTP 404"),
        ("front", "front page"),
        ("toList", "a list"),
        ("says", "no longer available"),
        ("past", "valid through 2026-01-02"),
        ("elsewhere", "another advertisement"),
    ],
)
def test_what_is_not_there_any_more_is_gone(twice: dict[str, Any], name: str, said: str) -> None:
    record = twice["after"][_path(name)[1:]]
    assert record.gone_at is not None
    assert record.gone_at > record.first_seen
    (event,) = twice["events"][_path(name)[1:]]
    assert event.what == "gone"
    assert said in event.reason


@pytest.mark.parametrize("name", ["forbidden", "down", "still", "wall", "login", "banner"])
def test_what_cannot_be_told_is_not_gone(twice: dict[str, Any], name: str) -> None:
    assert twice["after"][_path(name)[1:]].gone_at is None


def test_the_run_counts_them(twice: dict[str, Any]) -> None:
    first, second = twice["first"].reports[0], twice["second"].reports[0]
    assert (first["gone"], second["gone"]) == (0, 6)
    assert second["posts_new"] == 1, "what moved is not new"
    assert second["errors"] == 0
    assert second["reason"] == ""
    assert not twice["second"].reasons(twice["site"].base)


@pytest.mark.parametrize(("old", "new"), [("moved", "newhome"), ("moved2", "newhome2")])
def test_what_moved_is_the_same_post(twice: dict[str, Any], old: str, new: str) -> None:
    before, after = twice["before"], twice["after"]
    assert _path(old)[1:] not in after
    assert after[_path(new)[1:]].post.id == before[_path(old)[1:]].post.id
    assert [event.what for event in twice["events"][_path(new)[1:]]] == ["moved"]
    assert after[_path(new)[1:]].gone_at is None


def test_what_is_met_again_is_back(twice: dict[str, Any]) -> None:
    record = twice["last"][_path("removed")[1:]]
    assert record.gone_at is None
    with Case(twice["folder"]) as case:
        assert [event.what for event in case.presence.events(record.post.id)] == ["gone", "back"]
        assert case.outbox.count() == 0


def test_a_run_that_failed_or_brought_nothing_tells_nothing(twice: dict[str, Any]) -> None:
    reports = twice["second"].reports[2:4]
    assert [report["status"] for report in reports] == ["failed", "failed"]
    assert [report["gone"] for report in reports] == [0, 0]


def test_a_plain_page_that_says_so_is_gone_and_not_a_version(twice: dict[str, Any]) -> None:
    assert twice["second"].reports[5]["gone"] == 2, "one that the list still names, and one that was looked up"
    after = twice["after"]
    assert [after[f"ads/{number}"].gone_at is None for number in range(101, 106)] == [True, False, False, True, True]
    assert [after[f"ads/{number}"].versions for number in range(101, 106)] == [1, 1, 1, 2, 1]


def test_a_message_missing_between_others_is_gone(twice: dict[str, Any]) -> None:
    assert twice["second"].reports[4]["gone"] == 2, "60 was the newest: nothing newer shows that it is missing"
    gone = {record.post.native_id for record in twice["after"].values() if record.gone_at and record.post.native_id}
    assert gone == {"sample_jobs/33", "sample_jobs/45"}
    gone = {record.post.native_id for record in twice["last"].values() if record.gone_at and record.post.native_id}
    assert gone == {"sample_jobs/45", "sample_jobs/12"}, "33 is back"


def test_a_run_that_was_limited_tells_nothing_and_a_budget_is_kept(twice: dict[str, Any]) -> None:
    assert [report["gone"] for report in twice["limited"].reports] == [0, 0]
    assert "JERAT_MAX_PAGES" in twice["limited"].reports[0]["reason"]
    assert twice["third"].reports[2]["gone"] == 3, (
        "26 pages and a sitemap that is not there; no more than 30 are allowed"
    )


@pytest.mark.parametrize(
    "line",
    [
        "This job is no longer available.",
        "Sorry, this position has been filled",
        "The job ad you are looking for has expired.",
        "No longer accepting applications",
        "Lowongan ini sudah ditutup",
        "Maaf, iklan ini telah kedaluwarsa",
        "Jawatan ini telah ditutup",
        "该职位已下架",
        "此職缺已關閉",
        "ประกาศงานนี้หมดอายุแล้ว",
        "Tin tuyển dụng này đã hết hạn",
        "ការងារនេះត្រូវបានបិទ",
        "انتهت صلاحية هذه الوظيفة",
        "Hindi na available ang trabahong ito. Sarado na ang aplikasyon",
        "Halaman tidak ditemukan",
        "Oops! Page not found.",
    ],
)
def test_notices_are_known(line: str) -> None:
    assert closing_line(line)
    assert closing_line(f"  {line.upper()} ")


@pytest.mark.parametrize(
    "line",
    [
        "We made an offer; the restaurant is closed on Sunday",
        "Position: cashier. Our shop is closed on Mondays",
        "Kami mencari admin yang tidak pernah menyerah",
        "Apply before the vacancy closes",
        "",
        "x" * 500,
        "Remote job available now",
        "This job is no longer available. " * 20,
    ],
)
def test_other_lines_are_none(line: str) -> None:
    assert not closing_line(line)
