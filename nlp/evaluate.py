"""How good the risk is: recall of lures by language, false alerts by genre, as numbers and as a table."""

import csv
import json
import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from jerat.errors import InputError
from jerat.model import Analysis, PostKind

__all__ = [
    "Gold", "Report", "dressed", "evaluate", "negatives", "picture", "precision_interval", "read_gold", "table", "wilson",
]  # fmt: skip

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
    ranked: list[tuple[float, bool]] = []
    """Each post's score, and whether it is a lure; from the highest score down."""

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

    @property
    def false_rate(self) -> tuple[int, int]:
        """(alerts, all) among the posts that are no lures."""
        return sum(counts[0] for counts in self.others.values()), sum(counts[2] for counts in self.others.values())

    def precision_at(self, prevalence: float = 0.001) -> tuple[float, float]:
        """The share of lures among alerts where `prevalence` of all posts are lures: (as measured, cautious).

        The cautious figure takes the lower end of recall and the upper end of the false alerts (95 %). Where no false
        alert was seen, the measured figure is 1 and says nothing; the cautious one tells what the set can show.
        """
        hit, total = (sum(pair[side] for pair in self.lures.values()) for side in (0, 1))
        alerts, others = self.false_rate

        def share(recall: float, false: float) -> float:
            right, wrong = prevalence * recall, (1 - prevalence) * false
            return right / (right + wrong) if right + wrong else 0.0

        measured = share(hit / total if total else 0.0, alerts / others if others else 0.0)
        return measured, share(wilson(hit, total)[0], wilson(alerts, others)[1])

    def calibration(self, bins: int = 10) -> list[tuple[float, float, int]]:
        """(mean score, share of lures, posts) of each tenth of the scale that holds posts; at the mix of this set."""
        found: dict[int, list[tuple[float, bool]]] = defaultdict(list)
        for value, lure in self.ranked:
            found[min(int(value * bins), bins - 1)].append((value, lure))
        return [
            (sum(value for value, _ in part) / len(part), sum(lure for _, lure in part) / len(part), len(part))
            for _, part in sorted(found.items())
        ]


def wilson(hit: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """The Wilson interval of a share, 95 %; (0, 1) where nothing was counted."""
    if not total:
        return 0.0, 1.0
    share = hit / total
    middle = share + z * z / (2 * total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    whole = 1 + z * z / total
    return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)


def precision_interval(ranked: Sequence[tuple[float, bool]], rounds: int = 200) -> tuple[float, float]:
    """The 95 % interval of the average precision, by drawing the posts again `rounds` times; the same each time."""
    dice = random.Random(1)  # noqa: S311 -- statistics, no secret
    values = sorted(_average_precision(dice.choices(ranked, k=len(ranked))) for _ in range(rounds if ranked else 0))
    if not values:
        return 0.0, 1.0
    return values[int(0.025 * len(values))], values[min(int(0.975 * len(values)), len(values) - 1)]


def picture(report: Report) -> str:
    """The calibration curve as SVG: across the score, upwards the share of lures; a disc's area tells how many posts."""
    side, edge = 320, 46
    top = max((count for _, _, count in report.calibration()), default=1)
    points = [
        (edge + value * side, edge + (1 - share) * side, 3 + 12 * math.sqrt(count / top), value, share, count)
        for value, share, count in report.calibration()
    ]
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side + 2 * edge} {side + 2 * edge}" '
        'font-family="sans-serif" font-size="11" role="img" aria-label="Calibration: share of lures by score">',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<path d="M{edge} {edge + side} L{edge + side} {edge}" stroke="#999" stroke-dasharray="4 4" fill="none"/>',
        f'<rect x="{edge}" y="{edge}" width="{side}" height="{side}" fill="none" stroke="#333"/>',
    ]
    for step in range(0, 11, 2):
        at, label = side * step / 10, f"{step / 10:.1f}"
        out.append(f'<text x="{edge + at:.0f}" y="{edge + side + 16}" text-anchor="middle">{label}</text>')
        out.append(f'<text x="{edge - 6}" y="{edge + side - at + 4:.0f}" text-anchor="end">{label}</text>')
    out.append(f'<text x="{edge + side / 2}" y="{edge + side + 34}" text-anchor="middle">score</text>')
    out.append(f'<text x="{edge}" y="{edge - 12}">share of lures, at the mix of this set</text>')
    if points:
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y, *_ in points)
        out.append(f'<polyline points="{line}" fill="none" stroke="#1f5fa8"/>')
    for x, y, radius, value, share, count in points:
        out.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="#1f5fa8" fill-opacity="0.55">'
            f"<title>score {value:.2f}: {share:.0%} of {count}</title></circle>"
        )
    return "\n".join([*out, "</svg>", ""])


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
        dict(kinds), _average_precision(ranked), missed, alerts, ranked,
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
    """The report as a plain table for people; the intervals are of 95 %."""
    lines = [f"{'lures':<24}{'found':>12}{'interval':>19}"]
    for name, (hit, total) in report.lures.items():
        lines.append(f"  {name:<22}{hit:>5} / {total:<5}{hit / total:>6.0%}  {_interval(hit, total)}")
    if report.lures:
        hit, total = (sum(pair[side] for pair in report.lures.values()) for side in (0, 1))
        lines.append(f"  {'all':<22}{hit:>5} / {total:<5}{report.recall:>6.1%}  {_interval(hit, total)}")
    lines.append(f"{'not lures':<24}{'alerts':>8}{'high':>6}{'of':>7}{'per 1,000':>11}{'at most':>9}")
    for name, (hit, high, total) in report.others.items():
        most = wilson(hit, total)[1]
        lines.append(f"  {name:<22}{hit:>8}{high:>6}{total:>7}{1000 * hit / total:>11.1f}{1000 * most:>9.1f}")
    if report.lures and report.others:
        low, high_end = precision_interval(report.ranked)
        measured, cautious = report.precision_at(0.001)
        lines.append(f"average precision {report.average_precision:.3f} ({low:.3f} to {high_end:.3f})")
        lines.append(f"precision at this mix {report.precision:.1%}")
        lines.append(
            f"precision where 1 post in 1,000 is a lure: {measured:.1%} as measured, {cautious:.1%} cautiously"
        )
        lines.append("calibration at this mix (score, share of lures, posts):")
        lines += [f"  {value:.2f}  {share:>5.0%}  {count}" for value, share, count in report.calibration()]
    if report.kinds:
        right = sum(count for (said, found), count in report.kinds.items() if said == found)
        lines.append(f"kind right {right} / {sum(report.kinds.values())}")
        wrong = {pair: count for pair, count in report.kinds.items() if pair[0] != pair[1]}
        lines += [f"  {said} taken for {found}: {count}" for (said, found), count in sorted(wrong.items())]
    return "\n".join(lines)


def _interval(hit: int, total: int) -> str:
    low, high = wilson(hit, total)
    return f"{f'{low:.0%} to {high:.0%}':>15}"
