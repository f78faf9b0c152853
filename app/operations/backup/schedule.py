"""Backups at regular times, whoever runs them and however often they are restarted."""

import asyncio
from datetime import UTC, datetime

import structlog

from app.database.connect import connect
from app.errors import StartError
from app.operations.backup.create import create_backup
from app.operations.backup.failure import BackupFailed
from app.operations.backup.storage import place_for
from app.operations.progress import Silent
from app.settings import Settings
from sql.repositories.operations import find_last_successful_backup

log = structlog.get_logger()

FIRST_FAILURE_PAUSE = 60.0
LONGEST_FAILURE_PAUSE = 3600.0
LONGEST_WAIT = 60.0  # so that a clock that is set, or a machine that slept, delays a backup by no more


async def seconds_until_due(dsn: str, every: float) -> float:
    """Until the next backup is due; counted from the last that succeeded, so that a restart changes nothing."""
    connection = await connect(dsn)
    try:
        last = await find_last_successful_backup(connection)
    finally:
        await connection.close()
    return 0.0 if last is None else every - (datetime.now(UTC) - last.finished_at).total_seconds()


async def back_up_for_ever(dsn: str, settings: Settings) -> None:
    """Back up every BACKUP_INTERVAL seconds until cancelled; a failure is logged and retried."""
    if settings.backup_destination is None:
        raise BackupFailed(
            "BACKUP_DESTINATION says where scheduled backups go; set it to a directory or s3://bucket/prefix."
        )
    pause = FIRST_FAILURE_PAUSE
    while True:
        try:
            if (due := await seconds_until_due(dsn, settings.backup_interval)) > 0:
                await asyncio.sleep(min(due, LONGEST_WAIT))
                continue
            place = await asyncio.to_thread(place_for, settings.backup_destination)
            made = await create_backup(dsn, place, passphrase=settings.backup_secret, report=Silent())
        except (BackupFailed, StartError, OSError) as failure:
            log.error("the scheduled backup failed and is tried again", reason=str(failure), seconds=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_FAILURE_PAUSE)
        else:
            log.info("backed up", name=made.name, bytes=made.size)
            pause = FIRST_FAILURE_PAUSE
