"""What a picture is, by its first bytes and the size in its header: nothing is decoded, so nothing can blow up.

PNG (W3C PNG, 5.2 and 11.2.2), JPEG (ITU-T T.81, B.2.2), GIF (GIF89a, 18), WebP (RFC 9649).
"""

from dataclasses import dataclass
from typing import Final

__all__ = ["NoPictureError", "Picture", "read_picture"]

_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""The markers of JPEG that begin a frame, and so tell its size."""
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
_MOST_SEGMENTS: Final = 4000


class NoPictureError(ValueError):
    """Bytes that are no picture that is kept; the message says why."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture. `kind` is the ending of its file: png, jpg, gif or webp."""

    kind: str
    width: int
    height: int

    @property
    def pixels(self) -> int:
        """What it would take to show it."""
        return self.width * self.height


def read_picture(data: bytes) -> Picture:
    """The kind and the size of a picture. Raises NoPictureError."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        if data[12:16] != b"IHDR" or len(data) < 33:
            raise NoPictureError("a PNG without a header that can be read")
        found = Picture("png", int.from_bytes(data[16:20]), int.from_bytes(data[20:24]))
    elif data[:6] in (b"GIF87a", b"GIF89a") and len(data) >= 13:
        found = Picture("gif", int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little"))
    elif data.startswith(b"\xff\xd8\xff"):
        found = _jpeg(data)
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        found = _webp(data)
    else:
        raise NoPictureError(f"{_guess(data)}; pictures that are kept are JPEG, PNG, WebP and GIF")
    if not found.width or not found.height:
        raise NoPictureError(f"a {found.kind} of {found.width} × {found.height} pixels")
    return found


def _jpeg(data: bytes) -> Picture:
    at = 2
    for _ in range(_MOST_SEGMENTS):
        while at < len(data) and data[at] == 0xFF and at + 1 < len(data) and data[at + 1] == 0xFF:
            at += 1  # fill bytes
        if at + 4 > len(data) or data[at] != 0xFF:
            break
        marker = data[at + 1]
        if marker in _ALONE:
            at += 2
            continue
        if marker in (0xDA, 0xD9):
            break
        if marker in _FRAMES and at + 9 <= len(data):
            return Picture("jpg", int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7]))
        at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4]))
    raise NoPictureError("a JPEG without a size that can be read")


def _webp(data: bytes) -> Picture:
    kind = data[12:16]
    if kind == b"VP8X" and len(data) >= 30:
        return Picture("webp", 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little"))
    if kind == b"VP8L" and len(data) >= 25 and data[20] == 0x2F:
        bits = int.from_bytes(data[21:25], "little")
        return Picture("webp", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    if kind == b"VP8 " and len(data) >= 30 and data[23:26] == b"\x9d\x01\x2a":
        width, height = (int.from_bytes(data[at : at + 2], "little") & 0x3FFF for at in (26, 28))
        return Picture("webp", width, height)
    raise NoPictureError("a WebP without a size that can be read")


def _guess(data: bytes) -> str:
    """What it is instead, in words."""
    head = data[:1000].lstrip().lower()
    if not data:
        return "nothing came"
    if b"<svg" in head:
        return "an SVG, which may hold programs"
    if head.startswith((b"<!doctype", b"<html", b"<")):
        return "a page and no picture"
    if data[4:8] == b"ftyp":
        return "a film, or a picture in a form that is not kept (HEIC, AVIF)"
    return "no picture in a form that is known"
