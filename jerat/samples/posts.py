"""The invented posts of the sample sites, and what a reader finds in each: the expectation of tests and of the demo."""

from datetime import date as day
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Final, Literal

import msgspec
import yaml

from jerat.errors import DataError
from jerat.model import PostKind

__all__ = ["FILES", "Form", "SamplePost", "SampleSite", "load"]

FILES: Final = ("kerja-raya.yaml", "papan-lowongan.yaml", "channel.yaml")

Form = Literal["jobposting", "classifieds", "telegram"]
Markup = Literal["json-ld", "microdata", "rdfa"]


class SamplePost(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One invented post. `contacts` are `kind:value` and `places` `Name, CC`, as jerat writes the values of entities.

    `date` is aware, and midnight in UTC where a page shows only the day.
    """

    language: str
    kind: PostKind
    lure: bool
    date: datetime
    text: str
    contacts: tuple[str, ...]
    places: tuple[str, ...]
    slug: str = ""
    """Of a page: the last part of its address."""
    number: int = 0
    """Of a message: its number in the channel."""
    title: str = ""
    author: str = ""
    charset: str = "utf-8"
    """How the page is encoded; only its meta element says so."""
    locations: tuple[tuple[str, str], ...] = ()
    salary: tuple[str, int, int, str] | None = None
    """Currency, least and most, and the unit of time, as schema.org writes them."""
    markup: Markup = "json-ld"
    escapes: int = 0
    """How many times the description is escaped beyond what its markup needs."""
    broken: bool = False
    """Whether its structured data are not well-formed: the post is found all the same, or is a dead letter."""
    valid_through: day | None = None
    apply: str = ""
    views: str = ""
    """As shown, so 1.2K is 1200."""
    photo: bool = False
    edited: bool = False
    reply_to: int = 0
    forwarded: tuple[str, str] | None = None
    """Name and address of what a message was forwarded from."""


class SampleSite(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One sample site."""

    name: str
    title: str
    about: str
    form: Form
    posts: tuple[SamplePost, ...]

    def path(self, post: SamplePost) -> str:
        """How the address of a post ends: its path on the sample site, or on t.me for a message."""
        if self.form == "telegram":
            return f"/{self.name}/{post.number}"
        return f"/lowongan/{post.slug}" if self.form == "jobposting" else f"/iklan/{post.slug}.html"


@cache
def load() -> tuple[SampleSite, ...]:
    """The sample sites. Raises DataError, naming file and place, where a file does not fit."""
    sites = []
    for name in FILES:
        text = files("jerat.samples").joinpath("data", name).read_text("utf-8")
        try:
            sites.append(msgspec.convert(yaml.load(text, Loader=yaml.CSafeLoader), SampleSite))
        except (yaml.YAMLError, msgspec.ValidationError) as error:
            raise DataError(f"the sample posts in {name} cannot be used: {error}") from error
    return tuple(sites)
