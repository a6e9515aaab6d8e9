"""`jerat evaluate`: tables for people, one document for programs, and the line that cannot be read."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

Run = Callable[..., subprocess.CompletedProcess[str]]

ENTITIES = (
    "--- a id\nLoker Kamboja, TG [[@contoh_hr|telegram|contoh_hr]]\n"
    "--- b id\nTG [[@lain_sekali|telegram|bukan_itu|keycap]]\n"
    "--- c id near-miss\nNomor pesanan 0812345678-AB\n"
)
RISK = [
    {"id": "1", "language": "id", "lure": True, "text": "Dicari CS di Poipet Kamboja, gaji $1000, tiket, tele @cs_contoh"},
    {"id": "2", "language": "id", "lure": False, "kind": "other", "text": "Selamat pagi semua"},
]  # fmt: skip


def test_entities_are_measured_and_mistakes_listed(run: Run, tmp_path: Path) -> None:
    gold = tmp_path / "gold.txt"
    gold.write_text(ENTITIES, encoding="utf-8")
    done = run("evaluate", "--gold", str(gold), "--errors", "5")
    assert done.returncode == 0
    assert "b missed telegram bukan_itu (keycap): TG ⟦@lain_sekali⟧" in done.stdout
    assert "b wrong telegram lain_sekali" in done.stdout
    document = json.loads(run("evaluate", "--gold", str(gold), "--json").stdout)
    assert document["kinds"]["telegram"] == {
        "precision": 0.5, "recall": 0.5, "f1": 0.5, "strict_f1": 0.5, "right": 1, "wrong": 1, "missed": 1,
    }  # fmt: skip
    assert document["near_misses"] == {"posts": 1, "with_contacts": 0}
    assert document["hiding"]["hidden"]["missed"] == 1


def test_posts_labelled_as_lures_measure_the_risk(run: Run, tmp_path: Path) -> None:
    gold = tmp_path / "risk.jsonl"
    gold.write_text("\n".join(map(json.dumps, RISK)), encoding="utf-8")
    document = json.loads(run("evaluate", "--gold", str(gold), "--json").stdout)
    assert document["lures"] == {"id": {"found": 1, "of": 1}}
    assert document["recall"] == 1.0
    assert "lures" in run("evaluate", "--gold", str(gold)).stdout


def test_what_is_no_gold_file_is_named(run: Run, tmp_path: Path) -> None:
    done = run("evaluate", "--gold", str(tmp_path / "nowhere"))
    assert done.returncode == 2
    assert "nowhere" in done.stderr
    (tmp_path / "bad.jsonl").write_text(
        '{"id": 1, "text": "a", "entities": [{"kind": "fax", "value": "1"}]}', encoding="utf-8"
    )
    done = run("evaluate", "--gold", str(tmp_path / "bad.jsonl"))
    assert done.returncode == 2
    assert "line 1" in done.stderr
    assert "fax" in done.stderr
