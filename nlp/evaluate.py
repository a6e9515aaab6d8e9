"""How good the risk is: recall of lures by language, false alerts by genre, as numbers and as a table."""

import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from jerat.errors import InputError
from jerat.model import Analysis, PostKind

__all__ = ["Gold", "Report", "dressed", "evaluate", "negatives", "read_gold", "table"]

ALERT: Final = ("medium", "high")


class Gold(msgspec.Struct, frozen=True):
    """A labelled post. `kind` is empty where only `lure` is known; `group` names its set among the negatives."""

    id: str
    language: str
    lure: bool
    text: str
    kind: PostKind | str = ""
    group: str = ""


class Report(msgspec.Struct):
    """Counts: (right, all) of lures by language, (alerts, high alerts, all) of others by genre, kinds confused."""

    lures: dict[str, tuple[int, int]]
    others: dict[str, tuple[int, int, int]]
    kinds: dict[tuple[str, str], int]
    average_precision: float
    missed: list[str]
    alerts: list[str]

    @property
    def recall(self) -> float:
        """Share of lures at medium or high."""
        hit, total = (sum(pair[side] for pair in self.lures.values()) for side in (0, 1))
        return hit / total if total else 0.0

    @property
    def precision(self) -> float:
        """Share of lures among all alerts, at the mix of this set; the field's mix is far thinner."""
        hit = sum(pair[0] for pair in self.lures.values())
        false = sum(counts[0] for counts in self.others.values())
        return hit / (hit + false) if hit + false else 0.0


def read_gold(path: Path) -> list[Gold]:
    """Labelled posts, one JSON object a line. Raises InputError with the line that cannot be read."""
    posts = []
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            if line.strip():
                try:
                    posts.append(msgspec.json.decode(line, type=Gold))
                except (msgspec.DecodeError, UnicodeDecodeError) as error:
                    raise InputError(
                        f"{path}, line {number}: {error}", "Each line needs id, language, lure, text."
                    ) from error
    return posts


def negatives(folder: Path) -> Iterator[Gold]:
    """The posts of a folder of negatives that are no lures: job advertisements, spam and ordinary chat."""
    for path in sorted(folder.rglob("fj_small.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                text = "\n".join(
                    row[name] for name in ("title", "company_profile", "description", "requirements", "benefits")
                )
                group = "en job fraud" if row["fraudulent"] == "1" else "en real jobs"
                yield Gold(row["job_id"], "en", lure=False, text=text, group=group)
    for path in sorted(folder.glob("zh_*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            row = json.loads(line)
            yield Gold(f"zh{number}", "zh", lure=False, text=row["文本"], group=f"zh {row['标签']}")
    for path in sorted(folder.glob("*_telegram_*.txt")):
        group = "ru/en telegram " + path.stem.rsplit("_", 1)[1]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            language = "ru" if re.search("[а-я]", line) else "en"
            yield Gold(f"tg{number}", language, lure=False, text=line, group=group)


DRESSES: Final = {
    "Phnom Penh": "Location: Phnom Penh, Cambodia. Salary: $300 - $600. Contact: Telegram 012 000 345",
    "Sihanoukville": "Sihanoukville. Salary $400-$700, accommodation and meals provided. Telegram: @hr_office_kh",
    "Bangkok": "Bangkok, Thailand. 25,000 - 40,000 THB. LINE: hrbkk. Age 22-35.",
    "Dubai": "Dubai. AED 3,000-4,500, visa, accommodation and ticket provided by company. WhatsApp CV to +971 50 000 0000",
    "Poipet": "Poipet, Banteay Meanchey. $350. Chinese is an advantage. Telegram 096 000 000",
}
"""The lines that honest boards in those places carry: a messenger for all contact, a hub for a place."""


def dressed(posts: Iterable[Gold], length: int = 350) -> Iterator[Gold]:
    """Real advertisements, cut short, each with the place and contact of a board in a hub: none is a lure.

    Few honest listings of such places are at hand; these hold the words of real work in their surroundings.
    """
    for post in posts:
        title, _, rest = post.text.partition("\n")
        for place, line in DRESSES.items():
            text = f"{title}\n{rest[:length]}\n{line}"
            yield Gold(f"{post.id}-{place}", "en", lure=False, text=text, kind="offer", group=f"dressed: {place}")


def evaluate(posts: Sequence[Gold], analyses: Iterable[Analysis]) -> Report:
    """Compare analyses with the labels; both in the same order."""
    lures: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    others: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    kinds: Counter[tuple[str, str]] = Counter()
    ranked: list[tuple[float, bool]] = []
    missed, alerts = [], []
    for post, analysis in zip(posts, analyses, strict=True):
        alert = analysis.risk.level in ALERT
        ranked.append((analysis.risk.score, post.lure))
        if post.kind:
            kinds[post.kind, analysis.kind] += 1
        if post.lure:
            lures[post.language][0] += alert
            lures[post.language][1] += 1
            if not alert:
                missed.append(post.id)
            continue
        group = post.group or ("honest offers" if post.kind == "offer" else f"{post.kind}")
        others[group][0] += alert
        others[group][1] += analysis.risk.level == "high"
        others[group][2] += 1
        if alert:
            alerts.append(post.id)
    return Report(
        {name: (hit, total) for name, (hit, total) in sorted(lures.items())},
        {name: (hit, high, total) for name, (hit, high, total) in sorted(others.items())},
        dict(kinds), _average_precision(ranked), missed, alerts,
    )  # fmt: skip


def _average_precision(ranked: list[tuple[float, bool]]) -> float:
    """Mean precision at each lure, from the highest score down; ties count as the worst order."""
    ranked.sort(key=lambda pair: (-pair[0], pair[1]))
    hits, total = 0, 0.0
    for place, (_, lure) in enumerate(ranked, 1):
        if lure:
            hits += 1
            total += hits / place
    return total / hits if hits else 0.0


def table(report: Report) -> str:
    """The report as a plain table for people."""
    lines = [f"{'lures':<24}{'found':>12}"]
    for name, (hit, total) in report.lures.items():
        lines.append(f"  {name:<22}{hit:>5} / {total:<5}{hit / total:>7.0%}")
    if report.lures:
        lines.append(f"  {'all':<22}{'':>13}{report.recall:>7.1%}   average precision {report.average_precision:.3f}")
    lines.append(f"{'not lures':<24}{'alerts':>8}{'high':>6}{'of':>7}")
    for name, (hit, high, total) in report.others.items():
        lines.append(f"  {name:<22}{hit:>8}{high:>6}{total:>7}{hit / total:>8.2%}")
    if report.lures:
        lines.append(f"precision at this mix {report.precision:.1%}")
    if report.kinds:
        right = sum(count for (said, found), count in report.kinds.items() if said == found)
        lines.append(f"kind right {right} / {sum(report.kinds.values())}")
        wrong = {pair: count for pair, count in report.kinds.items() if pair[0] != pair[1]}
        lines += [f"  {said} taken for {found}: {count}" for (said, found), count in sorted(wrong.items())]
    return "\n".join(lines)
