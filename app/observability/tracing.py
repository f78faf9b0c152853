"""Tracing to the OpenTelemetry collector at TRACES_URL: from the caller's trace to SQL statements and model calls.

OpenTelemetry is an optional extra. Without TRACES_URL it is not imported and nothing is recorded.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from time import time_ns
from typing import Any

import structlog

from app.errors import StartError
from sql.repositories.nodes import set_trace_parent
from sql.statements import Connection

SQL_SHOWN = 500


class Tracer:
    """Records nothing; the base of CollectedTracer."""

    is_recording = False

    def span(self, name: str, **attributes: str) -> AbstractContextManager[None]:
        """Record the block as a child of the current span."""
        return nullcontext()

    def continue_trace(self, name: str, traceparent: str | None) -> AbstractContextManager[None]:
        """Record the block in the trace of `traceparent` (W3C Trace Context), or in a new one."""
        return nullcontext()

    def instrument_connection(self, connection: Any) -> None:
        """Record each statement of an asyncpg connection."""

    @property
    def transaction_hook(self) -> Callable[[Connection], Awaitable[None]] | None:
        """Called at the start of a transaction: stores the trace, so that inserted rows carry it to the bridges."""
        return None

    def close(self) -> None:
        """Send the buffered spans."""


class CollectedTracer(Tracer):
    """Sends spans to a collector with OTLP over HTTP."""

    is_recording = True

    def __init__(self, endpoint: str, service: str) -> None:
        try:
            from opentelemetry import trace
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
            from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
        except ImportError:
            raise StartError(
                "TRACES_URL needs OpenTelemetry: `pip install -r app/requirements.lock`, or leave TRACES_URL unset."
            ) from None
        self._trace = trace
        self._provider = TracerProvider(resource=Resource.create({"service.name": f"resonant {service}"}))
        exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
        self._provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=1000))
        self._tracer = self._provider.get_tracer("resonant")
        self._propagator = TraceContextTextMapPropagator()

    @contextmanager
    def span(self, name: str, **attributes: str) -> Iterator[None]:
        with self._tracer.start_as_current_span(name, attributes=attributes) as span:
            structlog.contextvars.bind_contextvars(trace=f"{span.get_span_context().trace_id:032x}")
            yield

    @contextmanager
    def continue_trace(self, name: str, traceparent: str | None) -> Iterator[None]:
        carrier = {"traceparent": traceparent} if traceparent else {}
        context = self._propagator.extract(carrier)
        with self._tracer.start_as_current_span(name, context=context) as span:
            structlog.contextvars.bind_contextvars(trace=f"{span.get_span_context().trace_id:032x}")
            yield

    def instrument_connection(self, connection: Any) -> None:
        connection.add_query_logger(self._record_statement)

    @property
    def transaction_hook(self) -> Callable[[Connection], Awaitable[None]] | None:
        return self._name_trace

    async def _name_trace(self, connection: Connection) -> None:
        carrier: dict[str, str] = {}
        self._propagator.inject(carrier)
        if "traceparent" in carrier:
            await set_trace_parent(connection, carrier["traceparent"])

    def _record_statement(self, logged: Any) -> None:
        # asyncpg calls this after the statement, in the context that sent it.
        ended = time_ns()
        started = ended - int(logged.elapsed * 1e9)
        statement = " ".join(logged.query.split())
        attributes = {"db.system.name": "postgresql", "db.query.text": statement[:SQL_SHOWN]}
        span = self._tracer.start_span(statement[:40], start_time=started, attributes=attributes)
        if logged.exception is not None:
            span.record_exception(logged.exception)
        span.end(end_time=ended)

    def close(self) -> None:
        self._provider.shutdown()


def create_tracer(endpoint: str | None, service: str) -> Tracer:
    """The tracer for the endpoint; None records nothing. Raises StartError when OpenTelemetry is not installed."""
    return Tracer() if endpoint is None else CollectedTracer(endpoint, service)
