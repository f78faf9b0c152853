"""A GraphQL request out of an HTTP request, checked field by field (GraphQL over HTTP)."""

from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request


class HttpRefusal(Exception):
    """The HTTP request itself is wrong: answered with `status`, before anything of GraphQL was looked at."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """The parameters of GraphQL over HTTP; `extensions: {"cost": true}` asks for what the operation costs."""

    query: str
    operation_name: str | None
    variables: dict[str, Any] | None
    wants_cost: bool = False


def _parameter(given: Any, name: str, kind: type, described: str) -> Any:
    if given is not None and not isinstance(given, kind):
        raise HttpRefusal(400, f"`{name}` must be {described}.")
    return given


def _to_request(parameters: dict[str, Any]) -> GraphQLRequest:
    query = _parameter(parameters.get("query"), "query", str, "a string")
    if not query:
        raise HttpRefusal(400, "Give the GraphQL document as `query`.")
    extensions = _parameter(parameters.get("extensions"), "extensions", dict, "an object or null") or {}
    return GraphQLRequest(
        query=query,
        operation_name=_parameter(parameters.get("operationName"), "operationName", str, "a string or null") or None,
        variables=_parameter(parameters.get("variables"), "variables", dict, "an object or null"),
        wants_cost=extensions.get("cost") is True,
    )


def _decoded(text: bytes | str, what: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise HttpRefusal(400, f"{what} is not valid JSON: {error}.") from None


async def _read_body(request: Request, max_bytes: int) -> bytes:
    # The declared size is only a promise, so what really comes is counted as well.
    if int(request.headers.get("content-length") or 0) > max_bytes:
        raise HttpRefusal(413, f"The body is larger than {max_bytes:,} bytes.", {"connection": "close"})
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > max_bytes:
                raise HttpRefusal(413, f"The body is larger than {max_bytes:,} bytes.", {"connection": "close"})
    except ClientDisconnect:
        raise HttpRefusal(400, "The client left before the body was complete.") from None
    return bytes(body)


async def read_post(request: Request, max_bytes: int) -> GraphQLRequest:
    """The request in a JSON body. Raises HttpRefusal: 400, 413, 415."""
    content_type, _, options = request.headers.get("content-type", "").partition(";")
    charset = options.lower().replace(" ", "").replace('"', "").removeprefix("charset=")
    if content_type.strip().lower() != "application/json" or charset not in ("", "utf-8"):
        raise HttpRefusal(415, "Send the request as `content-type: application/json`, in UTF-8.")
    parameters = _decoded(await _read_body(request, max_bytes), "The body")
    if isinstance(parameters, list):
        raise HttpRefusal(400, "Batches are not accepted; send one request at a time.")
    if not isinstance(parameters, dict):
        raise HttpRefusal(400, "The body must be a JSON object.")
    return _to_request(parameters)


def read_get(request: Request) -> GraphQLRequest:
    """The request in the query string. Raises HttpRefusal: 400."""
    parameters: dict[str, Any] = dict(request.query_params)
    for name in ("variables", "extensions"):
        if name in parameters:
            parameters[name] = _decoded(parameters[name], f"`{name}`")
    return _to_request(parameters)
