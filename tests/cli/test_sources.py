"""`jerat sources`: what is declared, how it fares, a new one, and a look that keeps nothing."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jerat.case import Case
from jerat.samples import serve
from jerat.settings import Settings

Run = Callable[..., subprocess.CompletedProcess[str]]

OWN = "name: papan\ntitle: Papan\nkind: jobposting\nurls: [https://papan.example/]\ncountry: ID\n"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "case" / "sources"
    folder.mkdir(parents=True)
    return folder


def ended(folder: Path, source: str, url: str, status: Any, posts: int = 0, reason: str = "") -> None:
    with Case(folder / "case") as case:
        run_id = case.runs.start(source, "jobposting", url)
        case.runs.count(run_id, {"posts_new": posts})
        case.runs.end(run_id, status, reason)


def test_all_are_listed_without_a_case_and_none_is_made(run: Run, tmp_path: Path) -> None:
    done = run("sources", "--json")
    assert done.returncode == 0
    rows = json.loads(done.stdout)["sources"]
    assert len(rows) >= 35
    assert {"never", "off"} == {row["state"] for row in rows}
    assert all(row["due"] is row["enabled"] for row in rows)
    assert not (tmp_path / "case").exists()


def test_the_table_tells_who_fails_since_when_and_why(run: Run, tmp_path: Path, own: Path) -> None:
    (own / "a.yaml").write_text(OWN)
    for posts in (40, 50):
        ended(tmp_path, "papan", "https://papan.example/", "ok", posts)
    ended(tmp_path, "papan", "https://papan.example/", "failed", 0, "no post in 3 pages; seen: a captcha")
    done = run("sources")
    assert done.returncode == 0
    assert done.stdout.splitlines()[1].startswith("papan\tjobposting\tID\tfailing"), "tabs, for cut and awk"
    assert "no post in 3 pages; seen: a captcha" in done.stdout
    assert "1 failing" in done.stdout
    row = json.loads(run("sources", "--failing", "--json").stdout)["sources"]
    assert [one["name"] for one in row] == ["papan"]
    assert (row[0]["usual_posts"], row[0]["posts"], row[0]["failures"], row[0]["last_outcome"]) == (45, 0, 1, "failed")
    assert row[0]["failing_since"]
    assert not row[0]["due"]
    assert "papan" not in run("sources", "--due").stdout
    shown = run("sources", "show", "papan").stdout
    assert "a captcha" in shown
    assert "(comes with jerat)" not in shown


def test_countries_are_chosen_by_code(run: Run) -> None:
    rows = json.loads(run("sources", "--country", "kh", "--country", "LA", "--json").stdout)["sources"]
    assert {row["country"] for row in rows} == {"KH", "LA"}
    listed = run("sources", "list", "--country", "KH").stdout
    assert "bongthom" in listed
    assert "karir" not in listed
    done = run("sources", "--country", "ZZ")
    assert done.returncode == 2
    assert "no source is declared for ZZ" in done.stderr


def test_a_broken_own_file_is_told_and_the_rest_is_shown(run: Run, own: Path) -> None:
    (own / "b.yaml").write_text(OWN.replace("title", "titel"))
    for words in (("sources",), ("sources", "list"), ("sources", "show", "karir")):
        done = run(*words)
        assert done.returncode == 1, words
        assert (
            f"{Path('case/sources/b.yaml').name}:2: source papan: there is no key `titel`: did you mean title?"
            in done.stderr
        )
        assert "karir" in done.stdout
    said = json.loads(run("sources", "--json").stdout)["mistakes"]
    assert {(one["line"], one["source"]) for one in said} == {(1, "papan"), (2, "papan")}
    (own / "b.yaml").write_text("name: karir\nkind: auto\n")
    done = run("sources", "--failing")
    assert done.stdout.splitlines()[1].split()[:5] == ["karir", "auto", "ID", "wrong", "file"]
    assert run("crawl", "karir").returncode == 2


def test_a_folder_of_the_settings_must_be_there(run: Run, tmp_path: Path) -> None:
    done = run("sources", env={"JERAT_SOURCES": str(tmp_path / "nowhere")})
    assert done.returncode == 1
    assert "there is no such folder" in done.stderr


def test_add_guesses_shows_and_overwrites_nothing(run: Run, tmp_path: Path) -> None:
    done = run("sources", "add", "papan.example/lowongan", "--country", "id", "--language", "id", "--posts", "4")
    assert done.returncode == 0, done.stderr
    file = tmp_path / "case" / "sources" / "papan.yaml"
    text = file.read_text()
    assert text in done.stdout
    assert "https://papan.example/lowongan" in text
    again = run("sources", "add", "https://papan.example/lowongan", "--name", "lain")
    assert again.returncode == 2
    assert "declared already, as papan" in again.stderr
    taken = run("sources", "add", "https://lain.example", "--name", "papan")
    assert taken.returncode == 2
    assert file.read_text() == text
    for words in (("x y",), ("https://lain.example", "--kind", "fax"), ("https://lain.example", "--cadence", "soon")):
        assert run("sources", "add", *words).returncode == 2
    assert run("sources", "add", "@kanal_contoh").returncode == 0
    row = json.loads(run("sources", "show", "telegram-kanal-contoh", "--json").stdout)
    assert (row["source"]["kind"], row["health"]["own"]) == ("telegram", True)


def test_names_with_a_slip_are_answered_and_off_says_what_instead(run: Run) -> None:
    for words in (("crawl", "jobfy"), ("sources", "show", "jobfy"), ("sources", "test", "jobfy")):
        done = run(*words)
        assert done.returncode == 2
        assert "did you mean jobify" in done.stderr
    for words in (("crawl", "linkedin"), ("sources", "test", "linkedin")):
        done = run(*words)
        assert done.returncode == 2
        assert "switched off" in done.stderr
        assert "Zeeschuimer" in done.stderr
    assert run("sources", "show", "linkedin").returncode == 0


def process(folder: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JERAT_")}
    done = subprocess.run(
        [str(Path(sys.executable).with_name("jerat")), "--case", str(folder / "case"), *arguments],
        env=clean | {"JERAT_ALLOW_LOOPBACK": "1", "PYTHONUTF8": "1"} | env,
        capture_output=True, text=True, encoding="utf-8", timeout=120, check=False, cwd=folder,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done


def test_a_look_shows_each_field_and_what_is_missing_and_keeps_nothing(tmp_path: Path, own: Path) -> None:
    with serve() as sites:
        channel = next(site.url for site in sites.sites if site.form == "telegram")
        (own / "a.yaml").write_text(
            f"name: kanal\ntitle: K\nkind: telegram\nurls: ['{channel}']\nexpect: {{posts: 900}}\n"
        )
        done = process(tmp_path, "sources", "test", "kanal")
        assert done.returncode == 0, done.stderr
        told = json.loads(process(tmp_path, "sources", "test", "kanal", "--json").stdout)
    assert "published" in done.stdout
    assert "missing" in done.stdout
    assert "@rekrut" in done.stdout or "whatsapp" in done.stdout
    assert "no text: nothing in it can be searched" in done.stderr or "contacts in" in done.stdout
    assert told["pages"] == 1
    assert told["ok"]
    assert len(told["posts"]) > 5
    assert all(set(one) == {"missing", "post", "analysis"} for one in told["posts"])
    assert any("no contact" in one["missing"] for one in told["posts"])
    assert not any("no title" in one["missing"] for one in told["posts"]), "messages have none"
    assert sorted(path.name for path in (tmp_path / "case").iterdir()) == ["sources"]


def test_a_look_at_nothing_says_what_stands_in_the_way(tmp_path: Path) -> None:
    done = process(tmp_path, "sources", "test", "http://127.0.0.1:9/x")
    assert done.returncode == 1
    assert "refuses the connection" in done.stderr
    assert not (tmp_path / "case").exists()


def test_the_default_folder_is_that_of_the_case(tmp_path: Path) -> None:
    assert Settings(case=tmp_path).sources_folder == tmp_path / "sources"
    assert Settings(case=tmp_path, sources=tmp_path / "x").sources_folder == tmp_path / "x"
