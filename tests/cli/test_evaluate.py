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
    (row,) = document["lures"].values()
    assert (row["found"], row["of"], row["recall"]) == (1, 1, 1.0)
    assert 0.15 < row["interval"][0] < 0.3  # one post proves little
    assert document["others"]["other"]["per_1000"] == 0.0
    assert document["precision_at"]["cautious"] < 0.01 < document["precision_at"]["measured"]
    assert sum(part["posts"] for part in document["calibration"]) == 2
    assert document["recall"] == 1.0
    assert "lures" in run("evaluate", "--gold", str(gold)).stdout


def test_the_calibration_is_drawn_for_one_file_of_lures(run: Run, tmp_path: Path) -> None:
    import xml.etree.ElementTree as ElementTree

    gold, entities, drawn = tmp_path / "risk.jsonl", tmp_path / "gold.txt", tmp_path / "c.svg"
    gold.write_text("\n".join(map(json.dumps, RISK)), encoding="utf-8")
    entities.write_text(ENTITIES, encoding="utf-8")
    done = run("evaluate", "--gold", str(gold), "--picture", str(drawn), "--prevalence", "0.01")
    assert done.returncode == 0, done.stderr
    assert str(drawn) in done.stdout
    assert "1.0000% are lures" in done.stdout
    assert ElementTree.parse(drawn).getroot().tag.endswith("svg")
    for files in ([entities], [gold, gold]):
        given = [part for file in files for part in ("--gold", str(file))]
        refused = run("evaluate", *given, "--picture", str(tmp_path / "no.svg"))
        assert refused.returncode == 2
        assert not (tmp_path / "no.svg").exists()


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
