"""Posts from JSONL: every line is a post or a bad line with its place and reason."""

import gzip
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.imports import jsonl
from crawlers.imports.jsonl import Jsonl, read_posts
from jerat.errors import InputError
from jerat.model import Post, post_id
from pipelines.intake import BadItem, ImportOptions, Read

OPTIONS = ImportOptions("file.jsonl")
GOOD = {"url": "https://jobs.example/1", "text": "gaji besar"}


def read(content: bytes, options: ImportOptions = OPTIONS) -> list[Read | BadItem]:
    return list(read_posts(io.BytesIO(content), "file.jsonl", options, datetime.now(UTC)))


def one(**line: Any) -> Post:
    (item,) = read(json.dumps(GOOD | line).encode())
    assert isinstance(item, Read), item
    return item.post


def test_defaults() -> None:
    post = one()
    assert (post.source, post.platform, post.evidence) == ("file.jsonl", "import", "file.jsonl:1")
    assert post.id == post_id("import", "", "https://jobs.example/1")
    assert post.published_at is None
    assert datetime.now(UTC) - post.fetched_at < timedelta(minutes=5)


def test_everything_that_a_line_may_say() -> None:
    post = one(
        title="CS",
        author="x",
        source="s",
        platform="p",
        published_at="2026-01-02T03:04:05+07:00",
        id=7,
        country_hint="id",
    )
    assert (post.title, post.author, post.source, post.platform, post.id, post.country_hint) == (
        "CS",
        "x",
        "s",
        "p",
        "7",
        "ID",
    )
    assert post.published_at == datetime(2026, 1, 1, 20, 4, 5, tzinfo=UTC)


def test_the_same_address_is_the_same_post() -> None:
    assert one(url="https://Jobs.example/1?utm_source=x#top").id == one().id != one(url="https://jobs.example/2").id


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-05-06", datetime(2026, 5, 6, tzinfo=UTC)),
        ("2026-05-06T07:08:09Z", datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)),
        ("2026-05-06 07:08", datetime(2026, 5, 6, 7, 8, tzinfo=UTC)),
        (1_778_000_000, datetime.fromtimestamp(1_778_000_000, UTC)),
        (1_778_000_000_000, datetime.fromtimestamp(1_778_000_000, UTC)),
        ("1778000000", datetime.fromtimestamp(1_778_000_000, UTC)),
    ],
)
def test_times(value: Any, expected: datetime) -> None:
    assert one(published_at=value).published_at == expected


@pytest.mark.parametrize(
    "value", ["yesterday", "2569-05-06", "0001-01-01", 1e300, -1e300, True, [], {}, "9999999999999"]
)
def test_a_time_that_cannot_be_read_is_noted_and_the_post_is_kept(value: Any) -> None:
    (item,) = read(json.dumps(GOOD | {"published_at": value}).encode())
    assert isinstance(item, Read)
    assert item.post.published_at is None
    assert item.notes
    assert "published_at" in item.notes[0]


BAD: list[tuple[bytes, str]] = [
    (b"{", "not JSON"),
    (b"gaji", "not JSON"),
    (b'"text"', "not a JSON object"),
    (b"[1]", "not a JSON object"),
    (b"null", "not a JSON object"),
    (b'{"url": "https://a.example", "text": NaN}', "not JSON"),
    (b'{"url": "https://a.example"}', "has no text"),
    (b'{"url": "https://a.example", "text": " \\n"}', "has no text"),
    (b'{"url": "https://a.example", "text": 5}', "text is not a text"),
    (b'{"url": 5, "text": "a"}', "url is not a text"),
    (b'{"text": "a"}', "neither url nor id"),
    (b'{"text": "a", "id": true}', "id is neither"),
    (b'{"text": "a", "id": 1.5}', "id is neither"),
    (b'{"text": "a", "id": "a\\u0007"}', "not printable"),
    (b'{"text": "\xff", "url": "https://a.example"}', "not JSON"),
    (b"[" * 100_000, "nested too deeply"),
    (b"\x00\x01\x02", "not JSON"),
]


@pytest.mark.parametrize(("line", "reason"), BAD)
def test_a_bad_line_says_where_and_why_and_the_others_are_read(line: bytes, reason: str) -> None:
    good = json.dumps(GOOD).encode()
    items = read(good + b"\n\n" + line + b"\n" + good + b"\n")
    assert [type(item) for item in items] == [Read, BadItem, Read]
    bad = items[1]
    assert isinstance(bad, BadItem)
    assert bad.place == "file.jsonl:3"
    assert reason in bad.reason


def test_byte_order_mark_and_windows_line_ends() -> None:
    good = json.dumps(GOOD).encode()
    assert [type(item) for item in read(b"\xef\xbb\xbf" + good + b"\r\n" + good + b"\r\n")] == [Read, Read]


def test_lone_surrogates_become_the_replacement_character() -> None:
    assert one(text="a\ud800b").text == "a\ufffdb"


@given(st.binary(max_size=400))
def test_any_bytes_are_read_to_the_end(content: bytes) -> None:
    good = json.dumps(GOOD).encode()
    items = read(content + b"\n" + good)
    assert isinstance(items[-1], Read)


@given(st.dictionaries(st.sampled_from(["url", "text", "title", "id", "published_at", "country_hint", "source"]),
                       st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text())))  # fmt: skip
def test_any_values_make_a_post_or_a_bad_line(line: dict[str, Any]) -> None:
    (item,) = read(json.dumps(line).encode())
    if isinstance(item, Read):
        import msgspec

        msgspec.json.encode(item.post)


def test_gzip_is_told_by_its_content(tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl"
    file.write_bytes(gzip.compress(json.dumps(GOOD).encode()))
    assert [type(item) for item in Jsonl().read(file, OPTIONS)] == [Read]


def test_a_gzip_file_cut_short_gives_what_it_has_and_says_so(tmp_path: Path) -> None:
    lines = b"".join(
        json.dumps(GOOD | {"id": number, "text": f"{number} " * 50}).encode() + b"\n" for number in range(5000)
    )
    file = tmp_path / "posts.jsonl.gz"
    file.write_bytes(gzip.compress(lines)[:-5000])
    items = list(Jsonl().read(file, OPTIONS))
    assert isinstance(items[0], Read)
    assert isinstance(items[-1], BadItem)
    assert "gzip" in items[-1].reason


def test_a_line_without_end_is_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "MAX_LINE", 1000)
    good = json.dumps(GOOD).encode()
    items = read(good + b"\n" + b"x" * 10_500 + b"\n" + good)
    assert [type(item) for item in items] == [Read, BadItem, Read]
    assert isinstance(items[1], BadItem)
    assert "longer than" in items[1].reason


def test_files_that_are_none(tmp_path: Path) -> None:
    for name in (tmp_path / "missing", tmp_path):
        with pytest.raises(InputError):
            list(Jsonl().read(name, OPTIONS))
