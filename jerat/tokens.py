"""Tokens of APIs, each with the host that it belongs to: a token is shown to nobody else."""

import re
from typing import Final

__all__ = ["tokens_of"]

_HOSTED: Final = re.compile(
    r"(?P<host>localhost(?::\d+)?|\[[0-9a-fA-F:]+\](?::\d+)?|[\w-]+(?:\.[\w-]+)+(?::\d+)?)=(?P<token>.+)"
)
_PLAIN: Final = re.compile(r"[\x21-\x7e]{1,8000}")


def tokens_of(text: str, home: str = "") -> dict[str, str]:
    """The tokens in `HOST=TOKEN HOST=TOKEN …`, by host in lower case, with its port where one is named.

    A token without a host belongs to `home`. Raises ValueError, which names no token, where there is no home, or for
    characters that cannot stand in a header.
    """
    found: dict[str, str] = {}
    for part in text.replace(",", " ").split():
        match = _HOSTED.fullmatch(part)
        host, token = (match["host"].lower(), match["token"]) if match else (home, part)
        if not host:
            raise ValueError(
                "must say whose the token is: social.example=TOKEN; several stand side by side, with spaces"
            )
        if not _PLAIN.fullmatch(token):
            raise ValueError("must be printable ASCII, since it is sent in a header")
        if host in found:
            raise ValueError(f"names two tokens for {host}")
        found[host] = token
    return found
