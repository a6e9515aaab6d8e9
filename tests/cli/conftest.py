"""A case with a few invented posts, and a way to run `jerat` as people do."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jerat.cli import app

Run = Callable[..., subprocess.CompletedProcess[str]]

POSTS: list[dict[str, Any]] = [
    {
        "id": "lure-1",
        "url": "https://papan.example/1",
        "title": "Customer service Kamboja",
        "text": "Dicari CS online penempatan Sihanoukville Kamboja, gaji 12-18 juta, tanpa pengalaman, tiket ditanggung, "
        "mess dan makan gratis, usia 18-30. Minat WA 0812-0000-4321 atau telegram @contoh_admin",
        "published_at": "2026-05-01T08:00:00+07:00",
        "country_hint": "ID",
        "source": "papan",
    },
    {
        "id": "lure-2",
        "url": "https://papan.example/2",
        "text": "招聘客服 打字员 西港园区 高薪 包吃包住 包机票 无需经验 联系飞机 @contoh_admin",
        "published_at": "2026-05-03",
        "source": "kanal",
    },
    {
        "id": "honest-1",
        "url": "https://papan.example/3",
        "text": "PT Contoh Sejahtera mencari kasir toko di Semarang, gaji UMR, BPJS, wawancara di kantor. Telepon 024-555-0143",
        "published_at": "2026-05-02",
        "country_hint": "ID",
        "source": "papan",
    },
    {
        "id": "hostile-1",
        "url": "https://papan.example/4",
        "title": '=HYPERLINK("http://evil.example")',
        "author": "\u202egnp.exe",
        "text": "kerja \u202e\u2066di rumah\u2069 \u0085\u009b31m 😀",
        "source": "papan",
    },
]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `jerat --case tmp/case …` in this process; returns its streams and exit code."""
    monkeypatch.chdir(tmp_path)

    def jerat(
        *arguments: str, stdin: str | bytes = "", env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        done = CliRunner().invoke(app, ["--case", str(tmp_path / "case"), *arguments], input=stdin, env=env)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)

    return jerat


@pytest.fixture
def run_process(tmp_path: Path) -> Run:
    """The same in a process of its own, as people do."""

    def jerat(*arguments: str, stdin: str | bytes = "") -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("JERAT_")}
        given = stdin if isinstance(stdin, bytes) else stdin.encode()
        done = subprocess.run(
            [str(Path(sys.executable).with_name("jerat")), "--case", str(tmp_path / "case"), *arguments],
            input=given, env=clean | {"PYTHONUTF8": "1"}, capture_output=True, timeout=120, check=False, cwd=tmp_path,
        )  # fmt: skip
        out, err = done.stdout.decode("utf-8", "surrogateescape"), done.stderr.decode("utf-8", "surrogateescape")
        assert "Traceback" not in err, err
        return subprocess.CompletedProcess(done.args, done.returncode, out, err)

    return jerat


@pytest.fixture
def posts_file(tmp_path: Path) -> Path:
    file = tmp_path / "posts.jsonl"
    file.write_text("".join(json.dumps(post) + "\n" for post in POSTS))
    return file


@pytest.fixture
def filled(run: Run, posts_file: Path) -> Run:
    """`run`, on a case that holds POSTS."""
    done = run("import", str(posts_file))
    assert done.returncode == 0, done.stderr
    return run
