import pytest

import nlp
from nlp.places.gazetteer import gazetteer


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We are hiring operators for our plant in Penang. Apply now.", {"Penang, MY"}),
        ("Pulau Pinang: operator kilang", {"Penang, MY"}),
        ("檳城招聘 客服", {"Penang, MY"}),
        ("Hiring in Bali for hotel staff", {"Bali, ID"}),
        ("lowongan sumatera utara, gaji UMR", {"North Sumatra, ID"}),
        ("广东招聘司机", {"Guangdong, CN"}),
        ("Driver wanted, Punjab, Lahore", {"Punjab, PK", "Lahore, PK"}),
        ("Driver wanted, Punjab, India", {"Punjab, IN", "India, IN"}),
        ("Factory in Johor Bahru", {"Johor Bahru, MY"}),
        ("jual cincin perak murah", set()),
    ],
)
def test_a_province_is_read_by_its_names(text: str, expected: set[str]) -> None:
    assert {e.value for e in nlp.analyse(text).entities if e.kind == "location"} == expected


def test_a_province_lies_in_its_country_and_takes_no_name_from_a_hub() -> None:
    table = gazetteer()
    for key, kind in (("penang", "province"), ("sihanoukville", "hub")):
        assert {place.kind for place in table.places(key, table.spaced[key])} == {kind}
    for key in ("bali", "punjab", "kerala"):
        for place in table.spaced[key]:
            assert not isinstance(place, str)
            assert place.value.endswith(f", {place.country}")
            assert place.lat is not None
            assert place.lon is not None
