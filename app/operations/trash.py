"""Deletes for good what has been in the trash longer than its period."""

from contextlib import AbstractAsyncContextManager

import structlog

from app.retry import polling
from sql.pool import Database
from sql.repositories.trash import delete_old_trash

log = structlog.get_logger()

BATCH_SIZE = 20  # an entry may be a conversation with thousands of messages


class TrashRetention:
    """Empties every `every_seconds`. Any number of processes may run it at the same time."""

    def __init__(self, database: Database, *, days: float, every_seconds: float = 600.0) -> None:
        self._database = database
        self._days = days
        self._every_seconds = every_seconds

    def running(self) -> AbstractAsyncContextManager[None]:
        """Empty in the background while the block runs."""
        return polling(self._empty_and_log, name="trash retention", seconds=self._every_seconds)

    async def empty(self) -> int:
        """Delete for good all entries that are older than the period; returns how many."""
        total, deleted = 0, BATCH_SIZE
        while deleted == BATCH_SIZE:
            async with self._database.transaction() as connection:
                deleted = await delete_old_trash(connection, self._days, BATCH_SIZE)
            total += deleted
        return total

    async def _empty_and_log(self) -> None:
        if total := await self.empty():
            log.info("old records in the trash deleted for good", count=total)
