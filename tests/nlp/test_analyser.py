import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

import nlp
from jerat.errors import DataError, Rejected
from jerat.model import ENTITY_KINDS, LEVELS, POST_KINDS, Analysis, Field
from nlp.analyser import Analyser, Input
from nlp.breaks import breaks
from nlp.context import Component, Context
from nlp.evaluation.gold import read_gold
from nlp.normalise import normalise
from nlp.pipeline import COMPONENTS
from nlp.resolve import entities

CONTACTS = (
    "hubungi WA +62 812-5550-0123",
    "t.me/contoh_hrd",
    "@contoh_hrd2",
    "ａ＠example.com",
    "gaji 10-15 juta",
    "Kamboja",
    "\n\n",
)


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return nlp.load()


def slices(analysis: Analysis, text: str, fields: Sequence[Field] = ()) -> None:
    places = {"text": [text]}
    for field in fields:
        places.setdefault(field.name, []).append(field.text)
    for found in (*analysis.entities, *analysis.risk.reasons):
        assert found.start < found.end
        assert any(found.text == place[found.start : found.end] for place in places[found.field]), found
    for entity in analysis.entities:
        assert entity.kind in ENTITY_KINDS
        assert entity.value
        assert 0 < entity.confidence <= 1


def test_every_component_is_there(analyser: Analyser) -> None:
    assert analyser.nlp.pipe_names == [step.name for step in COMPONENTS]


def test_the_spans_are_those_of_the_text_that_was_given(analyser: Analyser) -> None:
    text = "Loker\u200b Kamboja ✈️ hub ＴＧ： ｔ．ｍｅ／contoh_hrd atau wa ０812-5550-0123"
    analysis = analyser.analyse(text, id="x", country_hint="ID")
    slices(analysis, text)
    values = {entity.kind: entity.value for entity in analysis.entities}
    assert values["telegram"] == "contoh_hrd"
    assert values["whatsapp"] == "+6281255500123"
    (telegram,) = [entity for entity in analysis.entities if entity.kind == "telegram"]
    assert "fullwidth" in telegram.undone
    assert (analysis.id, analysis.language) == ("x", "id")
    assert analysis.versions == analyser.versions


def test_what_stands_in_a_field_is_counted_in_the_field(analyser: Analyser) -> None:
    fields = (
        Field("title", "ﬁnd me: @contoh_hrd"),
        Field("contact", "tel:+6281255500123"),
        Field("contact", ""),
        Field("link", "https://t.me/contoh2"),
    )
    analysis = analyser.analyse("nothing here", fields=fields)
    slices(analysis, "nothing here", fields)
    places = {entity.value: entity.field for entity in analysis.entities}
    assert places["contoh_hrd"] == "title"
    assert places["+6281255500123"] == "contact"
    assert places["contoh2"] == "link"


def test_nothing_is_read_over_the_border_of_a_field(analyser: Analyser) -> None:
    analysis = analyser.analyse("telp +62 812", fields=(Field("title", "5550 0123"),))
    assert not [entity for entity in analysis.entities if entity.kind == "phone"]


def test_a_stream_keeps_its_order_and_equals_one_by_one(analyser: Analyser) -> None:
    texts = [f"post {at} hubungi @contoh_{at:03d} di Kamboja" for at in range(150)] + ["", " ", "\ud800"]
    given_inputs = [Input(id=str(at), text=text) for at, text in enumerate(texts)]
    found = list(analyser.pipe(iter(given_inputs), batch_size=7))
    assert [analysis.id for analysis in found] == [str(at) for at in range(len(texts))]
    assert found[::40] == [analyser.analyse(text, id=str(at)) for at, text in enumerate(texts)][::40]


def gold() -> list[str]:
    folder = Path(__file__).parents[1] / "gold"
    return [post.text for post in read_gold(folder / "entities_dev.txt")][::3]


def test_spacys_own_way_through_the_pipeline_finds_the_same() -> None:
    texts = [*gold(), *CONTACTS, "", "boom", "\ud800 gaji"]
    plain, other = Analyser(names="never"), Analyser(names="never")
    seen = []

    @Language.component("somebody_elses")
    def component(doc: Doc) -> Doc:
        seen.append("".join(token.text_with_ws for token in doc))
        return doc

    other.nlp.add_pipe("somebody_elses", after="language")
    inputs = [Input(id=str(at), text=text) for at, text in enumerate(texts)]
    expected = list(plain.pipe(inputs))
    assert list(other.pipe(inputs)) == expected
    assert seen == [normalise(text).text for text in texts]
    for doc, analysis in zip(plain.nlp.pipe(texts), expected, strict=True):
        context = doc._.jerat
        assert (context.language, context.kind, context.risk) == (analysis.language, analysis.kind, analysis.risk)
        assert entities(context) == analysis.entities
        assert context.doc is doc


@given(st.lists(st.sampled_from([*"ab1 \n\r.\u0301\u200d🇮😀北京กรุงเ์", "แรงงาน"]), max_size=40).map("".join))
def test_words_are_those_of_the_whole_text(text: str) -> None:
    context = Context.of(text)
    words = []
    at = 0
    for word in breaks(context.text):
        if not word.isspace():
            words.append((word, at, at + len(word)))
        at += len(word)
    for start in range(len(context.text)):
        for end in (start + 1, start + 5, at):
            if end <= at:
                assert context.words(start, end) == [word for word in words if word[1] < end and word[2] > start]


def test_nothing_waits_for_spacy_where_no_names_are_read() -> None:
    code = "import sys, nlp; nlp.load(names='never').analyse('gaji'); sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_it_streams(analyser: Analyser) -> None:
    read = []

    def endless() -> Iterator[Input]:
        while True:
            read.append(1)
            yield Input(text="hello")

    assert next(analyser.pipe(endless(), batch_size=5)).kind == "other"
    assert len(read) == 5


def test_a_failing_component_names_itself_and_spares_its_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    analyser = Analyser()

    def step(context: Context) -> None:
        if "boom" in context.text:
            raise ValueError("no such thing")

    component = dict(analyser.nlp.pipeline)["language"]
    assert isinstance(component, Component)
    monkeypatch.setattr(component, "phases", (step,))
    with pytest.raises(Rejected, match=r"nlp\.language: ValueError: no such thing") as caught:
        analyser.analyse("boom")
    assert isinstance(caught.value.__cause__, ValueError)
    failures = []
    found = list(
        analyser.pipe(
            [Input(id=i, text=t) for i, t in zip("abc", ("x", "boom", "y"), strict=True)],
            failed=lambda *f: failures.append(f),
        )
    )
    assert [analysis.id for analysis in found] == ["a", "c"]
    assert [(given_input.id, error.step) for given_input, error in failures] == [("b", "nlp.language")]


def test_a_broken_lexicon_is_told(tmp_path: Path) -> None:
    (tmp_path / "languages.yaml").write_text("- id: eo\n  strong: 7\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"languages\.yaml: entry 1 \(eo\)"):
        Analyser(tmp_path)


def test_the_lexicon_changes_the_version(tmp_path: Path) -> None:
    plain = nlp.load().versions
    (tmp_path / "languages.yaml").write_text("- id: eo\n  source: me\n  strong: laboro kaj\n", encoding="utf-8")
    changed = Analyser(tmp_path)
    assert changed.versions["lexicon"] != plain["lexicon"]
    assert changed.analyse("laboro kaj laboro kaj").language == "eo"


def test_an_analysis_is_whole_in_json(analyser: Analyser) -> None:
    analysis = analyser.analyse("Loker Kamboja @contoh_hrd gaji 1000 USD")
    assert msgspec.json.decode(msgspec.json.encode(analysis), type=Analysis) == analysis


def test_a_long_text_is_read_to_its_end(analyser: Analyser) -> None:
    text = "kata " * 250_000 + "hubungi @contoh_hrd"
    assert analyser.analyse(text).entities[-1].value == "contoh_hrd"


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    st.lists(st.one_of(st.sampled_from(CONTACTS), st.text(st.characters(), max_size=30)), max_size=6).map("".join),
    st.lists(
        st.builds(
            Field,
            st.sampled_from(["title", "contact"]),
            st.one_of(st.sampled_from(CONTACTS), st.text(st.characters(), max_size=20)),
        ),
        max_size=3,
    ),
    st.sampled_from(["", "ID", "KH", "xx"]),
)
def test_any_text_at_all_is_read(text: str, fields: Sequence[Field], hint: str) -> None:
    analysis = nlp.load().analyse(text, fields=tuple(fields), country_hint=hint)
    slices(analysis, text, fields)
    assert analysis.kind in POST_KINDS
    assert analysis.risk.level in LEVELS
    assert 0 <= analysis.risk.score <= 1


@given(st.text(st.characters(), max_size=40), st.lists(st.text(st.characters(), max_size=15), max_size=3), st.data())
def test_a_range_of_the_context_lies_in_one_segment_or_in_none(
    text: str, others: list[str], data: st.DataObject
) -> None:
    fields = [Field(f"f{at}", other) for at, other in enumerate(others)]
    context = Context.of(text, fields=fields)
    assert len(context.lower) == len(context.text)
    assert "".join(token.text_with_ws for token in context.doc) == context.text
    end = data.draw(st.integers(0, len(context.text)))
    start = data.draw(st.integers(0, end))
    found = context.surface(start, end)
    by_name = {"text": text, **{field.name: field.text for field in fields}}
    if found is not None:
        surface, begin, stop, name = found
        assert by_name[name][begin:stop] == surface != ""
    if start < end and any(start < border < end for border in context.breaks):
        assert found is None
