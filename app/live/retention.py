"""Keeps the record of events from growing for ever: what is older than the retention is trimmed, a little at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog

from sql.errors import ResonantError
from sql.pool import Database
from sql.repositories.events import trim_events

log = structlog.get_logger()

BATCH = 1000  # a transaction of some milliseconds, which keeps nobody waiting and holds no horizon back
BREATH = 0.05


class EventRetention:
    """Trims every `every_seconds`. Any number of processes may run it: one at a time has its turn."""

    def __init__(self, database: Database, *, days: float, every_seconds: float = 60.0) -> None:
        self._database = database
        self._age = timedelta(days=days)
        self._every_seconds = every_seconds

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Trimming in the background for as long as the block runs."""
        trimming = asyncio.create_task(self._trim_for_ever(), name="event retention")
        try:
            yield
        finally:
            trimming.cancel()
            await asyncio.wait([trimming])

    async def trim(self) -> int:
        """Delete all events that are older than the retention, as long as nobody else does; how many it were."""
        total, deleted = 0, BATCH
        while deleted == BATCH:
            async with self._database.transaction() as connection:
                deleted = await trim_events(connection, self._age, BATCH) or 0
            total += deleted
            await asyncio.sleep(BREATH)
        return total

    async def _trim_for_ever(self) -> None:
        while True:
            try:
                if total := await self.trim():
                    log.info("old events were trimmed", count=total)
            except ResonantError as failure:
                log.warning("old events could not be trimmed; trying again", reason=failure.message)
            except Exception:
                log.exception("old events could not be trimmed; trying again")
            await asyncio.sleep(self._every_seconds)
