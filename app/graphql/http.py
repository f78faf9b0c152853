"""The GraphQL endpoint over HTTP: GET for queries, POST for everything; subscriptions as server-sent events."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.graphql.errors import format_failure
from app.graphql.executor import Executor, RequestRefused
from app.graphql.negotiation import EVENT_STREAM, GRAPHQL_RESPONSE, JSON, accepts_event_stream, choose_media_type
from app.graphql.request import GraphQLRequest, HttpRefusal, read_get, read_post
from sql.errors import ResonantError, TimedOut

STATUS_OF_CODE = {"UNAUTHENTICATED": 401, "UNAVAILABLE": 503, "TIMEOUT": 503}
ContextFor = Callable[[Request, str], Awaitable[object]]
Stream = Callable[[Request, GraphQLRequest], Awaitable[Response]]
"""Answers with an event stream."""


class GraphQLEndpoint:
    """Answers one request at a time; `context_for` says who sends a document, or raises Unauthenticated."""

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

    async def respond(self, request: Request) -> Response:
        if request.method == "GET" and not request.query_params and "text/html" in request.headers.get("accept", ""):
            return RedirectResponse("/graphiql", status_code=303)
        accept = request.headers.get("accept")
        media_type = choose_media_type(accept) or (EVENT_STREAM if accepts_event_stream(accept) else None)
        if media_type is None:
            problem = f"Accept {GRAPHQL_RESPONSE}, {JSON} or {EVENT_STREAM}."
            return _encoded({"errors": [_refusal(problem)]}, 406, JSON)
        try:
            asked = read_get(request) if request.method == "GET" else await read_post(request, self._max_body_bytes)
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
            status = STATUS_OF_CODE.get(failure.code, 400)
            return _encoded({"errors": [format_failure(failure)]}, status, media_type)

    async def _answer(self, request: Request, asked: GraphQLRequest, media_type: str) -> Response:
        context = await self._context_for(request, asked.query)
        operation = self._executor.prepare(asked.query, asked.operation_name)
        if operation.kind == "subscription" and accepts_event_stream(request.headers.get("accept")):
            return await self._stream(request, asked)
        if request.method == "GET" and operation.kind != "query":
            raise HttpRefusal(405, "GET runs queries only; send this with POST.", {"allow": "POST"})
        if operation.kind == "subscription":
            problem = f"Subscribe over WebSocket (graphql-transport-ws) at this address, or accept {EVENT_STREAM}."
            raise HttpRefusal(400, problem)
        try:
            async with asyncio.timeout(self._request_timeout):
                response = await self._executor.execute(operation, asked.variables, context)
        except TimeoutError:
            raise TimedOut(f"The request took longer than {self._request_timeout:g} s and was given up.") from None
        began = "data" in response or media_type == JSON
        return _encoded(response, 200 if began else 400, media_type)


def _refusal(message: str) -> dict[str, Any]:
    return {"message": message, "extensions": {"code": "BAD_USER_INPUT"}}


def _encoded(response: dict[str, Any], status: int, media_type: str, headers: dict[str, str] | None = None) -> Response:
    content_type = f"{media_type}; charset=utf-8"
    return Response(orjson.dumps(response), status, {"content-type": content_type, **(headers or {})})
