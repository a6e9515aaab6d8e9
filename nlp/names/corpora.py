"""The corpora of names that the model learns from: their formats, their labels and where their parts are."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from jerat.errors import InputError

__all__ = ["CORPORA", "LABELS", "Corpus", "Sentence"]

LABELS: Final = ("PER", "ORG", "LOC")


class Sentence(NamedTuple):
    """A text with its names: (start, end, label), in code points of the text."""

    text: str
    names: tuple[tuple[int, int, str], ...]


class Corpus(NamedTuple):
    """A corpus in lines of columns: one token a line, an empty line between sentences.

    `labels` gives our label for each of the corpus's; what it leaves out (products, events, dates, nominal mentions) is
    no name to us. Where a corpus does not mark organisations at all, `unmarked` says so.
    """

    name: str
    language: str
    folder: str
    train: str
    dev: str
    labels: Mapping[str, str]
    column: int = 0
    label: int = -1
    tabs: bool = False
    joined: str = " "
    """What stands between two tokens."""
    numbered: bool = False
    """Whether a digit stands behind each token: the character's place in its word."""
    every: int = 0
    """Where there is no part for development: every n-th sentence of the training part is it."""
    copies: int = 1
    """How often a sentence is shown in one epoch, so that small corpora are not drowned by large ones."""
    unmarked: tuple[str, ...] = ()

    def read(self, root: Path, part: str) -> list[Sentence]:
        """The sentences of `train`, `dev` or `both` under the folder of all corpora. Raises InputError where there are none."""
        if part == "both":
            return self.read(root, "train") + self.read(root, "dev")
        path = root / self.folder / (self.train if part == "train" else self.dev)
        try:
            with path.open(encoding="utf-8") as lines:
                found = list(self.parse(lines))
        except OSError as error:
            raise InputError(f"the corpus {path} cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise InputError(f"the corpus {path} is not UTF-8 at byte {error.start}") from error
        if self.every:
            found = [one for at, one in enumerate(found) if (at % self.every == self.every - 3) == (part == "dev")]
        return found

    def parse(self, lines: Iterable[str]) -> Iterator[Sentence]:
        """The sentences in lines of the corpus's format. Raises InputError with the line that has too few columns."""
        rows: list[tuple[str, str]] = []
        for number, line in enumerate(lines, 1):
            row = line.rstrip("\r\n")
            if row.startswith("# ") and "\t" not in row:
                continue
            if not row.strip():
                if rows:
                    yield self._sentence(rows)
                rows = []
                continue
            cells = row.split("\t") if self.tabs else row.split()
            if len(cells) <= max(self.column, self.label):
                raise InputError(f"{self.name}: line {number} has {len(cells)} columns: {row!r}")
            if len(cells) > 1:  # a label alone belongs to a token that was white space
                word = cells[self.column]
                rows.append((word[:-1] if self.numbered else word, cells[self.label]))
        if rows:
            yield self._sentence(rows)

    def _sentence(self, rows: list[tuple[str, str]]) -> Sentence:
        text = ""
        names: list[tuple[int, int, str]] = []
        running = ""  # the corpus's own label of the name under way
        for number, (word, mark) in enumerate(rows):
            if number:
                text += self.joined
            start = len(text)
            text += word
            begins, _, label = mark.partition("-")
            if begins == "I" and label == running:
                if label in self.labels:
                    names[-1] = (names[-1][0], len(text), names[-1][2])
            elif begins in ("B", "I") and label in self.labels:
                names.append((start, len(text), self.labels[label]))
            running = label if begins in ("B", "I") else ""
        return Sentence(text, tuple(names))


CORPORA: Final = (
    Corpus(
        "nergrit", "id", "id_nergrit", "train_preprocess.txt", "valid_preprocess.txt",
        {"PERSON": "PER", "PLACE": "LOC", "ORGANISATION": "ORG"}, copies=3,
    ),
    Corpus(
        "nerp", "id", "id_nerp", "train_preprocess.txt", "valid_preprocess.txt",
        {"PPL": "PER", "PLC": "LOC"}, unmarked=("ORG",),
    ),
    Corpus("idner", "id", "id_idner", "train.txt", "dev.txt", {"PER": "PER", "LOC": "LOC", "ORG": "ORG"}, copies=5),
    Corpus(
        "wnut17", "en", "en_wnut17", "wnut17train.conll", "emerging.dev.conll",
        {"person": "PER", "location": "LOC", "corporation": "ORG", "group": "ORG"}, tabs=True, copies=2,
    ),
    Corpus(
        "weibo", "zh", "zh_weibo", "weiboNER_2nd_conll.train", "weiboNER_2nd_conll.dev",
        {"PER.NAM": "PER", "LOC.NAM": "LOC", "GPE.NAM": "LOC", "ORG.NAM": "ORG"}, joined="", numbered=True, copies=3,
    ),
    Corpus(
        "gsdsimp", "zh", "zh_gsdsimp", "zh_gsdsimp-ud-train.iob2", "zh_gsdsimp-ud-dev.iob2",
        {"PER": "PER", "LOC": "LOC", "ORG": "ORG"}, column=1, label=2, tabs=True, joined="",
    ),
    Corpus(
        "thainer", "th", "th_thainer", "train.conll", "train.conll",
        {"PERSON": "PER", "LOCATION": "LOC", "ORGANIZATION": "ORG"}, tabs=True, joined="", every=10,
    ),
)  # fmt: skip
