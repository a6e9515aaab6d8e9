"""Whether two posts are the same advertisement under two addresses."""

import re
from typing import Final

from jerat.model import Post

__all__ = ["likeness", "same_advertisement"]

_ENOUGH: Final = 0.5
_UNSPACED: Final = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff"
_WORD: Final = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_RUN: Final = 3
_MOST: Final = 3000


def same_advertisement(one: Post, other: Post) -> bool:
    """Whether one has become the other: the text alike, or the same title and employer over a text that is a bit alike."""
    alike = likeness(one.text, other.text)
    if alike >= _ENOUGH:
        return True
    titles = [" ".join(post.title.casefold().split()) for post in (one, other)]
    employers = [post.job.organisation.casefold() if post.job is not None else "" for post in (one, other)]
    return bool(titles[0]) and titles[0] == titles[1] and employers[0] == employers[1] and alike >= _ENOUGH / 4


def likeness(one: str, other: str) -> float:
    """The share of runs of three words that both texts have, of all that either has: 1 for the same words, 0 for others."""
    runs = [_runs(one), _runs(other)]
    if not runs[0] or not runs[1]:
        return float(runs[0] == runs[1])
    return len(runs[0] & runs[1]) / len(runs[0] | runs[1])


def _runs(text: str) -> set[tuple[str, ...]]:
    """Words; in scripts that put no space between words, letters."""
    words = _WORD.findall(text.casefold())[:_MOST]
    return {tuple(words[at : at + _RUN]) for at in range(max(1, len(words) - _RUN + 1))} if words else set()
