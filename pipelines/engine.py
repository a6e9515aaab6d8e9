"""The one place where the index gets its words from nlp: neither of the two knows the other."""

from collections.abc import Sequence

import index
import nlp
from index.protocol import Index, Word
from jerat.case import Case
from jerat.errors import JeratError
from jerat.settings import Settings

__all__ = ["drained", "open_engine", "words"]


def words(text: str) -> Sequence[Word]:
    """The words of `text` as the index matches them, with their places in it."""
    return [Word(word.text, word.start, word.end) for word in nlp.words(text)]


def open_engine(settings: Settings, case: Case) -> Index:
    """The engine that the settings name. Raises IndexUnavailable where it does not answer."""
    return index.open_index(settings, case, words)


def drained(settings: Settings, case: Case) -> str:
    """Take the outbox to the engine; returns why posts still wait, as a sentence, or nothing where none does."""
    waiting = case.outbox.count()
    if not waiting:
        return ""
    try:
        engine = open_engine(settings, case)
    except JeratError as error:
        return f"{waiting} posts wait in the outbox: {error}"
    try:
        report = index.drain(case, engine)
    except JeratError as error:
        return f"{case.outbox.count()} posts wait in the outbox: {error}"
    finally:
        engine.close()
    return f"{report.waiting} posts wait in the outbox: {report.error}" if report.error else ""
