"""How fast posts are read: each step, the whole, and the stack that one would assemble from defaults, on the same posts."""

from nlp.bench.measure import Bench, Part, bench
from nlp.bench.posts import posts

__all__ = ["Bench", "Part", "bench", "posts"]
