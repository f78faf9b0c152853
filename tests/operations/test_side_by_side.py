"""Two versions of the program work on one schema while a rolling update replaces processes one by one.

A migration therefore only adds to the schema (expand). The release after may remove what no process uses any more
(contract). Here today's program is the older version, and `EXPAND` is the migration of a newer one.
"""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg

from app.database.migrations import Migration, load_migrations, migrate
from sql.repositories.accounts import ensure_owner
from sql.repositories.intents import NewIntent, find_intents, insert_intent, lock_intent, update_intent
from sql.statements import Connection, statements

EXPAND = """
ALTER TABLE intents ADD COLUMN effort_hours integer, ADD COLUMN estimated boolean NOT NULL DEFAULT false;
CREATE TABLE estimates (intent_id uuid PRIMARY KEY REFERENCES intents ON DELETE CASCADE, hours integer NOT NULL);
"""
CONTRACTIONS = {
    "a column that statements read": "ALTER TABLE intents DROP COLUMN progress",
    "a table that statements write": "DROP TABLE context_snapshots",
    "a new column without a default": "ALTER TABLE intents ADD COLUMN effort_hours integer NOT NULL",
}


def names_of_statements() -> list[str]:
    return sorted(name for name in statements.available_queries if not name.endswith("_cursor"))


def made_up(kind: asyncpg.types.Type) -> object:
    """A value of the type, or an array of one."""
    if kind.kind == "array":
        return [made_up(asyncpg.types.Type(kind.oid, kind.name.removesuffix("[]"), "scalar", kind.schema))]
    if kind.name in ("int2", "int4", "int8", "float4", "float8", "numeric"):
        return 1
    values: dict[str, object] = {
        "uuid": uuid4(), "timestamptz": datetime.now(UTC), "interval": timedelta(seconds=1), "bool": True,
        "json": {}, "jsonb": {}, "bytea": b"x",
    }  # fmt: skip
    return values.get(kind.name, "1")


async def broken_statements(connection: Connection) -> set[str]:
    """The statements that the schema does not support. Made-up values may be refused, for example by a foreign key."""
    broken = set()
    for name in names_of_statements():
        try:
            prepared = await connection.prepare(getattr(statements, name).sql)
            async with connection.transaction():
                await prepared.fetch(*map(made_up, prepared.get_parameters()))
        except asyncpg.NotNullViolationError as error:
            if error.column_name == "effort_hours":
                broken.add(name)
        except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, asyncpg.PLPGSQLError):
            pass
        except asyncpg.PostgresError:
            broken.add(name)
    return broken


async def expand(connection: Connection) -> None:
    migrations = load_migrations()
    await migrate(connection, [*migrations, Migration(len(migrations) + 1, "estimates", EXPAND)])


async def test_every_statement_of_the_older_version_works_on_the_expanded_schema(connection: Connection) -> None:
    await expand(connection)
    assert len(names_of_statements()) > 100
    assert await broken_statements(connection) == set()


async def test_statements_that_a_contraction_breaks_are_found(connection: Connection) -> None:
    await ensure_owner(connection, "1", "Ann")  # made-up values name this user
    for change, sql in CONTRACTIONS.items():
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(sql)
        assert await broken_statements(connection), change
        await transaction.rollback()


async def test_older_and_newer_version_change_the_same_row(connection: Connection) -> None:
    await expand(connection)
    await ensure_owner(connection, "ann", "Ann")
    intent, _ = await insert_intent(connection, NewIntent("ann", "write the report", "ann"))
    await connection.execute("UPDATE intents SET effort_hours = 3, estimated = true WHERE id = $1", intent.id)
    older = await lock_intent(connection, "ann", intent.id)
    await update_intent(
        connection, older, description="write the long report", priority=5, due_at=None, metadata={}, actor="ann"
    )
    assert [row.description for row in await find_intents(connection, "ann", [intent.id])] == ["write the long report"]
    assert await connection.fetchval("SELECT effort_hours FROM intents WHERE id = $1", intent.id) == 3
