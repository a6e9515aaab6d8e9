"""Lists of posts and entities as files: streamed, without a cap, and never half."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Literal

from index.protocol import Document, Index
from jerat.errors import InputError, JeratError
from jerat.exchange.columns import ENTITY_COLUMNS, POST_COLUMNS, entity_cells, post_cells
from jerat.exchange.entities import EntitySort, collect
from jerat.exchange.files import written_aside
from jerat.exchange.tables import FORMATS, CsvTable, JsonlTable, Table, XlsxTable

__all__ = ["STDOUT", "Exported", "Format", "Progress", "What", "export", "format_of"]

Format = Literal["csv", "xlsx", "jsonl"]
What = Literal["posts", "entities"]
Progress = Callable[[int, int], None]
"""Called with the posts read so far and how many match."""

STDOUT: Final = "-"
_TELL_EVERY: Final = 200


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: `rows` without the heading, from `posts` posts; `cut` cells did not fit and end with a mark."""

    rows: int
    posts: int
    cut: int


def format_of(output: str, given: str = "") -> Format:
    """The format: as given, else by the ending of the file's name. Raises InputError where neither tells it."""
    name = given or Path(output).suffix.removeprefix(".").lower()
    name = {"ndjson": "jsonl", "json": "jsonl"}.get(name, name)
    for known in FORMATS:
        if name == known:
            return known
    raise InputError(
        f"the format {given!r} is not known" if given else f"the ending of {output} does not tell a format",
        f"--format {' or '.join(FORMATS)}",
    )


def export(
    index: Index,
    what: What,
    query: str,
    output: str,
    format: Format,
    *,
    kinds: tuple[str, ...] = (),
    sort: EntitySort = "posts",
    raw: bool = False,
    restricted: bool = False,
    progress: Progress | None = None,
) -> Exported:
    """Write the posts that match `query`, or the entities they name, to `output` (`-` for standard output).

    Posts that are set apart are left out, unless `restricted` asks for them, too.

    The rows are counted against the index: raises JeratError, and leaves no file, where they differ from its count.
    """
    columns = POST_COLUMNS if what == "posts" else ENTITY_COLUMNS
    with _table(output, format, what, tuple(columns), raw) as table:
        before = index.count(query, restricted=restricted)
        posts = rows = 0

        def documents() -> Iterator[Document]:
            nonlocal posts
            for document in index.scan(query, restricted=restricted):
                posts += 1
                if progress is not None and posts % _TELL_EVERY == 0:
                    progress(posts, before)
                yield document

        if what == "posts":
            for document in documents():
                table.row(post_cells(document), document)
                rows += 1
        else:
            entities, _ = collect(documents(), kinds, sort)
            for row in entities:
                table.row(entity_cells(row), row)
                rows += 1
        _check(posts, before, index.count(query, restricted=restricted))
        if progress is not None:
            progress(posts, before)
        table.close()
        return Exported(rows, posts, table.cut)


def _check(read: int, before: int, after: int) -> None:
    """Posts may arrive while a list is written; but fewer or more than there ever were is a loss."""
    if not min(before, after) <= read <= max(before, after):
        raise JeratError(
            f"the index counts {after} posts for this query and gave {read}; nothing was written",
            "`jerat reindex` rebuilds the index; if this happens again, please report it",
        )


@contextmanager
def _table(output: str, format: Format, sheet: str, columns: tuple[str, ...], raw: bool) -> Iterator[Table]:
    if output == STDOUT:
        if format == "xlsx":
            raise InputError("a workbook cannot be written to standard output", "--output FILE.xlsx")
        sys.stdout.flush()
        yield _stream_table(sys.stdout.buffer, format, columns, raw)
        return
    with written_aside(Path(output)) as aside:
        if format == "xlsx":
            book = XlsxTable(aside, sheet, columns)
            try:
                yield book
            except BaseException:
                book.discard()
                raise
        else:
            with aside.open("wb") as stream:
                yield _stream_table(stream, format, columns, raw)


def _stream_table(stream: IO[bytes], format: Format, columns: tuple[str, ...], raw: bool) -> Table:
    return JsonlTable(stream) if format == "jsonl" else CsvTable(stream, columns, raw=raw)
