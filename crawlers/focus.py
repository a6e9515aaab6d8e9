"""Where in a site the posts stand that are looked for: learnt while it is crawled, from what was found so far.

Nothing here knows what is looked for. The pipelines say how much a post was worth (0 to 1), and how much the words of a
link promise; from these the worth of what lies behind each link is estimated, and the frontier takes the best first. On a
site where nothing is worth more than anything else, the order is that of the promise of the addresses.
"""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, urlsplit

__all__ = ["Focus", "family"]

_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_COUNTING: Final = re.compile(r"(?i)^(?:page|p|pg|paged|pn|start|offset|from|cp|halaman|trang)$")
_RATE: Final = 0.3
_MOST_WORDS: Final = 12
_MOST_LINKS: Final = 60
"""Links of a family of lists by which it is judged: the latest."""
_PSEUDO: Final = 15
"""Links that a family is taken to have had, of the mean of all, before any was seen."""
_LIST_LINKS: Final = 8.0
"""A list is worth as much as so many links of its mean, for it shows where to go."""
_CEILING: Final = 0.95
_OFTEN: Final = 5
_MOST: Final = 50_000


def family(url: str) -> str:
    """What the pages of one list have in common: the address without numbers of pages."""
    parts = urlsplit(url)
    path = re.sub(r"/(?:page|halaman)?/?\d+/?$", "/", parts.path)
    rest = sorted((key, value) for key, value in parse_qsl(parts.query) if not _COUNTING.match(key))
    return f"{parts.netloc}{path}?{rest}"


@dataclass(slots=True)
class _Link:
    words: tuple[str, ...]
    family: str
    found_on: str
    promise: float


@dataclass(slots=True)
class Focus:
    """What a run has learnt. `promise` gives 0 to 1 for the words of links."""

    promise: Callable[[str], float]
    links: dict[str, _Link] = field(default_factory=dict)
    worth: dict[str, float] = field(default_factory=dict)
    told: int = 0
    """Posts that were learnt from."""
    _weights: dict[str, float] = field(default_factory=lambda: {"bias": -0.5, "promise": 0.8, "from": 1.5})
    _squares: dict[str, float] = field(default_factory=dict)
    _families: dict[str, list[str]] = field(default_factory=dict)
    _mean: float = 0.05
    _lists: dict[str, tuple[int, float]] = field(default_factory=dict)

    def found(self, url: str, text: str, page: str) -> None:
        """A link to `url` with the words `text` stands on `page`; both addresses in their canonical form."""
        if len(self.links) >= _MOST and url not in self.links:
            return
        where = family(page)
        if url not in self.links or (text and not self.links[url].words):
            words = tuple(dict.fromkeys(_WORD.findall(text.lower())))[:_MOST_WORDS]
            promise = min(max(self.promise(text) if words else 0.05, 0.005), 0.995)
            self.links[url] = _Link(words, where, page, math.log(promise / (1 - promise)))
        of = self._families.setdefault(where, [])
        of.append(url)
        del of[:-_MOST_LINKS]

    def learn(self, url: str, worth: float) -> None:
        """The post at `url` was worth so much."""
        if url in self.worth:
            return
        self.worth[url] = worth
        self.told += 1
        self._mean += (worth - self._mean) / (self.told + 20)
        link = self.links.get(url)
        if link is None:
            return
        features = list(self._features(link))
        error = worth - self._squash(features)
        for name, value in features:
            slope = error * value
            self._squares[name] = self._squares.get(name, 1.0) + slope * slope
            self._weights[name] = self._weights.get(name, 0.0) + _RATE * slope / math.sqrt(self._squares[name])

    def estimate(self, url: str) -> float:
        """The worth of a post behind a link, 0 to 1."""
        known = self.worth.get(url)
        if known is not None:
            return known
        link = self.links.get(url)
        return self._mean if link is None else self._squash(self._features(link))

    def estimate_list(self, url: str) -> float:
        """The worth of a page of a list, by the links of other pages of it."""
        name = family(url)
        of = self._families.get(name, ())
        # Judged anew with every few posts and links, and not for each page of it.
        state = self.told // _OFTEN * _MOST_LINKS + len(of) // _OFTEN
        held = self._lists.get(name)
        if held is None or held[0] != state:
            total = sum(self.estimate(one) for one in of) + self._mean * _PSEUDO
            held = self._lists[name] = (state, min(_CEILING, _LIST_LINKS * total / (len(of) + _PSEUDO)))
        return held[1]

    def _squash(self, features: Iterable[tuple[str, float]]) -> float:
        total = sum(self._weights.get(name, 0.0) * value for name, value in features)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def _features(self, link: _Link) -> Iterable[tuple[str, float]]:
        yield "bias", 1.0
        yield "promise", link.promise
        yield "from", self.worth.get(link.found_on, self._mean) - self._mean
        yield f"in {link.family}", 1.0
        share = 1 / math.sqrt(len(link.words)) if link.words else 0.0
        for word in link.words:
            yield word, share
