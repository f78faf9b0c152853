"""The database roles of the services: privileges, and row-level security in addition to the WHERE clauses."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from sql.pool import ALL_USERS, current_user, unscoped
from tests.identity.conftest import VIEWER, Backend, ask, run_backend
from tests.identity.matrix import ROWS, document, insert_rows, leaks, root_fields, variables
from tests.identity.test_websockets import subscribe_until_live
from tests.logins import Login, logins
from tests.timeouts import TIMEOUT

IDENTITY_TABLES = ("credentials", "setup_codes", "sign_in_attempts", "security_events", "invitations")
# They run as the owner of the tables.
DEFINED_BY_OWNER = (
    "accept_invitation", "archive_scopes", "collect_trash", "create_model_index", "delete_context",
    "delete_notifications_of_project", "delete_outdated_ratings", "delete_search_entry", "delete_search_statistics",
    "delete_transitions",
    "drop_model_index", "free_slug", "insert_default_project", "insert_first_member", "insert_scope_of_user",
    "keep_trash_of_project", "may_write", "move_notifications", "move_to_trash", "mute_project", "record_member",
    "record_term_changes", "restore_from_trash", "return_trash_of_project", "scope_exists", "set_member_role",
    "set_withheld", "settle_notifications", "visible_scopes", "writable_scopes", "write_scopes_of_member",
)  # fmt: skip


@pytest.fixture
async def login(database_url: str) -> AsyncIterator[Login]:
    async with logins(database_url) as make:
        yield make


@asynccontextmanager
async def connected(address: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(address)
    try:
        yield connection
    finally:
        await connection.close()


async def is_allowed(connection: Any, statement: str) -> bool:
    """Whether the statement is allowed; its changes are rolled back."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(statement)
    except asyncpg.InsufficientPrivilegeError:
        return False
    finally:
        await transaction.rollback()
    return True


async def test_all_objects_belong_to_a_role_without_login(database_url: str) -> None:
    owners = """
        SELECT relowner::regrole::text FROM pg_class AS c WHERE relnamespace = 'public'::regnamespace
            AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'e')
        UNION SELECT proowner::regrole::text FROM pg_proc AS p WHERE pronamespace = 'public'::regnamespace
            AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')
    """
    async with connected(database_url) as admin:
        assert [row[0] for row in await admin.fetch(owners)] == ["resonant_owner"]
        assert not await admin.fetchval("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'resonant_owner'")


async def test_service_roles_own_nothing_and_cannot_change_the_schema(login: Login) -> None:
    for role in ("resonant_api", "resonant_bridge"):
        async with connected(await login(role)) as connection:
            owned = "SELECT count(*) FROM pg_class WHERE pg_has_role(relowner, 'USAGE')"
            assert await connection.fetchval(owned) == 0
            for statement in (
                "CREATE TABLE mine (id int)", "ALTER TABLE messages ADD COLUMN x int", "DROP TABLE messages",
                "TRUNCATE messages", "ALTER TABLE messages DISABLE ROW LEVEL SECURITY",
                "DROP POLICY visible_rows ON messages", "ALTER TABLE messages DISABLE TRIGGER ALL",
                "CREATE SCHEMA mine", "CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1",
                "SET ROLE resonant_owner",
                "INSERT INTO schema_migrations VALUES (99, 'x', 'x')",
                "COPY messages TO PROGRAM 'cat'", "SELECT pg_read_file('postgresql.conf')",
            ):  # fmt: skip
                assert not await is_allowed(connection, statement), (role, statement)


async def test_bridge_cannot_read_credentials(login: Login) -> None:
    async with connected(await login("resonant_bridge")) as bridge:
        for table in IDENTITY_TABLES:
            assert not await is_allowed(bridge, f"SELECT FROM {table}"), table
        for statement in ("SELECT password_hash FROM users", "SELECT * FROM users", "UPDATE users SET role = 'owner'",
                          "INSERT INTO users VALUES ('x', 'x', 'owner')", "DELETE FROM users"):  # fmt: skip
            assert not await is_allowed(bridge, statement), statement
        assert await is_allowed(bridge, "SELECT id, display_name, role FROM users")


async def test_security_definer_functions_have_a_fixed_search_path_and_serve_bridges_only(
    database_url: str, login: Login
) -> None:
    async with connected(await login("resonant_api")) as api:
        assert not await is_allowed(api, "SELECT create_model_index(1::smallint)")
        assert not await is_allowed(api, "SELECT drop_model_index(1::smallint)")
    async with connected(await login("resonant_bridge")) as bridge:
        await bridge.execute("INSERT INTO embedding_models (name, dimension) VALUES ('m', 8)")
        await bridge.execute("CREATE TEMP TABLE embeddings (model_id int, by_index bool, embedding halfvec)")
        await bridge.execute("SELECT create_model_index(id) FROM embedding_models")
        table = "SELECT indrelid::regclass::text FROM pg_index WHERE indexrelid = 'embeddings_of_model_1'::regclass"
        assert await bridge.fetchval(table) == "public.embeddings"
    async with connected(database_url) as admin:
        rows = await admin.fetch("SELECT proname, proconfig FROM pg_proc WHERE prosecdef")
    assert {row["proname"]: row["proconfig"] for row in rows} == {
        **{name: ["search_path=public, pg_temp"] for name in DEFINED_BY_OWNER},
        "subjects_with_keys": None,  # its names were resolved at creation
    }


async def test_backend_cannot_change_the_audit_trail_or_delete_users(login: Login) -> None:
    async with connected(await login("resonant_api")) as api:
        for statement in ("DELETE FROM security_events", "UPDATE security_events SET actor = 'x'", "DELETE FROM users",
                          "UPDATE bridge_heartbeats SET seen_at = now()"):  # fmt: skip
            assert not await is_allowed(api, statement), statement


async def test_every_table_with_a_user_has_row_level_security(database_url: str) -> None:
    async with connected(database_url) as connection:
        rows = await connection.fetch(
            "SELECT c.relname FROM pg_class AS c "
            "JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'user_id' "
            "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND NOT c.relrowsecurity"
        )
    assert {row["relname"] for row in rows} == {"credentials", "security_events", "invitations"}


async def test_functions_of_the_owner_delete_and_restore_only_what_the_user_may_change(
    database_url: str, login: Login
) -> None:
    async with connected(database_url) as owner:
        ids = {}
        for user in ("ann", "bob"):
            await owner.execute("INSERT INTO users VALUES ($1, $1, 'member')", user)
            ids[user] = await insert_rows(owner, user)
        entries = dict(await owner.fetch("SELECT user_id, id FROM trash"))
    async with connected(await login("resonant_api")) as api:
        for user, may in (("", False), ("bob", False), ("ann", True)):
            await api.execute("SELECT set_config('resonant.user_id', $1, false)", user)
            for kind in ("conversation", "decision", "project"):
                moved = await api.fetchval("SELECT move_to_trash('ann', $1, $2)", kind, ids["ann"][kind])
                assert moved is may, (user, kind)
            restore = api.execute("SELECT restore_from_trash($1, 'ann')", entries["ann"])
            if may:
                await restore
            else:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await restore


async def test_secrets_of_webhooks_in_the_trash_are_hidden_from_the_backend_and_restored(
    database_url: str, login: Login
) -> None:
    secrets = "SELECT s.webhook_id, s.secret, s.expires_at IS NULL AS current FROM webhook_secrets AS s ORDER BY s.id"
    async with connected(database_url) as owner:
        await owner.execute("INSERT INTO users VALUES ('ann', 'ann', 'member')")
        project = (await insert_rows(owner, "ann"))["project"]
        await owner.execute(
            "WITH w AS (INSERT INTO webhooks (project_id, user_id, url) VALUES ($1, 'ann', 'https://a.example') "
            "RETURNING id) INSERT INTO webhook_secrets (webhook_id, secret, expires_at) "
            "SELECT id, s, e::timestamptz FROM w, "
            "(VALUES ('whsec_old', '2100-01-01'), ('whsec_new', NULL)) AS v (s, e)",
            project,
        )
        before = await owner.fetch(secrets)
        async with connected(await login("resonant_api")) as api:
            await api.execute("SELECT set_config('resonant.user_id', 'ann', false)")
            assert await api.fetchval("SELECT move_to_trash('ann', 'project', $1)", project)
            entry = await api.fetchval("SELECT id FROM trash WHERE record_id = $1", project)
            stored = "SELECT count(*) FROM trash_rows WHERE table_name = 'webhook_secrets'"
            assert await owner.fetchval(stored) >= 2
            assert await api.fetchval("SELECT count(*) FROM trash_rows WHERE table_name = 'webhooks'") >= 1
            assert await api.fetch("SELECT content FROM trash_rows WHERE content::text LIKE '%whsec%'") == []
            for statement in ("UPDATE trash_rows SET table_name = 'webhooks' WHERE table_name = 'webhook_secrets'",
                              "UPDATE trash_rows SET record_id = uuidv7() WHERE content ? 'secret'",
                              "DELETE FROM trash_rows WHERE content ? 'secret'"):  # fmt: skip
                assert (await api.execute(statement)).endswith(" 0"), statement
            assert not await is_allowed(
                api, "INSERT INTO trash_rows (entry_id, user_id, table_name, record_id, content) "  # noqa: S608
                f"VALUES ('{entry}', 'ann', 'webhook_secrets', uuidv7(), '{{}}')",
            )  # fmt: skip
            await api.execute("SELECT restore_from_trash($1, 'ann')", entry)
            assert not await is_allowed(api, "SELECT secret FROM webhook_secrets")
        assert await owner.fetch(secrets) == before
        assert await owner.fetchval("SELECT count(*) FROM trash_rows WHERE content ? 'secret'") == 0


async def test_bridge_empties_a_trash_that_has_secrets_of_webhooks(database_url: str, login: Login) -> None:
    async with connected(database_url) as owner:
        await owner.execute("INSERT INTO users VALUES ('ann', 'ann', 'member')")
        project = (await insert_rows(owner, "ann"))["project"]
        await owner.execute(
            "WITH w AS (INSERT INTO webhooks (project_id, user_id, url) VALUES ($1, 'ann', 'https://a.example') "
            "RETURNING id) INSERT INTO webhook_secrets (webhook_id, secret) SELECT id, 'whsec_x' FROM w",
            project,
        )
        assert await owner.fetchval("SELECT move_to_trash('ann', 'project', $1)", project)
        async with connected(await login("resonant_bridge")) as bridge:
            await bridge.execute("SELECT set_config('resonant.user_id', '*', false)")
            await bridge.execute("DELETE FROM trash")
        assert await owner.fetchval("SELECT count(*) FROM trash_rows") == 0


async def test_statement_without_a_filter_sees_rows_of_one_user_only(database_url: str, login: Login) -> None:
    async with connected(database_url) as owner:
        for user in ("ann", "bob"):
            await owner.execute("INSERT INTO users VALUES ($1, $1, 'member')", user)
            await insert_rows(owner, user)
        project, scope = await owner.fetchrow("SELECT project_id, scope_id FROM conversations WHERE user_id = 'ann'")
    async with connected(await login("resonant_api")) as api:
        assert await api.fetchval("SELECT count(*) FROM messages") == 0  # no user is set
        await api.execute("SELECT set_config('resonant.user_id', 'bob', false)")
        for table in ("messages", "intents", "conversations", "notifications", "events", "specifications"):
            users = await api.fetchval(f"SELECT array_agg(DISTINCT user_id) FROM {table}")  # noqa: S608
            assert users == ["bob"], table
        assert await api.execute("UPDATE messages SET content = 'x'") == "UPDATE 2"
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            await api.execute("UPDATE messages SET scope_id = $1", scope)
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            await api.execute("UPDATE specifications SET project_id = $1", project)
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            await api.execute(
                "INSERT INTO conversations (user_id, project_id, title, visibility) VALUES ('ann', $1, 'x', 'project')",
                project,
            )


async def test_backend_works_with_row_level_security(database_url: str, login: Login) -> None:
    async with run_backend(await login("resonant_api")) as backend, connected(database_url) as owner:
        ids = {}
        for name in ("ann", "bob"):
            await backend.add_user(name)
            ids[name] = await insert_rows(owner, name)
        await backend.add_user("oli")  # to be made a member
        bob = await backend.sign_in("bob")
        assert (await ask(bob, VIEWER))["data"]["viewer"]["id"] == "bob"
        for name in [*root_fields("query"), *root_fields("mutation")]:
            if name not in ROWS or ROWS[name].own or ROWS[name].member or ROWS[name].public:
                continue
            if name.startswith("Mutation"):
                ids["bob"] = await insert_rows(owner, "bob")
            answer = await ask(bob, document(name), **variables(name, ids["bob"]))
            assert "errors" not in answer, (name, answer)
            foreign = await ask(bob, document(name), **variables(name, ids["ann"]))
            assert leaks(str(foreign), variables(name, ids["ann"]), "ann", ids["ann"]) == []
        await _receives_own_events(backend)


async def _receives_own_events(backend: Backend) -> None:
    async with backend.socket(await backend.token("bob")) as socket:
        async with asyncio.timeout(TIMEOUT):
            await subscribe_until_live(backend, socket, "bob")


async def test_user_of_a_connection_is_set_for_each_use(database_url: str, login: Login) -> None:
    async with run_backend(await login("resonant_api")) as backend, connected(database_url) as owner:
        for user in ("ann", "bob"):
            await backend.add_user(user)
            await insert_rows(owner, user)
        database = backend.services.database

        async def seen_by(user: str) -> Any:
            current_user.set(user)
            async with database.connection() as connection:
                return await connection.fetchval("SELECT array_agg(DISTINCT user_id) FROM messages")

        seen = await asyncio.gather(*(seen_by(user) for user in ("ann", "bob") * 50))
        assert seen == [["ann"], ["bob"]] * 50


async def test_reused_connection_shows_no_rows_of_the_previous_user(database_url: str, login: Login) -> None:
    """A statement on tables without row-level security sets no user; the next use sets its own user again."""
    async with (
        run_backend(await login("resonant_api"), database_pool_max_size=2) as backend,
        connected(database_url) as owner,
    ):
        for user in ("ann", "bob"):
            await backend.add_user(user)
            await insert_rows(owner, user)
        database = backend.services.database
        rows = "SELECT array_agg(DISTINCT user_id) FROM messages"
        current_user.set("ann")
        async with database.connection() as connection:
            assert await connection.fetchval(rows) == ["ann"]
        with unscoped():
            async with database.connection() as connection:
                assert await connection.fetchval(rows) in (["ann"], None)  # at most the rows of the previous user
        for user, seen in (("bob", ["bob"]), ("", None), ("ann", ["ann"]), (ALL_USERS, ["ann", "bob"])):
            current_user.set(user)
            async with database.transaction() as connection:
                assert await connection.fetchval(rows) == seen, user
