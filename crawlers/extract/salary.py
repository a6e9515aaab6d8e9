"""The pay of a JobPosting as text: `800 - 1500 USD per month`."""

import re
from typing import Any, Final

from crawlers.extract.values import as_list, nodes, one_line

__all__ = ["salary_text"]

_PERIODS: Final = {
    "hour": "hour",
    "hourly": "hour",
    "hr": "hour",
    "day": "day",
    "daily": "day",
    "week": "week",
    "weekly": "week",
    "biweekly": "two weeks",
    "month": "month",
    "monthly": "month",
    "mon": "month",
    "year": "year",
    "yearly": "year",
    "annual": "year",
    "annually": "year",
    "yr": "year",
    "annum": "year",
    "anl": "year",
    "hur": "hour",
    "wee": "week",
    "minute": "minute",
    "p1m": "month",
    "p1y": "year",
    "p1d": "day",
    "p1w": "week",
    "pt1h": "hour",
}
_CURRENCIES: Final = ("currency", "priceCurrency", "unitCode")
_LOWEST: Final = ("minValue", "minPrice", "percentile10")
_HIGHEST: Final = ("maxValue", "maxPrice", "percentile90")
_SINGLE: Final = ("value", "price", "median")


def salary_text(base: Any, estimated: Any = None, currency: Any = None) -> str:
    """What `baseSalary`, or else `estimatedSalary`, says; empty where it says nothing."""
    default = one_line(currency)
    for given in (base, estimated):
        texts = [text for one in as_list(given) if (text := _one(one, default))]
        if texts:
            return "; ".join(dict.fromkeys(texts))
    return ""


def _one(value: Any, currency: str) -> str:
    if not isinstance(value, dict):
        text = one_line(value)
        if not re.search(r"\w", text) or text in ("0", "0.0"):
            return ""
        return f"{_amount(value)} {currency}".strip() if currency and re.fullmatch(r"[\d.,\s–—~-]+", text) else text
    currency = next((text for key in _CURRENCIES if (text := one_line(value.get(key)))), currency)
    inner = list(nodes(value.get("value")))
    if inner:
        parts = [_range(node, one_line(node.get("currency")) or currency, value) for node in inner]
        return "; ".join(dict.fromkeys(part for part in parts if part))
    return _range(value, currency, value)


def _range(node: dict[str, Any], currency: str, outer: dict[str, Any]) -> str:
    low = next((text for one in (node, outer) for key in _LOWEST if (text := _amount(one.get(key)))), "")
    high = next((text for one in (node, outer) for key in _HIGHEST if (text := _amount(one.get(key)))), "")
    single = next((text for key in _SINGLE if (text := _amount(node.get(key)))), "") or (
        one_line(outer.get("value")) if node is not outer else ""
    )
    amount = f"{low} - {high}" if low and high and low != high else low or high
    if not amount:
        amount = single
    if not amount:
        return ""
    if not re.search(r"\d", amount):  # "negotiable" has no currency
        return amount
    period = _period(node) or _period(outer)
    money = f"{amount} {currency}" if currency and currency not in amount else amount
    return f"{money} per {period}" if period else money


def _period(node: dict[str, Any]) -> str:
    text = one_line(node.get("unitText")) or one_line(node.get("duration")) or one_line(node.get("unitCode"))
    return _PERIODS.get(re.sub(r"^(per|a|/)\s*", "", text.strip().lower()), "") if text else ""


def _amount(value: Any) -> str:
    """A figure as it was given; whole numbers without `.0`, and nothing for zero."""
    text = one_line(value)
    if re.fullmatch(r"\d+\.0+", text):
        text = text.split(".")[0]
    return "" if text in ("0", "-1") else text
