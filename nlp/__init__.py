"""The findings in a text: its language, its contacts, places and pay, its red flags, its risk.

`nlp.analyse(text)` for one text, `nlp.load()` for an `Analyser` that streams, `nlp.words(text)` for the words that the
search index holds.
"""

import logging
import multiprocessing
from functools import lru_cache
from pathlib import Path
from typing import Final

from jerat.errors import DataError
from jerat.model import Analysis, Field
from nlp.analyser import Analyser, Input
from nlp.names.component import Mode
from nlp.words import Word, words

__all__ = ["Analyser", "Input", "Word", "analyse", "load", "words"]

_log: Final = logging.getLogger("jerat.lexicon")


@lru_cache(maxsize=4)
def load(lexicon: Path | None = None, names: Mode = "auto") -> Analyser:
    """An Analyser with its data in memory; `lexicon` is an analyst's folder of data files. The same one is kept.

    `names` says which texts are read for names, far slower than all else: `auto` those of some risk, `always`, `never`.
    Where a file of the folder has a mistake, a warning names file, entry and mistake, and the shipped data is in force:
    nobody's work should stop for a typing error. Raises DataError where there is no such folder.
    """
    try:
        return Analyser(lexicon, names)
    except DataError as error:
        if lexicon is None or not lexicon.is_dir():
            raise
        analyser = Analyser(None, names)  # raises what is wrong with the shipped data, should the fault be there
        if multiprocessing.parent_process() is None:  # said once, not by every worker
            _log.warning("The lexicon folder %s is not used, the shipped lexicon stays in force: %s", lexicon, error)
        return analyser


def analyse(text: str, *, id: str = "", fields: tuple[Field, ...] = (), country_hint: str = "") -> Analysis:
    """All findings in one text, by an Analyser that is made at the first call."""
    return load().analyse(text, id=id, fields=fields, country_hint=country_hint)
