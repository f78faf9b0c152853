"""Creates backups, on request or on schedule, each from one snapshot while other processes keep writing."""

import asyncio
from collections.abc import AsyncIterator, Callable, Hashable, Iterable, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import structlog

from app.database.connect import check_versions, connect
from app.database.migrations import current_version
from app.errors import OperationFailed, StartError
from app.operations.backup.encryption import seal
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
from app.operations.backup.pg_tools import in_thread, run_program
from app.operations.backup.scratch import drop_leftovers_on
from app.operations.backup.storage import Storage, put, storage_at
from app.operations.backup.written_file import WrittenFile
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
LOCK_WAIT = "10min"
LONGEST_WAIT = 60.0  # limits the delay after the clock was set or the machine was suspended


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
    await _discard_unfinished(storage)
    with ExitStack() as begun:
        dump = await _begin(begun, storage, name, passphrase)  # first, so that no dump is made that cannot be stored
        manifest, files = await _dump(connection, dsn, dump, report)
        written = [dump]
        if files:
            archive = await _begin(begun, storage, archive_name(name), passphrase)
            packed = await pack_files(files, archive, report)
            manifest = replace(manifest, files=packed.count, files_missing=packed.missing)
            written += [archive] if packed.count else []
            _warn_of_missing(packed)
        return await in_thread(_commit, storage, written, manifest, passphrase)


async def _discard_unfinished(storage: Storage) -> None:
    """Delete what killed runs left. The caller holds the lock of backups, so no other run is writing."""
    try:
        await in_thread(storage.discard_unfinished)
    except OperationFailed as failure:
        log.warning("unfinished files of killed backups could not be deleted", reason=str(failure))


async def _begin(begun: ExitStack, storage: Storage, name: str, passphrase: str | None) -> WrittenFile:
    """A file that is deleted at the end of `begun` unless it is committed."""
    file = await in_thread(WrittenFile, storage, name, passphrase)
    begun.callback(file.abort)
    return file


def _commit(storage: Storage, files: Sequence[WrittenFile], manifest: Manifest, passphrase: str | None) -> Manifest:
    """Give the files their names, the manifest last: a dump without one is not a backup."""
    for file in files:
        file.commit()
    dump, *others = files
    complete = replace(manifest, size=dump.size, sha256=dump.sha256)
    for archive in others:
        complete = replace(complete, files_size=archive.size, files_sha256=archive.sha256)
    if passphrase is not None:
        complete = replace(complete, seal=seal(complete.sealed_part(), passphrase))
    put(storage, manifest_name(complete.name), complete.encode())
    return complete


def _warn_of_missing(packed: Packed) -> None:
    if packed.missing:
        log.error(
            "the object store has no right bytes of some files, so the backup is without them",
            count=len(packed.missing),
            files=packed.missing[:MOST_NAMED],
        )


async def _dump(
    connection: Connection, dsn: str, target: WrittenFile, report: Report
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
        options = (
            "--format=custom", "--no-owner", "--no-privileges", "--verbose", f"--lock-wait-timeout={LOCK_WAIT}",
            f"--snapshot={snapshot}", *excluded,
        )  # fmt: skip
        with report.step("dumping", len(tables)) as dumped:
            await run_program(
                "pg_dump", dsn, *options, target=target.write,
                on_line=lambda line: dumped(1) if "dumping contents of table" in line else None,
            )  # fmt: skip
    return Manifest(target.name, datetime.now(UTC).isoformat(), version, postgres, 0, "", digests), files


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


async def _clean_up(dsn: str, destination: str) -> None:
    """Delete what a killed process left, unless a backup is running. A failure is logged: the next backup fails too."""
    await drop_leftovers_on(dsn)
    try:
        storage = await in_thread(storage_at, destination)
        connection = await connect(dsn)
        try:
            async with _exclusively(connection):
                await _discard_unfinished(storage)
        finally:
            await connection.close()
    except (OperationFailed, StartError) as failure:
        log.warning("unfinished files of killed backups could not be deleted", reason=str(failure))


async def run_scheduled_backups(dsn: str, settings: BackupSettings) -> None:
    """Back up every BACKUP_INTERVAL seconds until cancelled; a failure is logged and retried.

    The interval survives restarts, because it starts at the last finished backup in the database.
    """
    destination = settings.backup_destination
    if destination is None:
        raise OperationFailed("BACKUP_DESTINATION is not set; set it to a directory or s3://bucket/prefix.")

    await _clean_up(dsn, destination)

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
