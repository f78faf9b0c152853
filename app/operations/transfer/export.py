"""Everything of one user as JSON Lines: a header, then one line a row, with the rows that belong to it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import orjson

from app.database.migrations import current_version
from app.operations.progress import Report
from app.operations.transfer.tables import OPERATIONAL, TABLES, Exported, columns_of
from sql.statements import Connection

FORMAT = "resonant-export"
VERSION = 1
BATCH = 500


async def export_user(connection: Connection, user_id: str, report: Report) -> AsyncIterator[bytes]:
    """The lines, each ending in a newline; all of one moment."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        yield _line(
            {
                "format": FORMAT,
                "version": VERSION,
                "user": user_id,
                "at": datetime.now(UTC),
                "schema": await current_version(connection),
            }
        )
        for table in TABLES:
            if not await columns_of(connection, table.name):
                continue
            count = await connection.fetchval(f"SELECT count(*) FROM {table.name} WHERE user_id = $1", user_id)  # noqa: S608
            with report.step(table.name, count) as advance:
                async for row in _rows(connection, table, user_id):
                    yield _line({"table": table.name, **row})
                    advance(1)


async def _rows(connection: Connection, table: Exported, user_id: str) -> AsyncIterator[dict[str, Any]]:
    """Names come from `TABLES`, never from a user."""
    belonging = ", ".join(
        f"(SELECT coalesce(jsonb_agg(to_jsonb(c) ORDER BY c), '[]') FROM {child} AS c "  # noqa: S608
        f"WHERE c.{column} = t.id) AS {child}"
        for child, column in (*table.children, *table.history)
    )
    columns = f"to_jsonb(t) AS row{', ' + belonging if belonging else ''}"
    query = f"SELECT {columns} FROM {table.name} AS t WHERE t.user_id = $1 ORDER BY t.id"  # noqa: S608
    async for record in connection.cursor(query, user_id, prefetch=BATCH):
        row = {name: value for name, value in _decoded(record["row"]).items() if name not in OPERATIONAL - {"version"}}
        children = {child: _decoded(record[child]) for child, _ in (*table.children, *table.history)}
        yield {"row": row} | ({"belonging": children} if children else {})


def _decoded(value: Any) -> Any:
    # A connection that has the codec gives objects, one that has not gives text.
    return orjson.loads(value) if isinstance(value, str) else value


def _line(content: dict[str, Any]) -> bytes:
    return orjson.dumps(content) + b"\n"
