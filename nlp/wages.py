"""What people earn at home, so that an offer can be read against it (a red flag only together with others)."""

from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec

from nlp import data

__all__ = ["Wage", "monthly_wage", "wage_ratio"]

_FILE: Final = Path(__file__).parent / "entities" / "data" / "wages.csv"


class Wage(msgspec.Struct, frozen=True, kw_only=True):
    """A usual monthly wage of a country in US dollars. `role` is empty where it holds for any."""

    country: str
    usd_month: float
    as_of: str
    source: str
    role: str = ""
    precision: Literal["stated", "unverified"] = "unverified"
    """`stated`: the source gives the figure; `unverified`: an order of magnitude that nobody has checked."""


@cache
def _table() -> dict[tuple[str, str], Wage]:
    return {(wage.country, wage.role): wage for wage in data.rows(_FILE, Wage)}


def monthly_wage(country: str, role: str = "") -> Wage | None:
    """The usual wage in `country` (ISO 3166, any case), of `role` where the table knows it; None where it does not."""
    table = _table()
    code = country.upper()
    return table.get((code, role)) or table.get((code, ""))


def wage_ratio(usd_month: float | None, home_country: str, role: str = "") -> float | None:
    """How many times the usual wage at home `usd_month` is; None where either is unknown.

    Pass `Entity.usd_month_min` or `usd_month_max`, and the country from which people are recruited.
    """
    wage = monthly_wage(home_country, role)
    return None if usd_month is None or wage is None else usd_month / wage.usd_month
