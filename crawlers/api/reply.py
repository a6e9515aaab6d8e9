"""The body of a reply as JSON. Whoever answers may be hostile: what cannot be read is told in one sentence."""

import json
import re
from typing import Any, Final

from crawlers.failures import wall

__all__ = ["NoJsonError", "read_json", "server_says"]

_MAX_DIGITS: Final = 30
_MAX_SAID: Final = 200
# An escaped backslash, a pair of surrogates, or a lone one, which stands for no character.
_ESCAPES: Final = re.compile(
    r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)


class NoJsonError(ValueError):
    """A body that is no JSON. The message is a sentence for people; `passing` says that a second try may mend it."""

    def __init__(self, sentence: str, *, passing: bool = False) -> None:
        super().__init__(sentence)
        self.passing = passing


def read_json(text: str) -> Any:
    """The value in `text`. Lone surrogates become U+FFFD, numbers without end their first digits. Raises NoJsonError."""
    text = text.lstrip("\ufeff \t\r\n")
    if not text:
        raise NoJsonError("the reply is empty", passing=True)
    if text.startswith("<"):
        seen = wall(text)
        raise NoJsonError(f"HTML came where JSON was asked for{f': {seen}' if seen else ''}")
    try:
        return json.loads(_ESCAPES.sub(_whole, text), parse_int=_int, parse_constant=lambda _: None)
    except RecursionError:
        raise NoJsonError("JSON that is nested too deeply") from None
    except ValueError as error:
        place = getattr(error, "pos", None)
        where = f" at character {place:,} of {len(text):,}" if place is not None else ""
        raise NoJsonError(f"JSON that is cut or broken{where}", passing=True) from None


def _whole(match: re.Match[str]) -> str:
    escape = match[0]
    return "\\ufffd" if len(escape) == 6 else escape


def _int(digits: str) -> int | str:
    return int(digits) if len(digits) <= _MAX_DIGITS else digits[:_MAX_DIGITS]


def server_says(body: bytes) -> str:
    """What a reply with an error says of itself, in one line; empty where it says nothing in JSON."""
    try:
        data = read_json(body[:100_000].decode("utf-8", "replace"))
    except NoJsonError:
        return ""
    if not isinstance(data, dict):
        return ""
    errors = data.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else None
    parts = [first, data.get("error"), data.get("message"), data.get("error_description"), data.get("reason")]
    said = [" ".join(part.split()) for part in parts if isinstance(part, str) and part.strip()]
    return ": ".join(dict.fromkeys(said))[:_MAX_SAID]
