"""Channels, groups and pages that posts name: found, ranked by risk, visited one hop far."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import nlp
from crawlers.candidates import NO_PREVIEW, best, declared_places, spider_of
from crawlers.catalogue import load_catalogue
from jerat.case import Case, Mention
from jerat.cli.app import app
from jerat.model import Analysis, Entity, Message, Post, Risk
from pipelines.candidates import ranked, score_of
from pipelines.enrich import Enriched
from pipelines.named import named_places
from pipelines.store import stored

LURE = (
    "Lowongan customer service di Sihanoukville Kamboja, gaji 1500 USD, tanpa pengalaman, tiket dan paspor ditanggung, "
    "mess gratis, nomor urut {0}. Hubungi {1}"
)


def _enriched(number: int, text: str, **more: Any) -> Enriched:
    post = Post(
        id=f"post{number}", source="board.example", platform="web", url=f"https://board.example/{number}",
        fetched_at=datetime.now(UTC), text=text, **more,
    )  # fmt: skip
    return Enriched(post, nlp.load(None, "never").analyse(text, id=post.id, fields=post.fields()))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("@desk_contoh", {("https://t.me/desk_contoh", "telegram")}),
        ("https://t.me/+AbCdEfGhIjKlMnOp", {("https://t.me/+AbCdEfGhIjKlMnOp", "telegram-invite")}),
        ("https://t.me/s/kerja_contoh/12", {("https://t.me/kerja_contoh", "telegram")}),
        ("https://t.me/daftar_contoh_bot", set()),
        ("https://web.facebook.com/groups/123456/?ref=x", {("https://www.facebook.com/groups/123456", "facebook-group")}),
        ("https://facebook.com/some.page", {("https://www.facebook.com/some.page", "facebook-page")}),
        ("https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQr", {("https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQr", "whatsapp-group")}),
        ("https://line.me/ti/g2/AbCdEfGhIjKl?utm_source=x", {("https://line.me/ti/g2/AbCdEfGhIjKl", "line-openchat")}),
        ("https://discord.gg/abcDEF", {("https://discord.gg/abcDEF", "discord-invite")}),
        ("https://www.kerja-contoh.com/apply/1", {("https://www.kerja-contoh.com/", "site")}),
        ("https://wa.me/85500000001 https://forms.gle/abc https://bit.ly/x https://www.youtube.com/watch?v=1", set()),
        ("https://board.example/other https://www.board.example/", set()),
    ],
)  # fmt: skip
def test_what_posts_name(text: str, wanted: set[tuple[str, str]]) -> None:
    one = _enriched(1, f"Info: {text} .")
    assert set(named_places(one.post, one.analysis)) == wanted


def test_a_channel_that_a_message_was_forwarded_from_but_not_its_own() -> None:
    message = Message(forwarded_from="X", forwarded_url="https://t.me/Asal_Contoh/7")
    one = _enriched(1, "hello there", message=message)
    post = Post(
        **{**{n: getattr(one.post, n) for n in one.post.__struct_fields__}, "url": "https://t.me/Kita_Contoh/1"}
    )
    assert named_places(post, one.analysis) == (("https://t.me/asal_contoh", "telegram"),)
    own = Post(**{**{n: getattr(one.post, n) for n in one.post.__struct_fields__}, "url": "https://t.me/Asal_Contoh/1"})
    assert named_places(own, one.analysis) == ()


def _mention(number: int, score: float, fingerprint: str, source: str = "s") -> Mention:
    return Mention(1, f"p{number}", source, "high" if score > 0.5 else "low", score, fingerprint)


def test_copies_count_once_and_more_posts_count_ever_less() -> None:
    prints = [nlp.load(None, "never").analyse(text).fingerprint for text in (
        "we look for a typist in an office near the river with meals and a desk",
        "cooks and helpers are wanted for a kitchen on the island in the summer season",
    )]  # fmt: skip
    copies = [_mention(number, 0.9, prints[0]) for number in range(500)]
    assert score_of(copies) == (0.9, 1)
    assert score_of([*copies, _mention(501, 0.8, prints[1])]) == (0.9 + 0.8 / 2, 2)
    assert score_of([_mention(1, 0.3, "", "a"), _mention(2, 0.3, "", "a"), _mention(3, 0.2, "", "b")]) == (0.4, 2)
    assert score_of([]) == (0, 0)


def test_the_order_what_is_left_out_and_decisions(case: Case) -> None:
    lures = [_enriched(n, LURE.format(n, "@jaringan_contoh")) for n in range(5)]
    other = _enriched(20, LURE.format("lain", "@kedua_contoh") + " 招聘客服 西港 高薪 包吃住 护照办理")
    dull = [_enriched(30 + n, f"Toko roti mencari kasir, {n}. @roti_contoh") for n in range(9)]
    victim = _enriched(50, "Tolong, saya disekap di Kamboja dan dipukul, paspor ditahan. Hubungi @korban_contoh")
    stored(case, [*lures, other, *dull, victim])
    found = ranked(case)
    addresses = [one.candidate.address for one in found]
    assert set(addresses[:2]) == {"https://t.me/jaringan_contoh", "https://t.me/kedua_contoh"}
    assert addresses[2:] == ["https://t.me/roti_contoh"]
    first = next(one for one in found if "jaringan" in one.candidate.address)
    assert (first.posts, first.groups) == (5, 1)
    assert [one.candidate.address for one in best(case, 5)] == addresses[:2], "a dull post sends nobody anywhere"
    assert "https://t.me/kedua_contoh" not in [
        one.candidate.address for one in ranked(case, known={"https://t.me/kedua_contoh"})
    ]
    case.reviews.add("post20", restricted="yes")
    assert "https://t.me/kedua_contoh" not in [one.candidate.address for one in ranked(case)]
    case.candidates.decide("https://t.me/jaringan_contoh", "rejected", "a person", "tester")
    stored(case, [_enriched(60, LURE.format(60, "@jaringan_contoh"))])
    assert [one.candidate.address for one in ranked(case)] == ["https://t.me/roti_contoh"]
    kept = case.candidates.get("https://t.me/jaringan_contoh")
    assert kept is not None
    assert (kept.status, kept.reason, kept.by) == ("rejected", "a person", "tester")
    stored(case, [Enriched(_as_source(_enriched(70, "x"), "t.me/roti_contoh"), dull[0].analysis)])
    assert ranked(case) == [], "it is a source of the case now"


def _as_source(one: Enriched, source: str) -> Post:
    return Post(**{**{n: getattr(one.post, n) for n in one.post.__struct_fields__}, "source": source})


def test_declared_sources_are_no_news(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        "name: own\ntitle: Own\nkind: telegram\nurls: ['@Kerja_Contoh', 'https://papan.example/list']\n"
    )
    known = declared_places(load_catalogue(tmp_path))
    assert {"https://t.me/kerja_contoh", "https://papan.example/", "https://www.papan.example/"} <= known
    assert spider_of("telegram") == "telegram"
    assert spider_of("whatsapp-group") == ""


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JERAT_CASE", str(tmp_path / "case"))
    with Case(tmp_path / "case") as case:
        stored(
            case,
            [
                _enriched(n, LURE.format(n, "@jaringan_contoh https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv"))
                for n in (1, 2)
            ],
        )
    runner = CliRunner()
    listed = json.loads(runner.invoke(app, ["sources", "candidates", "--json"]).stdout)
    assert {row["address"]: row["visit"] for row in listed["candidates"]} == {
        "https://t.me/jaringan_contoh": True,
        "https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv": False,
    }
    assert listed["candidates"][0]["posts"] == 2
    assert "jaringan_contoh" in runner.invoke(app, ["sources", "candidates"]).stdout
    assert runner.invoke(app, ["sources", "accept", "@jaringan_contoh", "--reason", " "]).exit_code != 0
    assert runner.invoke(app, ["sources", "accept", "99", "--reason", "x"]).exit_code != 0
    done = runner.invoke(app, ["sources", "accept", "@jaringan_contoh", "--reason", "names lures", "--json"])
    assert done.exit_code == 0, done.output
    file = Path(json.loads(done.stdout)["file"])
    (entry,) = [entry for entry in load_catalogue(file.parent) if entry.own]
    assert entry.source.kind == "telegram"
    assert "names lures" in entry.source.note
    refused = runner.invoke(
        app, ["sources", "accept", "https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv", "--reason", "x"]
    )
    assert refused.exit_code != 0
    done = runner.invoke(app, ["sources", "reject", "1", "--reason", "cannot be read", "--by", "ana"])
    assert done.exit_code == 0, done.output
    assert json.loads(runner.invoke(app, ["sources", "candidates", "--json"]).stdout)["total"] == 0
    every = json.loads(runner.invoke(app, ["sources", "candidates", "--all", "--json"]).stdout)["candidates"]
    assert {row["status"] for row in every} == {"accepted", "rejected"}
    assert {row["by"] for row in every if row["status"] == "rejected"} == {"ana"}


_FOLLOW = """
import sys
from dataclasses import asdict
from pathlib import Path
import json
from jerat.case import Case
from jerat.settings import load_settings
from crawlers.run import crawl
with Case(Path(sys.argv[1])) as case:
    reports = crawl(load_settings(), case, [sys.argv[2]], follow=3)
print(json.dumps([asdict(one) for one in reports]))
"""


def test_following_visits_the_best_one_hop_far(
    new_site: Any, ld: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, second, third = new_site(), new_site(), new_site()
    start.pages = {
        "/": '<a href="/job/101-one-two-three">x</a>',
        "/job/101-one-two-three": ld(title="CS Kamboja", description=LURE.format(1, f"{second.base}/kerja")),
    }
    second.pages = {
        "/": '<a href="/job/201-one-two-three">x</a>',
        "/job/201-one-two-three": ld(title="CS Kamboja dua", description=LURE.format(2, f"{third.base}/kerja")),
        "/s/tertutup": '<div class="tgme_page"><div class="tgme_page_title">Tertutup</div></div>',
    }
    third.pages = {"/": '<a href="/job/301-one-two-three">x</a>'}
    folder = tmp_path / "case"
    with Case(folder) as case:
        stored(case, [_enriched(1, LURE.format(9, "@siapa_contoh"))])
        risk = Risk(level="high", score=0.99)
        entity = Entity(kind="age", value="1", text="1", start=0, end=1, confidence=1)
        stored(case, [Enriched(_as_source(_enriched(2, "x y z"), "b"), Analysis(
            id="post2", language="id", kind="offer", risk=risk, entities=(entity,), fingerprint="", versions={}))])  # fmt: skip
        case.candidates.name("post2", [(f"{second.base}/s/tertutup", "telegram")])
        case.candidates.decide("https://t.me/siapa_contoh", "rejected", "not reachable in a test")
    monkeypatch.setenv("JERAT_ALLOW_LOOPBACK", "1")
    done = subprocess.run(
        [sys.executable, "-c", _FOLLOW, str(folder), start.base + "/"],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    reports = json.loads(done.stdout.splitlines()[-1])
    assert (reports[0]["status"], reports[0]["followed"]) == ("ok", False)
    followed = {report["address"]: report for report in reports[1:]}
    assert all(report["followed"] for report in followed.values())
    assert followed[f"{second.base}/"]["status"] == "ok"
    closed = followed[f"{second.base}/s/tertutup"]
    assert (closed["status"], closed["reason"]) == ("skipped", NO_PREVIEW)
    assert third.asked == [], "one hop, and no farther"
    with Case(folder) as case:
        visited = {one.address: one.outcome for one in case.candidates.all() if one.visited_at}
        assert visited[f"{second.base}/s/tertutup"] == NO_PREVIEW
        assert visited[f"{second.base}/"] == "1 posts, 1 of them risky"
        assert [one.candidate.address for one in best(case, 5)] == [f"{third.base}/"]
