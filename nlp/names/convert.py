"""The corpora as spaCy's training files: normalised and cut into tokens exactly as a post is."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span
from spacy.training import Example
from spacy.util import filter_spans, registry
from spacy.vocab import Vocab

from nlp.names.adverts import adverts
from nlp.names.corpora import CORPORA, Corpus, Sentence
from nlp.names.tokens import doc_of, of_text
from nlp.normalise import normalise
from nlp.places.gazetteer import Gazetteer, gazetteer

__all__ = ["cased", "convert", "gold", "names_of", "swapped", "unmarked_words"]

SEED: Final = 20261123
LOWER: Final = 0.2
"""Of the repeated sentences, how many are shown in lower case: many advertisements are written so."""
UPPER: Final = 0.07
SWAPPED: Final = 0.5
"""Of the names in repeated sentences, how many are replaced by others."""
MOST_DEV: Final = 300
"""Sentences of a corpus in the file by which training chooses its best state, so that none outweighs the others."""
ADVERTS: Final = 14
"""How often each invented advertisement is shown in one epoch, with other names in it each time."""
_ATTRIBUTES: Final = ("ORTH", "SPACY", "TAG", "ENT_IOB", "ENT_TYPE")
_REACH: Final = 3
"""Tokens behind a word of an organisation that may belong to it."""


def reader(path: Path) -> Callable[[Language], Iterator[Example]]:
    """Examples of a file that `convert` wrote; the side that is predicted has the same tokens and tags."""

    def read(nlp: Language) -> Iterator[Example]:
        vocab = nlp.vocab
        for doc in DocBin().from_disk(path).get_docs(vocab):
            bare = Doc(
                vocab,
                words=[token.text for token in doc],
                spaces=[bool(token.whitespace_) for token in doc],
                tags=[token.tag_ for token in doc],
            )
            yield Example(bare, doc)

    return read


registry.readers("jerat_names_corpus_v1", func=reader)


def convert(
    root: Path, target: Path, corpora: Sequence[Corpus] = CORPORA, *, everything: bool = False
) -> dict[str, int]:
    """Write train.spacy and dev.spacy into `target` from the corpora under `root`: sentences shown, by corpus.

    With `everything` the development parts are learnt from, too. Raises InputError where a corpus is not there or not in
    its format.
    """
    places = gazetteer()
    vocab = Vocab()
    chance = random.Random(SEED)  # noqa: S311 -- which sentences are shown in lower case
    train, dev = DocBin(attrs=_ATTRIBUTES), DocBin(attrs=_ATTRIBUTES)
    counts: dict[str, int] = {}
    parts = {corpus.name: corpus.read(root, "both" if everything else "train") for corpus in corpora}
    for corpus in corpora:
        counts[corpus.name] = 0
        others = [one for other in corpora if other.language == corpus.language for one in parts[other.name]]
        pool = names_of(others)
        doubtful = unmarked_words(others) if corpus.unmarked else frozenset()
        for sentence in parts[corpus.name]:
            for copy in range(corpus.copies):
                shown = cased(swapped(sentence, pool, chance), chance.random()) if copy else sentence
                train.add(gold(vocab, shown, places, doubtful))
                counts[corpus.name] += 1
        for sentence in corpus.read(root, "dev")[:MOST_DEV]:
            dev.add(gold(vocab, sentence, places, doubtful))
    counts["adverts"] = 0
    for sentence in adverts(chance, ADVERTS):
        train.add(gold(vocab, cased(sentence, chance.random()), places))
        counts["adverts"] += 1
    target.mkdir(parents=True, exist_ok=True)
    train.to_disk(target / "train.spacy")
    dev.to_disk(target / "dev.spacy")
    return counts


def cased(sentence: Sentence, chance: float) -> Sentence:
    """The sentence, in lower case or in capitals where `chance` (between 0 and 1) says so and no letter grows by it."""
    text = sentence.text
    if chance < LOWER:
        text = text.lower()
    elif chance < LOWER + UPPER:
        text = text.upper()
    return Sentence(text, sentence.names) if len(text) == len(sentence.text) else sentence


def names_of(sentences: Iterable[Sentence]) -> dict[tuple[str, bool], list[str]]:
    """The names of sentences by label and by whether they begin with a small letter, each as often as it is there."""
    pool: dict[tuple[str, bool], list[str]] = {}
    for text, names in sentences:
        for start, end, label in names:
            pool.setdefault((label, text[start].islower()), []).append(text[start:end])
    return pool


def swapped(sentence: Sentence, pool: dict[tuple[str, bool], list[str]], chance: random.Random) -> Sentence:
    """The sentence with some of its names replaced by others of the same label and letter case.

    So that a sentence that is shown again teaches what stands around a name, and not the name again.
    """
    text = ""
    names: list[tuple[int, int, str]] = []
    at = 0
    for start, end, label in sentence.names:
        name = sentence.text[start:end]
        if chance.random() < SWAPPED:
            name = chance.choice(pool.get((label, name[0].islower()), [name]))
        text += sentence.text[at:start]
        names.append((len(text), len(text) + len(name), label))
        text += name
        at = end
    return Sentence(text + sentence.text[at:], tuple(names))


def gold(vocab: Vocab, sentence: Sentence, places: Gazetteer, doubtful: frozenset[str] = frozenset()) -> Doc:
    """The Doc of a sentence with its names.

    Tokens of a name that does not begin and end where tokens do are left open, neither a name nor none; so are words
    that `doubtful` holds, and those behind them.
    """
    normalised = normalise(sentence.text)
    found = of_text(normalised.text)
    doc = doc_of(vocab, found, places)
    begins = {token.start: number for number, token in enumerate(found)}
    ends = {token.end: number for number, token in enumerate(found, 1)}
    names: list[Span] = []
    open_: set[int] = set()
    for start, end, label in sentence.names:
        first, last = normalised.position(start), normalised.position(end)
        if first in begins and last in ends and begins[first] < ends[last]:
            names.append(Span(doc, begins[first], ends[last], label=label))
        else:
            open_.update(number for number, token in enumerate(found) if token.start < last and token.end > first)
    if doubtful:
        for number, token in enumerate(found):
            if token.text.lower() in doubtful:
                open_.update(range(number, min(number + _REACH, len(found))))
    names = filter_spans(names)
    open_.difference_update(number for name in names for number in range(name.start, name.end))
    doc.set_ents(names, missing=[Span(doc, number, number + 1, label="open") for number in sorted(open_)])
    return doc


def unmarked_words(sentences: Iterable[Sentence], label: str = "ORG") -> frozenset[str]:
    """Words, in lower case, that stand mostly in names of this label where it is marked at all.

    A corpus that does not mark organisations would teach that they are none; these words of it are left open.
    """
    inside: Counter[str] = Counter()
    outside: Counter[str] = Counter()
    for text, names in sentences:
        marked = [(start, end) for start, end, kind in names if kind == label]
        if not marked:
            continue
        for token in of_text(text):
            within = any(start <= token.start and token.end <= end for start, end in marked)
            (inside if within else outside)[token.text.lower()] += 1
    return frozenset(word for word, times in inside.items() if times > outside[word] and word[0].isalpha())
