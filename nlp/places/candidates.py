"""Names in a text that may be places: the words of scripts with spaces are looked up, other scripts read by automaton."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import msgspec

from nlp.context import Context
from nlp.places.gazetteer import Gazetteer, Place
from nlp.places.words import WORD, script_of

__all__ = ["Candidate", "candidates"]

_script = lru_cache(8192)(script_of)

_MOST: Final = 200_000
"""Words that are looked up of one text; a book has fewer, and more would only fill the memory."""
_CODE: Final = 3
"""Letters of the codes of orders and posts, which numbers follow behind a dash."""
_LONGEST_TAG: Final = 40
_SYLLABIC: Final = frozenset(("thai", "lao", "khmer", "myanmar"))
_PARTS: Final = re.compile(f"({WORD.pattern})")
_NAME_JOINS: Final = frozenset((*" \t\u00a0-'’ʼ·‐‑.", ". "))
"""What may stand between the words of a name."""
_MARKS: Final = re.compile(
    r"[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u17b6-\u17d3\u102b-\u103e]"
)
_LEADING: Final = re.compile(r"[เ-ไເ-ໄ\u17d2\u1039]")
_RANK: Final = frozenset("市县縣区區镇鎮州")


class Candidate(msgspec.Struct):
    """A name in the text and what it may mean."""

    start: int
    end: int
    places: tuple[Place, ...]
    script: str
    capital: bool = False
    at: bool = False
    origin: bool = False
    via: bool = False
    taken: bool = False


def candidates(places: Gazetteer, context: Context) -> list[Candidate]:
    """All names, those that overlap as well, and those inside addresses."""
    text, lower = context.text, context.lower
    found = list(_spaced(places, text, lower))
    if not lower.isascii():
        found += _unspaced(places, context, lower)
    return found


def _spaced(places: Gazetteer, text: str, lower: str) -> Iterator[Candidate]:
    """Names of scripts with spaces between words, the longest at each place."""
    parts = _PARTS.split(lower, _MOST)  # what stands between words, a word, and so on
    known = list(map(places.looked.__getitem__, parts[1::2]))
    if "#" in lower:
        numbers = [number for number, seen in enumerate(known) if seen or parts[2 * number].endswith("#")]
    else:
        numbers = [number for number, seen in enumerate(known) if seen]
    if not numbers:
        return
    done = end = skip = 0
    for number in numbers:
        at = 2 * number + 1
        if at <= skip:
            continue
        single, several = known[number] or ((), False)
        last, key = (several and _longer(places, parts, at)) or (at, single[0] if single else "")
        tag = not key and parts[at - 1].endswith("#") and len(parts[at]) <= _LONGEST_TAG
        if not key and not tag:
            continue
        start = end + sum(map(len, parts[done:at]))
        end = start + sum(map(len, parts[at : last + 1]))
        done = last + 1
        if tag:
            yield from _hashtag(places, text, lower, start, end)
        elif last > at:
            skip = last
            yield _candidate(places, text, start, end, key)
        elif not _in_handle(lower, start, end):
            yield _candidate(places, text, start, end, key)


def _longer(places: Gazetteer, parts: list[str], at: int) -> tuple[int, str] | None:
    """The longest name of several words that begins with `parts[at]`: (its last part, the name as it is known)."""
    word, behind = parts[at], parts[at + 1]
    if at + 2 >= len(parts) or behind not in _NAME_JOINS:
        return None
    pair = f"{word} {parts[at + 2]}"
    if pair not in places.pairs and pair.isascii():
        return None
    spaced = places.spaced
    last, key = at, word
    best: tuple[int, str] | None = None
    while last + 2 < len(parts) and last - at < 2 * (places.longest - 1):
        if parts[last + 1] not in _NAME_JOINS:
            break
        last += 2
        key += " " + parts[last]
        if key in spaced:
            best = (last, key)
        elif not key.isascii() and (with_affix := places.forms(key)):
            best = (last, with_affix[0])
    return best


def _hashtag(places: Gazetteer, text: str, lower: str, start: int, end: int) -> Iterator[Candidate]:
    """The name of a hub or a country at the end of a tag: #lokerkamboja."""
    for begin in range(start + 2, end - 4):
        tail = lower[begin:end]
        if tail in places.spaced:
            found = _candidate(places, text, begin, end, tail)
            if found.places and found.places[0].kind != "city" and found.places[0].grade == "sure":
                yield found
                return


def _candidate(places: Gazetteer, text: str, start: int, end: int, key: str) -> Candidate:
    found = places.places(key, places.spaced[key])
    surface = text[start:end]
    capital = not any(part[0].islower() for part in WORD.findall(surface) if len(part) > 2 or " " not in surface)
    return Candidate(start, end, found, _script(surface), capital)


def _unspaced(places: Gazetteer, context: Context, lower: str) -> Iterator[Candidate]:
    """Names of scripts without spaces, at borders of syllables; short names of cities at borders of words."""
    cues = places.cues
    for start, end, (key, ref) in places.automaton.find(lower):
        script = _script(key)
        if not _whole(lower, start, end, script, cues.hangul_particles):
            continue
        found = places.places(key, ref)
        if not found:
            continue
        # Two Han characters that are also a word are a small town only with its rank behind them.
        if script == "han" and found[0].grade == "sign" and lower[end : end + 1] not in _RANK:
            continue
        if found[0].kind != "hub" and (
            lower.startswith(cues.not_after_unspaced, end)
            or lower.endswith(cues.not_before_unspaced, max(0, start - 12), start)
        ):
            continue
        size = end - start
        alone = size > 4 or script not in _SYLLABIC if script != "han" else size > 2 or found[0].kind != "city"
        if alone or _on_words(context, start, end):
            yield Candidate(start, end, found, script, True)


def _in_handle(lower: str, start: int, end: int) -> bool:
    before = lower[start - 1] if start else " "
    after = lower[end] if end < len(lower) else " "
    if end - start <= _CODE and after == "-" and lower[end + 1 : end + 3].isdecimal():
        return True  # JB-1085
    if before in "@_=\\" or after in "_@=" or (before == "/" and start > 1 and lower[start - 2] in "/:"):
        return True
    dotted = after == "." and end + 1 < len(lower) and lower[end + 1].isalnum() and lower[end + 1].isascii()
    return dotted or (before == "." and start > 1 and lower[start - 2].isalnum() and lower[start - 2].isascii())


def _whole(lower: str, start: int, end: int, script: str, particles: frozenset[str]) -> bool:
    """Whether a name in a script without spaces begins and ends where a syllable, a word or a run does."""
    before = lower[start - 1] if start else " "
    after = lower[end] if end < len(lower) else " "
    if script == "hangul":
        if "가" <= before <= "힣":
            return False
        stop = end
        while stop < len(lower) and stop - end < 7 and "가" <= lower[stop] <= "힣":
            stop += 1
        return lower[end:stop] in particles
    if script == "kana":
        return not ("ァ" <= before <= "ヺ" or before == "ー" or "ァ" <= after <= "ヺ" or after == "ー")
    if script == "han":
        return not (lower[start].isascii() and before.isascii() and before.isalnum())
    return not (_MARKS.match(after) or _LEADING.match(before))


def _on_words(context: Context, start: int, end: int) -> bool:
    """Whether both ends are borders of words."""
    words = context.words(start, end)
    return bool(words) and words[0][1] == start and words[-1][2] == end
