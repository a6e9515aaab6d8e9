"""Text of strangers, made fit for a terminal: no escape sequence gets through, and no line is turned round."""

import re
from typing import Final

__all__ = ["one_line", "safe"]

_BIDI: Final = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_REPLACEMENT: Final = 0xFFFD

# One character for one, so that spans still hold. Control characters become their pictures (U+2400 and following).
_SAFE: Final[dict[int, int]] = {
    **{code: 0x2400 + code for code in range(0x20)},
    0x7F: 0x2421,
    **dict.fromkeys(range(0x80, 0xA0), _REPLACEMENT),
    **dict.fromkeys(_BIDI, _REPLACEMENT),
    **dict.fromkeys((0xFFF9, 0xFFFA, 0xFFFB), _REPLACEMENT),
    **dict.fromkeys(range(0xD800, 0xE000), _REPLACEMENT),
    0x09: 0x20,
    0x0A: 0x0A,
    0x0D: 0x20,
    0x2028: 0x0A,
    0x2029: 0x0A,
}
_SPACE: Final = re.compile(r"\s+")


def safe(text: str) -> str:
    """`text` with every character that steers a terminal or the direction of writing made visible, same length."""
    return text.translate(_SAFE)


def one_line(text: str, limit: int = 0) -> str:
    """`safe(text)` on one line, white space runs as one space, cut with `…` at `limit` characters where one is given."""
    line = _SPACE.sub(" ", safe(text)).strip()
    return line if not limit or len(line) <= limit else line[: limit - 1].rstrip() + "…"
