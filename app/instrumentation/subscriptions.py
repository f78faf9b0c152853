"""Subscriptions, traced, and what they deliver, counted for each subscriber, however many share one execution."""

from typing import Any

import structlog

from app.instrumentation.operations import traced
from app.live.ports import Access, Errors, Sink, Variables
from app.live.subscriptions import Subscriptions
from app.observability.metrics import Instruments
from app.observability.tracing import Tracer


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
    """The same subscriptions, counted and traced."""

    def __init__(self, *arguments: Any, instruments: Instruments, tracer: Tracer) -> None:
        super().__init__(*arguments)
        self._instruments = instruments
        self._tracer = tracer

    async def run(self, operation: Any, variables: Variables | None, sink: Sink, last_seen: str | None = None) -> None:
        label = self._instruments.label_of(operation)
        structlog.contextvars.bind_contextvars(operation=label, user=sink.access.viewer.id)
        measured = InstrumentedSink(sink, self._instruments)
        self._instruments.subscriptions.inc()
        try:
            with traced(self._tracer, f"subscription {label}"):
                await super().run(operation, variables, measured, last_seen)
        finally:
            self._instruments.subscriptions.dec()
            self._instruments.requests.labels("subscription", label, measured.code).inc()
