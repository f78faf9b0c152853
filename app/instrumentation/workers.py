"""Counts, times and traces the jobs of the bridges."""

import asyncio
from collections.abc import Awaitable
from time import perf_counter
from typing import Any, Generic, Literal

import structlog

from app.observability.metrics import Instruments
from app.observability.tracing import Tracer
from app.workers.loop import ClaimT, JobSource
from sql.pool import Database
from sql.repositories.nodes import find_trace_parent
from sql.statements import Connection


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
