"""`python -m tests.operations.record_release` at a release: keep its statements and columns to test the next one with.

Two releases run side by side while processes are replaced one by one, so a migration may only add (expand); what is no
longer used goes in the release after (contract). tests/operations/test_side_by_side.py holds every migration to it.
"""

import asyncio
import json
import shutil
from pathlib import Path
from tempfile import mkdtemp

import asyncpg

from app.database.connect import prepare_database
from app.database.embedded import EmbeddedDatabase

ROOT = Path(__file__).parents[2]
RECORDED = ROOT / "tests/data/previous_release"
COLUMNS = """
SELECT table_name, array_agg(column_name::text ORDER BY column_name) AS columns FROM information_schema.columns
WHERE table_schema = 'public' GROUP BY table_name ORDER BY table_name
"""


async def columns_of(dsn: str) -> dict[str, list[str]]:
    """Each table's columns."""
    connection = await asyncpg.connect(dsn)
    try:
        return {row["table_name"]: row["columns"] for row in await connection.fetch(COLUMNS)}
    finally:
        await connection.close()


async def record() -> None:
    home = Path(mkdtemp(prefix="resonant-record-"))
    server = EmbeddedDatabase(home, say=lambda line: None)
    try:
        dsn = server.start()
        await prepare_database(dsn)
        columns = await columns_of(dsn)
    finally:
        server.stop()
        shutil.rmtree(home)
    shutil.rmtree(RECORDED, ignore_errors=True)
    shutil.copytree(ROOT / "sql/queries", RECORDED / "queries")
    (RECORDED / "columns.json").write_text(json.dumps(columns, indent=1) + "\n")


if __name__ == "__main__":
    asyncio.run(record())
