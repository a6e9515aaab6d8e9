"""`jerat train`: what the reviews of a case would make of the weights of the risk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from jerat.cli.state import State, state_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jerat.case import Record
    from jerat.model import Analysis
    from nlp.fitting import Judged
    from nlp.risk import Weights

__all__ = ["FEWEST", "FEWEST_EACH", "register"]

FEWEST: Final = 30
"""Reviewed posts below which nothing is fitted."""
FEWEST_EACH: Final = 8
"""Lures, and others, below which nothing is fitted."""
_CHANGES: Final = 8
_LEAST: Final = 0.05
_BATCH: Final = 256


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("train")(train)


def train(
    ctx: typer.Context,
    write: Annotated[
        bool, typer.Option("--write", help="Keep the new weights: they are then in force for this case.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document for programs.")] = False,
) -> None:
    """Fit the weights of the risk to the reviews of this case, and show before and after. Changes nothing by itself.

    [bold]Examples[/]

      jerat train
      jerat train --write && jerat reindex --analyse

    Learns from posts reviewed `lure` and `not`. Each post is judged by weights that were fitted without it and without
    its near-duplicates; the intervals hold 95 of 100 resamples. Signs keep their direction: no label makes a red flag lower
    the risk. With --write the weights go to the folder `lexicon` of the case, or to JERAT_LEXICON where that is set.
    """
    from jerat.errors import InputError
    from nlp.fitting import compare, cross_validate, refit
    from nlp.risk import load_weights

    state = state_of(ctx)
    weights = load_weights(state.settings.lexicon_in_force)
    posts, unsure = _judged(state)
    lures = sum(post.lure for post in posts)
    others = len(posts) - lures
    if len(posts) < FEWEST or min(lures, others) < FEWEST_EACH:
        raise InputError(
            f"the case has {lures} posts reviewed as lures and {others} as none, and fitting needs {FEWEST} in all and "
            f"{FEWEST_EACH} of each: with fewer, chance would decide",
            "`jerat search 'review:none' --sort risk` finds posts to review, `jerat review ID lure|not` keeps decisions",
        )
    said = f"{lures + others} reviews of this case ({lures} lures, {others} others)"
    with state.screen.progress(counted=False) as bar:
        bar.add_task("Fitting", total=None)
        measures = compare(posts, weights, cross_validate(posts, weights))
        fitted = refit(posts, weights, f"Fitted by `jerat train` on {said}, drawn to the weights of {weights.date}.")
    path = _keep(state, fitted) if write else None
    if as_json:
        state.screen.json(_document(weights, fitted, measures, lures, others, unsure, path))
    else:
        _show(state, weights, fitted, measures, said, unsure, path)


def _judged(state: State) -> tuple[list[Judged], int]:
    """The reviewed posts as the scorecard of today sees them, and how many are unsure."""
    from nlp import Input
    from nlp.fingerprint import similarity
    from nlp.fitting import judged_of
    from nlp.indicators import load_lexicon

    with state.open_case() as case:
        decided = {one.post_id: one.decision for one in case.reviews.current()}
        ids = [post_id for post_id, decision in decided.items() if decision in ("lure", "not")]
        records: list[Record] = []
        for at in range(0, len(ids), _BATCH):
            found = case.posts.many(ids[at : at + _BATCH])
            records += [found[post_id] for post_id in ids[at : at + _BATCH] if post_id in found]
    inputs = (
        Input(id=post.id, text=post.text, fields=post.fields(), country_hint=post.country_hint)
        for post in (record.post for record in records)
    )
    analyses = list(state.analyser.pipe(inputs))
    lexicon = load_lexicon(state.settings.lexicon_in_force)
    groups = _families(analyses, similarity)
    posts = [
        judged_of(analysis, lexicon, decided[analysis.id] == "lure", group)
        for analysis, group in zip(analyses, groups, strict=True)
    ]
    return posts, sum(decision == "unsure" for decision in decided.values())


def _families(analyses: Sequence[Analysis], similarity: Any) -> list[int]:
    """A number for each post, the same for near-duplicates."""
    from index.values import stored_keys
    from jerat.exchange.context import ALIKE

    groups = list(range(len(analyses)))
    seen: dict[str, int] = {}
    for at, analysis in enumerate(analyses):
        if not analysis.fingerprint:
            continue
        for key in stored_keys("fingerprint", analysis.fingerprint):
            first = seen.setdefault(key, at)
            if first != at and similarity(analyses[first].fingerprint, analysis.fingerprint) >= ALIKE:
                old, new = groups[at], groups[first]
                groups = [new if one == old else one for one in groups]
    return groups


def _keep(state: State, fitted: Weights) -> Path:
    """Write the weights where they are in force for this case."""
    import msgspec
    import yaml

    from jerat.errors import CaseError
    from jerat.exchange.files import written_aside

    folder = state.settings.lexicon or state.settings.case / "lexicon"
    path = folder / "weights.yaml"
    head = "# Weights of the risk, in log-odds. Written by `jerat train`: without this file, the shipped ones are in force.\n"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with written_aside(path) as aside:
            text = yaml.safe_dump(msgspec.to_builtins(fitted), sort_keys=False, width=120, allow_unicode=True)
            aside.write_text(head + text, "utf-8")
    except OSError as error:
        raise CaseError(f"the weights cannot be written to {path}: {error.strerror}") from error
    return path


def _changes(weights: Weights, fitted: Weights) -> list[tuple[str, float, float]]:
    """The weights that moved, those that moved most first."""
    from nlp.fitting import features, values_of

    rows = zip(features(weights), map(float, values_of(weights)), map(float, values_of(fitted)), strict=True)
    return sorted(rows, key=lambda row: -abs(row[2] - row[1]))


def _document(
    weights: Weights, fitted: Weights, measures: Sequence[Any], lures: int, others: int, unsure: int, path: Path | None
) -> dict[str, Any]:
    return {
        "reviews": {"lures": lures, "others": others, "unsure": unsure},
        "measures": [
            {
                "name": one.name,
                "before": one.before._asdict(),
                "after": one.after._asdict(),
                "change": one.change._asdict(),
            }
            for one in measures
        ],
        "weights": [
            {"name": name, "before": before, "after": after} for name, before, after in _changes(weights, fitted)
        ],
        "in_force": {"date": weights.date, "note": weights.note},
        "written": None if path is None else str(path),
    }


def _show(
    state: State, weights: Weights, fitted: Weights, measures: Sequence[Any], said: str, unsure: int, path: Path | None
) -> None:
    from rich.text import Text

    screen = state.screen
    skipped = f"; {unsure} unsure are left out" if unsure else ""
    screen.heading(f"{said[0].upper()}{said[1:]}{skipped}")
    screen.say(Text("Each post is judged by weights that were fitted without it; 95 % intervals.", "dim"), "")
    screen.table(
        ("", "before", "after", "change"),
        [(one.name, _interval(one.before), _interval(one.after), _interval(one.change, sign=True)) for one in measures],
    )
    screen.say("")
    screen.heading("Weights that would change most" if path is None else "Weights that changed most")
    for name, before, after in _changes(weights, fitted)[:_CHANGES]:
        if abs(after - before) >= _LEAST:
            screen.say(f"  {name:<44} {before:>7.2f} -> {after:>6.2f}")
    screen.say("")
    screen.say(_verdict(measures))
    if path is None:
        screen.say("Nothing was changed. `jerat train --write` puts these weights in force for this case.")
    else:
        shared = "; every case that uses this JERAT_LEXICON has them now" if state.settings.lexicon else ""
        screen.say(f"Written to {path}{shared}. `jerat reindex --analyse` reads the posts again with them.")


def _interval(one: Any, *, sign: bool = False) -> str:
    if sign:
        return f"{one.value:+.2f} [{one.low:+.2f}, {one.high:+.2f}]"
    return f"{one.value:.2f} [{one.low:.2f}, {one.high:.2f}]"


def _verdict(measures: Sequence[Any]) -> str:
    """One honest sentence on whether the change is more than chance, by the Brier score, where less is better."""
    brier = next(one for one in measures if one.name == "Brier score").change
    if brier.high < 0:
        return "On posts that were not seen the new weights judge better, and by more than chance."
    if brier.low > 0:
        return "On posts that were not seen the new weights judge worse: better keep those in force, and review more."
    return "On posts that were not seen the difference may be chance: the interval holds 0."
