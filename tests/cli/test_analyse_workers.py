"""`jerat analyse --workers`: the same answers in the same order, at once; and a worker that ends is told."""

import json
import multiprocessing
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jerat.cli.workers import Batch, answers
from jerat.errors import JeratError

Run = Callable[..., subprocess.CompletedProcess[str]]

TEXTS = (
    "Dicari CS Kamboja, gaji $800, TG @contoh_admin",
    "月薪8000-15000 西港 联系飞机 @lizi_hr",
    "รับสมัครงานที่ปอยเปต ไลน์ @tuayang1",
    "a" * 5000,
    "\ud800 half",
    "",
)


def posts(count: int) -> str:
    rows = [json.dumps({"id": f"n{at}", "text": TEXTS[at % len(TEXTS)]}) for at in range(count)]
    rows[7::50] = ["{"] * len(rows[7::50])
    return "\n".join(rows) + "\n"


def test_two_workers_answer_as_one(run_process: Run) -> None:
    given = posts(400)
    one = run_process("analyse", "--names", "never", stdin=given)
    two = run_process("analyse", "--names", "never", "--workers", "2", stdin=given)
    assert two.stdout == one.stdout
    assert two.stderr == one.stderr
    assert two.returncode == one.returncode == 1
    ids = [json.loads(line)["id"] for line in one.stdout.splitlines()]
    assert ids == [f"n{at}" for at in range(400) if at % 50 != 7]


SIGNED = """
import os
import jerat.cli.workers as workers
from jerat.cli import main
plain = workers.answer
workers.answer = lambda *given: [one._replace(json=f"{os.getpid()} {one.json}") for one in plain(*given)]
workers.cores = lambda: 2
main()
"""
"""jerat, but that every answer begins with the number of the process that gave it."""


def test_long_input_takes_more_processes_by_itself(tmp_path: Path) -> None:
    lines = [json.dumps({"id": str(at), "text": "gaji"}) for at in range(256 * 5 + 3)]
    done = subprocess.run(
        [sys.executable, "-c", SIGNED, "--case", str(tmp_path / "case"), "analyse", "--names", "never"],
        input="\n".join(lines) + "\n", capture_output=True, text=True, encoding="utf-8", check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = [line.split(" ", 1) for line in done.stdout.splitlines()]
    assert [json.loads(answer)["id"] for _, answer in told] == [str(at) for at in range(len(lines))]
    alone, others = {who for who, _ in told[: 256 * 4]}, {who for who, _ in told[256 * 4 :]}
    assert len(alone) == 1
    assert alone.isdisjoint(others) == (sys.platform == "linux")


@pytest.mark.parametrize("value", ["0", "257", "-1", "many", "1.5", ""])
def test_what_is_no_number_of_workers_is_refused(run: Run, value: str) -> None:
    done = run("analyse", "--workers", value, stdin="")
    assert done.returncode == 2
    assert "neither auto nor a number" in " ".join(done.stderr.split())


def test_each_answer_comes_before_the_next_question(tmp_path: Path) -> None:
    command = [str(Path(sys.executable).with_name("jerat")), "analyse", "--names", "never", "--workers", "2"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", cwd=tmp_path
    ) as jerat:
        assert jerat.stdin
        assert jerat.stdout
        for number in range(3):
            jerat.stdin.write(json.dumps({"id": str(number), "text": "gaji"}) + "\n")
            jerat.stdin.flush()
            assert json.loads(jerat.stdout.readline())["id"] == str(number)
        jerat.stdin.close()
        assert jerat.wait(60) == 0


def test_a_worker_that_ends_is_told() -> None:
    killed = threading.Event()

    def batches() -> Iterator[Batch]:
        yield [(1, b'{"text": "gaji"}')]
        killed.wait(60)
        yield [(2, b'{"text": "gaji"}')]
        threading.Event().wait()  # a writer that never ends

    found = answers(batches(), 1, None, "never")
    assert [one.number for one in next(found)] == [1]
    for child in multiprocessing.active_children():
        child.kill()
        child.join(60)
    killed.set()
    with pytest.raises(JeratError, match="worker process ended"):
        next(found)


def test_what_is_wrong_with_the_lexicon_is_one_sentence(run: Run, tmp_path: Path) -> None:
    missing = tmp_path / "none"
    done = run("analyse", "--workers", "2", stdin=posts(3), env={"JERAT_LEXICON": str(missing)})
    assert done.returncode == 2
    assert str(missing) in done.stderr.replace("\n", "")
    assert "Traceback" not in done.stderr


def test_an_error_of_the_source_is_raised() -> None:
    def batches() -> Iterator[Batch]:
        yield [(1, b'{"text": "gaji"}')]
        raise OSError("the pipe broke")

    found = answers(batches(), 1, None, "never")
    assert len(next(found)) == 1
    with pytest.raises(OSError, match="the pipe broke"):
        next(found)
