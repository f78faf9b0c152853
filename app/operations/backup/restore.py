"""Restores a backup into a new database, compares it, and only then renames it to replace the old database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import asyncpg

from app.database.connect import connect
from app.database.migrations import current_version, grant_roles, load_migrations, migrate
from app.errors import OperationFailed
from app.operations.backup.create import sha256_of
from app.operations.backup.encryption import decrypt
from app.operations.backup.manifest import (
    TRANSIENT,
    Manifest,
    decode_manifest,
    digest_tables,
    find_differences,
    is_encrypted,
    list_tables,
    manifest_name,
    time_of,
)
from app.operations.backup.pg_tools import run_program, with_database
from app.operations.backup.storage import Storage, split_address, storage_at
from app.operations.progress import Report
from sql.statements import Connection

MAINTENANCE = "postgres"
JOBS = 2
# Tables that have rows even in an unused database.
BOOKKEEPING = ("schema_migrations", "event_stream", "users", "embedding_models")


def database_of(dsn: str) -> str:
    """The name of the database in a DSN."""
    return unquote(urlsplit(dsn).path.lstrip("/")) or "postgres"


def find_backup(address: str) -> tuple[Storage, str]:
    """The storage and name of a backup; for a directory or prefix, its newest backup. Raises OperationFailed."""
    storage = storage_at(address)
    names = set() if time_of(split_address(address)[1]) else set(storage.names())
    backups = [name for name in names if time_of(name) and manifest_name(name) in names]
    if backups:
        return storage, max(backups)
    parent, name = split_address(address)
    if time_of(name) is None:
        raise OperationFailed(
            f"{address} is neither a backup (resonant-TIME.dump) nor a directory or prefix that contains one."
        )
    return storage_at(parent), name


@dataclass(frozen=True, slots=True)
class Trust:
    """Which backups are accepted. With a passphrase, only those that were encrypted with it.

    A dump is SQL that the server executes, and anyone who can write to the storage can add one that is not encrypted.
    """

    passphrase: str | None
    accept_unencrypted: bool = False

    def check(self, storage: Storage, name: str) -> None:
        """Raise OperationFailed for a backup that is not accepted."""
        if self.passphrase is None and is_encrypted(name):
            raise OperationFailed(
                f"{name} is encrypted; set BACKUP_PASSPHRASE to the passphrase it was encrypted with."
            )
        if self.passphrase is not None and not is_encrypted(name) and not self.accept_unencrypted:
            raise OperationFailed(
                f"{storage.address_of(name)} is not encrypted although BACKUP_PASSPHRASE is set, so anyone who can "
                "write there may have made it. Name an encrypted backup (.dump.enc), or add --accept-unencrypted when "
                "you know that it is yours."
            )


async def fetch_backup(
    storage: Storage, name: str, scratch: Path, *, trust: Trust, report: Report
) -> tuple[Manifest, Path]:
    """Fetch, check and decrypt a backup into `scratch`; its manifest and the plain dump. Raises OperationFailed."""
    trust.check(storage, name)
    manifest_file, dump = scratch / "manifest.json", scratch / name
    try:
        await asyncio.to_thread(storage.fetch, manifest_name(name), manifest_file, lambda count: None)
    except OperationFailed as failure:
        raise OperationFailed(
            f"{failure} A backup is two files; {manifest_name(name)} belongs next to the dump."
        ) from None
    manifest = decode_manifest(manifest_file.read_bytes(), name)
    with report.step("fetching", manifest.size) as fetched:
        await asyncio.to_thread(storage.fetch, name, dump, fetched)
    if await asyncio.to_thread(sha256_of, dump) != manifest.sha256:
        raise OperationFailed(f"{storage.address_of(name)} is damaged: its SHA-256 differs from the manifest.")
    if trust.passphrase is None or not manifest.encrypted:
        return manifest, dump
    plain = scratch / "database.dump"
    with report.step("decrypting", 1):
        await asyncio.to_thread(decrypt, dump, plain, trust.passphrase, manifest.bound())
    return manifest, plain


@asynccontextmanager
async def _administration(dsn: str) -> AsyncIterator[Connection]:
    """A connection to the maintenance database of the same server."""
    connection = await connect(with_database(dsn, MAINTENANCE))
    try:
        yield connection
    except asyncpg.InsufficientPrivilegeError as error:
        raise OperationFailed(f"The database user may not create databases ({error}); grant it CREATEDB.") from None
    finally:
        await connection.close()


@asynccontextmanager
async def _scratch_database(admin: Connection, dsn: str) -> AsyncIterator[tuple[str, str]]:
    """Name and DSN of a new empty database; dropped after the block unless it was renamed."""
    name = f"resonant_restored_{uuid4().hex[:12]}"
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        yield name, with_database(dsn, name)
    finally:
        await asyncio.shield(admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


async def _restore_and_compare(manifest: Manifest, dump: Path, dsn: str, report: Report) -> None:
    with report.step("restoring", len(manifest.tables)) as restored:
        await run_program(
            "pg_restore", dsn, "--no-owner", "--no-privileges", "--exit-on-error", "--verbose", f"--jobs={JOBS}",
            str(dump), on_line=lambda line: restored(1) if "finished item" in line and "TABLE DATA" in line else None,
        )  # fmt: skip
    connection = await connect(dsn)
    try:
        async with connection.transaction(readonly=True):
            with report.step("comparing", len(manifest.tables)) as compared:
                found = await digest_tables(connection, done=lambda table: compared(1))
    finally:
        await connection.close()
    if differences := find_differences(manifest.tables, found):
        raise OperationFailed(f"The restored database differs from the backup: {'; '.join(differences)}.")


async def verify_backup(dsn: str, storage: Storage, name: str, *, trust: Trust, report: Report) -> Manifest:
    """Restore into a temporary database on the same server and compare it with the manifest. Raises OperationFailed."""
    with TemporaryDirectory(prefix="resonant-restore-") as scratch:
        manifest, dump = await fetch_backup(storage, name, Path(scratch), trust=trust, report=report)
        async with _administration(dsn) as admin, _scratch_database(admin, dsn) as (_, target):
            await _restore_and_compare(manifest, dump, target, report)
    return manifest


async def restore_backup(
    dsn: str, storage: Storage, name: str, *, trust: Trust, replace: bool, report: Report
) -> tuple[Manifest, str | None]:
    """Replace the database by the backup; returns the manifest and the new name of the old database if it had data.

    Raises OperationFailed when the database is in use, newer than the backup, or has data and `replace` is false.
    """
    wanted = database_of(dsn)
    with TemporaryDirectory(prefix="resonant-restore-") as scratch:
        manifest, dump = await fetch_backup(storage, name, Path(scratch), trust=trust, report=report)
        _refuse_newer_than_program(manifest)
        async with _administration(dsn) as admin, _scratch_database(admin, dsn) as (fresh, target):
            has_data = await _check_replaceable(admin, dsn, wanted, manifest, replace=replace)
            await _restore_and_compare(manifest, dump, target, report)
            await _reset_history(target)
            return manifest, await _swap(admin, wanted, fresh, keep=has_data)


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
    """Adapt the event history to this server, whose transaction numbers are different; old cursors expire."""
    connection = await connect(dsn)
    try:
        async with connection.transaction():
            # Old transaction numbers may be higher than those of this server. With 0 the events keep the order of
            # their ids. A new stream id makes old cursors fail with CURSOR_EXPIRED.
            await connection.execute("UPDATE events SET xid = '0'")
            await connection.execute(
                "UPDATE event_stream SET id = gen_random_uuid(), trimmed_xid = '0', trimmed_id = 0"
            )
            await connection.execute(f"TRUNCATE {', '.join(TRANSIENT)}")
        await migrate(connection, load_migrations())
        await grant_roles(connection)  # the dump has no privileges
    finally:
        await connection.close()


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
