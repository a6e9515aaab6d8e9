"""What the components of the pipeline share about one text, and how a recogniser becomes a component."""

from __future__ import annotations

import inspect
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec

from jerat.errors import Rejected
from jerat.model import Field, PostKind, Risk
from nlp.breaks import Lines
from nlp.normalise import Normalised, normalise

if TYPE_CHECKING:
    from spacy.tokens import Doc  # at run time only for who reads one: spaCy takes most of a second to import

__all__ = ["Component", "Context", "IndicatorMatch", "Match", "component", "factory_name", "recogniser"]

SEPARATOR: Final = "\n\n"
"""Stands between the text and its fields in the one string that is read."""

T = TypeVar("T")


class Match(msgspec.Struct, kw_only=True, gc=False):
    """An entity as a recogniser saw it: `start` and `end` count in `Context.text`; all else as in jerat.model.Entity."""

    kind: str
    value: str
    start: int
    end: int
    confidence: float
    country: str = ""
    lat: float | None = None
    lon: float | None = None
    geoname_id: int | None = None
    role: str = ""
    usd_month_min: float | None = None
    usd_month_max: float | None = None
    bank: str = ""
    undone: tuple[str, ...] = ()
    """Disguises that the recogniser itself took off; those of the normaliser are added later."""


class IndicatorMatch(msgspec.Struct, kw_only=True, gc=False):
    """A red flag as it was seen: `start` and `end` count in `Context.text`; all else as in jerat.model.Indicator."""

    indicator: str
    family: str
    weight: float
    start: int
    end: int


class Context:
    """One text on its way through the pipeline: the text and all its fields, normalised together.

    A component reads `text` (or `lower`, which has the same length) and adds to `entities` and `indicators`. Positions
    count code points of `text`; `span` leads back to the original. A match must not cross a border of a segment.
    """

    __slots__ = (
        "_doc", "_lines", "_lower", "_normalised", "_segment_ends", "_segment_starts", "cache", "country_hint", "entities",
        "failure", "indicators", "kind", "language", "original", "risk", "segments", "text",
    )  # fmt: skip

    def __init__(self, normalised: Normalised, fields: Sequence[tuple[str, int, int]], country_hint: str = "") -> None:
        """`fields` are (name, start, end) in the original, ascending; the first is the text itself."""
        self._normalised = normalised
        self.text: Final = normalised.text
        """The normalised text, case kept: the post's text first, then its fields, `SEPARATOR` between them."""
        self.original: Final = normalised.original
        """The text as given, its fields behind it, `SEPARATOR` between them."""
        self._lower: str | None = None
        self._doc: Doc | None = None
        self._lines: Lines | None = None
        self.country_hint = country_hint
        self.language = "und"
        """ISO 639 code of the main language; `und` until the language component has run, and where it cannot tell."""
        self.cache: dict[str, Any] = {}
        """What several recognisers read together, such as all contacts: computed by the first, by its own key."""
        self.entities: list[Match] = []
        self.indicators: list[IndicatorMatch] = []
        self.kind: PostKind = "other"
        self.risk: Risk | None = None
        self.failure: Rejected | None = None
        """Set where a component failed; those after it are not run."""
        self.segments: list[tuple[str, int, int, int]] = []
        """(name, start in `text`, end in `text`, start in the original) of the text and of each field, ascending."""
        if len(fields) == 1:
            self.segments.append((fields[0][0], 0, len(normalised.text), 0))
        else:
            place = normalised.position
            self.segments += [(name, place(start), place(end), start) for name, start, end in fields]
        self._segment_starts = [segment[1] for segment in self.segments]
        self._segment_ends = [segment[2] for segment in self.segments]

    @classmethod
    def of(cls, text: str, *, fields: Iterable[Field] = (), country_hint: str = "") -> Context:
        """The context of a text and of what else is read with it."""
        parts = [text]
        places = [("text", 0, len(text))]
        at = len(text)
        for field in fields:
            at += len(SEPARATOR)
            places.append((field.name, at, at + len(field.text)))
            parts.append(field.text)
            at += len(field.text)
        return cls(normalise(SEPARATOR.join(parts)), places, country_hint)

    @property
    def lower(self) -> str:
        """`text` in lower case, character by character, so that its length is that of `text`."""
        if self._lower is None:
            text = self.text
            lower = text.lower()
            if len(lower) != len(text):
                lower = "".join(low if len(low := char.lower()) == 1 else char for char in text)
            self._lower = lower
        return self._lower

    @property
    def doc(self) -> Doc:
        """The spaCy Doc over `text`; its tokens are the ICU words. Made when it is asked for: hardly any step needs it."""
        if self._doc is None:
            from nlp.frame import doc_of

            self._doc = doc_of(self)
        return self._doc

    @doc.setter
    def doc(self, doc: Doc | None) -> None:
        self._doc = doc

    @property
    def breaks(self) -> list[int]:
        """The borders of the segments in `text`, sorted, that of its beginning and its end among them."""
        return sorted({*self._segment_starts, *self._segment_ends})

    def segment(self, start: int, end: int) -> tuple[str, int, int, int] | None:
        """The segment that holds `text[start:end]` as a whole, or None where it crosses a border."""
        at = bisect_right(self._segment_starts, start) - 1
        # An empty segment begins where the next one does; the range lies in the last that begins there and has width.
        while at >= 0 and self._segment_ends[at] < end and self._segment_starts[at] == start and at:
            at -= 1
        if at < 0 or end > self._segment_ends[at]:
            return None
        return self.segments[at]

    def crosses(self, start: int, end: int) -> bool:
        """Whether `text[start:end]` lies in more than one segment."""
        return self.segment(start, end) is None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The range of `original` behind `text[start:end]`; needs start < end."""
        return self._normalised.span(start, end)

    def undone(self, start: int, end: int) -> tuple[str, ...]:
        """The names of the disguises that were taken off inside `text[start:end]`, such as `homoglyph`."""
        return self._normalised.undone(start, end)

    @property
    def disguises(self) -> list[tuple[int, int, str]]:
        """All disguises that were taken off: (start, end, name) in `text`; empty ranges where something was dropped."""
        return self._normalised.disguises

    def holds(self, start: int, end: int) -> bool:
        """Whether `text[start:end]` is a range that lies in one segment."""
        if end <= self._segment_ends[0]:
            return 0 <= start < end
        return 0 <= start < end and self.segment(start, end) is not None

    def surface(self, start: int, end: int) -> tuple[str, int, int, str] | None:
        """Of `text[start:end]`: (the original surface, its start and end in its field, the field's name).

        None where the range is empty or crosses a border of a segment: such a finding cannot be shown.
        """
        if not 0 <= start < end:
            return None
        if end <= self._segment_ends[0]:
            begin, stop = self._normalised.span(start, end)
            return self.original[begin:stop], begin, stop, self.segments[0][0]
        segment = self.segment(start, end)
        if segment is None:
            return None
        begin, stop = self._normalised.span(start, end)
        origin = segment[3]
        return self.original[begin:stop], begin - origin, stop - origin, segment[0]

    def kinds(self, *kinds: str) -> list[Match]:
        """The entities so far that are of one of `kinds`."""
        return [match for match in self.entities if match.kind in kinds]

    def words(self, start: int, end: int) -> list[tuple[str, int, int]]:
        """The ICU words that touch `text[start:end]`, white space left out: (word, start, end)."""
        if self._lines is None:
            self._lines = Lines(self.text)
        return self._lines.words(start, end)


class Component:
    """Steps on the contexts of texts, and a spaCy component that runs them on those of docs."""

    __slots__ = ("name", "phases")

    def __init__(self, name: str, *phases: Callable[[Context], Any]) -> None:
        self.name = name
        self.phases = phases

    def read(self, contexts: Sequence[Context]) -> None:
        """Run the phases on all contexts, each on all before the next one: its code and tables then stay in the processor's
        cache, which makes the whole a quarter faster. What a phase yields goes to the context's entities or indicators.

        An exception is kept as the failure of its context: one bad text must not end the batch that it came in.
        """
        for phase in self.phases:
            for context in contexts:
                if context.failure is not None:
                    continue
                try:
                    found = phase(context)
                    if found is None:
                        continue
                    # It may read what came before it while it yields, so its own findings are added when it has ended.
                    matches = list(found)
                except Exception as error:
                    context.failure = Rejected(f"nlp.{self.name}", f"{type(error).__name__}: {error}")
                    context.failure.__cause__ = error
                    continue
                for match in matches:
                    if isinstance(match, Match):
                        context.entities.append(match)
                    else:
                        context.indicators.append(match)

    def __call__(self, doc: Doc) -> Doc:
        """Run the phases on the context of a doc."""
        self.read([doc.user_data["jerat"]])  # which is doc._.jerat, without its cost
        return doc

    def pipe(self, docs: Iterable[Doc], batch_size: int = 64) -> Iterator[Doc]:
        """Run the phases on a stream of docs, a batch after the other."""
        stream = iter(docs)
        while batch := list(islice(stream, batch_size)):
            self.read([doc.user_data["jerat"] for doc in batch])
            yield from batch


STEPS: Final[dict[str, Callable[[str, Path | None], Component]]] = {}
"""What makes each registered component, by its factory's name: takes the component's own name and the analyst's folder."""


def factory_name(name: str, version: int) -> str:
    """The name under which spaCy knows the component: `jerat_NAME_vVERSION`."""
    return f"jerat_{name}_v{version}"


def component(name: str, version: int = 1) -> Callable[[T], T]:
    """Register a step as the component `jerat_NAME_vVERSION` (nlp/pipeline.py tells spaCy), and give it back unchanged.

    A step is a function that takes a Context, or a class whose instances do (as `__call__` or as `recognise`). A class
    is made when the pipeline is; where its constructor has a parameter `lexicon`, it is given the analyst's folder
    (`pathlib.Path` or None). A step may yield Match and IndicatorMatch, or change the context and return None. An instance
    with `phases` is several steps, one after the other.
    """

    def register(step: T) -> T:
        STEPS[factory_name(name, version)] = lambda name, lexicon: Component(name, *_phases(step, lexicon))
        return step

    return register


def recogniser(name: str, version: int = 1) -> Callable[[T], T]:
    """Register a recogniser: a step that yields what it found. The same as `component`, for readers."""
    return component(name, version)


def _phases(step: Any, lexicon: Path | None) -> Sequence[Callable[[Context], Any]]:
    if not inspect.isclass(step):
        return (step,)
    make: Callable[..., Any] = step
    made = make(lexicon=lexicon) if "lexicon" in inspect.signature(make).parameters else make()
    return getattr(made, "phases", None) or (getattr(made, "recognise", made),)
