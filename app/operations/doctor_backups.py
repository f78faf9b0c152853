"""Checks of `doctor` on backups: whether they can be stored, and what killed processes left."""

import asyncio

import asyncpg

from app.errors import OperationFailed, StartError
from app.operations.backup.manifest import manifest_name, time_of
from app.operations.backup.scratch import administration, list_leftovers
from app.operations.backup.storage import Storage, storage_at
from app.operations.doctor_checks import Finding
from app.settings import Settings
from sql.repositories.operations import BACKUP_LOCK
from sql.statements import Connection

PROBE = "resonant-doctor"
MOST_NAMED = 5


async def check_backup_storage(connection: Connection, dsn: str, settings: Settings) -> list[Finding]:
    """Whether the destination can be written, if there is one; and the leftovers, if there are any."""
    findings, left = [], await _databases(dsn)
    if (destination := settings.backup_destination) is not None:
        try:
            storage = await asyncio.to_thread(_writable_storage, destination)
            findings.append(Finding("backup storage", True, f"{destination} can be written"))
            left += await _files(connection, storage)
        except OperationFailed as failure:
            findings.append(Finding("backup storage", False, str(failure)))
    if left:
        names = ", ".join(left[:MOST_NAMED]) + (", ..." if len(left) > MOST_NAMED else "")
        advice = "the next backup deletes files, `backup verify` and the scheduled backups delete databases"
        findings.append(Finding("leftovers of killed processes", False, f"{names}; {advice}"))
    return findings


def _writable_storage(destination: str) -> Storage:
    storage = storage_at(destination)
    storage.open(PROBE).abort()
    return storage


async def _databases(dsn: str) -> list[str]:
    """Temporary databases; none when the login cannot see them."""
    try:
        async with administration(dsn) as admin:
            return await list_leftovers(admin)
    except (OperationFailed, StartError, asyncpg.PostgresError):
        return []


async def _files(connection: Connection, storage: Storage) -> list[str]:
    """Unfinished files, unless a backup is being made, and dumps without a manifest."""
    if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", BACKUP_LOCK):
        return []
    try:
        names = set(await asyncio.to_thread(storage.names))
        alone = [f"{name} without a manifest" for name in names if time_of(name) and manifest_name(name) not in names]
        return await asyncio.to_thread(storage.unfinished) + sorted(alone)
    finally:
        await connection.execute("SELECT pg_advisory_unlock($1)", BACKUP_LOCK)
