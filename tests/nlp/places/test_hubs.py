"""The places as data: complete, sourced, where they say they are, and reached by every one of their names."""

import math

import pytest

from jerat.errors import DataError
from nlp.context import Context
from nlp.entities.location import Location
from nlp.places.gazetteer import Gazetteer, gazetteer
from nlp.places.hubs import Hub, hubs, sources

HUBS = hubs()
LOCATION = Location()


def kilometres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    a, b = math.radians(lat), math.radians(other_lat)
    c = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(math.radians(lon - other_lon))
    return 6371 * math.acos(max(-1.0, min(1.0, c)))


def test_there_are_as_many_as_the_field_knows() -> None:
    assert len(HUBS) >= 150
    assert {"KH", "MM", "LA", "TH", "VN", "PH", "AE", "TL", "PE", "PW", "MY", "ID", "LK", "GE", "NA", "NG", "ZM"} <= {
        hub.country for hub in HUBS
    }


@pytest.mark.parametrize("hub", HUBS, ids=lambda hub: hub.id)
def test_each_row_is_sourced_and_in_its_country(hub: Hub) -> None:
    assert hub.names
    assert hub.sources
    assert set(hub.sources) <= set(sources())
    assert hub.coordinate in sources()
    assert -90 <= hub.lat <= 90
    assert -180 <= hub.lon <= 180
    assert 0 < hub.precision_km <= 200
    assert not set(hub.attested) & set(hub.unverified)
    assert hub.attested == () or set(hub.sources) != {"own"}, "an attested name needs a source"
    if isinstance(hub.needs_context, tuple):
        assert set(hub.needs_context) <= set(hub.names), "needs_context names a name that the row has not"
    cities = [row.split("\t") for row in gazetteer()._rows]
    towns = [(float(row[3]), float(row[4])) for row in cities if row[2] == hub.country]
    # Palau has no town of the size that GeoNames' list begins with.
    assert hub.country == "PW" or min(kilometres(hub.lat, hub.lon, lat, lon) for lat, lon in towns) < 300


@pytest.mark.parametrize("hub", HUBS, ids=lambda hub: hub.id)
def test_each_name_leads_to_its_place(hub: Hub) -> None:
    # A name that needs context gets it: another place of its country. Where two rows have one name, the last has it.
    for name in hub.names:
        text = f"{name} , {gazetteer().countries[hub.country].value[:-4]}."
        found = {match.value for match in LOCATION.recognise(Context.of(text))}
        assert hub.value in found, (name, found)


def test_no_two_rows_share_a_name() -> None:
    owner: dict[str, str] = {}
    for hub in HUBS:
        for name in hub.names:
            assert owner.setdefault(name.lower(), hub.id) == hub.id, name


def test_an_analyst_adds_and_overrides_rows(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "hubs.yaml").write_text(
        "- {id: xx-new, name: Newtown Park, country: KH, kind: compound, role: hub, lat: 11.0, lon: 104.0, "
        "precision_km: 5, coordinate: own, sources: [own], unverified: [Quorvax Park, 夸瓦园区]}\n",
        encoding="utf-8",
    )
    place = Location(lexicon=tmp_path)
    found = {match.value for match in place.recognise(Context.of("quorvax park 夸瓦园区"))}
    assert found == {"Newtown Park, KH"}
    assert not list(LOCATION.recognise(Context.of("quorvax park 夸瓦园区")))


def test_a_wrong_row_is_named(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "hubs.yaml").write_text("- {id: xx-new, name: 5}\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"hubs\.yaml.*entry 1.*xx-new"):
        Gazetteer(tmp_path)


def test_generated_files_hold_the_cities() -> None:
    places = gazetteer()
    assert len(places._rows) > 30_000
    assert len(places.spaced) > 80_000
    for row in places._rows[:5000]:
        number, name, country, lat, lon, people = row.split("\t")
        assert int(number) > 0
        assert name
        assert len(country) == 2
        assert country.isupper()
        assert -90 <= float(lat) <= 90
        assert -180 <= float(lon) <= 180
        assert int(people) >= 0
    for ref in places.spaced.values():
        if isinstance(ref, str):
            assert all(0 <= int(each.rstrip("*")) < len(places._rows) for each in ref.split(","))
