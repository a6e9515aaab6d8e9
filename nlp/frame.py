"""The components as a spaCy pipeline, with ICU's word breaks as its tokenizer. Whoever imports this imports spaCy."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from nlp.breaks import breaks
from nlp.context import STEPS, Component, Context, factory_name
from nlp.pipeline import COMPONENTS, steps

__all__ = ["LONGEST", "IcuTokenizer", "build", "doc_of"]

LONGEST: Final = 2**31 - 1
"""Characters of a text; spaCy's own limit guards trained models, of which this pipeline has none."""

_VOCAB = Vocab()

if not Doc.has_extension("jerat"):
    # Kept in user_data, where a component reads it without the detour over the underscore.
    Doc.set_extension("jerat", getter=lambda doc: doc.user_data.get("jerat"))


class IcuTokenizer:
    """Makes the Doc of a Context. `nlp(text)` of spaCy goes through `__call__` and makes the context first."""

    def __init__(self, vocab: Vocab) -> None:
        """Takes from `vocab` the functions by which spaCy describes each new word (its shape, whether it is like a number
        and twenty more): nothing here asks for them, and they cost more than all recognisers together.
        """
        vocab.lex_attr_getters = {}  # type: ignore[attr-defined]  # its stub leaves it out
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """The Doc of the normalised text, its context at `doc._.jerat`."""
        return self.read(Context.of(text))

    def read(self, context: Context) -> Doc:
        """The Doc of a context."""
        words: list[str] = []
        spaces: list[bool] = []
        free = False  # whether the word before may take a space
        for word in breaks(context.text):
            if word == " " and free:
                spaces[-1] = True
                free = False
            else:
                words.append(word)
                spaces.append(False)
                free = True
        doc = Doc(self.vocab, words=words, spaces=spaces)
        doc.user_data["jerat"] = context
        context.doc = doc
        return doc


def doc_of(context: Context) -> Doc:
    """The Doc of a context outside of a pipeline."""
    return IcuTokenizer(_VOCAB).read(context)


def build(lexicon: Path | None = None, made: Sequence[Component] | None = None) -> Language:
    """The pipeline; `made` are the components of `steps(lexicon)` where they are at hand.

    Raises DataError where a data file, or one of the analyst's folder, is wrong.
    """
    nlp = spacy.blank("xx")
    nlp.tokenizer = IcuTokenizer(nlp.vocab)
    nlp.max_length = LONGEST
    for step, component in zip(COMPONENTS, made or steps(lexicon), strict=True):
        factory = factory_name(step.name, step.version)
        _register(factory)
        _HANDED[factory] = component
        try:
            nlp.add_pipe(factory, name=step.name, config={"lexicon": str(lexicon) if lexicon else ""})
        finally:
            _HANDED.clear()
    return nlp


_HANDED: Final[dict[str, Component]] = {}
"""A component on its way into a pipeline through spaCy's factory, which would make it a second time."""


def _register(factory: str) -> None:
    """Tell spaCy how the component is made, so that `add_pipe` knows it in any pipeline."""
    if Language.has_factory(factory):
        return

    def make(nlp: Language, name: str, lexicon: str) -> Component:
        return _HANDED.get(factory) or STEPS[factory](name, Path(lexicon) if lexicon else None)

    Language.factory(factory, default_config={"lexicon": ""}, func=make)
