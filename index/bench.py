"""How fast the embedded engine is, against SQLite's FTS5 in the same run: `python -m index.bench [POSTS]`.

Prints ratios, since figures alone tell more of the machine than of the engine. It is no test.
"""

import random
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from index.embedded import EmbeddedIndex
from index.protocol import Document, Request, Word
from jerat.model import Entity, Risk, post_id

_QUERIES: Final = ("w1", "w9 w4", "w300", '"w1 w2"', "w5 w70 w12")
_WORD: Final = re.compile(r"\w+")


def break_words(text: str) -> Sequence[Word]:
    """Words of letters and digits, which is what both need here."""
    return [Word(found[0], found.start(), found.end()) for found in _WORD.finditer(text)]


def make_posts(count: int) -> list[Document]:
    """Posts of 40 words, frequent and rare as in speech, with a contact each."""
    chance = random.Random(1)  # noqa: S311 -- no secret
    vocabulary = [f"w{number}" for number in range(20_000)]
    weights = [1 / (rank + 5) for rank in range(len(vocabulary))]
    made = []
    for number in range(1, count + 1):
        chat = f"user{number % 5000}"
        contact = Entity(kind="telegram", value=chat, text=chat, start=0, end=len(chat), confidence=1.0)
        made.append(
            Document(
                id=post_id("bench", str(number), ""), number=number, url=f"https://bench.example/{number}", title="",
                text=" ".join(chance.choices(vocabulary, weights, k=40)), author="", source="bench", platform="web",
                published_at=f"2026-{1 + number % 12:02}-01T00:00:00Z", first_seen="2026-01-01T00:00:00Z",
                last_seen="2026-01-01T00:00:00Z", language="id", kind="offer", risk=Risk(level="none", score=0.0),
                entities=(contact,),
            )
        )  # fmt: skip
    return made


def milliseconds(ask: Callable[[str], object]) -> float:
    """The median time of a query."""
    times = []
    for query in _QUERIES * 7:
        start = time.perf_counter()
        ask(query)
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def main(count: int) -> None:
    """Measure and print."""
    posts = make_posts(count)
    with tempfile.TemporaryDirectory() as folder:
        engine = EmbeddedIndex(Path(folder), break_words)
        start = time.perf_counter()
        for at in range(0, count, 500):
            engine.put([(post.number, post) for post in posts[at : at + 500]])
        ours = count / (time.perf_counter() - start)

        db = sqlite3.connect(Path(folder) / "fts.db")
        db.execute("CREATE VIRTUAL TABLE posts USING fts5(text, body UNINDEXED)")
        start = time.perf_counter()
        for at in range(0, count, 500):
            rows = [(post.text, repr(post)) for post in posts[at : at + 500]]
            with db:
                db.executemany("INSERT INTO posts VALUES (?, ?)", rows)
        theirs = count / (time.perf_counter() - start)

        mine = milliseconds(lambda query: engine.search(Request(query)))
        search = "SELECT body FROM posts WHERE posts MATCH ? ORDER BY bm25(posts) LIMIT 20"
        other = milliseconds(lambda query: db.execute(search, (query,)).fetchall())
        db.close()
        engine.close()
    print(f"{count} posts of 40 words")
    print(f"indexing: {ours:,.0f} posts/s; FTS5, words alone: {theirs:,.0f} posts/s; ratio {ours / theirs:.2f}")
    print(f"search, median: {mine:.2f} ms; FTS5: {other:.2f} ms; ratio {other / mine:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
