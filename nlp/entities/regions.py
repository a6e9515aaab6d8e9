"""Whose numbering plan a national number may follow: of the text's language, of a country it names, of the hint."""

import re
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from nlp.context import Context
from nlp.data import rows
from nlp.entities.names import DATA, standing
from nlp.trie import Trie

__all__ = ["Regions", "regions"]

_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_TRADITIONAL: Final = re.compile(r"[聯電話號徵應薪資職員灣與為對國語說這個們時間後會過還沒經濟錢買賣歲費機票幫]")
_SCRIPTS: Final = (
    (re.compile(r"[\u0e00-\u0e7f]"), "th"), (re.compile(r"[\u0e80-\u0eff]"), "lo"), (re.compile(r"[\u1780-\u17ff]"), "km"),
    (re.compile(r"[\u1000-\u109f]"), "my"), (re.compile(r"[\uac00-\ud7af]"), "ko"), (re.compile(r"[\u3040-\u30ff]"), "ja"),
    (re.compile(r"[\u0900-\u097f]"), "hi"), (re.compile(r"[\u0980-\u09ff]"), "bn"), (re.compile(r"[\u1200-\u137f]"), "am"),
    (re.compile(r"[\u4e00-\u9fff]"), "zh"), (re.compile(r"[\u0400-\u04ff]"), "ru"),
)  # fmt: skip


class HomeRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of homes.yaml."""

    language: str
    regions: list[str]
    source: str


class CountryRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of countries.yaml."""

    region: str
    source: str
    words: list[str]


class Regions:
    """The tables, and the order of regions for one text."""

    def __init__(self, lexicon: Path | None = None) -> None:
        self.homes = {row.language: row.regions for row in rows(DATA / "homes.yaml", HomeRow, lexicon)}
        self.known = {region for found in self.homes.values() for region in found}
        words: dict[str, str] = {}
        for row in rows(DATA / "countries.yaml", CountryRow, lexicon):
            self.known.add(row.region)
            for word in row.words:
                words[word.lower()] = row.region
        self.automaton = Trie(words.items())

    def order(self, context: Context) -> tuple[list[str], list[str]]:
        """(the regions to try in this order, those to try after them where the digits are named as a number)."""
        found = context.cache.get("regions")
        if found is None:
            found = context.cache["regions"] = self._order(context)
        return found

    def _order(self, context: Context) -> tuple[list[str], list[str]]:
        lower = context.lower
        language = context.language
        if language in ("und", ""):
            language = next((name for script, name in _SCRIPTS if script.search(lower)), "und")
        base = language.partition("-")[0]
        if base == "zh" and (old := _TRADITIONAL.findall(lower)) and len(old) * 8 > len(_HAN.findall(lower)):
            language = "zh-Hant"
        order: list[str] = []
        if base != "en":
            order += self.homes.get(language) or self.homes.get(base) or []
        own = order[:1]
        rest = order[1:]
        named: list[str] = []
        for start, end, region in self.automaton.find(lower):
            if region not in named and standing(lower, start, end):
                named.append(region)
        hint = [context.country_hint.upper()] if context.country_hint else []
        # A language of several countries (Portuguese, Bengali): the country that is named or hinted at comes before
        # the others, and before the first where that one is not named itself.
        if rest and (near := [region for region in named + hint if region in order]):
            own = near
        full = list(dict.fromkeys([*own, *named, *hint, *rest]))
        return full, self.homes["en"]


@cache
def regions(lexicon: Path | None = None) -> Regions:
    """The tables with what the analyst's folder adds, read once."""
    return Regions(lexicon)
