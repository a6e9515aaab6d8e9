"""The language of a text: by script, then by telling words, then by pycld2 (Apache License 2.0)."""

import re
import unicodedata
from pathlib import Path
from typing import Final

import msgspec
import pycld2  # type: ignore[import-untyped]

from nlp import data
from nlp.context import Context, component

__all__ = ["detect"]

_SAMPLE: Final = 800
"""Characters from the beginning that are read; what a post is about is said there."""

# By first code point of each script: (first, last, letter of the script, weight of one character in letters of Latin).
_SCRIPTS: Final = (
    (0x0041, 0x005A, "L", 1.0), (0x0061, 0x007A, "L", 1.0), (0x00C0, 0x024F, "L", 1.0), (0x1E00, 0x1EFF, "L", 1.0),
    (0x0370, 0x03FF, "g", 1.0), (0x0400, 0x052F, "C", 1.0), (0x0531, 0x0587, "y", 1.0), (0x0590, 0x05FF, "w", 1.0),
    (0x0600, 0x06FF, "A", 1.2), (0x0750, 0x077F, "A", 1.2), (0x0900, 0x097F, "D", 1.2), (0x0980, 0x09FF, "b", 1.2),
    (0x0A00, 0x0A7F, "p", 1.2), (0x0A80, 0x0AFF, "j", 1.2), (0x0B00, 0x0B7F, "o", 1.2), (0x0B80, 0x0BFF, "t", 1.2),
    (0x0C00, 0x0C7F, "e", 1.2), (0x0C80, 0x0CFF, "k", 1.2), (0x0D00, 0x0D7F, "m", 1.2), (0x0D80, 0x0DFF, "s", 1.2),
    (0x0E00, 0x0E7F, "T", 1.2), (0x0E80, 0x0EFF, "l", 1.2), (0x0F00, 0x0FFF, "q", 1.2), (0x1000, 0x109F, "M", 1.2),
    (0x10A0, 0x10FF, "G", 1.0), (0x1100, 0x11FF, "K", 1.2), (0x1200, 0x139F, "E", 2.0), (0x1780, 0x17FF, "R", 1.2),
    (0x3040, 0x30FF, "N", 1.8), (0x3131, 0x318E, "K", 1.2), (0x3400, 0x4DBF, "H", 3.0), (0x4E00, 0x9FFF, "H", 3.0),
    (0xAC00, 0xD7A3, "K", 2.2),
)  # fmt: skip
_ONLY: Final = {
    "T": "th", "l": "lo", "R": "km", "M": "my", "K": "ko", "E": "am", "b": "bn", "g": "el", "y": "hy", "w": "he",
    "p": "pa", "j": "gu", "o": "or", "t": "ta", "e": "te", "k": "kn", "m": "ml", "s": "si", "q": "bo", "G": "ka",
}  # fmt: skip
"""Scripts that one language of the field is written in."""

_LATIN_WORD: Final = re.compile(r"[a-z]+(?:['-][a-z]+)*")
_NAGARI_WORD: Final = re.compile("[\u0900-\u097f]+")
_ARABIC_WORD: Final = re.compile("[\u0620-\u06d3]+")
_LOANS: Final = 0.6
_VIETNAMESE: Final = re.compile("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")
_ACCENTS: Final = re.compile("[\u0300-\u036f]")
_URDU: Final = frozenset("ٹڈڑںےہھ")
_PERSIAN: Final = frozenset("پچژگکی")
_ARABIC_ONLY: Final = frozenset("ةىيكإأؤ")
_UKRAINIAN: Final = frozenset("іїєґ")
_RUSSIAN: Final = frozenset("ыэё")
_OTHER_CYRILLIC: Final = frozenset("әғқңөұүһўҷӣӯјљњћђџѓќѕ")
_LANGUAGES: Final = Path(__file__).with_name("languages.yaml")
_CLD: Final = {"iw": "he", "no": "nb", "jw": "jv", "in": "id", "fil": "tl"}


class _Row(msgspec.Struct, frozen=True):
    id: str
    source: str
    words: str = ""
    strong: str = ""


class _Scripts(dict[int, str]):
    """The letter of a character's script, for str.translate."""

    def __missing__(self, code: int) -> str:
        found = next((letter for first, last, letter, _ in _SCRIPTS if first <= code <= last), " ")
        if len(self) < 70_000:
            self[code] = found
        return found


_BY_SCRIPT: Final = _Scripts()
_WEIGHTS: Final = {letter: weight for _, _, letter, weight in _SCRIPTS}


def _word_weights(rows: list[_Row]) -> dict[str, tuple[tuple[str, float], ...]]:
    """For each word the languages that it tells, and how much: the less, the more of them have it."""
    holders: dict[str, dict[str, float]] = {}
    for row in rows:
        for part, weight in ((row.words, 0.5), (row.strong, 1.0)):
            for word in str(part).split():
                holders.setdefault(word, {})[row.id] = weight
    return {
        word: tuple((language, weight / len(languages)) for language, weight in languages.items())
        for word, languages in holders.items()
    }


@component("language", version=1)
class Language:
    """Sets the language of the context by that of its text."""

    def __init__(self, lexicon: Path | None = None) -> None:
        """Reads the words of languages; an analyst may add some."""
        self._words = _word_weights(data.rows(_LANGUAGES, _Row, lexicon))

    def __call__(self, context: Context) -> None:
        """Read the post's own text, and its fields only where it has no text to speak of."""
        _, start, end, _ = context.segments[0]
        found = self.detect(context.text[start : min(end, start + _SAMPLE)])
        if found == "und" and len(context.segments) > 1:
            found = self.detect(context.text[:_SAMPLE])
        context.language = found

    def detect(self, text: str) -> str:
        """ISO 639-1 code of the language that most of a normalised text is in (639-3 where there is no other).

        `und` where there are no letters, or no sign of any language.
        """
        sample = text[:_SAMPLE]
        if "@" in sample or "/" in sample:  # handles and addresses are in no language
            sample = " ".join([word for word in sample.split() if "@" not in word and "/" not in word])
        if sample.isascii():
            return self._latin(sample)
        letters = sample.translate(_BY_SCRIPT)
        shares = {letter: letters.count(letter) * _WEIGHTS[letter] for letter in sorted(set(letters)) if letter != " "}
        if not shares:
            return "und"
        kana = shares.get("N", 0.0)
        # Japanese is written in both; one kana in twelve is enough, for Chinese has none but の and ornaments.
        if kana and kana >= 0.12 * shares.get("H", 0.0) and kana >= 3.6:
            shares["N"] = kana + shares.pop("H", 0.0)
        if "L" in shares and len(shares) > 1:
            shares["L"] *= _LOANS  # every script borrows brands and trade words from English, and not the other way
        main = max(shares, key=shares.__getitem__)
        if main in _ONLY:
            return _ONLY[main]
        if main == "H":
            return "zh"
        if main == "N":
            return "ja"
        if main == "L":
            return self._latin(sample)
        if main == "A":
            return self._arabic(sample)
        if main == "D":
            return self._nagari(sample)
        return _cyrillic(sample)

    def _latin(self, sample: str) -> str:
        low = sample.lower()
        scores: dict[str, float] = {}
        if not low.isascii():
            marked = len(_VIETNAMESE.findall(low))
            if marked:
                if marked * 12 > len(low):
                    return "vi"
                scores["vi"] = 0.4 * marked
            low = _ACCENTS.sub(
                "", unicodedata.normalize("NFD", low.replace("đ", "d").replace("ł", "l").replace("ı", "i"))
            )
        tokens = _LATIN_WORD.findall(low)
        if not tokens:
            return "und"
        best = self._score(tokens, scores)
        if not best or best[0][1] < 2.0 or (len(best) > 1 and best[0][1] < 1.5 * best[1][1]):
            for language, weight in _cld2(sample):
                scores[language] = scores.get(language, 0.0) + weight
            best = sorted(scores.items(), key=lambda item: -item[1])
        return best[0][0] if best and best[0][1] >= 0.4 else "und"

    def _score(self, tokens: list[str], scores: dict[str, float]) -> list[tuple[str, float]]:
        for told in map(self._words.get, tokens):
            if told is not None:
                for language, weight in told:
                    if language in scores:
                        scores[language] += weight
                    else:
                        scores[language] = weight
        return sorted(scores.items(), key=lambda item: -item[1])

    def _nagari(self, sample: str) -> str:
        best = self._score(_NAGARI_WORD.findall(sample), {})
        for language, score in best:
            if language in {"hi", "mr", "ne"} and score > 0:
                return language
        found = _cld2(sample)
        return found[0][0] if found and found[0][0] in {"hi", "mr", "ne"} else "hi"

    def _arabic(self, sample: str) -> str:
        scores = {
            "ur": 0.3 * sum(map(sample.count, _URDU)),
            "fa": 0.1 * sum(map(sample.count, _PERSIAN)),
            "ar": 0.2 * (sum(map(sample.count, _ARABIC_ONLY)) + sample.count("ال")),
        }
        return self._score(_ARABIC_WORD.findall(sample), scores)[0][0] if any(scores.values()) else "ar"


def detect(text: str) -> str:
    """The language of a text, as `Language.detect`, with the words that come with jerat."""
    return _default().detect(text)


def _default() -> Language:
    if not _MADE:
        _MADE.append(Language())
    return _MADE[0]


_MADE: list[Language] = []


def _cld2(sample: str) -> list[tuple[str, float]]:
    """What pycld2 says, as (language, weight up to 2)."""
    try:
        reliable, _, details = pycld2.detect(sample, isPlainText=True, bestEffort=True)
    except (pycld2.error, UnicodeError):
        return []
    found = []
    for _, name, percent, _ in details:
        code = _CLD.get(name, name.split("-")[0])
        if code not in {"un", "xxx"} and len(code) <= 3 and percent:
            found.append((code, percent / 100 * (2.0 if reliable else 0.8)))
    return found


def _cyrillic(sample: str) -> str:
    low = sample.lower()
    if not _UKRAINIAN.isdisjoint(low):
        return "uk"
    if not _RUSSIAN.isdisjoint(low) and _OTHER_CYRILLIC.isdisjoint(low):
        return "ru"
    for language, weight in _cld2(sample):
        if language in {"ru", "uk", "bg", "kk", "ky", "mn", "tg", "uz", "sr", "be", "mk"} and weight > 0.9:
            return language
    return "ru"
