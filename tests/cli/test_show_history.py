"""What `jerat show`, `search` and `entities` tell of a post that changed, and of one that is gone."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jerat.case import Case

POST = {
    "id": "berubah-1",
    "url": "https://papan.example/9",
    "title": "CS Kamboja",
    "text": "Dicari customer service di Sihanoukville Kamboja, gaji 800 USD, tiket ditanggung. Telegram @kontak_lama",
    "source": "papan",
}


@pytest.fixture
def changed(run: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    file = tmp_path / "posts.jsonl"
    for text in (POST["text"], POST["text"].replace("800", "1500").replace("kontak_lama", "kontak_baru")):
        file.write_text(json.dumps(POST | {"text": text}) + "\n")
        assert run("import", str(file)).returncode == 0
    with Case(tmp_path / "case") as case:
        (post_id,) = case.posts.ids()
        assert case.presence.gone(post_id, "HTTP 404 Not Found at https://papan.example/9")
    return run


def test_the_history_stands_in_show(changed: Callable[..., Any]) -> None:
    (hit,) = json.loads(changed("search", "*", "--json").stdout)["hits"]
    told = json.loads(changed("show", hit["id"], "--json").stdout)
    assert [(step["what"], step["version"]) for step in told["history"]] == [
        ("version", 1),
        ("version", 2),
        ("gone", 0),
    ]
    (text,) = [change for change in told["history"][1]["changes"] if change["field"] == "text"]
    assert {"op": "out", "text": "800"} in text["pieces"]
    assert {"op": "in", "text": "1500"} in text["pieces"]
    assert told["gone_at"] == told["history"][2]["at"]
    assert [entity["value"] for entity in told["former"]] == ["kontak_lama"]
    assert [version["text"].split("@")[1] for version in told["versions"]] == ["kontak_lama", "kontak_baru"]
    shown = " ".join(changed("show", hit["id"]).stdout.split())
    assert "[-800-]{+1500+}" in shown
    assert "[-telegram kontak_lama-]" in shown
    assert "{+telegram kontak_baru+}" in shown
    assert "HTTP 404" in shown


def test_a_contact_that_was_taken_away_still_leads_to_the_post(changed: Callable[..., Any]) -> None:
    for query in ("telegram:kontak_lama", "telegram:kontak_baru", "gone:yes", "versions:2"):
        found = json.loads(changed("search", query, "--json").stdout)
        assert found["total"] == 1, query
        assert found["facets"]["gone"] == [{"value": "yes", "count": 1}]
    assert json.loads(changed("search", "gone:no", "--json").stdout)["total"] == 0
    assert "gone 20" in changed("search", "*").stdout
    rows = {
        row["value"]: row for row in json.loads(changed("entities", "--kind", "telegram", "--json").stdout)["entities"]
    }
    assert (rows["kontak_lama"]["posts"], rows["kontak_lama"]["former"]) == (1, 1)
    assert (rows["kontak_baru"]["posts"], rows["kontak_baru"]["former"]) == (1, 0)
    assert "1 (1 before)" in changed("entities", "--kind", "telegram").stdout
    exported = changed("export", "posts", "--output", "-", "--format", "csv").stdout
    assert "telegram kontak_lama" in exported


def test_reading_again_keeps_the_earlier_contacts(changed: Callable[..., Any]) -> None:
    done = changed("reindex", "--analyse")
    assert done.returncode == 0, done.stderr
    assert json.loads(changed("search", "telegram:kontak_lama gone:yes", "--json").stdout)["total"] == 1
