"""The GraphQL endpoint over HTTP: GET for queries, POST for all operations, server-sent events for subscriptions."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from types import TracebackType
from typing import Any

import orjson
import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from app.graphql.documents import RequestRefused
from app.graphql.encoding import LargeResponse
from app.graphql.errors import format_failure
from app.graphql.executor import Executor
from app.graphql.http_request import (
    EVENT_STREAM,
    GRAPHQL_RESPONSE,
    JSON,
    GraphQLRequest,
    HttpRefusal,
    PersistedQueryNotSupported,
    accepts_event_stream,
    choose_media_type,
    read_get,
    read_post,
)
from sql.errors import ResonantError, TimedOut

log = structlog.get_logger()

STATUS_OF_CODE = {"UNAUTHENTICATED": 401, "UNAVAILABLE": 503, "TIMEOUT": 503, "RATE_LIMITED": 429}
# Values of Sec-Fetch-Site that a browser sends when a page of another site makes the request.
OTHER_SITES = ("cross-site", "same-site")
ContextFor = Callable[[Request, str], Awaitable[object]]
Stream = Callable[[Request, GraphQLRequest], Awaitable[Response]]
"""Responds with an event stream."""
# Seconds before a watcher task is created: a shorter request needs none.
WATCH_AFTER = 0.05


class GraphQLEndpoint:
    """An ASGI application. `context_for` returns the context of the sender, or raises Unauthenticated."""

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
        except ClientDisconnected:
            log.debug("client disconnected before the response")
            return
        except Exception as failure:
            response = _encode({"errors": [format_failure(failure)]}, 500, JSON)
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        accept = request.headers.get("accept")
        if request.method == "GET" and not request.scope["query_string"] and "text/html" in (accept or ""):
            return RedirectResponse("/graphiql", status_code=303)
        media_type = choose_media_type(accept) or (EVENT_STREAM if accepts_event_stream(accept) else None)
        if media_type is None:
            refusal = HttpRefusal(406, "request.not_acceptable", types=[GRAPHQL_RESPONSE, JSON, EVENT_STREAM])
            return _encode({"errors": [format_failure(refusal)]}, refusal.status, JSON)
        try:
            graphql_request = await self._read(request)
            if media_type == EVENT_STREAM:
                media_type = JSON  # for a failure before the stream starts
                return await self._stream(request, graphql_request)
            return await self._answer(request, graphql_request, media_type)
        except HttpRefusal as refusal:
            return _encode({"errors": [format_failure(refusal)]}, refusal.status, media_type, refusal.headers)
        except RequestRefused as refused:
            # Older clients and proxies accept application/json and need 200 for every GraphQL response.
            return _encode(refused.response(), 400 if media_type == GRAPHQL_RESPONSE else 200, media_type)
        except PersistedQueryNotSupported as probe:
            status = 400 if media_type == GRAPHQL_RESPONSE else 200
            return _encode({"errors": [format_failure(probe)]}, status, media_type)
        except ResonantError as failure:
            return _encode_refusal({"errors": [format_failure(failure)]}, 400, media_type)

    async def _read(self, request: Request) -> GraphQLRequest:
        if request.method == "POST":
            return await read_post(request, self._max_body_bytes)
        if request.method != "GET":
            raise HttpRefusal(405, "request.wrong_method", {"allow": "GET, POST"})
        # A page of another site can make the browser send a GET, for example as the source of an image.
        if request.headers.get("sec-fetch-site") in OTHER_SITES and "origin" not in request.headers:
            raise HttpRefusal(403, "request.cross_site")
        return read_get(request)

    async def _answer(self, request: Request, graphql_request: GraphQLRequest, media_type: str) -> Response:
        with RequestDeadline(request.receive, self._request_timeout, cancel_on_disconnect=True):
            context = await self._context_for(request, graphql_request.query)
        operation = await self._executor.prepare_for(context, graphql_request.query, graphql_request.operation_name)
        if operation.kind == "subscription" and accepts_event_stream(request.headers.get("accept")):
            return await self._stream(request, graphql_request)
        if request.method == "GET" and operation.kind != "query":
            raise HttpRefusal(405, "request.post_required", {"allow": "POST"})
        if operation.kind == "subscription":
            raise HttpRefusal(400, "request.subscription_over_http", type=EVENT_STREAM)
        # A mutation continues after a disconnect: the client may rely on it.
        with RequestDeadline(request.receive, self._request_timeout, cancel_on_disconnect=operation.kind == "query"):
            response = await self._executor.answer(operation, graphql_request.variables, context)
        if graphql_request.wants_cost:
            cost = {"cost": self._executor.cost_of(operation, graphql_request.variables)}
            if isinstance(response, LargeResponse):
                response = response.with_extensions(cost)
            elif isinstance(response, bytes):
                response = response[:-1] + b',"extensions":' + orjson.dumps(cost) + b"}"
            else:
                response["extensions"] = cost
        if isinstance(response, LargeResponse):
            return _stream(response, media_type)
        if isinstance(response, bytes) or "data" in response:
            return _encode(response, 200, media_type)
        return _encode_refusal(response, 200 if media_type == JSON else 400, media_type)


def _encode_refusal(response: dict[str, Any], status: int, media_type: str) -> Response:
    """The response to an operation that did not run. Its error code sets the HTTP status; `status` is the default."""
    extensions = response["errors"][0]["extensions"]
    limited = extensions["code"] == "RATE_LIMITED"
    headers = {"retry-after": str(extensions["params"]["seconds"])} if limited else {}
    return _encode(response, STATUS_OF_CODE.get(extensions["code"], status), media_type, headers)


def _stream(response: LargeResponse, media_type: str) -> Response:
    headers = {"content-type": f"{media_type}; charset=utf-8", "content-length": str(response.size)}
    return StreamingResponse(_each(response.pieces), 200, headers)


async def _each(pieces: list[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
        await asyncio.sleep(0)  # sending to a client that reads fast never waits


def _encode(
    response: bytes | dict[str, Any], status: int, media_type: str, headers: dict[str, str] | None = None
) -> Response:
    content_type = f"{media_type}; charset=utf-8"
    body = response if isinstance(response, bytes) else orjson.dumps(response)
    return Response(body, status, {"content-type": content_type, **(headers or {})})


class ClientDisconnected(Exception):
    """The client closed its connection before the response."""


class RequestDeadline:
    """Cancels the block after `seconds`, or when the client disconnects and `cancel_on_disconnect` is set.

    Raises TimedOut or ClientDisconnected instead of CancelledError. A running statement is cancelled in the database.
    """

    def __init__(self, receive: Receive, seconds: float, *, cancel_on_disconnect: bool) -> None:
        self._receive = receive
        self._seconds = seconds
        self._cancel_on_disconnect = cancel_on_disconnect
        self._watcher: asyncio.Task[None] | None = None
        self._reason: Exception | None = None

    def __enter__(self) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("RequestDeadline needs a running task")
        self._task = task
        self._timer = asyncio.get_running_loop().call_later(min(WATCH_AFTER, self._seconds), self._start_watcher)

    def _start_watcher(self) -> None:
        self._watcher = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        try:
            async with asyncio.timeout(max(0.0, self._seconds - WATCH_AFTER)):
                await (self._wait_for_disconnect() if self._cancel_on_disconnect else asyncio.Event().wait())
            self._reason = ClientDisconnected()
        except TimeoutError:
            self._reason = TimedOut("request.timeout", seconds=self._seconds)
        self._task.cancel()

    async def _wait_for_disconnect(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._timer.cancel()
        if self._watcher is not None:
            self._watcher.cancel()
        if self._reason is not None and self._task.uncancel() == 0 and kind is asyncio.CancelledError:
            raise self._reason from None
