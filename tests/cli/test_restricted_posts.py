"""Posts of people in trouble: through no door of the command line, unless it is asked for them."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]

CRY = (
    "Tolong saya disekap di Poipet Kamboja, paspor saya ditahan, dipaksa kerja menipu orang dan dipukul. "
    "Mau pulang ke Indonesia. Hubungi keluarga saya WA 0812-0000-9876, agennya telegram @contoh_admin"
)
SECRETS = ("disekap", "dipukul", "9876")


@pytest.fixture
def troubled(filled: Run, tmp_path: Path) -> Run:
    """The case of `filled`, and a call for help in it."""
    file = tmp_path / "cry.jsonl"
    file.write_text(
        json.dumps({"id": "cry-1", "url": "https://papan.example/9", "text": CRY, "source": "papan"}) + "\n"
    )
    assert filled("import", str(file)).returncode == 0
    return filled


def hidden(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, done.stderr
    for secret in (*SECRETS, "cry-1"):
        assert secret not in done.stdout + done.stderr, secret


def test_no_list_has_it(troubled: Run, tmp_path: Path) -> None:
    found = troubled("search", "*", "--json", "-n", "50")
    hidden(found)
    assert json.loads(found.stdout)["total"] == 4
    for query in ("tolong", "kind:victim", "9876", "id:cry-1", "restricted:yes", "telegram:contoh_admin"):
        hidden(troubled("search", "--", query))
    hidden(troubled("entities", "-n", "0"))
    hidden(troubled("entities", "kind:victim", "--json"))
    for what in ("posts", "entities"):
        for ending in ("csv", "jsonl"):
            hidden(troubled("export", what, "--output", f"{what}.{ending}"))
            written = (tmp_path / f"{what}.{ending}").read_text()
            assert not [secret for secret in (*SECRETS, "cry-1") if secret in written]
    hidden(troubled("export", "posts", "--format", "jsonl"))


def test_one_sentence_says_where_they_are(troubled: Run) -> None:
    assert "--restricted" in troubled("search", "kind:victim").stderr
    assert "--restricted" not in troubled("search", "kamboja").stderr


def test_it_is_found_where_it_is_asked_for(troubled: Run, tmp_path: Path) -> None:
    done = troubled("search", "tolong", "--restricted", "--json")
    (hit,) = json.loads(done.stdout)["hits"]
    assert (hit["id"], hit["restricted"], hit["kind"]) == ("cry-1", True, "victim")
    assert "those who can help" in done.stderr
    assert "set apart" in troubled("search", "tolong", "--restricted").stdout
    rows = json.loads(troubled("entities", "--kind", "whatsapp", "--restricted", "--json").stdout)["entities"]
    assert any("9876" in row["value"] for row in rows)
    assert troubled("export", "posts", "--restricted", "-o", "all.csv").returncode == 0
    assert "disekap" in (tmp_path / "all.csv").read_text()


@pytest.mark.parametrize("lang", ["en", "id"])
def test_show_points_to_help_instead_of_the_text(troubled: Run, lang: str) -> None:
    for wanted in ("cry-1", "cry"):
        done = troubled("show", wanted, "--lang", lang)
        assert done.returncode == 0
        assert not [secret for secret in SECRETS if secret in done.stdout]
        assert "KP2MI" in done.stdout
        assert "https://www.iom.int/where-we-work" in done.stdout
        assert "--restricted" in done.stdout
    told = json.loads(troubled("show", "cry-1", "--json").stdout)
    assert set(told) == {"id", "restricted", "said", "help"}
    assert told["restricted"] is True
    assert {"id-kp2mi", "iom"} <= {one["id"] for one in told["help"]}


def test_show_gives_it_to_those_who_ask(troubled: Run) -> None:
    done = troubled("show", "cry-1", "--restricted")
    assert "disekap" in done.stdout
    assert "those who can help" in done.stderr
    assert json.loads(troubled("show", "cry-1", "--restricted", "--json").stdout)["post"]["text"] == CRY


def test_a_person_lifts_it_and_sets_it_again(troubled: Run) -> None:
    assert "not set apart" in troubled("review", "cry-1", "--lift", "--note", "published by the family").stdout
    assert json.loads(troubled("search", "tolong", "--json").stdout)["total"] == 1
    assert "disekap" in troubled("show", "cry-1").stdout
    troubled("review", "cry-1", "--restrict")
    hidden(troubled("search", "tolong"))
    troubled("review", "lure-1", "--restrict")
    assert json.loads(troubled("search", "*", "--json").stdout)["total"] == 3


def test_the_rebuilt_index_and_doctor_count_it_in(troubled: Run) -> None:
    assert "5 posts indexed" in troubled("reindex").stdout
    assert "5 of 5 posts" in troubled("doctor").stdout
    hidden(troubled("search", "*"))


def test_an_index_of_an_older_format_is_made_anew_before_the_first_answer(troubled: Run, tmp_path: Path) -> None:
    (tmp_path / "case" / "search" / "format.json").write_text('{"format": "older"}')
    assert json.loads(troubled("search", "*", "--json").stdout)["total"] == 4


def test_the_pages_of_a_question_keep_to_it(troubled: Run) -> None:
    first = json.loads(troubled("search", "*", "--restricted", "-n", "2", "--json").stdout)
    assert first["total"] == 5
    more = troubled("search", "*", "--restricted", "-n", "5", "--after", first["next"], "--json")
    assert len(json.loads(more.stdout)["hits"]) == 3
    assert "--restricted" in troubled("search", "*", "--restricted", "-n", "2").stdout.rpartition("more:")[2]
