"""`jerat check` for a person: the marks in the text, what is missing, and where help is."""

import json
import subprocess
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jerat.cli.honest import expected, missing
from jerat.cli.marking import isolated, numbered
from jerat.model import Analysis, Entity, Indicator, Risk

Run = Callable[..., subprocess.CompletedProcess[str]]

LURE = "Dicari CS Sihanoukville, gaji $1000, tanpa pengalaman, tiket dan mess ditanggung, TG @contoh_admin"
CRY = "Tolong saya disekap di Kamboja, paspor ditahan, dipaksa menipu, mau pulang"


def reason(name: str, start: int, end: int, field: str = "text") -> Indicator:
    return Indicator(text="x", start=start, end=end, field=field, indicator=name, family="pay", weight=1.0)


def test_marks_carry_the_number_of_their_reason() -> None:
    shown = numbered("gaji besar sekali", [reason("pay", 0, 10), reason("big", 5, 10)], {"pay": 1, "big": 2})
    assert shown.plain == "gaji besar[1][2] sekali"
    assert next((span.start, span.end) for span in shown.spans if "bold" in str(span.style)) == (0, 10)


def test_what_has_no_number_or_stands_in_another_field_is_not_marked() -> None:
    given_reasons = [reason("pay", 0, 4), reason("other", 5, 10), reason("pay", 0, 4, field="title")]
    assert numbered("gaji besar", given_reasons, {"pay": 1}).plain == "gaji[1] besar"


def test_a_number_tears_no_letter_apart() -> None:
    text = "ที่พัก"  # the mark above the first letters belongs to them
    assert numbered(text, [reason("room", 0, 1)], {"room": 1}).plain == "ที่[1]พัก"


def test_a_long_text_is_shown_around_its_marks() -> None:
    text = "kata " * 300 + "gaji besar " + "lain " * 300
    at = text.index("gaji")
    shown = numbered(text, [reason("pay", at, at + 10)], {"pay": 1}).plain
    assert "gaji besar[1]" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < 500
    assert numbered(text, [], {}).plain.endswith(" …")


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
def test_taking_the_numbers_out_gives_the_text_again(text: str, spans: list[tuple[int, int]]) -> None:
    from jerat.cli.safe import safe

    found = [reason(f"r{at}", min(pair), min(max(pair), len(text))) for at, pair in enumerate(spans)]
    numbers = {f"r{at}": at + 7000 for at in range(len(spans))}
    shown = numbered(text, [one for one in found if one.end <= len(text)], numbers).plain
    for number in numbers.values():
        shown = shown.replace(f"[{number}]", "")
    assert shown == safe(text)


def test_words_from_right_to_left_are_set_off() -> None:
    assert isolated("کمبوڈیا") == "\u2068کمبوڈیا\u2069"
    assert isolated("Kamboja 西港") == "Kamboja 西港"


def analysis(level: str, *indicators: str, kind: str = "offer", entities: tuple[Entity, ...] = ()) -> Analysis:
    risk = Risk(level=level, score=0.5, reasons=tuple(reason(name, 0, 1) for name in indicators))  # type: ignore[arg-type]
    return Analysis(
        id="", language="id", kind=kind, risk=risk, entities=entities, fingerprint="", versions={}  # type: ignore[arg-type]
    )  # fmt: skip


def test_what_is_missing_is_what_was_not_said() -> None:
    bare = {one.id for one in missing(analysis("medium"))}
    assert {"employer", "licence", "contract", "place", "duties", "application"} <= bare
    assert "visa" not in bare
    place = Entity(text="Medan", start=0, end=5, kind="location", value="Medan, ID", confidence=1.0)
    said = analysis("medium", "employer-named", "official-channel", "place-abroad", entities=(place,))
    told = {one.id for one in missing(said)}
    assert not {"employer", "licence", "place"} & told
    assert "visa" in told


@pytest.mark.parametrize("kind", ["warning", "victim", "question", "seeker"])
def test_nothing_is_missing_where_nothing_is_offered(kind: str) -> None:
    assert missing(analysis("medium", kind=kind)) == []
    assert missing(analysis("none")) == []


def test_every_indicator_that_the_list_names_exists() -> None:
    from nlp.indicators import load_lexicon

    known = load_lexicon().indicators.keys()
    for one in expected():
        assert {*one.unless, *one.when} <= known, one.id
        assert {"en", "id"} <= set(one.text)


@pytest.mark.parametrize(
    ("lang", "words"), [("en", ("honest offer", "ask for help")), ("id", ("jujur", "meminta bantuan"))]
)
def test_check_says_what_is_missing_and_where_help_is(run: Run, lang: str, words: tuple[str, ...]) -> None:
    out = run("check", "--lang", lang, LURE).stdout
    assert all(word in out for word in words)
    assert "KP2MI" in out
    assert "[1]" in out.partition("Sihanoukville")[0] + out.partition("Sihanoukville")[2]
    assert "criminal" not in out
    assert len(out.splitlines()) < 60


def test_for_somebody_in_trouble_help_comes_first(run: Run) -> None:
    out = run("check", CRY).stdout
    assert out.index("KP2MI") < out.index("What it is")
    assert out.index("iom.int") < out.index("What it is")
    assert "What an honest offer" not in out
    assert "Do not pay" not in out


def test_a_warning_is_no_offer_that_lacks_something(run: Run) -> None:
    out = run(
        "check", "Polisi: waspada lowongan CS Kamboja gaji besar, tiket ditanggung. 20 korban diselamatkan."
    ).stdout
    assert "honest offer" not in out
    assert "reported, not offered" in out


def test_the_document_for_programs_is_the_analysis_and_what_a_person_is_told(run: Run) -> None:
    told = json.loads(run("check", "--json", "--lang", "id", LURE).stdout)
    assert {"language", "kind", "risk", "entities", "why", "missing", "help"} <= set(told)
    assert told["why"][0]["meaning"]
    assert {one["mark"] for one in told["help"]} <= {"verified", "unverified"}
    assert all(one["source"] for one in [*told["help"], *told["why"]])


def test_the_country_of_the_writer_chooses_the_help(run: Run) -> None:
    assert "1343" in run("check", "--country", "ph", "Hiring chat support Cambodia free flight no experience").stdout
