"""Creates backups, on request or on schedule, each from one snapshot while other processes keep writing."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Hashable, Iterable, Mapping
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
from app.operations.backup.files import Packed, pack_files
from app.operations.backup.manifest import (
    TRANSIENT,
    Manifest,
    archive_name,
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
from sql.repositories.objects import StoredFile, list_object_files
from sql.repositories.operations import BACKUP_LOCK, find_last_successful_backup
from sql.statements import Connection

MOST_NAMED = 10
DAYS, WEEKS, MONTHS = 7, 4, 12
log = structlog.get_logger()

FAILED = Backoff(first=60.0, longest=3600.0)
LONGEST_WAIT = 60.0  # limits the delay after the clock was set or the machine was suspended


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@asynccontextmanager
async def _exclusively(connection: Connection) -> AsyncIterator[None]:
    """Hold the advisory lock of backups, under which no object is deleted.

    Raises OperationFailed while another backup holds it.
    """
    if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", BACKUP_LOCK):
        raise OperationFailed("Another backup of this database is running; wait until it has finished.")
    try:
        yield
    finally:
        await connection.execute("SELECT pg_advisory_unlock($1)", BACKUP_LOCK)


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
            await runs.mark_backup_finished(connection, run, manifest.name, manifest.size + manifest.files_size)
            return manifest
    finally:
        await connection.close()


async def _create(
    connection: Connection, dsn: str, storage: Storage, passphrase: str | None, report: Report
) -> Manifest:
    name = name_for(datetime.now(UTC), encrypted=passphrase is not None)
    with TemporaryDirectory(prefix="resonant-backup-") as scratch:
        dump, archive = Path(scratch) / "database.dump", Path(scratch) / "files.tar"
        manifest, files = await _dump(connection, dsn, dump, name, report)
        if files:
            packed = await pack_files(files, archive, report)
            manifest = replace(manifest, files=packed.count, files_missing=packed.missing)
            _warn_of_missing(packed)
        stored = {manifest.name: dump} | ({archive_name(name): archive} if manifest.files else {})
        if passphrase is not None:
            with report.step("encrypting", len(stored)) as encrypted:
                for target, plain in stored.items():
                    bound = manifest.bound() if target == name else manifest.bound_archive()
                    stored[target] = plain.with_name(target)
                    await asyncio.to_thread(encrypt, plain, stored[target], passphrase, bound)
                    encrypted(1)
        return await _store(stored, manifest, storage, report)


def _warn_of_missing(packed: Packed) -> None:
    if packed.missing:
        log.error(
            "the object store has no right bytes of some files, so the backup is without them",
            count=len(packed.missing),
            files=packed.missing[:MOST_NAMED],
        )


async def _dump(
    connection: Connection, dsn: str, target: Path, name: str, report: Report
) -> tuple[Manifest, list[StoredFile]]:
    """Dump the database; the manifest, and the files that are in the object store, from the same snapshot."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        snapshot = await connection.fetchval("SELECT pg_export_snapshot()")
        tables = await list_tables(connection)
        with report.step("checksums", len(tables)) as counted:
            digests = await digest_tables(connection, done=lambda table: counted(1))
        postgres, _ = await check_versions(connection)
        version = await current_version(connection)
        files = await list_object_files(connection)
        excluded = [f"--exclude-table-data={table}" for table in TRANSIENT]
        options = ("--format=custom", "--no-owner", "--no-privileges", "--verbose", f"--snapshot={snapshot}", *excluded)
        with report.step("dumping", len(tables)) as dumped:
            await run_program(
                "pg_dump", dsn, f"--file={target}", *options,
                on_line=lambda line: dumped(1) if "dumping contents of table" in line else None,
            )  # fmt: skip
    return Manifest(name, datetime.now(UTC).isoformat(), version, postgres, 0, "", digests), files


async def _store(files: Mapping[str, Path], manifest: Manifest, storage: Storage, report: Report) -> Manifest:
    manifest_file = files[manifest.name].with_name("manifest.json")
    complete = await asyncio.to_thread(_complete, manifest, files, manifest_file)
    with report.step("storing", complete.size + complete.files_size) as stored:
        for name, file in files.items():
            await asyncio.to_thread(storage.put, file, name, stored)
        # The manifest is stored last: a dump without one is not a backup, so a killed run leaves no partial backup.
        await asyncio.to_thread(storage.put, manifest_file, manifest_name(complete.name), lambda count: None)
    return complete


def _complete(manifest: Manifest, files: Mapping[str, Path], target: Path) -> Manifest:
    """Add sizes and checksums of the files to the manifest and write it to `target`."""
    dump = files[manifest.name]
    complete = replace(manifest, size=dump.stat().st_size, sha256=sha256_of(dump))
    if (archive := files.get(archive_name(manifest.name))) is not None:
        complete = replace(complete, files_size=archive.stat().st_size, files_sha256=sha256_of(archive))
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
            for each in (manifest_name(name), name, archive_name(name)):
                storage.remove(each)


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
        log.info("backup created", name=made.name, bytes=made.size + made.files_size, files=made.files)
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
