"""`jerat analyse`: every line is answered or named, in order, and at once."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

Run = Callable[..., subprocess.CompletedProcess[str]]


def lines(*objects: object) -> str:
    return "".join(json.dumps(one) + "\n" for one in objects)


def test_answers_come_in_order_with_the_ids_given(run: Run) -> None:
    done = run("analyse", stdin=lines(*({"id": f"n{number}", "text": f"gaji {number} juta"} for number in range(200))))
    assert done.returncode == 0
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [f"n{number}" for number in range(200)]


def test_the_shape_is_that_of_the_design(run: Run) -> None:
    text = "Dicari CS Kamboja, TG @contoh_admin"
    (line,) = run("analyse", stdin=lines({"id": "1", "text": text, "country_hint": "ID"})).stdout.splitlines()
    found = json.loads(line)
    assert set(found) == {"id", "language", "kind", "risk", "entities", "fingerprint", "versions"}
    assert set(found["risk"]) == {"level", "score", "reasons"}
    for finding in [*found["entities"], *found["risk"]["reasons"]]:
        assert text[finding["start"] : finding["end"]] == finding["text"]


def test_a_line_without_id_gets_its_number(run: Run) -> None:
    done = run("analyse", stdin=lines({"text": "a"}, {"text": "b", "id": 7}))
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["1", "7"]


def test_the_hint_of_a_country_is_used(run: Run) -> None:
    done = run("analyse", stdin=lines({"text": "WA 0812-0000-4321", "country_hint": "id"}))
    assert "+6281200004321" in done.stdout


@pytest.mark.parametrize(
    "bad",
    [
        "{",
        "[]",
        '"x"',
        "null",
        '{"id": "1"}',
        '{"text": 5}',
        '{"text": "a", "id": []}',
        '{"text": "a", "country_hint": 1}',
        "\x00",
    ],
)
def test_a_broken_line_is_named_and_the_others_are_answered(run: Run, bad: str) -> None:
    done = run("analyse", stdin=lines({"text": "a"}) + bad + "\n\n" + lines({"text": "b"}))
    assert done.returncode == 1
    assert "line 2" in done.stderr
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["1", "4"]


def test_bytes_that_are_no_utf8(run: Run) -> None:
    done = run("analyse", stdin=b'{"text": "\xff"}\n{"text": "b"}\n')
    assert done.returncode == 1
    assert "line 1" in done.stderr
    assert len(done.stdout.splitlines()) == 1


def test_nothing_in_nothing_out(run: Run) -> None:
    done = run("analyse", stdin="")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@settings(max_examples=20)
@given(st.lists(st.text(st.characters()), min_size=1, max_size=5))
def test_any_text_is_answered_with_valid_json(run: Run, texts: list[str]) -> None:
    done = run("analyse", stdin=lines(*({"id": str(at), "text": text} for at, text in enumerate(texts))))
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.split("\n")[:-1]]
    assert [answer["id"] for answer in answers] == [str(at) for at in range(len(texts))]
    for answer, text in zip(answers, texts, strict=True):
        for finding in answer["entities"]:
            assert text[finding["start"] : finding["end"]] == finding["text"]


def test_each_answer_comes_before_the_next_question(tmp_path: Path) -> None:
    command = [str(Path(sys.executable).with_name("jerat")), "analyse"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", cwd=tmp_path
    ) as jerat:
        assert jerat.stdin
        assert jerat.stdout
        for number in range(3):
            jerat.stdin.write(lines({"id": str(number), "text": "gaji"}))
            jerat.stdin.flush()
            assert json.loads(jerat.stdout.readline())["id"] == str(number)
        jerat.stdin.close()
        assert jerat.wait(60) == 0
