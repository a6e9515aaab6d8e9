"""Indicators that see entities: each rule is a small function; its numbers and lists stand in the families' files."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from nlp.context import Context, Match
from nlp.data import document
from nlp.wages import monthly_wage
from nlp.wording import in_force, worded

__all__ = ["RULES", "Facts", "Span", "facts"]


class Known(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Messengers, sites, mail services and homes, as they stand in facts.yaml."""

    messengers: frozenset[str]
    social: tuple[str, ...]
    free_mail: tuple[str, ...]
    unknown_home: float
    disguises: frozenset[str]
    homes: dict[str, tuple[str, ...]]


KNOWN: Final = document(Path(__file__).parent / "facts.yaml", Known)

_NUMBERED: Final = re.compile(r"[-_ ]?\d")
_HANDLE: Final = re.compile(r"(?<![\w.])@[a-z]\w{3,31}|t\.me/|wa\.me/|telegram\.me|line\.me/")
_SITE: Final = re.compile(r"(?:https?://|www\.)([^\s/]{3,80})")
_AT_HOST: Final = re.compile(r"@([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,3})")
_NAME_BEFORE: Final = re.compile(r"[\w.+-]+\Z")
_MESSENGERS: Final = KNOWN.messengers
_SOCIAL: Final = re.compile("|".join(map(re.escape, KNOWN.social)))
_FREE_MAIL: Final = re.compile("|".join(map(re.escape, KNOWN.free_mail)))

Span = tuple[int, int]
Parameters = Mapping[str, Any]


class Facts(NamedTuple):
    """What the rules read of a text, gathered once."""

    context: Context
    found: Mapping[str, Span]
    """Indicators that terms have found so far."""
    messenger: Span | None
    site: Span | None
    work_mail: Span | None
    places: list[Match]
    homes: tuple[str, ...]


def facts(context: Context, found: Mapping[str, Span]) -> Facts:
    """Gather contacts and places. Entities come first; the plainest written forms count where there are none."""
    messenger = site = mail = None
    places = []
    lower = context.lower
    for match in context.entities:
        kind = match.kind
        if kind == "location":
            # "JB-1085" is the number of a vacancy.
            if match.end - match.start > 3 or not _NUMBERED.match(lower, match.end):
                places.append(match)
        elif kind in _MESSENGERS:
            messenger = messenger or (match.start, match.end)
        elif kind == "url" and not _SOCIAL.search(match.value):
            site = site or (match.start, match.end)
        elif kind == "email" and not _FREE_MAIL.search(match.value):
            mail = mail or (match.start, match.end)
    if messenger is None and ("@" in lower or ".me/" in lower) and (hit := _HANDLE.search(lower)):
        messenger = hit.span()
    if site is None and ("http" in lower or "www." in lower):
        for hit in _SITE.finditer(lower):
            if not _SOCIAL.search(hit[1]):
                site = hit.span()
                break
    if mail is None and "@" in lower:
        mail = _work_mail(lower)
    homes = (context.country_hint,) if context.country_hint else KNOWN.homes.get(context.language, ())
    return Facts(context, found, messenger, site, mail, places, homes)


def _work_mail(lower: str) -> Span | None:
    """The first address, unless it is of a free mail service."""
    for hit in _AT_HOST.finditer(lower):
        name = _NAME_BEFORE.search(lower, max(0, hit.start() - 64), hit.start())
        if name:
            return None if _FREE_MAIL.search(hit[1]) else (name.start(), hit.end())
    return None


def pay_above_wage(at: Facts, parameters: Parameters) -> Span | None:
    """The middle of what is offered is `factor` times the wage at home."""
    for match in at.context.entities:
        if match.kind != "salary":
            continue
        ends = [usd for usd in (match.usd_month_min, match.usd_month_max) if usd is not None]
        if not ends:
            continue
        usd = sum(ends) / len(ends)
        wages = [wage.usd_month for country in at.homes if (wage := monthly_wage(country))]
        if at.homes and not wages:
            continue
        home = max(wages) if wages else max(KNOWN.unknown_home, _paid_in(match))
        if home * float(parameters["factor"]) <= usd <= home * 60:
            return match.start, match.end
    return None


def _paid_in(match: Match) -> float:
    """The usual wage where the money is used, 0 for US dollars and euros: baht in Bangkok are ordinary pay there."""
    _, _, rest = match.value.partition(" ")
    currency = rest.partition(" ")[0]
    if len(currency) != 3 or currency in ("USD", "EUR"):
        return 0.0
    wage = monthly_wage(currency[:2])
    return wage.usd_month if wage else 0.0


def pay_at_wage(at: Facts, parameters: Parameters) -> Span | None:
    """The middle of what is offered is at most `factor` and at least `least` times the wage in the country of the work."""
    away = {place.country for place in at.places if place.country and place.role != "origin"}
    countries = set(at.homes) or away
    if not away <= countries or (not at.homes and len(away) != 1):
        return None
    if any(name in at.found for name in parameters["unless"]):
        return None  # the money is not a wage
    for match in at.context.entities:
        ends = [usd for usd in (match.usd_month_min, match.usd_month_max) if usd is not None]
        if match.kind == "salary" and ends:
            home = _paid_in(match)
            if not home:
                home = min((wage.usd_month for one in countries if (wage := monthly_wage(one))), default=0.0)
            usual = float(parameters["least"]) * home <= sum(ends) / len(ends) <= float(parameters["factor"]) * home
            return (match.start, match.end) if home and usual else None
    return None


def names_another_place(at: Facts, parameters: Parameters) -> Span | None:
    """A small transit town at a border beside another town, or beside a crossing."""
    cities = parameters["cities"]
    transit = [place for place in at.places if place.role == "transit" and place.value not in cities]
    if not transit:
        return None
    # The province or the country beside a town says no more than the address.
    others = {place.value for place in at.places if place.role == "hub" or place.value in cities} - {transit[0].value}
    if others or "irregular-crossing" in at.found:
        return transit[0].start, transit[0].end
    return None


def hub_place(at: Facts, parameters: Parameters) -> Span | None:
    """A place of role hub that is not simply a large city, nor in the reader's own country."""
    cities = parameters["cities"]
    for place in at.places:
        if place.role == "hub" and place.value not in cities and place.country not in at.homes:
            return place.start, place.end
    return None


def hub_at_home(at: Facts, parameters: Parameters) -> Span | None:
    """A place of role hub in the reader's own country."""
    for place in at.places:
        if place.role == "hub" and place.value not in parameters["cities"] and place.country in at.homes:
            return place.start, place.end
    return None


def hub_city(at: Facts, parameters: Parameters) -> Span | None:
    """A place in a country of compounds that is not the reader's home."""
    for place in at.places:
        if place.country in parameters["countries"] and place.country not in at.homes:
            return place.start, place.end
    return None


def route_city(at: Facts, parameters: Parameters) -> Span | None:
    """A place of role hub or transit that is not the reader's home."""
    for place in at.places:
        if place.role in ("hub", "transit") and place.country not in at.homes:
            return place.start, place.end
    return None


def hub_abroad(at: Facts, parameters: Parameters) -> Span | None:
    """A place in a country of compounds, in a language (or from a source) with another home."""
    if not at.homes:
        # In a language of many homes, only the enclaves that have hardly any other work.
        enclaves = (place for place in at.places if place.role == "hub" and place.value in parameters["enclaves"])
        return next(((place.start, place.end) for place in enclaves), None)
    for place in at.places:
        away = place.country in parameters["countries"] or (place.role == "hub" and place.country == "TH")
        if away and place.country not in at.homes:
            return place.start, place.end
    return None


def enclave(at: Facts, parameters: Parameters) -> Span | None:
    """One of the places that have hardly any other work."""
    named = (place for place in at.places if place.value in parameters["enclaves"])
    return next(((place.start, place.end) for place in named), None)


def place_abroad(at: Facts, parameters: Parameters) -> Span | None:
    """A place in another country than that of the post's language or source; not one where no compounds are known."""
    if not at.homes:
        return None
    for place in at.places:
        away = place.country and place.country not in at.homes and place.country not in parameters["unlikely"]
        if away and place.role != "origin":
            return place.start, place.end
    return None


def messenger_only(at: Facts, parameters: Parameters) -> Span | None:
    """A messenger, and neither a site, nor a work address."""
    if at.site or at.work_mail or "employer-named" in at.found:
        return None
    return at.messenger or at.found.get("write-in-private")


def no_employer_identity(at: Facts, parameters: Parameters) -> Span | None:
    """An offer (something of an offer was found) without company, site or work address."""
    if at.site or at.work_mail or "employer-named" in at.found or "official-channel" in at.found:
        return None
    if any(segment[0] == "organisation" for segment in at.context.segments):
        return None
    for name in ("kind-hiring", "generic-online-role", "room-and-board", "travel-paid"):
        if name in at.found:
            return at.found[name]
    return None


def employer_named(at: Facts, parameters: Parameters) -> Span | None:
    """The page itself names the organisation, or there is a site of its own."""
    for name, start, end, _ in at.context.segments:
        if name == "organisation" and end > start:
            return start, end
    return at.site


def work_email(at: Facts, parameters: Parameters) -> Span | None:
    """An address that is not of a free mail service."""
    return at.work_mail


def young_age_band(at: Facts, parameters: Parameters) -> Span | None:
    """An age limit of at most 40, from 16 upwards."""
    for match in at.context.entities:
        if match.kind == "age":
            low, _, high = match.value.partition("-")
            if low.isdigit() and 16 <= int(low) <= 25 and (not high.isdigit() or int(high) <= 45):
                return match.start, match.end
    return None


def contact_disguised(at: Facts, parameters: Parameters) -> Span | None:
    """Disguises were taken off inside a contact."""
    for match in at.context.entities:
        contact = match.kind in KNOWN.messengers or match.kind in ("phone", "url", "email")
        if contact and (match.undone or at.context.undone(match.start, match.end)):
            return match.start, match.end
    return None


def text_disguised(at: Facts, parameters: Parameters) -> Span | None:
    """At least `least` disguises of the harder kinds; emoji and full-width punctuation are everyday writing."""
    hard = [one for one in at.context.disguises if one[2] in KNOWN.disguises]
    if len(hard) < int(parameters["least"]):
        return None
    return hard[0][0], max(hard[0][1], hard[0][0] + 1)


def letters_parted(at: Facts, parameters: Parameters) -> Span | None:
    """Letters are parted by marks, or figures stand for letters."""
    span: Span | None = at.context.cache.get("parted")
    return span


def worded_like(at: Facts, given: Parameters) -> Span | None:
    """The wording's log-odds of a lure are from `least` up to `most`; where the piece stands that says so most."""
    read = worded(at.context)
    if not given["least"] <= read.logits["lure"] < given["most"]:
        return None
    return in_force().piece(at.context.lower, read, int(given["sign"]))


RULES: Final[Mapping[str, Callable[[Facts, Parameters], Span | None]]] = {
    rule.__name__: rule
    for rule in (
        pay_above_wage, pay_at_wage, names_another_place, hub_place, hub_at_home, hub_city, route_city, hub_abroad, enclave,
        place_abroad, employer_named, work_email, messenger_only, no_employer_identity, young_age_band, contact_disguised,
        text_disguised, letters_parted, worded_like,
    )
}  # fmt: skip
