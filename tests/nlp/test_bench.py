"""`jerat bench nlp` runs on few posts and says what it leaves out; what it measures is not tested here."""

import json
import subprocess
import sys
from collections.abc import Callable

import pytest

from nlp.bench import posts
from nlp.bench.stack import assemble

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_the_posts_are_the_same_each_time_and_differ() -> None:
    some = posts(60)
    assert some == posts(60)
    assert some[:20] == posts(20)
    assert len(set(some)) > 50
    assert not any("{" in text for text in some)


def test_the_stack_names_what_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lingua", None)
    monkeypatch.setitem(sys.modules, "datasketch", None)
    stack = assemble()
    assert set(stack.left_out) == {"language", "fingerprint"}
    assert "lingua-language-detector" in stack.left_out["language"]
    assert set(stack.parts) == {"terms", "phones"}
    found = {name: step("Kerja di Sihanoukville, WA +62 812-5550-0123") for name, (_, step) in stack.parts.items()}
    assert found["terms"].ents  # type: ignore[attr-defined]  # a Doc
    assert found["phones"]


def test_the_command_runs_on_few_posts() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from jerat.cli import main; main()", "bench", "nlp", "--posts", "3", "--json"],
        capture_output=True, text=True, encoding="utf-8", timeout=280, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["posts"] == 3
    assert {"normalise", "location", "risk", "fingerprint"} <= document["steps"].keys()
    assert set(document["workers"]) == {"1", "2"}
    assert document["whole"] > 0
    assert document["ratio"] == pytest.approx(document["whole"] / document["stack"])
    assert {part["part"] for part in document["parts"]} | document["left_out"].keys() == {
        "terms", "phones", "language", "fingerprint",
    }  # fmt: skip
    assert "Traceback" not in done.stderr
