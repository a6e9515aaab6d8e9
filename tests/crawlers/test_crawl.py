"""Whole crawls of sites on loopback: what stands on the pages is in the case, whichever page one starts from."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from crawlers.kinds import KINDS, kind_of
from jerat.case import Case
from jerat.errors import InputError

ROOT = Path(__file__).resolve().parent.parent.parent


def _message(name: str, number: int) -> str:
    return (
        f'<div class="tgme_widget_message" data-post="{name}/{number}"><div class="tgme_widget_message_text">Message {number}<br/>of a channel</div>'  # noqa: E501
        f'<a class="tgme_widget_message_date" href="x"><time datetime="2026-11-20T10:00:00+00:00"></time></a></div>'
    )


def _channel(path: str) -> str:
    before = int(path.rsplit("before=", 1)[1]) if "before=" in path else 501
    numbers = range(max(1, before - 20), before)
    more = (
        f'<a class="tme_messages_more" href="/s/sample_jobs?before={numbers[0]}"></a>'
        if numbers and numbers[0] > 1
        else ""
    )
    history = more + "".join(_message("sample_jobs", number) for number in numbers)
    return f'<main class="tgme_main" data-url="/sample_jobs"><section class="tgme_channel_history">{history}</section></main>'


@pytest.fixture(scope="module")
def crawled(
    new_site: Any, crawl: Any, ld: Any, page_type: Any, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """Many starts in one process; each on a server of its own, so that each is a site of its own."""
    page = page_type
    starts: dict[str, Any] = {}

    def board(name: str, start: str) -> Any:
        site = new_site()
        jobs = {
            f"/job/{number}-sample-typist": ld(title=f"Typist {number}", description=f"Words of the posting {number}.")
            for number in range(1, 8)
        }
        cards = [
            "".join(f'<a href="{path}">job</a>' for path in list(jobs)[half]) for half in (slice(0, 4), slice(4, 7))
        ]
        entries = "".join(f"<url><loc>{site.base}{path}</loc></url>" for path in jobs)
        items = "".join(f"<item><link>{site.base}{path}</link></item>" for path in jobs)
        site.pages = {
            "/": '<a href="/jobs">all</a><a href="/about">about</a>',
            "/jobs": cards[0] + '<a rel="next" href="/jobs?page=2">next</a>',
            "/jobs?page=2": cards[1],
            "/feed.rss": page(f"<rss><channel>{items}</channel></rss>", content_type="application/rss+xml"),
            "/maps/one.xml.gz": page(
                gzip.compress(f"<urlset>{entries}</urlset>".encode()), content_type="application/x-gzip"
            ),
            "/maps/index.xml": page(
                f"<sitemapindex><sitemap><loc>{site.base}/maps/one.xml.gz</loc></sitemap></sitemapindex>",
                content_type="text/xml",
            ),
            "/robots.txt": page(f"User-agent: *\nSitemap: {site.base}/maps/index.xml\n", content_type="text/plain"),
            "/only-robots": "nothing",
            **jobs,
        }
        if name == "detail":
            for path in jobs:
                site.pages[path] = jobs[path].replace("</body>", '<a href="/jobs">back</a></body>')
        starts[name] = (site, site.base + start)
        return site

    for name, start in {
        "front": "/",
        "list": "/jobs",
        "feed": "/feed.rss",
        "sitemap": "/maps/one.xml.gz",
        "index": "/maps/index.xml",
        "robots": "/robots.txt",
        "detail": "/job/3-sample-typist",
    }.items():
        board(name, start)
    board("hidden", "/").pages["/"] = "<p>A front page without links.</p>"

    telegram = new_site()
    telegram.pages = {
        "/s/sample_jobs*": lambda path: page(_channel(path)),
        "/s/closed": '<div class="tgme_page"><div class="tgme_page_title">Closed</div></div>',
        "/s/round*": '<link rel="prev" href="/s/round?before=9"><section class="tgme_channel_history">'
        + _message("round", 9)
        + "</section>",
    }
    starts["telegram"] = (telegram, telegram.base + "/s/sample_jobs")
    starts["closed"] = (telegram, telegram.base + "/s/closed")
    starts["round"] = (telegram, telegram.base + "/s/round")

    plain = new_site()
    words = (
        "We look for a quick and careful typist in an office near the river, five days a week, with meals and a desk. "
    )
    plain.pages = {
        "/": "".join(f'<a href="/ads/{number}">Ad {number}</a>' for number in range(101, 107)),
        "/ads/*": lambda path: page(
            f"<html><body><h1>Ad {path[-3:]}</h1><main><p>{words}</p><p>Ask @sample_desk_{path[-3:]}</p></main></body></html>"
        ),
    }
    starts["plain"] = (plain, plain.base + "/")

    listed = new_site()
    items = ",".join(
        json.dumps({"@type": "JobPosting", "title": f"Short {n}", "description": "In brief.", "url": f"/job/{n}"})
        for n in (1, 2)
    )
    listed.pages = {
        "/jobs": f'<script type="application/ld+json">[{items}]</script>',
        "/job/1": ld(title="Short 1", description="In brief, and then at length."),
    }
    starts["listed"] = (listed, listed.base + "/jobs")

    folder = tmp_path_factory.mktemp("crawl") / "case"
    targets = [url for _, url in starts.values()]
    result = crawl(folder, targets, contact="mailto:desk@agency.example")
    reports = dict(zip(starts, result.reports, strict=True))
    return {"result": result, "reports": reports, "starts": starts}


@pytest.mark.parametrize("name", ["front", "list", "feed", "sitemap", "index", "robots", "detail", "hidden"])
def test_every_way_in_finds_every_posting(crawled: dict[str, Any], name: str) -> None:
    site, _ = crawled["starts"][name]
    report = crawled["reports"][name]
    assert report["status"] == "ok", report
    posts = [crawled["result"].posts[f"{site.base}/job/{number}-sample-typist"] for number in range(1, 8)]
    assert [post.title for post in posts] == [f"Typist {number}" for number in range(1, 8)]
    assert [post.text for post in posts] == [f"Words of the posting {number}." for number in range(1, 8)]
    assert report["posts_new"] == 7
    asked = [
        path for path in site.asked if path != "/robots.txt"
    ]  # read for its rules, and once more where one starts from it
    assert sorted(asked) == sorted(set(asked)), "a page was fetched twice"


def test_dull_pages_are_not_fetched(crawled: dict[str, Any]) -> None:
    assert "/about" not in crawled["starts"]["front"][0].asked


def test_a_channel_is_read_back_to_its_first_message(crawled: dict[str, Any]) -> None:
    posts = [post for post in crawled["result"].posts.values() if post.native_id.startswith("sample_jobs/")]
    assert {int(post.native_id.split("/")[1]) for post in posts} == set(range(1, 501))
    assert {post.platform for post in posts} == {"telegram"}
    assert crawled["reports"]["telegram"]["pages"] == 25, "more pages than links may be followed"
    assert crawled["result"].posts["https://t.me/sample_jobs/500"].text == "Message 500\nof a channel"


def test_a_channel_without_preview_is_a_failure_that_says_so(crawled: dict[str, Any]) -> None:
    report = crawled["reports"]["closed"]
    assert report["status"] == "failed"
    assert "no public preview" in report["reason"]


def test_a_channel_that_leads_in_a_circle_ends(crawled: dict[str, Any]) -> None:
    assert crawled["reports"]["round"]["pages"] <= 2
    assert crawled["reports"]["round"]["posts_new"] == 1


def test_a_site_without_structured_data_gives_its_pages(crawled: dict[str, Any]) -> None:
    site, _ = crawled["starts"]["plain"]
    for number in range(101, 107):
        post = crawled["result"].posts[f"{site.base}/ads/{number}"]
        assert post.title == f"Ad {number}"
        assert f"@sample_desk_{number}" in post.text


def test_the_posting_on_its_own_page_wins_over_that_in_a_list(crawled: dict[str, Any]) -> None:
    site, _ = crawled["starts"]["listed"]
    posts = crawled["result"].posts
    assert posts[f"{site.base}/job/1"].text == "In brief, and then at length."
    assert posts[f"{site.base}/job/2"].text == "In brief.", (
        "its own page is gone, and the list's words are all there is"
    )


def test_the_user_agent_names_whom_to_ask(crawled: dict[str, Any]) -> None:
    for site, _ in crawled["starts"].values():
        assert {headers["User-Agent"].partition("/")[0] for headers in site.headers} == {"jerat"}
        assert all(headers["User-Agent"].endswith("(+mailto:desk@agency.example)") for headers in site.headers)


def test_what_was_kept_is_in_the_index_too(crawled: dict[str, Any]) -> None:
    assert {report["index_trouble"] for report in crawled["reports"].values()} == {""}


def test_runs_say_what_they_brought(crawled: dict[str, Any]) -> None:
    for report in crawled["reports"].values():
        run = crawled["result"].runs[report["run_id"]]
        assert (run.posts_new, run.pages, run.status) == (report["posts_new"], report["pages"], report["status"])
        assert run.ended_at


def test_nothing_of_ours_failed(crawled: dict[str, Any]) -> None:
    assert "Traceback" not in crawled["result"].stderr
    assert not [letter for letter in crawled["result"].dead if "fault in jerat" in letter.reason]


@pytest.mark.parametrize(
    ("address", "kind", "spider"),
    [
        ("https://t.me/sample", None, "telegram"),
        ("t.me/s/sample", None, "telegram"),
        ("@sample", None, "telegram"),
        ("https://board.example/", None, "auto"),
        ("board.example", None, "auto"),
        ("https://board.example/", "page", "page"),
        ("https://board.example/", "jobposting", "jobposting"),
    ],
)
def test_kinds(address: str, kind: str | None, spider: str) -> None:
    assert kind_of(address, kind) == spider


@pytest.mark.parametrize(
    ("address", "kind"),
    [("https://x.example", "nonsense"), ("file:///etc/passwd", None), ("", None), ("a b", None), ("http://[", None)],
)
def test_what_is_no_address_is_said_before_anything_is_fetched(address: str, kind: str | None) -> None:
    with pytest.raises(InputError):
        kind_of(address, kind)


@pytest.mark.shared
def test_saved_pages_served_on_loopback(
    shared_data: Path, new_site: Any, crawl: Any, page_type: Any, tmp_path: Path
) -> None:
    site = new_site()
    folder = shared_data / "pages"
    site.pages = {
        "/viewjob": page_type((folder / "jobs/indeed_job.html").read_bytes()),
        "/s/topwar_official": page_type((folder / "telegram/full.html").read_bytes()),
        "/camhr": page_type((folder / "jobs/camhr.html").read_bytes()),
    }
    result = crawl(tmp_path / "case", [site.base + "/viewjob", site.base + "/s/topwar_official", site.base + "/camhr"])
    job, channel, camhr = result.reports
    assert (job["posts_new"], channel["posts_new"]) == (1, 12)
    post = result.posts[site.base + "/viewjob"]
    assert post.job is not None
    assert (post.title, post.job.salary, post.job.organisation) == (
        "Senior DevOps Engineer",
        "130000 - 160000 AUD per year",
        "PaperCut Software",
    )
    assert camhr["status"] == "failed"


def test_scrapy_knows_the_spiders_and_crawls(new_site: Any, ld: Any, tmp_path: Path) -> None:
    site = new_site()
    site.pages = {"/job/1": ld(title="Typist", description="Words of a posting.")}
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("JERAT_")},
        "JERAT_ALLOW_LOOPBACK": "1",
        "JERAT_CASE": str(tmp_path / "case"),
    }
    scrapy = [sys.executable, "-m", "scrapy"]
    listed = subprocess.run(
        [*scrapy, "list"], cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert sorted(listed.stdout.split()) == sorted(["auto", *KINDS])
    done = subprocess.run(
        [*scrapy, "crawl", "jobposting", "-a", f"url={site.base}/job/1"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    assert "Traceback" not in done.stderr
    with Case(tmp_path / "case") as case:
        assert [record.post.title for record in case.posts.all()] == ["Typist"]
        assert case.outbox.count() == 0


def test_limits_of_posts_and_pages(new_site: Any, crawl: Any, page_type: Any, tmp_path: Path) -> None:
    site = new_site()
    site.pages = {"/s/sample_jobs*": lambda path: page_type(_channel(path))}
    result = crawl(tmp_path / "case", [site.base + "/s/sample_jobs"], kind="telegram", limit=25)
    assert (result.reports[0]["posts_new"], result.reports[0]["status"], result.reports[0]["pages"]) == (25, "ok", 2)


@pytest.mark.parametrize("structured", [True, False])
def test_sigint_keeps_what_came(new_site: Any, ld: Any, page_type: Any, tmp_path: Path, structured: bool) -> None:
    """Also plain pages, which wait until the whole site was seen."""
    site = new_site()

    def slow(path: str) -> Any:
        time.sleep(0.2)
        number = int(path.rsplit("/", 1)[1])
        said = "Typist wanted in an office, ask at the desk and bring your papers with you. " * 3
        plain = f"<html><body><h1>Typist {number}</h1><p>{number}: {said}</p></body></html>"
        return page_type(
            (ld(title=f"Typist {number}", description=f"Posting {number}.") if structured else plain).replace(
                "</body>", f'<a href="/job/{number + 1}">next</a></body>'
            )
        )

    site.pages = {"/job/*": slow}
    script = (
        "import sys; from pathlib import Path; from jerat.case import Case; from jerat.settings import load_settings; from crawlers.run import crawl\n"  # noqa: E501
        "with Case(Path(sys.argv[1])) as case: print(crawl(load_settings(), case, [sys.argv[2]])[0].reason)"
    )
    environment = {**{k: v for k, v in os.environ.items() if not k.startswith("JERAT_")}, "JERAT_ALLOW_LOOPBACK": "1"}
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "case"), site.base + "/job/100"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for _ in range(300):
        if len(site.asked) >= 6:
            break
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "stopped by hand" in out
    with Case(tmp_path / "case") as case:
        assert case.posts.count() >= 3
        assert case.outbox.count() == 0


def test_a_host_that_is_away_is_one_sentence(crawl: Any, tmp_path: Path) -> None:
    result = crawl(tmp_path / "case", ["http://127.0.0.1:1/x"], delay="0")
    assert result.reports[0]["reason"] == "no page came: http://127.0.0.1:1/x: the host refuses the connection"
    assert "Traceback" not in result.stderr
