"""Values out of JSON that somebody else wrote: never a KeyError, whatever stands there."""

from collections.abc import Iterator

__all__ = ["at", "items_of", "number", "text"]


def at(value: object, path: str) -> object:
    """What stands at `path` (`core.user.0.name`) in `value`; None where the way ends before."""
    for step in path.split("."):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def text(value: object, *paths: str) -> str:
    """The first of `paths` at which a text with something in it stands, stripped; else empty. Whole numbers count as text."""
    for path in paths:
        found = at(value, path)
        if isinstance(found, str) and found.strip():
            return found.strip()
        if isinstance(found, int) and not isinstance(found, bool):
            return str(found)
    return ""


def number(value: object, *paths: str) -> int | None:
    """The first of `paths` at which a whole number stands, also as digits."""
    for path in paths:
        found = at(value, path)
        if isinstance(found, int) and not isinstance(found, bool):
            return found
        if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) < 19:
            return int(found)
    return None


def items_of(value: object, path: str) -> Iterator[object]:
    """The members of the list at `path`; none where there is no list."""
    found = at(value, path)
    if isinstance(found, list):
        yield from found
