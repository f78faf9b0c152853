"""Parses client messages of graphql-transport-ws strictly: an invalid message closes the connection with a code.

A `subscribe` whose payload cannot be read is a failure of its operation only, because clients do not reconnect after
the code 4400 and all their subscriptions would end.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

import orjson

from app.language.json_errors import why_not_json
from sql.errors import BadUserInput

BAD_REQUEST = 4400


class ProtocolViolation(Exception):
    """The client violated the protocol; the connection is closed with `code` and `reason`."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        # A close frame holds at most 123 bytes of reason.
        self.reason = reason.encode()[:123].decode(errors="ignore")


@dataclass(frozen=True, slots=True)
class ConnectionInit:
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ping:
    payload: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Pong:
    payload: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Subscribe:
    id: str
    query: str
    variables: dict[str, Any] | None
    operation_name: str | None
    wants_cost: bool = False
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class Complete:
    id: str


@dataclass(frozen=True, slots=True)
class UnreadableSubscribe:
    """A `subscribe` with this id whose payload is not acceptable JSON."""

    id: str
    refusal: BadUserInput


ClientMessage = ConnectionInit | Ping | Pong | Subscribe | UnreadableSubscribe | Complete
# The beginning of a `subscribe` as clients write it; the payload that follows cannot be read.
_STRING = r'"((?:[^"\\]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4}){1,200})"'
_BEGINNING = re.compile(
    rf'\s*{{\s*(?:"id"\s*:\s*{_STRING}\s*,\s*"type"\s*:\s*"subscribe"|"type"\s*:\s*"subscribe"\s*,\s*"id"\s*:\s*{_STRING})'
    r'\s*,\s*"payload"\s*:\s*{'
)


def read_message(text: str, max_bytes: int) -> ClientMessage:
    """The message in a text frame. Raises ProtocolViolation with code 4400."""
    if len(text) > max_bytes or len(text.encode()) > max_bytes:
        raise ProtocolViolation(BAD_REQUEST, f"The message is larger than {max_bytes:,} bytes")
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        if (operation_id := _id_of_unreadable(text)) is not None:
            key, params = why_not_json(error, "The message")
            return UnreadableSubscribe(operation_id, BadUserInput(key, **params))
        raise ProtocolViolation(BAD_REQUEST, "The message is not valid JSON") from None
    if not isinstance(message, dict):
        raise ProtocolViolation(BAD_REQUEST, "The message must be a JSON object")
    kind = message.get("type")
    if kind == "connection_init":
        return ConnectionInit(_optional_object(message, "payload") or {})
    if kind == "ping":
        return Ping(_optional_object(message, "payload"))
    if kind == "pong":
        return Pong(_optional_object(message, "payload"))
    if kind == "subscribe":
        return _read_subscribe(message)
    if kind == "complete":
        return Complete(_id(message))
    raise ProtocolViolation(BAD_REQUEST, "The message has no `type` that a client may send")


def _id(message: dict[str, Any]) -> str:
    operation_id = message.get("id")
    if not isinstance(operation_id, str) or not operation_id:
        raise ProtocolViolation(BAD_REQUEST, "`id` must be a non-empty string")
    return operation_id


def _id_of_unreadable(text: str) -> str | None:
    """The id of a `subscribe` that is not acceptable JSON; None when it cannot be determined."""
    if beginning := _BEGINNING.match(text):
        return _valid_id(f'"{beginning[1] or beginning[2]}"')
    try:
        message = json.loads(text)  # accepts unpaired surrogates and large numbers
    except (ValueError, RecursionError):
        return None
    if not isinstance(message, dict) or message.get("type") != "subscribe":
        return None
    return _valid_id(json.dumps(message.get("id")))


def _valid_id(encoded: str) -> str | None:
    try:
        decoded = orjson.loads(encoded)
    except orjson.JSONDecodeError:
        return None
    return decoded if isinstance(decoded, str) and decoded else None


def _optional_object(message: dict[str, Any], name: str) -> dict[str, Any] | None:
    value = message.get(name)
    if value is not None and not isinstance(value, dict):
        raise ProtocolViolation(BAD_REQUEST, f"`{name}` must be an object or null")
    return value


def _read_subscribe(message: dict[str, Any]) -> Subscribe:
    operation_id, payload = _id(message), message.get("payload")
    if not isinstance(payload, dict):
        raise ProtocolViolation(BAD_REQUEST, "`payload` must be an object")
    query, operation_name = payload.get("query"), payload.get("operationName")
    if not isinstance(query, str):
        raise ProtocolViolation(BAD_REQUEST, "`payload.query` must be a string")
    if operation_name is not None and not isinstance(operation_name, str):
        raise ProtocolViolation(BAD_REQUEST, "`payload.operationName` must be a string or null")
    variables = _optional_object(payload, "variables")
    extensions = _optional_object(payload, "extensions") or {}
    traceparent = extensions.get("traceparent")
    return Subscribe(
        operation_id,
        query,
        variables,
        operation_name or None,
        wants_cost=extensions.get("cost") is True,
        traceparent=traceparent if isinstance(traceparent, str) else None,
    )
