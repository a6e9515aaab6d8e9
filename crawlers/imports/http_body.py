"""The body of an HTTP answer as an archive keeps it: chunked, packed, perhaps cut, perhaps made to unpack without end."""

import re
import zlib
from collections.abc import Callable
from typing import Final

import brotli  # type: ignore[import-untyped]  # ships no types
from backports import zstd

__all__ = ["TooLarge", "dechunked", "unpacked_body"]

_STEP: Final = 1 << 16
_CHUNK_HEAD: Final = re.compile(rb"\s*([0-9a-fA-F]{1,8})[^\r\n]{0,200}\r?\n")
_NONE: Final = ("", "identity", "utf-8", "none")


class TooLarge(ValueError):  # noqa: N818 -- a verdict on one body
    """A body that unpacks to more than is allowed."""


def dechunked(body: bytes) -> tuple[bytes, bool]:
    """A body without the marks of `Transfer-Encoding: chunked`, and whether it was whole.

    Archives often keep the header and have taken off the marks: such a body is given back as it is.
    """
    parts: list[bytes] = []
    at = 0
    while (match := _CHUNK_HEAD.match(body, at)) is not None:
        size = int(match[1], 16)
        if not size:
            return b"".join(parts), True
        parts.append(body[match.end() : match.end() + size])
        at = match.end() + size
        if at > len(body):
            return b"".join(parts), False
    if not parts:
        return body, True
    return b"".join(parts), at >= len(body.rstrip())


def unpacked_body(body: bytes, encodings: str, limit: int) -> tuple[bytes, str]:
    """`body` without its `Content-Encoding`, and what was wrong with it; a body that is cut gives what came.

    Archives often keep the header of a body that they have unpacked: such a body is given back as it is. Raises TooLarge
    above `limit` bytes.
    """
    problem = ""
    for name in reversed([part.strip().lower() for part in encodings.split(",")]):
        if name in _NONE:
            continue
        unpack = _UNPACKERS.get(name)
        if unpack is None:
            return body, f"it is packed as {name[:20]!r}, which cannot be unpacked"
        found, whole = unpack(body, limit)
        if not found and body:
            if any(byte < 9 for byte in body[:512]) or not _is_text(body[:512]):
                return body, f"it is packed as {name!r}, and cannot be unpacked"
            continue  # it was unpacked before it was kept
        body = found
        problem = problem or ("" if whole else "it was cut short inside its compressed body; what came was read")
    if len(body) > limit:
        raise TooLarge
    return body, problem


def _inflated(body: bytes, limit: int) -> tuple[bytes, bool]:
    """Both forms of gzip and deflate; several members stand one after the other."""
    for bits in (16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS):
        if bits > 30 and not body.startswith(b"\x1f\x8b"):
            continue
        found = bytearray()
        rest, whole = body, False
        while rest:
            unpacker = zlib.decompressobj(bits)
            try:
                found += unpacker.decompress(rest, limit + 1 - len(found))
            except zlib.error:
                break
            _bounded(found, limit)
            whole = unpacker.eof
            rest = unpacker.unused_data if whole else b""
        if found:
            return bytes(found), whole
    return b"", False


def _unbrotlied(body: bytes, limit: int) -> tuple[bytes, bool]:
    unpacker = brotli.Decompressor()
    found, whole = bytearray(), False
    try:
        piece = unpacker.process(body, output_buffer_limit=_STEP)
        while piece:
            found += piece
            _bounded(found, limit)
            whole = unpacker.is_finished()
            piece = b"" if whole else unpacker.process(b"", output_buffer_limit=_STEP)
    except brotli.error:
        whole = False
    return bytes(found), whole


def _unzstd(body: bytes, limit: int) -> tuple[bytes, bool]:
    unpacker = zstd.ZstdDecompressor()
    found = bytearray()
    try:
        found += unpacker.decompress(body, max_length=_STEP)
        while not unpacker.eof and not unpacker.needs_input:
            found += unpacker.decompress(b"", max_length=_STEP)
            _bounded(found, limit)
    except zstd.ZstdError:
        pass
    return bytes(found), unpacker.eof


def _is_text(body: bytes) -> bool:
    return b"<" in body or body.isascii() or body.decode("utf-8", "replace").count("\ufffd") <= 1


def _bounded(found: bytearray, limit: int) -> None:
    if len(found) > limit:
        raise TooLarge


_UNPACKERS: Final[dict[str, Callable[[bytes, int], tuple[bytes, bool]]]] = {
    "gzip": _inflated,
    "x-gzip": _inflated,
    "deflate": _inflated,
    "br": _unbrotlied,
    "zstd": _unzstd,
}
