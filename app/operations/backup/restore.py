"""Restores a backup into a new database, compares it, and only then renames it to replace the old database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

import asyncpg
import structlog

from app.database.connect import connect
from app.database.migrations import current_version, grant_roles, load_migrations, migrate
from app.errors import OperationFailed
from app.files.store import FileStore, StoreUnavailable
from app.operations.backup.fetch import StoredBackup, Trust, open_backup
from app.operations.backup.files import compare_files, place_files
from app.operations.backup.manifest import (
    TRANSIENT,
    Manifest,
    digest_tables,
    find_differences,
    list_tables,
)
from app.operations.backup.pg_tools import run_program
from app.operations.backup.scratch import administration, comments_option, scratch_database
from app.operations.backup.storage import Storage
from app.operations.progress import Report
from sql.repositories.objects import detach_objects
from sql.repositories.webhook_deliveries import adapt_to_server
from sql.statements import Connection

log = structlog.get_logger()

# Tables that have rows even in an unused database.
BOOKKEEPING = ("schema_migrations", "event_stream", "users", "embedding_models")


def database_of(dsn: str) -> str:
    """The name of the database in a DSN."""
    return unquote(urlsplit(dsn).path.lstrip("/")) or "postgres"


async def _restore_and_compare(backup: StoredBackup, dsn: str, report: Report) -> None:
    manifest = backup.manifest
    # One process: pg_restore cannot read its standard input with several, and the dump is never stored in the clear.
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--verbose", *await comments_option(dsn)]
    with report.step("restoring", len(manifest.tables)) as restored:
        await run_program(
            "pg_restore", dsn, *options, source=backup.dump(),
            on_line=lambda line: restored(1) if "processing data for table" in line else None,
        )  # fmt: skip
    connection = await connect(dsn)
    try:
        async with connection.transaction(readonly=True):
            with report.step("comparing", len(manifest.tables)) as compared:
                found = await digest_tables(connection, done=lambda table: compared(1))
            if differences := find_differences(manifest.tables, found):
                raise OperationFailed(f"The restored database differs from the backup: {'; '.join(differences)}.")
            await compare_files(connection, backup.archive(), manifest.files_missing, report)
    finally:
        await connection.close()


async def verify_backup(dsn: str, storage: Storage, name: str, *, trust: Trust, report: Report) -> Manifest:
    """Restore into a temporary database on the same server and compare it with the manifest. Raises OperationFailed."""
    backup = await open_backup(storage, name, trust=trust)
    async with administration(dsn) as admin, scratch_database(admin, dsn) as (_, target):
        await _restore_and_compare(backup, target, report)
    return backup.manifest


async def restore_backup(
    dsn: str,
    storage: Storage,
    name: str,
    *,
    trust: Trust,
    replace: bool,
    report: Report,
    store: FileStore | None = None,
) -> tuple[Manifest, str | None]:
    """Replace the database by the backup; returns the manifest and the new name of the old database if it had data.

    The files of the archive go to `store`, by default the database. Raises OperationFailed when the database is in use,
    newer than the backup, or has data and `replace` is false.
    """
    wanted = database_of(dsn)
    backup = await open_backup(storage, name, trust=trust)
    manifest = backup.manifest
    _refuse_newer_than_program(manifest)
    async with administration(dsn) as admin:
        has_data = await _check_replaceable(admin, dsn, wanted, manifest, replace=replace)
        async with scratch_database(admin, dsn) as (fresh, target):
            await _restore_and_compare(backup, target, report)
            await _reset_history(target)
            async with _files_placed(target, backup, store or FileStore(), report):
                return manifest, await _swap(admin, wanted, fresh, keep=has_data)


@asynccontextmanager
async def _files_placed(dsn: str, backup: StoredBackup, store: FileStore, report: Report) -> AsyncIterator[None]:
    """Store the files of the archive before the block; when that or the block fails, their objects are deleted."""
    connection = await connect(dsn)
    database_id = await connection.fetchval("SELECT id FROM event_stream")
    try:
        try:
            await place_files(connection, backup.archive(), store, report)
        finally:
            await connection.close()
        yield
    except BaseException:
        if store.location is not None and backup.manifest.files:
            await _delete_objects(store, f"{store.location}/{database_id}")
        raise


async def _delete_objects(store: FileStore, folder: str) -> None:
    try:
        await store.remove(folder)
    except StoreUnavailable as failure:
        log.error("objects of a restore that failed could not be deleted", folder=folder, reason=str(failure.__cause__))


def _refuse_newer_than_program(manifest: Manifest) -> None:
    known = len(load_migrations())
    if manifest.schema_version > known:
        raise OperationFailed(
            f"The backup has schema version {manifest.schema_version}, this program knows {known}; "
            "restore it with the newer program."
        )


async def _check_replaceable(admin: Connection, dsn: str, wanted: str, manifest: Manifest, *, replace: bool) -> bool:
    """Whether the existing database has data, which has to be kept. Raises OperationFailed."""
    if not await admin.fetchval("SELECT count(*) FROM pg_database WHERE datname = $1", wanted):
        return False
    await _refuse_sessions(admin, wanted)
    connection = await connect(dsn)
    try:
        version = await current_version(connection)
        tables = [table for table in await list_tables(connection) if table not in BOOKKEEPING]
        has_data = [t for t in tables if await connection.fetchval(f"SELECT EXISTS (SELECT FROM {t})")]  # noqa: S608
    finally:
        await connection.close()
    if version > manifest.schema_version:
        raise OperationFailed(
            f"The database is newer (schema version {version}) than the backup ({manifest.schema_version}); "
            "newer data would be lost. Restore into a new database and migrate that one."
        )
    if has_data and not replace:
        raise OperationFailed(
            f"The database {wanted} has data ({', '.join(has_data[:3])}, ...); "
            "--replace replaces it and keeps the old database under another name."
        )
    return bool(has_data)


async def _refuse_sessions(admin: Connection, wanted: str) -> None:
    rows = await admin.fetch(
        "SELECT DISTINCT coalesce(nullif(application_name, ''), usename::text) FROM pg_stat_activity "
        "WHERE datname = $1 AND backend_type = 'client backend'",
        wanted,
    )
    if rows:
        users = ", ".join(sorted(row[0] for row in rows))
        raise OperationFailed(f"The database {wanted} is in use by {users}; stop them, then restore.")


async def _reset_history(dsn: str) -> None:
    """Forget what belongs to the other server, migrate, and adapt the event history to this server."""
    connection = await connect(dsn)
    try:
        async with connection.transaction():
            # The objects belong to the database that was backed up; the archive has their bytes.
            await detach_objects(connection)
            await connection.execute(f"TRUNCATE {', '.join(TRANSIENT)}")
        await migrate(connection, load_migrations())
        async with connection.transaction():
            await adapt_history(connection)
        await grant_roles(connection)  # the dump has no privileges
    finally:
        await connection.close()


async def adapt_history(connection: Connection) -> None:
    """Adapt the event history to this server, whose transaction numbers are different; old cursors expire."""
    await adapt_to_server(connection)
    # Old transaction numbers may be higher than those of this server. With 0 the events keep the order of their ids. A
    # new stream id makes old cursors fail with CURSOR_EXPIRED.
    await connection.execute("UPDATE events SET xid = '0'")
    await connection.execute("UPDATE event_stream SET id = gen_random_uuid(), trimmed_xid = '0', trimmed_id = 0")


async def _swap(admin: Connection, wanted: str, fresh: str, *, keep: bool) -> str | None:
    """Rename both databases in one transaction; returns the new name of the old database when it is kept."""
    old = f"{wanted}_before_{datetime.now(UTC):%Y%m%d_%H%M%S}"
    exists = await admin.fetchval("SELECT count(*) FROM pg_database WHERE datname = $1", wanted)
    quoted = await admin.fetchrow("SELECT quote_ident($1), quote_ident($2)", wanted, old)
    try:
        async with admin.transaction():
            if exists:
                await admin.execute(f"ALTER DATABASE {quoted[0]} RENAME TO {quoted[1]}")  # type: ignore[index]
            await admin.execute(f"ALTER DATABASE {fresh} RENAME TO {quoted[0]}")  # type: ignore[index]
    except asyncpg.ObjectInUseError:
        raise OperationFailed(
            f"{wanted} is in use again; nothing was changed. Stop the services, then restore."
        ) from None
    if exists and not keep:
        await admin.execute(f"DROP DATABASE {quoted[1]}")  # type: ignore[index]
    return old if exists and keep else None
