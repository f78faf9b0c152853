"""GraphQL over server-sent events, for clients and networks without WebSocket: one request, one operation.

The "distinct connections mode" of https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md. The id of an event
is its cursor, so that a client which connects again with `Last-Event-ID` resumes behind it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from app.live.ports import Access, Asked, Authenticate, ContextFor, Errors, OperationRunner, Sink
from app.live.sharing import Subscriptions
from app.live.transports.operations import NotPrepared, TellingCost, answer, prepare
from app.live.transports.send_queue import SendQueue
from app.live.transports.uvicorn_http import last_words
from sql.errors import Unauthenticated

log = structlog.get_logger()

LAST_EVENT_ID = "last-event-id"
COMPLETE = "event: complete\ndata:\n\n"
TOO_SLOW: Errors = [
    {
        "message": "Too slow: subscribe again with `Last-Event-ID` set to the last id that you have seen.",
        "extensions": {"code": "TOO_SLOW"},
    }
]
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would keep small events back
]


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """Times in seconds."""

    max_connections: int = 10_000
    ping_seconds: float = 12.0
    send_seconds: float = 30.0
    request_seconds: float = 15.0


class EventStreams:
    """Answers requests that accept an event stream. One a process."""

    def __init__(
        self,
        runner: OperationRunner,
        authenticate: Authenticate,
        context_for: ContextFor,
        subscriptions: Subscriptions,
        limits: StreamLimits | None = None,
    ) -> None:
        self._runner = runner
        self._authenticate = authenticate
        self._context_for = context_for
        self._subscriptions = subscriptions
        self._limits = limits or StreamLimits()
        self._open: set[EventStream] = set()

    async def respond(self, request: Request, asked: Asked) -> Response:
        """A response that lasts for as long as the operation does. Raises Unauthenticated."""
        access = await self._authenticate(request, {})
        if len(self._open) >= self._limits.max_connections:
            return _refusal(503, "Too many connections; try again later.", {"retry-after": "5"})
        try:
            operation = await prepare(self._runner, self._context_for(access), asked)
        except NotPrepared as refused:
            # As an event: an EventSource could not read it from a response with another status.
            errors = refused.errors
            return self._stream(access, lambda sink: _fail(sink, errors))
        if request.method == "GET" and operation.kind == "mutation":
            return _refusal(405, "GET changes nothing; send this with POST.", {"allow": "POST"})
        if operation.kind != "subscription":
            return self._stream(access, lambda sink: self._answer(operation, asked, sink))
        last_seen = request.headers.get(LAST_EVENT_ID)
        return self._stream(
            access,
            lambda sink: self._subscriptions.run(
                operation, asked.variables, TellingCost.to(sink, self._runner, operation, asked), last_seen
            ),
        )

    async def _answer(self, operation: Any, asked: Asked, sink: Sink) -> None:
        response = await answer(
            self._runner,
            operation,
            asked.variables,
            self._context_for(sink.access),
            seconds=self._limits.request_seconds,
            wants_cost=asked.wants_cost,
        )
        sink.put(None, orjson.dumps(response).decode())
        sink.end(None)

    def _stream(self, access: Access, run: Callable[[Sink], Awaitable[None]]) -> Response:
        return EventStream(self._open, access, run, self._limits)

    async def drain(self) -> None:
        """End all streams; the clients connect again, here or elsewhere, with the last id that they have seen."""
        for stream in list(self._open):
            stream.stop()


async def _fail(sink: Sink, errors: Errors) -> None:
    sink.end(errors)


def _refusal(status: int, message: str, headers: dict[str, str]) -> Response:
    return JSONResponse({"errors": [{"message": message, "extensions": {"code": "BAD_USER_INPUT"}}]}, status, headers)


def _next(cursor: str | None, payload: str) -> str:
    place = "" if cursor is None else f"id: {cursor}\n"
    return f"event: next\n{place}data: {payload}\n\n"


class EventStream(Response):
    """An open stream. Implements app.live.ports.Sink."""

    def __init__(
        self,
        open_streams: "set[EventStream]",
        access: Access,
        run: Callable[[Sink], Awaitable[None]],
        limits: StreamLimits,
    ) -> None:
        super().__init__()
        self.access = access
        self._open_streams = open_streams
        self._run = run
        self._limits = limits
        self._over = asyncio.Event()
        self._ended = False
        self._stalled = False
        self._outbox: SendQueue

    def put(self, cursor: str | None, payload: str) -> None:
        if not self._ended:
            self._send(_next(cursor, payload))

    async def room(self) -> None:
        await self._outbox.room()

    def end(self, errors: Errors | None) -> None:
        if errors is not None:
            self.put(None, orjson.dumps({"errors": errors}).decode())
        if not self._ended:
            self._send(COMPLETE)
            self._ended = True

    def refuse(self, reason: str) -> None:
        self.end([{"message": reason, "extensions": {"code": Unauthenticated.code}}])
        self.stop()

    def _give_up(self) -> None:
        self._stalled = True
        self.stop()

    def stop(self) -> None:
        """Send nothing more, and close the connection."""
        self._ended = True
        self._over.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._open_streams.add(self)
        self._outbox = SendQueue(send, patience=self._limits.send_seconds, stalled=self._give_up)
        running = asyncio.create_task(self._run_to_the_end(), name="operation over SSE")
        listening = asyncio.create_task(self._until_client_leaves(receive), name="SSE client")
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            self._send(":\n\n")  # the client sees at once that it is connected
            with self.access.watched(self.refuse):
                await self._ping_until_over()
        finally:
            self._open_streams.discard(self)
            self._outbox.close()
            running.cancel()
            listening.cancel()
            await asyncio.wait([running, listening])
        await self._finish(scope, send)

    async def _finish(self, scope: Scope, send: Send) -> None:
        """The last chunk; a client that takes nothing any more is told why, and not waited for."""
        last = ""
        if self._stalled:
            last_words(scope)
            last = _next(None, orjson.dumps({"errors": TOO_SLOW}).decode()) + COMPLETE
        try:
            async with asyncio.timeout(1):
                await send({"type": "http.response.body", "body": last.encode()})
        except (TimeoutError, OSError):
            log.debug("a client was gone before its stream was closed")

    async def _run_to_the_end(self) -> None:
        try:
            await self._run(self)
        except Exception as failure:
            log.exception("an operation over SSE failed unexpectedly", exc_info=failure)
        await self._outbox.room()
        self.stop()

    async def _until_client_leaves(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self.stop()

    async def _ping_until_over(self) -> None:
        while not self._over.is_set():
            try:
                async with asyncio.timeout(self._limits.ping_seconds):
                    await self._over.wait()
            except TimeoutError:
                self._send(":\n\n")

    def _send(self, text: str) -> None:
        body = text.encode()
        self._outbox.put({"type": "http.response.body", "body": body, "more_body": True}, len(body))
