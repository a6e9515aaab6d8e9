"""What `jerat bench focus` prints: pages fetched until 80 % of the lures were in, in both orders."""

from __future__ import annotations

from statistics import median

from jerat.cli.state import State

__all__ = ["bench_focus"]


def bench_focus(state: State, sites: int, pages: int, as_json: bool) -> bool:
    """Measure, print, and return whether jerat's order was at least twice as early on the whole."""
    from crawlers.bench.run import SHARE, bench
    from jerat.cli.screen import counted

    state.screen.note(
        f"crawling {counted(sites, 'made site')} of {pages:,} pages twice, on loopback; "
        f"about {max(1, sites * pages // 2000)} minutes"
    )
    rows, seconds = bench(range(1, sites + 1), pages)
    ratio = sum(row.breadth for row in rows) / sum(row.promise for row in rows)
    least, middle = min(row.ratio for row in rows), median(row.ratio for row in rows)
    if as_json:
        told = [
            {"seed": row.seed, "pages": row.pages, "lures": row.lures, "breadth": row.breadth, "promise": row.promise,
             "ratio": round(row.ratio, 2)}
            for row in rows
        ]  # fmt: skip
        state.screen.json(
            {"share": SHARE, "sites": told, "ratio": round(ratio, 2), "least": round(least, 2), "median": round(middle, 2),
             "processor_seconds": {name: round(value, 1) for name, value in seconds.items()}}
        )  # fmt: skip
        return ratio >= 2
    state.screen.table(
        ("site", "pages", "lures", "breadth-first", "jerat's order", "times as early"),
        [(row.seed, row.pages, row.lures, row.breadth, row.promise, f"{row.ratio:.1f}") for row in rows],
        right=("site", "pages", "lures", "breadth-first", "jerat's order", "times as early"),
    )
    state.screen.say(
        f"pages fetched until 80 % of the lures were in; {ratio:.1f} times as early on the whole, {least:.1f} at least",
        f"processor: breadth-first {seconds['breadth']:.0f} s, jerat's order {seconds['promise']:.0f} s, "
        "for all pages of all sites",
    )
    return ratio >= 2
