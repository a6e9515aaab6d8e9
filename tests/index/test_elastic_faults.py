"""Servers that are busy, strange, old, or not Elasticsearch at all: one clear sentence, and nothing lost."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from index.elastic import ElasticIndex
from index.elastic_client import Client
from index.elastic_mapping import META, mapping
from index.protocol import Document, Index, Request
from jerat.errors import IndexUnavailable, QueryError
from jerat.settings import Settings

Make = Callable[..., Document]
Answer = tuple[int, Any] | tuple[int, Any, dict[str, str]] | None

_OURS = {"jerat-000001": {"mappings": {"_meta": META}}}
_HITS = {"hits": {"total": {"value": 3}, "hits": []}, "aggregations": {"newest": {"number": {"value": 3}}}}


class Stub:
    """A server that answers as told: `answers` maps the begin of `METHOD /path` to answers, the last one repeated."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.answers: dict[str, list[Answer]] = {
            "GET /_nodes": [(200, {"nodes": {"a": {"version": "9.2.0"}}})],
            "GET /jerat": [(200, _OURS)],
            "POST /jerat/_search": [(200, _HITS)],
        }
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                stub.headers.append(dict(self.headers))
                asked = f"{self.command} {self.path}"
                stub.asked.append(asked)
                fitting = [begin for begin in stub.answers if asked.startswith(begin)]
                if not fitting:
                    self.send(404, {"error": {"type": "unknown"}}, {})
                    return
                waiting = stub.answers[max(fitting, key=len)]
                found = waiting.pop(0) if len(waiting) > 1 else waiting[0]
                if found is None:
                    self.close_connection = True
                    self.connection.close()
                    return
                status, said, *headers = found
                self.send(status, said(body) if callable(said) else said, headers[0] if headers else {})

            def send(self, status: int, said: Any, headers: dict[str, str]) -> None:
                data = said if isinstance(said, bytes) else json.dumps(said).encode()
                plain = {"Content-Type": "application/json", "X-Elastic-Product": "Elasticsearch", **headers}
                self.send_response(status)
                for name, value in plain.items():
                    if value:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(data)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer  # noqa: N815

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def stub() -> Iterator[Stub]:
    made = Stub()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.05,))
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def index(stub: Stub, words: Any, pauses: list[float]) -> Iterator[ElasticIndex]:
    engine = ElasticIndex(Client(Settings(index=stub.address, index_timeout=0.5), pauses.append), "jerat", words)
    yield engine
    engine.close()


def refused(index: Index, words: str) -> IndexUnavailable:
    with pytest.raises(IndexUnavailable, match=words) as caught:
        index.count()
    assert "\n" not in str(caught.value)
    assert "JERAT_INDEX" in str(caught.value)
    return caught.value


def test_a_busy_server_is_asked_again(stub: Stub, index: Index, pauses: list[float]) -> None:
    stub.answers["POST /jerat/_search"] = [(429, {}), (503, {}), None, (200, _HITS)]
    assert index.count() == 3
    assert pauses == [0.2, 0.5, 0.2]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_server_that_stays_busy_is_given_up(stub: Stub, index: Index, pauses: list[float], status: int) -> None:
    stub.answers["POST /jerat/_search"] = [(status, {"error": {"type": "busy", "reason": "no room"}})]
    refused(index, f"too busy, or not ready .{status}")
    assert pauses == [0.2, 0.5, 1.0, 2.0]


def test_a_server_that_hangs_up_is_given_up(stub: Stub, index: Index) -> None:
    stub.answers["POST /jerat/_search"] = [None]
    refused(index, "does not answer")


def test_a_server_that_never_answers_is_given_up(stub: Stub, index: Index, pauses: list[float]) -> None:
    gate = threading.Event()

    def answer_late(_: bytes) -> Any:
        gate.wait(1.5)
        return _HITS

    stub.answers["POST /jerat/_search"] = [(200, answer_late)]
    refused(index, "does not answer")
    gate.set()
    assert pauses == [0.2]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((200, b"<html>hello</html>", {"Content-Type": "text/html", "X-Elastic-Product": ""}), "is not Elasticsearch"),
        ((200, {"tagline": "The OpenSearch Project"}, {"X-Elastic-Product": ""}), "is not Elasticsearch"),
        ((404, b"nothing here", {"Content-Type": "text/plain", "X-Elastic-Product": ""}), "is not Elasticsearch"),
        ((200, b"{ broken", {}), "is not Elasticsearch"),
        ((200, {"nodes": {"a": {"version": "7.17.9"}}}), "is Elasticsearch 7.17.9, and jerat speaks to 8.18 to 9"),
        ((200, {"nodes": {"a": {"version": "8.17.5"}}}), "is Elasticsearch 8.17.5"),
        ((200, {"nodes": {"a": {"version": "10.0.0"}}}), "is Elasticsearch 10.0.0"),
        ((400, {"error": {"type": "media_type_header_exception", "reason": "x"}}), "does not understand jerat"),
        ((406, {"error": "x"}), "does not understand jerat"),
        ((401, {"error": {"type": "security_exception", "reason": "wrong"}}), "refuses the credentials"),
        ((500, {"error": {"type": "boom", "reason": "x"}}), "fails .500 boom"),
    ],
)
def test_what_is_no_fitting_elasticsearch_is_named(stub: Stub, index: Index, answer: Any, words: str) -> None:
    stub.answers["GET /_nodes"] = [answer]
    refused(index, words)
    assert index.health().answers is False
    assert words.split(" .")[0] in index.health().detail
    assert not [asked for asked in stub.asked if not asked.startswith("GET /_nodes")]


def test_a_user_who_may_not_see_the_nodes_may_search(stub: Stub, index: Index) -> None:
    stub.answers["GET /_nodes"] = [(403, {"error": {"type": "security_exception"}})]
    stub.answers["GET /"] = [(200, {"version": {"number": "8.19.1"}})]
    assert index.count() == 3
    assert index.health().version == "8.19.1"
    stub.answers["GET /"] = [(200, {"version": {"number": "8.1.0"}})]
    index.close()


def test_every_request_asks_for_what_8_and_9_understand(stub: Stub, index: Index, document: Make) -> None:
    stub.answers["PUT /jerat/_bulk"] = [(200, {"errors": False, "items": [{"index": {"status": 200}}]})]
    index.put([(1, document(1))])
    index.count()
    for headers in stub.headers[1:]:
        for name in ("Accept", "Content-Type"):
            value = headers.get(name) or headers.get(name.lower()) or ""
            assert "compatible-with=9" not in value
            assert not value or "compatible-with=8" in value, value


def test_partial_bulk_errors(stub: Stub, index: Index, document: Make, pauses: list[float]) -> None:
    first = [
        {"index": {"status": 201}},
        {"index": {"status": 429, "error": {"type": "rejected"}}},
        {"index": {"status": 400, "error": {"type": "document_parsing_exception", "reason": "no such thing"}}},
        {"index": {"status": 409, "error": {"type": "version_conflict_engine_exception"}}},
        {"delete": {"status": 404}},
    ]
    stub.answers["PUT /jerat/_bulk"] = [
        (200, {"errors": True, "items": first}),
        (200, {"items": [{"index": {"status": 200}}]}),
    ]
    documents = [(number, document(number)) for number in range(1, 5)]
    [failure] = index.put(documents, [(5, "gone")])
    assert failure.id == document(3).id
    assert "document_parsing_exception: no such thing" in failure.reason
    assert len([asked for asked in stub.asked if "_bulk" in asked]) == 2
    stub.answers["PUT /jerat/_bulk"] = [(200, {"items": [{"index": {"status": 429, "error": {"type": "rejected"}}}]})]
    with pytest.raises(IndexUnavailable, match="too busy to take 1 posts"):
        index.put(documents[:1])


def test_a_bulk_that_is_too_large_is_halved_down_to_the_cause(stub: Stub, index: Index, document: Make) -> None:
    def take(body: bytes) -> Any:
        return {"items": [{"index": {"status": 201}}] * (body.count(b"\n") // 2)}

    too_large, taken = (413, {"error": "too large"}), (200, take)
    stub.answers["PUT /jerat/_bulk"] = [too_large, too_large, taken, too_large, taken]
    failures = index.put([(number, document(number)) for number in range(1, 5)])
    # 4 are too many, 2 are too many, the first is taken, the second is the cause, the other two are taken.
    assert [failure.id for failure in failures] == [document(2).id]
    assert "413" in failures[0].reason


def test_a_query_that_the_server_refuses_is_a_query_error(stub: Stub, index: Index) -> None:
    stub.answers["POST /jerat/_search"] = [(400, {"error": {"type": "too_many", "reason": "clauses"}})]
    with pytest.raises(QueryError, match="too_many: clauses"):
        index.search(Request("kerja"))


def test_foreign_and_older_indexes_are_left_alone(stub: Stub, index: ElasticIndex) -> None:
    stub.answers["GET /jerat"] = [(200, {"jerat": {"mappings": {"properties": {}}}})]
    error = refused_plain(index, "was not made by jerat, and is left alone")
    assert "JERAT_INDEX_NAME" in error.hint
    with pytest.raises(IndexUnavailable, match="was not made by jerat"):
        index.clear()
    stub.answers["GET /jerat"] = [(200, {"jerat-000001": {"mappings": {"_meta": {"jerat": {"format": "older"}}}}})]
    assert "jerat reindex" in refused_plain(index, "another version of jerat").hint
    assert not [asked for asked in stub.asked if asked.startswith(("DELETE", "PUT"))]


def refused_plain(index: Index, words: str) -> IndexUnavailable:
    with pytest.raises(IndexUnavailable, match=words) as caught:
        index.count()
    return caught.value


def test_a_certificate_that_is_not_there_is_named(tmp_path: Path, words: Any) -> None:
    settings = Settings(index="https://127.0.0.1:9", index_ca_file=tmp_path / "none.pem")
    with pytest.raises(IndexUnavailable, match=r"JERAT_INDEX|certificate"):
        ElasticIndex.connect(settings, words).count()


@pytest.mark.elasticsearch
def test_an_index_that_was_dropped_is_made_again(elastic: Index, elastic_settings: Settings, document: Make) -> None:
    elastic.put([(1, document(1))])
    client = Client(elastic_settings)
    client.call(lambda c: c.indices.delete(index=f"{elastic_settings.index_name}-000001"))
    elastic.put([(2, document(2))])
    elastic.refresh()
    assert elastic.count() == 1
    made = client.call(lambda c: c.indices.get(index=elastic_settings.index_name)).body
    assert [state["mappings"]["_meta"] for state in made.values()] == [META]
    client.close()


@pytest.mark.elasticsearch
def test_an_index_of_another_is_refused_by_the_real_server(elastic_settings: Settings, words: Any) -> None:
    client = Client(elastic_settings)
    client.call(lambda c: c.indices.create(index=elastic_settings.index_name))
    engine = ElasticIndex.connect(elastic_settings, words)
    with pytest.raises(IndexUnavailable, match="was not made by jerat"):
        engine.count()
    engine.close()
    client.close()


def test_the_mapping_is_strict_and_complete() -> None:
    made = mapping()
    assert made["dynamic"] == "strict"
    assert made["properties"]["text"] == {
        "type": "text",
        "analyzer": "whitespace",
        "index_options": "positions",
        "norms": False,
    }
    assert made["properties"]["points"] == {"type": "geo_point"}
