"""`jerat check` explains, `jerat doctor` examines, and errors are sentences."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from jerat.cli import app
from jerat.cli.app import _hoisted
from jerat.cli.examine import PACKAGES, packages
from jerat.cli.phrases import phrases
from jerat.model import LEVELS, POST_KINDS
from jerat.settings import Settings

Run = Callable[..., subprocess.CompletedProcess[str]]

LURE = (
    "Dicari CS online penempatan Sihanoukville Kamboja, gaji 12-18 juta, tanpa pengalaman, tiket dan visa ditanggung, mess dan "
    "makan gratis, usia 18-30. Minat telegram @contoh_admin"
)


def test_check_says_what_how_risky_why_and_who_and_keeps_nothing(run: Run, tmp_path: Path) -> None:
    done = run("check", LURE)
    assert done.returncode == 0
    for expected in (
        "somebody offers work",
        "Why",
        "contoh_admin",
        "Sihanoukville, KH",
        "Sources:",
        "Nothing of this was kept",
    ):
        assert expected in done.stdout
    assert not list(tmp_path.iterdir())


def test_check_speaks_indonesian_and_names_the_languages_it_knows(run: Run) -> None:
    assert "seseorang menawarkan pekerjaan" in run("check", LURE, "--lang", "id").stdout
    wrong = run("check", LURE, "--lang", "xx")
    assert wrong.returncode == 2
    assert "en, id" in wrong.stderr


def test_check_reads_standard_input(run: Run) -> None:
    assert "contoh_admin" in run("check", stdin=LURE).stdout
    assert "contoh_admin" in run("check", "-", stdin=LURE).stdout
    assert run("check", stdin="  \n").returncode == 2
    assert run("check", stdin=b"\xff\xfe gaji").returncode == 0


def test_check_prints_an_analysis_for_programs(run: Run) -> None:
    found = json.loads(run("check", LURE, "--json").stdout)
    assert {entity["value"] for entity in found["entities"]} >= {"contoh_admin", "Sihanoukville, KH"}


@pytest.mark.parametrize("language", ["en", "id"])
def test_phrases_are_whole(language: str) -> None:
    say = phrases(language)
    assert set(say.kinds) == set(POST_KINDS)
    assert set(say.levels) == set(LEVELS)


def test_doctor_is_content_without_a_case(run: Run) -> None:
    done = run("doctor", "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 0, [finding for finding in told["findings"] if finding["state"] == "fail"]
    assert told["ok"] is True
    names = {finding["name"] for finding in told["findings"]}
    assert set(PACKAGES) < names
    assert {"python", "spacy", "scrapy", "tantivy"} <= {name.lower() for name in names}


def test_doctor_counts_the_case_and_asks_the_engine(filled: Run) -> None:
    out = filled("doctor").stdout
    assert "4 posts" in out
    assert "4 of 4 posts" in out
    assert "embedded" in out


def test_doctor_fails_where_the_engine_does_not_answer(filled: Run) -> None:
    done = filled("doctor", env={"JERAT_INDEX": "http://127.0.0.1:9"})
    assert done.returncode == 1
    assert "FAIL" in done.stdout


def test_doctor_fails_on_a_misspelt_variable_and_on_a_wrong_setting(run: Run) -> None:
    assert "JERAT_DELLAY" in run("doctor", env={"JERAT_DELLAY": "1"}).stdout
    done = run("doctor", env={"JERAT_DELAY": "soon"})
    assert done.returncode == 1
    assert "JERAT_DELAY" in done.stdout


def test_a_foreign_package_is_named(tmp_path: Path) -> None:
    foreign = tmp_path / "nlp"
    foreign.mkdir()
    (foreign / "__init__.py").write_text("")
    script = "from jerat.cli.examine import packages\nfor one in packages(): print(one.name, one.state, one.detail)"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{script}"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = {line.split()[0]: line for line in done.stdout.splitlines()}
    assert told["nlp"].startswith("nlp fail")
    assert str(foreign) in told["nlp"]
    assert told["index"].startswith("index ok")
    assert {one.state for one in packages()} == {"ok"}


def test_settings_are_listed_and_secrets_masked(run: Run) -> None:
    done = run("doctor", "--settings", "--json", env={"JERAT_INDEX_PASSWORD": "hunter2", "JERAT_DELAY": "9"})
    rows = {row["name"]: row for row in json.loads(done.stdout)["settings"]}
    assert set(rows) == set(Settings.model_fields)
    assert rows["delay"]["value"] == "9.0"
    assert rows["delay"]["default_in_force"] is False
    assert "hunter2" not in done.stdout
    assert "hunter2" not in run("doctor", "--settings", env={"JERAT_INDEX_PASSWORD": "hunter2"}).stdout


def test_version_and_help(run: Run) -> None:
    import jerat

    assert run("--version").stdout == f"jerat {jerat.__version__}\n"
    assert "doctor" in run("--help").stdout
    assert run("no-such-command").returncode == 2


@pytest.mark.parametrize("command", sorted(name for one in app.registered_commands if (name := one.name)))
def test_every_command_teaches_with_an_example(run: Run, command: str) -> None:
    done = run(command, "--help")
    assert done.returncode == 0
    assert "Example" in done.stdout
    assert f"jerat {command}" in done.stdout


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys\nfrom typer.testing import CliRunner\nfrom jerat.cli import app\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        "print(sorted({'spacy', 'scrapy', 'tantivy', 'elasticsearch', 'pydantic', 'phonenumbers', 'luqum'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unexpected_error_is_one_sentence_and_a_traceback_only_with_debug(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom jerat.cli import main\nfrom jerat.cli.state import State\n"
        "def broken(*_, **__): raise ZeroDivisionError('a\\x1b[31mb')\nState.open_case = broken\n"
        "sys.argv = ['jerat', *sys.argv[1:]]\nmain()"
    )
    plain = subprocess.run(
        [sys.executable, "-c", script, "search", "x"], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert plain.returncode == 1
    assert "ZeroDivisionError" in plain.stderr
    assert "Traceback" not in plain.stderr
    assert "\x1b" not in plain.stderr
    debug = subprocess.run(
        [sys.executable, "-c", script, "search", "x", "--debug"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert debug.returncode == 1
    assert "Traceback" in debug.stderr


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["search", "x", "--case", "d"], ["--case", "d", "search", "x"]),
        (["search", "--case=d", "x"], ["--case=d", "search", "x"]),
        (["search", "--", "--case", "d"], ["search", "--", "--case", "d"]),
        (["search", "x", "--case"], ["--case", "search", "x"]),
        (["--debug", "doctor"], ["--debug", "doctor"]),
    ],
)
def test_global_options_may_stand_anywhere_before_two_dashes(given: list[str], expected: list[str]) -> None:
    assert _hoisted(given) == expected
