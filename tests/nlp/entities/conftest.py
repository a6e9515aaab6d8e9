"""For the contact tests: a reader of a text's contacts, as `kind value`, by the whole pipeline."""

from collections.abc import Callable

import pytest

import nlp
from jerat.model import CONTACT_KINDS


@pytest.fixture(scope="session")
def contacts() -> Callable[..., set[str]]:
    analyser = nlp.load()

    def read(text: str, country_hint: str = "") -> set[str]:
        found = set()
        for entity in analyser.analyse(text, country_hint=country_hint).entities:
            assert text[entity.start : entity.end] == entity.text
            assert entity.text
            assert 0 < entity.confidence <= 1
            if entity.kind in CONTACT_KINDS:
                found.add(f"{entity.kind} {entity.value}")
        return found

    return read
