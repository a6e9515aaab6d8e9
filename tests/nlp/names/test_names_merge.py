"""How the model's names and the gazetteer's places are brought together; no model is needed for it."""

from jerat.model import Risk
from nlp.context import Context, Match
from nlp.names.merge import Reading, merge

SURE = {"PER": 0.8, "ORG": 0.6, "LOC": 0.7}


def context_of(text: str, *found: tuple[str, str, str], level: str = "none", language: str = "id") -> Context:
    """A context with entities (surface, kind, role)."""
    context = Context.of(text)
    context.language = language
    context.risk = Risk(level=level, score=0.0)  # type: ignore[arg-type]
    for surface, kind, role in found:
        start = text.index(surface)
        context.entities.append(
            Match(kind=kind, value=f"{surface}!", start=start, end=start + len(surface), confidence=0.9, role=role)
        )
    return context


def merged(context: Context, *readings: tuple[str, str]) -> list[tuple[str, str, str]]:
    """(kind, surface, value) of what comes out."""
    text = context.text
    ranges = [Reading(text.index(name), text.index(name) + len(name), label) for name, label in readings]
    return [(one.kind, text[one.start : one.end], one.value) for one in merge(context, ranges, SURE)]


def test_names_are_added_by_place_with_the_confidence_of_their_label() -> None:
    context = context_of("Rina  Kusuma dari PT Maju di Sawahan")
    found = merge(context, [Reading(29, 36, "LOC"), Reading(0, 12, "PER"), Reading(18, 25, "ORG")], SURE)
    assert [(one.kind, one.value, one.confidence) for one in found] == [
        ("person", "Rina Kusuma", 0.8),
        ("organisation", "PT Maju", 0.6),
        ("location", "Sawahan", 0.7),
    ]
    assert found[2].lat is None
    assert found[2].country == ""


def test_in_plain_text_a_place_takes_the_borders_of_the_model_and_keeps_what_it_is() -> None:
    context = context_of("di Kota Bandung kemarin", ("Bandung", "location", "plain"))
    assert merged(context, ("Kota Bandung", "LOC")) == [("location", "Kota Bandung", "Bandung!")]


def test_in_an_advertisement_the_gazetteers_places_stay_as_they_are() -> None:
    for readings in ((), (("Kota Bandung", "LOC"),), (("Kota Bandung", "PER"),), (("Bandung", "ORG"),)):
        context = context_of("loker Kota Bandung", ("Bandung", "location", "plain"), level="low")
        assert merged(context, *readings) == [("location", "Bandung", "Bandung!")]


def test_an_organisation_of_an_advertisement_stands_beside_the_place_in_its_name() -> None:
    context = context_of("loker PT Bandung Jaya", ("Bandung", "location", "plain"), level="high")
    assert merged(context, ("PT Bandung Jaya", "ORG")) == [
        ("organisation", "PT Bandung Jaya", "PT Bandung Jaya"),
        ("location", "Bandung", "Bandung!"),
    ]


def test_in_plain_text_a_place_in_another_name_goes_but_no_hub() -> None:
    for role, stays in (("plain", False), ("hub", True), ("transit", True)):
        context = context_of("kata PT Batam Jaya", ("Batam", "location", role))
        kinds = [kind for kind, *_ in merged(context, ("PT Batam Jaya", "ORG"))]
        assert kinds == (["organisation", "location"] if stays else ["organisation"])


def test_in_plain_text_a_place_that_the_model_passes_over_needs_a_word_of_place() -> None:
    assert merged(context_of("kata Israel lagi", ("Israel", "location", "plain"))) == []
    assert merged(context_of("tiba di Israel lagi", ("Israel", "location", "plain"))) != []
    assert merged(context_of("tiba di negara lagi", ("negara", "location", "plain"))) == []
    assert merged(context_of("kata Israel lagi", ("Israel", "location", "origin"))) != []
    assert merged(context_of("kata Poipet lagi", ("Poipet", "location", "hub"))) != []
    assert merged(context_of("kata Poipet lagi", ("Poipet", "location", "transit"))) != []


def test_in_a_language_that_the_model_has_not_learnt_the_gazetteer_comes_first() -> None:
    context = context_of("kata Israel PT Israel Jaya", ("Israel", "location", "plain"), language="ko")
    assert ("location", "Israel", "Israel!") in merged(context, ("PT Israel Jaya", "ORG"))


def test_one_small_word_that_no_list_has_is_no_place_in_an_advertisement() -> None:
    assert merged(context_of("bisa bahasa inggris", level="low"), ("inggris", "LOC")) == []
    assert merged(context_of("bisa bahasa inggris"), ("inggris", "LOC")) != []
    assert merged(context_of("di Sawahan", level="low"), ("Sawahan", "LOC")) != []


def test_a_common_word_is_no_name_in_an_advertisement() -> None:
    assert merged(context_of("Dicari admin", level="low"), ("Dicari", "PER"), ("admin", "ORG")) == []
    assert merged(context_of("Dicari Rina", level="low"), ("Rina", "PER")) == [("person", "Rina", "Rina")]


def test_of_several_places_in_one_name_the_nearest_stays() -> None:
    places = (("Pati", "location", "plain"), ("Jawa Tengah", "location", "plain"))
    text = "asal Kabupaten Pati Jawa Tengah"
    assert merged(context_of(text, *places), ("Kabupaten Pati Jawa Tengah", "LOC")) == [
        ("location", "Kabupaten Pati Jawa Tengah", "Pati!")
    ]
    chinese = (("云南", "location", "plain"), ("昆明", "location", "plain"))
    assert merged(context_of("在云南昆明", *chinese, language="zh"), ("云南昆明", "LOC")) == [
        ("location", "云南昆明", "昆明!")
    ]


def test_hubs_of_one_name_all_stay() -> None:
    places = (("Poipet", "location", "hub"), ("Kamboja", "location", "plain"))
    assert merged(context_of("di Poipet Kamboja", *places), ("Poipet Kamboja", "LOC")) == [
        ("location", "Poipet", "Poipet!"),
        ("location", "Kamboja", "Kamboja!"),
    ]


def test_contacts_pay_and_ages_win_over_names() -> None:
    for kind in ("telegram", "phone", "salary", "age", "url"):
        for level in ("none", "high"):
            context = context_of("hubungi Rina 081 ya", ("Rina 081", kind, ""), level=level)
            assert merged(context, ("Rina", "PER")) == [(kind, "Rina 081", "Rina 081!")]


def test_many_names_and_places_are_merged_without_looking_at_each_pair() -> None:
    count = 20000
    text = "Rina di Medan " * count
    context = Context.of(text)
    context.risk = Risk(level="low", score=0.5)
    context.entities = [
        Match(kind="location", value="Medan, ID", start=at * 14 + 8, end=at * 14 + 13, confidence=0.9, role="plain")
        for at in range(count)
    ]
    found = merge(context, [Reading(at * 14, at * 14 + 4, "PER") for at in range(count)], SURE)
    assert len(found) == 2 * count
    assert [one.start for one in found] == sorted(one.start for one in found)
