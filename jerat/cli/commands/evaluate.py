"""`jerat evaluate`: how good the findings are, measured on labelled posts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jerat.cli.state import State, state_of

if TYPE_CHECKING:
    from nlp.evaluate import Gold as RiskGold
    from nlp.evaluation import Count, Gold

__all__ = ["register"]

_PREVALENCE = 0.001


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("evaluate")(evaluate)


def evaluate(
    ctx: typer.Context,
    gold: Annotated[list[Path], typer.Option(help="A file of labelled posts. Repeatable.", metavar="FILE")],
    errors: Annotated[
        int, typer.Option(min=0, help="List so many misses and false alarms, with the text around them.")
    ] = 0,
    picture: Annotated[
        Path | None,
        typer.Option(metavar="FILE.svg", help="Draw the calibration: for posts that are labelled as lures or not."),
    ] = None,
    prevalence: Annotated[
        float, typer.Option(min=0.000001, max=0.5, help="The share of lures at which the precision is told.")
    ] = _PREVALENCE,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document for programs.")] = False,
) -> None:
    """Measure the findings on labelled posts: precision, recall and F1 of entities, or of lures where posts are so labelled.

    A line of JSONL is `{"id", "text", "country_hint"?, "language"?, "entities": [{"kind", "value", "start"?, "end"?}]}`, or
    `{"id", "language", "lure", "text", "kind"?}` to measure the risk. The posts in tests/gold are marked text, which
    nlp/evaluation/gold.py explains. An entity is found where kind and value are equal and the spans overlap; `strict` asks
    for the very span. docs/evaluation.md has the results of this version.

    [bold]Examples[/]

      jerat evaluate --gold tests/gold/entities_dev.txt --errors 20
      jerat evaluate --gold tests/gold/risk_dev.jsonl --picture calibration.svg
    """
    from jerat.errors import InputError

    state = state_of(ctx)
    labelled = [_labels_lures(path) for path in gold]
    if picture is not None and sum(labelled) != 1:
        raise InputError(
            f"--picture draws the calibration of one file of posts labelled as lures or not, and {sum(labelled)} are given"
        )
    documents = [
        _risk(state, path, errors, as_json, picture, prevalence) if lures else _entities(state, path, errors, as_json)
        for path, lures in zip(gold, labelled, strict=True)
    ]
    if as_json:
        state.screen.json(documents[0] if len(documents) == 1 else documents)


def _labels_lures(path: Path) -> bool:
    """Whether the first post of a file says whether it is a lure, and names no entities."""
    import msgspec

    try:
        with path.open("rb") as stream:
            first = next((line for line in stream if line.strip()), b"")
        row = msgspec.json.decode(first.removeprefix(b"\xef\xbb\xbf"))
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return False  # the reader of entities says what is wrong
    return isinstance(row, dict) and "lure" in row and "entities" not in row


def _entities(state: State, path: Path, errors: int, as_json: bool) -> dict[str, Any]:
    from nlp.evaluation import evaluate, read_gold, table

    posts = read_gold(path)
    report = evaluate(posts, state.analyser.pipe(_inputs(posts)))
    if not as_json:
        _print(state, path, table(report, errors))

    def numbers(counts: dict[str, Count]) -> dict[str, Any]:
        return {name: _numbers(count) for name, count in counts.items()}

    return {
        "gold": str(path), "posts": report.posts, "contacts": _numbers(report.contacts), "kinds": numbers(report.kinds),
        "languages": numbers(report.languages), "hiding": numbers(report.hiding), "tricks": numbers(report.tricks),
        "near_misses": {"posts": report.near_misses, "with_contacts": report.near_misses_with_contacts},
        "roles": {"right": report.roles_right, "of": report.roles}, "mistakes": report.mistakes[:errors],
    }  # fmt: skip


def _numbers(count: Count) -> dict[str, float]:
    return {
        "precision": round(count.precision, 4), "recall": round(count.recall, 4), "f1": round(count.f1, 4),
        "strict_f1": round(count.strict_f1, 4), "right": count.right, "wrong": count.wrong, "missed": count.missed,
    }  # fmt: skip


def _risk(
    state: State, path: Path, errors: int, as_json: bool, drawing: Path | None, prevalence: float
) -> dict[str, Any]:
    from jerat.exchange.files import written_aside
    from nlp.evaluate import evaluate, picture, precision_interval, read_gold, table, wilson

    posts = read_gold(path)
    report = evaluate(posts, state.analyser.pipe(_inputs(posts)))
    if not as_json:
        words = {post.id: post.text for post in posts}
        wrong = [("missed", one) for one in report.missed] + [("alert", one) for one in report.alerts]
        lines = [f"{one} {sort}: {' '.join(words[one].split())[:120]}" for sort, one in wrong[:errors]]
        if prevalence != _PREVALENCE:
            measured, cautious = report.precision_at(prevalence)
            lines.insert(
                0, f"precision where {prevalence:.4%} are lures: {measured:.1%} as measured, {cautious:.1%} cautiously"
            )
        _print(state, path, "\n".join([table(report), *lines]))
    if drawing is not None:
        with written_aside(drawing) as aside:
            aside.write_text(picture(report), "utf-8")
        if not as_json:
            state.screen.say(f"The calibration is drawn in {drawing}")

    def interval(pair: tuple[float, float]) -> list[float]:
        return [round(end, 4) for end in pair]

    def lure_row(hit: int, total: int) -> dict[str, Any]:
        return {"found": hit, "of": total, "recall": round(hit / total, 4), "interval": interval(wilson(hit, total))}

    def other_row(hit: int, high: int, total: int) -> dict[str, Any]:
        per = round(1000 * hit / total, 2)
        return {"alerts": hit, "high": high, "of": total, "per_1000": per, "interval": interval(wilson(hit, total))}

    found = [sum(pair[side] for pair in report.lures.values()) for side in (0, 1)]
    false = [sum(row[side] for row in report.others.values()) for side in (0, 1, 2)]
    measured, cautious = report.precision_at(prevalence)
    return {
        "gold": str(path), "posts": len(posts), "recall": round(report.recall, 4),
        "recall_interval": interval(wilson(found[0], found[1])), "precision": round(report.precision, 4),
        "average_precision": round(report.average_precision, 4),
        "average_precision_interval": interval(precision_interval(report.ranked)),
        "precision_at": {"prevalence": prevalence, "measured": round(measured, 4), "cautious": round(cautious, 4)},
        "calibration": [
            {"score": round(value, 4), "share": round(share, 4), "posts": count}
            for value, share, count in report.calibration()
        ],
        "lures": {name: lure_row(*pair) for name, pair in report.lures.items()},
        "others": {name: other_row(*row) for name, row in report.others.items()},
        "all_others": other_row(false[0], false[1], false[2]) if false[2] else None,
        "missed": report.missed[:errors], "alerts": report.alerts[:errors],
    }  # fmt: skip


def _inputs(posts: list[Gold] | list[RiskGold]) -> list[Any]:
    import nlp

    return [nlp.Input(id=post.id, text=post.text, country_hint=getattr(post, "country_hint", "")) for post in posts]


def _print(state: State, path: Path, text: str) -> None:
    from rich.text import Text

    from jerat.cli.safe import safe

    state.screen.heading(str(path))
    state.screen.say(*(Text(safe(line)) for line in text.split("\n")))
