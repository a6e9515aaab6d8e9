"""Rows of a table, from whatever file, as posts: the mapping is guessed from the first rows, shown, and kept to."""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Final

from crawlers.imports.chat import LeftOut, local_address, zone_of
from crawlers.imports.columns import FIELDS, Mapping, has_heading, heading_below, mapped
from crawlers.imports.days import DateReader, order_of
from crawlers.imports.rows import Row
from jerat.model import Job, Post, post_id
from jerat.urls import canonical_url
from pipelines.intake import BadItem, ImportOptions, Read

__all__ = ["Table"]

_SAMPLE: Final = 2000
_SAMPLE_SIZE: Final = 8_000_000
_SHOWN: Final = 60
_KEEP: Final = 2000
_MOST_COLUMNS: Final = 300
"""Columns that are looked at; tables of posts have a few dozen."""
_URL: Final = re.compile(r"(?i)https?://[^\s\"<>]+|www\.[^\s\"<>]+")
_PLAIN_URL: Final = re.compile(r"(?i)^(?:[a-z0-9-]+\.)+[a-z]{2,}/\S*$")
# What `jerat export` puts before a cell that a spreadsheet would evaluate.
_GUARD: Final = re.compile(r"'(?=\s*[=+\-@'\uff1d\uff0b\uff0d\uff20\u2212])")
_OWN_ID: Final = re.compile(r"[0-9a-f]{24}")
_PLAIN_WORD: Final = re.compile(r"[\w.+-]+")
_CLOCK: Final = re.compile(r"\d[:.]\d\d(?::\d\d)?(?:\s*[AaPp]\.?[Mm]\.?)?\s*$")
_GENERAL: Final = re.compile(
    r"(?i)^(?:contacts?|contact (?:info|details|person)|phones?|tel(?:ephone)?|mobile|e-?mail|mail)$"
)


class Table:
    """One table of a file. `place` makes of the number of a row what stands in the evidence; `kind` says what it is.

    Where rows are `padded`, one that is too short has lost a cell, and is bad.
    """

    def __init__(
        self,
        name: str,
        options: ImportOptions,
        fetched_at: datetime,
        place: Callable[[int], str],
        kind: str = "",
        *,
        padded: bool = True,
    ) -> None:
        self._name, self._options, self._fetched_at, self._place, self._kind = name, options, fetched_at, place, kind
        self._mapping = Mapping()
        self._dates = self._fetched = DateReader()
        self._width = 0
        self._own_ids = self._shared = False
        self._short_rows = not padded

    def posts(self, rows: Iterator[Row], on_width: Callable[[int], object] = int) -> Iterator[Read | BadItem]:
        """The posts, in order. `on_width` is told how many cells a row has, as soon as it is known.

        Raises InputError where no column can be the text.
        """
        sample, size = [], 0
        for row in rows:
            sample.append(row)
            size += sum(map(len, row.cells))
            if len(sample) >= _SAMPLE or size >= _SAMPLE_SIZE:
                break
        whole = [row for row in sample if not row.trouble and any(cell.strip() for cell in row.cells)]
        if not whole:
            yield from (self._bad(row, row.trouble) for row in sample if row.trouble)
            return
        above = heading_below([row.cells[:_MOST_COLUMNS] for row in whole[:10]])
        if above:
            self._options.say(f"{self._name}: the first {above} rows are above the heading, and not read")
            left_out, whole = whole[:above], whole[above:]
            sample = [row for row in sample if row not in left_out]
        headed = has_heading([row.cells[:_MOST_COLUMNS] for row in whole[:100]], self._options.columns)
        heading = whole[0] if headed else None
        self._learn(heading, whole[1:] if headed else whole)
        on_width(self._width)
        empty, broken = LeftOut(), 0
        for row in chain((row for row in sample if row is not heading), rows):
            item = self._one(row)
            if item is None:
                empty.add("rows without a text")
            else:
                broken += isinstance(item, Read) and "\ufffd" in item.post.text
                yield item
        empty.tell(self._name, self._options.say)
        if broken:
            self._options.say(
                f"{self._name}: {broken:,} posts hold bytes that are no character of the encoding: \ufffd"
            )

    # -- what the first rows tell ----------------------------------------------------------------------------------

    def _learn(self, heading: Row | None, rows: list[Row]) -> None:
        counts = [len(row.cells) for row in rows] or [len(heading.cells) if heading else 0]
        self._width = len(heading.cells) if heading is not None else max(set(counts), key=counts.count)
        self._short_rows |= sum(count < self._width for count in counts) * 5 > len(counts)
        fitting = [[_cell(cell) for cell in row.cells[:_MOST_COLUMNS]] for row in rows if len(row.cells) <= self._width]
        names = heading.cells[:_MOST_COLUMNS] if heading is not None else []
        self._mapping = mapped([_cell(name) for name in names], fitting, self._options.columns)
        zone = zone_of(self._options.time_zone) if self._options.time_zone else None
        order, reason = self._options.date_order, "as --date-order says"
        if not order:
            order, reason = order_of(value for cells in fitting for value in self._all("date", cells))
        self._dates = DateReader(order, zone)
        self._fetched = DateReader(
            self._options.date_order or order_of(v for cells in fitting for v in self._all("fetched", cells))[0], zone
        )
        ids = [value for cells in fitting for value in self._all("id", cells)]
        self._own_ids = bool(ids) and all(_OWN_ID.fullmatch(value) for value in ids) and len(set(ids)) > len(ids) * 0.9
        self._shared = self._is_shared(fitting)
        self._tell(heading, fitting, order, reason)

    def _is_shared(self, rows: list[list[str]]) -> bool:
        """Whether rows of different texts have one address: that of a group or a front page, which names no post."""
        said: dict[str, set[str]] = {}
        for cells in rows:
            if address := _address(self._first("url", cells)):
                said.setdefault(address, set()).add(" ".join(self._all("text", cells))[:500])
        return sum(map(len, said.values())) > 1.2 * len(said)

    def _tell(self, heading: Row | None, rows: list[list[str]], order: str, reason: str) -> None:
        say = self._options.say
        where = "no heading" if heading is None else f"heading in row {heading.line}"
        say(f"{self._name}: {', '.join(part for part in (self._kind, where) if part)}; the columns are read so:")
        for name in FIELDS:
            for number in self._mapping.columns.get(name, ()):
                example = next((cells[number] for cells in rows if number < len(cells) and cells[number].strip()), "")
                shown = " ".join(example.split())
                shown = shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"
                say(f"  {name:<9} {self._mapping.label(number)!r} ({self._mapping.how[number]}): {shown}")
        if unused := [self._mapping.label(number) for number in self._mapping.unused]:
            more = f" and {len(unused) - 20} more" if len(unused) > 20 else ""
            say(f"  not used: {', '.join(map(repr, unused[:20]))}{more}; --columns NAME=COLUMN says otherwise")
        if order:
            say(f"  dates are read as {order}, {reason if reason.startswith('as') else f'for one is {reason}'}")
        elif reason:
            say(
                f"  the order of day and month is not certain ({reason}): such dates are left out; --date-order says it"
            )
        if not self._options.time_zone and any(
            _CLOCK.search(v) for cells in rows[:50] for v in self._all("date", cells)
        ):
            say("  times that name no zone are taken as UTC; --time-zone names another")
        if self._shared:
            say("  several rows have one address, which so names no post: rows are told apart by what they say")

    # -- rows ------------------------------------------------------------------------------------------------------

    def _one(self, row: Row) -> Read | BadItem | None:
        if row.trouble:
            return self._bad(row, row.trouble)
        cells = row.cells
        while len(cells) > self._width and not cells[-1].strip():
            cells = cells[:-1]
        if not any(cell.strip() for cell in cells):
            return None
        if len(cells) > self._width or (len(cells) < self._width and not self._short_rows):
            return self._bad(row, f"{len(cells)} cells in a table of {self._width} columns")
        return self._post(row.line, [_cell(cell) for cell in cells[:_MOST_COLUMNS]])

    def _bad(self, row: Row, reason: str) -> BadItem:
        return BadItem(self._place(row.line), reason, " | ".join(row.cells)[:_KEEP])

    def _all(self, name: str, cells: Sequence[str]) -> list[str]:
        numbers = self._mapping.columns.get(name, ())
        return [value for number in numbers if number < len(cells) and (value := cells[number].strip())]

    def _first(self, name: str, cells: Sequence[str]) -> str:
        return next(iter(self._all(name, cells)), "")

    def _post(self, line: int, cells: Sequence[str]) -> Read | None:
        options, notes = self._options, list[str]()
        text, title = _joined(self._all("text", cells)), self._first("title", cells)
        if not text and not title:
            return None
        hint = self._first("country", cells).upper() or options.country_hint
        if not (len(hint) == 2 and hint.isascii() and hint.isalpha()):
            notes += [f"country {hint[:20]!r} is no ISO 3166 code, and was left out"] if hint else []
            hint = ""
        author, date = self._first("author", cells), self._first("date", cells)
        platform = self._first("platform", cells) or options.platform
        identity, native, url = self._identity(platform, cells, (title, text, author, date))
        job = Job(
            organisation=self._first("company", cells),
            locations=tuple(self._all("location", cells)),
            salary=self._first("salary", cells),
            contacts=tuple(self._contacts(cells)),
        )
        post = Post(
            id=identity,
            native_id=native,
            source=self._first("source", cells) or options.source,
            platform=platform,
            url=url,
            title=title,
            text=text,
            author=author,
            published_at=self._moment("date", date, self._dates, notes),
            fetched_at=self._moment("fetched", self._first("fetched", cells), self._fetched, notes) or self._fetched_at,
            country_hint=hint,
            job=None if job == Job() else job,
            evidence=self._place(line),
        )
        return Read(post, tuple(notes))

    def _identity(self, platform: str, cells: Sequence[str], said: tuple[str, ...]) -> tuple[str, str, str]:
        """Id, native id and address. By jerat's own id, by the address, by the platform's number, else by what is said."""
        own, address = self._first("id", cells), _address(self._first("url", cells))
        key = hashlib.blake2b(
            "\x1f".join((own, *said, *self._all("contact", cells))).encode(), digest_size=12
        ).hexdigest()
        local = address or local_address("row", key)
        if self._own_ids and _OWN_ID.fullmatch(own):
            return own, "", address or local_address("post", own)
        if address and not self._shared:
            return post_id(platform, "", address), "", address
        if own and len(own) <= 200 and platform != "import":
            return post_id(platform, own, ""), own, address or local_address(platform, own)
        return post_id("row", key, ""), "", local

    def _contacts(self, cells: Sequence[str]) -> Iterator[str]:
        """The contacts, with the heading where a bare word or number says not itself of which messenger it is."""
        for number in self._mapping.columns.get("contact", ()):
            value = cells[number].strip() if number < len(cells) else ""
            heading = self._mapping.headings[number] if number < len(self._mapping.headings) else ""
            if not value:
                continue
            bare = "@" not in value and "/" not in value and not re.search(r"[^\W\d_]{2,}\s*[:：]", value)
            yield f"{heading}: {value}" if heading and bare and not _GENERAL.match(heading) else value

    def _moment(self, name: str, value: str, reader: DateReader, notes: list[str]) -> datetime | None:
        moment = reader.read(value) if value else None
        if value and moment is None:
            notes.append(f"{name} {value[:40]!r} cannot be read for certain, and was left out")
        return moment


def _cell(cell: str) -> str:
    """The text of a cell, without the guard that `jerat export` puts before what looks like a formula."""
    return cell[1:] if cell.startswith("'") and _GUARD.match(cell) else cell


def _joined(parts: list[str]) -> str:
    """Several columns as one text; what stands in another already is left out."""
    unlike = list(dict.fromkeys(parts))
    return "\n\n".join(part for part in unlike if not any(part in one for one in unlike if one != part))


def _address(cell: str) -> str:
    """The web address in a cell, also of a formula that would show a link; empty where there is none."""
    if match := _URL.search(cell):
        found = match[0].rstrip(").,;")
        return canonical_url(found if "://" in found else f"https://{found}")
    return canonical_url(f"https://{cell.strip()}") if _PLAIN_URL.match(cell.strip()) else ""
