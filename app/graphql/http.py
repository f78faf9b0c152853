"""The GraphQL endpoint over HTTP: GET for queries, POST for everything; subscriptions as server-sent events."""

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from app.graphql.deadline import ClientLeft, RequestDeadline
from app.graphql.documents import RequestRefused
from app.graphql.errors import format_failure
from app.graphql.executor import Executor
from app.graphql.negotiation import EVENT_STREAM, GRAPHQL_RESPONSE, JSON, accepts_event_stream, choose_media_type
from app.graphql.request import GraphQLRequest, HttpRefusal, read_get, read_post
from sql.errors import ResonantError

log = structlog.get_logger()

STATUS_OF_CODE = {"UNAUTHENTICATED": 401, "UNAVAILABLE": 503, "TIMEOUT": 503, "RATE_LIMITED": 429}
# What a browser says of a request that another site's page has it make. Programs and a person's own pages do not.
ELSEWHERE = ("cross-site", "same-site")
ContextFor = Callable[[Request, str], Awaitable[object]]
Stream = Callable[[Request, GraphQLRequest], Awaitable[Response]]
"""Answers with an event stream."""


class GraphQLEndpoint:
    """An ASGI application; `context_for` says who sends a document, or raises Unauthenticated."""

    def __init__(
        self,
        executor: Executor,
        context_for: ContextFor,
        stream: Stream,
        *,
        max_body_bytes: int,
        request_timeout: float,
    ) -> None:
        self._executor = executor
        self._context_for = context_for
        self._stream = stream
        self._max_body_bytes = max_body_bytes
        self._request_timeout = request_timeout

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._respond(request)
        except ClientLeft:
            log.debug("the client left before its answer")
            return
        except Exception as failure:
            response = _encoded({"errors": [format_failure(failure)]}, 500, JSON)
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        if request.method == "GET" and not request.query_params and "text/html" in request.headers.get("accept", ""):
            return RedirectResponse("/graphiql", status_code=303)
        accept = request.headers.get("accept")
        media_type = choose_media_type(accept) or (EVENT_STREAM if accepts_event_stream(accept) else None)
        if media_type is None:
            problem = f"Accept {GRAPHQL_RESPONSE}, {JSON} or {EVENT_STREAM}."
            return _encoded({"errors": [_refusal(problem)]}, 406, JSON)
        try:
            asked = await self._read(request)
            if media_type == EVENT_STREAM:
                media_type = JSON  # of what goes wrong before the stream begins
                return await self._stream(request, asked)
            return await self._answer(request, asked, media_type)
        except HttpRefusal as refusal:
            return _encoded({"errors": [_refusal(refusal.message)]}, refusal.status, media_type, refusal.headers)
        except RequestRefused as refused:
            # application/json is what old clients and proxies read: there 200 means "this is a GraphQL response".
            return _encoded(refused.response(), 400 if media_type == GRAPHQL_RESPONSE else 200, media_type)
        except ResonantError as failure:
            return _refused({"errors": [format_failure(failure)]}, 400, media_type)

    async def _read(self, request: Request) -> GraphQLRequest:
        if request.method == "POST":
            return await read_post(request, self._max_body_bytes)
        if request.method != "GET":
            raise HttpRefusal(405, "Send requests with POST, or queries with GET.", {"allow": "GET, POST"})
        # A page elsewhere can have a browser send GETs, as the source of an image for example.
        if request.headers.get("sec-fetch-site") in ELSEWHERE and "origin" not in request.headers:
            raise HttpRefusal(403, "Pages of other sites may not send queries in an address.")
        return read_get(request)

    async def _answer(self, request: Request, asked: GraphQLRequest, media_type: str) -> Response:
        with RequestDeadline(request.receive, self._request_timeout, leaving=True):
            context = await self._context_for(request, asked.query)
        operation = await self._executor.prepare_for(context, asked.query, asked.operation_name)
        if operation.kind == "subscription" and accepts_event_stream(request.headers.get("accept")):
            return await self._stream(request, asked)
        if request.method == "GET" and operation.kind != "query":
            raise HttpRefusal(405, "GET runs queries only; send this with POST.", {"allow": "POST"})
        if operation.kind == "subscription":
            problem = f"Subscribe over WebSocket (graphql-transport-ws) at this address, or accept {EVENT_STREAM}."
            raise HttpRefusal(400, problem)
        # A mutation is carried through: the client may have left because it was sure of it.
        with RequestDeadline(request.receive, self._request_timeout, leaving=operation.kind == "query"):
            response = await self._executor.answer(operation, asked.variables, context)
        if asked.wants_cost:
            response = orjson.loads(response) if isinstance(response, bytes) else response
            response["extensions"] = {"cost": self._executor.cost_of(operation, asked.variables)}
        if isinstance(response, bytes) or "data" in response:
            return _encoded(response, 200, media_type)
        return _refused(response, 200 if media_type == JSON else 400, media_type)


def _refusal(message: str) -> dict[str, Any]:
    return {"message": message, "extensions": {"code": "BAD_USER_INPUT"}}


def _refused(response: dict[str, Any], status: int, media_type: str) -> Response:
    """What was not run, with the status of its reason; `status` when the reason has none of its own."""
    extensions = response["errors"][0]["extensions"]
    wait = extensions.get("retryAfter")
    headers = {} if wait is None else {"retry-after": str(wait)}
    return _encoded(response, STATUS_OF_CODE.get(extensions["code"], status), media_type, headers)


def _encoded(
    response: bytes | dict[str, Any], status: int, media_type: str, headers: dict[str, str] | None = None
) -> Response:
    content_type = f"{media_type}; charset=utf-8"
    body = response if isinstance(response, bytes) else orjson.dumps(response)
    return Response(body, status, {"content-type": content_type, **(headers or {})})
