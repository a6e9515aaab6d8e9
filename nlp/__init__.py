"""The findings in a text: its language, its contacts, places and pay, its red flags, its risk.

`nlp.analyse(text)` for one text, `nlp.load()` for an `Analyser` that streams, `nlp.words(text)` for the words that the
search index holds.
"""

from functools import lru_cache
from pathlib import Path

from jerat.model import Analysis, Field
from nlp.analyser import Analyser, Input
from nlp.names.component import Mode
from nlp.words import Word, words

__all__ = ["Analyser", "Input", "Word", "analyse", "load", "words"]


@lru_cache(maxsize=4)
def load(lexicon: Path | None = None, names: Mode = "auto") -> Analyser:
    """An Analyser with its data in memory; `lexicon` is an analyst's folder of data files. The same one is kept.

    `names` says which texts are read for names, far slower than all else: `auto` those of some risk, `always`, `never`.
    """
    return Analyser(lexicon, names)


def analyse(text: str, *, id: str = "", fields: tuple[Field, ...] = (), country_hint: str = "") -> Analysis:
    """All findings in one text, by an Analyser that is made at the first call."""
    return load().analyse(text, id=id, fields=fields, country_hint=country_hint)
