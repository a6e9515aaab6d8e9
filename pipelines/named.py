"""The channels, groups and pages that a post names: where one could look next."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Final
from urllib.parse import parse_qs, urlsplit

import msgspec
import yaml

from jerat.errors import DataError
from jerat.model import Analysis, Post
from jerat.urls import canonical_url

__all__ = ["named_places"]

_MOST: Final = 50
"""Places of one post; one that names more is a list of links."""
_NAME: Final = re.compile(r"[a-z]\w{3,31}")


class _Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: str
    hosts: tuple[str, ...]
    path: str
    address: str
    query: str = ""
    lower: bool = False


class _Places(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    source: str
    places: tuple[_Place, ...]
    no_sites: tuple[str, ...]


@cache
def _data() -> tuple[tuple[tuple[_Place, re.Pattern[str]], ...], tuple[str, ...]]:
    try:
        raw = yaml.load(files("pipelines.data").joinpath("places.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
        found = msgspec.convert(raw, _Places)
        return tuple((place, re.compile(place.path)) for place in found.places), found.no_sites
    except (OSError, yaml.YAMLError, msgspec.ValidationError, re.error) as error:
        raise DataError(f"the data file pipelines/data/places.yaml cannot be used: {error}") from error


def named_places(post: Post, analysis: Analysis) -> Sequence[tuple[str, str]]:
    """Address and kind of each, once. None from a post of somebody in trouble, nor the place where the post itself stands."""
    if analysis.kind == "victim":
        return ()
    found: dict[str, str] = {}
    for address, kind in _all(post, analysis):
        if not _own(address, kind, post):
            found.setdefault(address, kind)
    return tuple(found.items())[:_MOST]


def _all(post: Post, analysis: Analysis) -> Iterator[tuple[str, str]]:
    for entity in analysis.entities:
        if entity.kind == "telegram":
            if entity.value.startswith("+"):
                yield f"https://t.me/{entity.value}", "telegram-invite"
            elif _NAME.fullmatch(entity.value) and not entity.value.endswith("bot"):
                yield f"https://t.me/{entity.value}", "telegram"
        elif entity.kind == "facebook":
            yield f"https://www.facebook.com/{entity.value}", "facebook-page"
        elif entity.kind == "discord" and "discord" in entity.text.lower():
            yield from _of_url(entity.text)
        elif entity.kind == "url":
            yield from _of_url(entity.value)
    if post.message is not None and post.message.forwarded_url:
        yield from _of_url(post.message.forwarded_url)


def _of_url(url: str) -> Iterator[tuple[str, str]]:
    url = url if "://" in url else f"https://{url}"
    try:
        parts = urlsplit(canonical_url(url))
    except ValueError:
        return
    host = (parts.hostname or "").removeprefix("www.")
    places, no_sites = _data()
    for place, path in places:
        if any(host == one or host.endswith(f".{one}") for one in place.hosts) and (
            match := path.fullmatch(parts.path)
        ):
            told = parse_qs(parts.query).get(place.query, [""])[0] if place.query else match[1]
            name = told.lower() if place.lower else told
            if name and not (place.kind == "telegram" and name.endswith("bot")):
                yield place.address.format(name), place.kind
            return
    if "." in host and not any(host == one or host.endswith(f".{one}") for one in no_sites):
        port = f":{parts.port}" if parts.port else ""
        yield f"{parts.scheme}://{parts.hostname}{port}/", "site"


def _own(address: str, kind: str, post: Post) -> bool:
    """Whether it is where the post stands."""
    if kind == "site":
        one, other = (urlsplit(url).netloc.lower().removeprefix("www.") for url in (address, post.url))
        return not other or one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
    return post.url.lower().startswith(f"{address.lower()}/") or post.url.lower() == address.lower()
