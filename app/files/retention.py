"""Deletes files that no message has, and the objects of files that are deleted."""

from contextlib import AbstractAsyncContextManager

import structlog

from app.files.store import FileStore, StoreUnavailable
from app.retry import polling
from sql.pool import Database
from sql.repositories.attachments import delete_unused
from sql.repositories.objects import claim_object_deletions, keep_object, mark_object_deletion_failed

log = structlog.get_logger()

UNUSED_HOURS = 24
BATCH = 20  # of up to 20 MB each


class FileRetention:
    """Deletes every `every_seconds`. Any number of processes may run it."""

    def __init__(self, database: Database, store: FileStore, *, every_seconds: float = 600.0) -> None:
        self._database = database
        self._store = store
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

    async def delete_objects(self) -> int:
        """Delete the folders of the object store that no file has any more; returns how many.

        What cannot be deleted is tried again later, each time after a longer pause, and `doctor` reports it.
        """
        total = 0
        while claimed := await self._claim():
            for folder in claimed:
                try:
                    await self._store.remove(folder)
                except StoreUnavailable as failure:
                    await self._record(folder, str(failure.__cause__))
                    return total
                async with self._database.connection() as connection:
                    await keep_object(connection, folder)
                total += 1
        return total

    async def _claim(self) -> list[str]:
        async with self._database.transaction() as connection:
            return await claim_object_deletions(connection, BATCH)

    async def _record(self, folder: str, reason: str) -> None:
        log.warning("an object could not be deleted; it is tried again later", object=folder, reason=reason)
        async with self._database.connection() as connection:
            await mark_object_deletion_failed(connection, folder, reason)

    async def _delete_and_log(self) -> None:
        if total := await self.delete_unused():
            log.info("unused files deleted", count=total)
        if total := await self.delete_objects():
            log.info("objects of deleted files deleted", count=total)
