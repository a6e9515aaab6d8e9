"""The house as a whole: what is installed is ours and whole, and nothing in it tells where it was made."""

import ast
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterable
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).resolve().parent.parent
ROOMS = ("crawlers", "index", "jerat", "nlp", "pipelines")
PYPROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))

# Longer than a reader likes, and why it stays whole.
LONG_FILES = {
    "tests/index/test_index_contract.py": "the contract of both engines, to be read as one",
}


def tracked() -> list[Path]:
    """The files of the checkout that are under version control, or all of them where there is no git."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, check=True, timeout=60)
        names = [name for name in listed.stdout.decode().split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        names = [
            str(path.relative_to(CHECKOUT))
            for top in (*ROOMS, "tests", "scripts", "docs", ".ci", "pyproject.toml", "constraints.txt", "README.md")
            for path in ([CHECKOUT / top] if (CHECKOUT / top).is_file() else (CHECKOUT / top).rglob("*"))
            if path.is_file() and "__pycache__" not in path.parts
        ]
    return [CHECKOUT / name for name in names if (CHECKOUT / name).is_file()]


@pytest.mark.parametrize("room", ROOMS)
def test_the_packages_of_this_environment_are_ours(room: str) -> None:
    found = importlib.util.find_spec(room)
    assert found is not None
    assert found.origin is not None
    assert Path(found.origin).resolve().is_relative_to(CHECKOUT), f"a foreign `{room}` at {found.origin} shadows ours"
    assert (CHECKOUT / room / "py.typed").is_file()


def test_the_layers_are_kept() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=CHECKOUT, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_scrapy_knows_the_spiders_in_the_checkout_and_elsewhere(tmp_path: Path) -> None:
    """Outside a checkout Scrapy is told of the project by SCRAPY_SETTINGS_MODULE, as scrapyd does."""
    scrapy = Path(sys.executable).with_name("scrapy")
    bare = {name: value for name, value in os.environ.items() if not name.startswith("SCRAPY_")}
    listed = []
    for folder, environment in ((CHECKOUT, bare), (tmp_path, bare | {"SCRAPY_SETTINGS_MODULE": "crawlers.settings"})):
        done = subprocess.run(
            [scrapy, "list"], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        listed.append(set(done.stdout.split()))
    assert {"jobposting", "telegram"} <= listed[0]
    assert listed[0] == listed[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built in a process of its own, without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))", folder],
        cwd=CHECKOUT, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder / done.stdout.split()[-1]


def test_the_wheel_holds_every_file_of_the_rooms_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
        metadata = next(name for name in archive.namelist() if name.endswith("METADATA"))
        entries = archive.read(metadata.replace("METADATA", "entry_points.txt")).decode()
    ours = {path.relative_to(CHECKOUT).as_posix() for path in tracked() if path.relative_to(CHECKOUT).parts[0] in ROOMS}
    assert ours <= packed, "files that would be missing where jerat is installed"
    assert {name.split("/")[0] for name in packed} == set(ROOMS)
    assert {f"{room}/py.typed" for room in ROOMS} <= packed
    assert not [name for name in packed if name.endswith((".pyc", ".db", ".log"))]
    assert "jerat = jerat.cli:main" in entries
    assert "settings = crawlers.settings" in entries


def test_one_version_everywhere() -> None:
    import jerat

    wanted = PYPROJECT["project"]["version"]
    assert version("jerat") == wanted
    assert getattr(jerat, "__version__", wanted) == wanted
    changes = (CHECKOUT / "CHANGELOG.md").read_text("utf-8")
    released = re.search(rf"^## \[?v?{re.escape(wanted)}\b", changes, re.MULTILINE)
    coming = re.search(r"^## \[Unreleased\]\s+### \w+\s+- ", changes, re.MULTILINE)
    assert released or coming, "the changelog says nothing of this version"


def test_every_dependency_is_pinned_and_installed_as_pinned() -> None:
    pins = {}
    for line in (CHECKOUT / "constraints.txt").read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        pin = Requirement(line)
        assert re.fullmatch(r"==[\w.]+", str(pin.specifier)), line
        assert pin.url is None, line
        if pin.marker is None or pin.marker.evaluate():
            pins[canonicalize_name(pin.name)] = str(pin.specifier)
    project = PYPROJECT["project"]
    direct = [
        *project["dependencies"],
        *project["optional-dependencies"]["test"],
        *PYPROJECT["build-system"]["requires"],
    ]
    for requirement in map(Requirement, direct):
        assert canonicalize_name(requirement.name) in pins, f"{requirement.name} has no pin"
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)].removeprefix("==")), requirement


# Declared, and imported by no file of ours.
USED_BY_OTHERS = {
    "backports-zstd": "Scrapy unpacks pages with it",
    "hatchling": "builds the wheel",
    "import-linter": "run as a program",
    "mypy": "run as a program",
    "pytest-timeout": "a plugin of pytest",
    "ruff": "run as a program",
    "types-python-dateutil": "read by mypy",
    "types-pyyaml": "read by mypy",
}


def _imported(files: Iterable[Path]) -> dict[str, str]:
    """The top-level modules that are imported and neither ours nor Python's, each with a file that does it."""
    found: dict[str, str] = {}
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level and node.module:
                names.append(node.module)
            for name in names:
                top = name.partition(".")[0]
                if top not in sys.stdlib_module_names and top not in (*ROOMS, "tests"):
                    found.setdefault(top, file.relative_to(CHECKOUT).as_posix())
    return found


def _undeclared(files: Iterable[Path], declared: set[str]) -> dict[str, str]:
    """The imported modules of which no declared distribution is the origin, each with a file that imports it."""
    origins = packages_distributions()
    return {
        module: file
        for module, file in _imported(files).items()
        if not {canonicalize_name(name) for name in origins.get(module, [module])} & declared
    }


def _names(requirements: Iterable[str]) -> set[str]:
    return {canonicalize_name(Requirement(line).name) for line in requirements}


def test_what_is_imported_is_declared_and_what_is_declared_is_used() -> None:
    python = [path for path in tracked() if path.suffix == ".py"]
    ours = [path for path in python if path.relative_to(CHECKOUT).parts[0] in ROOMS]
    runtime = _names(PYPROJECT["project"]["dependencies"])
    extras = PYPROJECT["project"]["optional-dependencies"]
    tests = _names(extras["test"])
    assert not _undeclared(ours, runtime)
    making = {canonicalize_name(path.stem) for path in python if path.parent == CHECKOUT / "tests" / "making"}
    assert not _undeclared(python, runtime | tests | making)
    scripts = [
        path
        for path in (CHECKOUT / "scripts").iterdir()
        if path.is_file() and path.read_bytes().startswith(b"#!/usr/bin/env python")
    ]
    assert scripts
    assert not _undeclared(scripts, runtime | tests | _names(extras["data"]))
    origins = packages_distributions()
    used = {canonicalize_name(name) for top in _imported(python) for name in origins.get(top, [])}
    assert runtime | tests <= used | USED_BY_OTHERS.keys()


def test_an_import_that_nobody_declared_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "some.py"
    file.write_text("import json\nfrom attr import define\n\n\ndef f() -> None:\n    import yaml.nodes\n", "utf-8")
    monkeypatch.setattr(f"{__name__}.CHECKOUT", tmp_path)
    assert _undeclared([file], {"pyyaml"}) == {"attr": "some.py"}
    assert _undeclared([file], {"attrs"}) == {"yaml": "some.py"}


def test_files_are_short() -> None:
    long = {
        path.relative_to(CHECKOUT).as_posix(): lines
        for path in tracked()
        if path.suffix == ".py" and (lines := len(path.read_bytes().splitlines())) > 400
    }
    assert set(long) <= set(LONG_FILES), long


def _forbidden() -> re.Pattern[str]:
    """Where packages are fetched from, and folders of a machine; in halves, so that this file does not hold them."""
    indexes = [
        "py|pi.org",
        "python|hosted",
        "artifact|ory",
        "nex|us.",
        "repo1.|maven",
        "--index|-url",
        "--extra-|index",
    ]
    folders = ["/wo|rk/", "/ro|ot/", "/ho|me/", "/Us|ers/"]
    names, paths = ("|".join(re.escape(half.replace("|", "")) for half in halves) for halves in (indexes, folders))
    return re.compile(rf"{names}|(?<![\w.])(?:{paths})")


def test_nothing_tells_of_a_registry_or_a_machine() -> None:
    forbidden = _forbidden()
    found = []
    for path in tracked():
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), start=1):
            if match := forbidden.search(line):
                found.append(f"{path.relative_to(CHECKOUT)}:{number}: {match[0]}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("script", ["scripts/demo", "scripts/test", "scripts/elasticsearch", ".ci/run"])
def test_the_scripts_can_be_run(script: str) -> None:
    path = CHECKOUT / script
    assert path.stat().st_mode & 0o111 == 0o111
    text = path.read_text("utf-8")
    assert "set -euo pipefail" in text
    for file in (path, *(CHECKOUT / "scripts" / "lib").glob("*.sh")):
        subprocess.run(["bash", "-n", file], check=True, timeout=60)
