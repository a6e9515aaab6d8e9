"""Trains a table of wording: logistic regression of each head on runs of characters, by AdaGrad, in numpy alone."""

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from nlp.context import Context
from nlp.evaluate import Gold, negatives, read_gold
from nlp.wording.grams import BITS, grams
from nlp.wording.model import HEADS, Wording

__all__ = ["Labelled", "labelled", "of_gold", "train"]

_ROUNDS: Final = 12
NEGATIVES: Final = 0.3
"""What a real negative counts."""
_STEP: Final = 0.6
_DECAY: Final = 2e-4
"""How strongly weights are drawn to zero at each post that holds their run."""


class Labelled(NamedTuple):
    """A text in lower case, normalised, whether it is a lure, its kind, and how much it counts."""

    lower: str
    lure: bool
    kind: str
    share: float = 1.0


def train(posts: Sequence[Labelled], note: str, seed: int = 1) -> Wording:
    """A table that tells `posts` apart. The same posts and seed give the same table."""
    generator = np.random.default_rng(seed)
    read = []
    for post in posts:
        rows, counts = np.unique(grams(post.lower), return_counts=True)
        if len(rows):
            read.append((rows, (counts / np.sqrt(counts.sum())).astype(np.float32), _targets(post), post.share))
    weights = np.zeros((1 << BITS, len(HEADS)), dtype=np.float32)
    squares = np.full_like(weights, 1e-3)
    bias, bias_squares = np.zeros(len(HEADS), dtype=np.float32), np.full(len(HEADS), 1e-3, dtype=np.float32)
    for _ in range(_ROUNDS):
        for place in generator.permutation(len(read)):
            rows, values, wanted, share = read[int(place)]
            mine = weights[rows]
            logits = values @ mine + bias
            slope = share * (1 / (1 + np.exp(-np.clip(logits, -30, 30))) - wanted)
            gradient = np.outer(values, slope) + _DECAY * mine
            squares[rows] += gradient**2
            weights[rows] = mine - _STEP * gradient / np.sqrt(squares[rows])
            bias_squares += slope**2
            bias -= 0.1 * slope / np.sqrt(bias_squares)
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-6) / 127
    about = {"date": datetime.datetime.now(datetime.UTC).date().isoformat(), "posts": str(len(read)), "note": note}
    return Wording(np.round(weights / scale).astype(np.int8), scale.astype(np.float64), bias.astype(np.float64), about)


def _targets(post: Labelled) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
    return np.array([float(post.lure), *(float(post.kind == kind) for kind in HEADS[1:])], dtype=np.float32)


def labelled(gold: Path, folder: Path | None = None) -> dict[str, list[Labelled]]:
    """Posts to learn from, by set: the development parts in `gold`, and the negatives of `folder`."""
    sets = {}
    for path in sorted(gold.glob("risk_*dev.jsonl")):
        sets[path.stem.removeprefix("risk_")] = [of_gold(post) for post in read_gold(path)]
    if folder is not None:
        # They are many and easy: together they count as much as one written set.
        found = list(negatives(folder))
        sets["negatives"] = [of_gold(post)._replace(share=NEGATIVES) for post in found]
    return sets


def of_gold(post: Gold) -> Labelled:
    """A labelled post as it is learnt from; what is only known to be no lure is an offer among advertisements, else `other`."""
    kind = post.kind or ("offer" if post.lure or post.group == "en real jobs" else "other")
    return Labelled(Context.of(post.text).lower, post.lure, kind)
