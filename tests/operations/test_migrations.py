"""Migrations: every earlier state is migrated to the same schema, once, also when many processes start together."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from uuid import uuid4

import asyncpg
import pytest

from app.commands.generate import SCHEMA, dump_schema
from app.database.embedded import EmbeddedDatabase, binaries
from app.database.migrations import Migration, MigrationError, find_pending, load_migrations, migrate
from tests.conftest import create_database, drop_database

ALL = load_migrations()
EmptyDatabase = Callable[[], Awaitable[str]]


@pytest.fixture
async def empty_database(server: EmbeddedDatabase) -> AsyncIterator[EmptyDatabase]:
    names: list[str] = []

    async def make() -> str:
        names.append(f"empty_{uuid4().hex}")
        return await create_database(server, names[-1])

    yield make
    for name in names:
        await drop_database(server, name)


async def apply(dsn: str, migrations: list[Migration]) -> list[int]:
    connection = await asyncpg.connect(dsn)
    try:
        return [migration.version for migration in await migrate(connection, migrations)]
    finally:
        await connection.close()


def structure(dsn: str) -> list[str]:
    """The schema as pg_dump writes it, with owners and grants, without what differs from run to run."""
    dump = subprocess.run(
        [binaries() / "pg_dump", "--schema-only", dsn], check=True, capture_output=True, text=True
    ).stdout
    return [line for line in dump.splitlines() if not line.startswith(("\\restrict", "\\unrestrict", "--"))]


async def test_every_earlier_state_ends_in_the_same_database(empty_database: EmptyDatabase) -> None:
    fresh = await empty_database()
    assert await apply(fresh, ALL) == [migration.version for migration in ALL]
    for earlier in range(1, len(ALL)):
        dsn = await empty_database()
        await apply(dsn, ALL[:earlier])
        assert await apply(dsn, ALL) == [migration.version for migration in ALL[earlier:]]
        assert structure(dsn) == structure(fresh)


def test_schema_sql_is_the_schema_of_a_migrated_database(database_url: str) -> None:
    assert dump_schema(database_url) == SCHEMA.read_text(), "run `python -m app schema --sql`"


async def test_a_second_run_changes_nothing(empty_database: EmptyDatabase) -> None:
    dsn = await empty_database()
    await apply(dsn, ALL)
    assert await apply(dsn, ALL) == []


async def test_processes_that_start_together_migrate_once(empty_database: EmptyDatabase) -> None:
    dsn = await empty_database()
    applied = await asyncio.gather(*(apply(dsn, ALL) for _ in range(8)))
    assert sorted(version for versions in applied for version in versions) == [each.version for each in ALL]


async def test_a_migration_that_was_changed_afterwards_is_refused(empty_database: EmptyDatabase) -> None:
    dsn = await empty_database()
    await apply(dsn, ALL)
    with pytest.raises(MigrationError, match="0001_users_and_identity was changed"):
        await apply(dsn, [replace(ALL[0], sql=ALL[0].sql + " "), *ALL[1:]])


async def test_a_database_of_a_newer_program_is_refused(empty_database: EmptyDatabase) -> None:
    dsn = await empty_database()
    await apply(dsn, ALL)
    with pytest.raises(MigrationError, match="start the newer program"):
        await apply(dsn, ALL[:-1])


async def test_a_failed_migration_changes_nothing(empty_database: EmptyDatabase) -> None:
    dsn = await empty_database()
    broken = Migration(1, "broken", "CREATE TABLE half_done (id int); SELECT 1 / 0;")
    with pytest.raises(MigrationError, match="0001_broken failed"):
        await apply(dsn, [broken])
    connection = await asyncpg.connect(dsn)
    assert await connection.fetchval("SELECT to_regclass('half_done')") is None
    assert [each.version for each in await find_pending(connection, ALL)] == [each.version for each in ALL]
    await connection.close()
