"""Exports one user's data as JSON Lines: a header, then one line per row with its dependent rows."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from app.database.migrations import current_version
from app.errors import OperationFailed
from app.operations.progress import Report
from app.operations.transfer.format import FORMAT, OPERATIONAL, TABLES, VERSION, ExportedTable, columns_of
from sql.statements import Connection

BATCH = 500


async def write_export(connection: Connection, user_id: str, path: Path, report: Report) -> int:
    """Write the export to a file that only its owner can read; returns the number of rows. Raises OperationFailed."""
    lines = 0
    with _private_file(path) as file:
        async for line in export_user(connection, user_id, report):
            file.write(line)
            lines += 1
    return lines - 1


async def export_user(connection: Connection, user_id: str, report: Report) -> AsyncIterator[bytes]:
    """The lines of the export, each ending in a newline, all from one snapshot."""
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


async def _rows(connection: Connection, table: ExportedTable, user_id: str) -> AsyncIterator[dict[str, Any]]:
    """The rows of one user; table and column names come from `TABLES`, never from input."""
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
    # A connection with the JSON codec returns objects, one without it returns text.
    return orjson.loads(value) if isinstance(value, str) else value


def _line(content: dict[str, Any]) -> bytes:
    return orjson.dumps(content) + b"\n"


@contextmanager
def _private_file(path: Path) -> Iterator[BinaryIO]:
    """Write to a temporary file with mode 600 and rename it to `path` when the block succeeds."""
    part = path.with_name(f".{path.name}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise OperationFailed(f"{path} cannot be written ({error.strerror}).") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(descriptor)
        part.rename(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
