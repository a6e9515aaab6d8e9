"""The hotlines of `hotlines.yaml`, checked when they are read, and those that fit a post."""

import datetime
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal

import msgspec

from jerat.errors import DataError

__all__ = ["HOMES", "Hotline", "help_for", "hotlines", "read_hotlines"]

HOMES: Final = {
    "id": ("ID",), "ms": ("MY",), "th": ("TH",), "lo": ("LA",), "vi": ("VN",), "km": ("KH",), "zh": ("CN", "TW", "HK"),
    "zh-Hant": ("TW", "HK"), "ko": ("KR",), "ja": ("JP",), "hi": ("IN",), "ta": ("IN", "LK"), "te": ("IN",), "mr": ("IN",),
    "ml": ("IN",), "kn": ("IN",), "gu": ("IN",), "pa": ("IN", "PK"), "bn": ("BD",), "ur": ("PK",), "si": ("LK",),
    "tl": ("PH",), "fil": ("PH",), "ceb": ("PH",), "ru": ("RU",), "pt": ("BR",), "sw": ("KE",), "am": ("ET",),
    "ar": ("AE",), "af": ("ZA",), "zu": ("ZA",),
}  # fmt: skip
"""Whose citizens write a language, for the choice of hotlines; English is written everywhere."""

_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_PHONE: Final = re.compile(r"\+?[0-9][0-9 \-]*[0-9]")
_MOST: Final = 6


class Hotline(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One place to ask for help. `phones` as dialled in the countries, `from_abroad` with the country code.

    `only_in` are the countries that somebody must be in for it to be of use; empty for all. `seen` is the year of the
    page that `source` names, and `checked` the day on which it was read.
    """

    id: str
    reach: Literal["nationals", "place", "anywhere"] = msgspec.field(name="for")
    countries: tuple[str, ...]
    name: dict[str, str]
    source: str
    mark: Literal["verified", "unverified"]
    checked: datetime.date
    only_in: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    from_abroad: tuple[str, ...] = ()
    whatsapp: tuple[str, ...] = ()
    url: str = ""
    seen: int | None = None

    def named(self, language: str) -> str:
        """Its name in `language`, else in English."""
        return self.name.get(language) or self.name["en"]


def read_hotlines(path: Path) -> tuple[Hotline, ...]:
    """The hotlines of a file. Raises DataError with the file, the entry and the mistake."""
    import yaml

    try:
        raw = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DataError(f"{path} cannot be read: {' '.join(str(error).split())}") from None
    if not isinstance(raw, list):
        raise DataError(f"{path} must be a list of hotlines, and is a {type(raw).__name__}")
    found: list[Hotline] = []
    for number, entry in enumerate(raw, 1):
        name = entry.get("id", "") if isinstance(entry, dict) else ""
        try:
            hotline = msgspec.convert(entry, Hotline)
        except msgspec.ValidationError as error:
            raise DataError(f"{path}: entry {number} ({name}): {error}") from None
        if mistake := _mistake(hotline, {one.id for one in found}):
            raise DataError(f"{path}: entry {number} ({name}): {mistake}")
        found.append(hotline)
    return tuple(found)


def _mistake(one: Hotline, taken: set[str]) -> str:
    if one.id in taken:
        return "its id is that of another entry"
    if "en" not in one.name:
        return "it has no English name"
    if wrong := [country for country in (*one.countries, *one.only_in) if not _COUNTRY.fullmatch(country)]:
        return f"{wrong[0]!r} is no ISO 3166 country in capitals"
    if bool(one.countries) == (one.reach == "anywhere"):
        return "it must name countries, or be for `anywhere`"
    numbers = (*one.phones, *one.from_abroad, *one.whatsapp)
    if wrong := [phone for phone in numbers if not _PHONE.fullmatch(phone)]:
        return f"{wrong[0]!r} is no telephone number"
    if wrong := [phone for phone in (*one.from_abroad, *one.whatsapp) if not phone.startswith("+")]:
        return f"{wrong[0]!r} must begin with + and the country code"
    if not numbers and not one.url:
        return "it has neither a number nor a url"
    if one.url and not one.url.startswith("https://"):
        return "its url must begin with https://"
    if not one.source.strip():
        return "it has no source"
    return "a verified entry needs `seen`" if one.mark == "verified" and one.seen is None else ""


@cache
def hotlines() -> tuple[Hotline, ...]:
    """Those that come with jerat."""
    return read_hotlines(Path(str(files("jerat.help").joinpath("hotlines.yaml"))))


def help_for(language: str = "", home: str = "", places: Iterable[str] = ()) -> list[Hotline]:
    """Whom to ask, the nearest first, at most six: IOM is always the last of them.

    `language` is that of the post, `home` the country of who wrote it, where known, and `places` the countries that it
    names: help for the citizens of the home comes first, then help where somebody may be held.
    """
    homes = (home,) if home else HOMES.get(language, HOMES.get(language.split("-")[0], ()))
    there = tuple(dict.fromkeys(places))
    ranked: list[tuple[int, int, Hotline]] = []
    for number, one in enumerate(hotlines()):
        if one.only_in and not set(one.only_in) & set(there):
            continue
        if one.reach != "anywhere" and set(one.countries) & set(homes):
            rank = 0 if one.reach == "nationals" else 1
            ranked.append((rank, number, one))
        elif one.reach == "place" and set(one.countries) & set(there):
            ranked.append((2, number, one))
    near = [one for _, _, one in sorted(ranked, key=lambda row: row[:2])]
    return [*near[: _MOST - 1], *(one for one in hotlines() if one.reach == "anywhere")]
