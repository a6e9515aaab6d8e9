"""What operators see on a terminal: whole names, lines that fit, reasons at words, and nothing that a site wrote steers it."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from crawlers.catalogue import Catalogue, Entry
from crawlers.declared import Source
from crawlers.recorder import Progress
from crawlers.run import RunReport
from crawlers.schedule import health
from crawlers.targets import of_source
from jerat.case import Case, DeadLetter
from jerat.cli.crawling import Watching, bars, summary
from jerat.cli.health import health_table
from jerat.cli.moments import in_words, span
from jerat.cli.screen import Screen

HOSTILE = "no post in 3 pages; seen: \x1b[2J\x1b]0;owned\x07 \u202eevil and " + "long words " * 12


class _Seen:
    """A screen on a terminal of this width, and what stands on it."""

    def __init__(self, width: int) -> None:
        self.screen = Screen()
        self.out, self.err = io.StringIO(), io.StringIO()
        for name, stream in (("_out", self.out), ("_err", self.err)):
            made = Console(
                file=stream,
                force_terminal=True,
                width=width,
                color_system=None,
                markup=False,
                highlight=False,
                emoji=False,
            )
            setattr(self.screen, name, made)

    @property
    def lines(self) -> list[str]:
        return (self.out.getvalue() + self.err.getvalue()).splitlines()


def source(name: str, *, enabled: bool = True) -> Source:
    return Source(
        name=name, title="Papan 招聘", kind="jobposting", urls=(f"https://{name}.example/",), country="ID",
        enabled=enabled, terms="no", instead="by hand",
    )  # fmt: skip


def catalogue(names: Sequence[str], off: Sequence[str] = ()) -> Catalogue:
    sources = [*(source(name) for name in names), *(source(name, enabled=False) for name in off)]
    return Catalogue({one.name: Entry(one, Path("x.yaml"), 1, own=True) for one in sources})


@pytest.mark.parametrize("width", [60, 80, 120, 160])
def test_the_health_table_fits_and_keeps_names_whole(case: Case, width: int) -> None:
    names = ["a-name-of-thirty-characters-xx", "baik", "rusak"]
    for name, status, posts in (("baik", "ok", 90), ("baik", "ok", 12), ("rusak", "failed", 0)):
        run_id = case.runs.start(name, "jobposting", f"https://{name}.example/")
        case.runs.count(run_id, {"posts_new": posts})
        case.runs.end(run_id, status, HOSTILE if status == "failed" else "")  # type: ignore[arg-type]
    seen = _Seen(width)
    health_table(seen.screen, health(case, catalogue(names, off=["mati"])))
    text = "\n".join(seen.lines)
    assert all(cell_len(line.rstrip()) <= width for line in seen.lines), text
    assert all(name in text for name in [*names, "mati"])
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "\u202e" not in text
    assert "12 ↓" in text
    assert text.index("rusak") < text.index("baik"), "those that fail come first"
    assert "4 sources, 1 failing, 1 not crawled yet, 1 off, 1 due now" in " ".join(text.split())


@pytest.mark.parametrize("width", [80, 120])
def test_the_summary_names_what_failed_and_where_its_dead_letters_are(case: Case, width: int) -> None:
    run_id = case.runs.start("rusak", "jobposting", "https://rusak.example/")
    for number in range(30):
        letter = DeadLetter(step="fetch", reason="HTTP 503", url=f"https://rusak.example/{number}", run_id=run_id)
        case.dead_letters.add(letter)
    case.dead_letters.add(DeadLetter(step="enrich", reason="the analysis failed: \x1b[31mX", run_id=run_id))
    good = RunReport(
        "baik", "jobposting", "baik", "ok", "robots.txt asks for 2 s", pages=1200, posts_new=31, risky=4, seconds=75
    )
    bad = replace(
        good, target="rusak", source="rusak", status="failed", reason=HOSTILE, dead=31, faults=1, run_id=run_id
    )
    left = replace(good, target="lain", status="skipped", reason="another process is about it")
    seen = _Seen(width)
    summary(seen.screen, case, [good, bad, left])
    text = "\n".join(seen.lines)
    assert all(cell_len(line.rstrip()) <= width for line in seen.lines), text
    assert "\x1b" not in text
    assert "1:15" in text
    assert "1,200" in text
    whole = " ".join(text.split())
    assert "rusak: no post in 3 pages" in whole
    assert "dead letter, fetch: HTTP 503 (https://rusak.example/0 and 29 more)" in whole
    assert "1 post or page was lost to a fault of jerat" in whole
    assert "`jerat doctor --dead`" in whole
    assert "lain: left alone, another process is about it" in whole
    assert "baik: robots.txt asks for 2 s" in whole


def test_the_bars_show_each_run_and_how_fast_it_is() -> None:
    seen = _Seen(80)
    targets = [target for name in ("baik", "nama-yang-panjang-sekali-ya") for target in of_source(source(name))]
    with bars(seen.screen) as lines:
        watching = Watching(seen.screen, lines, targets)
        now = Progress("baik", "jobposting", 27, 8, 2, 1, risky=3, target=targets[0].address)
        watching(now)
        watching._began[targets[0].address] -= 60
        watching(now)
        shown = {task.description.strip(): task.fields["far"] for task in lines.tasks}
        assert shown["baik"] == "27 pages  8 posts  3 risky  1 error  2 dead  27/min"
        watching(replace(now, ended=True))
        assert [task.visible for task in lines.tasks] == [True, False]
        assert lines.tasks[0].description == "1 of 2 runs done"


def test_a_bar_shows_no_control_characters() -> None:
    seen = _Seen(80)
    with bars(seen.screen) as lines:
        Watching(seen.screen, lines, [])(Progress("\x1b[31mjahat\u202e", "auto", 1, 0, 0, 0, target="http://x/"))
        assert all("\x1b" not in task.description and "\u202e" not in task.description for task in lines.tasks)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (7_199, "119 min"), (7_200, "2 h"), (172_799, "47 h"), (172_800, "2 d")],
)
def test_lengths_of_time_in_words(seconds: int, said: str) -> None:
    assert span(timedelta(seconds=seconds)) == said
    now = datetime.now(UTC)
    assert in_words(now + timedelta(seconds=seconds), now) == ("now" if not seconds else f"in {said}")
    assert in_words(now - timedelta(seconds=1), now) == "now"
