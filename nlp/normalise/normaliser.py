"""Text as it was meant: disguises taken off, and every character's way back kept."""

import re
import unicodedata
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple

from nlp.normalise.homoglyphs import FOREIGN, unmix
from nlp.normalise.offsets import Normalised
from nlp.normalise.radicals import PARTS as _PARTS
from nlp.normalise.radicals import split_letters
from nlp.normalise.regions import is_flag
from nlp.normalise.table import DECORATION, charset, table

__all__ = ["normalise"]

_TABLE: Final = table()
_ONE: Final = _TABLE.one | {chr(code): "\ufffd" for code in range(0xD800, 0xE000)}
_MANY: Final = _TABLE.many
_DROPPED: Final = _TABLE.dropped
_NAMES: Final = _TABLE.names
_MARKS: Final = _TABLE.composing
_REGIONAL: Final = frozenset(chr(code) for code in range(0x1F1E6, 0x1F200))
_KEYCAP: Final = "\u20e3"
_HALF_MARKS: Final = str.maketrans("\uff9e\uff9f", "\u3099\u309a")

_ALWAYS: Final = _ONE.keys() | _MANY.keys() | _DROPPED.keys() | _TABLE.marks | _REGIONAL
# In a text that is composed already, only these need a look; in another, all that Unicode may compose or sort as well.
_SUSPECT: Final = re.compile(f"[{charset(_ALWAYS)}]+")
_SUSPECT_LOOSE: Final = re.compile(f"[{charset(_ALWAYS | _MARKS)}]+")
_CONTROL: Final = re.compile(f"[{charset(char for char in _DROPPED if char < chr(0x80))}]")

_MOST_MARKS: Final = 2
"""Generic marks that a letter may keep after composition (Yoruba, Vietnamese in pieces, tone in linguistics)."""
_STACK: Final = 6
"""Marks of a letter in any script; Burmese and Tibetan reach five."""
_SCRIPT_MARKS: Final = charset(
    char
    for code in (*range(0x0591, 0x1100), *range(0x1700, 0x1AB0), *range(0x1B00, 0x1C00), *range(0xA800, 0xABF0))
    if unicodedata.category(char := chr(code)) == "Mn" and char not in _DROPPED
)
_STACKED: Final = re.compile(f"[{_SCRIPT_MARKS}]{{{_STACK + 1},}}")

# Thai and Lao: a vowel typed as its two halves, with the tone before or between; and SARA E typed twice for SARA AE.
_HALVES: Final = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32|\u0ecd([\u0ec8-\u0ecb]?)\u0eb2|\u0e40\u0e40|\u0ec0\u0ec0")
_WHOLE: Final = {"\u0e32": "\u0e33", "\u0eb2": "\u0eb3", "\u0e40": "\u0e41", "\u0ec0": "\u0ec1"}

_FURTHER: Final = re.compile(
    f"[\u0e4d\u0ecd\u0e40\u0ec0{_SCRIPT_MARKS}{_PARTS.pattern.strip('[]')}{FOREIGN.pattern.strip('[]')}]"
)
"""What the passes after the first one begin with; hardly any text in Latin script has any of it."""

# Where people need invisible characters to write properly, they are no disguise.
_PLAIN_SCRIPT: Final = re.compile(
    "[0-9A-Za-z@._+/:\u00c0-\u024f\u0370-\u052f\u1e00-\u1eff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]"
)


class _Unit(NamedTuple):
    """A piece of a run: its text, and that every `into` characters of it came from `out_of` of the original."""

    text: str
    start: int
    end: int
    into: int
    out_of: int
    name: str


def normalise(text: str) -> Normalised:
    """The text in NFKC with its disguises taken off; case is kept, and words are not read.

    Undone are: invisible characters, full-width, circled, squared, mathematical, small-capital and other dressed letters
    and digits, keycaps, letters made of flags, look-alikes of other scripts in mixed words, decorating and stacked marks.
    Digits of all scripts become ASCII, and so do the many hyphens and apostrophes. Lone surrogates become U+FFFD. Letters
    that scripts need whole (Thai and Lao AM, Korean initials) stay. Time and memory are linear in the length.
    """
    if text.isascii():
        if not _CONTROL.search(text):
            return Normalised(text, text)
        suspect = _CONTROL
    else:
        suspect = _SUSPECT if unicodedata.is_normalized("NFC", text) else _SUSPECT_LOOSE
    work = _Work(text)
    work.replace(suspect)
    result = work.result()
    if not _FURTHER.search(result.text):
        return result
    if _HALVES.search(result.text) or _STACKED.search(result.text):
        result = _thai_and_stacks(result)
    if _PARTS.search(result.text) and (edits := split_letters(result.text)):
        result = result.edited(edits)
    unmixed, changed = unmix(result.text)
    if changed:
        result = result.revised(unmixed, changed)
    return result


class _Work:
    """The normalised text while it is put together."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.out: list[str] = []
        self.pieces: list[tuple[int, int, int, int]] = []
        self.undone: list[tuple[int, int, str]] = []
        self.shift = 0  # position in the original minus position in the output, while a plain piece runs
        self.last = 0  # the original up to here is in the output

    def replace(self, suspect: re.Pattern[str]) -> None:
        """Go through all runs of characters that need a look."""
        text, out = self.text, self.out
        for found in suspect.finditer(text):
            run = found[0]
            start = found.start()
            plain = _plain(run) if len(run) < 9 else None
            if plain is None:
                self._run(start, found.end())
            elif plain:
                out.append(text[self.last : start])
                out.append(plain)
                self.last = found.end()
            else:
                self._drop(start, found.end())
        out.append(text[self.last :])

    def result(self) -> Normalised:
        """What came out."""
        return Normalised(self.text, "".join(self.out), self._pieces(), self.undone)

    def _pieces(self) -> list[tuple[int, int, int, int]]:
        pieces = self.pieces
        if pieces and pieces[0][0] != 0:
            pieces.insert(0, (0, 0, 1, 1))
        return pieces

    def _drop(self, start: int, end: int) -> None:
        """A run of which nothing stays and which has no name where it stands."""
        at = start - self.shift
        if self.pieces and self.pieces[-1][0] == at:
            self.pieces.pop()
        if _hides(self.text, start, end):
            for _, _, name in _runs(self.text[start:end], start, _DROPPED):
                self._undo(at, at, name)
        self.out.append(self.text[self.last : start])
        self.shift = end - at
        self.pieces.append((at, end, 1, 1))
        self.last = end

    def _run(self, start: int, end: int) -> None:
        text = self.text
        units = _units(text, start, end, self.last)
        begin = units[0].start if units else start
        self.out.append(text[self.last : begin])
        at = begin - self.shift
        for unit in units:
            if unit.text:
                self._piece(at, unit.start, unit.into, unit.out_of)
                self.out.append(unit.text)
            if unit.name and (unit.text or _hides(text, unit.start, unit.end)):
                self._undo(at, at + len(unit.text), unit.name)
            at += len(unit.text)
            self.shift = unit.end - at
        if units:
            # What follows is plain again; a piece says so where the one before is not, or the distance changed.
            self._piece(at, units[-1].end, 1, 1)
        self.last = end

    def _piece(self, at: int, origin: int, into: int, out_of: int) -> None:
        """Say where a piece begins, unless it goes on from the one before."""
        pieces = self.pieces
        if pieces and pieces[-1][0] == at:
            pieces.pop()
        start, first, last_into, last_out_of = pieces[-1] if pieces else (0, 0, 1, 1)
        if (last_into, last_out_of) == (into, out_of) and (origin - first) * into == (at - start) * out_of:
            return
        pieces.append((at, origin, into, out_of))

    def _undo(self, start: int, end: int, name: str) -> None:
        undone = self.undone
        if undone and undone[-1][2] == name and undone[-1][1] == start and undone[-1][0] < start:
            undone[-1] = (undone[-1][0], end, name)
        elif not undone or undone[-1] != (start, end, name):
            undone.append((start, end, name))


@lru_cache(maxsize=4096)
def _plain(run: str) -> str | None:
    """The run with each character for one, empty where all are dropped, None where more must be looked at."""
    kinds = {_kind(char) for char in run}
    if kinds == {"drop"}:
        return ""
    if kinds != {"one"} or any(char in _NAMES for char in run):
        return None
    return "".join(_ONE.get(char, char) for char in run)


def _kind(char: str) -> str:
    if char in _MARKS:
        return "mark"
    if char in _DROPPED:
        return "drop"
    if char in _MANY:
        return f"many{len(_MANY[char])}"
    return "flag" if char in _REGIONAL else "one"  # one may be itself: classes are wide beyond the basic plane


def _units(text: str, start: int, end: int, done: int) -> list[_Unit]:
    """The units of a run; the first may begin a character before `start`, where that one takes part in it."""
    whole = text[start:end]
    if end - start <= 32 and (alone := _alone(whole)) is not None:
        return [
            _Unit(new, start + begin, start + stop, into, out_of, name)
            for new, begin, stop, into, out_of, name in alone
        ]
    return _read(whole, text, start, done)


@lru_cache(maxsize=4096)
def _alone(run: str) -> list[_Unit] | None:
    """The units of a run that holds no marks, so that nothing before it matters; positions count in the run."""
    if not _MARKS.isdisjoint(run):
        return None
    return _read(run, run, 0, 0)


def _read(whole: str, text: str, start: int, done: int) -> list[_Unit]:
    units: list[_Unit] = []
    at = start
    for kind, group in groupby(whole, key=_kind):
        run = "".join(group)
        stop = at + len(run)
        if kind == "mark":
            units = _marked(units, text, at, stop, done)
        elif kind == "one":
            units += _named(run, at, 1, _ONE)
        elif kind == "drop":
            units += [_Unit("", place, place + n, 0, 1, name) for place, n, name in _runs(run, at, _DROPPED)]
        elif kind == "flag":
            units.append(_flags(run, at))
        else:
            units += _named(run, at, int(kind[4:]), _MANY)
        at = stop
    return units


def _runs(run: str, at: int, names: dict[str, str]) -> list[tuple[int, int, str]]:
    found = []
    for name, group in groupby(run, key=lambda char: names.get(char, "")):
        length = sum(1 for _ in group)
        found.append((at, length, name))
        at += length
    return found


def _named(run: str, at: int, into: int, table: dict[str, str]) -> list[_Unit]:
    first = at
    return [
        _Unit("".join(table.get(c, c) for c in run[place - first : place - first + n]), place, place + n, into, 1, name)
        for place, n, name in _runs(run, at, _NAMES)
    ]


def _flags(run: str, at: int) -> _Unit:
    """Flags stay; letters that are no flag are letters."""
    pairs = len(run) % 2 == 0 and all(is_flag(_letters(run[i : i + 2])) for i in range(0, len(run), 2))
    if pairs:
        return _Unit(run, at, at + len(run), 1, 1, "")
    return _Unit(_letters(run), at, at + len(run), 1, 1, "regional-indicator")


def _letters(run: str) -> str:
    return "".join(chr(ord(char) - 0x1F1E6 + 0x41) for char in run)


def _marked(units: list[_Unit], text: str, at: int, stop: int, done: int) -> list[_Unit]:
    """The units with a run of marks joined to the character before it."""
    base, start = "", at
    kept = units
    bearing = next((i for i in range(len(units) - 1, -1, -1) if units[i].text), None)
    between = units if bearing is None else units[bearing + 1 :]
    if bearing is not None:
        unit = units[bearing]
        start = unit.end - unit.out_of
        base = unit.text[-unit.into :]
        rest = _Unit(unit.text[: -unit.into], unit.start, start, unit.into, unit.out_of, unit.name)
        kept = [*units[:bearing], rest] if rest.text else units[:bearing]
    else:
        first = units[0].start if units else at
        if first > done:
            base, start, kept = text[first - 1], first - 1, []
    marks = text[at:stop]
    name = next((unit.name for unit in between if unit.name), "") if kept is not units else ""
    if bearing is not None and units[bearing].name:
        name = units[bearing].name
    new, undone = _composed(base, marks if len(marks) <= 64 else marks[:64])
    name = undone or name
    if len(new) == stop - start:
        return [*kept, _Unit(new, start, stop, 1, 1, name)]
    if not base and not new:
        return [*kept, _Unit("", start, stop, 0, 1, name)]
    return [*kept, _Unit(new, start, stop, len(new), stop - start, name)]


@lru_cache(maxsize=16384)
def _composed(base: str, marks: str) -> tuple[str, str]:
    """A character with its marks composed, and the name of what was taken off."""
    if _KEYCAP in marks and base in "0123456789#*" and base:
        return base, "keycap"
    marks = marks.translate(_HALF_MARKS)
    name = ""
    bare = marks
    if base == "" or base[-1].isalnum():
        bare = "".join(mark for mark in marks if mark not in DECORATION)
        if bare != marks:
            name = "combining"
    whole = unicodedata.normalize("NFC", base + bare)
    lead = unicodedata.normalize("NFC", base)
    generic = [mark for mark in whole[1:] if mark in _TABLE.marks]
    if len(generic) > _MOST_MARKS:
        kept = "".join(mark for mark in whole[1:] if mark not in _TABLE.marks)
        return whole[:1] + kept[:_STACK], "combining"
    if len(whole) > len(lead) + _STACK:
        return whole[: len(lead) + _STACK], "combining"
    return whole, name


def _hides(text: str, start: int, end: int) -> bool:
    """Whether what was dropped stood inside a word, between characters that need nothing invisible between them."""
    before, after = start - 1, end
    while before >= 0 and text[before] in _DROPPED and start - before < 32:
        before -= 1
    while after < len(text) and text[after] in _DROPPED and after - end < 32:
        after += 1
    return before >= 0 and after < len(text) and _shows(text[before]) and _shows(text[after])


def _shows(char: str) -> bool:
    return bool(_PLAIN_SCRIPT.match(char)) or char in _NAMES


def _thai_and_stacks(given: Normalised) -> Normalised:
    """Second pass, for the few texts that have them: halves of vowels joined, stacks of marks cut."""
    edits: list[tuple[int, int, str, str]] = []
    for found in _HALVES.finditer(given.text):
        tone = found[1] or found[2] or ""
        edits.append((found.start(), found.end(), tone + _WHOLE[found[0][-1]], ""))
    for found in _STACKED.finditer(given.text):
        edits.append((found.start() + _STACK, found.end(), "", "combining"))
    return given.edited(edits)
