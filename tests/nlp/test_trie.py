"""The automaton finds every word at its place in characters, whatever the script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.trie import Trie

LETTERS = st.sampled_from("ab é北京😀ก\ud800")


@given(st.lists(st.text(LETTERS, min_size=1, max_size=3), unique=True), st.text(LETTERS, max_size=30))
def test_the_same_as_looking_for_each_word(words: list[str], text: str) -> None:
    trie = Trie((word, word) for word in words)
    found = set(trie.find(text))
    assert [(end - 1, word) for _, end, word in trie.find(text)] == list(trie.iter(text))
    expected = {
        (at, at + len(word), word) for word in words for at in range(len(text)) if text.startswith(word, at)
    }  # fmt: skip
    assert found == expected


def test_by_their_ends_the_longest_first() -> None:
    trie = Trie((word, word) for word in ("京", "北京", "京b"))
    assert [word for _, word in trie.iter("a北京b")] == ["北京", "京", "京b"]


def test_no_words_find_nothing() -> None:
    assert list(Trie[str](()).iter("abc")) == []
    assert len(Trie((("", 1), ("a", 2)))) == 1


def test_a_long_text_is_read_in_pieces_without_losing_what_lies_across(monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("a", "ab", "bcd", "dabc", "北京a")
    text = "abcdabc北京abcd" * 30
    trie = Trie((word, word) for word in words)
    whole = list(trie.find(text))
    for size in (1, 2, 3, 5, 64):
        monkeypatch.setattr("nlp.trie._PIECE", size)
        assert list(trie.find(text)) == whole
