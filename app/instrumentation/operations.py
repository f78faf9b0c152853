"""GraphQL operations: counted, timed, traced, and named in the log."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, cast

import structlog

from app.graphql.executor import Executor
from app.graphql.operation import Operation
from app.live.transports.operations import traceparent
from app.observability.metrics import Instruments
from app.observability.tracing import Tracer
from sql.rows import EventRow

log = structlog.get_logger()

Response = dict[str, Any]


def code_of(response: Response) -> str:
    """The first error's code, or OK."""
    errors = response.get("errors")
    code: str = errors[0].get("extensions", {}).get("code", "ERROR") if errors else "OK"
    return code


def traced(tracer: Tracer, name: str) -> AbstractContextManager[None]:
    """A span in the trace that the client named for this operation, or in that of its connection."""
    named = traceparent.get()
    return tracer.span(name) if named is None else tracer.continued(name, named)


def event_lag_into(instruments: Instruments) -> Callable[[Sequence[EventRow]], None]:
    """Hears of events as they are handed to their subscribers."""

    def observe(events: Sequence[EventRow]) -> None:
        now = datetime.now(UTC)
        for event in events:
            instruments.event_lag.observe(max((now - event.created_at).total_seconds(), 0.0))

    return observe


class InstrumentedExecutor:
    """Everything that is not measured is the executor's own."""

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
        return cast(Response, await self._measured(self._executor.execute, operation, variables, context))

    async def answer(self, operation: Operation, variables: Any, context: object) -> bytes | Response:
        return await self._measured(self._executor.answer, operation, variables, context)

    async def _measured(
        self, run: Callable[[Operation, Any, object], Awaitable[bytes | Response]], operation: Operation, *what: Any
    ) -> bytes | Response:
        label = self._describe(operation, what[-1])
        code, began = "INTERNAL", perf_counter()
        try:
            with traced(self._tracer, f"{operation.kind} {label}"):
                response = await run(operation, *what)
            code = "OK" if isinstance(response, bytes) else code_of(response)
            return response
        except asyncio.CancelledError:
            code = "CANCELLED"
            raise
        finally:
            seconds = perf_counter() - began
            self._instruments.requests.labels(operation.kind, label, code).inc()
            self._instruments.request_seconds.labels(operation.kind).observe(seconds)
            log.debug("operation", kind=operation.kind, code=code, milliseconds=round(seconds * 1000, 1))


def instrumented_executor(executor: Executor, instruments: Instruments, tracer: Tracer) -> Executor:
    """It stands in for the executor everywhere."""
    return cast(Executor, InstrumentedExecutor(executor, instruments, tracer))
