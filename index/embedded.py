"""The embedded engine: tantivy in a folder of the case, with one writer at a time and readers in any process."""

import json
import logging
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Final

import msgspec
import tantivy
from filelock import FileLock, Timeout
from tantivy import FieldType, Order, Query, Searcher

from index.embedded_facets import histogram, terms
from index.embedded_order import Order as Ordering
from index.embedded_order import Row, count_hits
from index.entry import Refused, make_entry
from index.facets import INTERVALS, check_facets
from index.highlight import highlight
from index.page import check_size, read_token, write_token
from index.protocol import Document, Health, Hit, PutFailure, Request, Results, WordBreaker
from index.query.bind import understand
from index.query.relevance import atoms
from index.query.to_tantivy import Compiler
from index.tantivy_schema import FORMAT, SCHEMA, make_document
from jerat.errors import IndexUnavailable, JeratError

__all__ = ["EmbeddedIndex"]

_log: Final = logging.getLogger(__name__)

_VERSION: Final = version("tantivy")
_HEAP: Final = 64 * 1024 * 1024
_WINDOW: Final = 10_000
_LOCK_SECONDS: Final = 120
_HINT: Final = "`jerat reindex` drops it and builds it anew from the case"


class EmbeddedIndex:
    """The index in `folder`.

    `rebuilt` is called when the folder held no index, or one of another format, and an empty one was made: the caller
    then queues the posts of the case.
    """

    def __init__(self, folder: Path, words: WordBreaker, rebuilt: Callable[[], None] = lambda: None) -> None:
        self._folder = folder
        self._words = words
        self._rebuilt = rebuilt
        self._index: tantivy.Index | None = None
        self._seen: tuple[int, int, int] | None = None
        self._newest = 0
        self._compiler = Compiler(SCHEMA)
        self._decoder = msgspec.json.Decoder(Document)

    @property
    def _files(self) -> Path:
        return self._folder / "tantivy"

    @property
    def _format_file(self) -> Path:
        return self._folder / "format.json"

    @property
    def _removed_file(self) -> Path:
        return self._folder / "removed.log"

    def put(
        self, documents: Sequence[tuple[int, Document]], removed: Sequence[tuple[int, str]] = ()
    ) -> list[PutFailure]:
        """See `Index.put`. Documents are on disk when this returns."""
        failures = []
        entries: dict[str, tuple[int, tantivy.Document]] = {}
        for seq, document in sorted(documents, key=lambda pair: pair[0]):
            try:
                entries[document.id] = (seq, make_document(make_entry(document, self._words), seq))
            except (Refused, ValueError) as error:
                failures.append(PutFailure(document.id, str(error)))
        gone = {post_id: seq for seq, post_id in sorted(removed)}
        if not entries and not gone:
            return failures
        with self._guard(), self._lock():
            index = self._open_index()
            self._write(index, entries, gone)
        return failures

    def _write(
        self, index: tantivy.Index, entries: dict[str, tuple[int, tantivy.Document]], gone: dict[str, int]
    ) -> None:
        index.reload()
        held = self._seqs(index.searcher(), [*entries, *gone])
        tombs = self._tombs()
        fresh = {
            post_id: made
            for post_id, made in entries.items()
            if made[0] >= max(held.get(post_id, 0), tombs.get(post_id, 0), gone.get(post_id, 0))
        }
        dead = {post_id: seq for post_id, seq in gone.items() if seq >= held.get(post_id, 0) and post_id not in fresh}
        if dead:
            self._bury({post_id: seq for post_id, seq in dead.items() if seq > tombs.get(post_id, 0)})
        if not fresh and not any(post_id in held for post_id in dead):
            return
        writer = index.writer(_HEAP, 1)
        try:
            for post_id in [*fresh, *dead]:
                if post_id in held:
                    writer.delete_documents_by_term("id", post_id)
            for _, document in fresh.values():
                writer.add_document(document)
            writer.commit()
        finally:
            writer.wait_merging_threads()  # and so lets go of tantivy's own lock

    @staticmethod
    def _seqs(searcher: Searcher, ids: Sequence[str]) -> dict[str, int]:
        query = Query.term_set_query(SCHEMA, "id", ids)
        found = [address for _, address in searcher.search(query, limit=max(1, len(ids))).hits]
        seqs = searcher.fast_field_values("seq", found)
        return {searcher.doc(at)["id"][0]: int(seq or 0) for at, seq in zip(found, seqs, strict=True)}

    def _tombs(self) -> dict[str, int]:
        """Ids that were removed, with the `seq` of it, so that no older document brings them back."""
        tombs: dict[str, int] = {}
        if self._removed_file.exists():
            for line in self._removed_file.read_text("utf-8").splitlines():
                try:
                    seq, post_id = json.loads(line)
                except ValueError:
                    continue  # a line that was cut by a crash: its row is in the outbox still
                tombs[post_id] = max(seq, tombs.get(post_id, 0))
        return tombs

    def _bury(self, gone: dict[str, int]) -> None:
        if gone:
            with self._removed_file.open("a", encoding="utf-8") as file:
                file.write("\n" + "".join(json.dumps([seq, post_id]) + "\n" for post_id, seq in gone.items()))
                file.flush()
                os.fsync(file.fileno())

    def ready(self) -> None:
        """See `Index.ready`."""
        with self._guard():
            self._open_index()

    def refresh(self) -> None:
        """See `Index.refresh`."""
        self._seen = None
        with self._guard():
            self._searcher()

    def search(self, request: Request) -> Results:
        """See `Index.search`."""
        check_size(request.size)
        check_facets(request.facets, request.facet_size)
        tree = understand(request.query, self._words, restricted=request.restricted)
        token = read_token(request)
        with self._guard():
            searcher = self._searcher()
            base = self._compiler.query(tree)
            newest = self._newest if token is None else token.newest
            if newest < self._newest:
                base = self._compiler.both(base, self._compiler.range("number", FieldType.Integer, None, newest))
            total = count_hits(searcher, base) if token is None else token.total
            ordering = Ordering(searcher, self._compiler, request.sort, atoms(tree))
            rows = ordering.page(base, request.size + 1, None if token is None else token.place) if request.size else []
            facets = {name: terms(searcher, base, name, request.facet_size) for name in request.facets}
            intervals = histogram(searcher, base, INTERVALS[request.histogram]) if request.histogram else ()
        page = rows[: request.size]
        hits = tuple(self._hit(row, request, tree) for row in page)
        more = len(rows) > request.size and page
        after = write_token(request, newest, total, page[-1].place) if more else None
        return Results(total, hits, facets, intervals, after)

    def _hit(self, row: Row, request: Request, tree: object) -> Hit:
        document = self._decoder.decode(row.body)
        found = highlight(tree, document, self._words) if request.highlight else ()  # type: ignore[arg-type]
        return Hit(document, float(row.place.rank), found)

    def scan(self, query: str = "*", *, restricted: bool = False) -> Iterator[Document]:
        """See `Index.scan`. All of it is of one moment, whatever is put meanwhile."""
        tree = understand(query, self._words, restricted=restricted)
        with self._guard():
            searcher = self._searcher()
        for address in self._walk(searcher, self._compiler.query(tree)):
            with self._guard():
                body = searcher.doc(address)["body"][0]
            yield self._decoder.decode(body)

    def _walk(self, searcher: Searcher, base: Query) -> Iterator[tantivy.DocAddress]:
        """The addresses of all hits in the order of `number`, some thousands held at a time."""
        query = base
        while True:
            with self._guard():
                hits = searcher.search(query, limit=_WINDOW, order_by_field="number", order=Order.Asc, count=False).hits
            yield from (address for _, address in hits)
            if len(hits) < _WINDOW:
                return
            last = int(hits[-1][0])
            query = self._compiler.both(base, self._compiler.range("number", FieldType.Integer, last + 1, None))

    def count(self, query: str = "*", *, restricted: bool = False) -> int:
        """See `Index.count`."""
        tree = understand(query, self._words, restricted=restricted)
        with self._guard():
            return count_hits(self._searcher(), self._compiler.query(tree))

    def get(self, post_id: str, *, restricted: bool = False) -> Document | None:
        """See `Index.get`."""
        if not post_id or len(post_id) > 1000:
            return None
        with self._guard():
            searcher = self._searcher()
            hits = searcher.search(self._compiler.term("id", post_id), limit=1).hits
            found = self._decoder.decode(searcher.doc(hits[0][1])["body"][0]) if hits else None
        return found if found is None or restricted or not found.restricted else None

    def ids(self) -> Iterable[str]:
        """See `Index.ids`."""
        with self._guard():
            searcher = self._searcher()
        return (searcher.doc(address)["id"][0] for address in self._walk(searcher, Query.all_query()))

    def clear(self) -> None:
        """See `Index.clear`. Works on a damaged index too."""
        with self._guard(), self._lock():
            self._index = None
            self._make()

    def health(self) -> Health:
        """See `Index.health`."""
        try:
            with self._guard():
                documents = self._searcher().num_docs
        except JeratError as error:
            return Health("embedded", False, _VERSION, 0, f"{error}; {error.hint}" if error.hint else str(error))
        return Health("embedded", True, _VERSION, documents, f"tantivy {_VERSION} in {self._files}")

    def close(self) -> None:
        """See `Index.close`."""
        self._index = None
        self._seen = None

    def _searcher(self) -> Searcher:
        """A view of what is committed now, by whichever process."""
        index = self._open_index()
        state = (self._files / "meta.json").stat()
        seen = (state.st_mtime_ns, state.st_ino, state.st_size)
        if seen != self._seen:
            index.reload()
            newest = index.searcher().search(Query.all_query(), limit=1, order_by_field="number", count=False).hits
            self._newest = int(newest[0][0]) if newest else 0
            self._seen = seen
        return index.searcher()

    def _open_index(self) -> tantivy.Index:
        if self._index is not None and self._files.is_dir():
            return self._index
        if self._format() != FORMAT:
            with self._lock():
                if self._format() != FORMAT:  # no other process made it while this one waited
                    if self._format_file.exists():
                        _log.warning("the search index in %s is of another format: it is built anew", self._folder)
                    self._make()
                    self._rebuilt()
        self._index = tantivy.Index.open(str(self._files))
        self._index.config_reader("manual")
        self._seen = None
        return self._index

    def _format(self) -> str:
        try:
            return str(json.loads(self._format_file.read_text("utf-8"))["format"])
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def _make(self) -> None:
        """Make an empty index. The format file comes last, so that a crash leaves none, and it is made again."""
        for path in (self._format_file, self._removed_file):
            path.unlink(missing_ok=True)
        if self._files.exists():
            shutil.rmtree(self._files)
        self._files.mkdir(parents=True)
        tantivy.Index(SCHEMA, path=str(self._files))
        aside = self._format_file.with_suffix(".new")
        aside.write_text(json.dumps({"format": FORMAT, "tantivy": _VERSION}), "utf-8")
        aside.replace(self._format_file)
        self._seen = None

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """Be the one that writes, of all processes."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(self._folder / "writer.lock", timeout=_LOCK_SECONDS, is_singleton=True)
        try:
            with lock:
                yield
        except Timeout as error:
            raise IndexUnavailable(
                f"another process has been writing to the search index in {self._folder} for {_LOCK_SECONDS} seconds",
                "the posts wait; try again when it is done",
            ) from error

    @contextmanager
    def _guard(self) -> Iterator[None]:
        """tantivy's errors, in words that say what to do."""
        try:
            yield
        except JeratError:
            raise
        except (KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except BaseException as error:
            # A panic of tantivy, as on a damaged file, is no Exception; all else that is none goes on.
            if not isinstance(error, OSError | ValueError | RuntimeError) and type(error).__name__ != "PanicException":
                raise
            self._index = None
            raise IndexUnavailable(f"the search index in {self._folder} cannot be used: {error}", _HINT) from error
