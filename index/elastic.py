"""Elasticsearch, for several crawlers and users: the same answers as the embedded engine, from a server or a cluster."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Final, Self, TypeVar

import msgspec
from elasticsearch import ApiError, BadRequestError, Elasticsearch, NotFoundError

from index.elastic_bulk import Action, send
from index.elastic_client import Client, reason_of
from index.elastic_mapping import META, SETTINGS, make_source, mapping
from index.entry import Refused, make_entry
from index.facets import INTERVALS, MAX_INTERVALS, check_facets, ranked
from index.highlight import highlight
from index.page import Place, Token, check_size, read_token, write_token
from index.protocol import Bucket, Document, Health, Hit, PutFailure, Request, Results, WordBreaker
from index.query.bind import understand
from index.query.relevance import Atom, atoms
from index.query.to_elastic import compile_query, compile_ranked
from index.query.tree import Tree
from jerat.errors import IndexUnavailable, JeratError, QueryError
from jerat.settings import Settings

__all__ = ["ElasticIndex"]

T = TypeVar("T")

_PAGE: Final = 500
_KEEP: Final = "5m"
_RISING: Final = [{"number": "asc"}, {"id": "asc"}]
_SORTS: Final[dict[str, list[dict[str, str]]]] = {
    "relevance": [{"_score": "desc"}, {"published": "desc"}, {"id": "asc"}],
    "date": [{"published": "desc"}, {"id": "asc"}],
    "risk": [{"score": "desc"}, {"published": "desc"}, {"id": "asc"}],
}


class ElasticIndex:
    """The index behind the alias `name`. It is made when it is first used; `rebuilt` is called when it was."""

    def __init__(
        self, client: Client, name: str, words: WordBreaker, rebuilt: Callable[[], None] = lambda: None
    ) -> None:
        self._client = client
        self._name = name
        self._words = words
        self._rebuilt = rebuilt
        self._ready = False
        self._decoder = msgspec.json.Decoder(Document)

    @classmethod
    def connect(cls, settings: Settings, words: WordBreaker, rebuilt: Callable[[], None] = lambda: None) -> Self:
        """The index that the settings name. Nothing is sent before it is used."""
        return cls(Client(settings), settings.index_name, words, rebuilt)

    def put(
        self, documents: Sequence[tuple[int, Document]], removed: Sequence[tuple[int, str]] = ()
    ) -> list[PutFailure]:
        """See `Index.put`. Elasticsearch writes its log to disk before it answers."""
        failures, actions = [], []
        for seq, document in documents:
            try:
                actions.append(Action(seq, document.id, make_source(make_entry(document, self._words))))
            except Refused as error:
                failures.append(PutFailure(document.id, str(error)))
        actions += [Action(seq, post_id, None) for seq, post_id in removed]
        if actions:
            self._prepare()
            failures += self._again(lambda: send(self._client, self._name, actions))
        return failures

    def ready(self) -> None:
        """See `Index.ready`."""
        self._prepare()

    def refresh(self) -> None:
        """See `Index.refresh`."""
        self._ask(lambda client: client.indices.refresh(index=self._name))

    def search(self, request: Request) -> Results:
        """See `Index.search`."""
        check_size(request.size)
        check_facets(request.facets, request.facet_size)
        tree = understand(request.query, self._words, restricted=request.restricted)
        token = read_token(request)
        scored = atoms(tree) if request.sort == "relevance" else []
        answer = self._search(**self._body(request, tree, scored, token))
        aggregations = answer.get("aggregations", {})
        if token is None:
            newest = int(aggregations["newest"]["number"]["value"] or 0)
            total = int(answer["hits"]["total"]["value"])
        else:
            newest, total = token.newest, token.total
        found = answer["hits"]["hits"]
        page = found[: request.size]
        hits = tuple(self._hit(raw, request, tree, scored) for raw in page)
        after = None
        if page and len(found) > request.size:
            after = write_token(request, newest, total, _place(_order(request, scored), page[-1]))
        facets = {name: ranked(_buckets(aggregations[f"facet_{name}"]), request.facet_size) for name in request.facets}
        intervals = _buckets(aggregations["histogram"]) if request.histogram else []
        return Results(total, hits, facets, tuple(Bucket(value, count) for value, count in intervals), after)

    def _body(self, request: Request, tree: Tree, scored: Sequence[Atom], token: Token | None) -> dict[str, Any]:
        aggregations: dict[str, Any] = {}
        if token is None:
            aggregations["newest"] = {"global": {}, "aggs": {"number": {"max": {"field": "number"}}}}
        for name in request.facets:
            order = [{"_count": "desc"}, {"_key": "asc"}]
            aggregations[f"facet_{name}"] = {"terms": {"field": name, "size": request.facet_size, "order": order}}
        if request.histogram:
            terms = {"field": INTERVALS[request.histogram], "size": MAX_INTERVALS, "order": {"_key": "asc"}}
            aggregations["histogram"] = {"terms": terms}
        sort = _order(request, scored)
        body: dict[str, Any] = {
            "query": compile_ranked(tree, scored, token.newest if token else None).to_dict(),
            "size": request.size + 1 if request.size else 0,
            "source": ["body"],
            "track_total_hits": token is None,
            "allow_partial_search_results": False,
        }
        if aggregations:
            body["aggs"] = aggregations
        if request.size:
            body["sort"] = _SORTS[sort]
            if token is not None:
                place = token.place
                first: dict[str, list[float]] = {"relevance": [place.rank], "risk": [place.risk], "date": []}
                body["search_after"] = [*first[sort], place.published, place.id]
        return body

    def _hit(self, raw: dict[str, Any], request: Request, tree: Tree, scored: Sequence[Atom]) -> Hit:
        document = self._decoder.decode(raw["_source"]["body"])
        rank = float(raw["sort"][0]) if scored else 0.0
        return Hit(document, rank, highlight(tree, document, self._words) if request.highlight else ())

    def scan(self, query: str = "*", *, restricted: bool = False) -> Iterator[Document]:
        """See `Index.scan`. All of it is of one moment, unless the reader pauses for minutes between two posts."""
        tree = understand(query, self._words, restricted=restricted)
        for raw in self._walk(tree, ["body"]):
            yield self._decoder.decode(raw["_source"]["body"])

    def _walk(self, tree: Tree, source: list[str] | bool) -> Iterator[dict[str, Any]]:
        query = compile_query(tree).to_dict()
        after: list[Any] | None = None
        pit = self._open_view()
        try:
            while True:
                body: dict[str, Any] = {"query": query, "size": _PAGE, "sort": _RISING, "source": source}
                if after is not None:
                    body["search_after"] = after
                try:
                    answer = self._client.call(
                        lambda client, body=body, pit=pit: client.search(  # type: ignore[misc]
                            pit={"id": pit, "keep_alive": _KEEP}, track_total_hits=False, **body
                        )
                    )
                except NotFoundError:  # the view is gone, since the reader paused for long: go on in a new one
                    pit = self._open_view()
                    continue
                pit = answer.get("pit_id", pit)
                found = answer["hits"]["hits"]
                yield from found
                if len(found) < _PAGE:
                    return
                after = found[-1]["sort"][:2]
        finally:
            self._close_view(pit)

    def _open_view(self) -> str:
        """A view of the index that does not change while it is read."""
        answer = self._ask(lambda client: client.open_point_in_time(index=self._name, keep_alive=_KEEP))
        return str(answer["id"])

    def _close_view(self, pit: str) -> None:
        with suppress(IndexUnavailable, ApiError):  # it ends by itself
            self._client.call(lambda client: client.close_point_in_time(id=pit))

    def count(self, query: str = "*", *, restricted: bool = False) -> int:
        """See `Index.count`."""
        tree = understand(query, self._words, restricted=restricted)
        answer = self._search(query=compile_query(tree).to_dict(), size=0, track_total_hits=True)
        return int(answer["hits"]["total"]["value"])

    def get(self, post_id: str, *, restricted: bool = False) -> Document | None:
        """See `Index.get`."""
        if not post_id or len(post_id.encode("utf-8", "replace")) > 512:
            return None
        answer = self._search(query={"ids": {"values": [post_id]}}, size=1, source=["body"])
        found = answer["hits"]["hits"]
        document = self._decoder.decode(found[0]["_source"]["body"]) if found else None
        return document if document is None or restricted or not document.restricted else None

    def ids(self) -> Iterable[str]:
        """See `Index.ids`."""
        return (str(raw["_id"]) for raw in self._walk(understand("*", self._words, restricted=True), False))

    def clear(self) -> None:
        """See `Index.clear`. Only an index that jerat made is dropped."""
        self._client.check()
        held = self._held()
        self._ready = False
        numbers = [0]
        for name, state in (held or {}).items():
            self._own(name, state)
            numbers += [int(found) for found in re.findall(r"-(\d{6})$", name)]
        for name in held or {}:
            self._client.call(lambda client, name=name: client.indices.delete(index=name, ignore_unavailable=True))  # type: ignore[misc]
        self._create(max(numbers) + 1)

    def health(self) -> Health:
        """See `Index.health`."""
        try:
            documents = self.count(restricted=True)
        except JeratError as error:
            detail = f"{error}; {error.hint}" if error.hint else str(error)
            return Health("elasticsearch", False, self._client.version, 0, detail)
        version = self._client.version
        detail = f"Elasticsearch {version} at {self._client.address}, index {self._name}".replace("  ", " ")
        return Health("elasticsearch", True, version, documents, detail)

    def close(self) -> None:
        """See `Index.close`."""
        self._client.close()

    def _search(self, **body: Any) -> dict[str, Any]:
        try:
            return dict(self._ask(lambda client: client.search(index=self._name, **body)))
        except BadRequestError as error:
            raise QueryError(f"Elasticsearch refuses the query: {reason_of(error)}") from error

    def _ask(self, ask: Callable[[Elasticsearch], Any]) -> Any:
        self._prepare()
        return self._again(lambda: self._client.call(ask))

    def _again(self, act: Callable[[], T]) -> T:
        """Do it; and once more where the index was dropped by somebody meanwhile and had to be made anew."""
        try:
            return act()
        except NotFoundError:
            self._ready = False
            self._prepare()
        try:
            return act()
        except NotFoundError as error:
            raise IndexUnavailable(
                f"the index {self._name} at {self._client.address} (JERAT_INDEX) vanished: {reason_of(error)}"
            ) from error

    def _prepare(self) -> None:
        """Make sure that the index is there, and is ours."""
        if self._ready:
            return
        self._client.check()
        held = self._held()
        if held is None:
            self._create(1)
            self._rebuilt()
            return
        for name, state in held.items():
            self._own(name, state)
            if state["mappings"].get("_meta") != META:
                raise IndexUnavailable(
                    f"the index {name} at {self._client.address} was made by another version of jerat",
                    "`jerat reindex` drops it and builds it anew from the case",
                )
        self._ready = True

    def _held(self) -> dict[str, Any] | None:
        try:
            return dict(self._client.call(lambda client: client.indices.get(index=self._name)))
        except NotFoundError:
            return None

    def _own(self, name: str, state: dict[str, Any]) -> None:
        if "jerat" not in (state.get("mappings", {}).get("_meta") or {}):
            raise IndexUnavailable(
                f"the index {name} at {self._client.address} was not made by jerat, and is left alone",
                "JERAT_INDEX_NAME names another",
            )

    def _create(self, number: int) -> None:
        name = f"{self._name}-{number:06d}"
        try:
            self._client.call(
                lambda client: client.indices.create(
                    index=name, mappings=mapping(), settings=SETTINGS, aliases={self._name: {"is_write_index": True}}
                )
            )
        except BadRequestError as error:
            held = self._held()  # another process made it first, or a try whose answer was lost
            if held is None:
                raise IndexUnavailable(
                    f"the index {name} cannot be made at {self._client.address}: {reason_of(error)}",
                    "JERAT_INDEX_NAME names another",
                ) from error
            for found, state in held.items():
                self._own(found, state)
        self._ready = True


def _order(request: Request, scored: Sequence[Atom]) -> str:
    return "date" if request.sort == "relevance" and not scored else request.sort


def _place(order: str, raw: dict[str, Any]) -> Place:
    *first, published, post_id = raw["sort"]
    rank = int(first[0]) if order == "relevance" else 0
    risk = float(first[0]) if order == "risk" else 0.0
    return Place(rank, risk, int(published), str(post_id))


def _buckets(aggregation: dict[str, Any]) -> list[tuple[str, int]]:
    return [(str(bucket["key"]), int(bucket["doc_count"])) for bucket in aggregation["buckets"]]
