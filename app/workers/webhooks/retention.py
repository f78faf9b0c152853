"""Deletes deliveries that ended long ago."""

from contextlib import AbstractAsyncContextManager

import structlog

from app.retry import polling
from sql.pool import Database
from sql.repositories.webhook_deliveries import delete_old_deliveries

log = structlog.get_logger()

BATCH_SIZE = 1000


class DeliveryRetention:
    """Deletes every `every_seconds`. Any number of processes may run it."""

    def __init__(self, database: Database, *, every_seconds: float = 600.0) -> None:
        self._database = database
        self._every_seconds = every_seconds

    def running(self) -> AbstractAsyncContextManager[None]:
        """Delete in the background while the block runs."""
        return polling(self._delete_and_log, name="delivery retention", seconds=self._every_seconds)

    async def delete(self) -> int:
        """Delete all deliveries that ended before their period; returns how many."""
        total, deleted = 0, BATCH_SIZE
        while deleted == BATCH_SIZE:
            async with self._database.transaction() as connection:
                deleted = await delete_old_deliveries(connection, BATCH_SIZE)
            total += deleted
        return total

    async def _delete_and_log(self) -> None:
        if total := await self.delete():
            log.info("old deliveries of webhooks deleted", count=total)
