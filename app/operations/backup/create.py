"""Creates backups, on request or on schedule, each from one snapshot while other processes keep writing."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Hashable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from app.database.connect import check_versions, connect
from app.database.migrations import current_version
from app.errors import OperationFailed, StartError
from app.operations.backup.encryption import encrypt
from app.operations.backup.manifest import (
    TRANSIENT,
    Manifest,
    digest_tables,
    is_encrypted,
    list_tables,
    manifest_name,
    name_for,
    time_of,
)
from app.operations.backup.pg_tools import run_program
from app.operations.backup.storage import Storage, storage_at
from app.operations.progress import Report, Silent
from app.retry import Backoff, poll_forever
from app.settings.service import BackupSettings
from sql.repositories import operations as runs
from sql.repositories.operations import find_last_successful_backup
from sql.statements import Connection

LOCK = 0x6261636B7570  # "backup"; only one runs at a time
DAYS, WEEKS, MONTHS = 7, 4, 12
log = structlog.get_logger()

FAILED = Backoff(first=60.0, longest=3600.0)
LONGEST_WAIT = 60.0  # limits the delay after the clock was set or the machine was suspended


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@asynccontextmanager
async def _exclusively(connection: Connection) -> AsyncIterator[None]:
    """Hold the advisory lock of backups. Raises OperationFailed while another backup holds it."""
    if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):
        raise OperationFailed("Another backup of this database is running; wait until it has finished.")
    try:
        yield
    finally:
        await connection.execute("SELECT pg_advisory_unlock($1)", LOCK)


async def create_backup(dsn: str, storage: Storage, *, passphrase: str | None, report: Report) -> Manifest:
    """Back up the database into the storage, then delete the backups that the rotation does not keep.

    The result is recorded in `backup_runs` for metrics and `doctor`. Raises OperationFailed.
    """
    connection = await connect(dsn)
    try:
        async with _exclusively(connection):
            run = await runs.insert_backup_run(connection, storage.address_of(""))
            try:
                manifest = await _create(connection, dsn, storage, passphrase, report)
                await asyncio.to_thread(_rotate, storage)
            except BaseException as failure:
                reason = str(failure) or type(failure).__name__
                await asyncio.shield(runs.mark_backup_failed(connection, run, reason))
                raise
            await runs.mark_backup_finished(connection, run, manifest.name, manifest.size)
            return manifest
    finally:
        await connection.close()


async def _create(
    connection: Connection, dsn: str, storage: Storage, passphrase: str | None, report: Report
) -> Manifest:
    name = name_for(datetime.now(UTC), encrypted=passphrase is not None)
    with TemporaryDirectory(prefix="resonant-backup-") as scratch:
        dump = Path(scratch) / "database.dump"
        manifest = await _dump(connection, dsn, dump, name, report)
        if passphrase is not None:
            encrypted = dump.with_name(name)
            with report.step("encrypting", 1):
                await asyncio.to_thread(encrypt, dump, encrypted, passphrase, manifest.bound())
            dump = encrypted
        return await _store(dump, manifest, storage, report)


async def _dump(connection: Connection, dsn: str, target: Path, name: str, report: Report) -> Manifest:
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        snapshot = await connection.fetchval("SELECT pg_export_snapshot()")
        tables = await list_tables(connection)
        with report.step("checksums", len(tables)) as counted:
            digests = await digest_tables(connection, done=lambda table: counted(1))
        postgres, _ = await check_versions(connection)
        version = await current_version(connection)
        excluded = [f"--exclude-table-data={table}" for table in TRANSIENT]
        options = ("--format=custom", "--no-owner", "--no-privileges", "--verbose", f"--snapshot={snapshot}", *excluded)
        with report.step("dumping", len(tables)) as dumped:
            await run_program(
                "pg_dump", dsn, f"--file={target}", *options,
                on_line=lambda line: dumped(1) if "dumping contents of table" in line else None,
            )  # fmt: skip
    return Manifest(name, datetime.now(UTC).isoformat(), version, postgres, 0, "", digests)


async def _store(dump: Path, manifest: Manifest, storage: Storage, report: Report) -> Manifest:
    manifest_file = dump.with_name("manifest.json")
    complete = await asyncio.to_thread(_complete, manifest, dump, manifest_file)
    with report.step("storing", complete.size) as stored:
        await asyncio.to_thread(storage.put, dump, complete.name, stored)
        # The manifest is stored last: a dump without one is not a backup, so a killed run leaves no partial backup.
        await asyncio.to_thread(storage.put, manifest_file, manifest_name(complete.name), lambda count: None)
    return complete


def _complete(manifest: Manifest, dump: Path, target: Path) -> Manifest:
    """Add size and checksum of the dump to the manifest and write it to `target`."""
    complete = replace(manifest, size=dump.stat().st_size, sha256=sha256_of(dump))
    target.write_bytes(complete.encode())
    return complete


def _rotate(storage: Storage) -> None:
    """Rotate encrypted and other backups separately, so that a file of one kind never displaces one of the other."""
    names = set(storage.names())
    for encrypted in (False, True):
        backups = {
            name: time
            for name in names
            if (time := time_of(name)) and manifest_name(name) in names and is_encrypted(name) is encrypted
        }
        keep = backups_to_keep(backups.values())
        for name in [name for name, time in backups.items() if time not in keep]:
            storage.remove(manifest_name(name))
            storage.remove(name)


def _newest_of_each(times: list[datetime], period: Callable[[datetime], Hashable], count: int) -> set[datetime]:
    newest: dict[Hashable, datetime] = {}
    for time in times:  # newest first
        if len(newest) == count and period(time) not in newest:
            break
        newest.setdefault(period(time), time)
    return set(newest.values())


def backups_to_keep(times: Iterable[datetime]) -> set[datetime]:
    """The times of the backups to keep.

    Only days, ISO weeks and months that have a backup count, so a break in the schedule deletes nothing.
    """
    ordered = sorted(times, reverse=True)
    return (
        _newest_of_each(ordered, lambda time: time.date(), DAYS)
        | _newest_of_each(ordered, lambda time: time.isocalendar()[:2], WEEKS)
        | _newest_of_each(ordered, lambda time: (time.year, time.month), MONTHS)
    )


async def seconds_until_due(dsn: str, interval: float) -> float:
    """Seconds until the next backup is due; 0 or less when it is due now."""
    connection = await connect(dsn)
    try:
        last = await find_last_successful_backup(connection)
    finally:
        await connection.close()
    return 0.0 if last is None else interval - (datetime.now(UTC) - last.finished_at).total_seconds()


async def run_scheduled_backups(dsn: str, settings: BackupSettings) -> None:
    """Back up every BACKUP_INTERVAL seconds until cancelled; a failure is logged and retried.

    The interval survives restarts, because it starts at the last finished backup in the database.
    """
    destination = settings.backup_destination
    if destination is None:
        raise OperationFailed("BACKUP_DESTINATION is not set; set it to a directory or s3://bucket/prefix.")

    async def back_up_when_due() -> float:
        if (due := await seconds_until_due(dsn, settings.backup_interval)) > 0:
            return min(due, LONGEST_WAIT)
        storage = await asyncio.to_thread(storage_at, destination)
        made = await create_backup(dsn, storage, passphrase=settings.backup_secret, report=Silent())
        log.info("backup created", name=made.name, bytes=made.size)
        return 0.0

    def report(failure: Exception, failures: int) -> None:
        expected = isinstance(failure, (OperationFailed, StartError, OSError))
        log.error(
            "the scheduled backup failed; retrying",
            reason=str(failure) or type(failure).__name__,
            seconds=FAILED.seconds(failures),
            exc_info=None if expected else failure,
        )

    await poll_forever(back_up_when_due, name="backup", seconds=LONGEST_WAIT, backoff=FAILED, report=report)
