"""Names to places: our hubs, the countries, and the cities of GeoNames, looked up by word or by automaton.

Names in scripts that put spaces between words are keys of a table (`spaced`: words in lower case, single spaces between);
those of Han, kana, Hangul, Thai, Lao, Khmer and Burmese are in an Aho-Corasick automaton. Which names of a city are kept
is decided when the files are made (scripts/make-places): all English names; other names in the scripts of the posts by
the size of the city, smaller where jerat's posts come from. A name leads to one or more `Place`s, the likeliest first.
"""

from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, Literal

import msgspec

from jerat.errors import DataError
from nlp import data
from nlp.places.cues import Cues, cues
from nlp.places.hubs import Hub, hubs
from nlp.places.words import key_of, script_of
from nlp.trie import Trie

__all__ = ["UNSPACED", "Gazetteer", "Place", "gazetteer"]

_ROOM: Final = Path(__file__).parent
_REMEMBERED: Final = 100_000
_LONGEST: Final = 100
"""Characters of a word above which it is no name, and is not remembered."""
UNSPACED: Final = frozenset(("han", "kana", "hangul", "thai", "lao", "khmer", "myanmar"))
_CASELESS: Final = frozenset(("arabic", "devanagari", "bengali", "ethiopic", "tamil", "sinhala"))
REGION: Final = frozenset(
    [
        "ID",
        "MY",
        "SG",
        "BN",
        "TH",
        "VN",
        "PH",
        "MM",
        "LA",
        "KH",
        "TL",
        "CN",
        "TW",
        "HK",
        "MO",
        "KR",
        "JP",
        "IN",
        "BD",
        "PK",
        "NP",
        "LK",
        "KE",
        "UG",
        "TZ",
        "ET",
        "ZA",
        "NG",
        "GH",
        "ZM",
        "AE",
        "SA",
        "QA",
        "KW",
        "OM",
        "BH",
    ]
)
"""Countries that the posts come from or lead to: their smaller cities count, and win against namesakes."""

_CYRILLIC: Final = frozenset(("RU", "KZ", "UZ", "KG", "UA", "BY", "GE", "TJ"))

Grade = Literal["sure", "capital", "sign", "context"]
"""What a name needs to be read as a place: nothing; a capital letter; that and a sign of place; other places or jobs."""


class Place(msgspec.Struct, frozen=True):
    """A place and what one of its names needs. `kind` is `hub`, `country`, `province` or `city`."""

    value: str
    country: str
    kind: str
    grade: Grade
    role: str
    lat: float | None
    lon: float | None
    geoname_id: int | None
    people: int = 0
    alias: bool = False
    """Whether the name is another name of the city, not its own."""


class Country(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Names of a country beyond those of CLDR."""

    country: str
    names: tuple[str, ...]


class City(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Names of a city beyond those of GeoNames; those in `context` need another sign near."""

    geoname_id: int
    name: str
    names: tuple[str, ...]
    context: tuple[str, ...] = ()


class Province(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A province, a state or a large island, with the coordinates of its capital."""

    country: str
    name: str
    lat: float
    lon: float
    names: tuple[str, ...]


class _Looked(dict[str, tuple[tuple[str, ...], bool] | None]):
    """What `forms` and `begins` say of a word, remembered; None where neither knows it."""

    def __init__(self, look: Callable[[str], tuple[tuple[str, ...], bool] | None]) -> None:
        self._look = look

    def __missing__(self, word: str) -> tuple[tuple[str, ...], bool] | None:
        if len(word) > _LONGEST:
            return None
        if len(self) >= _REMEMBERED:
            self.clear()
        found = self[word] = self._look(word)
        return found


class Gazetteer:
    """All names. `spaced` and `automaton` lead to a reference that `places` turns into places."""

    def __init__(self, lexicon: Path | None = None) -> None:
        self.cues: Cues = cues()
        self._rows = _lines("cities.tsv")
        self._ordinary = frozenset(_lines("ordinary.txt")) | self.cues.ordinary
        self.spaced: dict[str, str | tuple[Place, ...]] = {}
        unspaced: dict[str, str | tuple[Place, ...]] = {}
        for line in _lines("names-spaced.tsv"):
            key, _, refs = line.partition("\t")
            if "가" <= key[0] <= "힣":
                unspaced[key] = refs
            else:
                self.spaced[key] = refs
        for line in _lines("names-unspaced.tsv"):
            key, _, refs = line.partition("\t")
            unspaced[key.lower()] = refs
        self._add(unspaced, lexicon)
        self.first = frozenset(key.partition(" ")[0] for key in self.spaced if " " in key)
        self.pairs = frozenset(
            key if (end := key.find(" ", at + 1)) < 0 else key[:end] for key in self.spaced if (at := key.find(" ")) > 0
        )
        self.longest = 5
        self.looked = _Looked(self._look)
        self.automaton = Trie((key, (key, ref)) for key, ref in unspaced.items())

    def _add(self, unspaced: dict[str, str | tuple[Place, ...]], lexicon: Path | None) -> None:
        """Countries, curated cities, provinces, then hubs: what comes later takes the name."""

        def put(name: str, place: Place) -> None:
            if script_of(name) in UNSPACED:
                unspaced[name.lower()] = (place,)
            elif key := key_of(name):
                self.spaced[key] = (place,)

        countries: dict[str, Place] = {}
        listed: list[tuple[str, str]] = []
        for line in _lines("countries.tsv"):
            iso, name, lat, lon, number, names = line.split("\t")
            where: tuple[float | None, float | None] = (float(lat), float(lon)) if lat else (None, None)
            countries[iso] = Place(f"{name}, {iso}", iso, "country", "sure", "plain", where[0], where[1], int(number))
            listed += [(iso, each) for each in names.split("|")]
        for row in data.rows(_ROOM / "countries_more.yaml", Country, lexicon):
            listed += [(row.country, each) for each in row.names]
        for iso, name in listed:
            least = 3 if script_of(name) == "latin" and not name.isupper() else 2
            if len(name) < least:
                continue
            grade: Grade = "sure"
            if name.lower() in self.cues.doubtful_countries:
                grade = "sign"
            elif (
                name.lower() in self.cues.capital_countries
                or (name.isupper() and name.isascii())
                or (script_of(name) == "cyrillic" and len(name) <= 5)
            ):
                grade = "capital"
            put(name, msgspec.structs.replace(countries[iso], grade=grade))
        self.countries = countries
        by_id = {row.partition("\t")[0]: number for number, row in enumerate(self._rows)}
        for city in data.rows(_ROOM / "cities_more.yaml", City, lexicon):
            at = by_id.get(str(city.geoname_id))
            if at is None:
                raise DataError(f"cities_more.yaml: cities.tsv has no city {city.geoname_id} ({city.name})")
            for name in city.names:
                grade = "context" if name in city.context else "sure"
                put(name, msgspec.structs.replace(_city(self._rows[at]), grade=grade))
        for name, states in _provinces(lexicon).items():
            if script_of(name) in UNSPACED:
                unspaced[name.lower()] = states
            else:
                self.spaced[key_of(name)] = states
        for word in self.cues.never:
            self.spaced.pop(word, None)
        for word in self.cues.never_unspaced:
            unspaced.pop(word, None)
        for hub in hubs(lexicon):
            for name in hub.names:
                put(name, _hub_place(hub, "sure" if hub.alone(name) else "context"))

    @lru_cache(maxsize=20000)  # noqa: B019 -- one gazetteer lives as long as its analyser
    def places(self, key: str, ref: str | tuple[Place, ...]) -> tuple[Place, ...]:
        """The places that a name may mean, those of a table row read now."""
        if not isinstance(ref, str):
            return ref
        found = []
        for each in ref.split(","):
            other = each.endswith("*")
            place = _city(self._rows[int(each.rstrip("*"))])
            # Another name of a smaller city that is a word of some language: nearly always the word.
            if other and key in self._ordinary and key.isascii() and (place.country in REGION or place.people < 500000):
                continue
            found.append(msgspec.structs.replace(place, grade=self._grade(key, place, other), alias=other))
        return tuple(found)

    def _grade(self, key: str, place: Place, other: bool) -> Grade:
        script = script_of(key)
        near = place.country in REGION or (script == "cyrillic" and place.country in _CYRILLIC)
        if key in self.cues.ordinary:
            return "sign"
        if script == "hangul" and place.people >= 200000:
            return "sure"
        if script in UNSPACED:
            # Two Han characters are a word of the language more often than a small town.
            small = script == "han" and len(key) <= 2 and place.people < 400000
            return "sign" if small or key in self._ordinary else "sure"
        if script in _CASELESS:
            return "sure" if place.people >= (200000 if near else 1000000) or key not in self._ordinary else "sign"
        big = place.people >= (150000 if near else 1000000) and not other
        if key in self._ordinary:
            return "capital" if place.people >= (100000 if near else 500000) else "sign"
        if big:
            return "sure"
        return "capital" if place.people >= (15000 if near else 100000) else "sign"

    def is_ordinary(self, name: str) -> bool:
        """Whether a name, in lower case, is also an ordinary word."""
        return name in self._ordinary

    @lru_cache(maxsize=100000)  # noqa: B019
    def forms(self, key: str) -> tuple[str, ...]:
        """A name as written and without the affixes of its language (`কম্বোডিয়ায়`, `Камбодже`), those that are known."""
        return tuple(
            form for form in self._variants(key) if form in self.spaced and (form == key or self._declines(form))
        )

    def _look(self, word: str) -> tuple[tuple[str, ...], bool] | None:
        if word.isascii():
            single: tuple[str, ...] = (word,) if word in self.spaced else ()
            several = word in self.first
        else:
            single, several = self.forms(word), self.begins(word)
        return (single, several) if single or several else None

    def _declines(self, form: str) -> bool:
        """Whether a Cyrillic name may stand in other cases: short names of small towns are too like other words."""
        if script_of(form) != "cyrillic" or len(form) >= 7:
            return True
        place = self.places(form, self.spaced[form])[0]
        if place.kind != "city":
            return len(form) >= 4
        return place.people >= 200000 and place.country in _CYRILLIC

    @lru_cache(maxsize=100000)  # noqa: B019
    def begins(self, word: str) -> bool:
        """Whether a known name of several words may begin with `word`, affixes taken off."""
        return word in self.first or any(form in self.first for form in self._variants(word))

    def _variants(self, key: str) -> Iterator[str]:
        yield key
        if key.isascii() or len(key) < 4:
            return
        script = script_of(key)
        if script == "cyrillic":
            for end in self.cues.cyrillic.drop:
                if key.endswith(end) and len(key) - len(end) >= 3:
                    stem = key[: len(key) - len(end)]
                    yield from (stem + add for add in self.cues.cyrillic.add)
            return
        bare = [key]
        for prefix in self.cues.prefixes.get(script, ()):
            if key.startswith(prefix) and len(key) - len(prefix) >= 3:
                bare.append(key[len(prefix) :])
        yield from bare[1:]
        for stem in bare:
            for suffix in self.cues.suffixes.get(script, ()):
                if stem.endswith(suffix) and len(stem) - len(suffix) >= 2:
                    yield stem[: len(stem) - len(suffix)]


def _provinces(lexicon: Path | None) -> dict[str, tuple[Place, ...]]:
    """The provinces by name; one word in letters that have capitals needs one, or a preposition of place."""
    found: dict[str, tuple[Place, ...]] = {}
    for row in data.rows(_ROOM / "provinces.yaml", Province, lexicon):
        for name in row.names:
            grade: Grade = "capital" if script_of(name) in ("latin", "cyrillic") and " " not in name else "sure"
            place = Place(f"{row.name}, {row.country}", row.country, "province", grade, "plain", row.lat, row.lon, None)
            found[name] = (*found.get(name, ()), place)
    return found


def _hub_place(hub: Hub, grade: Grade) -> Place:
    return Place(hub.value, hub.country, "hub", grade, hub.role, hub.lat, hub.lon, hub.geoname_id)


@lru_cache(maxsize=4096)
def _city(row: str) -> Place:
    number, name, country, lat, lon, people = row.split("\t")
    value = f"{name}, {country}"
    return Place(value, country, "city", "sure", "plain", float(lat), float(lon), int(number), int(people))


def _lines(name: str) -> list[str]:
    text = (_ROOM / name).read_text(encoding="utf-8")
    return [line for line in text.split("\n") if line and line[0] != "#"]


@cache
def gazetteer(lexicon: Path | None = None) -> Gazetteer:
    """The gazetteer, read once for each lexicon."""
    return Gazetteer(lexicon)
