"""A report as tables for people."""

from collections.abc import Iterator, Mapping
from typing import Final

from nlp.evaluation.score import Count, Report

__all__ = ["table"]

_OTHERS: Final = ("location", "salary", "age")


def table(report: Report, errors: int = 0) -> str:
    """The tables, and with `errors` the first so many mistakes with the text around them."""
    lines = [f"{report.posts} posts"]
    lines += _rows("all", {"contacts": report.contacts, **{k: report.kinds[k] for k in _OTHERS if k in report.kinds}})
    lines += _rows("contacts by hiding", report.hiding)
    lines += _rows("contacts by kind", {name: count for name, count in report.kinds.items() if name not in _OTHERS})
    lines += _rows("contacts by language", report.languages)
    lines += _rows("hidden by", report.tricks)
    if report.near_misses:
        share = report.near_misses_with_contacts / report.near_misses
        lines.append(
            f"near-miss posts with a false contact {report.near_misses_with_contacts} of {report.near_misses}, {share:.1%}"
        )
    if report.roles:
        lines.append(f"roles of places right {report.roles_right} of {report.roles}")
    for one in report.mistakes[:errors]:
        hidden = f" ({', '.join(one.tricks)})" if one.tricks else ""
        lines.append(f"{one.post} {one.sort} {one.kind} {one.value}{hidden}: {one.around}")
    return "\n".join(lines)


def _rows(title: str, counts: Mapping[str, Count]) -> Iterator[str]:
    if counts:
        yield f"{title:<20}{'precision':>10}{'recall':>8}{'F1':>7}{'strict':>8}{'right':>7}{'wrong':>7}{'missed':>7}"
    for name, count in counts.items():
        yield (
            f"  {name:<18}{count.precision:>10.3f}{count.recall:>8.3f}{count.f1:>7.3f}{count.strict_f1:>8.3f}"
            f"{count.right:>7}{count.wrong:>7}{count.missed:>7}"
        )
