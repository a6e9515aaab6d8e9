"""JSON that says the same wherever it is printed or read line by line."""

import re
from typing import Final

__all__ = ["json_safe"]

# Control characters of the terminal, marks of direction, and what some readers of lines take for the end of one.
_ESCAPED: Final = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]")


def json_safe(document: str) -> str:
    """A JSON document with these characters as escapes: it says the same, and steers nothing."""
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", document)
