"""Applies sql/migrations: numbered SQL files, forward only, each in its own transaction and never changed."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from app.errors import StartError
from sql.errors import is_connection_lost
from sql.statements import Connection

DIRECTORY = Path(__file__).parents[2] / "sql/migrations"
LOCK = 0x7265736F6E616E74  # advisory lock ("resonant" in ASCII): many processes may start together

CREATE_TABLE = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    version    integer PRIMARY KEY,
    name       text NOT NULL,
    checksum   text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file `NNNN_name.sql`; the checksum is SHA-256 of its text."""

    version: int
    name: str
    sql: str = field(repr=False)

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


class MigrationError(StartError):
    """A migration failed, or the database was migrated by another version of the program."""


def load_migrations(directory: Path = DIRECTORY) -> list[Migration]:
    """All migrations in order. Raises MigrationError unless their numbers count from 1 without a gap."""
    migrations = []
    for expected, path in enumerate(sorted(directory.glob("*.sql")), start=1):
        number, _, name = path.stem.partition("_")
        if not number.isdigit() or int(number) != expected:
            raise MigrationError(f"{path.name}: the migration after {expected - 1:04} must be {expected:04}_name.sql.")
        migrations.append(Migration(expected, name, path.read_text("utf-8")))
    return migrations


async def _applied(connection: Connection) -> dict[int, str]:
    if await connection.fetchval("SELECT to_regclass('schema_migrations')") is None:
        return {}
    rows = await connection.fetch("SELECT version, checksum FROM schema_migrations")
    return {row["version"]: row["checksum"] for row in rows}


def _check_history(applied: dict[int, str], migrations: Sequence[Migration]) -> None:
    known = {migration.version: migration for migration in migrations}
    for version, checksum in sorted(applied.items()):
        if version not in known:
            raise MigrationError(
                f"The database is at schema version {max(applied)}, this program knows {len(known)}; "
                "start the newer program, or restore a backup made with this one."
            )
        if known[version].checksum != checksum:
            raise MigrationError(
                f"Migration {version:04}_{known[version].name} was changed after it was applied; "
                "put the old text back and add a new migration instead."
            )


async def migrate(connection: Connection, migrations: Sequence[Migration]) -> list[Migration]:
    """Apply the pending migrations and return them. Raises MigrationError; a failed migration changes nothing."""
    done = []
    if not await find_pending(connection, migrations):
        return []  # so that a login without the right to change the schema can start
    await connection.execute("SET statement_timeout = 0")
    # Polls for the lock, because a waiting statement would hold a snapshot open, and CREATE INDEX CONCURRENTLY in the
    # other process would wait for that.
    while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    try:
        await connection.execute(CREATE_TABLE)
        applied = await _applied(connection)
        _check_history(applied, migrations)
        for migration in migrations:
            if migration.version not in applied:
                await _apply(connection, migration)
                done.append(migration)
        await grant_roles(connection)
    finally:
        await connection.execute("SELECT pg_advisory_unlock($1)", LOCK)
    return done


async def grant_roles(connection: Connection) -> None:
    """Grant the roles of the services their rights on all current tables."""
    if await connection.fetchval("SELECT to_regproc('grant_roles')") is not None:
        await connection.execute("SELECT grant_roles()")


async def current_version(connection: Connection) -> int:
    """The number of the newest applied migration; 0 when there is none."""
    return max(await _applied(connection), default=0)


async def _apply(connection: Connection, migration: Migration) -> None:
    try:
        async with connection.transaction():
            await connection.execute(migration.sql)
            await connection.execute(
                "INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)",
                migration.version,
                migration.name,
                migration.checksum,
            )
    except asyncpg.PostgresError as error:
        if is_connection_lost(error):
            raise  # the database became unavailable; the migration itself is valid
        raise MigrationError(f"Migration {migration.version:04}_{migration.name} failed: {error}") from error


async def find_pending(connection: Connection, migrations: Sequence[Migration]) -> list[Migration]:
    """The migrations that `migrate` would apply. Raises MigrationError like `migrate`; changes nothing."""
    applied = await _applied(connection)
    _check_history(applied, migrations)
    return [migration for migration in migrations if migration.version not in applied]
