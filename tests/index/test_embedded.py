"""What only the embedded engine has: files that can be damaged, a lock, and tantivy's own limits."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

import index as package
from index import embedded
from index.embedded import EmbeddedIndex
from index.protocol import Bucket, Document, Request
from jerat.errors import IndexUnavailable
from jerat.model import Entity

Make = Callable[..., Document]


def _damage(folder: Path) -> None:
    for path in (folder / "tantivy").iterdir():
        if path.suffix in (".term", ".store", ".idx", ".fast", ".pos") or path.name == "meta.json":
            path.write_bytes(b"\xff" * 64)


def test_a_damaged_index_says_what_to_do_and_can_be_cleared(tmp_path: Path, document: Make, words: Any) -> None:
    engine = EmbeddedIndex(tmp_path, words)
    engine.put([(1, document(1, text="kerja"))])
    engine.close()
    _damage(tmp_path)
    engine = EmbeddedIndex(tmp_path, words)
    for ask in (lambda: engine.count("kerja"), lambda: engine.put([(2, document(2))]), lambda: list(engine.scan())):
        with pytest.raises(IndexUnavailable, match="cannot be used") as caught:
            ask()
        assert "jerat reindex" in caught.value.hint
    health = engine.health()
    assert not health.answers
    assert "jerat reindex" in health.detail
    engine.clear()
    engine.put([(1, document(1, text="kerja"))])
    assert engine.count("kerja") == 1


def test_an_index_of_another_format_is_made_anew(
    tmp_path: Path, document: Make, words: Any, caplog: pytest.LogCaptureFixture
) -> None:
    EmbeddedIndex(tmp_path, words).put([(1, document(1))])
    (tmp_path / "format.json").write_text(json.dumps({"format": "older"}))
    calls: list[int] = []
    engine = EmbeddedIndex(tmp_path, words, lambda: calls.append(1))
    assert engine.count() == 0
    assert calls == [1]
    assert "another format" in caplog.text
    assert EmbeddedIndex(tmp_path, words, lambda: calls.append(2)).count() == 0
    assert calls == [1]


def test_what_another_process_puts_is_seen(tmp_path: Path, document: Make, words: Any) -> None:
    engine = EmbeddedIndex(tmp_path, words)
    engine.put([(1, document(1, text="kerja"))])
    script = (
        "import sys, msgspec; from pathlib import Path; from index.embedded import EmbeddedIndex;"
        "from index.protocol import Document, Word;"
        "d = msgspec.json.decode(sys.argv[2], type=Document);"
        "EmbeddedIndex(Path(sys.argv[1]), lambda t: [Word(t, 0, len(t))] if t else []).put([(2, d)])"
    )
    import msgspec

    body = msgspec.json.encode(document(2, text="kerja")).decode()
    subprocess.run(
        [sys.executable, "-c", script, str(tmp_path), body],
        check=True,
        timeout=60,
        cwd=Path(package.__file__).parent.parent,
    )
    assert engine.count("kerja") == 2


def test_a_writer_that_never_ends_is_named(
    tmp_path: Path, document: Make, words: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = EmbeddedIndex(tmp_path, words)
    engine.put([(1, document(1))])
    monkeypatch.setattr(embedded, "_LOCK_SECONDS", 0.05)
    with FileLock(tmp_path / "writer.lock"), pytest.raises(IndexUnavailable, match="another process has been writing"):
        engine.put([(2, document(2))])
    assert engine.count() == 1  # reading needs no lock


def test_facets_count_beyond_tantivys_limit_of_65000(
    tmp_path: Path, document: Make, entity: Callable[..., Entity], words: Any
) -> None:
    engine = EmbeddedIndex(tmp_path, words)
    for part in range(4):
        made = [
            document(number, entities=tuple(entity("telegram", f"user{number * 500 + at:06}") for at in range(500)))
            for number in range(part * 35, part * 35 + 35)
        ]
        common = document(1000 + part, entities=(entity("telegram", "user069999"),))
        engine.put([(d.number + 1, d) for d in [*made, common]])
    found = engine.search(Request(size=0, facets=("telegram",), facet_size=3)).facets["telegram"]
    assert found == (Bucket("user069999", 5), Bucket("user000000", 1), Bucket("user000001", 1))


def test_a_removal_cut_short_by_a_crash_is_made_again(tmp_path: Path, document: Make, words: Any) -> None:
    engine = EmbeddedIndex(tmp_path, words)
    engine.put([(1, document(1)), (2, document(2))])
    (tmp_path / "removed.log").write_text('[3, "' + document(1).id + '"]\n[4, "cut')
    assert engine.put([(2, document(1, text="older than its removal"))]) == []
    engine.put([], [(5, document(2).id)])
    assert engine.count("older") == 0
    assert list(engine.ids()) == [document(1).id]
    assert engine.put([(4, document(2))]) == []
    assert engine.get(document(2).id) is None
