"""Digits in a text, however they are written: runs of them, with what stands between the runs."""

import re
import unicodedata
from bisect import bisect_right
from typing import Final, NamedTuple

from nlp.context import Context
from nlp.entities.figures import digit_runs
from nlp.entities.names import Name, Names
from nlp.entities.spans import Spans

__all__ = ["WIDEST", "Atom", "atoms", "loose", "tight"]

_RUN: Final = re.compile(r"\d{1,64}")
_LONGEST: Final = 64
# What may stand inside one number: up to four signs that are neither letters nor digits, no line break, no sign that
# parts the numbers of a list, and no sign of money.
WIDEST: Final = 4
"""Signs between two runs of one number."""
_TIGHT: Final = re.compile(r"(?:[^\w\n/,;&|+$€£¥₫฿₱₹₩%#@=<>:、，；]|_){1,4}\Z")
_LOOSE: Final = re.compile(
    r"\s{0,3}(?:[/,;&|、\\]|-(?=\d)|or|and|dan|atau|hoặc|và|y|o|ou|e|и|или|หรือ|และ|或|和|또는|或者)?\s{0,3}(?:[-•*·▪]\s?)?\Z"
)
_LETTERS: Final = re.compile(r"(?<![a-z0-9@_./])[0-9oils]{2,16}(?:(?: ?[\-.] ?| )[0-9oils]{2,8}){0,4}(?![a-z0-9_@/])")
_ALIKE: Final = frozenset("oils")
_TO_NUMBER: Final = re.compile(r"[ :：.\-=>→👉📲📱📞☎]{0,6}")
_GOES_ON: Final = re.compile(r"[ .\-]{1,2}\d(?:[ .\-]?\d){6,10}(?!\d)")
_AS_DIGITS: Final = str.maketrans("oils", "0115")


class Atom(NamedTuple):
    """One run of digits: `how` it was written otherwise (`words`, `letters`), empty for digits."""

    start: int
    end: int
    digits: str
    how: str = ""


def tight(gap: str) -> bool:
    """Whether the signs between two runs may stand inside one number."""
    return not gap or (_TIGHT.match(gap) is not None and not (". " in gap and len(gap.strip()) == 1 and gap[0] == "."))


def loose(gap: str) -> bool:
    """Whether what stands between two numbers makes them a list."""
    return _LOOSE.match(gap) is not None and gap.count("\n") <= 1


def atoms(context: Context, found: list[Name], names: Names) -> list[Atom]:
    """All runs of digits in the text, ascending, with the runs of digit words and of letters that stand for digits."""
    lower = context.lower
    runs: list[Atom] = []
    alike = False
    for start, end in digit_runs(context):
        if end - start > _LONGEST:
            runs += [Atom(*match.span(), _ascii(match[0])) for match in _RUN.finditer(lower, start, end)]
        else:
            run = lower[start:end]
            runs.append(Atom(start, end, run if run.isascii() else _ascii(run)))
        if not alike and (lower[end : end + 1] in _ALIKE or lower[max(start - 1, 0)] in _ALIKE):
            alike = True
    extra = _spelt(lower, found)
    if names.single and not lower.isascii():
        extra += _characters(lower, names)
    if alike:
        extra += _lettered(lower, found)
    if extra:
        kept: list[Atom] = []
        reach = 0
        for atom in sorted(extra):
            if atom.start >= reach:
                kept.append(atom)
                reach = atom.end
        inside = Spans((atom.start, atom.end) for atom in kept)
        runs = [atom for atom in runs if atom.start not in inside]
        runs = sorted(runs + kept)
    return runs


def _ascii(run: str) -> str:
    return run if run.isascii() else "".join(str(unicodedata.decimal(char)) for char in run)


def _spelt(lower: str, found: list[Name]) -> list[Atom]:
    """Runs of at least six digit words, single digits among them."""
    words = [name for name in found if name.kind == "digit" or name.kind == "times"]
    if len(words) < 2:
        return []
    out: list[Atom] = []
    run: list[Atom] = []
    times = 1
    count = 0

    def close() -> None:
        nonlocal count
        if (
            count >= 6
            or (count >= 3 and sum(len(atom.digits) for atom in run) >= 8)
            or (count >= 2 and _amid(lower, run))
            or (count >= 3 and _GOES_ON.match(lower, run[-1].end))  # `+eight five five 12 345 678`
        ):
            out.extend(run)
        run.clear()
        count = 0

    reach = -1
    for name in words:
        if name.start < reach:
            continue
        if run:
            gap = lower[run[-1].end : name.start]
            digits = _RUN.findall(gap)
            if digits and len(gap) <= 24 and tight(_RUN.sub(" ", gap).strip() or " "):
                base = run[-1].end
                run += [Atom(base + m.start(), base + m.end(), _ascii(m[0])) for m in _RUN.finditer(gap)]
            elif gap and not (tight(gap) or gap in (", ", ",")):
                close()
        if name.kind == "times":
            times = int(name.value)
            continue
        run.append(Atom(name.start, name.end, name.value * times, "words"))
        times = 1
        count += 1
        reach = name.end
    close()
    return out


def _amid(lower: str, run: list[Atom]) -> bool:
    """Whether digits stand on both sides of a run of words: `855 nine two 111 222`."""
    before, after = lower[max(0, run[0].start - 4) : run[0].start], lower[run[-1].end : run[-1].end + 4]
    return bool(re.search(r"\d[ .-]{0,2}\Z", before) and re.match(r"[ .-]{0,2}\d{2}", after))


def _characters(lower: str, names: Names) -> list[Atom]:
    """Runs of at least seven digits of which most are Chinese or Korean characters."""
    pattern = names.cache.get("characters")
    if pattern is None:
        chars = "".join(names.single)
        pattern = names.cache["characters"] = (
            re.compile(f"[{chars}](?:[{chars}]{{2}}|[ .-][{chars}][ .-][{chars}])"),
            re.compile(f"[{chars}\\d](?:[ .,、\\-]?[{chars}\\d]){{6,24}}"),
        )
    gate, runs = pattern
    if not gate.search(lower):
        return []
    out = []
    for match in runs.finditer(lower):
        count = sum(char in names.single for char in match[0])
        digits = sum(char.isdigit() for char in match[0])
        if count < 4 or count + digits > 20:
            continue
        # A position each: separators inside stay gaps between runs.
        for part in re.finditer(r"[^ .,、\-]+", match[0]):
            text = "".join(names.single.get(char) or _ascii(char) for char in part[0])
            out.append(Atom(match.start() + part.start(), match.start() + part.end(), text, "words"))
    return out


def _lettered(lower: str, found: list[Name]) -> list[Atom]:
    """Numbers in which o stands for 0, or i and l for 1: half of it may be letters right after a messenger's name."""
    out = []
    ends = [name.end for name in found if name.kind not in ("digit", "times", "plus", "word", "none")]
    for match in _LETTERS.finditer(lower):
        run = match[0]
        letters = sum(char in "oils" for char in run)
        digits = sum(char.isdigit() for char in run)
        if not letters or digits + letters < 9:
            continue
        if digits < 6 or letters * 3 > digits:
            near = bisect_right(ends, match.start()) - 1
            # A number may begin as mobiles do: o8s2-77oo-1l22.
            named = run[:2] in ("o8", "08", "o9", "09") or (
                near >= 0 and _TO_NUMBER.fullmatch(lower, ends[near], match.start())
            )
            if not named or digits < 5 or letters > digits + 1:
                continue
        for part in re.finditer(r"[^ .\-]+", run):
            start = match.start() + part.start()
            how = "letters" if any(char in "oils" for char in part[0]) else ""
            out.append(Atom(start, start + len(part[0]), _ascii(part[0].translate(_AS_DIGITS)), how))
    return out
