"""Speaks to Elasticsearch: tries again where that may help, and says in one sentence why it gave up."""

import re
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from elastic_transport import (
    ConnectionError as Unreachable,
)
from elastic_transport import (
    ConnectionTimeout,
    SerializationError,
    TlsError,
    Transport,
    TransportError,
)
from elasticsearch import ApiError, BadRequestError, Elasticsearch, UnsupportedProductError

from jerat.errors import IndexUnavailable
from jerat.settings import Settings

__all__ = ["NEWEST", "OLDEST", "Client", "reason_of"]

T = TypeVar("T")

OLDEST: Final = (8, 18)
NEWEST: Final = (9,)
"""The versions of the server that jerat speaks to."""

_BUSY: Final = frozenset({429, 502, 503, 504})
_PAUSES: Final = (0.2, 0.5, 1.0, 2.0)
_COMPATIBLE: Final = re.compile(r"compatible-with=\d+")


class _Compatible(Transport):
    """Asks for the answers of version 8, which servers of 8 and of 9 both give, whichever the client is of."""

    def perform_request(self, method: str, target: str, **options: Any) -> Any:
        headers = options.get("headers")
        if isinstance(headers, Mapping):
            options["headers"] = {
                name: _COMPATIBLE.sub("compatible-with=8", value) if isinstance(value, str) else value
                for name, value in headers.items()
            }
        return super().perform_request(method, target, **options)


class Client:
    """The connection to one Elasticsearch."""

    def __init__(self, settings: Settings, pause: Callable[[float], None] = time.sleep) -> None:
        self.address = settings.index
        self.version = ""
        self.pause = pause
        options: dict[str, Any] = {
            "request_timeout": settings.index_timeout,
            "max_retries": 0,  # `call` tries again, and waits in between
            "retry_on_timeout": False,
            "transport_class": _Compatible,
        }
        if settings.index_api_key is not None:
            options["api_key"] = settings.index_api_key.get_secret_value()
        elif settings.index_user:
            password = settings.index_password.get_secret_value() if settings.index_password else ""
            options["basic_auth"] = (settings.index_user, password)
        if settings.index_ca_file is not None:
            options["ca_certs"] = str(settings.index_ca_file)
        try:
            self._client = Elasticsearch(self.address, **options)
        except (ValueError, OSError) as error:
            raise IndexUnavailable(
                f"the address or certificate of Elasticsearch cannot be used: {error}",
                "see JERAT_INDEX and JERAT_INDEX_CA_FILE",
            ) from error

    def call(self, ask: Callable[[Elasticsearch], T]) -> T:
        """What `ask` returns. `ask` may be called several times.

        Raises IndexUnavailable where the server does not answer, and lets through its refusals (404, 409, 400).
        """
        busy = cut = late = 0
        while True:
            try:
                return ask(self._client)
            except TlsError as error:
                said = f"shows a certificate that cannot be trusted: {_short(error)}"
                raise self._gone(said, "JERAT_INDEX_CA_FILE") from error
            except ConnectionTimeout as error:
                late += 1
                tries = late
                if late > 1:  # each costs the whole JERAT_INDEX_TIMEOUT
                    raise self._gone(f"does not answer: {_short(error)}") from error
            except Unreachable as error:
                cut += 1
                tries = cut
                if cut > 2:
                    raise self._gone(f"does not answer: {_short(error)}") from error
            except (SerializationError, UnsupportedProductError) as error:
                raise self._foreign() from error
            except TransportError as error:
                raise self._gone(f"cannot be asked: {_short(error)}") from error
            except ApiError as error:
                busy += 1
                tries = busy
                self._judge(error, last=busy > len(_PAUSES))
            self.pause(_PAUSES[tries - 1])

    def _judge(self, error: ApiError, *, last: bool) -> None:
        """Raise what an answer means; return where it is worth trying again."""
        status = error.meta.status
        if status in _BUSY:
            if last:
                raise self._gone(f"is too busy, or not ready ({status} {reason_of(error)})") from error
            return
        if status in (401, 403):
            raise self._gone(
                f"refuses the credentials ({status} {reason_of(error)})",
                "JERAT_INDEX_API_KEY, or JERAT_INDEX_USER and JERAT_INDEX_PASSWORD",
            ) from error
        if error.meta.headers.get("x-elastic-product") != "Elasticsearch":
            raise self._foreign() from error
        if status >= 500:
            raise self._gone(f"fails ({status} {reason_of(error)})") from error
        if status == 406 or "media_type" in str(error.message):
            raise self._old("of a version that does not understand jerat") from error
        raise error

    def check(self) -> None:
        """Raises IndexUnavailable if what answers is not an Elasticsearch that jerat speaks to."""
        version = self._ask_version()
        if not version:
            return  # it does not tell this user; what else it answers will show
        self.version = version
        parts = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
        if parts < OLDEST or parts[:1] > NEWEST:
            raise self._old(f"Elasticsearch {version}")

    def _ask_version(self) -> str:
        headers = {"accept": "application/json"}
        nodes = self.call(_quiet("/_nodes/_local/none?filter_path=nodes.*.version", headers))
        for node in (nodes.get("nodes") or {}).values():
            return str(node.get("version", ""))
        info = self.call(_quiet("/", headers))  # a user who may not see the nodes may see this
        return str((info.get("version") or {}).get("number", ""))

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _gone(self, what: str, hint: str = "") -> IndexUnavailable:
        return IndexUnavailable(f"Elasticsearch at {self.address} (JERAT_INDEX) {what}", hint)

    def _foreign(self) -> IndexUnavailable:
        return IndexUnavailable(
            f"what answers at {self.address} (JERAT_INDEX) is not Elasticsearch",
            "jerat speaks to Elasticsearch 8.18 to 9, and to no other product",
        )

    def _old(self, what: str) -> IndexUnavailable:
        return IndexUnavailable(
            f"the server at {self.address} (JERAT_INDEX) is {what}, and jerat speaks to 8.18 to 9",
            "use such a server, or the embedded index: JERAT_INDEX=embedded:",
        )


def _quiet(target: str, headers: dict[str, str]) -> Callable[[Elasticsearch], dict[str, Any]]:
    """A request whose refusal by Elasticsearch itself says nothing: its answer is then empty."""

    def ask(client: Elasticsearch) -> dict[str, Any]:
        try:
            body = client.perform_request("GET", target, headers=headers).body
        except ApiError as error:
            mine = error.meta.headers.get("x-elastic-product") == "Elasticsearch"
            if mine and error.meta.status in (403, 405) and not isinstance(error, BadRequestError):
                return {}
            raise
        return body if isinstance(body, dict) else {}

    return ask


def _short(error: TransportError) -> str:
    return " ".join(str(error.message).split())[:200] or type(error).__name__


def reason_of(error: ApiError) -> str:
    """What Elasticsearch says of its refusal, in one line."""
    body = error.body
    said = body.get("error", "") if isinstance(body, dict) else ""
    if isinstance(said, dict):
        causes = said.get("root_cause") or [said]
        deepest = (said.get("failed_shards") or [{}])[0].get("reason") or causes[0]
        said = f"{deepest.get('type', '')}: {deepest.get('reason', '')}"
    return " ".join(str(said or error.message).split())[:300]
