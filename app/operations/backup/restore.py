"""Restoring: always into a new database, which takes the old one's place only when it has been compared."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import asyncpg

from app.database.connect import connect
from app.database.migrations import current_version, grant_roles, load_migrations, migrate
from app.operations.backup.checksums import TRANSIENT, digest_tables, find_differences, list_tables
from app.operations.backup.create import sha256_of
from app.operations.backup.encryption import decrypt
from app.operations.backup.failure import BackupFailed
from app.operations.backup.manifest import Manifest, decode_manifest, manifest_name, moment_of
from app.operations.backup.pg_tools import run_program, with_database
from app.operations.backup.storage import Place, place_for, split_address
from app.operations.progress import Report
from sql.statements import Connection

MAINTENANCE = "postgres"
JOBS = 2
# What even a database that nobody has used yet holds.
BOOKKEEPING = ("schema_migrations", "event_stream", "users", "embedding_models")


def database_of(dsn: str) -> str:
    return unquote(urlsplit(dsn).path.lstrip("/")) or "postgres"


def find_backup(address: str) -> tuple[Place, str]:
    """The place and name of one backup; of a directory or prefix it is the newest one."""
    whole = place_for(address)
    names = set() if moment_of(split_address(address)[1]) else set(whole.names())
    backups = [name for name in names if moment_of(name) and manifest_name(name) in names]
    if backups:
        return whole, max(backups)
    place, name = split_address(address)
    if moment_of(name) is None:
        raise BackupFailed(f"{address} is neither a backup (resonant-TIME.dump) nor a place with one.")
    return place_for(place), name


async def fetch_backup(
    place: Place, name: str, scratch: Path, *, passphrase: str | None, report: Report
) -> tuple[Manifest, Path]:
    """The manifest and the plain dump, both checked. Raises BackupFailed."""
    beside, dump = scratch / "manifest.json", scratch / name
    try:
        await asyncio.to_thread(place.fetch, manifest_name(name), beside, lambda count: None)
    except BackupFailed as failure:
        raise BackupFailed(f"{failure} A backup is two files; {manifest_name(name)} belongs beside the dump.") from None
    manifest = decode_manifest(beside.read_bytes())
    with report.step("fetching", manifest.size) as fetched:
        await asyncio.to_thread(place.fetch, name, dump, fetched)
    if await asyncio.to_thread(sha256_of, dump) != manifest.sha256:
        raise BackupFailed(f"{place.shown(name)} is damaged: its SHA-256 is not the one it was made with.")
    if not manifest.encrypted:
        return manifest, dump
    if passphrase is None:
        raise BackupFailed(f"{name} is encrypted; set BACKUP_PASSPHRASE to the passphrase it was made with.")
    plain = scratch / "database.dump"
    with report.step("decrypting", 1):
        await asyncio.to_thread(decrypt, dump, plain, passphrase)
    return manifest, plain


@asynccontextmanager
async def _administration(dsn: str) -> AsyncIterator[Connection]:
    connection = await connect(with_database(dsn, MAINTENANCE))
    try:
        yield connection
    except asyncpg.InsufficientPrivilegeError as error:
        raise BackupFailed(f"The database's user may not make databases ({error}); give it CREATEDB.") from None
    finally:
        await connection.close()


@asynccontextmanager
async def _scratch_database(admin: Connection, dsn: str) -> AsyncIterator[tuple[str, str]]:
    """Name and address of an empty database; dropped at the end when it still has that name."""
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
            str(dump), heard=lambda line: restored(1) if "finished item" in line and "TABLE DATA" in line else None,
        )  # fmt: skip
    connection = await connect(dsn)
    try:
        async with connection.transaction(readonly=True):
            with report.step("comparing", len(manifest.tables)) as compared:
                found = await digest_tables(connection, done=lambda table: compared(1))
    finally:
        await connection.close()
    if differences := find_differences(manifest.tables, found):
        raise BackupFailed(f"What was restored is not what was backed up: {'; '.join(differences)}.")


async def verify_backup(dsn: str, place: Place, name: str, *, passphrase: str | None, report: Report) -> Manifest:
    """Restore into a scratch database on the same server and compare. Raises BackupFailed."""
    with TemporaryDirectory(prefix="resonant-restore-") as scratch:
        manifest, dump = await fetch_backup(place, name, Path(scratch), passphrase=passphrase, report=report)
        async with _administration(dsn) as admin, _scratch_database(admin, dsn) as (_, target):
            await _restore_and_compare(manifest, dump, target, report)
    return manifest


async def restore_backup(
    dsn: str, place: Place, name: str, *, passphrase: str | None, replace: bool, report: Report
) -> tuple[Manifest, str | None]:
    """Put the backup in the database's place; the manifest, and the name under which the old data is kept, if any.

    Raises BackupFailed when the database is in use, newer than the backup, or holds data and `replace` is false.
    """
    wanted = database_of(dsn)
    with TemporaryDirectory(prefix="resonant-restore-") as scratch:
        manifest, dump = await fetch_backup(place, name, Path(scratch), passphrase=passphrase, report=report)
        _refuse_newer_than_program(manifest)
        async with _administration(dsn) as admin, _scratch_database(admin, dsn) as (fresh, target):
            holds_data = await _check_replaceable(admin, dsn, wanted, manifest, replace=replace)
            await _restore_and_compare(manifest, dump, target, report)
            await _begin_anew(target)
            return manifest, await _swap(admin, wanted, fresh, keep=holds_data)


def _refuse_newer_than_program(manifest: Manifest) -> None:
    known = len(load_migrations())
    if manifest.schema_version > known:
        raise BackupFailed(
            f"The backup has schema version {manifest.schema_version}, this program knows {known}; "
            "restore it with the newer program."
        )


async def _check_replaceable(admin: Connection, dsn: str, wanted: str, manifest: Manifest, *, replace: bool) -> bool:
    """Whether the database that is there holds data, which has to be kept."""
    if not await admin.fetchval("SELECT count(*) FROM pg_database WHERE datname = $1", wanted):
        return False
    await _refuse_sessions(admin, wanted)
    connection = await connect(dsn)
    try:
        version = await current_version(connection)
        tables = [table for table in await list_tables(connection) if table not in BOOKKEEPING]
        holds_data = [t for t in tables if await connection.fetchval(f"SELECT EXISTS (SELECT FROM {t})")]  # noqa: S608
    finally:
        await connection.close()
    if version > manifest.schema_version:
        raise BackupFailed(
            f"The database is newer (schema version {version}) than the backup ({manifest.schema_version}); "
            "what it has learnt since would be lost. Restore into a new database and bring that up to date."
        )
    if holds_data and not replace:
        raise BackupFailed(
            f"The database {wanted} holds data ({', '.join(holds_data[:3])}, ...); "
            "with --replace the backup takes its place, and the old data is kept under another name."
        )
    return bool(holds_data)


async def _refuse_sessions(admin: Connection, wanted: str) -> None:
    rows = await admin.fetch(
        "SELECT DISTINCT coalesce(nullif(application_name, ''), usename::text) FROM pg_stat_activity "
        "WHERE datname = $1 AND backend_type = 'client backend'",
        wanted,
    )
    if rows:
        who = ", ".join(sorted(row[0] for row in rows))
        raise BackupFailed(f"The database {wanted} is in use by {who}; stop them, then restore.")


async def _begin_anew(dsn: str) -> None:
    """Make the restored database one that goes on: transactions are counted anew here, and so are cursors."""
    connection = await connect(dsn)
    try:
        async with connection.transaction():
            # Old transaction numbers may lie ahead of this server's: below all of them, events keep the order of
            # their ids. Who holds an old cursor is told that it has expired, because the stream is another one.
            await connection.execute("UPDATE events SET xid = '0'")
            await connection.execute(
                "UPDATE event_stream SET id = gen_random_uuid(), trimmed_xid = '0', trimmed_id = 0"
            )
            # TRANSIENT tables came without their rows.
            await connection.execute(f"TRUNCATE {', '.join(TRANSIENT)}")
        await migrate(connection, load_migrations())
        await grant_roles(connection)  # a dump carries no privileges
    finally:
        await connection.close()


async def _swap(admin: Connection, wanted: str, fresh: str, *, keep: bool) -> str | None:
    """Rename both databases, or neither; the old one's new name when it is kept."""
    old = f"{wanted}_before_{datetime.now(UTC):%Y%m%d_%H%M%S}"
    exists = await admin.fetchval("SELECT count(*) FROM pg_database WHERE datname = $1", wanted)
    quoted = await admin.fetchrow("SELECT quote_ident($1), quote_ident($2)", wanted, old)
    try:
        async with admin.transaction():
            if exists:
                await admin.execute(f"ALTER DATABASE {quoted[0]} RENAME TO {quoted[1]}")  # type: ignore[index]
            await admin.execute(f"ALTER DATABASE {fresh} RENAME TO {quoted[0]}")  # type: ignore[index]
    except asyncpg.ObjectInUseError:
        raise BackupFailed(
            f"Somebody began to use {wanted} meanwhile; nothing was changed. Stop them, then restore."
        ) from None
    if exists and not keep:
        await admin.execute(f"DROP DATABASE {quoted[1]}")  # type: ignore[index]
    return old if exists and keep else None
