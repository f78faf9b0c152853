"""Ownership of the tables for administrators, logins that may create roles, and other logins."""

import re
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from app.database.embedded import EmbeddedDatabase
from app.database.logins import create_logins, describe_ownership, scram_verifier, settle_ownership
from app.database.migrations import Migration, load_migrations, migrate
from app.errors import StartError
from tests.logins import PASSWORD, as_login
from tests.processes import run_to_completion

OWNER_OF_TABLES = "SELECT array_agg(DISTINCT relowner::regrole::text) FROM pg_class " \
                  "WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"  # fmt: skip

LATER = """
ALTER TABLE messages ADD COLUMN mood text;
CREATE TABLE moods (user_id text);
CREATE INDEX ON moods (user_id);
CREATE OR REPLACE FUNCTION may_see(user_id text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN current_setting('resonant.user_id', true) IN (user_id, '*');
"""


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()


async def create_database_of(server: EmbeddedDatabase, login: str) -> str:
    """A database that belongs to a new login, with the extension, which only an administrator can install."""
    async with connected(server.dsn("postgres")) as admin:
        await admin.execute(f"CREATE ROLE {login}")
        await admin.execute(f"CREATE DATABASE application OWNER {login.split()[0]}")
    async with connected(server.dsn("application")) as admin:
        await admin.execute("CREATE EXTENSION vector")
    return as_login(server.dsn("application"), login.split()[0])


async def test_login_that_can_create_roles_gives_the_tables_away_and_can_still_migrate(
    untouched: EmbeddedDatabase,
) -> None:
    dsn = await create_database_of(untouched, "keeper LOGIN CREATEROLE")
    migrations = load_migrations()
    async with connected(dsn) as keeper:
        await migrate(keeper, migrations)
        assert await keeper.fetchval(OWNER_OF_TABLES) == ["resonant_owner"]
        later = Migration(len(migrations) + 1, "later", LATER)
        await migrate(keeper, [*migrations, later])
        assert await keeper.fetchval(OWNER_OF_TABLES) == ["resonant_owner"]
        assert await keeper.fetchval("SELECT relrowsecurity FROM pg_class WHERE relname = 'moods'")
        assert not await keeper.fetchval("SELECT row_security_active('messages')")
        await keeper.execute("INSERT INTO users VALUES ('ann', 'Ann', 'owner')")
        await keeper.execute("INSERT INTO conversations (user_id, title) VALUES ('ann', 't')")
        await keeper.execute("CREATE ROLE api LOGIN IN ROLE resonant_api")
    async with connected(as_login(dsn, "api")) as api:
        assert await api.fetchval("SELECT count(*) FROM conversations") == 0  # no viewer is set
        await api.execute("SELECT set_config('resonant.user_id', 'ann', false)")
        assert await api.fetchval("SELECT count(*) FROM conversations") == 1


async def test_login_that_cannot_create_roles_keeps_the_tables_until_an_administrator_helps(
    untouched: EmbeddedDatabase,
) -> None:
    dsn = await create_database_of(untouched, "plain LOGIN")
    code, said = await run_to_completion("migrate", DATABASE_URL=dsn)
    assert code == 0, said
    assert "the schema is up to date; the tables belong to plain; " in said
    async with connected(dsn) as plain:
        assert await plain.fetchval(OWNER_OF_TABLES) == ["plain"]
        await plain.execute("INSERT INTO users VALUES ('ann', 'Ann', 'owner')")
        assert "the tables belong to plain" in await describe_ownership(plain)
    advice = re.search("run `(.*;)`, then", said)
    assert advice, said
    async with connected(untouched.dsn("application")) as admin:
        await admin.execute(advice[1])
    code, said = await run_to_completion("migrate", DATABASE_URL=dsn)
    assert (code, "the tables belong to resonant_owner" in said) == (0, True), said
    async with connected(dsn) as plain:
        assert await plain.fetchval(OWNER_OF_TABLES) == ["resonant_owner"]
        assert await plain.fetchval("SELECT count(*) FROM users") == 1
        assert await plain.fetchval("SELECT has_table_privilege('resonant_bridge', 'intents', 'UPDATE')")


async def test_objects_of_other_owners_are_not_changed(database_url: str) -> None:
    async with connected(database_url) as admin:
        await admin.execute("CREATE ROLE neighbour")
        try:
            await admin.execute("CREATE TABLE theirs (user_id text)")
            await admin.execute("ALTER TABLE theirs OWNER TO neighbour")
            assert await settle_ownership(database_url) == "the tables belong to resonant_owner"
            kept = "SELECT relowner::regrole::text, relrowsecurity FROM pg_class WHERE relname = 'theirs'"
            assert tuple(await admin.fetchrow(kept)) == ("neighbour", False)
            assert not await admin.fetchval("SELECT has_table_privilege('resonant_api', 'theirs', 'SELECT')")
        finally:
            await admin.execute("DROP OWNED BY neighbour; DROP ROLE neighbour")


async def test_migrate_creates_service_logins_and_changes_their_passwords(
    untouched: EmbeddedDatabase,
) -> None:
    dsn = untouched.dsn("resonant")
    wanted = {"DATABASE_API_URL": as_login(dsn, "backend"), "DATABASE_BRIDGE_URL": as_login(dsn, "bridges")}
    for _ in range(2):
        code, said = await run_to_completion("migrate", DATABASE_URL=dsn, **wanted)
        assert (code, "✓ login backend" in said, "✓ login bridges" in said) == (0, True, True), said
        assert PASSWORD not in said
    async with connected(dsn) as admin:
        roles = await admin.fetch(
            "SELECT member::regrole::text, roleid::regrole::text FROM pg_auth_members WHERE member::regrole::text "
            "IN ('backend', 'bridges') ORDER BY 1"
        )
        assert [tuple(role) for role in roles] == [("backend", "resonant_api"), ("bridges", "resonant_bridge")]
        kept = await admin.fetchval("SELECT rolpassword FROM pg_authid WHERE rolname = 'backend'")
        assert kept == scram_verifier(PASSWORD, b64decode(kept.split(":")[1].split("$")[0]))
        await admin.execute(f"CREATE ROLE by_postgres PASSWORD '{PASSWORD}'")
        kept = await admin.fetchval("SELECT rolpassword FROM pg_authid WHERE rolname = 'by_postgres'")
        assert kept == scram_verifier(PASSWORD, b64decode(kept.split(":")[1].split("$")[0]))
    async with connected(wanted["DATABASE_API_URL"]) as backend:
        assert await backend.fetchval("SELECT row_security_active('messages')")


async def test_a_second_installation_on_the_server_takes_no_login_and_reads_nothing(
    untouched: EmbeddedDatabase,
) -> None:
    first, second = untouched.dsn("resonant"), untouched.dsn("second")
    async with connected(untouched.dsn("postgres")) as admin:
        await admin.execute("CREATE DATABASE second")
    backend = {"DATABASE_API_URL": as_login(first, "backend")}
    code, said = await run_to_completion("migrate", DATABASE_URL=first, **backend)
    assert code == 0, said
    taken = {"DATABASE_API_URL": as_login(second, "backend").replace(PASSWORD, "other")}
    code, said = await run_to_completion("migrate", DATABASE_URL=second, **taken)
    assert (code, "belongs to the installation in the database resonant" in said) == (1, True), said
    async with connected(backend["DATABASE_API_URL"]) as kept:
        assert await kept.fetchval("SELECT 1") == 1
    other = {"DATABASE_API_URL": as_login(second, "other_backend")}
    code, said = await run_to_completion("migrate", DATABASE_URL=second, **other)
    assert code == 0, said
    for login, database in (("backend", second), ("other_backend", first)):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for database"):
            await asyncpg.connect(as_login(database, login))


async def test_login_that_may_not_grant_the_role_of_another_installation_says_what_to_run(
    untouched: EmbeddedDatabase,
) -> None:
    dsn = untouched.dsn("resonant")
    code, said = await run_to_completion("migrate", DATABASE_URL=dsn)
    assert code == 0, said
    owner = await create_database_of(untouched, "keeper LOGIN CREATEROLE")
    wanted = {"DATABASE_API_URL": as_login(owner, "backend")}
    code, said = await run_to_completion("migrate", DATABASE_URL=owner, **wanted)
    assert (code, "Traceback" in said, PASSWORD in said) == (1, False, False), said
    assert "may not run `GRANT resonant_api TO backend`" in said
    async with connected(dsn) as admin:
        await admin.execute(f"CREATE ROLE backend LOGIN PASSWORD '{PASSWORD}'; GRANT resonant_api TO backend")
        await admin.execute("GRANT backend TO keeper WITH ADMIN OPTION")
    code, said = await run_to_completion("migrate", DATABASE_URL=owner, **wanted)
    assert (code, "✓ login backend" in said) == (0, True), said


@pytest.mark.parametrize(
    ("address", "complaint"),
    [
        ("postgresql://postgres:x@db/database", "owns the tables"),
        ("postgresql://backend@db/database", "needs a name and an ASCII password"),
        ("postgresql://db/database", "needs a name and an ASCII password"),
        ("postgresql://backend:%E5%90%88@db/database", "an ASCII password"),
    ],
)
async def test_invalid_service_login_is_refused(database_url: str, address: str, complaint: str) -> None:
    with pytest.raises(StartError, match=complaint):
        await create_logins(database_url, {"resonant_api": address})
