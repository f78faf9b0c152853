"""A login for each service: what it may do, what it may not, and the wall behind the WHERE of every statement."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import pytest

from sql.pool import working_for
from tests.identity.conftest import VIEWER, House, ask, open_house
from tests.identity.matrix import ROWS, document, give_things, leaks, root_fields, variables
from tests.identity.test_connections import following
from tests.patience import PATIENCE

PASSWORD = "made-for-a-test"
DOORS = ("credentials", "setup_codes", "sign_in_attempts", "security_events")
Login = Callable[[str], Awaitable[str]]


@pytest.fixture
async def login(database_url: str) -> AsyncIterator[Login]:
    """Makes a login in a role, and gives the address with which it connects."""
    admin = await asyncpg.connect(database_url)
    made: list[str] = []

    async def make(role: str) -> str:
        name = f"login_{uuid4().hex}"
        await admin.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}' IN ROLE {role}")
        made.append(name)
        parts = urlsplit(database_url)
        place = parts.netloc.rpartition("@")[2]
        return urlunsplit(parts._replace(netloc=f"{name}:{PASSWORD}@{place}"))

    yield make
    for name in made:
        await admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1", name)
        await admin.execute(f"DROP ROLE {name}")
    await admin.close()


@asynccontextmanager
async def connected(address: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(address)
    try:
        yield connection
    finally:
        await connection.close()


async def may(connection: Any, statement: str) -> bool:
    """Whether the statement is allowed; whatever it does is undone."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(statement)
    except asyncpg.InsufficientPrivilegeError:
        return False
    finally:
        await transaction.rollback()
    return True


async def test_neither_role_owns_anything_or_changes_the_schema(login: Login) -> None:
    for role in ("resonant_api", "resonant_bridge"):
        async with connected(await login(role)) as connection:
            owned = "SELECT count(*) FROM pg_class WHERE pg_has_role(relowner, 'USAGE')"
            assert await connection.fetchval(owned) == 0
            for statement in (
                "CREATE TABLE mine (id int)", "ALTER TABLE messages ADD COLUMN x int", "DROP TABLE messages",
                "TRUNCATE messages", "ALTER TABLE messages DISABLE ROW LEVEL SECURITY",
                "DROP POLICY own_rows ON messages", "ALTER TABLE messages DISABLE TRIGGER ALL", "CREATE SCHEMA mine",
                "CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1", "SET ROLE resonant_owner",
                "INSERT INTO schema_migrations VALUES (99, 'x', 'x')",
                "COPY messages TO PROGRAM 'cat'", "SELECT pg_read_file('postgresql.conf')",
            ):  # fmt: skip
                assert not await may(connection, statement), (role, statement)


async def test_a_bridge_knows_nothing_of_how_people_come_in(login: Login) -> None:
    async with connected(await login("resonant_bridge")) as bridge:
        for table in DOORS:
            assert not await may(bridge, f"SELECT FROM {table}"), table
        for statement in ("SELECT password_hash FROM users", "SELECT * FROM users", "UPDATE users SET role = 'owner'",
                          "INSERT INTO users VALUES ('x', 'x', 'owner')", "DELETE FROM users"):  # fmt: skip
            assert not await may(bridge, statement), statement
        assert await may(bridge, "SELECT id, display_name, role FROM users")


async def test_the_backend_changes_no_audit_trail_and_deletes_no_users(login: Login) -> None:
    async with connected(await login("resonant_api")) as api:
        for statement in ("DELETE FROM security_events", "UPDATE security_events SET actor = 'x'", "DELETE FROM users",
                          "UPDATE bridge_heartbeats SET seen_at = now()"):  # fmt: skip
            assert not await may(api, statement), statement


async def test_every_table_with_a_user_is_behind_the_wall(database_url: str) -> None:
    async with connected(database_url) as connection:
        rows = await connection.fetch(
            "SELECT c.relname FROM pg_class AS c "
            "JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'user_id' "
            "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND NOT c.relrowsecurity"
        )
    assert {row["relname"] for row in rows} == {"credentials", "security_events"}


async def test_a_statement_that_forgot_its_filter_still_sees_one_users_rows(database_url: str, login: Login) -> None:
    async with connected(database_url) as owner:
        for user in ("ann", "bob"):
            await owner.execute("INSERT INTO users VALUES ($1, $1, 'member')", user)
            await give_things(owner, user)
    async with connected(await login("resonant_api")) as api:
        assert await api.fetchval("SELECT count(*) FROM messages") == 0  # nobody was named
        await api.execute("SELECT set_config('resonant.user_id', 'bob', false)")
        for table in ("messages", "intents", "conversations", "notifications", "events", "specifications"):
            users = await api.fetchval(f"SELECT array_agg(DISTINCT user_id) FROM {table}")  # noqa: S608
            assert users == ["bob"], table
        assert await api.execute("UPDATE messages SET content = 'x'") == "UPDATE 2"
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            await api.execute("UPDATE messages SET user_id = 'ann'")
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            await api.execute("INSERT INTO conversations (user_id, title) VALUES ('ann', 'x')")


async def test_the_backend_works_as_ever_behind_the_wall(database_url: str, login: Login) -> None:
    async with open_house(await login("resonant_api")) as house, connected(database_url) as owner:
        ids = {}
        for name in ("ann", "bob"):
            await house.person(name)
            ids[name] = await give_things(owner, name)
        bob = await house.signed_in("bob")
        assert (await ask(bob, VIEWER))["data"]["viewer"]["id"] == "bob"
        for name in [*root_fields("query"), *root_fields("mutation")]:
            if name not in ROWS or ROWS[name].own or ROWS[name].member or ROWS[name].open_to_anyone:
                continue
            if name.startswith("Mutation"):
                ids["bob"] = await give_things(owner, "bob")
            answer = await ask(bob, document(name), **variables(name, ids["bob"]))
            assert "errors" not in answer, (name, answer)
            foreign = await ask(bob, document(name), **variables(name, ids["ann"]))
            assert leaks(str(foreign), variables(name, ids["ann"]), "ann", ids["ann"]) == []
        await _a_subscription_hears_of_ones_own(house)


async def _a_subscription_hears_of_ones_own(house: House) -> None:
    async with house.socket(await house.token("bob")) as socket:
        async with asyncio.timeout(PATIENCE):
            await following(house, socket, "bob")


async def test_who_works_for_whom_is_forgotten_with_the_connection(database_url: str, login: Login) -> None:
    async with open_house(await login("resonant_api")) as house, connected(database_url) as owner:
        for user in ("ann", "bob"):
            await house.person(user)
            await give_things(owner, user)
        database = house.services.database

        async def seen_by(user: str) -> Any:
            working_for.set(user)
            async with database.connection() as connection:
                return await connection.fetchval("SELECT array_agg(DISTINCT user_id) FROM messages")

        seen = await asyncio.gather(*(seen_by(user) for user in ("ann", "bob") * 50))
        assert seen == [["ann"], ["bob"]] * 50
