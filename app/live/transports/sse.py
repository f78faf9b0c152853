"""GraphQL over server-sent events, for clients and networks without WebSocket: one operation per request.

Implements the "distinct connections mode" of https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md.
The id of an event is its cursor, so a client that reconnects with `Last-Event-ID` resumes after that event.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from app.language.catalogue import describe
from app.live.ports import Access, Authenticate, ContextFor, Errors, GraphQLRequest, OperationRunner, Sink
from app.live.subscriptions import Subscriptions
from app.live.transports.operations import CostReportingSink, PreparationFailed, execute_with_deadline, prepare
from app.live.transports.protocol_extensions import bypass_flow_control
from app.live.transports.send_queue import SendQueue
from app.live.transports.slots import LiveSlots, TooManyOfUser
from sql.errors import BadUserInput, ResonantError, Unauthenticated, Unavailable

log = structlog.get_logger()

LAST_EVENT_ID = "last-event-id"
COMPLETE = "event: complete\ndata:\n\n"
PING = ":\n\n"


class TooSlow(ResonantError):
    """The client does not read its events fast enough."""

    code = "TOO_SLOW"
    key = "live.too_slow"


HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # otherwise nginx buffers small events
]


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """Times in seconds."""

    ping_seconds: float = 12.0
    send_seconds: float = 30.0
    request_seconds: float = 15.0


class EventStreamEndpoint:
    """Answers requests that accept an event stream."""

    def __init__(
        self,
        runner: OperationRunner,
        authenticate: Authenticate,
        context_for: ContextFor,
        subscriptions: Subscriptions,
        limits: StreamLimits | None = None,
        slots: LiveSlots | None = None,
    ) -> None:
        self._runner = runner
        self._authenticate = authenticate
        self._context_for = context_for
        self._subscriptions = subscriptions
        self._limits = limits or StreamLimits()
        self._slots = slots or LiveSlots()
        self._open: set[EventStreamResponse] = set()

    async def respond(self, request: Request, graphql: GraphQLRequest) -> Response:
        """A response that stays open until the operation ends. Raises Unauthenticated."""
        access = await self._authenticate(request, {})
        with ExitStack() as held:
            try:
                held.enter_context(self._slots.connection())
                held.enter_context(self._slots.connection_of(access.viewer.id))
            except (Unavailable, TooManyOfUser) as refusal:
                return _refusal(503 if isinstance(refusal, Unavailable) else 429, refusal, {"retry-after": "5"})
            response = await self._open_stream(access, request, graphql)
            if isinstance(response, EventStreamResponse):
                response.on_closed = held.pop_all()
            return response

    async def _open_stream(self, access: Access, request: Request, graphql: GraphQLRequest) -> Response:
        try:
            operation = await prepare(self._runner, self._context_for(access), graphql)
        except PreparationFailed as failed:
            # Sent as an event, because an EventSource cannot read the body of an error status.
            errors = failed.errors
            return self._stream(access, lambda sink: _fail(sink, errors))
        if request.method == "GET" and operation.kind == "mutation":
            return _refusal(405, BadUserInput("request.post_required"), {"allow": "POST"})
        if operation.kind != "subscription":
            return self._stream(access, lambda sink: self._execute(operation, graphql, sink))
        last_seen = request.headers.get(LAST_EVENT_ID)
        return self._stream(
            access,
            lambda sink: self._subscriptions.run(
                operation,
                graphql.variables,
                CostReportingSink.wrap_if_wanted(sink, self._runner, operation, graphql),
                last_seen,
            ),
        )

    async def _execute(self, operation: Any, graphql: GraphQLRequest, sink: Sink) -> None:
        response = await execute_with_deadline(
            self._runner,
            operation,
            graphql.variables,
            self._context_for(sink.access),
            seconds=self._limits.request_seconds,
            wants_cost=graphql.wants_cost,
        )
        sink.put(None, orjson.dumps(response).decode())
        sink.end(None)

    def _stream(self, access: Access, run: Callable[[Sink], Awaitable[None]]) -> Response:
        return EventStreamResponse(self._open, access, run, self._limits)

    async def drain(self) -> None:
        """Close all streams. The clients reconnect, here or to another server, with the last id that they received."""
        for stream in list(self._open):
            stream.stop()


async def _fail(sink: Sink, errors: Errors) -> None:
    sink.end(errors)


def _refusal(status: int, refusal: ResonantError, headers: dict[str, str]) -> Response:
    return JSONResponse({"errors": [describe(refusal)]}, status, headers)


def _next(cursor: str | None, payload: str) -> str:
    id_line = "" if cursor is None else f"id: {cursor}\n"
    return f"event: next\n{id_line}data: {payload}\n\n"


class EventStreamResponse(Response):
    """An open event stream. Implements app.live.ports.Sink."""

    def __init__(
        self,
        open_streams: "set[EventStreamResponse]",
        access: Access,
        run: Callable[[Sink], Awaitable[None]],
        limits: StreamLimits,
    ) -> None:
        super().__init__()
        self.access = access
        self.on_closed = ExitStack()
        self._open_streams = open_streams
        self._run = run
        self._limits = limits
        self._stopped = asyncio.Event()
        self._ended = False
        self._stalled = False
        self._send_queue: SendQueue

    def put(self, cursor: str | None, payload: str) -> None:
        if not self._ended:
            self._send(_next(cursor, payload))

    async def wait_until_sent(self) -> None:
        await self._send_queue.wait_until_sent()

    def end(self, errors: Errors | None) -> None:
        if errors is not None:
            self.put(None, orjson.dumps({"errors": errors}).decode())
        if not self._ended:
            self._send(COMPLETE)
            self._ended = True

    def close_unauthorized(self, reason: str) -> None:
        self.end([{**describe(Unauthenticated()), "message": reason}])
        self.stop()

    def _on_stalled(self) -> None:
        self._stalled = True
        self.stop()

    def stop(self) -> None:
        """Send nothing more, and close the connection."""
        self._ended = True
        self._stopped.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self.on_closed:
            await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._open_streams.add(self)
        self._send_queue = SendQueue(send, timeout=self._limits.send_seconds, on_stalled=self._on_stalled)
        running = asyncio.create_task(self._run_operation(), name="operation over SSE")
        receiving = asyncio.create_task(self._wait_for_disconnect(receive), name="SSE client")
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            self._send(PING)  # shows the client at once that it is connected
            with self.access.on_revoked(self.close_unauthorized):
                await self._ping_until_stopped()
        finally:
            self._open_streams.discard(self)
            self._send_queue.close()
            running.cancel()
            receiving.cancel()
            await asyncio.wait([running, receiving])
        await self._finish(scope, send)

    async def _finish(self, scope: Scope, send: Send) -> None:
        """Send the last chunk. A stalled client is sent the reason without flow control, and not waited for."""
        last = ""
        if self._stalled:
            bypass_flow_control(scope)
            last = _next(None, orjson.dumps({"errors": [describe(TooSlow())]}).decode()) + COMPLETE
        try:
            async with asyncio.timeout(1):
                await send({"type": "http.response.body", "body": last.encode()})
        except (TimeoutError, OSError):
            log.debug("the client disconnected before its stream was closed")

    async def _run_operation(self) -> None:
        try:
            await self._run(self)
        except Exception as failure:
            log.exception("an operation over SSE failed unexpectedly", exc_info=failure)
        await self._send_queue.wait_until_sent()
        self.stop()

    async def _wait_for_disconnect(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self.stop()

    async def _ping_until_stopped(self) -> None:
        while not self._stopped.is_set():
            try:
                async with asyncio.timeout(self._limits.ping_seconds):
                    await self._stopped.wait()
            except TimeoutError:
                self._send(PING)

    def _send(self, text: str) -> None:
        body = text.encode()
        self._send_queue.put({"type": "http.response.body", "body": body, "more_body": True}, len(body))
