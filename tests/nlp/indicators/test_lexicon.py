"""The lexicon as data: every entry does what its examples say, and a mistake in a file is named."""

import re
from pathlib import Path

import pytest

from jerat.errors import DataError
from nlp.context import Context
from nlp.indicators import Reader, explain
from nlp.indicators.lexicon import LANGUAGES, Example, load_lexicon, shipped
from nlp.indicators.rules import RULES

LEXICON = shipped()
MAIN = ("pay", "no_qualification", "everything_paid", "visa_route", "hub_place", "online_role", "private_messenger",
        "trivial_selection", "debt_advance", "recruiter_commission", "reassurance", "honesty")  # fmt: skip
HEAD = "family: pay\ngloss: x\nindicators:\n"
EXAMPLES = [(entry.id, example) for entry in LEXICON.indicators.values() for example in entry.examples]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def found(reader: Reader, text: str) -> set[str]:
    return set(reader.read(Context.of(text)).indicators)


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[f"{name}-{example.lang}" for name, example in EXAMPLES])
def test_examples_match_and_near_misses_do_not(reader: Reader, name: str, example: Example) -> None:
    assert name in found(reader, example.match)
    assert name not in found(reader, example.near)


def test_every_indicator_found_by_terms_has_examples() -> None:
    without = [entry.id for entry in LEXICON.indicators.values() if entry.terms and not entry.examples]
    assert without == []


def test_every_term_is_found_alone_and_between_other_words(reader: Reader) -> None:
    lost = []
    for term in LEXICON.terms():
        surface = re.sub(r"~(?!\d)", "", term.text).replace("…", " ")
        for text in (surface, f"- {surface} -"):
            reading = reader.read(Context.of(text))
            ids = reading.indicators.keys() | reading.signals.keys()
            if term.owner in LEXICON.scopes or term.owner in LEXICON.concepts or term.owner in ids:
                continue
            if LEXICON.indicators.get(term.owner) and LEXICON.indicators[term.owner].negatable:
                continue  # "no offload" is read as negated where it stands alone
            lost.append((term.owner, term.lang, term.text))
    assert lost == []


@pytest.mark.parametrize("family", MAIN)
def test_main_families_know_every_language(family: str) -> None:
    known = {lang for entry in LEXICON.indicators.values() if entry.family == family for lang in entry.terms}
    assert known >= set(LANGUAGES)


def test_kinds_know_every_language() -> None:
    for name in ("kind-hiring", "kind-report", "kind-help", "kind-seeking", "kind-asking"):
        assert LEXICON.signals[name].terms.keys() >= set(LANGUAGES), name


def test_every_source_resolves_and_is_used() -> None:
    used = {term.source for term in LEXICON.terms()} | {entry.source for entry in LEXICON.indicators.values()}
    assert used <= LEXICON.sources.keys()
    assert set(LEXICON.sources) == used


def test_every_rule_is_a_rule_and_each_is_used() -> None:
    asked = {entry.rule for entry in LEXICON.indicators.values() if entry.rule}
    assert asked == set(RULES)


def test_reasons_speak_of_signs_and_never_accuse() -> None:
    for entry in LEXICON.indicators.values():
        assert {"en", "id"} <= entry.reason.keys(), entry.id
        for text in entry.reason.values():
            assert "criminal" not in text.lower(), entry.id
            assert "penjahat" not in text.lower(), entry.id


def test_explain_gives_text_and_source_and_falls_back_to_english() -> None:
    reason = explain("pay-above-wage", "id")
    assert "upah" in reason.text
    assert "Philippine" in reason.source
    assert explain("pay-above-wage", "xx").text == explain("pay-above-wage").text
    assert explain("kind-help").text
    assert explain("of-another-lexicon") == ("of another lexicon", "")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("pay.yaml", HEAD + "  - {id: mine, strength: strong}\n", ("pay.yaml", "mine", "strength")),
        ("pay.yaml", HEAD + "  - {id: mine, strength: 0.5, gloss: x, source: S999, reason: {en: x},"
         " terms: {en: {own: [x]}}}\n", ("pay.yaml", "mine", "S999")),
        ("pay.yaml", HEAD + "  - {id: mine, strength: 0.5, gloss: x, source: own, reason: {en: x}}\n",
         ("mine", "neither terms nor a rule")),
        ("pay.yaml", HEAD + "  - {id: mine, strength: 0.5, gloss: x, source: own, reason: {en: x},"
         " terms: {en: {own: ['…']}}}\n", ("mine", "empty")),
        ("pay.yaml", "family: [\n", ("pay.yaml", "YAML")),
        ("pay.yaml", "famly: pay\n", ("pay.yaml", "famly")),
        ("pay.yaml", "just words\n", ("pay.yaml", "mapping")),
    ],
)  # fmt: skip
def test_a_mistake_names_file_entry_and_mistake_and_the_shipped_stays(
    tmp_path: Path, name: str, content: str, words: tuple[str, ...]
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    before = load_lexicon()
    with pytest.raises(DataError) as caught:
        load_lexicon(tmp_path)
    for word in words:
        assert word in str(caught.value)
    assert load_lexicon() == before


def test_an_analyst_adds_and_overrides(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(
        "family: overt_crime\ngloss: x\nindicators:\n"
        "  - {id: new-slang, strength: 0.9, gloss: x, source: own,"
        " reason: {en: New slang}, "
        "terms: {en: {own: [zorbing desk]}}}\n",
        encoding="utf-8",
    )
    (tmp_path / "other.yaml").write_text("- {id: a place}\n", encoding="utf-8")
    lexicon = load_lexicon(tmp_path)
    assert "new-slang" in found(Reader(lexicon), "They hire for the zorbing desk.")
    assert explain("new-slang", lexicon=lexicon).text == "New slang"
    assert "new-slang" not in load_lexicon().indicators
