"""Reads a GraphQL request from an HTTP request: its parameters and the media type of the response."""

import codecs
from dataclasses import dataclass
from email.message import Message
from functools import lru_cache
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request

from app.language.json_errors import why_not_json
from sql.errors import BadUserInput, ResonantError

GRAPHQL_RESPONSE = "application/graphql-response+json"
JSON = "application/json"
EVENT_STREAM = "text/event-stream"
RESPONSE_TYPES = (JSON, GRAPHQL_RESPONSE)
MAX_ACCEPT = 1024  # characters
MAX_PARAMETERS = 20  # of a query string; four have a meaning
BOM = b"\xef\xbb\xbf"


class HttpRefusal(BadUserInput):
    """The HTTP request is invalid; it is answered with `status` before GraphQL reads it."""

    def __init__(self, status: int, key: str, headers: dict[str, str] | None = None, **params: Any) -> None:
        super().__init__(key, **params)
        self.status = status
        self.headers = headers or {}


class PersistedQueryNotSupported(ResonantError):
    """The request names its document by a hash only; clients then send the document."""

    code = "PERSISTED_QUERY_NOT_SUPPORTED"
    key = "request.persisted_query"


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """The parameters of GraphQL over HTTP; `wants_cost` is set by `extensions: {"cost": true}`."""

    query: str
    operation_name: str | None
    variables: dict[str, Any] | None
    wants_cost: bool = False


async def read_post(request: Request, max_bytes: int) -> GraphQLRequest:
    """The request in a JSON body. Raises HttpRefusal: 400, 413, 415."""
    if not _is_json(request.headers.get("content-type", "")):
        raise HttpRefusal(415, "request.wrong_content_type")
    body = await read_body(request, max_bytes)
    parameters = _decode(body.removeprefix(BOM), "The body")
    if isinstance(parameters, list):
        raise HttpRefusal(400, "request.batch")
    if not isinstance(parameters, dict):
        raise HttpRefusal(400, "request.not_an_object")
    return _to_request(parameters)


def read_get(request: Request) -> GraphQLRequest:
    """The request in the query string. Raises HttpRefusal: 400."""
    if request.scope["query_string"].count(b"&") >= MAX_PARAMETERS:
        raise HttpRefusal(400, "request.too_many_parameters", maximum=MAX_PARAMETERS)
    parameters: dict[str, Any] = dict(request.query_params)
    for name in ("variables", "extensions"):
        if name in parameters:
            parameters[name] = _decode(parameters[name], f"`{name}`")
    return _to_request(parameters)


@lru_cache(maxsize=64)
def _is_json(content_type: str) -> bool:
    """Whether it is JSON in UTF-8, by any of the names of that encoding. Other parameters have no meaning."""
    parsed = Message()
    parsed["content-type"] = content_type
    charset = parsed.get_content_charset("utf-8")
    try:
        return parsed.get_content_type() == JSON and codecs.lookup(charset).name in ("utf-8", "ascii")
    except (LookupError, ValueError):
        return False


async def read_body(request: Request, max_bytes: int) -> bytes:
    """The body of a POST. Raises HttpRefusal: 400, 413."""
    # A client may declare a smaller size than it sends, so the received bytes are counted as well.
    if int(request.headers.get("content-length") or 0) > max_bytes:
        raise HttpRefusal(413, "request.body_too_large", {"connection": "close"}, maximum=max_bytes)
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > max_bytes:
                raise HttpRefusal(413, "request.body_too_large", {"connection": "close"}, maximum=max_bytes)
    except ClientDisconnect:
        raise HttpRefusal(400, "request.incomplete") from None
    return bytes(body)


def _decode(text: bytes | str, source: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        key, params = why_not_json(error, source)
        raise HttpRefusal(400, key, **params) from None


def _parameter(value: Any, name: str, kind: type, expected: str) -> Any:
    if value is not None and not isinstance(value, kind):
        raise HttpRefusal(400, "request.wrong_type", name=name, expected=expected)
    return value


def _to_request(parameters: dict[str, Any]) -> GraphQLRequest:
    query = _parameter(parameters.get("query"), "query", str, "a string")
    extensions = _parameter(parameters.get("extensions"), "extensions", dict, "an object or null") or {}
    if not query and "persistedQuery" in extensions:
        raise PersistedQueryNotSupported
    if not query:
        raise HttpRefusal(400, "request.query_missing")
    return GraphQLRequest(
        query=query,
        operation_name=_parameter(parameters.get("operationName"), "operationName", str, "a string or null") or None,
        variables=_parameter(parameters.get("variables"), "variables", dict, "an object or null"),
        wants_cost=extensions.get("cost") is True,
    )


@lru_cache(maxsize=64)
def choose_media_type(accept: str | None) -> str | None:
    """The response type that `Accept` prefers (RFC 9110). JSON without a preference, None when it excludes both."""
    if not accept or not accept.strip():
        return JSON
    ranges = _ranges(accept)

    def quality_of(media_type: str) -> float:
        matches = [(_specificity(name.strip().lower(), media_type), _quality(rest)) for name, *rest in ranges]
        specificity, quality = max(matches)
        return quality if specificity >= 0 else 0.0

    best = max(RESPONSE_TYPES, key=quality_of)
    return best if quality_of(best) > 0 else None


@lru_cache(maxsize=64)
def accepts_event_stream(accept: str | None) -> bool:
    """Whether `Accept` names `text/event-stream`. `*/*` does not."""
    ranges = _ranges(accept or "")
    return any(name.strip().lower() == EVENT_STREAM and _quality(rest) > 0 for name, *rest in ranges)


def _ranges(accept: str) -> list[list[str]]:
    """The media ranges with their parameters. A long header is cut: reading 64 KB takes a fifth of a second."""
    return [part.strip().split(";") for part in accept[:MAX_ACCEPT].split(",")]


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.strip().partition("=")
        if name.lower() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def _specificity(media_range: str, media_type: str) -> int:
    """How exactly the range matches: 2 by name, 1 by `application/*`, 0 by `*/*`, -1 no match."""
    if media_range == media_type:
        return 2
    return {"application/*": 1, "*/*": 0}.get(media_range, -1)
