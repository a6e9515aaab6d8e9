"""Text as it was meant: disguises taken off, and every character's way back kept."""

import unicodedata

from nlp.normalise.offsets import Normalised


def normalise(text: str) -> Normalised:
    """First form: NFKC per character."""
    if text.isascii():
        return Normalised(text, text)
    out, pieces, at = [], [], 0
    for i, c in enumerate(text):
        new = "\ufffd" if "\ud800" <= c <= "\udfff" else "" if unicodedata.category(c) == "Cf" or c == "\ufe0f" else unicodedata.normalize("NFKC", c)
        if new:
            pieces.append((at, i, len(new), 1))
            out.append(new)
            at += len(new)
    return Normalised(text, "".join(out), pieces)
