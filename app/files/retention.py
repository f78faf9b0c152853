"""Deletes files that no message has: uploads that were never sent, and files of deleted messages."""

from contextlib import AbstractAsyncContextManager

import structlog

from app.retry import polling
from sql.pool import Database
from sql.repositories.attachments import delete_unused

log = structlog.get_logger()

UNUSED_HOURS = 24
BATCH = 20  # of up to 20 MB each


class FileRetention:
    """Deletes every `every_seconds`. Any number of processes may run it."""

    def __init__(self, database: Database, *, every_seconds: float = 600.0) -> None:
        self._database = database
        self._every_seconds = every_seconds

    def running(self) -> AbstractAsyncContextManager[None]:
        """Delete in the background while the block runs."""
        return polling(self._delete_and_log, name="file retention", seconds=self._every_seconds)

    async def delete_unused(self) -> int:
        """Delete all files that no message, not even one in the trash, has had for a day; returns how many."""
        total, deleted = 0, BATCH
        while deleted == BATCH:
            async with self._database.transaction() as connection:
                deleted = await delete_unused(connection, hours=UNUSED_HOURS, count=BATCH)
            total += deleted
        return total

    async def _delete_and_log(self) -> None:
        if total := await self.delete_unused():
            log.info("unused files deleted", count=total)
