"""ICU's word breaks as a spaCy tokenizer, one for all languages."""

from spacy.tokens import Doc
from spacy.vocab import Vocab

from nlp.breaks import breaks
from nlp.context import Context

__all__ = ["IcuTokenizer", "doc_of"]

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
