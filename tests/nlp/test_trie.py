"""The automaton finds every word at its place in characters, whatever the script."""

from hypothesis import given
from hypothesis import strategies as st

from nlp.trie import Trie

LETTERS = st.sampled_from("ab é北京😀ก\ud800")


@given(st.lists(st.text(LETTERS, min_size=1, max_size=3), unique=True), st.text(LETTERS, max_size=30))
def test_the_same_as_looking_for_each_word(words: list[str], text: str) -> None:
    found = {(last + 1 - len(word), last + 1, word) for last, word in Trie((word, word) for word in words).iter(text)}
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
