"""Page tokens: where the last page ended, and which posts were there when the first was made. The same on both engines."""

import base64
import binascii
import hashlib
from typing import Final

import msgspec

from index.protocol import Request
from jerat.errors import QueryError

__all__ = ["MAX_SIZE", "Place", "Token", "check_size", "read_token", "write_token"]

MAX_SIZE: Final = 1000
"""Hits on one page; `Index.scan` gives all of them."""


class Place(msgspec.Struct, frozen=True, array_like=True):
    """The last hit of a page: what it was sorted by. `rank` is the relevance, `published` microseconds since 1970."""

    rank: int
    risk: float
    published: int
    id: str


class Token(msgspec.Struct, frozen=True, array_like=True):
    """`newest` is the number of the newest post when the first page was made: later posts are left out."""

    asked: str
    newest: int
    total: int
    place: Place


def _asked(request: Request) -> str:
    asked = f"{request.sort}\0{request.restricted}\0{request.query.strip()}"
    return hashlib.blake2b(asked.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def write_token(request: Request, newest: int, total: int, place: Place) -> str:
    """The `next` of a page."""
    token = Token(_asked(request), newest, total, place)
    return base64.urlsafe_b64encode(msgspec.json.encode(token)).decode().rstrip("=")


def read_token(request: Request) -> Token | None:
    """The token of a request, None on the first page. Raises QueryError if it is not one, or of another query."""
    if request.after is None:
        return None
    try:
        padded = request.after + "=" * (-len(request.after) % 4)
        token = msgspec.json.decode(base64.urlsafe_b64decode(padded.encode("ascii")), type=Token)
    except (ValueError, binascii.Error, msgspec.MsgspecError):
        raise QueryError("the page token cannot be read", hint="begin again at the first page") from None
    if token.asked != _asked(request):
        raise QueryError("the page token belongs to another query or order", hint="begin again at the first page")
    return token


def check_size(size: int) -> None:
    """Raises QueryError if a page cannot have `size` hits; 0 asks for the total and the facets alone."""
    if not 0 <= size <= MAX_SIZE:
        raise QueryError(
            f"a page has between 0 and {MAX_SIZE} hits, not {size}", hint="`jerat export` gives all of them"
        )
