"""Making a backup: everything is read under one snapshot, while others go on writing."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from app.database.connect import check_versions, connect
from app.database.migrations import current_version
from app.operations.backup.checksums import TRANSIENT, digest_tables, list_tables
from app.operations.backup.encryption import encrypt
from app.operations.backup.failure import BackupFailed
from app.operations.backup.manifest import Manifest, manifest_name, moment_of, name_for
from app.operations.backup.pg_tools import run_program
from app.operations.backup.rotation import kept
from app.operations.backup.storage import Place
from app.operations.progress import Report
from sql.repositories import operations as runs
from sql.statements import Connection

LOCK = 0x6261636B7570  # "backup": one at a time
HASH_BYTES = 1024 * 1024


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@asynccontextmanager
async def _alone(connection: Connection) -> AsyncIterator[None]:
    if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):
        raise BackupFailed("Another backup of this database is being made; wait until it has ended.")
    try:
        yield
    finally:
        await connection.execute("SELECT pg_advisory_unlock($1)", LOCK)


async def create_backup(dsn: str, place: Place, *, passphrase: str | None, report: Report) -> Manifest:
    """Back the database up into the place, then remove what the rotation does not keep. Raises BackupFailed.

    What became of it is also written into `backup_runs`, where metrics and `doctor` find it.
    """
    connection = await connect(dsn)
    try:
        async with _alone(connection):
            run = await runs.insert_backup_run(connection, place.shown(""))
            try:
                manifest = await _create(connection, dsn, place, passphrase, report)
                await asyncio.to_thread(_rotate, place)
            except BaseException as failure:
                reason = str(failure) or type(failure).__name__
                await asyncio.shield(runs.mark_backup_failed(connection, run, reason))
                raise
            await runs.mark_backup_finished(connection, run, manifest.name, manifest.size)
            return manifest
    finally:
        await connection.close()


async def _create(connection: Connection, dsn: str, place: Place, passphrase: str | None, report: Report) -> Manifest:
    name = name_for(datetime.now(UTC), encrypted=passphrase is not None)
    with TemporaryDirectory(prefix="resonant-backup-") as scratch:
        dump = Path(scratch) / "database.dump"
        manifest = await _dump(connection, dsn, dump, name, report)
        if passphrase is not None:
            sealed = dump.with_name(name)
            with report.step("encrypting", 1):
                await asyncio.to_thread(encrypt, dump, sealed, passphrase)
            dump = sealed
        return await _store(dump, manifest, place, report)


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
                heard=lambda line: dumped(1) if "dumping contents of table" in line else None,
            )  # fmt: skip
    return Manifest(name, datetime.now(UTC).isoformat(), version, postgres, 0, "", digests)


async def _store(dump: Path, manifest: Manifest, place: Place, report: Report) -> Manifest:
    beside = dump.with_name("manifest.json")
    whole = await asyncio.to_thread(_complete, manifest, dump, beside)
    with report.step("storing", whole.size) as stored:
        await asyncio.to_thread(place.put, dump, whole.name, stored)
        # Last: a dump without its manifest is not a backup, whatever was killed meanwhile.
        await asyncio.to_thread(place.put, beside, manifest_name(whole.name), lambda count: None)
    return whole


def _complete(manifest: Manifest, dump: Path, beside: Path) -> Manifest:
    """With the dump's size and checksum; written as the file beside it."""
    whole = replace(manifest, size=dump.stat().st_size, sha256=sha256_of(dump))
    beside.write_bytes(whole.encode())
    return whole


def _rotate(place: Place) -> None:
    names = set(place.names())
    whole = {name: moment for name in names if (moment := moment_of(name)) and manifest_name(name) in names}
    keep = kept(whole.values())
    for name in [name for name, moment in whole.items() if moment not in keep]:
        place.remove(manifest_name(name))
        place.remove(name)
