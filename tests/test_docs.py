"""The docs say what the program does: every command, option and setting, and what is shown can be typed."""

import importlib.machinery
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import typer.main

import jerat
from index.fields import FIELDS
from jerat.cli import app
from jerat.model import ENTITY_KINDS, POST_KINDS
from jerat.settings import Settings

CHECKOUT = Path(__file__).resolve().parent.parent
PAGES = sorted([*CHECKOUT.glob("*.md"), *CHECKOUT.glob("docs/*.md")])
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # a group has them
EVERY = COMMANDS | {
    f"{name} {below}": inner
    for name, command in COMMANDS.items()
    for below, inner in getattr(command, "commands", {}).items()
}
RUNNABLE = re.compile(r"<!-- run -->\n```sh\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def make_docs() -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("make_docs", str(CHECKOUT / "scripts" / "make-docs"))
    spec = importlib.util.spec_from_loader("make_docs", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_the_pages_that_are_made_from_the_code_are_not_stale(make_docs: ModuleType) -> None:
    stale = [file.name for file, text in make_docs.pages().items() if file.read_text("utf-8") != text]
    assert not stale, "run .venv/bin/python scripts/make-docs"


@pytest.mark.parametrize("name", sorted(EVERY))
def test_every_command_and_option_is_documented(name: str) -> None:
    page = (CHECKOUT / "docs" / "commands.md").read_text("utf-8")
    section = re.split(r"\n##+ ", page.partition(f"# jerat {name}\n")[2])[0]
    assert section
    assert re.search(r"```sh\n(.* \| )?jerat ", section), "an example"
    for parameter in EVERY[name].params:
        assert parameter.help, f"{name} {parameter.name} has no help"
        for option in parameter.opts:
            if option.startswith("-"):
                assert f"`{option}`" in section


def test_every_setting_field_and_kind_is_documented() -> None:
    settings = (CHECKOUT / "docs" / "settings.md").read_text("utf-8")
    for name in Settings.model_fields:
        assert f"`JERAT_{name.upper()}`" in settings
    query = (CHECKOUT / "docs" / "query.md").read_text("utf-8")
    for field in FIELDS:
        assert not field.query or f"`{field.name}`" in query
    model = (CHECKOUT / "docs" / "model.md").read_text("utf-8")
    for kind in (*ENTITY_KINDS, *POST_KINDS):
        assert f"`{kind}`" in model, kind


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_and_settings_that_the_docs_name_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    known = {
        option for command in EVERY.values() for one in command.params for option in (*one.opts, *one.secondary_opts)
    }
    known |= {"--case", "--debug", "--version", "--help", "-h"}
    shown = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    shown += re.findall(r"`(jerat [^`\n]+)`", text)
    for line in shown:
        match = re.search(r"(?:^|\| )jerat (?:--case \S+ )?([a-z][a-z-]*)", line)
        if match is None:
            continue
        assert match[1] in COMMANDS, line
        unquoted = re.sub(r"'[^']*'|\"[^\"]*\"", "", line[match.start() :]).lstrip("| ").partition("|")[0]
        for option in re.findall(r"(?<=\s)--[a-z][a-z-]*", unquoted):
            assert option in known, line
    variables = {f"JERAT_{name.upper()}" for name in Settings.model_fields} | {"JERAT_CONFIG"}
    for variable in re.findall(r"JERAT_[A-Z_]*[A-Z]", text):
        assert variable in variables or variable.startswith("JERAT_TEST"), variable


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_and_files_that_the_docs_name_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        assert (page.parent / target).exists(), target
    for target in re.findall(r"(?<![\w/])((?:docs|scripts)/[\w.-]+\w)", text):
        assert (CHECKOUT / target).exists(), target


def test_the_version_is_in_the_changelog() -> None:
    changes = (CHECKOUT / "CHANGELOG.md").read_text("utf-8")
    assert "## [Unreleased]" in changes or f"## [{jerat.__version__}]" in changes


def test_what_the_readme_shows_can_be_typed(tmp_path: Path) -> None:
    blocks = RUNNABLE.findall((CHECKOUT / "README.md").read_text("utf-8"))
    assert len(blocks) >= 3
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JERAT_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{clean.get('PATH', '')}"
    shutil.copytree(CHECKOUT / "docs" / "examples", tmp_path / "docs" / "examples")
    for block in blocks:
        done = subprocess.run(
            ["/bin/bash", "-euo", "pipefail", "-c", block], cwd=tmp_path, env=clean | {"PATH": path, "PYTHONUTF8": "1"},
            capture_output=True, text=True, encoding="utf-8", timeout=200, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
        assert done.stdout.strip()
