"""What strangers wrote steers no terminal."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jerat.cli.safe import one_line, safe
from jerat.cli.screen import dumps
from jerat.exchange.safe_json import json_safe

HOSTILE = [
    "\x1b[2J\x1b[H", "\x1b]0;title\x07", "\x1b]8;;http://e.example\x1b\\t\x1b]8;;\x1b\\", "\x9b31m", "\x90q\x9c",
    "\x08\x08\x08ok", "\rover", "\x0e\x0f", "\u202egnp.exe", "\u2066x\u2069", "\u200fx", "\x7f", "\x00", "\x85", "\u061c",
    "a\u2028b", "\ufff9a\ufffab\ufffb",
]  # fmt: skip


def steers(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs") or unicodedata.bidirectional(char) in (
        "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI",
    )  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_shown_and_do_nothing(text: str) -> None:
    assert not any(steers(char) for char in safe(text).replace("\n", ""))
    assert not any(steers(char) for char in one_line(text))


@given(st.text(st.characters()))
def test_any_text_keeps_its_length_so_that_spans_hold(text: str) -> None:
    shown = safe(text)
    assert len(shown) == len(text)
    assert not any(steers(char) for char in shown.replace("\n", ""))
    shown.encode()


@given(st.text(st.characters()))
def test_json_says_the_same_and_steers_nothing(text: str) -> None:
    document = dumps({"text": text})
    assert json.loads(document) == {"text": text}
    assert not any(steers(char) for char in document)
    assert len(document.splitlines()) == 1


@given(st.text())
def test_escaping_keeps_a_document_a_document(text: str) -> None:
    assert json.loads(json_safe(json.dumps(text, ensure_ascii=False))) == text


def test_letters_of_every_script_stay() -> None:
    for text in ("Lowongan kerja", "招聘客服", "รับสมัคร", "ကမ္ဘောဒီးယား", "नौकरी‍", "وظيفة", "✈️ 👩‍💻"):
        assert safe(text) == text


def test_one_line_is_cut_with_a_mark() -> None:
    assert one_line("a\n b\t c") == "a b c"
    assert one_line("abcdef", 4) == "abc…"
