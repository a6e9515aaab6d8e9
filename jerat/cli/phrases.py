"""What is said to people in their language: the phrases of `phrases.yaml`."""

from functools import cache
from importlib.resources import files

import msgspec

from jerat.errors import InputError
from jerat.model import Level, PostKind

__all__ = ["Phrases", "phrases"]


class Phrases(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"is_": "is"}):
    """The phrases of one language."""

    kinds: dict[PostKind, str]
    levels: dict[Level, str]
    reported: str
    is_: str
    risk: str
    why: str
    names: str
    nothing: str
    against: str
    source: str
    unchecked: str
    full: str
    advice: str
    kept: str
    language: str
    number: str
    """With `{low}`, `{medium}` and `{high}`, the scores at which the levels begin."""
    sources: str
    more: str
    contacts: str
    places: str
    pay: str
    others: str
    missing: str
    help: str
    help_first: str
    help_note: str
    from_abroad: str
    set_apart: str


@cache
def _all() -> dict[str, Phrases]:
    import yaml

    raw = yaml.safe_load(files("jerat.cli").joinpath("phrases.yaml").read_text("utf-8"))
    return msgspec.convert(raw, dict[str, Phrases])


def phrases(language: str) -> Phrases:
    """The phrases of a language. Raises InputError naming those there are."""
    known = _all()
    if language not in known:
        raise InputError(f"there are no explanations in {language!r}", f"there are: {', '.join(known)}")
    return known[language]
