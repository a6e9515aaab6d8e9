"""Wages at home and what an offer is beside them."""

import pytest

from nlp.wages import Wage, monthly_wage, wage_ratio


def test_the_published_medians() -> None:
    found = {country: wage.usd_month for country in ("PH", "ID", "BD", "PK", "IN") if (wage := monthly_wage(country))}
    assert found == {"PH": 450, "ID": 256, "BD": 191, "PK": 180, "IN": 500}


def test_each_says_where_it_is_from() -> None:
    for country in ("id", "VN", "KE", "BR"):
        wage = monthly_wage(country)
        assert isinstance(wage, Wage)
        assert wage.source
        assert wage.as_of
        assert (wage.precision == "stated") == wage.source.startswith("S74")


def test_the_ratio_of_an_offer() -> None:
    assert wage_ratio(1024, "ID") == pytest.approx(4.0)
    assert wage_ratio(None, "ID") is None
    assert wage_ratio(1000, "") is None
    assert monthly_wage("ZZ") is None
    assert monthly_wage("ID", "cook") == monthly_wage("ID")
