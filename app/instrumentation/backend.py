"""Counts, times and traces requests, GraphQL operations and subscriptions, and adds their names and ids to the log."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from secrets import token_hex
from time import perf_counter
from typing import Any, cast

import structlog
from graphql import FieldNode
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.graphql.encoding import LargeResponse
from app.graphql.executor import Executor
from app.graphql.operation import Operation
from app.live.ports import Access, Errors, Sink, Variables
from app.live.subscriptions import Subscriptions
from app.live.transports.operations import traceparent
from app.observability.metrics import Instruments
from app.observability.tracing import Tracer
from sql.rows import EventRow

log = structlog.get_logger()

Response = dict[str, Any]
REQUEST_ID = re.compile(r"[0-9A-Za-z_.-]{1,64}")


def code_of(response: Response) -> str:
    """The code of the first error, or OK."""
    errors = response.get("errors")
    code: str = errors[0].get("extensions", {}).get("code", "ERROR") if errors else "OK"
    return code


def signs_in(operation: Operation) -> bool:
    """Whether a root field is `signIn`."""
    fields = operation.node.selection_set.selections if operation.kind == "mutation" else ()
    return any(isinstance(field, FieldNode) and field.name.value == "signIn" for field in fields)


def traced(tracer: Tracer, name: str) -> AbstractContextManager[None]:
    """A span in the trace that the client sent with this operation, else in the trace of its connection."""
    parent = traceparent.get()
    return tracer.span(name) if parent is None else tracer.continue_trace(name, parent)


def event_lag_observer(instruments: Instruments) -> Callable[[Sequence[EventRow]], None]:
    """A function that records the age of events when they are delivered to their subscribers."""

    def observe(events: Sequence[EventRow]) -> None:
        now = datetime.now(UTC)
        for event in events:
            instruments.event_lag.observe(max((now - event.created_at).total_seconds(), 0.0))

    return observe


class InstrumentedExecutor:
    """Wraps an executor; attributes that are not instrumented are those of the executor."""

    def __init__(self, executor: Executor, instruments: Instruments, tracer: Tracer) -> None:
        self._executor = executor
        self._instruments = instruments
        self._tracer = tracer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._executor, name)

    async def prepare_for(self, *arguments: Any) -> Operation:
        try:
            return await self._executor.prepare_for(*arguments)
        except self._executor.refused:
            self._instruments.requests.labels("refused", "anonymous", "BAD_USER_INPUT").inc()
            raise

    def _describe(self, operation: Operation, context: object) -> str:
        label = self._instruments.label_of(operation)
        viewer = getattr(getattr(context, "viewer", None), "id", None)
        structlog.contextvars.bind_contextvars(operation=label, user=viewer)
        return label

    async def execute(self, operation: Operation, variables: Any, context: object) -> Response:
        return cast(Response, await self._instrumented(self._executor.execute, operation, variables, context))

    async def answer(self, operation: Operation, variables: Any, context: object) -> bytes | LargeResponse | Response:
        return await self._instrumented(self._executor.answer, operation, variables, context)

    async def _instrumented(
        self,
        run: Callable[[Operation, Any, object], Awaitable[bytes | LargeResponse | Response]],
        operation: Operation,
        *arguments: Any,
    ) -> bytes | LargeResponse | Response:
        label = self._describe(operation, arguments[-1])
        code, started = "INTERNAL", perf_counter()
        try:
            with traced(self._tracer, f"{operation.kind} {label}"):
                response = await run(operation, *arguments)
            code = code_of(response) if isinstance(response, dict) else "OK"
            return response
        except asyncio.CancelledError:
            code = "CANCELLED"
            raise
        finally:
            seconds = perf_counter() - started
            self._instruments.requests.labels(operation.kind, label, code).inc()
            self._instruments.request_seconds.labels(operation.kind, label).observe(seconds)
            if signs_in(operation):
                self._instruments.sign_ins.labels(code).inc()
            log.debug("operation", kind=operation.kind, code=code, milliseconds=round(seconds * 1000, 1))


def instrumented_executor(executor: Executor, instruments: Instruments, tracer: Tracer) -> Executor:
    """An instrumented executor with the interface of Executor."""
    return cast(Executor, InstrumentedExecutor(executor, instruments, tracer))


class InstrumentedSink:
    """Implements app.live.ports.Sink."""

    __slots__ = ("_instruments", "_sink", "access", "code")

    def __init__(self, sink: Sink, instruments: Instruments) -> None:
        self._sink = sink
        self._instruments = instruments
        self.access: Access = sink.access
        self.code = "OK"

    def close_unauthorized(self, reason: str) -> None:
        self.code = "UNAUTHENTICATED"
        self._sink.close_unauthorized(reason)

    def put(self, cursor: str | None, payload: str) -> None:
        self._instruments.delivered += 1
        self._sink.put(cursor, payload)

    async def wait_until_sent(self) -> None:
        await self._sink.wait_until_sent()

    def end(self, errors: Errors | None) -> None:
        if errors:
            self.code = errors[0].get("extensions", {}).get("code", "ERROR")
        self._sink.end(errors)


class InstrumentedSubscriptions(Subscriptions):
    """Subscriptions that are counted and traced; deliveries count per subscriber, also when they share an execution."""

    def __init__(self, *arguments: Any, instruments: Instruments, tracer: Tracer) -> None:
        super().__init__(*arguments)
        self._instruments = instruments
        self._tracer = tracer

    async def run(self, operation: Any, variables: Variables | None, sink: Sink, last_seen: str | None = None) -> None:
        label = self._instruments.label_of(operation)
        structlog.contextvars.bind_contextvars(operation=label, user=sink.access.viewer.id)
        instrumented = InstrumentedSink(sink, self._instruments)
        self._instruments.subscriptions.inc()
        try:
            with traced(self._tracer, f"subscription {label}"):
                await super().run(operation, variables, instrumented, last_seen)
        finally:
            self._instruments.subscriptions.dec()
            self._instruments.requests.labels("subscription", label, instrumented.code).inc()


class RequestInstrumentation:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, *, instruments: Instruments, tracer: Tracer) -> None:
        self._app = app
        self._instruments = instruments
        self._tracer = tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        sent = headers.get("x-request-id", "")
        # A valid id of a proxy is kept, so that both logs can be correlated. Other text could forge log lines.
        request_id = sent if REQUEST_ID.fullmatch(sent) else token_hex(16)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=request_id)
        with self._tracer.continue_trace("request", headers.get("traceparent")):
            if scope["type"] == "http":
                await self._app(scope, receive, self._counting(send, request_id))
            else:
                with self._open_socket():
                    await self._app(scope, receive, send)

    def _counting(self, send: Send, request_id: str) -> Send:
        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._instruments.http_responses.labels(str(message["status"])).inc()
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
            await send(message)

        return counted

    @contextmanager
    def _open_socket(self) -> Iterator[None]:
        self._instruments.sockets.inc()
        try:
            yield
        finally:
            self._instruments.sockets.dec()
