"""The previous release runs beside this one on the migrated schema: all its statements are still good."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiosql
import asyncpg

from sql.statements import Connection, ConnectionAdapter
from tests.operations.record_release import RECORDED

PREVIOUS: Any = aiosql.from_path(RECORDED / "queries", ConnectionAdapter)  # type: ignore[arg-type]
NAMES = sorted(name for name in PREVIOUS.available_queries if not name.endswith("_cursor"))
UNFILLED = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = $1 AND is_nullable = 'NO' AND column_default IS NULL
  AND is_identity = 'NO' AND is_generated = 'NEVER'
"""


async def test_every_statement_of_the_previous_release_is_understood(connection: Connection) -> None:
    taken_away = {}
    for name in NAMES:
        try:
            await connection.prepare(getattr(PREVIOUS, name).sql)
        except asyncpg.PostgresError as error:
            taken_away[name] = str(error)
    assert taken_away == {}, "a migration took away what these need, before the release that stops using it"


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


async def test_every_statement_of_the_previous_release_runs(connection: Connection) -> None:
    """With values that are made up: the row may be refused for what is in it, never for what the schema is."""
    refused = []
    for name in NAMES:
        prepared = await connection.prepare(getattr(PREVIOUS, name).sql)
        try:
            async with connection.transaction():
                await prepared.fetch(*map(made_up, prepared.get_parameters()))
        except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, asyncpg.RaiseError):
            refused.append(name)
    assert len(refused) < len(NAMES) / 3, refused


async def test_rows_that_the_previous_release_inserts_need_no_column_that_it_does_not_know(
    connection: Connection,
) -> None:
    recorded = json.loads((RECORDED / "columns.json").read_text())
    for table, columns in recorded.items():
        unfilled = {row[0] for row in await connection.fetch(UNFILLED, table)}
        assert unfilled <= set(columns), f"{table}: {unfilled - set(columns)} need a default"


def test_the_record_is_of_statements_that_insert_and_claim() -> None:
    assert {"claim_replies", "claim_intents", "insert_message"} & set(NAMES)
    assert (Path(RECORDED) / "columns.json").exists()
