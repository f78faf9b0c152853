"""Scheduled backups; the interval survives restarts because it starts at the last finished backup in the database."""

import asyncio
from datetime import UTC, datetime

import structlog

from app.database.connect import connect
from app.errors import OperationFailed, StartError
from app.operations.backup.create import create_backup
from app.operations.backup.storage import storage_at
from app.operations.progress import Silent
from app.retry import Backoff
from app.settings.service import BackupSettings
from sql.repositories.operations import find_last_successful_backup

log = structlog.get_logger()

FAILED = Backoff(first=60.0, longest=3600.0)
LONGEST_WAIT = 60.0  # limits the delay after the clock was set or the machine was suspended


async def seconds_until_due(dsn: str, interval: float) -> float:
    """Seconds until the next backup is due; 0 or less when it is due now."""
    connection = await connect(dsn)
    try:
        last = await find_last_successful_backup(connection)
    finally:
        await connection.close()
    return 0.0 if last is None else interval - (datetime.now(UTC) - last.finished_at).total_seconds()


async def run_scheduled_backups(dsn: str, settings: BackupSettings) -> None:
    """Back up every BACKUP_INTERVAL seconds until cancelled; a failure is logged and retried."""
    destination = settings.backup_destination
    if destination is None:
        raise OperationFailed("BACKUP_DESTINATION is not set; set it to a directory or s3://bucket/prefix.")
    failures = 0
    while True:
        try:
            if (due := await seconds_until_due(dsn, settings.backup_interval)) > 0:
                await asyncio.sleep(min(due, LONGEST_WAIT))
                continue
            storage = await asyncio.to_thread(storage_at, destination)
            made = await create_backup(dsn, storage, passphrase=settings.backup_secret, report=Silent())
        except (OperationFailed, StartError, OSError) as failure:
            failures += 1
            pause = FAILED.seconds(failures)
            log.error("the scheduled backup failed; retrying", reason=str(failure), seconds=pause)
            await asyncio.sleep(pause)
        else:
            log.info("backup created", name=made.name, bytes=made.size)
            failures = 0
