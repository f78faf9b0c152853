"""Counts, times and traces the jobs of the bridges and their model calls with tokens and cost."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any, Generic, Literal

import structlog

from app.models.answers import read_answer
from app.models.factory import Models
from app.models.ports import AnswerPart, Assistant, Finished, Prompt, Purpose, TokenCounts, Usage
from app.observability.metrics import Instruments
from app.observability.tracing import Tracer
from app.workers.loop import ClaimT, JobSource
from sql.pool import Database
from sql.repositories.nodes import find_trace_parent
from sql.statements import Connection

MILLION = 1_000_000


def _attempts_of(claim: Any) -> int:
    """The attempt number of a claim; that of an intent is in its row."""
    return int(getattr(claim, "intent", claim).attempts)


class InstrumentedJobSource(Generic[ClaimT]):
    """Implements app.workers.loop.JobSource."""

    def __init__(self, source: JobSource[ClaimT], instruments: Instruments, tracer: Tracer, database: Database) -> None:
        self.kind: Literal["intent", "message"] = source.kind
        self._source = source
        self._instruments = instruments
        self._claims = instruments.claims.labels(self.kind)
        self._attempts = instruments.attempts.labels(self.kind)
        self._tracer = tracer
        self._database = database

    async def claim(self, connection: Connection, bridge_id: str, count: int) -> list[ClaimT]:
        claims = await self._source.claim(connection, bridge_id, count)
        for claim in claims:
            self._attempts.observe(_attempts_of(claim))
        self._claims.inc(len(claims))
        return claims

    async def renew(self, connection: Connection, bridge_id: str, ids: list[Any]) -> dict[Any, tuple[int, bool]]:
        return await self._source.renew(connection, bridge_id, ids)

    async def release_expired(self, connection: Connection) -> set[str]:
        users = await self._source.release_expired(connection)
        self._instruments.leases_lost.labels(self.kind).inc(len(users))
        return users

    async def release(self, connection: Connection, bridge_id: str) -> set[str]:
        return await self._source.release(connection, bridge_id)

    async def _trace_parent(self, claim: ClaimT) -> str | None:
        if not self._tracer.is_recording:
            return None
        async with self._database.connection() as connection:
            return await find_trace_parent(connection, claim.id)

    async def process(self, claim: ClaimT, stop: asyncio.Event) -> Awaitable[None] | None:
        """Process a claim. The time excludes storing the result, which is batched."""
        outcome, started = "failed", perf_counter()
        structlog.contextvars.bind_contextvars(user=claim.user_id, work=str(claim.id))
        try:
            with self._tracer.continue_trace(f"{self.kind} bridge", await self._trace_parent(claim)):
                storing = await self._source.process(claim, stop)
            outcome = "stopped" if stop.is_set() else "done"
            return storing
        except asyncio.CancelledError:
            outcome = "handed over"
            raise
        finally:
            self._instruments.work_seconds.labels(self.kind, outcome).observe(perf_counter() - started)


@dataclass(frozen=True, slots=True)
class Prices:
    """Dollars per million input (`read`) and output (`written`) tokens; None when not configured."""

    read: float | None
    written: float | None

    def cost(self, read: int, written: int) -> float | None:
        """The cost in dollars of these token counts; None without both prices."""
        if self.read is None or self.written is None:
            return None
        return (read * self.read + written * self.written) / MILLION


class InstrumentedCalls:
    """Implements app.models.ports.ModelCalls."""

    def __init__(self, instruments: Instruments, tracer: Tracer, prices: Prices) -> None:
        self._instruments = instruments
        self._tracer = tracer
        self._prices = prices

    @contextmanager
    def call(self, model: str | None, purpose: Purpose) -> Iterator[Callable[[Usage], None]]:
        name, outcome, started = model or "offline", "cancelled", perf_counter()

        def record_usage(usage: Usage) -> None:
            nonlocal outcome
            outcome = "done"
            self._count(name, purpose, usage)

        try:
            with self._tracer.span(f"model {name}", purpose=purpose):
                yield record_usage
        except Exception:
            outcome = "failed"
            raise
        finally:
            self._instruments.model_calls.labels(name, purpose, outcome).inc()
            self._instruments.model_seconds.labels(name, purpose).observe(perf_counter() - started)

    def _count(self, model: str, purpose: Purpose, usage: Usage) -> None:
        # Tokens read from or written to a cache are reported apart from `input_tokens`, and are input as well.
        read = sum(count for name, count in usage.items() if name.endswith("input_tokens"))
        written = usage.get("output_tokens", 0)
        self._instruments.model_tokens.labels(model, purpose, "input").inc(read)
        self._instruments.model_tokens.labels(model, purpose, "output").inc(written)
        if (cost := self._prices.cost(read, written)) is not None:
            self._instruments.model_cost.labels(model, purpose).inc(cost)


class InstrumentedAssistant:
    """Implements app.models.ports.Assistant."""

    def __init__(self, assistant: Assistant, calls: InstrumentedCalls) -> None:
        self._assistant = assistant
        self._calls = calls
        self.name = assistant.name
        self.model = assistant.model
        self.offline = assistant.offline

    def token_counts(self, model: str | None = None) -> TokenCounts | None:
        return self._assistant.token_counts(model)

    async def answer(self, prompt: Prompt) -> AsyncIterator[AnswerPart]:
        with self._calls.call(self.model, prompt.purpose) as record_usage:
            async with aclosing(read_answer(self._assistant, prompt)) as parts:
                async for part in parts:
                    if isinstance(part, Finished):
                        record_usage(part.usage)
                    yield part

    async def close(self) -> None:
        await self._assistant.close()


def instrumented_models(models: Models, calls: InstrumentedCalls) -> Models:
    """The same models with an instrumented assistant."""
    return replace(models, assistant=InstrumentedAssistant(models.assistant, calls))
