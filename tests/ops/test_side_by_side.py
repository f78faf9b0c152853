"""The previous release runs beside this one on the migrated schema: all its statements are still good."""

import json
from pathlib import Path
from typing import Any

import aiosql
import asyncpg

from sql.statements import Connection, adapter
from tests.ops.record_release import RECORDED

PREVIOUS: Any = aiosql.from_path(RECORDED / "queries", adapter)
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
