"""Where help is: every entry whole and with its source, wrong files refused by name, and the right ones chosen."""

import datetime
from pathlib import Path

import pytest

from jerat.errors import DataError
from jerat.help import help_for, hotlines
from jerat.help.hotlines import HOMES, read_hotlines

GOOD = """
- id: one
  for: nationals
  countries: [ID]
  name: {en: "One"}
  from_abroad: ["+62 21 29244800"]
  source: "page.example"
  seen: 2025
  mark: verified
  checked: 2026-11-23
"""


def test_every_entry_has_a_number_or_an_address_a_source_and_two_languages() -> None:
    found = hotlines()
    assert len(found) >= 25
    for one in found:
        assert {"en", "id"} <= set(one.name), one.id
        assert one.source
        assert one.checked <= datetime.date(2026, 12, 31)
        assert one.mark == "unverified" or (one.seen is not None and 2010 <= one.seen <= one.checked.year), one.id
        assert (one.mark == "unverified") == (one.source == "general knowledge"), one.id
    # A number of two entries would be a slip of the pen, but for the one that both Thai lines end in.
    numbers = [phone for one in found for phone in (*one.from_abroad, *one.whatsapp)]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize(
    "country", ["ID", "PH", "TH", "VN", "CN", "TW", "HK", "KR", "JP", "IN", "PK", "BD", "LK", "KE"]
)
def test_countries_that_people_are_lured_from_have_help(country: str) -> None:
    assert any(country in one.countries for one in hotlines())


@pytest.mark.parametrize(
    ("given", "first", "among"),
    [
        (("id", "", ("KH",)), "id-kp2mi", {"id-embassy-kh", "kh-117", "iom"}),
        (("id", "", ()), "id-kp2mi", {"iom"}),
        (("zh", "", ("TH",)), "cn-12308", {"tw-mofa", "hk-1868", "th-1300"}),
        (("en", "PH", ("MM",)), "ph-1343", {"ph-1348", "iom"}),
        (("en", "", ("KH",)), "kh-117", {"iom"}),
        (("und", "", ()), "iom", {"iom"}),
        (("xx-YY", "ZZ", ("QQ",)), "iom", {"iom"}),
    ],
)
def test_the_nearest_help_comes_first_and_iom_always(
    given: tuple[str, str, tuple[str, ...]], first: str, among: set[str]
) -> None:
    found = [one.id for one in help_for(*given)]
    assert found[0] == first
    assert among <= set(found)
    assert found[-1] == "iom"
    assert len(found) == len(set(found)) <= 6


def test_help_for_citizens_in_one_country_is_not_named_elsewhere() -> None:
    assert "id-embassy-kh" not in {one.id for one in help_for("id", "", ("MM",))}


def test_homes_are_countries() -> None:
    assert all(len(country) == 2 and country.isupper() for homes in HOMES.values() for country in homes)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[ID]", "[Indonesia]", "no ISO 3166 country"),
        ("[ID]", "[]", "must name countries"),
        ('en: "One"', 'id: "Satu"', "no English name"),
        ("+62 21 29244800", "021 29244800", "must begin with +"),
        ("+62 21 29244800", "call us", "no telephone number"),
        ('from_abroad: ["+62 21 29244800"]', 'url: ""', "neither a number nor a url"),
        ('from_abroad: ["+62 21 29244800"]', 'url: "http://a.example"', "https://"),
        ('"page.example"', '" "', "no source"),
        ("  seen: 2025\n", "", "needs `seen`"),
        ("mark: verified", "mark: sure", "mark"),
        ("  source:", "  sorce:", "sorce"),
        ("checked: 2026-11-23", "checked: soon", "checked"),
    ],
)
def test_a_wrong_file_names_the_entry_and_the_mistake(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "lines.yaml"
    path.write_text(GOOD)
    assert read_hotlines(path)[0].id == "one"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(DataError, match="one") as caught:
        read_hotlines(path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("text", ["{", "a: b", "- 1", GOOD + GOOD])
def test_a_file_that_is_no_list_of_entries_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "lines.yaml"
    path.write_text(text)
    with pytest.raises(DataError):
        read_hotlines(path)
