"""Trims events that are older than the retention period, in small batches."""

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

import structlog

from app.retry import polling
from sql.pool import Database
from sql.repositories.events import trim_events

log = structlog.get_logger()

BATCH_SIZE = 1000  # a transaction of a few milliseconds: it blocks no writer and does not hold back the horizon
PAUSE_BETWEEN_BATCHES = 0.05


class EventRetention:
    """Trims every `every_seconds`. Any number of processes may run it; only one trims at a time."""

    def __init__(self, database: Database, *, days: float, every_seconds: float = 60.0) -> None:
        self._database = database
        self._age = timedelta(days=days)
        self._every_seconds = every_seconds

    def running(self) -> AbstractAsyncContextManager[None]:
        """Trim in the background while the block runs."""
        return polling(self._trim_and_log, name="event retention", seconds=self._every_seconds)

    async def trim(self) -> int:
        """Delete all events older than the retention period, unless another process is trimming; returns how many."""
        total, deleted = 0, BATCH_SIZE
        while deleted == BATCH_SIZE:
            async with self._database.transaction() as connection:
                deleted = await trim_events(connection, self._age, BATCH_SIZE) or 0
            total += deleted
            await asyncio.sleep(PAUSE_BETWEEN_BATCHES)
        return total

    async def _trim_and_log(self) -> None:
        if total := await self.trim():
            log.info("old events trimmed", count=total)
