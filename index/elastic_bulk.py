"""Sends documents in bulk, in parts that the server takes, and tells which of them it refused for good."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
from elasticsearch import ApiError, BadRequestError, NotFoundError

from index.elastic_client import Client, reason_of
from index.protocol import PutFailure
from jerat.errors import IndexUnavailable

__all__ = ["Action", "send"]

_BYTES: Final = 8 * 1024 * 1024
_TRIES: Final = 5
_PAUSE: Final = 0.2


class Action(msgspec.Struct, frozen=True):
    """What is to be done with one post: `source` is put, or the post taken out where it is None."""

    seq: int
    id: str
    source: dict[str, Any] | None

    def lines(self) -> list[dict[str, Any]]:
        """As the bulk request wants it. The version makes the server refuse what is older than what it holds."""
        meta = {"_id": self.id, "version": self.seq, "version_type": "external_gte"}
        return [{"delete": meta}] if self.source is None else [{"index": meta}, self.source]

    def size(self) -> int:
        """About how many bytes it takes."""
        return 200 if self.source is None else 200 + 2 * len(self.source["body"]) + 2 * len(self.source.get("text", ""))


def send(client: Client, name: str, actions: Sequence[Action]) -> list[PutFailure]:
    """Send all actions to the alias `name`. Raises IndexUnavailable, and NotFoundError where the index is gone."""
    failures: list[PutFailure] = []
    for part in _parts(actions):
        failures += _send_part(client, name, part)
    return failures


def _parts(actions: Sequence[Action]) -> Iterator[list[Action]]:
    part: list[Action] = []
    size = 0
    for action in actions:
        if part and size + action.size() > _BYTES:
            yield part
            part, size = [], 0
        part.append(action)
        size += action.size()
    if part:
        yield part


def _send_part(client: Client, name: str, actions: list[Action]) -> list[PutFailure]:
    failures: list[PutFailure] = []
    waiting = actions
    for attempt in range(_TRIES):
        if attempt:
            client.pause(_PAUSE * 2**attempt)
        operations = [line for action in waiting for line in action.lines()]
        try:
            # Without the alias, the server would make an index of its own, with a mapping that it guesses.
            answer = client.call(lambda c, ops=operations: c.bulk(index=name, operations=ops, require_alias=True))  # type: ignore[misc]
        except (ApiError, BadRequestError) as error:
            if isinstance(error, NotFoundError):
                raise
            return failures + _halve(client, name, waiting, error)
        busy: list[Action] = []
        for action, item in zip(waiting, answer["items"], strict=True):
            result = next(iter(item.values()))
            status, said = int(result["status"]), result.get("error") or {}
            if status < 300 or status == 409:
                continue  # in; or the index holds something newer
            if status == 404:
                if "index_not_found" in str(said):
                    raise _missing(answer, said)
                continue  # taken out already
            if status == 429 or status >= 500:
                busy.append(action)
            else:
                failures.append(PutFailure(action.id, _said(said)))
        if not busy:
            return failures
        waiting = busy
    raise IndexUnavailable(f"Elasticsearch at {client.address} (JERAT_INDEX) is too busy to take {len(waiting)} posts")


def _halve(client: Client, name: str, actions: list[Action], error: ApiError) -> list[PutFailure]:
    """A request that is refused as a whole, as one too large is, is sent in halves; the post that is left is the cause."""
    if len(actions) == 1:
        return [PutFailure(actions[0].id, f"Elasticsearch refuses it: {error.meta.status} {reason_of(error)}")]
    middle = len(actions) // 2
    return _send_part(client, name, actions[:middle]) + _send_part(client, name, actions[middle:])


def _missing(answer: Any, said: dict[str, Any]) -> NotFoundError:
    return NotFoundError(message="index_not_found_exception", meta=answer.meta, body={"error": said})


def _said(said: dict[str, Any]) -> str:
    cause = said.get("caused_by") or {}
    text = f"Elasticsearch refuses it: {said.get('type', '')}: {said.get('reason', '')} {cause.get('reason', '')}"
    return " ".join(text.split())[:500]
